#include "core/mrz/fusion.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "core/mrz/layout.hpp"

namespace paso {
namespace {

constexpr std::size_t texts_kept = 8;
// A class that the position's grammar does not expect: a penalty, not a ban, for real documents break rules. e^-3.9 =
// 0.02.
constexpr float grammar_penalty = 3.9F;
// Frames of one document share light, dirt and print: the second tells less than the first. Sums of n frames are scaled
// to n^0.5, so confidence grows slowly and never runs away.
constexpr float correlation_power = 0.5F;
// No single frame may rule a class out, and what is not a logarithm of a probability (NaN included) counts as this.
constexpr float least_log = -12.0F;
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

struct Cell {
    char text;
    float posterior;
    bool grammar_changed;  // the grammar prefers another character than the picture
};

float scale_of(int readings) {
    return std::pow(static_cast<float>(readings), correlation_power) / static_cast<float>(readings);
}

// The best character of a cell and its posterior probability over the fused frames.
Cell decide_cell(const MrzCell& sum, int readings, CellKind kind) {
    const float scale = scale_of(readings);
    std::array<float, 37> score{};
    for (std::size_t k = 0; k < score.size(); ++k) {
        score[k] = sum[k] * scale;
        if (!expected(kind, mrz_alphabet[k])) score[k] -= grammar_penalty;
    }
    const auto best = static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
    float total = 0;
    for (const float s : score) total += std::exp(s - score[best]);
    const char text = mrz_alphabet[best];
    return {text, 1.0F / total, text != best_of(sum)};
}

// The text of one frame alone, read by the grammar of the format that its own first character tells.
std::string text_alone(const std::vector<MrzCell>& cells, MrzShape shape, bool licence) {
    const std::vector<std::string> form(
        shape.rows, best_text({cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(shape.columns)}));
    const auto format = licence ? MrzFormat::swiss_licence : format_of(form);
    if (!format) return best_text(cells);
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const CellKind kind =
            cell_kind(*format, static_cast<int>(i / shape.columns), static_cast<int>(i % shape.columns));
        out.push_back(decide_cell(cells[i], 1, kind).text);
    }
    return out;
}

bool same_document(const std::string& a, const std::string& b) {
    std::size_t different = 0;
    for (std::size_t i = 0; i < a.size(); ++i) different += a[i] != b[i] ? 1 : 0;
    return static_cast<float>(different) <= other_document * static_cast<float>(a.size());
}

void add(MrzFusion::Shape& shape, const std::vector<MrzCell>& cells, const std::string& text,
         const MrzReading& reading) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        for (std::size_t k = 0; k < cells[i].size(); ++k) shape.cells[i][k] += cells[i][k];
    }
    shape.texts.push_back(text);
    shape.frames.push_back(reading.frame);
    if (shape.texts.size() > texts_kept) {
        shape.texts.erase(shape.texts.begin());
        shape.frames.erase(shape.frames.begin());
    }
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

// The two newest readings of `at` came after all of the other shapes: the document before it has gone.
void forget_older_shapes(std::vector<MrzFusion::Shape>& shapes, MrzShape at, bool licence) {
    const auto here = [=](const MrzFusion::Shape& s) {
        return s.shape.rows == at.rows && s.shape.columns == at.columns && s.licence == licence;
    };
    const auto it = std::find_if(shapes.begin(), shapes.end(), here);
    if (it == shapes.end() || it->frames.size() < 2) return;
    const std::uint64_t since = it->frames[it->frames.size() - 2];
    std::erase_if(shapes, [&](const MrzFusion::Shape& s) { return !here(s) && s.frames.back() < since; });
}

// Different frames whose own most probable text is the fused one.
int agreeing_frames(const MrzFusion::Shape& shape, const std::string& text) {
    std::set<std::uint64_t> frames;
    for (std::size_t i = 0; i < shape.texts.size(); ++i) {
        if (shape.texts[i] == text) frames.insert(shape.frames[i]);
    }
    return static_cast<int>(frames.size());
}

struct Decoded {
    MrzResult result;
    bool grammar_changed = false;
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
        const auto seen = static_cast<std::size_t>(std::max_element(p[i].begin(), p[i].end()) - p[i].begin());
        d.grammar_changed = d.grammar_changed || mrz_alphabet[seen] != best[i];
    }
}

Decoded decode(const MrzFusion::Shape& shape, MrzFormat format, const std::vector<StateCode>& states) {
    Decoded d;
    d.result.format = format;
    d.result.lowest = 1;
    for (std::size_t r = 0; r < shape.shape.rows; ++r) {
        std::string line;
        std::vector<float> confidence;
        for (std::size_t c = 0; c < shape.shape.columns; ++c) {
            const CellKind kind = cell_kind(format, static_cast<int>(r), static_cast<int>(c));
            const Cell cell = decide_cell(shape.cells[r * shape.shape.columns + c], shape.readings, kind);
            line.push_back(cell.text);
            confidence.push_back(cell.posterior);
            d.grammar_changed = d.grammar_changed || cell.grammar_changed;
        }
        d.result.lines.push_back(std::move(line));
        d.result.confidence.push_back(std::move(confidence));
    }
    expect_state(shape, layout(format).issuer, states, d);
    expect_state(shape, layout(format).nationality, states, d);
    for (std::size_t r = 0; r < d.result.lines.size(); ++r) {
        d.text += d.result.lines[r];
        for (const float c : d.result.confidence[r]) d.result.lowest = std::min(d.result.lowest, c);
    }
    d.result.corners = shape.corners;
    return d;
}

}  // namespace

MrzFusion fuse(MrzFusion fusion, const MrzReading& reading) {
    ++fusion.seen;
    const auto shape = known_shape(reading);
    if (!shape) return fusion;
    const std::vector<MrzCell> cells = bounded_cells(reading);
    const bool licence = is_licence(reading);
    const std::string text = text_alone(cells, *shape, licence);
    auto it = std::find_if(fusion.shapes.begin(), fusion.shapes.end(), [&](const MrzFusion::Shape& s) {
        return s.shape.rows == shape->rows && s.shape.columns == shape->columns && s.licence == licence;
    });
    if (it != fusion.shapes.end()) {
        const bool again = std::find(it->frames.begin(), it->frames.end(), reading.frame) != it->frames.end();
        if (again) return fusion;  // one frame is one opinion
        if (!same_document(text_alone(it->cells, *shape, licence), text)) {
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
    add(*it, cells, text, reading);
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
    r.frames = agreeing_frames(*shape, d.text);
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
    } else if (r.lowest < policy.cell_threshold || d.grammar_changed || r.frames == 0) {
        r.state = MrzState::proposed;
        r.why = MrzWhy::doubtful;
    } else {
        r.state = r.frames >= policy.frames_to_verify ? MrzState::verified : MrzState::single_frame;
        r.why = MrzWhy::none;
    }
    return r;
}

}  // namespace paso
