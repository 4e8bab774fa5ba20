// Frames as files. Not devices/picture: a fault of the product's own encoder must not hide behind itself.
#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

// Colour frames of even width and height; quality 1 to 100. Errors: "specimen.picture".
[[nodiscard]] Result<Bytes> jpeg_file(const Frame& frame, int quality);
[[nodiscard]] Result<Bytes> png_file(const Frame& frame);
// The frame as it is after a camera has compressed it.
[[nodiscard]] Result<Frame> through_jpeg(const Frame& frame, int quality);

}  // namespace paso
