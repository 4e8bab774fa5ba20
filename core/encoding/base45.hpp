// Base45 (RFC 9285): bytes as the 45 characters of a QR code's alphanumeric mode.
#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

[[nodiscard]] std::string base45(ByteView bytes);

// Three characters are two bytes; two at the end are one. Error: "base45.format" (offset): another character, a length
// that no bytes have, or a group above what its bytes hold.
[[nodiscard]] Result<Bytes> from_base45(std::string_view text);

}  // namespace paso
