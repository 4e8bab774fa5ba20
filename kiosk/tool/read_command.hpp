// `paso read PICTURE...`: one JSON object a line for each picture.
#pragma once

#include <string>
#include <vector>

#include "core/base/date.hpp"
#include "core/env/env.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

// 0: every picture gave something; 3: some picture held nothing that could be read; 1: some picture could not be
// opened. `out` gets each line.
[[nodiscard]] int read_pictures(Env& env, const std::vector<std::string>& pictures, Date today, const PrintLine& out);

}  // namespace paso
