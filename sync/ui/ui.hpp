// The page parts that all faces share, held in memory: tokens, base styles, small modules, vendored upstream modules.
#pragma once

#include <vector>

#include "sync/http/assets.hpp"

namespace paso {

// Served under /ui/. Each page adds its own assets beside them.
[[nodiscard]] std::vector<Asset> ui_assets();

}  // namespace paso
