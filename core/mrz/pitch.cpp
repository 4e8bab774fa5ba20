#include "core/mrz/pitch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/mrz/layout.hpp"

namespace paso {
namespace {

constexpr std::size_t none = 37;
constexpr std::size_t least_characters = 8;
constexpr float least_log = -7.0F;  // no single place decides alone
constexpr float reach = 0.42F;      // of the pitch: how far from its middle a cell is looked for
constexpr int beside = 8;           // cells on each side that should be empty

// The usual distance of neighbours: the mean of those near the middle one, for steps are coarse.
float usual_gap(std::span<const RowPeak> peaks) {
    std::vector<float> gaps;
    for (std::size_t i = 1; i < peaks.size(); ++i) gaps.push_back(peaks[i].at() - peaks[i - 1].at());
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::nth_element(gaps.begin(), middle, gaps.end());
    const float usual = *middle;
    float sum = 0, count = 0;
    for (const float gap : gaps) {
        if (gap < 0.6F * usual || gap > 1.45F * usual) continue;
        sum += gap;
        count += 1;
    }
    return sum / count;
}

// Where cell i stands: a + b i + c i^2.
struct Ruler {
    double a = 0, b = 1, c = 0;
    [[nodiscard]] double at(double i) const { return a + b * i + c * i * i; }
    [[nodiscard]] double pitch(double i) const { return b + 2 * c * i; }
};

struct Mark {
    double cell;
    double at;
};

// Least squares through the marks; a straight line where they are few.
Ruler ruler_through(const std::vector<Mark>& marks, bool bent) {
    double s[5] = {}, m[3] = {};
    for (const Mark& k : marks) {
        double power = 1;
        for (int i = 0; i < 5; ++i) {
            s[i] += power;
            if (i < 3) m[i] += power * k.at;
            power *= k.cell;
        }
    }
    if (bent) {
        const double d = s[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (s[1] * s[4] - s[2] * s[3]) +
                         s[2] * (s[1] * s[3] - s[2] * s[2]);
        if (std::abs(d) > 1e-9) {
            const auto solve = [&](double x0, double x1, double x2, int column) {
                double q[3][3] = {{s[0], s[1], s[2]}, {s[1], s[2], s[3]}, {s[2], s[3], s[4]}};
                q[0][column] = x0;
                q[1][column] = x1;
                q[2][column] = x2;
                return (q[0][0] * (q[1][1] * q[2][2] - q[1][2] * q[2][1]) -
                        q[0][1] * (q[1][0] * q[2][2] - q[1][2] * q[2][0]) +
                        q[0][2] * (q[1][0] * q[2][1] - q[1][1] * q[2][0])) /
                       d;
            };
            return {solve(m[0], m[1], m[2], 0), solve(m[0], m[1], m[2], 1), solve(m[0], m[1], m[2], 2)};
        }
    }
    const double d = s[0] * s[2] - s[1] * s[1];
    if (std::abs(d) < 1e-9) return {};
    return {(m[0] * s[2] - m[1] * s[1]) / d, (s[0] * m[1] - s[1] * m[0]) / d, 0};
}

// The even pitch of a row: cell 0 is where the first peak stands.
std::optional<Ruler> ruler_of(std::span<const RowPeak> peaks) {
    if (peaks.size() < least_characters) return std::nullopt;
    const float gap = usual_gap(peaks);
    if (gap < 1) return std::nullopt;
    std::vector<Mark> marks;
    double pitch = gap;
    for (const RowPeak& peak : peaks) {
        if (peak.to - peak.from > gap) continue;  // several that run together
        if (marks.empty()) {
            marks.push_back({0, peak.at()});
            continue;
        }
        const double cells = (peak.at() - marks.back().at) / pitch;
        if (cells < 0.55) continue;  // one character seen twice
        marks.push_back({marks.back().cell + std::max(1.0, std::round(cells)), peak.at()});
        if (marks.size() >= least_characters) {  // what is far from its neighbours in scale corrects the pitch slowly
            const Mark& before = marks[marks.size() - least_characters];
            pitch = (marks.back().at - before.at) / (marks.back().cell - before.cell);
            pitch = std::clamp(pitch, 0.85 * gap, 1.2 * gap);
        }
    }
    if (marks.size() < least_characters) return std::nullopt;
    Ruler ruler = ruler_through(marks, marks.size() >= 16);
    // Once more without what stands off: the paper's edge, dirt.
    std::vector<Mark> good;
    for (const Mark& m : marks) {
        if (std::abs(ruler.at(m.cell) - m.at) < 0.3 * gap) good.push_back(m);
    }
    if (good.size() >= least_characters) ruler = ruler_through(good, good.size() >= 16);
    if (ruler.pitch(0) < 0.7 * gap || ruler.pitch(marks.back().cell) < 0.7 * gap) return std::nullopt;
    return ruler;
}

float log_some(const MrzStep& step) { return std::log1p(-std::min(std::exp(step[none]), 0.9995F)); }

// One place of the ruler: the step near it that shows a character best.
struct Place {
    std::size_t step = 0;
    bool seen = false;  // the row reaches so far
    float some = least_log;
    float nothing = 0;
};

Place place_at(const std::vector<MrzStep>& steps, const Ruler& ruler, int cell) {
    const double middle = ruler.at(cell), half = reach * ruler.pitch(cell);
    const int from = std::max(0, static_cast<int>(std::ceil(middle - half)));
    const int to = std::min(static_cast<int>(steps.size()) - 1, static_cast<int>(std::floor(middle + half)));
    Place out;
    for (int t = from; t <= to; ++t) {
        const float some = std::max(least_log, log_some(steps[static_cast<std::size_t>(t)]));
        // Of equals the nearest to the middle.
        const bool nearer = std::abs(t - middle) < std::abs(static_cast<double>(out.step) - middle);
        if (!out.seen || some > out.some || (some == out.some && nearer)) {
            out = {static_cast<std::size_t>(t), true, some,
                   std::max(least_log, steps[static_cast<std::size_t>(t)][none])};
        }
    }
    return out;
}

// The characters' share of what was seen; as much as nothing was seen, every character is as likely.
MrzCell cell_of(const MrzStep& step) {
    const float missing = std::exp(step[none]);
    const float even = missing / static_cast<float>(none);
    MrzCell out{};
    for (std::size_t k = 0; k < none; ++k) out[k] = std::log(std::max(std::exp(step[k]) + even, 1e-12F));
    return out;
}

MrzCell unknown_cell() {
    MrzCell out{};
    out.fill(-std::log(static_cast<float>(none)));
    return out;
}

RowWindow window_at(const std::vector<MrzStep>& steps, const Ruler& ruler, std::span<const Place> places,
                    int first_cell, float likelihood) {
    RowWindow out;
    out.likelihood = likelihood;
    for (std::size_t i = 0; i < places.size(); ++i) {
        out.cells.push_back(places[i].seen ? cell_of(steps[places[i].step]) : unknown_cell());
        out.at.push_back(static_cast<float>(ruler.at(first_cell + static_cast<int>(i))));
    }
    return out;
}

// A character that a position's grammar does not expect.
constexpr float unexpected = 0.02F;

float grammar_of(const MrzCell& cell, CellKind kind) {
    if (kind == CellKind::any) return 0;
    float against = 0;
    for (std::size_t k = 0; k < none; ++k) against += expected(kind, mrz_alphabet[k]) ? 0 : std::exp(cell[k]);
    return std::log(std::max(1 - against * (1 - unexpected), unexpected));
}

float grammar_of(const std::vector<const RowWindow*>& rows, MrzFormat format) {
    float out = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t c = 0; c < rows[r]->cells.size(); ++c)
            out += grammar_of(rows[r]->cells[c], cell_kind(format, static_cast<int>(r), static_cast<int>(c)));
    }
    return out;
}

// What rows cost that do not begin below each other, by the square of what is between them in cells.
float alignment(const std::vector<const RowWindow*>& windows, std::span<const RowSteps> rows) {
    constexpr float most = 0.3F;  // cells, that cost nothing: paper is seen askew
    float out = 0;
    for (std::size_t r = 1; r < windows.size(); ++r) {
        const auto place = [&](std::size_t i, std::size_t cell) {
            return rows[i].origin + rows[i].along * windows[i]->at[cell];
        };
        const std::size_t last = windows[r]->at.size() - 1;
        const float pitch = (place(r, last) - place(r, 0)) / static_cast<float>(last);
        const float left = (place(r, 0) - place(r - 1, 0)) / pitch;
        const float right = (place(r, last) - place(r - 1, last)) / pitch;
        const float off = std::max(0.0F, std::abs(left + right) / 2 - most);
        out -= 25 * off * off + 0.5F * (left - right) * (left - right);
    }
    return std::max(out, -60.0F);
}

// The likeliest choice of a window for each row. Formats of the shape are tried on the best few.
void choose(std::span<const RowSteps> rows, MrzShape shape, std::optional<ZoneCells>& best) {
    std::vector<std::vector<RowWindow>> options;
    for (const RowSteps& row : rows) {
        options.push_back(row_windows(row, shape.columns));
        if (options.back().empty()) return;
    }
    std::vector<std::size_t> index(rows.size(), 0);
    for (bool more = true; more;) {
        std::vector<const RowWindow*> chosen;
        float likelihood = 0;
        for (std::size_t r = 0; r < rows.size(); ++r) {
            chosen.push_back(&options[r][index[r]]);
            likelihood += chosen.back()->likelihood;
        }
        likelihood += alignment(chosen, rows);
        if (!best || likelihood > best->likelihood) {  // the grammar only takes away
            float grammar = -std::numeric_limits<float>::infinity();
            for (const MrzFormat f : mrz_formats) {
                if (f == MrzFormat::swiss_licence || paso::shape(f).rows != shape.rows ||
                    paso::shape(f).columns != shape.columns)
                    continue;
                grammar = std::max(grammar, grammar_of(chosen, f));
            }
            if (!best || likelihood + grammar > best->likelihood) {
                best = ZoneCells{shape, {}, likelihood + grammar};
                for (const RowWindow* w : chosen) best->rows.push_back(*w);
            }
        }
        more = false;
        for (std::size_t r = 0; r < rows.size() && !more; ++r) {
            if (++index[r] < options[r].size()) {
                more = true;
            } else {
                index[r] = 0;
            }
        }
    }
}

}  // namespace

std::vector<RowPeak> row_peaks(const RowSteps& row) {
    std::vector<RowPeak> out;
    std::size_t last = none;
    for (std::size_t t = 0; t < row.steps.size(); ++t) {
        const MrzStep& step = row.steps[t];
        const auto best = static_cast<std::size_t>(std::max_element(step.begin(), step.end()) - step.begin());
        const float sure = std::exp(step[best]);
        const auto at = static_cast<float>(t);
        if (best != none && best != last) {
            out.push_back({at, at, sure});
        } else if (best != none) {
            out.back() = {out.back().from, at, std::max(out.back().sure, sure)};
        }
        last = best;
    }
    return out;
}

std::size_t row_columns(std::span<const RowPeak> peaks) {
    if (peaks.size() < least_characters) return 0;
    const float gap = std::max(usual_gap(peaks), 1.0F);
    const float usual_run = 0.6F * gap;  // steps that show one character
    const float length = peaks.back().to - peaks.front().from + 1 - usual_run;
    return static_cast<std::size_t>(std::lround(std::max(0.0F, length) / gap)) + 1;
}

std::vector<RowWindow> row_windows(const RowSteps& row, std::size_t columns, std::size_t most) {
    const std::vector<RowPeak> peaks = row_peaks(row);
    const auto ruler = ruler_of(peaks);
    if (!ruler || columns == 0) return {};
    // Every place of the ruler on the row, and as many beyond both ends as a window may need.
    const int spare = static_cast<int>(columns) + beside;
    const auto cells = static_cast<int>((peaks.back().to - peaks.front().from) / std::max(1.0, ruler->pitch(0))) + 2;
    const int first = -spare;
    std::vector<Place> places;
    for (int i = first; i < cells + spare; ++i) places.push_back(place_at(row.steps, *ruler, i));
    const auto count = static_cast<int>(places.size());
    struct Start {
        int at;
        float likelihood;
    };
    std::vector<Start> starts;
    for (int s = 0; s + static_cast<int>(columns) <= count; ++s) {
        const int end = s + static_cast<int>(columns);
        float sum = 0;
        for (int i = s; i < end; ++i) sum += places[static_cast<std::size_t>(i)].some;
        for (int i = std::max(0, s - beside); i < s; ++i) sum += places[static_cast<std::size_t>(i)].nothing;
        for (int i = end; i < std::min(count, end + beside); ++i) sum += places[static_cast<std::size_t>(i)].nothing;
        starts.push_back({s, sum});
    }
    std::stable_sort(starts.begin(), starts.end(),
                     [](const Start& a, const Start& b) { return a.likelihood > b.likelihood; });
    std::vector<RowWindow> out;
    for (const Start& s : starts) {
        if (out.size() == most || s.likelihood < starts.front().likelihood - 25) break;
        const auto part = std::span{places}.subspan(static_cast<std::size_t>(s.at), columns);
        out.push_back(window_at(row.steps, *ruler, part, first + s.at, s.likelihood));
    }
    return out;
}

std::optional<ZoneCells> cut_zone(std::span<const RowSteps> rows) {
    std::optional<ZoneCells> best;
    if (rows.size() == 3) choose(rows, {3, 30}, best);
    if (rows.size() == 2) {
        choose(rows, {2, 44}, best);
        choose(rows, {2, 36}, best);
    }
    return best;
}

}  // namespace paso
