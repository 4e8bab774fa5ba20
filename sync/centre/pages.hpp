// The console's page files, held in memory.
#pragma once

#include <vector>

#include "sync/http/assets.hpp"

namespace paso {

[[nodiscard]] std::vector<Asset> centre_assets();

}  // namespace paso
