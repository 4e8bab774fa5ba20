// Page files held in memory: HTML, CSS, JavaScript, pictures built into the program. Served with a strong ETag,
// Cache-Control and nosniff; nothing is read from disk while serving.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "sync/http/server.hpp"

namespace paso {

struct Asset {
    std::string path;  // "/traveller.js"
    std::string type;  // "text/javascript"
    ByteView content;  // lives as long as the program
};

// Adds a GET route for each. A path ending in '/' is the page itself.
void add_assets(Router& router, const std::vector<Asset>& assets);

// The strict policy of every page: own origin only, trusted types, the import map by its hash (SHA-256 in base64, as
// CSP wants it).
[[nodiscard]] std::vector<Header> page_headers(std::string_view import_map_hash);

}  // namespace paso
