// What check digits tell of doubtful cells. Nearly every document's check digits hold, so of two readings of a soft
// picture the one whose digits hold is the likelier; the share of each character is that of all readings in which it
// stands, weighed so. What was seen clearly stays as it was seen: a digit that was printed wrong is not put right.
#pragma once

#include <array>
#include <vector>

#include "core/mrz/reading.hpp"

namespace paso {

// Probability of each class in one cell; the 37 sum to 1.
using MrzShares = std::array<float, 37>;

// The shares of all cells of a format, row after row, `shape(format).columns` in each, given that a check digit fails
// in one document of fifty. A field's own digit is weighed first; the digit over several fields then tells of the cells
// that have none of their own. A number that is longer than its field, and so has a filler for its digit, is left
// alone.
void weigh_by_check_digits(std::vector<MrzShares>& cells, MrzFormat format);

// Whether a check digit of the format is over this cell (or is it), and tells these two characters apart. G and 6, S
// and 8 count the same; a name in Doc 9303's formats has no check digit at all.
[[nodiscard]] bool check_digit_tells(MrzFormat format, std::size_t cell, char a, char b);

}  // namespace paso
