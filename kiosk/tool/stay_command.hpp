// `paso stay STAYS.csv --on DATE`: how many days of stay are used, what is left, and a picture of it.
#pragma once

#include <string>
#include <vector>

#include "core/env/env.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

struct StayOptions {
    std::string file;                 // parse_stay_file says what stands in it
    std::string rule = "90/180";      // parse_stay_rule
    std::string on;                   // the check day, YYYY-MM-DD
    std::vector<std::string> places;  // only stays there; a region rule without them is Central America's CA-4
    std::vector<std::string> own;     // "SLV=180d": a State's own rule, reported beside the other
    bool json = false;                // one JSON object instead of text
};

// 0: on that day a stay is within the limit; 3: it is not, or nobody can say because an exit is missing; 1: the file
// could not be read; 2: the options are not right. `out` gets the lines of the answer, `err` the one about an error.
[[nodiscard]] int show_stay(Env& env, const StayOptions& options, const PrintLine& out, const PrintLine& err);

}  // namespace paso
