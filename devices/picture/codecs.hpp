// The two decoders behind decode_picture().
#pragma once

#include <cstdint>
#include <span>

#include "devices/picture/picture.hpp"

namespace paso {

[[nodiscard]] Result<Frame> decode_jpeg(ByteView file, const PictureLimits& limits, MonoTime captured,
                                        std::uint64_t sequence);
[[nodiscard]] Result<Frame> decode_png(ByteView file, const PictureLimits& limits, MonoTime captured,
                                       std::uint64_t sequence);
[[nodiscard]] Status check_size(int width, int height, const PictureLimits& limits);
// RGB, 8 bits each, to a colour frame (JFIF full range).
[[nodiscard]] Frame frame_from_rgb(std::span<const std::uint8_t> rgb, int width, int height, MonoTime captured,
                                   std::uint64_t sequence);

}  // namespace paso
