// Why an MRZ is not read, as far as the picture shows it and the traveller can do something about it. devices/mrz
// measures each frame (MrzSight); here the measures become one obstacle, and obstacles over time a hint that does not
// flicker. A frame whose MRZ is read has none, and neither has an empty glass. Pure: the time is that of the frames.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/geometry.hpp"
#include "core/base/hint.hpp"
#include "core/base/time.hpp"

namespace paso {

// The numbers travel over the link: never renumber.
enum class MrzObstacle : std::uint8_t {
    none = 0,
    moving = 1,    // it does not lie still yet
    glare = 2,     // light burns out a place of the rows, or of the page where no rows are seen
    too_near = 3,  // it is larger than the picture
    cut_off = 4,   // it would fit, but a side of it is outside
    tilt = 5,      // lies more than 20 degrees askew, or one side of it is lifted
    too_far = 6,   // fewer pixels a character than can be read
    blur = 7,      // out of focus
    covered = 8,   // something lies over a part of it
    upside_down =
        9,  // a side with hardly any print faces the camera. Turned by half a turn it is read, and is no obstacle
    wrong_page = 10,  // print, sharp and near enough, and no rows of an MRZ
};
inline constexpr std::array<MrzObstacle, 11> mrz_obstacles{
    MrzObstacle::none,    MrzObstacle::moving,      MrzObstacle::glare,     MrzObstacle::too_near,
    MrzObstacle::cut_off, MrzObstacle::tilt,        MrzObstacle::too_far,   MrzObstacle::blur,
    MrzObstacle::covered, MrzObstacle::upside_down, MrzObstacle::wrong_page};
inline constexpr std::uint8_t last_mrz_obstacle = 10;
[[nodiscard]] std::string_view name(MrzObstacle o);  // "too_far"

// What one frame shows. Measures alone, no conclusions; what could not be measured is 0.
struct MrzSight {
    std::uint64_t frame = 0;
    MonoTime captured{};
    bool page = false;          // something lies there
    bool read = false;          // an MRZ was read whose check digits all hold
    bool rows = false;          // rows of text that may be an MRZ
    bool rows_cut = false;      // and the picture ends before they do
    std::uint8_t sides = 0;     // of the picture that it reaches: 1 left, 2 upper, 4 right, 8 lower
    float character = 0;        // pixels from a character to the next: of the rows, or as they would be on a passport
    float degrees = 0;          // askew: 0 to 45 from level or upright
    float narrowing = 0;        // share by which one side is shorter than the opposite one
    float softness = 0;         // width of the sharpest edges: standard deviation in pixels
    float moved = 0;            // mean change of grey levels since the frame before, where it lies
    float print = 0;            // share of it that has strokes
    float hand = 0;             // share of it where something of the colour of hands lies that comes from outside
    float missing = 0;          // share of its outline that is missing
    float unsure = 0;           // of rows: the longest run of cells that nobody can read, in cells
    float burnt = 0;            // share of it that is burnt out
    PicturePlace page_place;    // around it
    PicturePlace rows_place;    // around the rows
    PicturePlace burnt_place;   // around the largest burnt place
    PicturePlace hidden_place;  // around what covers it or is missing
    PicturePlace unsure_place;  // around the cells that nobody can read
    bool operator==(const MrzSight&) const = default;
};

// Whether what is seen of the outline tells how the page lies.
[[nodiscard]] bool outline_whole(const MrzSight& sight);
// The first of the obstacles, in the order in which a traveller would put them right, that this frame alone shows.
[[nodiscard]] MrzObstacle obstacle_of(const MrzSight& sight);
// Where it is: the burnt or hidden place, else the page.
[[nodiscard]] PicturePlace place_of(MrzObstacle obstacle, const MrzSight& sight);

// What is said to the traveller.
using MrzHint = Hint<MrzObstacle>;
using MrzHints = Hints<MrzObstacle>;

// One more frame, see core/base/hint.hpp. Nothing is said any more as soon as an MRZ is read or the glass is empty.
[[nodiscard]] MrzHints observe(MrzHints hints, const MrzSight& sight);

}  // namespace paso
