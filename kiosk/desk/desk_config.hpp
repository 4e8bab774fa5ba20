// desk.toml: the settings of paso-desk.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/station/kiosk_config.hpp"
#include "sync/intake/store.hpp"

namespace paso {

struct DeskConfig {
    StationId station;
    Address intake;  // where kiosks deliver, mutual TLS
    Address pages;   // the officers' pages
    std::string data;
    std::string keys;
    std::string users;
    std::string pack;                              // for the words of reasons
    std::string trust;                             // trust file: who may sign the pack
    std::vector<PeerConfig> peers;                 // the centre
    std::map<std::string, StationEntry> stations;  // the kiosks
};

// Errors: "config.*" with key and line.
[[nodiscard]] Result<DeskConfig> parse_desk_config(std::string_view text);

}  // namespace paso
