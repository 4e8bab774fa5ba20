#include "core/rules/lexer.hpp"

#include <algorithm>
#include <array>

#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// How many characters before the quotes: r, b, br, rb in either case; npos: this is no text.
std::size_t prefix_of(std::string_view text) {
    std::size_t n = 0;
    bool raw = false;
    bool bytes = false;
    for (; n < text.size() && n < 3; ++n) {
        const char c = text[n];
        if (c == '\'' || c == '"') return n;
        if ((c == 'r' || c == 'R') && !raw) {
            raw = true;
        } else if ((c == 'b' || c == 'B') && !bytes) {
            bytes = true;
        } else {
            break;
        }
    }
    return std::string_view::npos;
}

void put_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0U | point >> 6U);
        put(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        put(0xE0U | point >> 12U);
        put(0x80U | (point >> 6U & 0x3FU));
        put(0x80U | (point & 0x3FU));
    } else {
        put(0xF0U | point >> 18U);
        put(0x80U | (point >> 12U & 0x3FU));
        put(0x80U | (point >> 6U & 0x3FU));
        put(0x80U | (point & 0x3FU));
    }
}

// Resolves the escapes of the characters between the quotes.
class Unescaper {
  public:
    Unescaper(std::string_view body, bool bytes, std::size_t offset) : body_(body), bytes_(bytes), offset_(offset) {}

    Result<std::string> run() {
        while (at_ < body_.size()) {
            const char c = body_[at_];
            if (c != '\\') {
                out_.push_back(c);
                ++at_;
            } else if (!escape()) {
                return fail("pack.syntax", "this escape is not known", {.offset = offset_ + at_});
            }
        }
        return std::move(out_);
    }

  private:
    bool escape() {
        if (at_ + 1 >= body_.size()) return false;
        const char c = body_[at_ + 1];
        constexpr std::string_view from = "abfnrtv\\?\"'`";
        constexpr std::string_view to = "\a\b\f\n\r\t\v\\?\"'`";
        if (const std::size_t i = from.find(c); i != std::string_view::npos) {
            out_.push_back(to[i]);
            at_ += 2;
            return true;
        }
        switch (c) {
            case 'x':
            case 'X':
                return number(2, 2, 16, !bytes_);
            case 'u':
                return !bytes_ && number(2, 4, 16, true);
            case 'U':
                return !bytes_ && number(2, 8, 16, true);
            default:
                return c >= '0' && c <= '3' && number(1, 3, 8, !bytes_);
        }
    }
    // `digits` digits that begin `skip` after the backslash: a code point, or one byte.
    bool number(std::size_t skip, std::size_t digits, int base, bool point) {
        if (at_ + skip + digits > body_.size()) return false;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const int d = hex_digit(body_[at_ + skip + i]);
            if (d < 0 || d >= base) return false;
            value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(d);
        }
        if (point && (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))) return false;
        if (point) {
            put_utf8(out_, value);
        } else {
            out_.push_back(static_cast<char>(value));
        }
        at_ += skip + digits;
        return true;
    }

    std::string_view body_;
    bool bytes_;
    std::size_t offset_;
    std::size_t at_ = 0;
    std::string out_;
};

}  // namespace

void Lexer::skip_blanks() {
    while (at_ < text_.size()) {
        const char c = text_[at_];
        if (c == '/' && peek(1) == '/') {
            while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            ++at_;
        } else {
            return;
        }
    }
}

Result<Token> Lexer::next() {
    skip_blanks();
    const std::size_t begin = at_;
    if (at_ >= text_.size()) return Token{TokenKind::end, {}, begin};
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number(begin);
    if (const std::size_t prefix = prefix_of(text_.substr(at_)); prefix != std::string_view::npos)
        return quoted(begin, prefix);
    if (is_letter(c)) {
        while (is_letter(peek()) || is_digit(peek())) ++at_;
        return token(TokenKind::name, begin);
    }
    if (c == '`') {
        const std::size_t end = text_.find_first_of("`\n", at_ + 1);
        if (end == std::string_view::npos || text_[end] != '`' || end == at_ + 1)
            return fail("pack.syntax", "a quoted name is not closed", place_in(text_, begin));
        at_ = end + 1;
        return Token{TokenKind::quoted_name, text_.substr(begin + 1, end - begin - 1), begin};
    }
    return symbol(begin);
}

Result<Token> Lexer::number(std::size_t begin) {
    TokenKind kind = TokenKind::integer;
    const auto bad = [&] { return fail("pack.syntax", "this is no number", place_in(text_, begin)); };
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
        at_ += 2;
        if (hex_digit(peek()) < 0) return bad();
        while (hex_digit(peek()) >= 0) ++at_;
    } else {
        while (is_digit(peek())) ++at_;
        if (peek() == '.' && is_digit(peek(1))) {
            kind = TokenKind::real;
            ++at_;
            while (is_digit(peek())) ++at_;
        }
        if (peek() == 'e' || peek() == 'E') {
            kind = TokenKind::real;
            ++at_;
            if (peek() == '+' || peek() == '-') ++at_;
            if (!is_digit(peek())) return bad();
            while (is_digit(peek())) ++at_;
        }
    }
    if (kind == TokenKind::integer && (peek() == 'u' || peek() == 'U')) {
        kind = TokenKind::unsigned_integer;
        ++at_;
    }
    if (is_letter(peek()) || is_digit(peek())) return bad();
    return token(kind, begin);
}

Result<Token> Lexer::quoted(std::size_t begin, std::size_t prefix) {
    const std::string_view kinds = text_.substr(begin, prefix);
    const bool raw = kinds.find_first_of("rR") != std::string_view::npos;
    const bool bytes = kinds.find_first_of("bB") != std::string_view::npos;
    const char quote = text_[begin + prefix];
    const bool triple = text_.substr(begin + prefix).starts_with(std::string(3, quote));
    const std::string close(triple ? 3 : 1, quote);
    at_ = begin + prefix + close.size();
    while (at_ < text_.size()) {
        if (text_.substr(at_).starts_with(close)) {
            at_ += close.size();
            return token(bytes ? TokenKind::bytes : TokenKind::text, begin);
        }
        if (!triple && (text_[at_] == '\n' || text_[at_] == '\r')) break;
        at_ += text_[at_] == '\\' && !raw ? 2 : 1;
    }
    return fail("pack.syntax", "a text is not closed", place_in(text_, begin));
}

Result<Token> Lexer::symbol(std::size_t begin) {
    constexpr std::array pairs{"==", "!=", "<=", ">=", "&&", "||"};
    const std::string_view two = text_.substr(at_, 2);
    if (std::find(pairs.begin(), pairs.end(), two) != pairs.end()) {
        at_ += 2;
        return token(TokenKind::symbol, begin);
    }
    const char c = text_[at_];
    if (c == '@') return fail("pack.unsupported", "names with @ are not supported", place_in(text_, begin));
    if (std::string_view{"<>!()[]{},+-*/%?:."}.find(c) == std::string_view::npos)
        return fail("pack.syntax", "this sign is not expected here", place_in(text_, begin));
    ++at_;
    return token(TokenKind::symbol, begin);
}

Result<std::string> characters_of(const Token& token) {
    const std::size_t prefix = token.text.find_first_of("'\"");
    const std::string_view kinds = token.text.substr(0, prefix);
    const bool raw = kinds.find_first_of("rR") != std::string_view::npos;
    const char quote = token.text[prefix];
    const bool triple = token.text.size() >= prefix + 6 && token.text.substr(prefix).starts_with(std::string(3, quote));
    const std::size_t quotes = triple ? 3 : 1;
    const std::string_view body = token.text.substr(prefix + quotes, token.text.size() - prefix - 2 * quotes);
    if (raw) return std::string{body};
    return Unescaper(body, token.kind == TokenKind::bytes, prefix + quotes).run();
}

}  // namespace paso
