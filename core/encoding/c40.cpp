#include "core/encoding/c40.hpp"

#include <optional>

namespace paso {
namespace {

constexpr unsigned filler = 0;      // shift 1, which nothing follows
constexpr unsigned unlatch = 0xFE;  // back to ASCII
constexpr unsigned first_digit = 4;
constexpr unsigned first_letter = 14;

std::optional<unsigned> value_of(char c) {
    if (c == ' ') return 3U;
    if (c >= '0' && c <= '9') return first_digit + static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'Z') return first_letter + static_cast<unsigned>(c - 'A');
    return std::nullopt;
}

std::optional<char> character_of(unsigned value) {
    if (value == 3) return ' ';
    if (value >= first_digit && value < first_letter) return static_cast<char>('0' + (value - first_digit));
    if (value >= first_letter && value < 40) return static_cast<char>('A' + (value - first_letter));
    return std::nullopt;
}

void put(Bytes& out, unsigned value) {
    out.push_back(static_cast<std::byte>(value >> 8U));
    out.push_back(static_cast<std::byte>(value & 255U));
}

}  // namespace

Result<Bytes> to_c40(std::string_view text) {
    Bytes out;
    out.reserve(c40_size(text.size()));
    for (std::size_t i = 0; i < text.size(); i += 3) {
        unsigned triple[3] = {filler, filler, filler};
        const std::size_t n = text.size() - i < 3 ? text.size() - i : 3;
        for (std::size_t k = 0; k < n; ++k) {
            const auto value = value_of(text[i + k]);
            if (!value) return fail("c40.character", "not space, digit or capital letter", {.offset = i + k});
            triple[k] = *value;
        }
        if (n == 1) {
            put(out, unlatch << 8U | (static_cast<unsigned>(text[i]) + 1));
        } else {
            put(out, 1600 * triple[0] + 40 * triple[1] + triple[2] + 1);
        }
    }
    return out;
}

Result<std::string> from_c40(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size() / 2 * 3);
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        const auto wrong = [i] { return fail("c40.format", "not C40", {.offset = i}); };
        if (i + 1 == bytes.size()) return wrong();
        const bool last = i + 2 == bytes.size();
        const unsigned pair = std::to_integer<unsigned>(bytes[i]) << 8U | std::to_integer<unsigned>(bytes[i + 1]);
        if (pair >> 8U == unlatch) {
            const char c = static_cast<char>((pair & 255U) - 1);
            if (!last || !value_of(c)) return wrong();
            out.push_back(c);
            continue;
        }
        if (pair == 0 || pair > 64'000) return wrong();
        const unsigned triple[3] = {(pair - 1) / 1600, (pair - 1) / 40 % 40, (pair - 1) % 40};
        for (std::size_t k = 0; k < 3; ++k) {
            if (last && k == 2 && triple[k] == filler) break;
            const auto c = character_of(triple[k]);
            if (!c) return wrong();
            out.push_back(*c);
        }
    }
    return out;
}

}  // namespace paso
