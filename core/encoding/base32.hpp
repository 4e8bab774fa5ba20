// Base32 (RFC 4648 section 6) without padding, as ICAO's barcode data structure writes it.
#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

[[nodiscard]] std::string base32(ByteView bytes);
// Strict: upper case, no padding, a length that bytes can have, unused bits zero. Errors: "base32.format" with the
// offset.
[[nodiscard]] Result<Bytes> from_base32(std::string_view text);

}  // namespace paso
