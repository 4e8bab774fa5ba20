#include "devices/mrz/find_lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <opencv2/imgproc.hpp>

namespace paso {
namespace {

constexpr int least_text = 700;       // strong pixels: the shortest rows of the smallest characters have more
constexpr std::size_t max_rows = 64;  // longest first; a frame with more is a page of text
constexpr std::size_t max_groups = 6;
constexpr int least_row = 100;       // pixels: 30 characters of 3.5 and more
constexpr double least_energy = 24;  // of the strongest strokes; sensor noise stays below, grey text on grey above
constexpr float max_tilt = 0.20F;    // of a row, as a slope (11 degrees)

// Strokes thinner than the kernel, darker than their ground (or lighter).
cv::Mat stroke_hat(const cv::Mat& grey, const RowPass& pass) {
    cv::Mat hat;
    const cv::Size kernel = pass.upended ? cv::Size(9, 15) : cv::Size(15, 9);
    cv::morphologyEx(grey, hat, pass.light ? cv::MORPH_TOPHAT : cv::MORPH_BLACKHAT,
                     cv::getStructuringElement(cv::MORPH_RECT, kernel));
    return hat;
}

// The mean over 5 pixels along the rows and 3 across, edges left at nothing. OpenCV's takes ten times as long.
cv::Mat smooth(const cv::Mat& in, bool upended) {
    const int across = upended ? 5 : 3;  // lines of the picture that are summed
    const int along = 8 - across;
    cv::Mat out = cv::Mat::zeros(in.size(), CV_8U);
    std::vector<std::uint16_t> sums(static_cast<std::size_t>(in.cols));
    for (int y = across / 2; y + across / 2 < in.rows; ++y) {
        std::fill(sums.begin(), sums.end(), std::uint16_t{0});
        for (int k = -(across / 2); k <= across / 2; ++k) {
            const auto* line = in.ptr<std::uint8_t>(y + k);
            for (std::size_t x = 0; x < sums.size(); ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + line[x]);
        }
        auto* to = out.ptr<std::uint8_t>(y) + along / 2;
        const auto* from = sums.data();
        const int count = in.cols - along + 1;
        constexpr unsigned fifteenth = 65536 / 15 + 1;
        if (along == 5) {
            for (int x = 0; x < count; ++x) {
                const auto sum = static_cast<unsigned>(from[x] + from[x + 1] + from[x + 2] + from[x + 3] + from[x + 4]);
                to[x] = static_cast<std::uint8_t>(sum * fifteenth >> 16U);
            }
        } else {
            for (int x = 0; x < count; ++x) {
                const auto sum = static_cast<unsigned>(from[x] + from[x + 1] + from[x + 2]);
                to[x] = static_cast<std::uint8_t>(sum * fifteenth >> 16U);
            }
        }
    }
    return out;
}

// Gradient energy along the rows: text is dense in it, guilloche and folds are not.
cv::Mat stroke_energy(const cv::Mat& hat, bool upended) {
    const cv::Size size = hat.size() - (upended ? cv::Size(0, 2) : cv::Size(2, 0));
    const cv::Point next = upended ? cv::Point(0, 2) : cv::Point(2, 0);
    cv::Mat energy = cv::Mat::zeros(hat.size(), CV_8U);
    cv::Mat inner = energy(cv::Rect(next / 2, size));
    cv::absdiff(hat(cv::Rect({0, 0}, size)), hat(cv::Rect(next, size)), inner);
    cv::add(inner, inner, inner);
    return smooth(energy, upended);
}

// The most energy of each square of `side` pixels and of its neighbours, a pixel a square.
cv::Mat strongest_near(const cv::Mat& energy, int side) {
    cv::Mat most = cv::Mat::zeros((energy.rows + side - 1) / side, (energy.cols + side - 1) / side, CV_8U);
    std::vector<std::uint8_t> line(static_cast<std::size_t>(energy.cols));
    for (int y = 0; y < most.rows; ++y) {
        std::fill(line.begin(), line.end(), std::uint8_t{0});
        for (int k = y * side; k < std::min((y + 1) * side, energy.rows); ++k) {
            const auto* pixels = energy.ptr<std::uint8_t>(k);
            for (std::size_t x = 0; x < line.size(); ++x) line[x] = std::max(line[x], pixels[x]);
        }
        auto* square = most.ptr<std::uint8_t>(y);
        for (int x = 0; x < energy.cols; ++x)
            square[x / side] = std::max(square[x / side], line[static_cast<std::size_t>(x)]);
    }
    cv::dilate(most, most, cv::Mat());
    return most;
}

// The energy that a tenth of the picture stays below: its quiet parts, with the noise of the sensor.
int quiet_energy(const cv::Mat& energy) {
    std::array<std::size_t, 256> counts{};
    for (int y = 0; y < energy.rows; y += 4) {
        for (int x = 0; x < energy.cols; x += 4) ++counts[energy.at<std::uint8_t>(y, x)];
    }
    std::size_t left =
        static_cast<std::size_t>((energy.rows + 3) / 4) * static_cast<std::size_t>((energy.cols + 3) / 4) / 10;
    int level = 0;
    while (level < 255 && counts[static_cast<std::size_t>(level)] <= left)
        left -= counts[static_cast<std::size_t>(level++)];
    return level;
}

// Where the energy is that of strokes: above the quiet parts, and not much below the strongest near by, so that faint
// print beside a bold heading is found too. Empty when there is too little of it for an MRZ.
cv::Mat stroke_mask(const cv::Mat& energy) {
    constexpr int square = 16;
    constexpr double share = 0.35;  // of the strongest
    double strongest = 0;
    cv::minMaxLoc(energy, nullptr, &strongest);
    if (strongest < least_energy) return {};
    cv::Mat squares;
    strongest_near(energy, square).convertTo(squares, CV_8U, share);
    squares = cv::max(squares, 6.0 + 2.0 * quiet_energy(energy));
    cv::Mat level;
    cv::resize(squares, level, squares.size() * square, 0, 0, cv::INTER_LINEAR);
    cv::Mat mask;
    cv::compare(energy, level(cv::Rect({0, 0}, energy.size())), mask, cv::CMP_GT);
    return cv::countNonZero(mask) < least_text ? cv::Mat() : mask;
}

// Of strokes that stand on others: what is above the mean of its surroundings too.
cv::Mat denser_than_around(const cv::Mat& strokes, const cv::Mat& energy) {
    constexpr int around = 61;  // pixels: four rows of large characters
    constexpr double above = 1.2, sensor = 4, bold = 60;
    if (strokes.empty()) return {};
    cv::Mat mean, level, mask;
    cv::blur(cv::min(energy, bold), mean, {around, around});
    mean.convertTo(level, CV_8U, above, sensor);
    cv::compare(energy, level, mask, cv::CMP_GT);
    return mask & strokes;
}

// The least (or most) of each pixel and those above and below it; the first and last line stay as they are.
cv::Mat of_three_lines(const cv::Mat& in, bool least) {
    cv::Mat out = in.clone();
    if (in.rows < 3) return out;
    const auto part = [&](const cv::Mat& m, int first) { return m.rowRange(first, in.rows - 2 + first); };
    cv::Mat inner = part(out, 1);
    for (const int first : {0, 2}) {
        if (least) {
            cv::min(inner, part(in, first), inner);
        } else {
            cv::max(inner, part(in, first), inner);
        }
    }
    return out;
}

// What is less than three lines high is taken away.
cv::Mat without_thin(const cv::Mat& mask) { return of_three_lines(of_three_lines(mask, true), false); }

std::uint8_t* find_byte(std::uint8_t* begin, std::uint8_t* end, int value) {
    void* at = std::memchr(begin, value, static_cast<std::size_t>(end - begin));
    return at == nullptr ? end : static_cast<std::uint8_t*>(at);
}

// Along each line of the mask: gaps shorter than `width` are filled, and then runs shorter than it are taken away.
void close_runs(cv::Mat& mask, int width) {
    constexpr int set = 255;
    for (int y = 0; y < mask.rows; ++y) {
        auto* const end = mask.ptr<std::uint8_t>(y) + mask.cols;
        for (auto* at = find_byte(mask.ptr<std::uint8_t>(y), end, set); at != end;) {
            auto* stop = find_byte(at, end, 0);
            auto* next = find_byte(stop, end, set);
            while (next != end && next - stop < width) {
                std::fill(stop, next, std::uint8_t{set});
                stop = find_byte(next, end, 0);
                next = find_byte(stop, end, set);
            }
            if (stop - at < width) std::fill(at, stop, std::uint8_t{0});
            at = next;
        }
    }
}

// Rows as blobs: the gaps of the strokes closed along the row.
cv::Mat row_mask(const cv::Mat& strokes, int close_width) {
    cv::Mat mask = without_thin(strokes);
    close_runs(mask, close_width);
    return without_thin(mask);
}

// A row through the middle of a blob: least squares over the centres of its columns. `blob` is its mask inside `box`.
bool fit_row(const cv::Mat& blob, const cv::Rect& box, TextRow& row) {
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, area = 0;
    for (int i = 0; i < box.width; i += 3) {
        int count = 0;
        int sum = 0;
        for (int k = 0; k < box.height; ++k) {
            if (blob.at<std::uint8_t>(k, i) != 0) {
                ++count;
                sum += box.y + k;
            }
        }
        if (count == 0) continue;
        const int x = box.x + i;
        const double centre = static_cast<double>(sum) / count;
        n += 1;
        sx += x;
        sy += centre;
        sxx += static_cast<double>(x) * x;
        sxy += x * centre;
        area += count;
    }
    const double spread = n * sxx - sx * sx;
    if (n < 10 || spread <= 0) return false;
    const double slope = (n * sxy - sx * sy) / spread;
    const double offset = (sy - slope * sx) / n;
    if (std::abs(slope) > max_tilt) return false;
    const auto at = [&](int x) { return cv::Point2f(static_cast<float>(x), static_cast<float>(offset + slope * x)); };
    row.left = at(box.x);
    row.right = at(box.x + box.width - 1);
    row.height = static_cast<float>(area / n);
    return true;
}

std::vector<TextRow> find_rows(const cv::Mat& mask) {
    std::vector<std::vector<cv::Point>> outlines;
    std::vector<cv::Vec4i> nested;  // the last of each: the outline that this one is a hole of, or -1
    // With what lies in the hole of another: a striped ground closes around the document.
    cv::findContours(mask, outlines, nested, cv::RETR_CCOMP, cv::CHAIN_APPROX_SIMPLE);
    std::vector<TextRow> rows;
    for (std::size_t i = 0; i < outlines.size(); ++i) {
        const auto& outline = outlines[i];
        if (nested[i][3] >= 0) continue;
        const cv::Rect box = cv::boundingRect(outline);
        if (box.width < least_row) continue;
        const double mean_height = cv::contourArea(outline) / box.width + 1;
        if (mean_height > 42 || box.width < 8 * mean_height) continue;  // no row, whatever its shape
        cv::Mat blob = cv::Mat::zeros(box.size(), CV_8U);
        cv::drawContours(blob, std::vector<std::vector<cv::Point>>{outline}, 0, 255, cv::FILLED, 8, {}, 0, -box.tl());
        TextRow row;
        if (!fit_row(blob, box, row)) continue;
        const float aspect = row.length() / std::max(row.height, 1.0F);
        // 44 characters are 47 heights of a capital long; what is much longer is a line of dots or of guilloche.
        if (aspect < 9 || aspect > 65 || row.height < 3 || row.height > 40) continue;
        rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), [](const TextRow& a, const TextRow& b) { return a.length() > b.length(); });
    if (rows.size() > max_rows) rows.resize(max_rows);
    return rows;
}

float slope_of(const TextRow& r) { return (r.right.y - r.left.y) / std::max(r.right.x - r.left.x, 1.0F); }

// True when b is the row that follows a.
bool follows(const TextRow& a, const TextRow& b) {
    const float height = 0.5F * (a.height + b.height);
    const float ratio = a.length() / b.length();
    if (ratio < 0.72F || ratio > 1.39F) return false;
    if (std::max(a.height, b.height) > 2.0F * std::min(a.height, b.height)) return false;
    if (std::abs(slope_of(a) - slope_of(b)) > 0.05F) return false;
    const float slope = slope_of(a);
    const float down = (b.left.y - a.left.y) - slope * (b.left.x - a.left.x);
    if (down < 1.1F * height || down > 4.2F * height) return false;
    // One end of either may be hidden, or reach into what lies beside it.
    const float shift =
        std::min(std::abs(b.left.x - a.left.x + slope * down), std::abs(b.right.x - a.right.x + slope * down));
    return shift < 0.12F * std::max(a.length(), b.length());
}

std::vector<RowGroup> group_rows(std::vector<TextRow> rows) {
    std::sort(rows.begin(), rows.end(), [](const TextRow& a, const TextRow& b) { return a.left.y < b.left.y; });
    std::vector<RowGroup> groups;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = i + 1; j < rows.size(); ++j) {
            if (!follows(rows[i], rows[j])) continue;
            for (std::size_t k = j + 1; k < rows.size(); ++k) {
                if (follows(rows[j], rows[k])) groups.push_back({rows[i], rows[j], rows[k]});
            }
            groups.push_back({rows[i], rows[j]});
        }
    }
    std::stable_sort(groups.begin(), groups.end(), [](const RowGroup& a, const RowGroup& b) {
        const auto total = [](const RowGroup& g) {
            float sum = 0;
            for (const TextRow& r : g) sum += r.length();
            return sum;
        };
        return total(a) > total(b);
    });
    if (groups.size() > max_groups) groups.resize(max_groups);
    return groups;
}

// Rows made equally wide: the shorter ends where text was faint.
void even_out(RowGroup& group) {
    float left = group.front().left.x;
    float right = group.front().right.x;
    for (const TextRow& r : group) {
        left = std::min(left, r.left.x);
        right = std::max(right, r.right.x);
    }
    for (TextRow& r : group) {
        const float slope = slope_of(r);
        r.left = {left, r.left.y + slope * (left - r.left.x)};
        r.right = {right, r.right.y + slope * (right - r.right.x)};
    }
}

// The mask sheared so that rows of this slope lie level; taller by what the shear moves, so that nothing is lost.
cv::Mat level(const cv::Mat& grey, float slope) {
    const float rise = std::abs(slope) * static_cast<float>(grey.cols);
    const float shift = slope > 0 ? rise : 0.0F;
    const cv::Matx23f map(1, 0, 0, -slope, 1, shift);
    cv::Mat out;
    cv::warpAffine(grey, out, map, {grey.cols, grey.rows + static_cast<int>(rise)}, cv::INTER_NEAREST);
    return out;
}

// Back from the sheared picture.
void unlevel(RowGroup& group, float slope, int cols) {
    const float shift = slope > 0 ? slope * static_cast<float>(cols) : 0.0F;
    for (TextRow& r : group) {
        r.left.y += slope * r.left.x - shift;
        r.right.y += slope * r.right.x - shift;
        r.height /= std::sqrt(1 + slope * slope);
    }
}

}  // namespace

RowGroup turned_over(const RowGroup& group) {
    RowGroup out(group.rbegin(), group.rend());
    for (TextRow& r : out) {
        std::swap(r.left, r.right);
        r.bend = -r.bend;
    }
    return out;
}

RowFinder::RowFinder(const cv::Mat& luma, int side, Ground ground) : ground_(ground) {
    constexpr float most_enlarged = 4;
    if (luma.empty() || luma.cols < 60 || luma.rows < 40) return;
    const int longer = std::max(luma.cols, luma.rows);
    scale_ = std::max(static_cast<float>(longer) / static_cast<float>(side), 1 / most_enlarged);
    if (longer <= side && longer * 2 > side) scale_ = 1;
    if (scale_ == 1) {
        grey_ = luma;
    } else {
        cv::resize(luma, grey_, {}, 1.0 / scale_, 1.0 / scale_, scale_ > 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    }
}

const cv::Mat& RowFinder::mask(const RowPass& pass) {
    cv::Mat& mask = masks_[pass.light ? 1 : 0][pass.upended ? 1 : 0];
    if (!mask.empty()) return mask;
    const cv::Mat energy = stroke_energy(stroke_hat(grey_, pass), pass.upended);
    mask = stroke_mask(energy);
    if (ground_ == Ground::busy) mask = denser_than_around(mask, energy);
    if (mask.empty()) mask = cv::Mat::zeros(1, 1, CV_8U);  // looked for, and too little found
    if (pass.upended) cv::rotate(mask, mask, cv::ROTATE_90_CLOCKWISE);
    return mask;
}

std::vector<RowGroup> RowFinder::groups(const RowPass& pass) {
    if (grey_.empty()) return {};
    cv::Mat strokes = mask(pass);
    if (strokes.total() == 1) return {};
    const int cols = strokes.cols;
    if (pass.slope != 0) strokes = level(strokes, pass.slope);
    std::vector<RowGroup> groups;
    for (const int close_width : {21, 41}) {  // the wide one only when nothing was found
        groups = group_rows(find_rows(row_mask(strokes, close_width)));
        if (!groups.empty()) break;
    }
    const auto to_picture = [&](const cv::Point2f& p) {
        // A pixel at (x, y) of the upright picture came to (height - 1 - y, x) of the upended one.
        const cv::Point2f at = pass.upended ? cv::Point2f(p.y, static_cast<float>(grey_.rows - 1) - p.x) : p;
        return at * scale_;
    };
    for (RowGroup& g : groups) {
        even_out(g);
        unlevel(g, pass.slope, cols);
        for (TextRow& r : g) {
            r.left = to_picture(r.left);
            r.right = to_picture(r.right);
            r.height *= scale_;
            r.light = pass.light;
        }
    }
    return groups;
}

std::vector<RowGroup> find_row_groups(const cv::Mat& luma, float slope) {
    return RowFinder(luma).groups({.slope = slope});
}

}  // namespace paso
