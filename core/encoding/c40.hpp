// C40 as visible digital seals use it (ISO/IEC 16022 section 5.2.5 cut down by Doc 9303-13 section 2.6.1): three
// characters in two bytes, of space, 0 to 9 and A to Z.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

// How many bytes `characters` take.
[[nodiscard]] constexpr std::size_t c40_size(std::size_t characters) { return (characters + 2) / 3 * 2; }

// Two characters at the end are followed by the filler value 0; one at the end is 0xFE and its ASCII code plus one.
// Errors: "c40.character" with the offset.
[[nodiscard]] Result<Bytes> to_c40(std::string_view text);

// The one text that to_c40 writes so. Errors: "c40.format" with the offset.
[[nodiscard]] Result<std::string> from_c40(ByteView bytes);

}  // namespace paso
