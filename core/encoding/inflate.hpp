// zlib streams (RFC 1950) and gzip files (RFC 1952) inflated within a bound: a small barcode may claim to hold
// gigabytes.
#pragma once

#include <cstddef>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

inline constexpr std::size_t most_inflated = 65'536;  // what a payload of a barcode may come to

// The content of exactly one stream with its checksum. Errors: "inflate.format" (no stream, cut off, a preset
// dictionary, a wrong checksum), "inflate.too_large" (more than `most` bytes), "inflate.trailing" (bytes behind it).
[[nodiscard]] Result<Bytes> inflate_zlib(ByteView stream, std::size_t most = most_inflated);
// The same of a gzip file of one member; its name and time are passed over.
[[nodiscard]] Result<Bytes> inflate_gzip(ByteView file, std::size_t most = most_inflated);

}  // namespace paso
