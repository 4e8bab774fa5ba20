// The officers' page files, held in memory.
#pragma once

#include <vector>

#include "sync/http/assets.hpp"

namespace paso {

[[nodiscard]] std::vector<Asset> desk_assets();

}  // namespace paso
