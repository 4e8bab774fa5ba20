#include "devices/mrz/row_reader.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace paso {
namespace {

constexpr float usual_pitch = 14.1F;       // of OCR-B in a strip, whose capitals are 15 pixels high
constexpr std::size_t least_columns = 20;  // of a row that may be cut off at its ends
constexpr int most_lengthened = 3;         // times: from 20 characters to 44

float mean_sure(const std::vector<RowPeak>& peaks) {
    float sum = 0;
    for (const RowPeak& p : peaks) sum += p.sure;
    return peaks.empty() ? 0 : sum / static_cast<float>(peaks.size());
}

// Pixels of the strip from a character to the next.
float pitch_of(const RowSeen& seen) {
    const float steps = seen.peaks.back().at() - seen.peaks.front().at();
    return steps * step_pixels / static_cast<float>(std::max<std::size_t>(seen.columns, 2) - 1);
}

// Where a row's characters stand, as many times taller and so many pixels of the strip further down.
TextRow row_of(const RowSeen& seen, float taller, float down) {
    const float half = pitch_of(seen) / 2;
    const auto end = [&](const RowPeak& peak, float beyond) {
        return seen.strip.at((peak.at() + 0.5F) * step_pixels + beyond, strip_height / 2.0F + down);
    };
    const float unit = seen.strip.scale();
    TextRow out{end(seen.peaks.front(), -half), end(seen.peaks.back(), half), strip_capital * unit * taller,
                seen.light};
    const auto x = [](const RowPeak& peak) { return (peak.at() + 0.5F) * step_pixels; };
    const float first = x(seen.peaks.front()) - half, last = x(seen.peaks.back()) + half;
    out.lean = seen.strip.lean();
    out.bend = (seen.strip.hang((first + last) / 2) - (seen.strip.hang(first) + seen.strip.hang(last)) / 2) * unit;
    return out;
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
    TextRow now = row;
    for (int times = 0; times < most_lengthened && seen.columns >= least_columns; ++times) {
        const TextRow longer = lengthened(now, seen);
        if (longer.left == now.left && longer.right == now.right) break;
        RowSeen more = look(longer);  // a longer strip that gives nothing takes nothing away
        if (more.columns < least_columns) break;
        seen = std::move(more);
        now = longer;
    }
    known_.push_back({row, std::move(seen)});
    return known_.back().seen;
}

RowSeen RowReader::look(const TextRow& row) { return looked_again(recognised(cut_strip(luma_, row), row.light)); }

// Stamps, dots and guilloche around faint print mislead the measure of its height and middle. The pitch tells the
// height, and of several cuts the one is taken whose characters are surest.
RowSeen RowReader::looked_again(RowSeen seen) {
    constexpr float sure_enough = 0.985F, hopeless = 0.35F;
    if (seen.columns < least_columns || seen.sure >= sure_enough || seen.sure < hopeless) return seen;
    const auto better = [&](float taller, float down) {
        constexpr float by = 0.004F;
        if (seen.sure >= sure_enough) return;
        RowSeen other = recognised(cut_as_told(luma_, row_of(seen, taller, down)), seen.light);
        if (other.columns >= least_columns && other.sure > seen.sure + by) seen = std::move(other);
    };
    const float scale = pitch_of(seen) / usual_pitch;
    if (scale < 0.6F || scale > 1.5F) return seen;
    if (std::abs(scale - 1) > 0.08F) better(scale, 0);
    for (const float down : {-2.0F, 2.0F}) better(1, down);
    return seen;
}

RowSeen RowReader::recognised(Strip strip, bool light) {
    RowSeen out;
    out.light = light;
    out.strip = std::move(strip);
    if (out.strip.pixels.empty()) return out;
    ++strips_;
    out.steps.steps = recogniser_.read(out.strip.pixels);
    out.peaks = row_peaks(out.steps);
    out.columns = row_columns(out.peaks);
    out.sure = mean_sure(out.peaks);
    return out;
}

}  // namespace paso
