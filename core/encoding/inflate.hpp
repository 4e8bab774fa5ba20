// Opens what zlib compressed (RFC 1950), up to a size that the caller names.
#pragma once

#include <cstddef>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

// The whole stream with its checksum, and nothing behind it. Errors: "inflate.format" (no zlib stream, a wrong
// checksum, bytes behind the end), "inflate.truncated", "inflate.too_large" (more than `most` bytes: reading stops
// there).
[[nodiscard]] Result<Bytes> inflate_zlib(ByteView compressed, std::size_t most);

}  // namespace paso
