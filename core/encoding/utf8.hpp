// Whether bytes are UTF-8, and what to make of those that are not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace paso {

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF, nothing cut off.
[[nodiscard]] bool is_utf8(std::string_view text);

// Whether a character begins with this byte of valid UTF-8; else it goes on.
[[nodiscard]] constexpr bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

// The text where it is UTF-8, else each byte as the letter that ISO 8859-1 has for it: always UTF-8.
[[nodiscard]] std::string to_utf8(std::string_view text);
// Line and column (in bytes) of the first byte that makes it none. `text` must not be UTF-8.
[[nodiscard]] Place first_not_utf8(std::string_view text);

// Line and column of an offset, both from 1; the column counts characters.
[[nodiscard]] Place place_in(std::string_view text, std::size_t offset);

}  // namespace paso
