// kiosk.toml: the settings of paso-kiosk.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/trust/digest.hpp"
#include "sync/config/settings.hpp"
#include "sync/net/network.hpp"

namespace paso {

// Where a station delivers: an address and the name in the other side's certificate.
struct PeerConfig {
    std::string kind;  // "desk", "centre"
    Address address;
    std::string name;
};

struct KioskConfig {
    StationId station;
    Address pages;                     // the traveller's pages, loopback: "tcp:127.0.0.1:8080"
    std::string data;                  // folder of journal and marker
    std::string keys;                  // folder of the keys
    std::string post;                  // post file
    std::string pack;                  // rule pack
    std::string trust;                 // trust file: who may sign post file and pack
    std::string list;                  // CSV of document numbers, signed; empty: none
    std::string zones;                 // folder of time zones
    std::vector<std::string> devices;  // command line of paso-devices; its descriptors are added
    std::vector<PeerConfig> peers;
    std::vector<std::string> languages;
};

// Errors: "config.*" with key and line.
[[nodiscard]] Result<KioskConfig> parse_kiosk_config(std::string_view text);

// An address that only this machine can reach.
[[nodiscard]] bool is_loopback(std::string_view address);

// The tables [[peer]] with kind, address and name.
[[nodiscard]] std::vector<PeerConfig> read_peers(Settings& settings);

}  // namespace paso
