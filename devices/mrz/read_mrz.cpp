#include "devices/mrz/read_mrz.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <utility>

#include "core/mrz/fusion.hpp"
#include "core/mrz/layout.hpp"
#include "devices/mrz/find_lines.hpp"
#include "devices/mrz/recogniser.hpp"
#include "devices/mrz/rectify.hpp"

namespace paso {

struct MrzTracker::State {
    explicit State(ByteView onnx) : recogniser(onnx) {}
    Recogniser recogniser;
    std::vector<RowGroup> last;  // the rows of each MRZ of the last frame, in frame pixels
    RowPass pass;                // that found them
    int tracked = 0;             // frames since the whole picture was searched
    int barren = 0;              // searches in a row that found no MRZ whose check digits hold
};

namespace {

// Characters beyond the row's own that the paper's edge and what lies beside it may look like.
constexpr std::size_t most_clutter = 6;

// A row as it was recognised, with the strip that tells where its characters stand in the frame.
struct RowSeen {
    Strip strip;
    std::vector<SeenCharacter> characters;
    bool light = false;
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
    bool sound = false;  // and every check digit holds
};

float mean_sure(const std::vector<SeenCharacter>& seen) {
    float sum = 0;
    for (const SeenCharacter& c : seen) sum += c.sure;
    return seen.empty() ? 0 : sum / static_cast<float>(seen.size());
}

// Which ends of the row the strip cuts off: characters stand where its margins should be.
TextRow lengthened(const TextRow& row, const RowSeen& seen) {
    constexpr float more = 8;  // characters
    const std::size_t count = seen.characters.size();
    const float pitch = (seen.characters.back().x - seen.characters.front().x) /
                        static_cast<float>(std::max<std::size_t>(count, 2) - 1);
    const auto width = static_cast<float>(seen.strip.pixels.cols);
    TextRow out = row;
    if (seen.characters.front().x < 1.2F * pitch) out.left -= seen.strip.along * (more * pitch);
    if (seen.characters.back().x > width - 1.2F * pitch) out.right += seen.strip.along * (more * pitch);
    return out;
}

std::optional<RowSeen> read_row(const cv::Mat& luma, TextRow row, Recogniser& recogniser) {
    constexpr int tries = 2;
    std::optional<RowSeen> best;  // a longer strip that gives nothing takes nothing away
    for (int i = 0; i < tries; ++i) {
        RowSeen seen;
        seen.strip = cut_strip(luma, row);
        if (seen.strip.pixels.empty()) break;
        seen.characters = recogniser.read(seen.strip.pixels);
        seen.light = row.light;
        if (seen.characters.size() < 20) break;  // text, but no row of an MRZ
        const TextRow longer = lengthened(row, seen);
        best = std::move(seen);
        if (longer.left == row.left && longer.right == row.right) break;
        row = longer;
    }
    return best;
}

// An MRZ has fillers; upside down, and in any other text, none are read.
float fillers(const std::vector<RowSeen>& rows) {
    constexpr auto filler = static_cast<std::size_t>(mrz_class('<'));
    const float half = std::log(0.5F);
    float count = 0;
    for (const RowSeen& r : rows) {
        for (const SeenCharacter& c : r.characters) count += c.cell[filler] > half ? 1.0F : 0.0F;
    }
    return std::min(0.01F * count, 0.1F);
}

// The rows as they were read; they must come to 30, 36 or 44 characters each.
Candidate fit_rows(std::vector<RowSeen> rows) {
    Candidate c;
    c.rows = std::move(rows);
    const std::size_t columns = nearest_columns(c.rows);
    c.whole = true;
    for (RowSeen& r : c.rows) {
        if (r.characters.size() > columns + most_clutter) return {};  // rows of another kind of text
        r.characters = fit_pitch(std::move(r.characters), columns);
        if (r.characters.size() < 20) return {};
        c.whole = c.whole && r.characters.size() == columns;
    }
    c.worth = worth(c.rows, columns) + fillers(c.rows);
    if (c.whole) {
        const MrzResult result = decide(fuse({}, to_reading(c.rows, {})), {});
        c.sound = !result.lines.empty() && check_digits(result.lines, result.format).all_hold();
    }
    return c;
}

Candidate read_side(const cv::Mat& luma, const RowGroup& group, std::optional<RowSeen> first, Recogniser& recogniser) {
    const auto of_this_group = [&](const std::optional<RowSeen>& row) {
        return row && (group.size() != 3 || row->characters.size() <= 30 + most_clutter);
    };
    if (!of_this_group(first)) return {};
    std::vector<RowSeen> rows{std::move(*first)};
    for (std::size_t i = 1; i < group.size(); ++i) {
        auto row = read_row(luma, group[i], recogniser);
        if (!of_this_group(row)) return {};
        rows.push_back(std::move(*row));
    }
    return fit_rows(std::move(rows));
}

// Text upside down is read as text too, and a row of fillers surely so. The side whose check digits hold is how the
// document lies; else the one that has fillers and is surer.
Candidate read_group(const cv::Mat& luma, const RowGroup& group, Recogniser& recogniser, bool side_known) {
    constexpr float doubtful = 0.80F;  // of the first row: the other side is looked at first
    auto first = read_row(luma, group.front(), recogniser);
    if (side_known) return read_side(luma, group, std::move(first), recogniser);
    const auto over = [&] {
        const RowGroup other = turned_over(group);
        return read_side(luma, other, read_row(luma, other.front(), recogniser), recogniser);
    };
    Candidate other;
    const bool other_first = first && mean_sure(first->characters) < doubtful;
    if (other_first) other = over();
    if (other.sound) return other;
    Candidate here = read_side(luma, group, std::move(first), recogniser);
    if (here.sound) return here;
    if (!other_first) other = over();
    return other.sound || other.worth > here.worth ? other : here;
}

bool better(const Candidate& a, const Candidate& b) { return a.sound != b.sound ? a.sound : a.worth > b.worth; }

// Where a candidate's rows stand, for the next frame.
RowGroup rows_of(const Candidate& c) {
    RowGroup out;
    for (const RowSeen& r : c.rows) {
        const Quad q = corners_of(r);
        const auto middle = [](const Point& a, const Point& b) {
            return cv::Point2f((a.x + b.x) / 2, (a.y + b.y) / 2);
        };
        out.push_back({middle(q[0], q[3]), middle(q[1], q[2]),
                       strip_capital * static_cast<float>(cv::norm(r.strip.down)), r.light});
    }
    return out;
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

bool covers(const std::vector<Candidate>& found, const RowGroup& group) {
    for (const Candidate& c : found) {
        if (!c.sound) continue;
        for (const TextRow& known : rows_of(c)) {
            const cv::Point2f a = (known.left + known.right) * 0.5F;
            for (const TextRow& row : group) {
                if (cv::norm(a - (row.left + row.right) * 0.5F) < 1.5F * known.height) return true;
            }
        }
    }
    return false;
}

// Where the last frame's MRZs stood. Empty when one of them is no longer there or its check digits do not hold.
std::vector<Candidate> track(const cv::Mat& luma, MrzTracker::State& state) {
    constexpr int most_tracked = 10;  // frames; then a second document may have come
    std::vector<Candidate> out;
    if (state.last.empty() || ++state.tracked > most_tracked) return out;
    for (const RowGroup& group : state.last) {
        Candidate c = read_group(luma, group, state.recogniser, true);
        if (!c.sound) return {};
        out.push_back(std::move(c));
    }
    return out;
}

// One pass: true when an MRZ was found whose check digits hold.
bool search_pass(const cv::Mat& luma, RowFinder& finder, const RowPass& pass, MrzTracker::State& state,
                 std::vector<Candidate>& found) {
    bool good = false;
    for (const RowGroup& group : finder.groups(pass)) {
        if (covers(found, group)) continue;
        Candidate c = read_group(luma, group, state.recogniser, false);
        if (c.sound) {
            good = true;
            state.pass = pass;
        }
        if (c.sound || c.worth > 0.5F) found.push_back(std::move(c));
    }
    return good;
}

// The way that the last document lay first, then level, upended, askew, and light text last; what lies otherwise is
// looked for only while no MRZ was found whose check digits hold.
std::vector<Candidate> search(const cv::Mat& luma, MrzTracker::State& state) {
    constexpr int usual_side = 960;
    constexpr int fine_side = 2400;  // for small print in a large picture
    constexpr float askew = 0.21F;
    // Something lies there that cannot be read as it should: the whole search is made every fourth frame only, so that
    // the symbols on it get their time too.
    const bool only_first = state.barren >= 4 && state.barren % 4 != 0;
    std::vector<Candidate> found;
    const int longer = std::max(luma.cols, luma.rows);
    for (const int side : {usual_side, fine_side}) {
        if (side == fine_side && longer < 2 * usual_side + 1) break;
        RowFinder finder(luma, side);
        const RowPass first = state.pass;
        if (search_pass(luma, finder, first, state, found)) return found;
        if (only_first) continue;
        for (const bool light : {false, true}) {
            for (const float slope : {0.0F, askew, -askew}) {
                for (const bool upended : {false, true}) {
                    if (light && slope != 0) continue;
                    if (RowPass{upended, slope, light} == first) continue;
                    if (search_pass(luma, finder, {upended, slope, light}, state, found)) return found;
                }
            }
        }
    }
    return found;
}

std::vector<MrzReading> readings_of(std::vector<Candidate> candidates, const Frame& frame, MrzTracker::State& state) {
    std::stable_sort(candidates.begin(), candidates.end(), better);
    state.last.clear();
    std::vector<MrzReading> out;
    std::vector<const Candidate*> kept;
    for (const Candidate& c : candidates) {
        const bool known = std::any_of(kept.begin(), kept.end(), [&](const Candidate* k) { return overlap(*k, c); });
        if (known) continue;
        kept.push_back(&c);
        if (c.sound) state.last.push_back(rows_of(c));
        out.push_back(to_reading(c.rows, frame));
    }
    return out;
}

}  // namespace

MrzTracker::MrzTracker() : MrzTracker(built_in_net()) {}
MrzTracker::MrzTracker(ByteView onnx) : state_(std::make_unique<State>(onnx)) {}
MrzTracker::~MrzTracker() = default;
MrzTracker::MrzTracker(MrzTracker&&) noexcept = default;
MrzTracker& MrzTracker::operator=(MrzTracker&&) noexcept = default;

void MrzTracker::forget() {
    state_->last.clear();
    state_->pass = {};
    state_->tracked = 0;
    state_->barren = 0;
}

std::vector<MrzReading> read_mrz(const Frame& frame, MrzTracker& tracker) {
    if (!usable(frame)) return {};
    // OpenCV only reads through this view; Frame's pixels stay const.
    const cv::Mat luma(frame.height(), frame.width(), CV_8U, const_cast<std::uint8_t*>(frame.luma().data()));
    MrzTracker::State& state = tracker.state();
    std::vector<Candidate> candidates = track(luma, state);
    if (candidates.empty()) {
        state.tracked = 0;
        candidates = search(luma, state);
        const bool good = std::any_of(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.sound; });
        state.barren = good ? 0 : state.barren + 1;
    }
    return readings_of(std::move(candidates), frame, state);
}

}  // namespace paso
