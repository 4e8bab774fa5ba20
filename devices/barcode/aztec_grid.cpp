#include "devices/barcode/aztec_grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

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

float cross_at(const cv::Mat& relief, cv::Point2f c, float module) {
    Correlation sum;
    for (int k = -4; k <= 4; ++k) {
        sum.add(point(relief, c.x + static_cast<float>(k) * module, c.y), std::abs(k));
        if (k != 0) sum.add(point(relief, c.x, c.y + static_cast<float>(k) * module), std::abs(k));
    }
    return sum.value();
}

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
    for (float module = side * 1.2F / most_modules; module <= side * 1.1F / fewest_modules; module *= 1.07F) {
        if (module < 1.8F) continue;
        const float reach = std::max(0.2F * side, 3 * module);
        const float step = std::max(1.0F, module * 0.3F);
        for (float dy = -reach; dy <= reach; dy += step) {
            for (float dx = -reach; dx <= reach; dx += step) {
                const cv::Point2f c = middle + cv::Point2f(dx, dy);
                const float cross = cross_at(relief, c, module);
                if (std::abs(cross) < least_cross) continue;
                const float square = square_at(relief, c, module);
                if (std::abs(square) > best.score && square * cross > 0)
                    best = {c, module, std::abs(square), square < 0};
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
        const cv::Matx33f map = grid_map(c, static_cast<float>(now));
        const float out = static_cast<float>(next - now) / 2, n = static_cast<float>(now);
        const std::array<cv::Vec3f, 4> at{
            cv::Vec3f(-out, -out, 1), {n + out, -out, 1}, {n + out, n + out, 1}, {-out, n + out, 1}};
        for (std::size_t i = 0; i < 4; ++i) {
            const cv::Vec3f p = map * at[i];
            c[i] = {p[0] / p[2], p[1] / p[2]};
        }
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
