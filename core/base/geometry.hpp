// Points and four-cornered places in a picture, in pixels of the frame they were found in (x right, y down).
#pragma once

#include <array>
#include <cstdint>

namespace paso {

struct Point {
    float x = 0;
    float y = 0;
    bool operator==(const Point&) const = default;
};

// Top left, top right, bottom right, bottom left, as the reader of the text or symbol sees them.
using Quad = std::array<Point, 4>;

// Where in a picture, as shares of its width and height from its upper left corner. A width of 0: nowhere.
struct PicturePlace {
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;
    bool operator==(const PicturePlace&) const = default;
};
[[nodiscard]] constexpr bool overlap(const PicturePlace& a, const PicturePlace& b) {
    return a.width > 0 && b.width > 0 && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

// Sides of a picture, as bits: 1 left, 2 upper, 4 right, 8 lower.
[[nodiscard]] constexpr bool reaches_opposite(std::uint8_t sides) { return (sides & 5U) == 5U || (sides & 10U) == 10U; }

}  // namespace paso
