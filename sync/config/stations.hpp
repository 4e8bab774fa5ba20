// The [[station]] tables that desk and centre share: who may deliver.
#pragma once

#include <map>
#include <string>

#include "sync/config/settings.hpp"
#include "sync/intake/store.hpp"

namespace paso {

// Each with id and log_key; an id that stands twice is refused.
[[nodiscard]] inline std::map<std::string, StationEntry> read_stations(Settings& settings) {
    std::map<std::string, StationEntry> out;
    settings.tables("station", [&out](Settings& table) {
        StationEntry entry{table.station("id"), table.public_key("log_key")};
        const std::string id = entry.id.text();
        if (!out.emplace(id, std::move(entry)).second) table.refuse("id", "stands twice");
    });
    return out;
}

}  // namespace paso
