#include "devices/barcode/pdf417_unbend.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace paso {
namespace {

constexpr int quiet = 4;           // modules around the symbol, as the straightened picture has them
constexpr int codeword = 17;       // modules
constexpr int slabs = 13;          // in which the bars are followed
constexpr float outside = 0.4F;    // of the edges inside: less is beyond the symbol's end
constexpr float far_off = 20'000;  // pixels: no place is further, whatever curves were fitted to
constexpr float close_peak = 3;    // modules by which a codeword may begin elsewhere than its neighbours say

// y = a + b t + c t^2, t from -1 to 1 over the range; through the points without those that are far off.
struct Curve {
    cv::Vec3f a{0, 0, 0};
    float middle = 0, half = 1;
    [[nodiscard]] float at(float x) const {
        const float t = (x - middle) / half;
        return a[0] + t * (a[1] + t * a[2]);
    }
};

std::optional<Curve> curve_through(std::vector<cv::Point2f> points, float from, float to) {
    Curve c;
    c.middle = (from + to) / 2;
    c.half = std::max(1.0F, (to - from) / 2);
    const std::size_t least = std::max<std::size_t>(5, points.size() / 2);
    while (points.size() >= least) {
        cv::Matx33f normal = cv::Matx33f::zeros();
        cv::Vec3f right{0, 0, 0};
        for (const auto& p : points) {
            const float t = (p.x - c.middle) / c.half;
            const cv::Vec3f row{1, t, t * t};
            normal += row * row.t();
            right += row * p.y;
        }
        c.a = normal.inv(cv::DECOMP_CHOLESKY) * right;
        const auto worst = std::max_element(points.begin(), points.end(), [&](const auto& a, const auto& b) {
            return std::abs(a.y - c.at(a.x)) < std::abs(b.y - c.at(b.x));
        });
        if (std::abs(worst->y - c.at(worst->x)) < 2.5F) return c;
        points.erase(worst);
    }
    return std::nullopt;
}

// Mean of the columns over some rows, and its sums from the left.
struct Columns {
    std::vector<float> sums{0};
    Columns(const cv::Mat& pixels, float from, float to) {
        const int a = std::clamp(static_cast<int>(from), 0, pixels.rows - 1);
        const int b = std::clamp(static_cast<int>(to), a + 1, pixels.rows);
        cv::Mat mean;
        cv::reduce(pixels.rowRange(a, b), mean, 0, cv::REDUCE_AVG, CV_32F);
        for (int x = 0; x < mean.cols; ++x) sums.push_back(sums.back() + mean.at<float>(0, x));
    }
    [[nodiscard]] float mean(int from, int to) const {
        const int n = static_cast<int>(sums.size()) - 1;
        const int a = std::clamp(from, 0, n - 1), b = std::clamp(to, a + 1, n);
        return (sums[static_cast<std::size_t>(b)] - sums[static_cast<std::size_t>(a)]) / static_cast<float>(b - a);
    }
};

// Where a solid bar begins: light over `before` pixels, dark over `after`. Nothing where it is hardly darker.
std::optional<float> bar_begins(const Columns& columns, float near, float reach, int before, int after) {
    float best = 12;  // grey levels
    std::optional<float> at;
    for (int x = static_cast<int>(near - reach); x <= static_cast<int>(near + reach); ++x) {
        const float step = columns.mean(x - before, x) - columns.mean(x, x + after);
        if (step > best) {
            best = step;
            at = static_cast<float>(x);
        }
    }
    return at;
}

// The begin of a solid bar down the symbol, followed from its middle both ways.
std::optional<Curve> bar_curve(const cv::Mat& pixels, float top, float bottom, float near, int before, int after,
                               float module) {
    std::vector<cv::Point2f> points;
    if (bottom - top < 4 * module) return std::nullopt;
    const float high = (bottom - top) / slabs;
    const auto at = [&](int slab, float x, float reach) {
        const float y = top + high * (static_cast<float>(slab) + 0.5F);
        const auto found = bar_begins({pixels, y - high / 3, y + high / 3}, x, reach, before, after);
        if (found) points.emplace_back(y, *found);
        return found;
    };
    const auto middle = at(slabs / 2, near, 8 * module);
    if (!middle) return std::nullopt;
    for (const int way : {1, -1}) {
        float x = *middle;
        for (int i = slabs / 2 + way; i >= 0 && i < slabs; i += way) x = at(i, x, 2 * module).value_or(x);
    }
    return curve_through(points, top, bottom);
}

// The upper (way -1) or lower end of the symbol over its width.
std::optional<Curve> end_curve(const cv::Mat& edges, float left, float right, float centre, float way, float module) {
    const int wide = static_cast<int>(codeword * module);
    const int strips = std::max(0, static_cast<int>((right - left) / static_cast<float>(wide) * 2) - 1);
    std::vector<cv::Point2f> points;
    for (int i = 0; i < strips; ++i) {
        const float x = left + static_cast<float>(wide) / 2 * static_cast<float>(i);
        cv::Mat strip;
        cv::reduce(edges.colRange(static_cast<int>(x), static_cast<int>(x) + wide), strip, 1, cv::REDUCE_AVG, CV_32F);
        const int c = static_cast<int>(centre), near = static_cast<int>(4 * module);
        const float inside =
            static_cast<float>(cv::mean(strip.rowRange(std::max(0, c - near), std::min(strip.rows, c + near)))[0]);
        int beyond = 0;
        for (int k = 0; k < strip.rows; ++k) {
            const int y = c + static_cast<int>(way) * k;
            if (y < 0 || y >= strip.rows) break;
            beyond = strip.at<float>(y, 0) < outside * inside ? beyond + 1 : 0;
            if (beyond >= static_cast<int>(1.5F * module)) {
                points.emplace_back(x + static_cast<float>(wide) / 2,
                                    static_cast<float>(y) - way * static_cast<float>(beyond - 1));
                break;
            }
        }
    }
    return curve_through(points, left, right);
}

// The four sides of the symbol, and how its width is spent.
struct Bend {
    Curve left, right;          // of y: the begins of the start bar and of the stop bar
    Curve top, bottom;          // of x
    std::vector<float> begins;  // share of the way from left to right where each codeword begins, 0 and 1 included

    // Share of the way for a place in modules from the left; beyond both ends it goes on as it did.
    [[nodiscard]] float share(float modules) const {
        const float k = modules / codeword;
        const auto last = static_cast<int>(begins.size()) - 2;
        const int i = std::clamp(static_cast<int>(std::floor(k)), 0, last);
        const float a = begins[static_cast<std::size_t>(i)], b = begins[static_cast<std::size_t>(i) + 1];
        return a + (b - a) * (k - static_cast<float>(i));
    }
    [[nodiscard]] cv::Point2f at(float modules, float down) const {
        const float s = share(modules);
        float y = top.at(top.middle) * (1 - down) + bottom.at(bottom.middle) * down, x = 0;
        for (int i = 0; i < 3; ++i) {  // each of the two says where the other is to be asked
            x = std::clamp(left.at(y) * (1 - s) + right.at(y) * s, -far_off, far_off);
            y = std::clamp(top.at(x) * (1 - down) + bottom.at(x) * down, -far_off, far_off);
        }
        return {x, y};
    }
};

// Where each pixel of the flat picture is in the bent one. The stop pattern is 18 modules.
cv::Mat map_of(const Bend& bend, cv::Size size, float module) {
    constexpr int coarse = 4;
    cv::Mat map(size.height / coarse + 2, size.width / coarse + 2, CV_32FC2), out;
    const float q = quiet * module, high = static_cast<float>(size.height) - 2 * q;
    for (int y = 0; y < map.rows; ++y) {
        for (int x = 0; x < map.cols; ++x) {
            const cv::Point2f p =
                bend.at((static_cast<float>(x * coarse) - q) / module, (static_cast<float>(y * coarse) - q) / high);
            map.at<cv::Vec2f>(y, x) = {p.x, p.y};
        }
    }
    // Element (x, y) of the coarse map is pixel (4 x, 4 y).
    const cv::Matx23f finer(1.0F / coarse, 0, 0, 0, 1.0F / coarse, 0);
    cv::warpAffine(map, out, finer, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
    return out;
}

// How strong the edges from light to dark are, column by column, mean of all rows.
class EdgesToDark {
  public:
    EdgesToDark(const cv::Mat& flat, int from, int to) {
        cv::Mat steps;
        cv::subtract(flat.colRange(0, flat.cols - 2), flat.colRange(2, flat.cols), steps);  // of 8 bits: none below 0
        cv::reduce(steps.rowRange(from, to), mean_, 0, cv::REDUCE_AVG, CV_32F);
    }
    [[nodiscard]] float at(int x) const { return x < 1 || x > mean_.cols ? 0.0F : mean_.at<float>(0, x - 1); }
    [[nodiscard]] float near(float x) const {
        const auto k = static_cast<int>(std::lround(x));
        return std::max({at(k - 1), at(k), at(k + 1)});
    }
    // The peak within `reach` of x, between pixels.
    [[nodiscard]] float peak(float x, float reach) const {
        int best = static_cast<int>(x);
        float most = -1;
        for (int k = static_cast<int>(x - reach); k <= static_cast<int>(x + reach); ++k) {
            const float off = (static_cast<float>(k) - x) / reach;
            const float strength = at(k) * (1 - 0.3F * off * off);
            if (strength > most) {
                most = strength;
                best = k;
            }
        }
        const float a = at(best - 1), b = at(best), c = at(best + 1);
        const float fine = a + c < 2 * b ? (a - c) / (2 * (a + c - 2 * b)) : 0;
        return static_cast<float>(best) + std::clamp(fine, -0.5F, 0.5F);
    }

  private:
    cv::Mat mean_;
};

// The begins of the codewords in a picture whose sides are flat already, as shares of `length` pixels.
std::optional<std::vector<float>> codeword_begins(const cv::Mat& flat, float module, float length) {
    const float q = quiet * module;
    const int from = static_cast<int>(q + 2 * module), to = flat.rows - from;
    if (to - from < 4) return std::nullopt;
    const EdgesToDark edges(flat, from, to);
    // The start pattern's bars begin 0, 9, 11 and 13 modules from its left, the first codeword after 17.
    float wide = 0, most = 0;
    for (int i = 65; i < 135; ++i) {
        const float w = static_cast<float>(i) / 100 * codeword * module;
        float sum = 0;
        for (const float k : {9.0F, 11.0F, 13.0F, 17.0F}) sum += edges.near(q + w * k / codeword);
        if (sum > most) {
            most = sum;
            wide = w;
        }
    }
    std::vector<float> begins{0};
    float x = q;
    const float end = q + length;
    while (end - x > 1.5F * wide) {
        const float next = edges.peak(x + wide, close_peak * module);
        wide = 0.5F * wide + 0.5F * (next - x);
        x = next;
        begins.push_back((x - q) / length);
        if (wide < codeword || begins.size() > 34) return std::nullopt;
    }
    if (std::abs(end - x - wide) > 0.25F * wide || begins.size() < 4) return std::nullopt;
    begins.push_back(1);
    return begins;
}

}  // namespace

std::optional<UnbentPdf417> unbend_pdf417(const cv::Mat& luma, const StraightPdf417& straight) {
    const float module = straight.module, q = quiet * module;
    const cv::Size flat_size = straight.crop.pixels.size();
    const float wide = static_cast<float>(flat_size.width) - 2 * q, high = static_cast<float>(flat_size.height) - 2 * q;
    // A wider cut, for the bend may lead out of the straight one.
    const float beyond = 4 * module + 0.4F * high;
    const cv::Matx33f shift(1, 0, -beyond, 0, 1, -beyond, 0, 0, 1);
    const cv::Matx33f to_luma = straight.crop.to_picture * shift;
    cv::Mat pixels;
    cv::warpPerspective(
        luma, pixels, to_luma,
        {flat_size.width + static_cast<int>(2 * beyond), flat_size.height + static_cast<int>(2 * beyond)},
        cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
    const float left = beyond + q, right = left + wide - 18 * module, top = beyond + q, bottom = top + high;
    cv::Mat edges;
    cv::Sobel(pixels, edges, CV_16S, 1, 0);
    cv::convertScaleAbs(edges, edges, 0.25);
    const auto a = end_curve(edges, left, left + wide, (top + bottom) / 2, -1, module);
    const auto b = end_curve(edges, left, left + wide, (top + bottom) / 2, 1, module);
    if (!a || !b) return std::nullopt;
    Bend bend;
    bend.top = *a;
    bend.bottom = *b;
    const int bar = static_cast<int>(6 * module), light = static_cast<int>(2 * module);
    const auto l = bar_curve(pixels, a->at(left), b->at(left), left, light, bar, module);
    const auto r = bar_curve(pixels, a->at(right), b->at(right), right, static_cast<int>(module), bar, module);
    if (!l || !r) return std::nullopt;
    bend.left = *l;
    bend.right = *r;
    // First with columns of one width, in which the codewords are found; then with theirs.
    const int guess = std::max(1, static_cast<int>(std::lround((wide / module - 18) / codeword)));
    for (int i = 0; i <= guess; ++i) bend.begins.push_back(static_cast<float>(i) / static_cast<float>(guess));
    const auto size_of = [&] {
        const auto modules = static_cast<float>(bend.begins.size() - 1) * codeword + 18;
        return cv::Size(static_cast<int>(modules * module + 2 * q), flat_size.height);
    };
    UnbentPdf417 out;
    out.module = module;
    cv::remap(pixels, out.pixels, map_of(bend, size_of(), module), cv::noArray(), cv::INTER_LINEAR,
              cv::BORDER_REPLICATE);
    const auto length = static_cast<float>(guess * codeword) * module;
    if (auto begins = codeword_begins(out.pixels, module, length)) bend.begins = *std::move(begins);
    cv::perspectiveTransform(map_of(bend, size_of(), module), out.to_luma, to_luma);
    cv::remap(luma, out.pixels, out.to_luma, cv::noArray(), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
    return out;
}

}  // namespace paso
