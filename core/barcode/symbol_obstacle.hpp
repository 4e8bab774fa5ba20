// Why a symbol that a traveller holds up is not read, as far as the picture shows it and the traveller can do something
// about it. devices/barcode measures each frame (SymbolSight); here the measures become one obstacle, and obstacles
// over time a hint. A frame in which a symbol is read has none, and neither has one that shows nothing like a symbol.
// Pure: the time is that of the frames.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/geometry.hpp"
#include "core/base/hint.hpp"
#include "core/base/time.hpp"

namespace paso {

// The numbers travel over the link: never renumber.
enum class SymbolObstacle : std::uint8_t {
    none = 0,
    moving = 1,    // it does not lie still yet
    glare = 2,     // light burns out a part of it
    too_near = 3,  // it is larger than the picture
    cut_off = 4,   // it would fit, but a part of it is outside
    too_dark = 5,  // a dim screen: its light and dark modules hardly differ
    too_far = 6,   // fewer pixels a module than can be read
    covered = 7,   // a hand lies over a part of it
};
inline constexpr std::array symbol_obstacles{
    SymbolObstacle::none,    SymbolObstacle::moving,   SymbolObstacle::glare,   SymbolObstacle::too_near,
    SymbolObstacle::cut_off, SymbolObstacle::too_dark, SymbolObstacle::too_far, SymbolObstacle::covered};
[[nodiscard]] std::string_view name(SymbolObstacle o);  // "too_far"

// What one frame shows. Measures alone, no conclusions; what could not be measured is 0.
struct SymbolSight {
    std::uint64_t frame = 0;
    MonoTime captured{};
    bool symbol = false;       // what lies there looks like a symbol or a part of one
    bool read = false;         // a symbol was read, in this frame or, where it looks the same, in the one before
    std::uint8_t sides = 0;    // of the picture that it reaches: 1 left, 2 upper, 4 right, 8 lower
    float module = 0;          // pixels
    float contrast = 0;        // grey levels between its dark and its light modules
    float light = 0;           // grey level of its light modules
    float moved = 0;           // mean change of grey levels since the frame before, where it lies
    float burnt = 0;           // share of it that is burnt out
    float hand = 0;            // share of it where something of the colour of hands lies that comes from outside
    PicturePlace place;        // around it
    PicturePlace burnt_place;  // around the largest burnt place
    PicturePlace hand_place;   // around what covers it
    bool operator==(const SymbolSight&) const = default;
};

// The first of the obstacles, in the order in which a traveller would put them right, that this frame alone shows.
[[nodiscard]] SymbolObstacle obstacle_of(const SymbolSight& sight);
// Where it is: the burnt or covered place, else the symbol.
[[nodiscard]] PicturePlace place_of(SymbolObstacle obstacle, const SymbolSight& sight);

// What is said to the traveller, see core/base/hint.hpp.
struct SymbolHints {
    Hints<SymbolObstacle> hints;
    MonoTime read{};  // a symbol was, last; 0: none yet
    [[nodiscard]] const Hint<SymbolObstacle>& hint() const { return hints.hint; }
};

// One more frame. Nothing is said any more as soon as a symbol is read and for a second after that (the second of two
// equal readings may still be on its way). A frame that shows nothing like a symbol has no obstacle, no more than that:
// light or a hand may hide all that is like one for a moment.
[[nodiscard]] SymbolHints observe(SymbolHints hints, const SymbolSight& sight);

}  // namespace paso
