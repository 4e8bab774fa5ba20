#include "devices/mrz/read_mrz.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "core/mrz/fusion.hpp"
#include "core/mrz/layout.hpp"
#include "core/mrz/pitch.hpp"
#include "devices/mrz/find_lines.hpp"
#include "devices/mrz/ink.hpp"
#include "devices/mrz/marks.hpp"
#include "devices/mrz/recogniser.hpp"
#include "devices/mrz/row_reader.hpp"

namespace paso {

struct MrzTracker::State {
    explicit State(ByteView onnx) : recogniser(onnx) {}
    Recogniser recogniser;
    std::vector<RowGroup> last;  // the rows of each MRZ of the last frame, in frame pixels
    RowPass pass;                // that found them
    int tracked = 0;             // frames since the whole picture was searched
    int barren = 0;              // whole searches in a row that found no MRZ whose check digits hold
    std::size_t turn = 0;        // of the looks that are taken in turn
    int moving = 0;              // frames in a row of something that moves
};

namespace {

// Characters beyond the row's own that the paper's edge and what lies beside it may look like.
constexpr std::size_t most_clutter = 6;
constexpr std::size_t least_columns = 20;

Point point(const cv::Point2f& p) { return {p.x, p.y}; }

// Around the text of a row, as it reads.
Quad corners_of(const RowSeen& row, const RowWindow& window) {
    const float half = window.pitch() / 2;
    const float first = window.at.front() - half, last = window.at.back() + half;
    constexpr float top = (strip_height - strip_capital) / 2, bottom = top + strip_capital;
    return {point(row.at(first, top)), point(row.at(last, top)), point(row.at(last, bottom)),
            point(row.at(first, bottom))};
}

struct Candidate {
    std::vector<RowSeen> rows;
    ZoneCells zone;      // a window for each row; none: no candidate
    float worth = 0;     // how much it looks like an MRZ
    bool sound = false;  // every check digit holds
    bool sure = false;   // and no cell is doubtful
    RowPass pass;        // that found it
};

bool in_view(const cv::Point2f& p, const cv::Size& picture) {
    return p.x >= 0 && p.y >= 0 && p.x < static_cast<float>(picture.width) && p.y < static_cast<float>(picture.height);
}

// Cells of a row that the picture ends before are left out, so that the row is known to be cut off.
MrzRow to_row(const RowSeen& seen, const RowWindow& window, const cv::Size& picture) {
    MrzRow row;
    row.corners = corners_of(seen, window);
    for (std::size_t i = 0; i < window.cells.size(); ++i) {
        if (in_view(seen.at(window.at[i]), picture)) row.cells.push_back(window.cells[i]);
    }
    return row;
}

MrzReading to_reading(const Candidate& c, const cv::Size& picture) {
    MrzReading reading;
    for (std::size_t i = 0; i < c.rows.size(); ++i) reading.rows.push_back(to_row(c.rows[i], c.zone.rows[i], picture));
    const Quad& first = reading.rows.front().corners;
    const Quad& last = reading.rows.back().corners;
    reading.corners = {first[0], first[1], last[2], last[3]};
    return reading;
}

// Whether light burns out what lies between two places along the strip: paper and ink are white there. Either that is
// much lighter than the paper just before, or the ink just before has begun to fade: paper may be as white.
bool burnt_out(const cv::Mat& strip, float from, float to, float last_cells) {
    constexpr double white = 240, more_than_paper = 12;
    const int first = std::max(0, static_cast<int>(from)), last = std::min(strip.cols, static_cast<int>(to) + 1);
    if (first >= last) return false;
    const double here = cv::mean(strip.colRange(first, last))[0];
    const int end = std::max(0, first - static_cast<int>(last_cells));
    if (here <= white || end == 0) return false;
    const cv::Mat before = strip.colRange(0, end), cells = strip.colRange(end, first);
    const int ink = level_of(before, 0.04), paper = level_of(cells, 0.7);
    return here > paper + more_than_paper || level_of(cells, 0.03) > ink + (paper - ink) / 2;
}

// Whether the place after a row's last cell is seen, inside the picture and the strip, and empty.
bool ends_there(const RowSeen& row, const RowWindow& window, const cv::Size& picture) {
    const float pitch = window.pitch();
    const float from = window.at.back() + 0.6F * pitch, beyond = window.at.back() + 1.1F * pitch,
                to = window.at.back() + 1.4F * pitch;
    if (beyond * step_pixels >= static_cast<float>(row.strip.pixels.cols) || !in_view(row.at(beyond), picture))
        return false;
    if (burnt_out(row.strip.pixels, from * step_pixels, to * step_pixels, 2 * pitch * step_pixels)) return false;
    return std::none_of(row.peaks.begin(), row.peaks.end(),
                        [&](const RowPeak& p) { return p.at() > from && p.at() < to; });
}

// A visa of 44 columns that is seen in part looks like one of 36, and no check digit tells: its last cell is doubted.
void doubt_open_end(Candidate& c, const cv::Size& picture) {
    const MrzCell& first = c.zone.rows.front().cells.front();
    const bool visa = std::max_element(first.begin(), first.end()) - first.begin() == mrz_class('V');
    if (!visa || c.zone.shape.columns != shape(MrzFormat::mrv_b).columns) return;
    for (std::size_t i = 0; i < c.rows.size(); ++i) {
        if (ends_there(c.rows[i], c.zone.rows[i], picture)) continue;
        MrzCell& last = c.zone.rows[i].cells.back();
        const auto best = std::max_element(last.begin(), last.end()) - last.begin();
        last.fill(std::log((1 - left_in_doubt) / static_cast<float>(last.size() - 1)));
        last[static_cast<std::size_t>(best)] = std::log(left_in_doubt);
    }
}

// The same, but letters that bear a mark are doubted, and the end of a visa that is not seen.
Candidate with_doubts(Candidate c, const cv::Size& picture) {
    for (std::size_t i = 0; i < c.rows.size(); ++i) doubt_marked(c.rows[i].strip.pixels, c.zone.rows[i]);
    doubt_open_end(c, picture);
    return c;
}

// Mean certainty of the cells. An MRZ has fillers; upside down, and in any other text, none are read.
float worth_of(const ZoneCells& zone) {
    constexpr auto filler = static_cast<std::size_t>(mrz_class('<'));
    const float half = std::log(0.5F);
    float sure = 0, fillers = 0, cells = 0;
    for (const RowWindow& row : zone.rows) {
        for (const MrzCell& cell : row.cells) {
            sure += std::exp(*std::max_element(cell.begin(), cell.end()));
            fillers += cell[filler] > half ? 1.0F : 0.0F;
            cells += 1;
        }
    }
    if (cells == 0) return 0;
    return sure / cells + std::min(0.01F * fillers, 0.1F) + (zone.rows.size() == 3 ? 0.02F : 0.0F);
}

// The rows on one axis, the direction of the first.
void align(std::vector<RowSeen>& rows) {
    const cv::Point2f& along = rows.front().strip.along;
    const cv::Point2f axis = along / std::max(static_cast<float>(cv::norm(along)), 1e-6F);
    for (RowSeen& r : rows) {
        r.steps.origin = axis.dot(r.at(0));
        r.steps.along = axis.dot(r.strip.along) * step_pixels;
    }
}

// Rows that were found below each other may be cut from the same print, where their true height was measured.
bool apart(const RowSeen& a, const RowSeen& b) {
    constexpr float least = 1.3F * strip_capital;  // Doc 9303: at least 1.7 heights of a capital
    const auto middle = [](const RowSeen& r) { return r.at(static_cast<float>(r.steps.steps.size()) / 2); };
    const cv::Point2f &along = a.strip.along, down{-along.y, along.x};
    return std::abs((middle(b) - middle(a)).dot(down)) / along.dot(along) > least;
}

// The rows cut into 30, 36 or 44 cells each.
Candidate fit_rows(std::vector<RowSeen> rows, const cv::Size& picture) {
    Candidate c;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (!apart(rows[i - 1], rows[i])) return {};
    }
    align(rows);
    std::vector<RowSteps> steps;
    steps.reserve(rows.size());
    for (RowSeen& r : rows) steps.push_back(std::move(r.steps));
    auto zone = cut_zone(steps);
    if (!zone) return {};
    c.rows = std::move(rows);
    c.zone = std::move(*zone);
    c.worth = worth_of(c.zone);
    const MrzResult result = decide(fuse({}, to_reading(c, picture)), {});

    c.sound = !result.lines.empty() && check_digits(result.lines, result.format).all_hold();
    c.sure = result.state == MrzState::single_frame;
    return c;
}

// Two rows of 30 may be the lower ones of a Swiss licence; the short one of 9 stands above them.
Candidate licence_above(const RowSeen& second, const RowSeen& third, RowReader& reader) {
    constexpr std::size_t short_row = columns(MrzFormat::swiss_licence, 0), long_row = 30;
    const auto b = row_windows(second.steps, long_row, 1), c = row_windows(third.steps, long_row, 1);
    if (b.empty() || c.empty()) return {};
    const cv::Point2f first = second.at(b.front().at.front()), last = second.at(b.front().at.back());
    const cv::Point2f pitch = (last - first) / static_cast<float>(long_row - 1);
    const cv::Point2f above = first + (first - third.at(c.front().at.front()));
    const RowSeen& top = reader.read({above - pitch * 0.6F, above + pitch * (static_cast<float>(short_row) - 0.4F),
                                      strip_capital * second.strip.scale(), second.light});
    const auto a = row_windows(top.steps, short_row, 1);
    if (a.empty() || cv::norm(top.at(a.front().at.front()) - above) > cv::norm(pitch)) return {};
    Candidate out;
    out.rows = {top, second, third};
    out.zone = {shape(MrzFormat::swiss_licence), {a.front(), b.front(), c.front()}, 0};
    out.worth = worth_of(out.zone);
    out.sound = is_swiss_licence(decide(fuse({}, to_reading(out, reader.picture())), {}).lines);
    return out;
}

// The rows as they are read from one side.
Candidate read_side(const RowGroup& group, RowReader& reader) {
    const std::size_t most = (group.size() == 3 ? 30 : 44) + most_clutter;
    std::vector<RowSeen> rows;
    for (const TextRow& row : group) {
        const RowSeen& seen = reader.read(row);
        if (seen.columns < least_columns || seen.columns > most) return {};
        rows.push_back(seen);
    }
    const auto about_30 = [](const RowSeen& r) { return r.columns >= 28 && r.columns <= 32; };
    if (rows.size() == 2 && std::all_of(rows.begin(), rows.end(), about_30)) {
        Candidate licence = licence_above(rows[0], rows[1], reader);
        if (licence.sound) return licence;
    }
    return fit_rows(std::move(rows), reader.picture());
}

// Text upside down is read as text too, and a row of fillers surely so. The side on which the first row reads surer is
// tried first, and the other where that gives no MRZ whose check digits hold.
Candidate read_group(const RowGroup& group, RowReader& reader, bool side_known) {
    constexpr float surely = 0.93F;          // of the row as it lies: the other side is not looked at
    constexpr float clearly = 0.25F;         // surer than the other side
    constexpr std::size_t hardly_text = 10;  // columns
    if (side_known) return read_side(group, reader);
    const RowGroup other = turned_over(group);
    const RowSeen& here = reader.read(group.front());
    if (here.columns < hardly_text) return {};
    const float over = here.sure >= surely ? 0 : reader.read(other.back()).sure;
    const bool here_first = here.sure >= over;
    Candidate first = read_side(here_first ? group : other, reader);
    if (first.sound || (over > 0 && std::abs(here.sure - over) > clearly)) return first;
    Candidate second = read_side(here_first ? other : group, reader);
    return second.sound || second.worth > first.worth ? second : first;
}

bool better(const Candidate& a, const Candidate& b) { return a.sound != b.sound ? a.sound : a.worth > b.worth; }

// Where a candidate's rows stand, for the next frame.
RowGroup rows_of(const Candidate& c) {
    RowGroup out;
    for (std::size_t i = 0; i < c.rows.size(); ++i) {
        const RowSeen& r = c.rows[i];
        const Quad q = corners_of(r, c.zone.rows[i]);
        const auto middle = [](const Point& a, const Point& b) {
            return cv::Point2f((a.x + b.x) / 2, (a.y + b.y) / 2);
        };
        out.push_back({middle(q[0], q[3]), middle(q[1], q[2]), strip_capital * r.strip.scale(), r.light});
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
            if (cv::norm(d) < x.strip.scale() * strip_height) return true;
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
std::vector<Candidate> track(RowReader& reader, MrzTracker::State& state) {
    constexpr int most_tracked = 10;  // frames; then a second document may have come
    std::vector<Candidate> out;
    if (state.last.empty() || ++state.tracked > most_tracked) return out;
    for (const RowGroup& group : state.last) {
        Candidate c = read_group(group, reader, true);
        if (!c.sound) return {};
        out.push_back(std::move(c));
    }
    return out;
}

// 30 characters and more, some of which glare may hide, beside the height of one.
bool long_enough(const RowGroup& group) {
    constexpr float least = 13;
    return std::any_of(group.begin(), group.end(), [](const TextRow& r) { return r.length() > least * r.height; });
}

// One pass: true when an MRZ was found whose check digits hold. On a busy ground what is no such MRZ is no row either.
bool search_pass(RowReader& reader, RowFinder& finder, const RowPass& pass, MrzTracker::State& state,
                 std::vector<Candidate>& found) {
    bool good = false;
    for (const RowGroup& group : finder.groups(pass)) {
        if (covers(found, group) || !long_enough(group)) continue;
        Candidate c = read_group(group, reader, false);
        c.pass = pass;
        if (c.sound) {
            good = true;
            state.pass = pass;
        }
        if (c.sound || (c.worth > 0.5F && finder.ground() == Ground::quiet)) found.push_back(std::move(c));
    }
    return good;
}

// One pass over the picture made smaller.
struct Look {
    int side;  // the longer one, pixels
    Ground ground;
    RowPass pass;
};

// Every look at a picture, in order: the way that the last document lay first, then level, upended, askew, and light
// text last; then the same at other sizes. `busy`: large characters of thin strokes on a ground as dark as they too.
std::vector<Look> looks_at(const cv::Mat& luma, const RowPass& first, bool busy) {
    constexpr int usual_side = 960, coarse_side = 480;
    constexpr int fine_side = 2400;  // for small print in a large picture
    constexpr float askew = 0.225F;  // from 5 to 21 degrees
    std::vector<std::pair<int, Ground>> sizes{{usual_side, Ground::quiet}};
    if (busy) sizes.emplace_back(coarse_side, Ground::busy);
    if (std::max(luma.cols, luma.rows) > 2 * usual_side) sizes.emplace_back(fine_side, Ground::quiet);
    std::vector<Look> out;
    for (const auto& [side, ground] : sizes) {
        out.push_back({side, ground, first});
        for (const bool light : {false, true}) {
            for (const float slope : {0.0F, askew, -askew}) {
                for (const bool upended : {false, true}) {
                    const RowPass pass{upended, slope, light};
                    if ((light && slope != 0) || pass == first) continue;
                    out.push_back({side, ground, pass});
                }
            }
        }
    }
    return out;
}

// The looks, in order, until an MRZ is found whose check digits hold. What lies otherwise than it is not looked for.
std::vector<Candidate> look(const cv::Mat& luma, const std::vector<Look>& looks, RowReader& reader,
                            MrzTracker::State& state, bool whole) {
    constexpr int most_strips = 10;
    std::vector<Candidate> found;
    std::optional<RowFinder> finder;
    int side = 0;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        const Look& look = looks[i];
        if (!whole && i > 1 && reader.strips() >= most_strips) break;
        if (!whole && i > 0) ++state.turn;
        if (look.side != side) finder.emplace(luma, side = look.side, look.ground);
        if (search_pass(reader, *finder, look.pass, state, found)) return found;
    }
    // What looks most like an MRZ, though its check digits do not hold, is to be looked at first in every frame.
    const auto best = std::max_element(found.begin(), found.end(),
                                       [](const Candidate& a, const Candidate& b) { return a.worth < b.worth; });
    if (whole && best != found.end()) state.pass = best->pass;
    return found;
}

// A stamp joins rows that lie askew to one blob: they are looked for without its ink, and read as they are.
std::vector<Candidate> look_under_ink(const Frame& frame, RowReader& reader, MrzTracker::State& state) {
    const cv::Size2f size(static_cast<float>(frame.width()), static_cast<float>(frame.height()));
    const cv::Mat light = without_coloured_ink(frame, {{size.width / 2, size.height / 2}, size, 0});
    if (light.empty()) return {};
    std::vector<Look> looks = looks_at(light, state.pass, false);
    const int side = looks.front().side;
    std::erase_if(looks, [&](const Look& l) { return l.pass.light || l.side != side; });
    return look(light, looks, reader, state, true);
}

// Something that moves, or cannot be read in four frames, gets the first look and a few of the others in turn, fewer
// where there is much text, so that a frame costs no more than it has time, and the symbols on it get theirs.
std::vector<Candidate> search(const Frame& frame, const cv::Mat& luma, RowReader& reader, MrzTracker::State& state,
                              MrzEffort effort) {
    constexpr int whole_searches = 4;
    constexpr std::size_t in_turn = 3;
    const bool whole = effort == MrzEffort::whole && state.barren < whole_searches;
    std::vector<Look> looks = looks_at(luma, state.pass, !whole || state.barren == 0);
    if (!whole) {
        const auto others = static_cast<std::ptrdiff_t>(looks.size()) - 1;
        std::rotate(looks.begin() + 1, looks.begin() + 1 + static_cast<std::ptrdiff_t>(state.turn) % others,
                    looks.end());
        looks.resize(1 + in_turn, looks.front());
    }
    std::vector<Candidate> found = look(luma, looks, reader, state, whole);
    return found.empty() && whole ? look_under_ink(frame, reader, state) : found;
}

// Where a candidate's rows stand, and a character more on each side.
cv::RotatedRect around(const RowGroup& rows) {
    std::vector<cv::Point2f> corners;
    for (const TextRow& r : rows) {
        const cv::Point2f along = (r.right - r.left) * (r.height / std::max(r.length(), 1.0F));
        const cv::Point2f down(-along.y, along.x);
        for (const float way : {-1.0F, 1.0F}) {
            corners.push_back(r.left - along + down * way);
            corners.push_back(r.right + along + down * way);
        }
    }
    return cv::minAreaRect(corners);
}

// Two opinions of the same cells: neither is believed alone where they differ.
void share_doubts(Candidate& a, const Candidate& b) {
    for (std::size_t r = 0; r < a.zone.rows.size(); ++r) {
        std::vector<MrzCell>& cells = a.zone.rows[r].cells;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const MrzCell& other = b.zone.rows[r].cells[i];
            float total = 0;
            for (std::size_t k = 0; k < other.size(); ++k)
                total += std::exp(cells[i][k] = (cells[i][k] + other[k]) / 2);
            for (float& p : cells[i]) p -= std::log(total);
        }
    }
}

// A stamp may lie over the rows: where there is coloured ink they are read again without it.
void read_under_ink(const Frame& frame, std::vector<Candidate>& found, Recogniser& recogniser) {
    constexpr float text = 0.6F;  // of worth; what is less is no print that a stamp hides
    const bool sure = std::any_of(found.begin(), found.end(), [](const Candidate& c) { return c.sure; });
    for (Candidate& c : found) {
        if (c.worth < text || (sure && !c.sure)) continue;
        const RowGroup rows = rows_of(c);
        const cv::Mat light = without_coloured_ink(frame, around(rows));
        if (light.empty()) continue;
        RowReader reader(light, recogniser);
        Candidate again = read_group(rows, reader, c.sound);
        if (!again.sound) continue;
        if (c.sure && again.zone.shape == c.zone.shape) {
            share_doubts(c, again);
        } else if (again.sure || again.worth > c.worth) {
            c = std::move(again);
        }
    }
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
        const cv::Size picture{frame.width(), frame.height()};
        out.push_back(to_reading(with_doubts(c, picture), picture));
        out.back().frame = frame.sequence();
        out.back().captured = frame.captured();
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
    state_->turn = 0;
    state_->moving = 0;
}

std::vector<MrzReading> read_mrz(const Frame& frame, MrzTracker& tracker, MrzEffort effort) {
    constexpr int brought = 5;  // frames of movement that bring another document; a trembling hand has fewer
    if (!usable(frame)) return {};
    // OpenCV only reads through this view; Frame's pixels stay const.
    const cv::Mat luma(frame.height(), frame.width(), CV_8U, const_cast<std::uint8_t*>(frame.luma().data()));
    MrzTracker::State& state = tracker.state();
    RowReader reader(luma, state.recogniser);
    std::vector<Candidate> candidates = track(reader, state);
    const bool tracked = !candidates.empty();
    if (!tracked) {
        state.tracked = 0;
        candidates = search(frame, luma, reader, state, effort);
        const bool good = std::any_of(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.sound; });
        if (good) {
            state.barren = 0;
        } else if (effort == MrzEffort::whole) {
            ++state.barren;
        }
    }
    state.moving = effort == MrzEffort::in_turn ? state.moving + 1 : 0;
    if (state.moving >= brought) state.barren = 0;
    if (tracked || effort == MrzEffort::whole) read_under_ink(frame, candidates, state.recogniser);
    return readings_of(std::move(candidates), frame, state);
}

}  // namespace paso
