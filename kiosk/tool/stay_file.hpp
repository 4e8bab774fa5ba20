// A traveller's stays as a CSV file that an official or a lawyer can write.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/stay/account.hpp"

namespace paso {

struct StayFile {
    std::vector<Stay> stays;
    std::vector<std::uint32_t> lines;  // of each stay, from 1
};

// A header and one stay a line. Columns, in any order: `entry` and `exit` (YYYY-MM-DD; an empty exit is not known),
// and if wanted `kind` ("visit", "permit", empty for a visit) and `place` (a State's code of one to three letters A to
// Z, or empty). Empty lines at the end do no harm. Errors, with the line and the number of the field as column, never
// with what stands there: "stay.header", "stay.date", "stay.kind", "stay.place", those of check_stay and, with the
// column in bytes, those of parse_csv.
[[nodiscard]] Result<StayFile> parse_stay_file(std::string_view csv);

}  // namespace paso
