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

std::vector<std::uint8_t> thumbnail(const Frame& frame) {
    std::vector<std::uint8_t> out(static_cast<std::size_t>(width) * height);
    const auto luma = frame.luma();
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            unsigned sum = 0;  // nine samples of the cell: enough to tell paper from glass
            for (int k = 0; k < 9; ++k) {
                const int fx = (x * 6 + 1 + k % 3 * 2) * frame.width() / (width * 6);
                const int fy = (y * 6 + 1 + k / 3 * 2) * frame.height() / (height * 6);
                sum += luma[static_cast<std::size_t>(fy) * static_cast<std::size_t>(frame.width()) +
                            static_cast<std::size_t>(fx)];
            }
            out[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)] = static_cast<std::uint8_t>(sum / 9);
        }
    }
    return out;
}

}  // namespace

GlassView Watcher::look(const Frame& frame) {
    GlassView view;
    if (frame.empty() || frame.width() < width || frame.height() < height) return view;
    std::vector<std::uint8_t> now = thumbnail(frame);
    const auto light = std::count_if(now.begin(), now.end(), [](std::uint8_t v) { return v > bright; });
    view.something_there = static_cast<double>(light) > covered * static_cast<double>(now.size());
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
