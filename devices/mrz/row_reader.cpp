#include "devices/mrz/row_reader.hpp"

#include <algorithm>
#include <utility>

namespace paso {
namespace {

constexpr std::size_t least_columns = 20;  // of a row that may be cut off at its ends

float mean_sure(const std::vector<RowPeak>& peaks) {
    float sum = 0;
    for (const RowPeak& p : peaks) sum += p.sure;
    return peaks.empty() ? 0 : sum / static_cast<float>(peaks.size());
}

// Which ends of the row the strip cuts off: characters stand where its margins should be.
TextRow lengthened(const TextRow& row, const RowSeen& seen) {
    constexpr float more = 8;  // characters
    const float first = (seen.peaks.front().at() + 0.5F) * step_pixels,
                last = (seen.peaks.back().at() + 0.5F) * step_pixels;
    const float pitch = (last - first) / static_cast<float>(std::max<std::size_t>(seen.columns, 2) - 1);
    const auto width = static_cast<float>(seen.strip.pixels.cols);
    TextRow out = row;
    if (first < 1.2F * pitch) out.left -= seen.strip.along * (more * pitch);
    if (last > width - 1.2F * pitch) out.right += seen.strip.along * (more * pitch);
    return out;
}

// Ends that differ by less than what the search is out by from pass to pass.
bool same_place(const TextRow& a, const TextRow& b) {
    const double near = 0.3 * std::min(a.height, b.height);
    return a.light == b.light && cv::norm(a.left - b.left) < near && cv::norm(a.right - b.right) < near;
}

}  // namespace

const RowSeen& RowReader::read(const TextRow& row) {
    const auto it = std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return same_place(k.row, row); });
    if (it != known_.end()) return it->seen;
    RowSeen seen = look(row);
    if (seen.columns >= least_columns) {
        const TextRow longer = lengthened(row, seen);
        if (longer.left != row.left || longer.right != row.right) {
            RowSeen more = look(longer);  // a longer strip that gives nothing takes nothing away
            if (more.columns >= least_columns) seen = std::move(more);
        }
    }
    known_.push_back({row, std::move(seen)});
    return known_.back().seen;
}

RowSeen RowReader::look(const TextRow& row) {
    RowSeen out;
    out.light = row.light;
    out.strip = cut_strip(luma_, row);
    if (out.strip.pixels.empty()) return out;
    out.steps.steps = recogniser_.read(out.strip.pixels);
    out.peaks = row_peaks(out.steps);
    out.columns = row_columns(out.peaks);
    out.sure = mean_sure(out.peaks);
    return out;
}

}  // namespace paso
