#include "core/mrz/obstacle.hpp"

#include <algorithm>
#include <utility>

namespace paso {
namespace {

// Measured with tests/unit/devices/sight: where the reader of devices/mrz begins to fail, with room for what it still
// reads.
constexpr float still = 5.0F;            // grey levels
constexpr float least_character = 8.0F;  // pixels
constexpr float most_degrees = 17.0F;
constexpr float most_narrowing = 0.16F;
constexpr float most_softness = 1.5F;  // pixels
constexpr float softness_a_character = 0.11F;
constexpr float least_burnt = 0.004F;  // of the page
constexpr float most_burnt = 0.5F;     // more is a picture that is too bright, not a spot
constexpr float least_hand = 0.03F;
constexpr float least_missing = 0.13F;  // printed bars and dark pictures at the edge take less
constexpr float least_unsure = 3.0F;    // cells
constexpr float least_print = 0.05F;    // a printed ground has less

// A spot of light beside the rows is no reason; where no rows are seen it may lie on them.
bool dazzled(const MrzSight& s) {
    if (s.burnt < least_burnt || s.burnt > most_burnt) return false;
    return !s.rows || overlap(s.burnt_place, s.rows_place);
}

bool soft(const MrzSight& s) { return s.softness > std::max(most_softness, softness_a_character * s.character); }

}  // namespace

std::string_view name(MrzObstacle o) {
    switch (o) {
        case MrzObstacle::none:
            return "none";
        case MrzObstacle::moving:
            return "moving";
        case MrzObstacle::glare:
            return "glare";
        case MrzObstacle::too_near:
            return "too_near";
        case MrzObstacle::cut_off:
            return "cut_off";
        case MrzObstacle::tilt:
            return "tilt";
        case MrzObstacle::too_far:
            return "too_far";
        case MrzObstacle::blur:
            return "blur";
        case MrzObstacle::covered:
            return "covered";
        case MrzObstacle::upside_down:
            return "upside_down";
        case MrzObstacle::wrong_page:
            return "wrong_page";
    }
    return "none";
}

bool outline_whole(const MrzSight& s) { return s.hand < least_hand && s.missing < least_missing; }

MrzObstacle obstacle_of(const MrzSight& s) {
    if (!s.page || s.read) return MrzObstacle::none;
    if (s.moved > still) return MrzObstacle::moving;
    if (dazzled(s)) return MrzObstacle::glare;
    const bool outside = s.rows ? s.rows_cut : s.sides != 0;
    if (outside && reaches_opposite(s.sides)) return MrzObstacle::too_near;
    if (outside) return MrzObstacle::cut_off;
    if (s.degrees > most_degrees || s.narrowing > most_narrowing) return MrzObstacle::tilt;
    if (s.character > 0 && s.character < least_character) return MrzObstacle::too_far;
    if (soft(s)) return MrzObstacle::blur;
    if (!outline_whole(s) || s.unsure >= least_unsure) return MrzObstacle::covered;
    if (s.rows) return MrzObstacle::none;
    return s.print < least_print ? MrzObstacle::upside_down : MrzObstacle::wrong_page;
}

PicturePlace place_of(MrzObstacle obstacle, const MrzSight& s) {
    if (obstacle == MrzObstacle::none) return {};
    if (obstacle == MrzObstacle::glare) return s.burnt_place;
    if (obstacle == MrzObstacle::covered) return s.unsure >= least_unsure ? s.unsure_place : s.hidden_place;
    return s.page_place;
}

MrzHints observe(MrzHints h, const MrzSight& sight) {
    if (!sight.page || sight.read) return {};
    const MrzObstacle now = obstacle_of(sight);
    return one_more(std::move(h), sight.captured, now, place_of(now, sight));
}

}  // namespace paso
