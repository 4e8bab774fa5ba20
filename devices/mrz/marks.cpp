#include "devices/mrz/marks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "devices/mrz/recogniser.hpp"
#include "devices/mrz/rectify.hpp"

namespace paso {
namespace {

constexpr int above = 4;  // rows of the strip over the capitals
constexpr float least_ink =
    0.55F;  // of the contrast of the print: a tilde has 0.75 and more, a dot of a dark guilloche 0.5
constexpr float most_beside = 0.6F;  // of it over the neighbours: a line over all of them is a frame

// Mean over the columns of a cell of the darkest pixel above its capital, 0 paper to 1 ink.
float ink_above(const cv::Mat& strip, float from, float to, int paper, int ink) {
    const int first = std::max(0, static_cast<int>(from)), last = std::min(strip.cols - 1, static_cast<int>(to));
    if (last < first) return 0;
    float sum = 0;
    for (int x = first; x <= last; ++x) {
        int darkest = 255;
        for (int y = 0; y < above; ++y) darkest = std::min(darkest, int{strip.at<std::uint8_t>(y, x)});
        sum += std::clamp(static_cast<float>(paper - darkest) / static_cast<float>(paper - ink), 0.0F, 1.0F);
    }
    return sum / static_cast<float>(last - first + 1);
}

void doubt(MrzCell& cell) {
    constexpr auto filler = static_cast<std::size_t>(mrz_class('<'));
    const auto best = static_cast<std::size_t>(std::max_element(cell.begin(), cell.end()) - cell.begin());
    if (mrz_alphabet[best] < 'A' || mrz_alphabet[best] > 'Z') return;
    const float both = std::exp(cell[best]) + std::exp(cell[filler]);
    cell[filler] = std::log(both * (1 - left_in_doubt));
    cell[best] = std::log(both * left_in_doubt);
}

}  // namespace

int level_of(const cv::Mat& strip, double share) {
    std::array<int, 256> counts{};
    for (int y = 0; y < strip.rows; ++y) {
        for (int x = 0; x < strip.cols; ++x) ++counts[strip.at<std::uint8_t>(y, x)];
    }
    int left = static_cast<int>(share * static_cast<double>(strip.total())), level = 0;
    while (level < 255 && left >= counts[static_cast<std::size_t>(level)])
        left -= counts[static_cast<std::size_t>(level++)];
    return level;
}

void doubt_marked(const cv::Mat& strip, RowWindow& window) {
    const std::size_t n = window.cells.size();
    if (n < 3 || window.at.size() != n || strip.rows != strip_height) return;
    const int paper = level_of(strip, 0.6), ink = level_of(strip, 0.04);
    if (paper - ink < 24) return;
    const float pitch = window.pitch() * step_pixels;
    std::vector<float> inks;
    for (const float at : window.at) {
        const float middle = (at + 0.5F) * step_pixels;
        inks.push_back(ink_above(strip, middle - 0.24F * pitch, middle + 0.24F * pitch, paper, ink));
    }
    for (std::size_t i = 0; i < n; ++i) {
        const float beside = std::max(i > 0 ? inks[i - 1] : inks[i + 1], i + 1 < n ? inks[i + 1] : inks[i - 1]);
        if (inks[i] > least_ink && beside < most_beside * inks[i]) doubt(window.cells[i]);
    }
}

}  // namespace paso
