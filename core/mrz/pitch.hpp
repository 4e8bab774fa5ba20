// The fixed-pitch decoder: from what a recogniser saw along each row to exactly 30, 36 or 44 cells. The rows of one
// zone are decided together, for they have the same number of columns, begin below each other and follow the grammar of
// one format.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/mrz/reading.hpp"

namespace paso {

// What was seen at one step along a row: natural logarithms of the probabilities of the 37 characters and, last, of
// "none". exp() of the 38 sums to 1.
using MrzStep = std::array<float, 38>;

// One row from left to right. A step has the place `origin + step * along` on an axis that the rows of a zone share
// (the direction in which they are read; any unit).
struct RowSteps {
    std::vector<MrzStep> steps;
    float origin = 0;
    float along = 1;
};

// A character in a row: the first and last of the steps at which it is the likeliest, and its highest probability.
struct RowPeak {
    float from = 0;
    float to = 0;
    float sure = 0;
    [[nodiscard]] float at() const { return (from + to) / 2; }
};
// From left to right. Equal neighbours with nothing between them are one.
[[nodiscard]] std::vector<RowPeak> row_peaks(const RowSteps& row);

// How many characters wide a row is from its first to its last; 0 where it shows fewer than 8.
[[nodiscard]] std::size_t row_columns(std::span<const RowPeak> peaks);

// A row cut into cells at an even pitch; a slight bend is allowed, for paper is seen askew.
struct RowWindow {
    std::vector<MrzCell> cells;  // where nothing was seen, every character is as likely
    std::vector<float> at;       // the middle of each cell, in steps
    float likelihood = 0;        // natural logarithm: something in every cell, nothing beside them
    // Steps from a cell to the next; of two cells and more.
    [[nodiscard]] float pitch() const { return (at.back() - at.front()) / static_cast<float>(at.size() - 1); }
};

// The likeliest ways to cut `columns` cells from a row, best first, at most `most`; empty where it shows fewer than 8
// characters.
[[nodiscard]] std::vector<RowWindow> row_windows(const RowSteps& row, std::size_t columns, std::size_t most = 4);

// A zone cut into cells: rows of `shape.columns` each.
struct ZoneCells {
    MrzShape shape{};
    std::vector<RowWindow> rows;
    float likelihood = 0;  // of all rows, with how well they align and follow the grammar of the likeliest format
};

// The shape and the windows of all rows that are likeliest together: 3x30 for three rows, 2x36 or 2x44 for two. A
// character that the grammar does not expect costs something and is never ruled out.
[[nodiscard]] std::optional<ZoneCells> cut_zone(std::span<const RowSteps> rows);

}  // namespace paso
