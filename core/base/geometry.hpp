// Points and four-cornered places in a picture, in pixels of the frame they were found in (x right, y down).
#pragma once

#include <array>

namespace paso {

struct Point {
    float x = 0;
    float y = 0;
    bool operator==(const Point&) const = default;
};

// Top left, top right, bottom right, bottom left, as the reader of the text or symbol sees them.
using Quad = std::array<Point, 4>;

}  // namespace paso
