// What must hold of a TOML text before toml++ 3.3 may read it: its table of blanks has a hole (U+FB26 to U+FEFE) behind
// which it says "unreachable" and goes there, wherever such a character stands in a place of a blank.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/base/result.hpp"

namespace paso {

// TOML 1.0: characters outside of ASCII stand in strings and comments alone, so all others are an error here, whatever
// their number. So is one that follows a backslash in a string, or the blanks and line breaks after it: there it can be
// written \uXXXX. One byte order mark at the begin is passed over. Errors: "toml.utf8", "toml.character"; with line and
// column, both from 1, the column in characters, as toml++ counts. That it holds does not make the text TOML.
//
// Nor may a line have more than `max_key_depth` dots between two commas or equal signs, in strings either: the parser
// calls itself for each part of a dotted key, and would leave its stack. Error: "toml.depth".
//
// Safe where this and the parser might not agree what is a string: the parser runs over a quote that touches a number,
// so one with such characters anywhere behind it is an error too. A key such as 1='é' is written 1 = 'é'.
inline constexpr std::size_t max_key_depth = 256;
[[nodiscard]] Status check_toml_characters(std::string_view text);

}  // namespace paso
