#include "core/mrz/check_evidence.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <utility>

#include "core/mrz/layout.hpp"

namespace paso {
namespace {

constexpr std::size_t residues = 10;
constexpr float fails = 0.02F;                 // how much less likely a reading is whose digit does not hold
using Residues = std::array<float, residues>;  // probability of each remainder of a sum by 10

// What a class adds to the sum of Doc 9303-3 section 4.9: a digit itself, A 10, B 11, a filler nothing.
constexpr std::size_t value_of(std::size_t k) { return k < 26 ? 10 + k : k < 36 ? k - 26 : 0; }

Residues sum_of(const Residues& a, const Residues& b) {
    Residues out{};
    for (std::size_t i = 0; i < residues; ++i) {
        for (std::size_t j = 0; j < residues; ++j) out[(i + j) % residues] += a[i] * b[j];
    }
    return out;
}

// The cells under one digit, in order, and the digit itself last. Its weight makes the sum of all a multiple of 10.
struct CheckedCell {
    std::size_t at;
    std::size_t weight;
};

std::vector<CheckedCell> checked_cells(std::span<const MrzSpan> spans, MrzSpan digit, std::size_t columns) {
    constexpr std::array<std::size_t, 3> weights{7, 3, 1};
    constexpr std::size_t minus_one = 9;
    const auto at = [&](const MrzSpan& s, int i) {
        return static_cast<std::size_t>(s.row) * columns + static_cast<std::size_t>(s.column + i);
    };
    std::vector<CheckedCell> out;
    for (const MrzSpan& s : spans) {
        for (int i = 0; i < s.length; ++i) out.push_back({at(s, i), weights[out.size() % weights.size()]});
    }
    out.push_back({at(digit, 0), minus_one});
    return out;
}

Residues residues_of(const MrzShares& cell, std::size_t weight) {
    Residues out{};
    for (std::size_t k = 0; k < cell.size(); ++k) out[value_of(k) * weight % residues] += cell[k];
    return out;
}

// Each cell's shares, given what all the others leave for the sum.
void weigh(std::vector<MrzShares>& cells, const std::vector<CheckedCell>& checked, const std::set<std::size_t>& fixed) {
    std::vector<Residues> before(checked.size() + 1);
    before.front()[0] = 1;
    for (std::size_t i = 0; i < checked.size(); ++i)
        before[i + 1] = sum_of(before[i], residues_of(cells[checked[i].at], checked[i].weight));
    Residues after{};
    after[0] = 1;
    for (std::size_t i = checked.size(); i-- > 0;) {
        MrzShares& cell = cells[checked[i].at];
        const Residues here = residues_of(cell, checked[i].weight);
        const Residues others = sum_of(before[i], after);
        after = sum_of(after, here);
        if (fixed.contains(checked[i].at)) continue;
        float total = 0;
        for (std::size_t k = 0; k < cell.size(); ++k) {
            const float holds = others[(residues - value_of(k) * checked[i].weight % residues) % residues];
            cell[k] *= holds + fails * (1 - holds);
            total += cell[k];
        }
        for (float& share : cell) share /= total;
    }
}

// A field with a digit of its own.
using CheckedField = std::pair<MrzSpan, MrzSpan>;
std::vector<CheckedField> checked_fields(const MrzLayout& l) {
    std::vector<CheckedField> out{{l.number, l.number_check},
                                  {l.birth, l.birth_check},
                                  {l.expiry, l.expiry_check},
                                  {l.optional_1, l.optional_1_check}};
    std::erase_if(out, [](const CheckedField& f) { return f.second.length == 0; });
    return out;
}

}  // namespace

void weigh_by_check_digits(std::vector<MrzShares>& cells, MrzFormat format) {
    constexpr auto filler = static_cast<std::size_t>(mrz_class('<'));
    const MrzLayout& l = layout(format);
    const MrzShape form = shape(format);
    if (cells.size() != form.rows * form.columns) return;
    std::set<std::size_t> own;  // cells that a digit of their own tells of
    for (const auto& [field, digit] : checked_fields(l)) {
        const auto checked = checked_cells(std::span{&field, 1}, digit, form.columns);
        for (const CheckedCell& c : checked) own.insert(c.at);
        const bool goes_on = field.row == l.number.row && field.column == l.number.column;
        if (goes_on && cells[checked.back().at][filler] > 0.5F) continue;
        weigh(cells, checked, {});
    }
    if (l.composite_check.length == 0) return;
    weigh(cells, checked_cells(l.composite, l.composite_check, form.columns), own);
}

bool check_digit_tells(MrzFormat format, std::size_t cell, char a, char b) {
    const int first = mrz_class(a), second = mrz_class(b);
    if (first < 0 || second < 0) return false;
    if (value_of(static_cast<std::size_t>(first)) % residues == value_of(static_cast<std::size_t>(second)) % residues)
        return false;
    const MrzLayout& l = layout(format);
    const std::size_t columns = shape(format).columns;
    const auto row = static_cast<int>(cell / columns), column = static_cast<int>(cell % columns);
    const auto over = [&](const MrzSpan& s) {
        return s.row == row && column >= s.column && column < s.column + s.length;
    };
    for (const auto& [field, digit] : checked_fields(l)) {
        if (over(field) || over(digit)) return true;
    }
    return over(l.composite_check) ||
           (l.composite_check.length > 0 && std::any_of(l.composite.begin(), l.composite.end(), over));
}

}  // namespace paso
