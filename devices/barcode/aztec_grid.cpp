#include "devices/barcode/aztec_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

namespace paso {
namespace {

constexpr float least_cross = 0.62F;  // correlation of the cross through the middle
constexpr float least_square = 0.6F;  // and of all 81 modules
constexpr int fewest_modules = 15, most_modules = 79;
constexpr int largest_grid = 83;  // 32 layers have 151; nobody carries them

struct Bullseye {
    cv::Point2f centre;
    float module = 0;
    float score = 0;
    bool inverted = false;
};

float point(const cv::Mat& m, float x, float y) {
    const int ix = std::clamp(static_cast<int>(std::lround(x)), 0, m.cols - 1);
    const int iy = std::clamp(static_cast<int>(std::lround(y)), 0, m.rows - 1);
    return m.ptr<float>(iy)[ix];
}

// Sum of products with the rings' signs over the square root of the sum of squares: -1 to 1. Dark is negative and the
// middle, ring 0, is dark.
class Correlation {
  public:
    void add(float value, int ring) {
        product_ += ring % 2 == 0 ? -value : value;
        squares_ += value * value;
        ++n_;
    }
    [[nodiscard]] float value() const {
        return squares_ <= static_cast<float>(n_) * 16 ? 0 : product_ / std::sqrt(squares_ * static_cast<float>(n_));
    }

  private:
    float product_ = 0, squares_ = 0;
    int n_ = 0;
};

// The cross through the middle with `module` pixels a module, as offsets into the relief: nine points along each axis.
class Cross {
  public:
    Cross(const cv::Mat& relief, float module) {
        const auto stride = static_cast<std::ptrdiff_t>(relief.step1());
        for (int k = 1; k <= 4; ++k) {
            const auto d = static_cast<std::ptrdiff_t>(std::lround(static_cast<float>(k) * module));
            along_[static_cast<std::size_t>(k - 1)] = d;
            down_[static_cast<std::size_t>(k - 1)] = d * stride;
        }
        reach_ = static_cast<int>(along_[3]);
    }
    [[nodiscard]] int reach() const { return reach_; }
    // As Correlation, of the whole cross; 0 where the inner half already says no.
    [[nodiscard]] float at(const float* p) const {
        float product = -p[0], squares = p[0] * p[0];
        for (std::size_t k = 0; k < 4; ++k) {
            const float a = p[along_[k]], b = p[-along_[k]], c = p[down_[k]], d = p[-down_[k]];
            product += (k % 2 == 0 ? 1.0F : -1.0F) * (a + b + c + d);
            squares += a * a + b * b + c * c + d * d;
            if (k == 1 && product * product < inner * squares * 9) return 0;
        }
        return squares <= 17 * 16 ? 0 : product / std::sqrt(squares * 17);
    }

  private:
    static constexpr float inner = 0.3F;  // the square of a correlation of 0.55
    std::array<std::ptrdiff_t, 4> along_{}, down_{};
    int reach_ = 0;
};

float square_at(const cv::Mat& relief, cv::Point2f c, float module) {
    Correlation sum;
    for (int v = -4; v <= 4; ++v) {
        for (int u = -4; u <= 4; ++u) {
            sum.add(point(relief, c.x + static_cast<float>(u) * module, c.y + static_cast<float>(v) * module),
                    std::max(std::abs(u), std::abs(v)));
        }
    }
    return sum.value();
}

Bullseye search(const cv::Mat& relief, float side) {
    Bullseye best;
    const cv::Point2f middle(static_cast<float>(relief.cols) / 2, static_cast<float>(relief.rows) / 2);
    constexpr float growth = 1.07F;
    const float smallest = side * 1.2F / most_modules, largest = side * 1.1F / fewest_modules;
    const int modules = 1 + static_cast<int>(std::log(largest / smallest) / std::log(growth));
    for (int i = 0; i < modules; ++i) {
        const float module = smallest * std::pow(growth, static_cast<float>(i));
        if (module < 1.8F) continue;
        const Cross cross(relief, module);
        const int reach = static_cast<int>(std::max(0.2F * side, 3 * module));
        const int step = std::max(1, static_cast<int>(module * 0.3F));
        const auto range = [&](float around, int size) {
            return std::pair{std::max(static_cast<int>(around) - reach, cross.reach()),
                             std::min(static_cast<int>(around) + reach, size - 1 - cross.reach())};
        };
        const auto [x0, x1] = range(middle.x, relief.cols);
        const auto [y0, y1] = range(middle.y, relief.rows);
        for (int y = y0; y <= y1; y += step) {
            const float* row = relief.ptr<float>(y);
            for (int x = x0; x <= x1; x += step) {
                const float c = cross.at(row + x);
                if (std::abs(c) < least_cross) continue;
                const cv::Point2f at(static_cast<float>(x), static_cast<float>(y));
                const float square = square_at(relief, at, module);
                if (std::abs(square) > best.score && square * c > 0) best = {at, module, std::abs(square), square < 0};
            }
        }
    }
    return best;
}

}  // namespace

std::optional<AztecGrid> find_aztec(const cv::Mat& pixels, float side) {
    AztecGrid g;
    g.relief = against_neighbours(pixels, static_cast<int>(side / 5));
    const Bullseye eye = search(g.relief, side);
    if (eye.score < least_square) return std::nullopt;
    g.inverted = eye.inverted;
    const float modules = side / eye.module;
    const int size = std::clamp(static_cast<int>(modules * 1.15F) / 2 * 2 + 3, 17, largest_grid);
    // Ring by ring: the corners of a larger square are those of the smaller one carried outwards, then moved to fit.
    Corners c;
    int now = 9;
    const float half = 4.5F * eye.module;
    c = {eye.centre + cv::Point2f(-half, -half), eye.centre + cv::Point2f(half, -half),
         eye.centre + cv::Point2f(half, half), eye.centre + cv::Point2f(-half, half)};
    c = better_corners(g.relief, c, now, 0.3F, 3);
    while (now < size) {
        const int next = std::min(size, now + (now < 15 ? 2 : 4));
        c = carried_out(c, now, static_cast<float>(next - now) / 2);
        c = better_corners(g.relief, c, next, 0.25F, 3);
        now = next;
        if (static_cast<float>(now) > modules * 0.7F) g.stages.push_back({c, now});
    }
    std::stable_sort(g.stages.begin(), g.stages.end(), [&](const AztecStage& a, const AztecStage& b) {
        return std::abs(static_cast<float>(a.size) - modules) < std::abs(static_cast<float>(b.size) - modules);
    });
    return g;
}

}  // namespace paso
