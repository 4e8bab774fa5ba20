#include "devices/mrz/rectify.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

namespace paso {
namespace {

constexpr int max_strip_width = 1600;
constexpr float widest_text = 1400.0F;  // leaves room for both margins
constexpr float margin_heights = 1.6F;  // beyond both ends, in heights of a character

// The picture's part around the strip, blurred where the strip is smaller than the picture: no aliasing of thin
// strokes. `corner`: where the part's own corner lies.
cv::Mat soft_part(const cv::Mat& luma, const std::vector<cv::Point2f>& around, int soft, cv::Point2f& corner) {
    const cv::Rect box = cv::boundingRect(around) & cv::Rect(0, 0, luma.cols, luma.rows);
    if (box.empty()) return {};
    corner = box.tl();
    cv::Mat out;
    cv::blur(luma(box), out, {soft, soft});
    return out;
}

// The pixels of a strip of this size; those outside the picture are as its edge.
cv::Mat warped(const cv::Mat& source, const Strip& s, cv::Point2f corner, cv::Size size) {
    cv::Mat out;
    if (s.bend == 0) {
        const cv::Point2f o = s.origin - corner;
        const cv::Matx23f map(s.along.x, s.down.x, o.x, s.along.y, s.down.y, o.y);
        cv::warpAffine(source, out, map, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
        return out;
    }
    cv::Mat from(size, CV_32FC2);
    for (int x = 0; x < size.width; ++x) {
        const cv::Point2f top = s.at(static_cast<float>(x), 0) - corner;
        for (int y = 0; y < size.height; ++y) {
            const cv::Point2f p = top + static_cast<float>(y) * s.down;
            from.at<cv::Vec2f>(y, x) = {p.x, p.y};
        }
    }
    cv::remap(source, out, from, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return out;
}

// A strip of `height` pixels around the row at `scale` frame pixels a strip pixel.
Strip cut(const cv::Mat& luma, const TextRow& row, float scale, int height) {
    const cv::Point2f direction = (row.right - row.left) / std::max(row.length(), 1.0F);
    Strip s;
    s.along = direction * scale;
    s.down = (cv::Point2f(-direction.y, direction.x) - direction * row.lean) * scale;
    s.margin = margin_heights * row.height / scale;
    s.bend = row.bend / scale;
    const int width =
        std::clamp(static_cast<int>(std::lround(row.length() / scale + 2 * s.margin)), 32, max_strip_width);
    s.origin = row.left - s.along * s.margin - s.down * (static_cast<float>(height) / 2);
    const cv::Size size(width, height);
    s.pixels.create(size, CV_8U);  // its width is part of the place of each pixel
    const int soft = scale > 1.6F ? static_cast<int>(std::lround(scale)) : 1;
    cv::Mat source = luma;
    cv::Point2f corner;
    if (soft > 1) {
        const auto w = static_cast<float>(width), h = static_cast<float>(height);
        source = soft_part(luma, {s.at(0, 0), s.at(w, 0), s.at(w / 2, 0), s.at(0, h), s.at(w, h), s.at(w / 2, h)}, soft,
                           corner);
    }
    s.pixels = source.empty() ? cv::Mat() : warped(source, s, corner, size);
    return s;
}

struct Band {
    float top;
    float bottom;
};

// Where text stands between the columns: the rows of high stroke energy around the middle.
std::optional<Band> text_band(const cv::Mat& energy, int from, int to) {
    cv::Mat profile;
    cv::reduce(energy.colRange(from, to), profile, 1, cv::REDUCE_AVG, CV_32F);
    const int rows = profile.rows;
    float most = 0;
    int peak = rows / 2;
    for (int y = rows / 4; y < rows * 3 / 4; ++y) {
        if (profile.at<float>(y) > most) {
            most = profile.at<float>(y);
            peak = y;
        }
    }
    float least = most;
    for (int y = 0; y < rows; ++y) least = std::min(least, profile.at<float>(y));
    if (most - least < 3) return std::nullopt;
    const float level = least + 0.35F * (most - least);
    const auto edge = [&](int step) {
        int y = peak;
        int quiet = 0;
        int last = peak;
        while (y >= 0 && y < rows && quiet < 3) {  // a thin waist of the text is no edge
            if (profile.at<float>(y) >= level) {
                last = y;
                quiet = 0;
            } else {
                ++quiet;
            }
            y += step;
        }
        return last;
    };
    return Band{static_cast<float>(edge(-1)), static_cast<float>(edge(1)) + 1.0F};
}

// Where the middle of a row runs, in pixels of a strip: a + b x + c x^2, x from the strip's middle.
struct Course {
    double a = 0, b = 0, c = 0;
    double error = 0;  // mean square
    [[nodiscard]] double at(double x) const { return a + b * x + c * x * x; }
};

// Least squares through the points; straight, or bent.
std::optional<Course> course_through(const std::vector<cv::Point2d>& points, bool bent) {
    const int unknown = bent ? 3 : 2;
    if (static_cast<int>(points.size()) < unknown) return std::nullopt;
    cv::Mat_<double> lhs(static_cast<int>(points.size()), unknown), rhs(static_cast<int>(points.size()), 1), solution;
    for (int i = 0; i < lhs.rows; ++i) {
        const cv::Point2d& p = points[static_cast<std::size_t>(i)];
        lhs(i, 0) = 1;
        for (int k = 1; k < unknown; ++k) lhs(i, k) = lhs(i, k - 1) * p.x;
        rhs(i, 0) = p.y;
    }
    if (!cv::solve(lhs, rhs, solution, cv::DECOMP_QR)) return std::nullopt;
    Course out{solution(0, 0), solution(1, 0), bent ? solution(2, 0) : 0};
    for (const cv::Point2d& p : points) out.error += (out.at(p.x) - p.y) * (out.at(p.x) - p.y);
    out.error /= static_cast<double>(points.size());
    return out;
}

// Where text stands in each of so many chunks of a strip: its middle, x from the strip's, and its height.
struct Chunks {
    std::vector<cv::Point2d> middles;
    std::vector<float> tall;
};

Chunks chunks_of(const cv::Mat& energy, int margin, int text, int count) {
    Chunks out;
    for (int i = 0; i < count; ++i) {
        const int from = margin + text * i / count;
        const int to = margin + text * (i + 1) / count;
        const auto band = text_band(energy, from, to);
        if (!band) continue;
        out.middles.emplace_back(0.5 * (from + to) - (margin + text / 2.0), 0.5 * (band->top + band->bottom));
        out.tall.push_back(band->bottom - band->top);
    }
    return out;
}

// Straight through four chunks; where that leaves much, and a bend through eight explains most of it, bent as paper is.
std::optional<Course> likeliest_course(const cv::Mat& energy, int margin, int text,
                                       const std::vector<cv::Point2d>& four) {
    constexpr double least_error = 0.8;  // pixels squared, where a capital is 20 high
    const auto straight = course_through(four, false);
    if (!straight || straight->error < least_error) return straight;
    const std::vector<cv::Point2d> eight = chunks_of(energy, margin, text, 8).middles;
    if (eight.size() < 6) return straight;
    const auto flat = course_through(eight, false), bent = course_through(eight, true);
    return bent && flat && bent->error < 0.3 * flat->error ? bent : straight;
}

// The row with its height, middle, slope and bend measured on a strip cut roughly.
std::optional<TextRow> measure(const cv::Mat& luma, const TextRow& rough) {
    constexpr int height = 72;
    const float scale = std::max(rough.height / 20.0F, rough.length() / widest_text);
    const Strip s = cut(luma, rough, scale, height);
    if (s.pixels.empty()) return std::nullopt;
    cv::Mat energy;
    cv::Sobel(s.pixels, energy, CV_16S, 1, 0, 3);
    cv::convertScaleAbs(energy, energy, 0.5);
    const auto margin = static_cast<int>(margin_heights * rough.height / scale);
    const int text = s.pixels.cols - 2 * margin;
    if (text < 64) return std::nullopt;
    const auto whole = text_band(energy, margin, margin + text);
    if (!whole) return std::nullopt;
    const double centre = margin + text / 2.0;
    Chunks four = chunks_of(energy, margin, text, 4);
    if (four.middles.size() < 2) return std::nullopt;
    const auto course = likeliest_course(energy, margin, text, four.middles);
    std::vector<float>& tall = four.tall;
    std::nth_element(tall.begin(), tall.begin() + static_cast<std::ptrdiff_t>(tall.size() / 2), tall.end());
    const float cap = tall[tall.size() / 2];
    if (!course || cap < 6 || cap > 52 || std::abs(course->b) > 0.08) return std::nullopt;
    const double half = text / 2.0;
    const auto on = [&](double x) { return s.at(static_cast<float>(centre + x), static_cast<float>(course->at(x))); };
    const auto more = static_cast<float>(-course->c * half * half);  // of its middle below its ends
    return TextRow{on(-half), on(half), cap * scale, rough.light, (s.bend + more) * scale};
}

// What is darker than the paper, soft along the row: a place between two pixels is then as sharp as one on a pixel.
cv::Mat soft_ink(const cv::Mat& strip) {
    constexpr int edge = 4;  // above and below the capitals
    cv::Mat ink;
    cv::subtract(cv::mean(strip), strip.rowRange(edge, strip.rows - edge), ink, cv::noArray(), CV_32F);
    cv::max(ink, 0, ink);
    cv::blur(ink, ink, {3, 1});
    cv::blur(ink, ink, {3, 1});
    return ink;
}

// How much the columns differ when letters of this lean are set upright: stems then stand in few columns.
float uprightness(const cv::Mat& ink, float lean) {
    constexpr std::size_t beside = 8;  // columns that letters may be moved by
    constexpr float between = 0.211F;  // upright letters too are drawn between pixels, as much as leaning ones are
    std::vector<float> sums(static_cast<std::size_t>(ink.cols) + 2 * beside);
    const float middle = static_cast<float>(ink.rows - 1) / 2;
    for (int y = 0; y < ink.rows; ++y) {
        const float shift = (static_cast<float>(y) - middle) * lean + between + static_cast<float>(beside);
        const auto whole = static_cast<std::size_t>(shift);
        const float part = shift - static_cast<float>(whole);
        const auto* row = ink.ptr<float>(y);
        float* to = sums.data() + whole;
        for (int x = 0; x < ink.cols; ++x) to[x] += row[x] * (1 - part);
        for (int x = 0; x < ink.cols; ++x) to[x + 1] += row[x] * part;
    }
    float out = 0;  // the ends, where all of a margin begins at once, do not count
    for (std::size_t i = 2 * beside; i + 2 * beside < sums.size(); ++i)
        out += (sums[i] - sums[i - 2]) * (sums[i] - sums[i - 2]);
    return out;
}

// How far the letters of a strip lean; 0 where that is little. A row may lean because the page lies askew to the
// camera, or because it is printed so.
float lean_of(const cv::Mat& strip) {
    constexpr float step = 0.08F, least = 0.08F;
    constexpr int most = 4;  // steps to either side; no print leans more
    if (strip.empty()) return 0;
    const cv::Mat ink = soft_ink(strip);
    const auto upright = [&](int steps) { return uprightness(ink, static_cast<float>(steps) * step); };
    const float none = upright(0), left = upright(-1), right = upright(1);
    const int way = right > left ? 1 : -1;
    float before = std::min(left, right), peak = none, after = std::max(left, right);
    int best = 0;
    for (; after > peak; best += way) {
        if (best * way == most) return 0;
        before = std::exchange(peak, after);
        after = upright(best + 2 * way);
    }
    if (best != 0 && upright(-best) > none) return 0;  // as the legs of a row of A do, which lean both ways
    const float curve = before - 2 * peak + after;
    const float beyond = curve < 0 ? (before - after) / (2 * curve) : 0;  // of a step, by the parabola through three
    const float lean = static_cast<float>(way) * (static_cast<float>(std::abs(best)) + beyond) * step;
    return std::abs(lean) < least ? 0 : lean;
}

}  // namespace

Strip cut_strip(const cv::Mat& luma, const TextRow& row) {
    const auto once = measure(luma, row);
    if (!once) return {};
    const auto twice = measure(luma, *once);
    TextRow now = twice ? *twice : *once;
    Strip strip = cut_as_told(luma, now);
    now.lean = lean_of(strip.pixels);
    return now.lean == 0 ? strip : cut_as_told(luma, now);
}

Strip cut_as_told(const cv::Mat& luma, const TextRow& row) {
    Strip strip = cut(luma, row, row.height / strip_capital, strip_height);
    if (row.light) cv::bitwise_not(strip.pixels, strip.pixels);
    return strip;
}

}  // namespace paso
