// Page files held in memory: HTML, CSS, JavaScript, pictures built into the program (cmake/Assets.cmake). Served with a
// strong ETag; nothing is read from disk while serving.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "sync/http/server.hpp"

namespace paso {

struct Asset {
    std::string path;  // "/traveller.js"
    std::string type;  // "text/javascript; charset=utf-8"
    ByteView content;  // lives as long as the program
};

// Adds a GET route for each. A path ending in '/' is the page itself. Pages are never stored (no-store); other files
// are asked for again with their ETag and answered 304 where nothing changed.
void add_assets(Router& router, const std::vector<Asset>& assets);

// The hash of the text between <script type="importmap"> and </script>: SHA-256 in base64, as a CSP wants it. Empty
// where the page has none.
[[nodiscard]] std::string import_map_hash(std::string_view page);
// The same of the first page among the assets.
[[nodiscard]] std::string import_map_hash(const std::vector<Asset>& assets);

// The strict policy of every page, for ServerOptions::always: own origin only, trusted types, the import map by its
// hash.
[[nodiscard]] std::vector<Header> page_headers(std::string_view import_map_hash);

}  // namespace paso
