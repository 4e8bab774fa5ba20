#include "core/encoding/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A decimal number as digits without zeros at the ends and the place of the point: 0.digits times ten to the exponent.
struct Decimal {
    std::string digits;
    long exponent = 0;
    bool operator==(const Decimal&) const = default;
};

// Of a JSON number without its sign.
std::optional<Decimal> decimal_of(std::string_view text) {
    Decimal out;
    std::size_t i = 0;
    for (; i < text.size() && is_digit(text[i]); ++i) out.digits.push_back(text[i]);
    out.exponent = static_cast<long>(out.digits.size());
    if (i < text.size() && text[i] == '.') {
        for (++i; i < text.size() && is_digit(text[i]); ++i) out.digits.push_back(text[i]);
    }
    if (i < text.size()) {  // e or E
        long power = 0;
        const std::size_t sign = text[i + 1] == '+' ? 2 : 1;
        const auto read = std::from_chars(text.data() + i + sign, text.data() + text.size(), power);
        if (read.ec != std::errc{} || power > 1'000'000 || power < -1'000'000) return std::nullopt;
        out.exponent += power;
    }
    const std::size_t zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size());
    out.digits.erase(0, zeros);
    out.exponent -= static_cast<long>(zeros);
    while (out.digits.ends_with('0')) out.digits.pop_back();
    if (out.digits.empty()) out.exponent = 0;
    return out;
}

// ECMAScript's Number::toString, which RFC 8785 section 3.2.2.3 asks for.
std::string number_text(double value) {
    if (value == 0) return "0";  // -0 too
    char scientific[40];
    const auto end =
        std::to_chars(scientific, scientific + sizeof scientific, std::abs(value), std::chars_format::scientific);
    const auto d = decimal_of({scientific, static_cast<std::size_t>(end.ptr - scientific)});
    if (!d) return {};
    const auto k = static_cast<long>(d->digits.size());
    const long n = d->exponent;
    std::string out = value < 0 ? "-" : "";
    const auto zeros = [](long count) { return std::string(static_cast<std::size_t>(count), '0'); };
    if (k <= n && n <= 21) return out.append(d->digits).append(zeros(n - k));
    if (0 < n && n <= 21) {
        const auto point = static_cast<std::size_t>(n);
        return out.append(d->digits.substr(0, point)).append(".").append(d->digits.substr(point));
    }
    if (-6 < n && n <= 0) return out.append("0.").append(zeros(-n)).append(d->digits);
    out.append(d->digits.substr(0, 1));
    if (k > 1) out.append(".").append(d->digits.substr(1));
    return out.append("e").append(n > 0 ? "+" : "-").append(std::to_string(std::labs(n - 1)));
}

void put_utf8(std::string& out, std::uint32_t c) {
    const auto put = [&out](std::uint32_t b) { out.push_back(static_cast<char>(b)); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
        put(0xC0 | c >> 6U);
    } else {
        if (c < 0x10000) {
            put(0xE0 | c >> 12U);
        } else {
            put(0xF0 | c >> 18U);
            put(0x80 | (c >> 12U & 0x3FU));
        }
        put(0x80 | (c >> 6U & 0x3FU));
    }
    put(0x80 | (c & 0x3FU));
}

class JsonParser {
  public:
    JsonParser(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

    // No recursion on input: what is open stands on a stack of its own.
    Result<JsonValue> all() {
        JsonValue root;
        bool done = false;
        while (!done) {
            blanks();
            if (!open_.empty()) {
                auto closed = separator();
                if (!closed) return fail(closed.error());
                if (*closed) {
                    done = close(root);
                    continue;
                }
            }
            if (++count_ > limits_.values) return wrong("json.too_large", "too many values");
            auto value = begin_value();
            if (!value) return fail(value.error());
            const bool container = value->kind == JsonKind::array || value->kind == JsonKind::object;
            if (container) {
                if (open_.size() >= limits_.depth) return wrong("json.depth", "too many levels");
                open_.push_back({std::move(*value), {}, {}});
            } else {
                done = attach(std::move(*value), root);
            }
        }
        blanks();
        if (at_ != text_.size()) return wrong("json.syntax", "text follows the value");
        return root;
    }

  private:
    struct Open {
        JsonValue value;
        std::string name;  // of the member that is being read
        std::set<std::string, std::less<>> names;
    };

    tl::unexpected<Error> wrong(std::string_view code, std::string detail) const {
        return fail(code, std::move(detail), {.offset = at_});
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool accept(char c) {
        if (peek() != c || at_ >= text_.size()) return false;
        ++at_;
        return true;
    }
    void blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    // Inside of an array or object: to the next value, or true at its end.
    Result<bool> separator() {
        Open& o = open_.back();
        const bool object = o.value.kind == JsonKind::object;
        if (accept(object ? '}' : ']')) return true;
        if (!o.value.items.empty()) {
            if (!accept(',')) return wrong("json.syntax", "a comma is missing");
            blanks();
        }
        if (!object) return false;
        if (!accept('"')) return wrong("json.syntax", "a name is missing");
        const std::size_t begin = at_;
        auto name = text();
        if (!name) return fail(name.error());
        if (!o.names.insert(*name).second) {
            at_ = begin;
            return wrong("json.duplicate", "a name stands twice");
        }
        o.name = std::move(*name);
        blanks();
        if (!accept(':')) return wrong("json.syntax", "a colon is missing");
        blanks();
        return false;
    }

    // True when this was the outermost value.
    bool close(JsonValue& root) {
        JsonValue value = std::move(open_.back().value);
        open_.pop_back();
        return attach(std::move(value), root);
    }
    bool attach(JsonValue value, JsonValue& root) {
        value.size = at_ - value.offset;
        if (open_.empty()) {
            root = std::move(value);
            return true;
        }
        Open& o = open_.back();
        if (o.value.kind == JsonKind::object) o.value.names.push_back(std::move(o.name));
        o.value.items.push_back(std::move(value));
        return false;
    }

    // A whole scalar, or the begin of an array or object.
    Result<JsonValue> begin_value() {
        JsonValue v;
        v.offset = at_;
        if (accept('{')) {
            v.kind = JsonKind::object;
        } else if (accept('[')) {
            v.kind = JsonKind::array;
        } else if (accept('"')) {
            v.kind = JsonKind::text;
            auto t = text();
            if (!t) return fail(t.error());
            v.text = std::move(*t);
        } else if (peek() == '-' || is_digit(peek())) {
            v.kind = JsonKind::number;
            auto t = number();
            if (!t) return fail(t.error());
            v.text = std::move(*t);
        } else if (word("true") || word("false")) {
            v.kind = JsonKind::boolean;
            v.boolean = text_[v.offset] == 't';
        } else if (!word("null")) {
            return wrong("json.syntax", "a value is missing");
        }
        return v;
    }

    bool word(std::string_view w) {
        if (!text_.substr(at_).starts_with(w)) return false;
        at_ += w.size();
        return true;
    }

    Result<std::string> number() {
        const std::size_t begin = at_;
        const auto digits = [this] {
            const std::size_t first = at_;
            while (is_digit(peek())) ++at_;
            return at_ > first;
        };
        accept('-');
        const std::size_t whole = at_;
        bool good = accept('0') || digits();
        if (good && accept('.')) good = digits();
        if (good && (accept('e') || accept('E'))) {
            if (!accept('+')) accept('-');
            good = digits();
        }
        if (!good) return wrong("json.syntax", "not a number");
        const std::string_view literal = text_.substr(begin, at_ - begin);
        double value = 0;
        const auto read = std::from_chars(literal.data(), literal.data() + literal.size(), value);
        const auto wanted = decimal_of(text_.substr(whole, at_ - whole));
        const std::string written = number_text(value);
        const bool exact = read.ec == std::errc{} && wanted &&
                           wanted == decimal_of(std::string_view{written}.substr(written.starts_with('-') ? 1 : 0));
        at_ = exact ? at_ : begin;
        if (!exact) return wrong("json.number", "not a number that a double holds");
        return written;
    }

    // After the opening quote, to the closing one.
    Result<std::string> text() {
        std::string out;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (static_cast<unsigned char>(c) < 0x20) return wrong("json.syntax", "a control character");
            ++at_;
            if (c == '"') return out;
            if (c != '\\') {
                out.push_back(c);
            } else if (auto status = escape(out); !status) {
                return fail(status.error());
            }
        }
        return wrong("json.syntax", "a quote is not closed");
    }

    Status escape(std::string& out) {
        constexpr std::string_view letters = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        const std::size_t at = letters.find(peek());
        if (at_ < text_.size() && at != std::string_view::npos) {
            ++at_;
            out.push_back(meanings[at]);
            return {};
        }
        const auto first = accept('u') ? hex4() : std::nullopt;
        if (!first || (*first >= 0xDC00 && *first <= 0xDFFF)) return wrong("json.escape", "not an escape");
        if (*first < 0xD800 || *first > 0xDBFF) return put_utf8(out, *first), Status{};
        const auto second = accept('\\') && accept('u') ? hex4() : std::nullopt;
        if (!second || *second < 0xDC00 || *second > 0xDFFF) return wrong("json.escape", "a lone surrogate");
        put_utf8(out, 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00));
        return {};
    }

    std::optional<std::uint32_t> hex4() {
        std::uint32_t out = 0;
        const std::string_view digits = text_.substr(at_, 4);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
        if (digits.size() != 4 || read.ptr != digits.data() + 4) return std::nullopt;
        at_ += 4;
        return out;
    }

    std::string_view text_;
    JsonLimits limits_;
    std::size_t at_ = 0;
    std::size_t count_ = 0;
    std::vector<Open> open_;
};

// UTF-8 in the order of UTF-16: characters above U+FFFF are surrogates there and come before U+E000.
bool before_in_utf16(std::string_view a, std::string_view b) {
    const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
    const auto rank = [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u < 0xEE ? u : u >= 0xF0 ? u - 2 : u + 14;  // F0..F4 below EE and EF
    };
    return rank(*x) < rank(*y);
}

void put_quoted(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    constexpr std::string_view special = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    out.push_back('"');
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (const std::size_t at = special.find(c); at != std::string_view::npos) {
            out.append("\\").push_back(letters[at]);
        } else if (u < 0x20) {
            out.append("\\u00").push_back(hex[u >> 4U]);
            out.push_back(hex[u & 15U]);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

// A container being written: its items in order.
struct Written {
    const JsonValue* value;
    std::vector<std::size_t> order;
    std::size_t next = 0;
};

Written begin_writing(const JsonValue& value) {
    Written w{&value, {}, 0};
    for (std::size_t i = 0; i < value.items.size(); ++i) w.order.push_back(i);
    if (value.kind == JsonKind::object) {
        std::sort(w.order.begin(), w.order.end(),
                  [&value](std::size_t a, std::size_t b) { return before_in_utf16(value.names[a], value.names[b]); });
    }
    return w;
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? nullptr : &items[static_cast<std::size_t>(at - names.begin())];
}

Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes) return fail("json.too_large", std::to_string(text.size()) + " bytes");
    if (!is_utf8(text)) return fail("json.utf8", "not UTF-8");
    return JsonParser(text, limits).all();
}

std::string canonical_json(const JsonValue& value) {
    std::string out;
    std::vector<Written> open;
    const auto put = [&](const JsonValue& v) {
        switch (v.kind) {
            case JsonKind::null:
                out.append("null");
                break;
            case JsonKind::boolean:
                out.append(v.boolean ? "true" : "false");
                break;
            case JsonKind::number:
                out.append(v.text);
                break;
            case JsonKind::text:
                put_quoted(out, v.text);
                break;
            case JsonKind::array:
            case JsonKind::object:
                out.push_back(v.kind == JsonKind::array ? '[' : '{');
                open.push_back(begin_writing(v));
                break;
        }
    };
    put(value);
    while (!open.empty()) {
        Written& w = open.back();
        const bool object = w.value->kind == JsonKind::object;
        if (w.next == w.order.size()) {
            out.push_back(object ? '}' : ']');
            open.pop_back();
            continue;
        }
        if (w.next > 0) out.push_back(',');
        const std::size_t i = w.order[w.next++];
        if (object) {
            put_quoted(out, w.value->names[i]);
            out.push_back(':');
        }
        put(w.value->items[i]);
    }
    return out;
}

std::string pointer_step(std::string_view name) {
    std::string out = "/";
    for (const char c : name) {
        if (c == '~') {
            out.append("~0");
        } else if (c == '/') {
            out.append("~1");
        } else {
            out.push_back(c);
        }
    }
    return out;
}

}  // namespace paso
