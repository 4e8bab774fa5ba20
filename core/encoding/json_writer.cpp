#include "core/encoding/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

constexpr std::size_t max_levels = 64;

template <class Number>
void append_number(std::string& out, Number value) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

void append_escaped(std::string& out, unsigned char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u00";
    out.push_back(digits[c >> 4U]);
    out.push_back(digits[c & 15U]);
}

}  // namespace

void JsonWriter::wrong(std::string_view what) {
    if (wrong_.empty()) wrong_ = what;
}

bool JsonWriter::place_value() {
    if (!wrong_.empty()) return false;
    if (levels_.empty()) {
        if (!out_.empty()) wrong("two values at the top");
        return wrong_.empty();
    }
    Level& level = levels_.back();
    if (level.end == '}') {
        if (!level.key_given) wrong("a value without a key");
        level.key_given = false;
    } else if (!level.empty) {
        out_.push_back(',');
    }
    level.empty = false;
    return wrong_.empty();
}

JsonWriter& JsonWriter::open(char begin, char end) {
    if (!place_value()) return *this;
    if (levels_.size() >= max_levels) return wrong("more than 64 levels"), *this;
    out_.push_back(begin);
    levels_.push_back({end});
    return *this;
}

JsonWriter& JsonWriter::close(char end) {
    if (!wrong_.empty()) return *this;
    if (levels_.empty() || levels_.back().end != end) return wrong("an end that does not fit"), *this;
    if (levels_.back().key_given) return wrong("a key without a value"), *this;
    out_.push_back(end);
    levels_.pop_back();
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    if (!wrong_.empty()) return *this;
    if (levels_.empty() || levels_.back().end != '}' || levels_.back().key_given)
        return wrong("a key where none belongs"), *this;
    if (!levels_.back().empty) out_.push_back(',');
    quoted(name);
    out_.push_back(':');
    levels_.back().key_given = true;
    return *this;
}

void JsonWriter::quoted(std::string_view value) {
    if (!is_utf8(value)) return wrong("a text is not UTF-8");
    out_.push_back('"');
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const auto byte = static_cast<unsigned char>(c);
        const std::string_view three = value.substr(i, 3);
        if (three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9") {
            out_ += three == "\xE2\x80\xA8" ? "\\u2028" : "\\u2029";
            i += 2;
        } else if (c == '"' || c == '\\') {
            out_.push_back('\\');
            out_.push_back(c);
        } else if (byte < 0x20 || byte == 0x7F || c == '<' || c == '>' || c == '&') {
            append_escaped(out_, byte);
        } else {
            out_.push_back(c);
        }
    }
    out_.push_back('"');
}

JsonWriter& JsonWriter::text(std::string_view value) {
    if (place_value()) quoted(value);
    return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
    if (place_value()) append_number(out_, value);
    return *this;
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
    if (place_value()) append_number(out_, value);
    return *this;
}

JsonWriter& JsonWriter::number(double value) {
    if (!std::isfinite(value)) return wrong("a number is not finite"), *this;
    if (place_value()) append_number(out_, value);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    if (place_value()) out_ += value ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    if (place_value()) out_ += "null";
    return *this;
}

Result<std::string> JsonWriter::take() {
    if (wrong_.empty() && (!levels_.empty() || out_.empty())) wrong("the value is not complete");
    if (!wrong_.empty()) return fail("json.write", wrong_);
    return std::exchange(out_, {});
}

}  // namespace paso
