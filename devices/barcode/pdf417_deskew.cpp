#include "devices/barcode/pdf417_deskew.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

namespace paso {
namespace {

constexpr int slabs = 17;  // thin ones: in perspective the left edge leans another way than the right
constexpr float out_module = 3;
constexpr int quiet = 4;  // modules around the straight symbol
constexpr float least_match = 0.72F;
constexpr float least_step = 8;  // grey levels
constexpr float small_module = 1.4F, large_module = 9, smallest = 0.5F;

using Profile = std::vector<float>;

// A pattern as light (+1) and dark (-1) modules, with two of the quiet zone on its outer side.
constexpr std::array<int, 19> start_pattern{1, 1, -1, -1, -1, -1, -1, -1, -1, -1, 1, -1, 1, -1, 1, -1, 1, 1, 1};
constexpr std::array<int, 20> stop_pattern{-1, -1, -1, -1, -1, -1, -1, 1, -1, 1, 1, 1, -1, 1, -1, 1, 1, -1, 1, 1};
constexpr float start_lead = 2;  // modules of the quiet zone before the start pattern

float value(const Profile& p, float x) {
    const float at = std::clamp(x, 0.0F, static_cast<float>(p.size()) - 1.001F);
    const auto i = static_cast<std::size_t>(at);
    const float part = at - static_cast<float>(i);
    return p[i] * (1 - part) + p[i + 1] * part;
}

// Correlation of the profile with a pattern whose first module begins at `x`; `fine` samples a module.
template <std::size_t N>
float match(const Profile& p, const std::array<int, N>& pattern, float x, float module, int fine) {
    float sum = 0, squares = 0, product = 0, signs = 0;
    const float step = module / static_cast<float>(fine);
    int i = 0;
    for (const int sign : pattern) {
        for (int k = 0; k < fine; ++k, ++i) {
            const float v = value(p, x + (static_cast<float>(i) + 0.5F) * step);
            const auto s = static_cast<float>(sign);
            sum += v;
            squares += v * v;
            product += v * s;
            signs += s;
        }
    }
    const auto n = static_cast<float>(N * static_cast<std::size_t>(fine));
    const float variance = squares / n - sum / n * sum / n;
    if (variance < 9) return 0;
    const float sign_mean = signs / n;
    return (product / n - sum / n * sign_mean) / std::sqrt(variance * (1 - sign_mean * sign_mean));
}

struct Hit {
    float x = 0;  // outer edge of the pattern: left of start, right of stop
    float module = 0;
    float score = 0;
};

template <std::size_t N>
Hit best(const Profile& p, const std::array<int, N>& pattern, float from, float to, float small, float large,
         float growth, float step, int fine) {
    Hit hit;
    if (!(small >= smallest)) return hit;  // no module, no steps
    // Most places fail the cheapest question: is the solid bar darker than the quiet zone beside it?
    constexpr bool starts_light = N == start_pattern.size();
    constexpr float light_at = starts_light ? 1.0F : 19.0F, dark_at = starts_light ? 6.0F : 3.5F;
    const int modules = 1 + static_cast<int>(std::log(large / small) / std::log(growth) + 0.001F);
    for (int i = 0; i < modules; ++i) {
        const float m = small * std::pow(growth, static_cast<float>(i));
        const float begin = std::max(0.0F, from);
        const float end = std::min(to, static_cast<float>(p.size()) - static_cast<float>(N) * m);
        const int places = end < begin ? 0 : 1 + static_cast<int>((end - begin) / step);
        for (int k = 0; k < places; ++k) {
            const float x = begin + static_cast<float>(k) * step;
            if (value(p, x + light_at * m) - value(p, x + dark_at * m) < least_step) continue;
            const float s = match(p, pattern, x, m, fine);
            if (s > hit.score) hit = {x, m, s};
        }
    }
    return hit;
}

template <std::size_t N>
Hit refined(const Profile& p, const std::array<int, N>& pattern, const Hit& near, float reach) {
    const Hit a = best(p, pattern, near.x - reach, near.x + reach, near.module * 0.94F, near.module * 1.065F, 1.02F,
                       std::max(0.4F, near.module * 0.15F), 3);
    if (a.score <= 0) return a;
    return best(p, pattern, a.x - 0.5F, a.x + 0.5F, a.module * 0.985F, a.module * 1.016F, 1.005F, 0.125F, 3);
}

struct Ends {
    float left = 0, right = 0;
    float left_module = 0, right_module = 0;  // in perspective one end is nearer than the other
};

// Start to the left, stop to the right, with modules of one size and a whole number of columns between them.
std::optional<Ends> find_ends(const Profile& p, float shortest) {
    const auto n = static_cast<float>(p.size());
    const float step = 1;
    const Hit start = best(p, start_pattern, 0, n, small_module, large_module, 1.07F, step, 1);
    if (start.score < least_match) return std::nullopt;
    const Hit fine_start = refined(p, start_pattern, start, start.module);
    const Hit stop = best(p, stop_pattern, fine_start.x + shortest, n, fine_start.module * 0.75F,
                          fine_start.module * 1.35F, 1.035F, step, 1);
    if (stop.score < least_match) return std::nullopt;
    const Hit fine_stop = refined(p, stop_pattern, stop, stop.module);
    Ends e;
    e.left = fine_start.x + start_lead * fine_start.module;
    e.right = fine_stop.x + 18 * fine_stop.module;
    e.left_module = fine_start.module;
    e.right_module = fine_stop.module;
    return e;
}

Profile profile_of(const cv::Mat& pixels, int from, int to) {
    cv::Mat mean;
    cv::reduce(pixels.rowRange(from, to), mean, 0, cv::REDUCE_AVG, CV_32F);
    return {mean.ptr<float>(0), mean.ptr<float>(0) + mean.cols};
}

// x = at + slope * y through the points, without the one that is furthest off.
struct Line {
    float at = 0, slope = 0;
    [[nodiscard]] float x(float y) const { return at + slope * y; }
};
Line line_through(std::vector<cv::Point2f> points) {
    Line line;
    for (int round = 0; round < 3; ++round) {
        float sy = 0, sx = 0, syy = 0, sxy = 0;
        for (const auto& p : points) {
            sy += p.y;
            sx += p.x;
            syy += p.y * p.y;
            sxy += p.x * p.y;
        }
        const auto n = static_cast<float>(points.size());
        const float spread = syy - sy * sy / n;
        line.slope = spread > 1 ? (sxy - sx * sy / n) / spread : 0;
        line.at = (sx - line.slope * sy) / n;
        if (points.size() <= 3) break;
        const auto worst = std::max_element(points.begin(), points.end(), [&](const auto& a, const auto& b) {
            return std::abs(a.x - line.x(a.y)) < std::abs(b.x - line.x(b.y));
        });
        if (std::abs(worst->x - line.x(worst->y)) < 0.7F) break;
        points.erase(worst);
    }
    return line;
}

// How far the solid bar beside `line` (its middle `inside` pixels to the right) reaches from `y` by steps of `way`.
float end_of_bar(const cv::Mat& pixels, const Line& line, float inside, float half, float y, float way, float dark,
                 float light) {
    const float limit = (dark + light) / 2;
    int beyond = 0;
    float end = y;
    float last = dark;
    for (int step = 0; step < pixels.rows; ++step) {
        const float at = y + way * static_cast<float>(step);
        if (at <= 1 || at >= static_cast<float>(pixels.rows) - 2) break;
        float sum = 0;
        constexpr int samples = 5;  // from -half to +half
        for (int k = 0; k < samples; ++k) {
            const float x = line.x(at) + inside + half * (static_cast<float>(k) * 0.5F - 1);
            const int xi = std::clamp(static_cast<int>(std::lround(x)), 0, pixels.cols - 1);
            sum += static_cast<float>(pixels.at<std::uint8_t>(static_cast<int>(at), xi));
        }
        const float v = sum / samples;
        if (v > limit) {
            if (beyond == 0) end = at - way * (v - limit) / std::max(1.0F, v - last);
            if (++beyond > 3) return end;
        } else {
            beyond = 0;
            end = at;
        }
        last = v;
    }
    return end;
}

// The straight picture is cut from `luma`, or from the crop where that is empty.
std::optional<StraightPdf417> straighten_upright(const cv::Mat& luma, const Crop& crop, float body_top,
                                                 float body_bottom, float body_width) {
    const cv::Mat& pixels = crop.pixels;
    const float high = body_bottom - body_top;
    const auto profile = [&](float y, float half) {
        const int from = std::clamp(static_cast<int>(y - half), 0, pixels.rows - 2);
        return profile_of(pixels, from, std::clamp(static_cast<int>(y + half) + 1, from + 1, pixels.rows));
    };
    const float thin = std::clamp(high / (2 * slabs), 1.5F, 4.0F);
    std::optional<Ends> middle;
    int at = slabs / 2;
    for (const auto& [slab, half] :
         {std::pair{slabs / 2, high / 14}, {slabs / 2, thin}, {slabs / 4, thin}, {slabs * 3 / 4, thin}}) {
        at = slab;
        middle =
            find_ends(profile(body_top + high * (static_cast<float>(slab) + 0.5F) / slabs, half), body_width * 0.5F);
        if (middle) break;
    }
    if (!middle) return std::nullopt;
    std::vector<cv::Point2f> left, right;
    // Along a line seen in perspective the root of the module changes evenly, so this one fills the width.
    float module = std::sqrt(middle->left_module * middle->right_module);
    // From the slab where both were found to the lower end, then to the upper; each slab starts where its neighbour
    // was.
    for (const int way : {1, -1}) {
        Ends near = *middle;
        for (int i = way > 0 ? at : at - 1; i >= 0 && i < slabs; i += way) {
            const float y = body_top + high * (static_cast<float>(i) + 0.5F) / slabs;
            const Profile p = profile(y, thin);
            const float reach = 2.5F * module;
            const Hit s =
                refined(p, start_pattern, {near.left - start_lead * near.left_module, near.left_module, 0}, reach);
            const Hit e = refined(p, stop_pattern, {near.right - 18 * near.right_module, near.right_module, 0}, reach);
            if (s.score > least_match) {
                near.left = s.x + start_lead * s.module;
                left.emplace_back(near.left, y);
            }
            if (e.score > least_match) {
                near.right = e.x + 18 * e.module;
                right.emplace_back(near.right, y);
            }
        }
    }
    if (left.size() < 3 || right.size() < 3) return std::nullopt;
    const Line l = line_through(left), r = line_through(right);
    const float centre = (body_top + body_bottom) / 2;
    // Columns: the width is 17 (columns + 4) + 1 modules.
    const float width = r.x(centre) - l.x(centre);
    const int columns = static_cast<int>(std::lround((width / module - 1) / 17)) - 4;
    if (columns < 1 || columns > 30) return std::nullopt;
    const float modules = 17.0F * static_cast<float>(columns + 4) + 1;
    module = width / modules;
    // The ends of the two solid bars: eight modules inside the left edge; at the right the stop pattern's seven.
    const auto level = [&](float x, float y) {
        const int xi = std::clamp(static_cast<int>(std::lround(x)), 0, pixels.cols - 1);
        const int yi = std::clamp(static_cast<int>(std::lround(y)), 0, pixels.rows - 1);
        return static_cast<float>(pixels.at<std::uint8_t>(yi, xi));
    };
    const float dark_l = level(l.x(centre) + 4 * module, centre), light_l = level(l.x(centre) - 1.5F * module, centre);
    const float dark_r = level(r.x(centre) - 14.5F * module, centre),
                light_r = level(r.x(centre) + 1.5F * module, centre);
    if (light_l - dark_l < 10 || light_r - dark_r < 10) return std::nullopt;
    const float tl = end_of_bar(pixels, l, 4 * module, 2.5F * module, centre, -1, dark_l, light_l);
    const float bl = end_of_bar(pixels, l, 4 * module, 2.5F * module, centre, 1, dark_l, light_l);
    const float tr = end_of_bar(pixels, r, -14.5F * module, 2 * module, centre, -1, dark_r, light_r);
    const float br = end_of_bar(pixels, r, -14.5F * module, 2 * module, centre, 1, dark_r, light_r);
    const float height = ((bl - tl) + (br - tr)) / 2;
    if (height < 6 * module) return std::nullopt;
    std::vector<cv::Point2f> from{{l.x(tl), tl}, {r.x(tr), tr}, {r.x(br), br}, {l.x(bl), bl}};
    const float q = quiet * out_module;
    const float w = modules * out_module, h = height / module * out_module;
    const std::vector<cv::Point2f> to{{q, q}, {q + w, q}, {q + w, q + h}, {q, q + h}};
    // From the straight picture to the crop to the frame, in one warp.
    const cv::Matx33d back = cv::Matx33d(cv::getPerspectiveTransform(to, from));
    StraightPdf417 out;
    out.columns = columns;
    out.module = out_module;
    out.crop.to_picture = crop.to_picture * cv::Matx33f(back);
    const cv::Size size(static_cast<int>(w + 2 * q), static_cast<int>(h + 2 * q));
    cv::warpPerspective(luma.empty() ? pixels : luma, out.crop.pixels,
                        luma.empty() ? cv::Matx33f(back) : out.crop.to_picture, size,
                        cv::INTER_CUBIC | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
    return out;
}

std::optional<StraightPdf417> straighten_standing(const cv::Mat& luma, const SymbolPlace& place) {
    // The locator's box may end inside the start and stop patterns.
    const float wider = std::max(0.3F * place.size.width, 40.0F);
    const float body_width = place.size.width, body_height = place.size.height;
    const float margin = 0.12F * place.size.height + 0.7F * place.slack;
    // Photographs of more pixels than a camera's frame are searched and straightened at such a frame's size.
    const float zoom = std::max(1.0F, static_cast<float>(luma.cols) / 1920);
    SymbolPlace wide = place;
    wide.size.width += 2 * wider;
    for (const float turn : {0.0F, 180.0F}) {
        wide.degrees = place.degrees + turn;
        const Crop crop = cut(luma, wide, margin, 1 / zoom);
        auto straight = straighten_upright(zoom > 1 ? cv::Mat() : luma, crop, (margin + 0.12F * body_height) / zoom,
                                           (margin + 0.88F * body_height) / zoom, body_width / zoom);
        if (straight) return straight;
    }
    return std::nullopt;
}

}  // namespace

std::optional<StraightPdf417> straighten_pdf417(const cv::Mat& luma, SymbolPlace place) {
    if (place.bars < 1) {  // its bars lie: the box is turned
        place.degrees += 90;
        std::swap(place.size.width, place.size.height);
        place.bars = 1 / place.bars;
    }
    if (auto straight = straighten_standing(luma, place)) return straight;
    if (place.bars > 1.4F) return std::nullopt;
    place.degrees += 90;  // hardly more edges one way than the other: both are tried
    std::swap(place.size.width, place.size.height);
    return straighten_standing(luma, place);
}

}  // namespace paso
