// The settings of paso-centre: centre.toml.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "sync/intake/store.hpp"
#include "sync/net/network.hpp"

namespace paso {

struct CentreConfig {
    Address intake;     // where stations deliver, mutual TLS: "tcp:0.0.0.0:8443"
    Address console;    // the supervisors' pages: "tcp:127.0.0.1:8090"
    std::string data;   // folder of the store
    std::string keys;   // folder of tls.key, tls.crt, ca.crt, log.key
    std::string users;  // file of supervisors
    std::map<std::string, StationEntry> stations;
};

// Errors: "config.*" with key and line.
[[nodiscard]] Result<CentreConfig> parse_centre_config(std::string_view text);

}  // namespace paso
