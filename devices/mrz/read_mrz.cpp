#include "devices/mrz/read_mrz.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <utility>

#include "devices/mrz/find_lines.hpp"
#include "devices/mrz/recogniser.hpp"
#include "devices/mrz/rectify.hpp"

namespace paso {

struct MrzTracker::State {
    explicit State(ByteView onnx) : recogniser(onnx) {}
    Recogniser recogniser;
};

namespace {

// Characters beyond the row's own that the paper's edge and what lies beside it may look like.
constexpr std::size_t most_clutter = 6;

// A row as it was recognised, with the strip that tells where its characters stand in the frame.
struct RowSeen {
    Strip strip;
    std::vector<SeenCharacter> characters;
};

// The number of columns that rows of these lengths are nearest to, for a group of this many rows.
std::size_t nearest_columns(const std::vector<RowSeen>& rows) {
    std::size_t longest = 0;
    for (const RowSeen& r : rows) longest = std::max(longest, r.characters.size());
    if (rows.size() == 3) return 30;
    return longest <= 39 ? 36 : 44;
}

Point point(const cv::Point2f& p) { return {p.x, p.y}; }

Quad corners_of(const RowSeen& row) {
    const float pitch = row.characters.size() < 2 ? strip_capital
                                                  : (row.characters.back().x - row.characters.front().x) /
                                                        static_cast<float>(row.characters.size() - 1);
    const float left = row.characters.front().x - pitch / 2;
    const float right = row.characters.back().x + pitch / 2;
    const float top = (strip_height - strip_capital) / 2.0F;
    const float bottom = top + strip_capital;
    return {point(row.strip.at(left, top)), point(row.strip.at(right, top)), point(row.strip.at(right, bottom)),
            point(row.strip.at(left, bottom))};
}

MrzReading to_reading(const std::vector<RowSeen>& rows, const Frame& frame) {
    MrzReading reading;
    for (const RowSeen& r : rows) {
        MrzRow row;
        row.corners = corners_of(r);
        for (const SeenCharacter& c : r.characters) row.cells.push_back(c.cell);
        reading.rows.push_back(std::move(row));
    }
    const Quad& first = reading.rows.front().corners;
    const Quad& last = reading.rows.back().corners;
    reading.corners = {first[0], first[1], last[2], last[3]};
    reading.frame = frame.sequence();
    reading.captured = frame.captured();
    return reading;
}

// How much a group looks like an MRZ: mean certainty, less for each cell too many or too few.
float worth(const std::vector<RowSeen>& rows, std::size_t columns) {
    float sure = 0;
    std::size_t cells = 0;
    std::size_t off = 0;
    for (const RowSeen& r : rows) {
        for (const SeenCharacter& c : r.characters) sure += c.sure;
        cells += r.characters.size();
        off += columns - std::min(columns, r.characters.size());
    }
    if (cells == 0) return 0;
    return sure / static_cast<float>(cells) - 0.05F * static_cast<float>(off) + (rows.size() == 3 ? 0.02F : 0.0F);
}

struct Candidate {
    std::vector<RowSeen> rows;
    float worth = 0;
    bool whole = false;  // every row has its 30, 36 or 44 characters
};

Candidate read_group(const cv::Mat& luma, const RowGroup& group, Recogniser& recogniser) {
    Candidate c;
    for (const TextRow& row : group) {
        RowSeen seen;
        seen.strip = cut_strip(luma, row);
        if (!seen.strip.pixels.empty()) seen.characters = recogniser.read(seen.strip.pixels);
        if (seen.characters.size() < 20) return {};  // text, but no row of an MRZ
        c.rows.push_back(std::move(seen));
    }
    const std::size_t columns = nearest_columns(c.rows);
    c.whole = true;
    for (RowSeen& r : c.rows) {
        if (r.characters.size() > columns + most_clutter) return {};  // rows of another kind of text
        r.characters = fit_pitch(std::move(r.characters), columns);
        if (r.characters.size() < 20) return {};
        c.whole = c.whole && r.characters.size() == columns;
    }
    c.worth = worth(c.rows, columns);
    return c;
}

// A frame that lies about its size is no picture; OpenCV's warps end at 32767 pixels a side.
bool usable(const Frame& frame) {
    constexpr int max_side = 16384;
    if (frame.empty() || frame.width() <= 0 || frame.height() <= 0) return false;
    if (frame.width() > max_side || frame.height() > max_side) return false;
    return frame.planes().size() >= static_cast<std::size_t>(frame.width()) * static_cast<std::size_t>(frame.height());
}

bool overlap(const Candidate& a, const Candidate& b) {
    for (const RowSeen& x : a.rows) {
        for (const RowSeen& y : b.rows) {
            const cv::Point2f d = x.strip.at(0, strip_height / 2.0F) - y.strip.at(0, strip_height / 2.0F);
            if (cv::norm(d) < cv::norm(x.strip.down) * strip_height) return true;
        }
    }
    return false;
}

}  // namespace

MrzTracker::MrzTracker() : MrzTracker(built_in_net()) {}
MrzTracker::MrzTracker(ByteView onnx) : state_(std::make_unique<State>(onnx)) {}
MrzTracker::~MrzTracker() = default;
MrzTracker::MrzTracker(MrzTracker&&) noexcept = default;
MrzTracker& MrzTracker::operator=(MrzTracker&&) noexcept = default;

std::vector<MrzReading> read_mrz(const Frame& frame, MrzTracker& tracker) {
    if (!usable(frame)) return {};
    // OpenCV only reads through this view; Frame's pixels stay const.
    const cv::Mat luma(frame.height(), frame.width(), CV_8U, const_cast<std::uint8_t*>(frame.luma().data()));
    // Level first; a document that lies askew is looked for only when no whole MRZ was found so.
    std::vector<Candidate> candidates;
    for (const float slope : {0.0F, 0.21F, -0.21F}) {
        bool found = false;
        for (const RowGroup& group : find_row_groups(luma, slope)) {
            Candidate c = read_group(luma, group, tracker.state().recogniser);
            found = found || (c.whole && c.worth > 0.7F);
            if (c.worth > 0.5F) candidates.push_back(std::move(c));
        }
        if (found) break;
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.worth > b.worth; });
    std::vector<MrzReading> out;
    std::vector<const Candidate*> kept;
    for (const Candidate& c : candidates) {
        const bool known = std::any_of(kept.begin(), kept.end(), [&](const Candidate* k) { return overlap(*k, c); });
        if (known) continue;
        kept.push_back(&c);
        out.push_back(to_reading(c.rows, frame));
    }
    return out;
}

}  // namespace paso
