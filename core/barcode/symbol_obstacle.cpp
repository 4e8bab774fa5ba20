#include "core/barcode/symbol_obstacle.hpp"

#include <utility>

namespace paso {
namespace {

// Measured with tests/unit/devices/barcode/specimens: where the reader of devices/barcode begins to fail, with room for
// what it still reads.
constexpr float still = 14.0F;        // grey levels; its edges are strong: trembling by half a pixel gives 6
constexpr float least_module = 3.2F;  // pixels, as they are measured in what is hardly resolved
constexpr float least_contrast = 26;  // grey levels
constexpr float most_light = 90;      // grey level of the light modules of a screen that is dim
constexpr float least_burnt = 0.02F;  // of the symbol
constexpr float least_hand = 0.06F;

constexpr float most_of_picture = 0.85F;  // what is as wide or high would not fit with its quiet zone

constexpr Duration after_reading = std::chrono::seconds{1};

}  // namespace

std::string_view name(SymbolObstacle o) {
    switch (o) {
        case SymbolObstacle::none:
            return "none";
        case SymbolObstacle::moving:
            return "moving";
        case SymbolObstacle::glare:
            return "glare";
        case SymbolObstacle::too_near:
            return "too_near";
        case SymbolObstacle::cut_off:
            return "cut_off";
        case SymbolObstacle::too_dark:
            return "too_dark";
        case SymbolObstacle::too_far:
            return "too_far";
        case SymbolObstacle::covered:
            return "covered";
    }
    return "none";
}

SymbolObstacle obstacle_of(const SymbolSight& s) {
    if (!s.symbol || s.read) return SymbolObstacle::none;
    if (s.moved > still) return SymbolObstacle::moving;
    if (s.burnt > least_burnt) return SymbolObstacle::glare;
    if (s.light < most_light && s.contrast < least_contrast && s.light > 0) return SymbolObstacle::too_dark;
    const bool fills = s.place.width > most_of_picture || s.place.height > most_of_picture;
    if (reaches_opposite(s.sides) || (s.sides != 0 && fills)) return SymbolObstacle::too_near;
    if (s.sides != 0) return SymbolObstacle::cut_off;
    if (s.hand > least_hand) return SymbolObstacle::covered;
    if (s.module > 0 && s.module < least_module) return SymbolObstacle::too_far;
    return SymbolObstacle::none;
}

PicturePlace place_of(SymbolObstacle obstacle, const SymbolSight& s) {
    if (obstacle == SymbolObstacle::none) return {};
    if (obstacle == SymbolObstacle::glare) return s.burnt_place;
    if (obstacle == SymbolObstacle::covered) return s.hand_place;
    return s.place;
}

SymbolHints observe(SymbolHints h, const SymbolSight& sight) {
    if (sight.read) return {{}, sight.captured};
    if (h.read.ns != 0 && sight.captured - h.read < after_reading) return {{}, h.read};
    const SymbolObstacle now = obstacle_of(sight);
    h.hints = one_more(std::move(h.hints), sight.captured, now, place_of(now, sight));
    return h;
}

}  // namespace paso
