#include "devices/mrz/sight.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/mrz/fusion.hpp"
#include "core/mrz/layout.hpp"
#include "devices/sight/small.hpp"

namespace paso {

struct MrzSights::Before {
    cv::Mat luma;  // small
};

namespace {

constexpr double least_page = 0.004;          // share of the picture
constexpr float passport_characters = 49.2F;  // 125 mm at 2.54 mm a character: the longer side of a TD3
constexpr int least_contrast = 56;            // grey levels, of a stroke or an edge
constexpr int window = 24;                    // pixels in which an edge is looked for
constexpr int lines_looked_at = 60;           // in each direction

int level_above(const cv::Mat& grey, double share) {
    std::array<int, 256> counts{};
    for (int y = 0; y < grey.rows; ++y) {
        for (int x = 0; x < grey.cols; ++x) ++counts[grey.at<std::uint8_t>(y, x)];
    }
    auto left = static_cast<int>(share * static_cast<double>(grey.total()));
    int level = 255;
    while (level > 0 && left >= counts[static_cast<std::size_t>(level)])
        left -= counts[static_cast<std::size_t>(level--)];
    return level;
}

// What lies on the glass: bright, and not a hand.
struct Paper {
    cv::Mat mask;    // 255 on it, holes filled
    cv::Mat bright;  // as it was seen
    std::vector<cv::Point> hull;
    cv::Rect box;
    double area = 0;
    double hull_area = 0;
};

std::optional<Paper> paper(const SmallView& s) {
    const int bright = level_above(s.luma, 0.01);
    const int level = std::clamp(bright * 45 / 100, 62, 115);
    cv::Mat mask = s.luma > level;
    if (!s.skin.empty()) mask.setTo(0, s.skin);
    cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
    Paper p;
    p.bright = mask.clone();
    cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::Mat::ones(5, 5, CV_8U));
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(mask, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    double largest = 0;
    for (const auto& o : outlines) largest = std::max(largest, cv::contourArea(o));
    p.mask = cv::Mat::zeros(mask.size(), CV_8U);
    std::vector<cv::Point> points;
    for (const auto& o : outlines) {  // a dark bar or a finger may part it
        const double area = cv::contourArea(o);
        if (area < 0.2 * largest) continue;
        p.area += area;
        points.insert(points.end(), o.begin(), o.end());
        cv::drawContours(p.mask, std::vector<std::vector<cv::Point>>{o}, 0, 255, cv::FILLED);
    }
    if (p.area < least_page * static_cast<double>(mask.total())) return std::nullopt;
    cv::convexHull(points, p.hull);
    p.hull_area = cv::contourArea(p.hull);
    p.box = cv::boundingRect(p.hull);
    return p;
}

// A corner that touches the edge of the picture is nothing; what goes on beyond it meets it over a length.
std::uint8_t sides_of(const Paper& p) {
    constexpr double least = 0.12;  // of the page's shorter extent
    const cv::Mat& m = p.bright;
    const double length = least * std::min(p.box.width, p.box.height);
    const std::array<cv::Mat, 4> edges{m.col(0), m.row(0), m.col(m.cols - 1), m.row(m.rows - 1)};
    unsigned sides = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) sides |= cv::countNonZero(edges[i]) > length ? 1U << i : 0U;
    return static_cast<std::uint8_t>(sides);
}

float askew(double degrees) {
    const double turned = std::abs(std::remainder(degrees, 90.0));
    return static_cast<float>(turned);
}

// How a whole page lies: the points of its outline that are nearest to the corners of the box around it.
void lie(const Paper& p, float factor, MrzSight& s) {
    const cv::RotatedRect around = cv::minAreaRect(p.hull);
    std::array<cv::Point2f, 4> box;
    around.points(box.data());
    std::array<cv::Point2f, 4> corner;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto nearer = [&](const cv::Point& a, const cv::Point& b) {
            return cv::norm(cv::Point2f(a) - box[i]) < cv::norm(cv::Point2f(b) - box[i]);
        };
        corner[i] = *std::min_element(p.hull.begin(), p.hull.end(), nearer);
    }
    const auto side = [&](std::size_t i) { return static_cast<float>(cv::norm(corner[i] - corner[(i + 1) % 4])); };
    const auto shorter = [](float a, float b) { return 1 - std::min(a, b) / std::max(1.0F, std::max(a, b)); };
    s.narrowing = std::max(shorter(side(0), side(2)), shorter(side(1), side(3)));
    s.degrees = askew(around.angle);
    s.character = std::max(around.size.width, around.size.height) * factor / passport_characters;
}

// What is missing of its outline, and hands on it.
void cover(const Paper& p, const SmallView& small, MrzSight& s) {
    cv::Mat whole = cv::Mat::zeros(p.mask.size(), CV_8U);
    cv::fillConvexPoly(whole, p.hull, 255);
    const double area = std::max(1.0, p.hull_area);
    cv::Mat hidden = whole & ~p.mask;
    cv::morphologyEx(hidden, hidden, cv::MORPH_OPEN, cv::Mat::ones(5, 5, CV_8U));
    s.missing = static_cast<float>(cv::countNonZero(hidden) / area);
    if (!small.skin.empty()) {
        const cv::Mat hand = hands_on(small.skin, whole);
        s.hand = static_cast<float>(cv::countNonZero(hand) / area);
        hidden |= hand;
    }
    const cv::Rect box = cv::boundingRect(hidden);
    if (!box.empty()) s.hidden_place = place_in(box, hidden.size());
}

// The largest place where the picture is white altogether.
void burn(const Paper& p, const SmallView& small, MrzSight& s) {
    constexpr int white = 252;
    cv::Mat burnt = (small.luma >= white) & p.mask;
    cv::morphologyEx(burnt, burnt, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
    const Spot spot = largest_spot(burnt);
    if (spot.area > 0) s.burnt_place = place_in(spot.box, burnt.size());
    s.burnt = static_cast<float>(spot.area / std::max(1.0, p.area));
}

// Edges along one direction of the picture: how wide the sharpest are, and in how many windows there is one.
struct Edges {
    std::vector<float> widths;
    int strong = 0;
    int windows = 0;  // that lie on the page altogether
};

// One line of pixels, `step` apart in memory.
void look_along(const std::uint8_t* pixels, std::ptrdiff_t step, int count, const auto& on_page, Edges& out) {
    for (int at = 0; at + window < count; at += window) {
        int least = 255, most = 0, steepest = 0;
        int last = *(pixels + at * step);
        for (int i = at; i < at + window; ++i) {
            const int v = *(pixels + i * step);
            least = std::min(least, v);
            most = std::max(most, v);
            steepest = std::max(steepest, std::abs(v - last));
            last = v;
        }
        const bool strong = most - least >= least_contrast;
        // A Gaussian edge of height h and deviation d rises by 0.4 h / d where it is steepest.
        if (strong) out.widths.push_back(0.4F * static_cast<float>(most - least) / static_cast<float>(steepest));
        if (!on_page(at + window / 2)) continue;
        ++out.windows;
        out.strong += strong ? 1 : 0;
    }
}

float sharpest(std::vector<float>& widths) {
    constexpr std::size_t least = 12;
    if (widths.size() < least) return window;  // not even the page's own outline shows in so few pixels
    const auto at = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() * 15 / 100);
    std::nth_element(widths.begin(), at, widths.end());
    return *at;
}

void sharpness(const Frame& f, const Paper& p, int factor, MrzSight& s) {
    cv::Mat inner;
    cv::erode(p.mask, inner, cv::Mat::ones(5, 5, CV_8U));
    const cv::Rect box = cv::Rect(p.box.tl() * factor, p.box.size() * factor) & cv::Rect(0, 0, f.width(), f.height());
    const auto* luma = f.luma().data();
    const auto at = [&](int x, int y) { return luma + static_cast<std::ptrdiff_t>(y) * f.width() + x; };
    const auto on_page = [&](int x, int y) {
        return inner.at<std::uint8_t>(std::min(y / factor, inner.rows - 1), std::min(x / factor, inner.cols - 1)) != 0;
    };
    Edges across, down;
    for (int i = 0; i < lines_looked_at; ++i) {
        const int y = box.y + box.height * i / lines_looked_at, x = box.x + box.width * i / lines_looked_at;
        look_along(
            at(box.x, y), 1, box.width, [&](int k) { return on_page(box.x + k, y); }, across);
        look_along(
            at(x, box.y), f.width(), box.height, [&](int k) { return on_page(x, box.y + k); }, down);
    }
    s.softness = std::max(sharpest(across.widths), sharpest(down.widths));
    const int windows = across.windows + down.windows;
    s.print = windows == 0 ? 0 : static_cast<float>(across.strong + down.strong) / static_cast<float>(windows);
}

bool whole(const MrzReading& r) {
    return std::any_of(mrz_formats.begin(), mrz_formats.end(), [&r](MrzFormat f) {
        bool same = r.rows.size() == shape(f).rows;
        for (std::size_t i = 0; same && i < r.rows.size(); ++i) same = r.rows[i].cells.size() == columns(f, i);
        return same;
    });
}

float best_of(const MrzCell& cell) { return std::exp(*std::max_element(cell.begin(), cell.end())); }

float certainty(const MrzReading& r) {
    float sum = 0, count = 0;
    for (const MrzRow& row : r.rows) {
        for (const MrzCell& cell : row.cells) {
            sum += best_of(cell);
            count += 1;
        }
    }
    return count == 0 ? 0 : sum / count;
}

bool sound(const MrzReading& r) {
    const MrzResult result = decide(fuse({}, r), {});
    if (result.lines.empty() || result.state == MrzState::unreadable) return false;
    return check_digits(result.lines, result.format).all_hold() || is_swiss_licence(result.lines);
}

cv::Rect around(const Quad& from, const Quad& to) {
    std::vector<cv::Point2f> points;
    for (const Quad& q : {from, to}) {
        for (const Point& p : q) points.emplace_back(p.x, p.y);
    }
    return cv::boundingRect(points);
}

// The longest run of cells that nobody can read, and where.
void unsure_cells(const MrzReading& r, const cv::Size& picture, MrzSight& s) {
    constexpr float sure = 0.6F;
    float longest = 0;
    for (const MrzRow& row : r.rows) {
        const auto n = static_cast<float>(row.cells.size());
        float run = 0;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            run = best_of(row.cells[i]) < sure ? run + 1 : 0;
            if (run <= longest) continue;
            longest = run;
            const auto along = [&](float share, std::size_t a, std::size_t b) {
                const Quad& q = row.corners;
                return Point{q[a].x + (q[b].x - q[a].x) * share, q[a].y + (q[b].y - q[a].y) * share};
            };
            const float to = static_cast<float>(i + 1) / n, from = to - run / n;
            const Quad cells{along(from, 0, 1), along(to, 0, 1), along(to, 3, 2), along(from, 3, 2)};
            s.unsure_place = place_in(around(cells, cells), picture);
        }
    }
    s.unsure = longest;
}

// What the readings say, and how the surest of them stands in the picture.
void weigh(std::span<const MrzReading> readings, const cv::Size& picture, MrzSight& s) {
    constexpr float least_certainty = 0.6F;  // of other text less is sure
    s.read = std::any_of(readings.begin(), readings.end(), sound);
    if (readings.empty()) return;
    const auto surer = [](const MrzReading& a, const MrzReading& b) { return certainty(a) < certainty(b); };
    const MrzReading& r = *std::max_element(readings.begin(), readings.end(), surer);
    if (r.rows.empty()) return;
    if (!s.read && certainty(r) < least_certainty) return;
    const MrzRow& row = r.rows.back();
    if (row.cells.empty()) return;
    s.rows = true;
    const float dx = row.corners[1].x - row.corners[0].x, dy = row.corners[1].y - row.corners[0].y;
    s.character = std::hypot(dx, dy) / static_cast<float>(std::max<std::size_t>(row.cells.size(), 30));
    s.degrees = askew(std::atan2(dy, dx) * 180 / CV_PI);
    const cv::Rect rows = around(r.rows.front().corners, r.rows.back().corners);
    const int beside = static_cast<int>(1.5F * s.character);
    const cv::Rect beyond = rows + cv::Size(2 * beside, 2 * beside) - cv::Point(beside, beside);
    s.rows_cut = !whole(r) || (beyond & cv::Rect({0, 0}, picture)) != beyond;
    s.rows_place = place_in(rows, picture);
    unsure_cells(r, picture, s);
}

}  // namespace

MrzSights::MrzSights() : before_(std::make_unique<Before>()) {}
MrzSights::~MrzSights() = default;
MrzSights::MrzSights(MrzSights&&) noexcept = default;
MrzSights& MrzSights::operator=(MrzSights&&) noexcept = default;

MrzSight MrzSights::look(const Frame& frame, std::span<const MrzReading> readings) {
    MrzSight s;
    s.frame = frame.sequence();
    s.captured = frame.captured();
    if (!can_be_judged(frame)) return s;
    const SmallView small = small_view(frame);
    const cv::Mat before = std::exchange(before_->luma, small.luma);
    const auto page = paper(small);
    if (!page) return s;
    s.page = true;
    s.page_place = place_in(page->box, small.luma.size());
    s.sides = sides_of(*page);
    if (before.size() == small.luma.size()) {
        cv::Mat change;
        cv::absdiff(before, small.luma, change);
        s.moved = static_cast<float>(cv::mean(change, page->mask)[0]);
    }
    cover(*page, small, s);
    if (s.sides == 0 && outline_whole(s)) lie(*page, static_cast<float>(small.factor), s);
    burn(*page, small, s);
    sharpness(frame, *page, small.factor, s);
    weigh(readings, {frame.width(), frame.height()}, s);
    return s;
}

}  // namespace paso
