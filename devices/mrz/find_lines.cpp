#include "devices/mrz/find_lines.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace paso {
namespace {

constexpr int working_width = 960;    // characters are 6 to 14 pixels high at this width
constexpr std::size_t max_rows = 64;  // longest first; a frame with more is a page of text
constexpr std::size_t max_groups = 6;
constexpr double least_energy = 24;  // of the strongest strokes; sensor noise stays below, grey text on grey above
constexpr float max_tilt = 0.20F;    // of a row, as a slope (11 degrees)

// Dark strokes on lighter paper, as horizontal gradient energy: text is dense in it, guilloche and folds are not.
cv::Mat stroke_energy(const cv::Mat& grey) {
    cv::Mat hat;
    cv::morphologyEx(grey, hat, cv::MORPH_BLACKHAT, cv::getStructuringElement(cv::MORPH_RECT, {15, 9}));
    cv::Mat gradient;
    cv::Sobel(hat, gradient, CV_16S, 1, 0, 3);
    cv::Mat energy;
    cv::convertScaleAbs(gradient, energy, 0.5);
    cv::blur(energy, energy, {5, 3});
    return energy;
}

// Rows as blobs: thresholded energy, its gaps closed along the row.
cv::Mat row_mask(const cv::Mat& energy, int close_width) {
    cv::Mat mask;
    const double level = cv::threshold(energy, mask, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    cv::threshold(energy, mask, std::max(level * 0.7, 6.0), 255, cv::THRESH_BINARY);
    cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {1, 3}));
    cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {close_width, 1}));
    cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {close_width, 3}));
    return mask;
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
    cv::findContours(mask, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    std::vector<TextRow> rows;
    for (const auto& outline : outlines) {
        const cv::Rect box = cv::boundingRect(outline);
        if (box.width < mask.cols / 8) continue;
        cv::Mat blob = cv::Mat::zeros(box.size(), CV_8U);
        cv::drawContours(blob, std::vector<std::vector<cv::Point>>{outline}, 0, 255, cv::FILLED, 8, {}, 0, -box.tl());
        TextRow row;
        if (!fit_row(blob, box, row)) continue;
        const float aspect = row.length() / std::max(row.height, 1.0F);
        if (aspect < 9 || row.height < 3 || row.height > 40) continue;
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
    const float shift = std::abs((b.left.x - a.left.x) + slope * down);
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

// Rows are scaled back to frame pixels, and made equally wide: the shorter ends where text was faint.
RowGroup to_frame(RowGroup group, float scale) {
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
        r.left *= scale;
        r.right *= scale;
        r.height *= scale;
    }
    return group;
}

// The picture sheared so that rows of this slope lie level; taller by what the shear moves, so that nothing is lost.
cv::Mat level(const cv::Mat& grey, float slope) {
    const float rise = std::abs(slope) * static_cast<float>(grey.cols);
    const float shift = slope > 0 ? rise : 0.0F;
    const cv::Matx23f map(1, 0, 0, -slope, 1, shift);
    cv::Mat out;
    cv::warpAffine(grey, out, map, {grey.cols, grey.rows + static_cast<int>(rise)}, cv::INTER_LINEAR,
                   cv::BORDER_REPLICATE);
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

std::vector<RowGroup> find_row_groups(const cv::Mat& luma, float slope) {
    if (luma.empty() || luma.cols < 160 || luma.rows < 60) return {};
    const float scale = std::max(1.0F, static_cast<float>(luma.cols) / static_cast<float>(working_width));
    cv::Mat grey = luma;
    if (scale > 1.0F) cv::resize(luma, grey, {}, 1.0 / scale, 1.0 / scale, cv::INTER_AREA);
    const int cols = grey.cols;
    if (slope != 0) grey = level(grey, slope);
    const cv::Mat energy = stroke_energy(grey);
    double strongest = 0;
    cv::minMaxLoc(energy, nullptr, &strongest);
    if (strongest < least_energy) return {};
    for (const int close_width : {21, 41}) {  // the wide one only when nothing was found
        std::vector<RowGroup> groups = group_rows(find_rows(row_mask(energy, close_width)));
        if (groups.empty()) continue;
        for (RowGroup& g : groups) {
            unlevel(g, slope, cols);
            g = to_frame(std::move(g), scale);
        }
        return groups;
    }
    return {};
}

}  // namespace paso
