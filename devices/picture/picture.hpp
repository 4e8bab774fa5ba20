// Pictures in files: JPEG and PNG to frames, frames to JPEG and PNG. The size is read from the header and checked
// before a pixel is decoded. No OpenCV imgcodecs (140 libraries, 200 ms at start).
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

struct PictureLimits {
    int max_side = 16384;  // pixels
    std::int64_t max_pixels = 64'000'000;
    std::size_t max_bytes = 64UL << 20U;  // of the file
};

// JPEG (baseline, progressive; grey or colour) or PNG (any depth, alpha over white), told by its first bytes; turned as
// its Exif orientation says. Errors: "picture.unknown_format", "picture.too_large" (names both sizes),
// "picture.truncated", "picture.damaged".
[[nodiscard]] Result<Frame> decode_picture(ByteView file, const PictureLimits& limits, MonoTime captured,
                                           std::uint64_t sequence);

// Quality 1 to 100. A grey frame gives a grey JPEG.
[[nodiscard]] Bytes encode_jpeg(const Frame& frame, int quality);
[[nodiscard]] Bytes encode_png(const Frame& frame);

// The frame scaled to fit within width x height, its shape kept (box filter; for previews).
[[nodiscard]] Frame scaled(const Frame& frame, int width, int height);

}  // namespace paso
