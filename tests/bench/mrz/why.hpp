// Which stage of the reader lost a frame that was not read: for those who mend it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/mrz/fusion.hpp"
#include "tests/bench/mrz/cases.hpp"

namespace paso::bench {

enum class Lost : std::uint8_t {
    nowhere,         // it was read
    not_there,       // a cell does not stand out from noise, or is burnt out: see Sight::legible
    rows_not_found,  // no pass of the search offered the true rows together
    no_zone,         // it did, and no reading came of it
    other_rows,      // it did, and other rows were read
    columns,         // the true rows, with another number of columns
    cut_beside,      // the cells of a row are cut beside their places
    one_cell,
    few_cells,  // up to four
    many_cells,
};
inline constexpr std::array<std::string_view, 10> lost_names{"read",
                                                             "not there to be seen",
                                                             "rows not found",
                                                             "rows found, nothing read",
                                                             "rows found, others read",
                                                             "wrong number of columns",
                                                             "a row cut beside its cells",
                                                             "one cell wrong",
                                                             "2 to 4 cells wrong",
                                                             "more cells wrong"};

// The first frame of a visit by its surest reading (nullptr: none) and what that alone gave.
[[nodiscard]] Lost where_lost(const Visit& visit, const MrzReading* reading, const MrzResult& alone);

// The same of three frames that did not verify though the first was exact.
enum class LostTogether : std::uint8_t { nowhere, not_there, later_frames, unsure, outvoted, digits, unagreed };
inline constexpr std::array<std::string_view, 7> lost_together_names{"verified, or not read by the first frame",
                                                                     "not there to be seen twice",
                                                                     "later frames gave no reading",
                                                                     "a cell under its threshold",
                                                                     "a cell that grammar or list decided",
                                                                     "check digits do not hold",
                                                                     "fewer than two frames agree"};
[[nodiscard]] LostTogether where_lost_together(const Visit& visit, int readings, const MrzResult& together,
                                               const MrzPolicy& policy);

}  // namespace paso::bench
