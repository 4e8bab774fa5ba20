#include "tests/bench/mrz/why.hpp"

#include <algorithm>
#include <opencv2/core.hpp>

#include "devices/mrz/find_lines.hpp"

namespace paso::bench {
namespace {

using Ends = std::pair<cv::Point2f, cv::Point2f>;

// Whether a row lies on the true one, whichever way it is read; its ends may be off by a few characters.
bool lies_on(const Ends& row, const Ends& truth, float pitch) {
    const cv::Point2f axis = (truth.second - truth.first) / static_cast<float>(cv::norm(truth.second - truth.first));
    const cv::Point2f across(-axis.y, axis.x);
    const auto near = [&](const cv::Point2f& a, const cv::Point2f& b) {
        return std::abs((a - b).dot(across)) < 0.6F * pitch && std::abs((a - b).dot(axis)) < 9 * pitch;
    };
    return (near(row.first, truth.first) && near(row.second, truth.second)) ||
           (near(row.first, truth.second) && near(row.second, truth.first));
}

bool all_rows_in(const std::vector<Ends>& rows, const Sight& sight) {
    return rows.size() == sight.rows.size() && std::all_of(sight.rows.begin(), sight.rows.end(), [&](const Ends& t) {
               return std::any_of(rows.begin(), rows.end(), [&](const Ends& r) { return lies_on(r, t, sight.pitch); });
           });
}

// Whether any pass of the search offers these rows as one group.
bool offered(const Frame& frame, const Sight& sight) {
    const cv::Mat luma(frame.height(), frame.width(), CV_8U, const_cast<std::uint8_t*>(frame.luma().data()));
    RowFinder finder(luma);
    for (const bool light : {false, true}) {
        for (const float slope : {0.0F, 0.235F, -0.235F}) {
            for (const bool upended : {false, true}) {
                for (const RowGroup& group : finder.groups({upended, slope, light})) {
                    std::vector<Ends> rows;
                    for (const TextRow& r : group) rows.emplace_back(r.left, r.right);
                    if (all_rows_in(rows, sight)) return true;
                }
            }
        }
    }
    return false;
}

std::vector<Ends> rows_of(const MrzReading& reading) {
    std::vector<Ends> out;
    for (const MrzRow& row : reading.rows) {
        const auto middle = [&](std::size_t a, std::size_t b) {
            return cv::Point2f((row.corners[a].x + row.corners[b].x) / 2, (row.corners[a].y + row.corners[b].y) / 2);
        };
        out.emplace_back(middle(0, 3), middle(1, 2));
    }
    return out;
}

std::size_t equal_at(const std::string& read, const std::string& truth, int shift) {
    std::size_t equal = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const auto k = static_cast<std::ptrdiff_t>(i) + shift;
        if (k >= 0 && k < static_cast<std::ptrdiff_t>(read.size()))
            equal += read[static_cast<std::size_t>(k)] == truth[i] && truth[i] != '<' ? 1U : 0U;
    }
    return equal;
}

bool cut_beside(const std::string& read, const std::string& truth) {
    const std::size_t here = equal_at(read, truth, 0);
    const int shifts[] = {-3, -2, -1, 1, 2, 3};
    return std::any_of(std::begin(shifts), std::end(shifts),
                       [&](int shift) { return equal_at(read, truth, shift) > here + 3; });
}

}  // namespace

Lost where_lost(const Visit& visit, const MrzReading* reading, const MrzResult& alone) {
    if (alone.lines == visit.truth) return Lost::nowhere;
    const Sight& sight = visit.sights.front();
    if (!sight.legible()) return Lost::not_there;
    if (reading == nullptr || !all_rows_in(rows_of(*reading), sight)) {
        if (!offered(visit.frames.front(), sight)) return Lost::rows_not_found;
        return reading == nullptr ? Lost::no_zone : Lost::other_rows;
    }
    if (alone.lines.empty() || alone.lines.front().size() != visit.truth.front().size()) return Lost::columns;
    std::size_t wrong = 0;
    bool beside = false;
    for (std::size_t r = 0; r < visit.truth.size(); ++r) {
        beside = beside || cut_beside(alone.lines[r], visit.truth[r]);
        for (std::size_t k = 0; k < visit.truth[r].size(); ++k)
            wrong += alone.lines[r][k] == visit.truth[r][k] ? 0U : 1U;
    }
    if (beside) return Lost::cut_beside;
    return wrong == 1 ? Lost::one_cell : wrong <= 4 ? Lost::few_cells : Lost::many_cells;
}

LostTogether where_lost_together(const Visit& visit, int readings, const MrzResult& together, const MrzPolicy& policy) {
    if (together.state == MrzState::verified) return LostTogether::nowhere;
    if (!visit.legible(2)) return LostTogether::not_there;
    if (readings < 2) return LostTogether::later_frames;
    if (together.lowest < policy.cell_threshold) return LostTogether::unsure;
    if (together.why == MrzWhy::check_digits) return LostTogether::digits;
    return together.frames < policy.frames_to_verify ? LostTogether::unagreed : LostTogether::outvoted;
}

}  // namespace paso::bench
