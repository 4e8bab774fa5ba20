#include "devices/app/watcher.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

namespace paso {
namespace {

constexpr int width = 64;
constexpr int height = 36;
constexpr double bright = 70;      // grey level that paper has and dark glass has not
constexpr double covered = 0.004;  // share of the picture that must be bright
constexpr double motion = 6.0;     // mean difference of grey levels between two frames
constexpr int frames_to_be_still = 2;

constexpr int least_spread = 16;  // grey levels within a cell: strokes, not the rim of a lamp's reflection
constexpr double noise_factor = 2.2;
constexpr int neighbours = 3;      // of eight that have strokes too: dust lies alone
constexpr int least_strokes = 12;  // cells: half a percent of the picture

// Of each cell the mean and the spread of nine samples: enough to tell paper from glass.
struct Thumbnail {
    std::vector<std::uint8_t> mean;
    std::vector<std::uint8_t> spread;
};

Thumbnail thumbnail(const Frame& frame) {
    Thumbnail out;
    out.mean.reserve(static_cast<std::size_t>(width) * height);
    out.spread.reserve(static_cast<std::size_t>(width) * height);
    const auto luma = frame.luma();
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            unsigned sum = 0;
            std::uint8_t least = 255, most = 0;
            for (int k = 0; k < 9; ++k) {
                const int fx = (x * 6 + 1 + k % 3 * 2) * frame.width() / (width * 6);
                const int fy = (y * 6 + 1 + k / 3 * 2) * frame.height() / (height * 6);
                const std::uint8_t v = luma[static_cast<std::size_t>(fy) * static_cast<std::size_t>(frame.width()) +
                                            static_cast<std::size_t>(fx)];
                sum += v;
                least = std::min(least, v);
                most = std::max(most, v);
            }
            out.mean.push_back(static_cast<std::uint8_t>(sum / 9));
            out.spread.push_back(static_cast<std::uint8_t>(most - least));
        }
    }
    return out;
}

// Cells whose spread is more than the camera's noise and that lie together.
int strokes(const std::vector<std::uint8_t>& spread) {
    std::vector<std::uint8_t> sorted = spread;
    const auto quarter = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 4);
    std::nth_element(sorted.begin(), quarter, sorted.end());
    const double least = std::max(double{least_spread}, noise_factor * *quarter);
    const auto has = [&](int x, int y) {
        if (x < 0 || y < 0 || x >= width || y >= height) return 0;
        return spread[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)] > least ? 1 : 0;
    };
    int cells = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (has(x, y) == 0) continue;
            int beside = -1;
            for (int dy = -1; dy <= 1; ++dy) beside += has(x - 1, y + dy) + has(x, y + dy) + has(x + 1, y + dy);
            cells += beside >= neighbours ? 1 : 0;
        }
    }
    return cells;
}

}  // namespace

GlassView Watcher::look(const Frame& frame) {
    GlassView view;
    if (frame.empty() || frame.width() < width || frame.height() < height) return view;
    Thumbnail seen = thumbnail(frame);
    std::vector<std::uint8_t>& now = seen.mean;
    const auto light = std::count_if(now.begin(), now.end(), [](std::uint8_t v) { return v > bright; });
    view.something_there =
        static_cast<double>(light) > covered * static_cast<double>(now.size()) || strokes(seen.spread) > least_strokes;
    if (last_.size() == now.size()) {
        double difference = 0;
        for (std::size_t i = 0; i < now.size(); ++i) difference += std::abs(int{now[i]} - int{last_[i]});
        quiet_frames_ = difference / static_cast<double>(now.size()) < motion ? quiet_frames_ + 1 : 0;
    }
    view.still = quiet_frames_ >= frames_to_be_still;
    last_ = std::move(now);
    return view;
}

}  // namespace paso
