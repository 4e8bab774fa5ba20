#include "core/encoding/toml_guard.hpp"

#include <algorithm>
#include <string>

#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool all_ascii(std::string_view text) { return std::all_of(text.begin(), text.end(), is_ascii); }
constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }  // line breaks too
constexpr bool begins_number(char c) { return (c >= '0' && c <= '9') || c == '+' || c == '-'; }
constexpr bool in_word(char c) {
    return begins_number(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

// Walks over the text; stops at the first character that may not stand where it stands.
class Walk {
  public:
    explicit Walk(std::string_view text) : text_(text) {}

    // The offset of that character, or npos.
    std::size_t run() {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
        while (at_ < text_.size() && !found_) {
            const char c = text_[at_];
            if (!is_ascii(c)) return at_;
            if (c == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (c == '"' || c == '\'') {
                string(c);
            } else if (begins_number(c) && (at_ == 0 || !in_word(text_[at_ - 1]))) {
                number();
            } else {
                ++at_;
            }
        }
        return found_ ? at_ : std::string_view::npos;
    }

  private:
    // toml++ looks ahead over a number to the next end of a value, whatever stands between; after a day, a space and
    // the digit of a time it takes one more character unseen. A quote on that way opens a string or none: where it
    // matters, it is not let through.
    void number() {
        const std::size_t begin = at_;
        at_ += may_be_time() && at_ + 1 < text_.size() && is_ascii(text_[at_ + 1]) ? 2 : 1;
        while (at_ < text_.size() && is_ascii(text_[at_]) && !is_blank(text_[at_]) &&
               std::string_view{"]},#"}.find(text_[at_]) == std::string_view::npos)
            ++at_;
        const std::size_t quote = text_.substr(begin, at_ - begin).find_first_of("'\"");
        if (quote == std::string_view::npos || all_ascii(text_.substr(at_))) return;
        at_ = begin + quote;
        found_ = true;
    }

    // A space and what may be a day stand before: ten characters or more, two of them '-'. Whether it is a day, the
    // parser asks later.
    [[nodiscard]] bool may_be_time() const {
        if (at_ == 0 || text_[at_ - 1] != ' ') return false;
        std::size_t begin = at_ - 1;
        while (begin > 0 && !is_blank(text_[begin - 1])) --begin;
        const std::string_view day = text_.substr(begin, at_ - 1 - begin);
        return day.size() >= 10 && std::count(day.begin(), day.end(), '-') >= 2;
    }

    void string(char quote) {
        const bool triple = text_.substr(at_, 3) == std::string(3, quote);
        at_ += triple ? 3 : 1;
        while (at_ < text_.size() && !found_) {
            const char c = text_[at_];
            if (c == quote) {
                if (closed(quote, triple)) return;
            } else if (c == '\\' && quote == '"') {
                escape();
            } else if (c == '\n' && !triple) {
                return;  // the parser stops here
            } else {
                ++at_;
            }
        }
    }

    // Passes the quotes that stand here; of a long string three close, and one or two more belong to its text.
    bool closed(char quote, bool triple) {
        std::size_t n = 1;
        const std::size_t most = triple ? 5 : 1;
        while (n < most && at_ + n < text_.size() && text_[at_ + n] == quote) ++n;
        at_ += n;
        return !triple || n >= 3;
    }

    void escape() {
        ++at_;
        if (at_ < text_.size() && is_ascii(text_[at_]) && !is_blank(text_[at_])) {
            ++at_;
            return;
        }
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
        found_ = at_ < text_.size() && !is_ascii(text_[at_]);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool found_ = false;
};

// The offset of the dot by which a dotted key would be deeper than that, or npos. Strings count too: whether a quote
// opens one is a question on which the parser might differ.
std::size_t too_deep(std::string_view text) {
    std::size_t dots = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n' || c == '=' || c == ',') dots = 0;
        if (c == '.' && ++dots > max_key_depth) return at;
    }
    return std::string_view::npos;
}

}  // namespace

Status check_toml_characters(std::string_view text) {
    if (!is_utf8(text)) return fail("toml.utf8", "not UTF-8", first_not_utf8(text));
    if (const std::size_t dot = too_deep(text); dot != std::string_view::npos)
        return fail("toml.depth",
                    "more than " + std::to_string(max_key_depth) + " dots without a comma or a line's end",
                    place_in(text, dot));
    const std::size_t at = Walk(text).run();
    if (at == std::string_view::npos) return {};
    return fail("toml.character",
                is_ascii(text[at]) ? "a quote touches a number, and characters outside of ASCII follow"
                                   : "a character outside of ASCII may stand in strings and comments alone",
                place_in(text, at));
}

}  // namespace paso
