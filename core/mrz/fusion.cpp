#include "core/mrz/fusion.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/mrz/check_evidence.hpp"
#include "core/mrz/layout.hpp"

namespace paso {
namespace {

constexpr std::size_t frames_kept = 8;
// A class that the position's grammar does not expect: a penalty, not a ban, for real documents break rules. e^-3.9 =
// 0.02.
constexpr float grammar_penalty = 3.9F;
// Frames of one document share light, dirt and print: the second tells less than the first. Sums of n frames are scaled
// to n^0.5, so confidence grows slowly and never runs away.
constexpr float correlation_power = 0.5F;
// A character with less of the picture's probability than this is one that the picture speaks against: where one thing
// beside the picture asks for it, and where two do, of which each alone is wrong in one document of fifty at most (the
// grammar of its place, a check digit, the list of States): both are wrong in one of 2,500. O and 0 are told apart by
// nothing else in many pictures.
constexpr float left_open = 0.1F;
constexpr float left_open_to_two = 0.004F;
// No single frame may rule a class out, and what is not a logarithm of a probability (NaN included) counts as this.
constexpr float least_log = -12.0F;
// Cells that are read wrong lie in pictures that are unsure of others too. Of letters of names that a frame gave
// between 0.9 and 0.995, 36 of 1,384 were wrong where the mean of -log p over the other cells was above 0.003, and none
// of 543 where it was below (4,320 frames of tuning seeds). So a doubt counts as many times as that mean, over the
// frames as each saw it, is above this; four times at most.
constexpr float usual_doubt = 0.002F;
constexpr float most_doubt_counts = 4;
// A text that differs in more cells than this share is another document.
constexpr float other_document = 0.25F;

// Rows of 9, 30 and 30.
bool is_licence(const MrzReading& reading) {
    constexpr MrzFormat f = MrzFormat::swiss_licence;
    if (reading.rows.size() != shape(f).rows) return false;
    for (std::size_t r = 0; r < reading.rows.size(); ++r) {
        if (reading.rows[r].cells.size() != columns(f, r)) return false;
    }
    return true;
}

std::optional<MrzShape> known_shape(const MrzReading& reading) {
    if (is_licence(reading)) return shape(MrzFormat::swiss_licence);
    if (reading.rows.empty()) return std::nullopt;
    const std::size_t columns = reading.rows.front().cells.size();
    for (const MrzRow& row : reading.rows) {
        if (row.cells.size() != columns) return std::nullopt;
    }
    const std::size_t rows = reading.rows.size();
    if ((rows == 3 && columns == 30) || (rows == 2 && (columns == 36 || columns == 44))) return MrzShape{rows, columns};
    return std::nullopt;
}

char best_of(const MrzCell& cell) {
    const auto best = std::max_element(cell.begin(), cell.end()) - cell.begin();
    return mrz_alphabet[static_cast<std::size_t>(best)];
}

std::string best_text(const std::vector<MrzCell>& cells) {
    std::string out;
    out.reserve(cells.size());
    for (const MrzCell& c : cells) out.push_back(best_of(c));
    return out;
}

float scale_of(int readings) {
    return std::pow(static_cast<float>(readings), correlation_power) / static_cast<float>(readings);
}

// What a place costs a character before it is seen. Numbers and optional data are mostly digits: four cells of five, so
// that one letter is ten times as rare as one digit; half of that is used, for some issuers print more.
float cost_of(CellKind kind, char c) {
    constexpr float letter_among_digits = 1.6F;  // e^-1.6 = 0.2
    if (kind == CellKind::any) return c >= 'A' && c <= 'Z' ? letter_among_digits : 0;
    return expected(kind, c) ? 0 : grammar_penalty;
}

// The probability of each character of a cell over the fused frames: by the picture alone, or by the grammar of its
// place too.
MrzShares shares_of(const MrzCell& sum, int readings, std::optional<CellKind> kind) {
    const float scale = scale_of(readings);
    MrzShares out{};
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = sum[k] * scale - (kind ? cost_of(*kind, mrz_alphabet[k]) : 0);
    const float top = *std::max_element(out.begin(), out.end());
    float total = 0;
    for (float& share : out) total += share = std::exp(share - top);
    for (float& share : out) share /= total;
    return out;
}

CellKind kind_of(MrzFormat format, std::size_t cell) {
    const std::size_t columns = shape(format).columns;
    return cell_kind(format, static_cast<int>(cell / columns), static_cast<int>(cell % columns));
}

// Of all cells of a format, row after row, each by the grammar of its place.
std::vector<MrzShares> shares_of(const std::vector<MrzCell>& sums, int readings, MrzFormat format) {
    std::vector<MrzShares> out;
    out.reserve(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i) out.push_back(shares_of(sums[i], readings, kind_of(format, i)));
    return out;
}

bool same_document(const std::string& a, const std::string& b) {
    std::size_t different = 0;
    for (std::size_t i = 0; i < a.size(); ++i) different += a[i] != b[i] ? 1 : 0;
    return static_cast<float>(different) <= other_document * static_cast<float>(a.size());
}

// Mean over the cells of -log p of the likeliest character.
float doubt_of(const std::vector<MrzCell>& cells) {
    float sum = 0;
    for (const MrzCell& cell : cells) {
        const MrzShares shares = shares_of(cell, 1, std::nullopt);
        sum -= std::log(*std::max_element(shares.begin(), shares.end()));
    }
    return sum / static_cast<float>(cells.size());
}

void add(MrzFusion::Shape& shape, std::vector<MrzCell> cells, const MrzReading& reading) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        for (std::size_t k = 0; k < cells[i].size(); ++k) shape.cells[i][k] += cells[i][k];
    }
    const float doubt = doubt_of(cells);
    shape.last.push_back({reading.frame, std::move(cells), doubt});
    if (shape.last.size() > frames_kept) shape.last.erase(shape.last.begin());
    ++shape.readings;
    shape.corners = reading.corners;
}

MrzCell sure_filler() {
    MrzCell cell;
    cell.fill(least_log);
    cell[static_cast<std::size_t>(mrz_class('<'))] = 0;
    return cell;
}

std::vector<MrzCell> bounded_cells(const MrzReading& reading) {
    std::vector<MrzCell> cells;
    for (const MrzRow& row : reading.rows) {
        cells.insert(cells.end(), row.cells.begin(), row.cells.end());
        if (&row == &reading.rows.front() && is_licence(reading))
            cells.resize(shape(MrzFormat::swiss_licence).columns, sure_filler());
    }
    for (MrzCell& cell : cells) {
        for (float& p : cell) p = p >= least_log ? std::min(p, 0.0F) : least_log;
    }
    return cells;
}

bool is_of(const MrzFusion::Shape& s, MrzShape at, bool licence) { return s.shape == at && s.licence == licence; }

// The two newest readings of `at` came after all of the other shapes: the document before it has gone.
void forget_older_shapes(std::vector<MrzFusion::Shape>& shapes, MrzShape at, bool licence) {
    const auto here = [=](const MrzFusion::Shape& s) { return is_of(s, at, licence); };
    const auto it = std::find_if(shapes.begin(), shapes.end(), here);
    if (it == shapes.end() || it->last.size() < 2) return;
    const std::uint64_t since = it->last[it->last.size() - 2].frame;
    std::erase_if(shapes, [&](const MrzFusion::Shape& s) { return !here(s) && s.last.back().frame < since; });
}

char second_of(MrzShares shares) {
    *std::max_element(shares.begin(), shares.end()) = -1;
    return best_of(shares);
}

struct Decoded {
    MrzResult result;
    bool tipped = false;     // what the picture leaves open was chosen, not what it prefers
    bool breaks = false;     // a character stands where the format has none such: a digit in a name
    bool overruled = false;  // what it speaks against was chosen, or by the list of States or what is usual alone
    float alone = 1;         // the least share of a cell where no check digit tells its two likeliest apart; weighed()
    std::string text;
};

// Three cells that name a State. A code that no list has costs as much as three characters that the grammar does not
// expect; it is never ruled out, for real documents break rules.
void expect_state(const MrzFusion::Shape& shape, MrzSpan span, const std::vector<StateCode>& states, Decoded& d) {
    constexpr float unlisted = 3 * grammar_penalty;
    if (span.length != 3 || states.empty()) return;
    const auto row = static_cast<std::size_t>(span.row), first = static_cast<std::size_t>(span.column);
    const float scale = scale_of(shape.readings);
    std::array<std::array<float, 37>, 3> p{};  // of each character by the picture alone
    for (std::size_t i = 0; i < 3; ++i) {
        const MrzCell& sum = shape.cells[row * shape.shape.columns + first + i];
        const float top = *std::max_element(sum.begin(), sum.end()) * scale;
        float total = 0;
        for (std::size_t k = 0; k < 37; ++k) total += p[i][k] = std::exp(sum[k] * scale - top);
        for (float& x : p[i]) x /= total;
    }
    const auto picture = [&](std::size_t i, char c) { return p[i][static_cast<std::size_t>(mrz_class(c))]; };
    std::string& line = d.result.lines[row];
    StateCode best{line[first], line[first + 1], line[first + 2]};
    const float outside = std::exp(-unlisted);
    float most = outside * picture(0, best[0]) * picture(1, best[1]) * picture(2, best[2]);
    float total = outside;
    for (const StateCode& s : states) {
        const float here = picture(0, s[0]) * picture(1, s[1]) * picture(2, s[2]);
        total += here;
        if (here > most) {
            most = here;
            best = s;
        }
    }
    for (std::size_t i = 0; i < 3; ++i) {
        float same = outside * picture(i, best[i]);  // what agrees in this character
        for (const StateCode& s : states) {
            if (s[i] == best[i]) same += picture(0, s[0]) * picture(1, s[1]) * picture(2, s[2]);
        }
        line[first + i] = best[i];
        d.result.confidence[row][first + i] = same / total;
        d.alone = std::min(d.alone, same / total);
        const auto seen = static_cast<std::size_t>(std::max_element(p[i].begin(), p[i].end()) - p[i].begin());
        if (mrz_alphabet[seen] == best[i]) continue;
        const bool no_letter = !expected(CellKind::letter, mrz_alphabet[seen]);
        (no_letter && picture(i, best[i]) >= left_open_to_two ? d.tipped : d.overruled) = true;
    }
}

// A cell that expect_state() decides.
bool named_by_list(MrzFormat format, std::size_t row, std::size_t column, const std::vector<StateCode>& states) {
    const auto over = [&](const MrzSpan& s) {
        const auto first = static_cast<std::size_t>(s.column);
        return s.length == 3 && static_cast<std::size_t>(s.row) == row && column >= first && column < first + 3;
    };
    return !states.empty() && (over(layout(format).issuer) || over(layout(format).nationality));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A cell of a number or of optional data with a digit before it and no letter behind it. Hardly any issuer prints O
// there, for it looks like 0.
bool among_digits(const std::vector<MrzShares>& shares, MrzFormat format, std::size_t cell) {
    const std::size_t columns = shape(format).columns, column = cell % columns;
    if (kind_of(format, cell) != CellKind::any) return false;
    const bool last = column + 1 == columns;
    return column > 0 && is_digit(best_of(shares[cell - 1])) &&
           (last || is_digit(best_of(shares[cell + 1])) || best_of(shares[cell + 1]) == '<');
}

void expect_zeros(std::vector<MrzShares>& shares, MrzFormat format) {
    constexpr float as_rare = 0.1F;  // as another letter there
    constexpr auto letter = static_cast<std::size_t>(mrz_class('O'));
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (!among_digits(shares, format, i)) continue;
        const float rest = 1 - shares[i][letter] * (1 - as_rare);
        shares[i][letter] *= as_rare;
        for (float& share : shares[i]) share /= rest;
    }
}

// O in a number or in optional data, where 0 is the next: their widths alone tell them apart, and of 14,611 accepted
// readings all wrong ones were such. A check digit does not see two of them. The doubt counts so many times.
float round_letter(float share) {
    constexpr float doubt_counts = 8;
    return 1 - (1 - share) * doubt_counts;
}

// The least share of what no check digit protects, by how sure the frames are of all their cells.
float weighed(float alone, const std::vector<MrzFusion::Seen>& frames) {
    float doubt = 0;
    for (const MrzFusion::Seen& f : frames) doubt += f.doubt / static_cast<float>(frames.size());
    return 1 - (1 - alone) * std::clamp(doubt / usual_doubt, 1.0F, most_doubt_counts);
}

Decoded decode(const MrzFusion::Shape& shape, MrzFormat format, const std::vector<StateCode>& states) {
    Decoded d;
    d.result.format = format;
    d.result.lowest = 1;
    std::vector<MrzShares> shares = shares_of(shape.cells, shape.readings, format);
    expect_zeros(shares, format);
    weigh_by_check_digits(shares, format);
    for (std::size_t r = 0; r < shape.shape.rows; ++r) {
        std::string line;
        std::vector<float> confidence;
        for (std::size_t c = 0; c < shape.shape.columns; ++c) {
            const std::size_t i = r * shape.shape.columns + c;
            line.push_back(best_of(shares[i]));
            confidence.push_back(*std::max_element(shares[i].begin(), shares[i].end()));
            const MrzShares picture = shares_of(shape.cells[i], shape.readings, std::nullopt);
            const float seen = picture[static_cast<std::size_t>(mrz_class(line.back()))];
            const CellKind kind = kind_of(format, i);
            const bool zero = line.back() == '0' && among_digits(shares, format, i);
            const bool free = kind == CellKind::any && !zero;
            const bool of_state = named_by_list(format, r, c, states);
            const char second = second_of(shares[i]);
            const bool told = of_state || check_digit_tells(format, i, line.back(), second);
            const float share = free && !told ? seen : confidence.back();
            if (free && line.back() == 'O' && second == '0') {
                d.alone = std::min(d.alone, round_letter(share));
            } else if (!told) {
                d.alone = std::min(d.alone, share);
            }
            const char preferred = best_of(shape.cells[i]);
            if (line.back() == preferred) continue;
            const bool digit_tells = check_digit_tells(format, i, line.back(), preferred);
            const bool two_tell = digit_tells && (zero || !expected(kind, preferred));
            const bool open = seen >= (two_tell ? left_open_to_two : left_open) && (!free || digit_tells);
            if (!of_state) (open ? d.tipped : d.overruled) = true;
        }
        d.result.lines.push_back(std::move(line));
        d.result.confidence.push_back(std::move(confidence));
    }
    expect_state(shape, layout(format).issuer, states, d);
    expect_state(shape, layout(format).nationality, states, d);
    d.alone = weighed(d.alone, shape.last);
    for (std::size_t r = 0; r < d.result.lines.size(); ++r) {
        d.text += d.result.lines[r];
        for (const float c : d.result.confidence[r]) d.result.lowest = std::min(d.result.lowest, c);
    }
    for (std::size_t i = 0; i < d.text.size(); ++i) d.breaks = d.breaks || !expected(kind_of(format, i), d.text[i]);
    d.result.corners = shape.corners;
    return d;
}

// How many different frames agree: in each cell, those that alone would be read as the fused text says. Glare may cover
// one cell in one frame and another in the next.
int agreeing_frames(const MrzFusion::Shape& shape, MrzFormat format, const std::vector<StateCode>& states,
                    const std::string& text) {
    if (shape.readings == 1) return 1;  // the text is its own
    std::vector<int> agree(text.size(), 0);
    for (const MrzFusion::Seen& seen : shape.last) {
        const std::string alone = decode({shape.shape, shape.licence, seen.cells, {}, 1, {}}, format, states).text;
        for (std::size_t k = 0; k < text.size(); ++k) agree[k] += alone[k] == text[k] ? 1 : 0;
    }
    return *std::min_element(agree.begin(), agree.end());
}

}  // namespace

MrzFusion fuse(MrzFusion fusion, const MrzReading& reading) {
    ++fusion.seen;
    const auto shape = known_shape(reading);
    if (!shape) return fusion;
    std::vector<MrzCell> cells = bounded_cells(reading);
    const bool licence = is_licence(reading);
    auto it = std::find_if(fusion.shapes.begin(), fusion.shapes.end(),
                           [&](const MrzFusion::Shape& s) { return is_of(s, *shape, licence); });
    if (it != fusion.shapes.end()) {
        const bool again = std::any_of(it->last.begin(), it->last.end(),
                                       [&](const MrzFusion::Seen& s) { return s.frame == reading.frame; });
        if (again) return fusion;  // one frame is one opinion
        if (!same_document(best_text(it->cells), best_text(cells))) {
            fusion.shapes.erase(it);
            it = fusion.shapes.end();
        }
    }
    if (it == fusion.shapes.end()) {
        MrzFusion::Shape fresh;
        fresh.shape = *shape;
        fresh.licence = licence;
        fresh.cells.assign(cells.size(), MrzCell{});
        fusion.shapes.push_back(std::move(fresh));
        it = fusion.shapes.end() - 1;
    }
    add(*it, std::move(cells), reading);
    forget_older_shapes(fusion.shapes, *shape, licence);
    return fusion;
}

MrzResult decide(const MrzFusion& fusion, const MrzPolicy& policy) {
    MrzResult nothing;
    nothing.why = fusion.seen == 0 ? MrzWhy::nothing_seen : MrzWhy::partial;
    if (fusion.shapes.empty()) return nothing;
    const auto shape = std::max_element(fusion.shapes.begin(), fusion.shapes.end(),
                                        [](const auto& a, const auto& b) { return a.readings < b.readings; });
    // The first character tells visa from passport; it is read before the grammar of either is applied.
    std::string first_line;
    for (std::size_t c = 0; c < shape->shape.columns; ++c) first_line.push_back(best_of(shape->cells[c]));
    std::vector<std::string> form(shape->shape.rows, first_line);
    auto format = shape->licence ? MrzFormat::swiss_licence : format_of(form);
    if (!format) return nothing;
    Decoded d = decode(*shape, *format, policy.states);
    // Two rows of 36 from France: only the whole text tells the national card from TD2.
    if (const auto whole = format_of(d.result.lines); !shape->licence && whole && *whole != *format) {
        format = whole;
        d = decode(*shape, *format, policy.states);
    }
    MrzResult& r = d.result;
    r.frames = agreeing_frames(*shape, *format, policy.states, d.text);
    if (shape->licence) {
        r.lines.front().resize(columns(*format, 0));
        r.confidence.front().resize(columns(*format, 0));
    }
    const bool digits_hold = check_digits(r.lines, *format).all_hold();
    if (r.lowest < policy.propose_threshold) {
        r.state = MrzState::unreadable;
        r.why = MrzWhy::doubtful;
    } else if (!digits_hold) {
        r.state = MrzState::proposed;
        r.why = MrzWhy::check_digits;
    } else if (r.lowest < policy.cell_threshold || d.alone < policy.alone_threshold || d.overruled || d.breaks ||
               (d.tipped && r.frames < policy.frames_to_verify) || r.frames == 0) {
        r.state = MrzState::proposed;
        r.why = MrzWhy::doubtful;
    } else {
        r.state = r.frames >= policy.frames_to_verify ? MrzState::verified : MrzState::single_frame;
        r.why = MrzWhy::none;
    }
    return r;
}

}  // namespace paso
