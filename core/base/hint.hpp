// Hint: what frames show, one after the other, becomes what is said to the traveller, without flicker. `What` is an
// enumeration of obstacles with `none` and `moving` (core/mrz/obstacle.hpp, core/barcode/symbol_obstacle.hpp). Pure:
// the time is that of the frames.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/base/geometry.hpp"
#include "core/base/time.hpp"

namespace paso {

// What is said.
template <class What>
struct Hint {
    What what = What::none;
    PicturePlace place;
    float sure = 0;    // share of the latest frames that show it
    MonoTime since{};  // it was said first
    bool operator==(const Hint&) const = default;
};

// The latest frames and what is said. A value; begin a new one with each traveller.
template <class What>
struct Hints {
    struct Seen {
        MonoTime at{};
        What what = What::none;
    };
    std::vector<Seen> latest;  // oldest first, at most `most_frames`
    Hint<What> hint;
    static constexpr std::size_t most_frames = 32;
};

// One more frame, which shows `now` at `place`. An obstacle is said when three frames and three quarters of all within
// 0.3 s show it, over 0.15 s at least; then it stands for 0.4 s before another is said (a movement for none). A frame
// older than the one before counts for nothing.
template <class What>
[[nodiscard]] Hints<What> one_more(Hints<What> h, MonoTime at, What now, const PicturePlace& place) {
    constexpr Duration window = std::chrono::milliseconds{300};
    constexpr Duration least_time = std::chrono::milliseconds{150};
    constexpr Duration hold = std::chrono::milliseconds{400};
    constexpr std::size_t least_frames = 3;
    constexpr float most_of_them = 0.75F;
    if (!h.latest.empty() && at < h.latest.back().at) return h;
    h.latest.push_back({at, now});
    // A slow camera gives few frames: the last three count however old they are, if not older than a second.
    const auto old = [&](const typename Hints<What>::Seen& s) {
        const bool few = h.latest.size() <= least_frames && at - s.at < std::chrono::seconds{1};
        return (at - s.at > window && !few) || h.latest.size() > Hints<What>::most_frames;
    };
    while (old(h.latest.front())) h.latest.erase(h.latest.begin());
    const auto same = [now](const typename Hints<What>::Seen& s) { return s.what == now; };
    const auto first = std::find_if(h.latest.begin(), h.latest.end(), same);
    const auto count = static_cast<std::size_t>(std::count_if(h.latest.begin(), h.latest.end(), same));
    const float share = static_cast<float>(count) / static_cast<float>(h.latest.size());
    if (now == h.hint.what) {
        h.hint.sure = share;
        h.hint.place = place;
        return h;
    }
    const bool seen = count >= least_frames && share >= most_of_them && at - first->at >= least_time;
    const bool may_change = h.hint.what == What::none || h.hint.what == What::moving || at - h.hint.since >= hold;
    if (seen && may_change) h.hint = {now, place, share, at};
    return h;
}

}  // namespace paso
