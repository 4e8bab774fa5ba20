// How a picture is to be turned before it is looked at: the tag Orientation of Exif (CIPA DC-008, 4.6.4 A), in a JPEG's
// APP1 segment or a PNG's eXIf chunk.
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

// Where the first row and the first column of the stored picture are when it is looked at. The numbers are Exif's.
enum class Orientation : std::uint8_t {
    top_left = 1,  // as it is stored
    top_right = 2,
    bottom_right = 3,
    bottom_left = 4,
    left_top = 5,
    right_top = 6,
    right_bottom = 7,
    left_bottom = 8,
};

// Of a JPEG or PNG file; top_left where it does not say, or says it in a way that Exif does not know.
[[nodiscard]] Orientation orientation_of(ByteView file);

// The picture as it is looked at.
[[nodiscard]] Frame turned(const Frame& frame, Orientation orientation);

}  // namespace paso
