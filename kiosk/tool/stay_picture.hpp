// Days of stay as a calendar in plain characters, a month a row, with its legend: to be printed and put into a file.
#pragma once

#include <string>
#include <vector>

#include "core/stay/account.hpp"

namespace paso {

// The months from the begin of the window to the last day of the stay that is still possible; of a long history the 24
// months up to the check day, of a long future the 12 after it. Lines without their ends, at most 100 characters each.
[[nodiscard]] std::vector<std::string> draw_stay(const StayAccount& account, const StayReport& report);

}  // namespace paso
