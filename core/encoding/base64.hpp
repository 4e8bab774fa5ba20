// Base64 (RFC 4648): section 4 with padding, section 5 ("url and filename safe") without.
#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

[[nodiscard]] std::string base64(ByteView bytes);
// Strict: padding where it belongs, no other characters, unused bits zero. Errors: "base64.format" with the offset.
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

[[nodiscard]] std::string base64url(ByteView bytes);
// Strict: no padding, no other characters, unused bits zero. Errors: "base64.format" with the offset.
[[nodiscard]] Result<Bytes> from_base64url(std::string_view text);

}  // namespace paso
