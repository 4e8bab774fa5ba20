#include "core/encoding/utf8.hpp"

#include <algorithm>

#include "core/base/bytes.hpp"

namespace paso {
namespace {

// How many bytes one UTF-8 sequence at the start of `text` has; 0 when it is not well formed (Unicode table 3-7).
std::size_t utf8_sequence(ByteView text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? std::to_integer<unsigned>(text[i]) : 0U; };
    const auto tail = [&](std::size_t i) { return at(i) >= 0x80 && at(i) <= 0xBF; };
    const unsigned a = at(0);
    if (a < 0x80) return 1;
    if (a >= 0xC2 && a <= 0xDF) return tail(1) ? 2 : 0;
    if (a >= 0xE0 && a <= 0xEF) {
        const bool low = a != 0xE0 || at(1) >= 0xA0;   // no overlong forms
        const bool high = a != 0xED || at(1) <= 0x9F;  // no surrogates
        return tail(1) && tail(2) && low && high ? 3 : 0;
    }
    if (a >= 0xF0 && a <= 0xF4) {
        const bool low = a != 0xF0 || at(1) >= 0x90;
        const bool high = a != 0xF4 || at(1) <= 0x8F;
        return tail(1) && tail(2) && tail(3) && low && high ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
    ByteView rest = as_bytes(text);
    while (!rest.empty()) {
        const std::size_t size = utf8_sequence(rest);
        if (size == 0) return false;
        rest = rest.subspan(size);
    }
    return true;
}

std::string to_utf8(std::string_view text) {
    if (is_utf8(text)) return std::string{text};
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 128) out.push_back(static_cast<char>(0xC0U | byte >> 6U));
        out.push_back(byte < 128 ? c : static_cast<char>(0x80U | (byte & 63U)));
    }
    return out;
}

Place place_in(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
    const auto column = std::count_if(line.begin(), line.end(), begins_character);
    return {.line = static_cast<std::uint32_t>(lines + 1), .column = static_cast<std::uint32_t>(column + 1)};
}

Place first_not_utf8(std::string_view text) {
    std::uint32_t line = 1;
    for (std::size_t begin = 0;; ++line) {
        const std::size_t end = text.find('\n', begin);
        const std::string_view one = text.substr(begin, end == std::string_view::npos ? end : end - begin);
        if (end != std::string_view::npos && is_utf8(one)) {
            begin = end + 1;
            continue;
        }
        std::size_t column = 0;  // a character has at most four bytes, so one of the next four prefixes must hold
        while (column < one.size()) {
            std::size_t size = 1;
            while (size <= 4 && !is_utf8(one.substr(column, size))) ++size;
            if (size > 4) break;
            column += size;
        }
        return {.line = line, .column = static_cast<std::uint32_t>(column + 1)};
    }
}

}  // namespace paso
