// The words of an expression, as CEL's grammar has them. Nothing is copied: a token is a part of the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace paso {

enum class TokenKind : std::uint8_t {
    end,
    name,         // letters, digits, _
    quoted_name,  // `content-type`, without the back quotes
    integer,      // 12, 0x1F
    unsigned_integer,
    real,
    text,  // with its prefix and quotes
    bytes,
    symbol  // an operator or a bracket
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text{};
    std::size_t at = 0;  // offset of its first byte
    [[nodiscard]] bool is(std::string_view symbol) const { return kind == TokenKind::symbol && text == symbol; }
};

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}
    // The next token; at the end of the text `end` for ever. Errors: "pack.syntax", and "pack.unsupported" for signs
    // that extensions of CEL use; with line and column.
    [[nodiscard]] Result<Token> next();

  private:
    [[nodiscard]] Result<Token> number(std::size_t begin);
    [[nodiscard]] Result<Token> quoted(std::size_t begin, std::size_t prefix);
    [[nodiscard]] Result<Token> symbol(std::size_t begin);
    void skip_blanks();
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    [[nodiscard]] Token token(TokenKind kind, std::size_t begin) const {
        return {kind, text_.substr(begin, at_ - begin), begin};
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// The characters of a text or bytes token, its escapes resolved. `at` of an error is within the token.
// Errors: "pack.syntax" with the offset of the escape from the beginning of the token.
[[nodiscard]] Result<std::string> characters_of(const Token& token);

}  // namespace paso
