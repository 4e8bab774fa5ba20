// The traveller's page: one view for each state of the session, in the traveller's language, and the live preview.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/text/catalogue.hpp"
#include "kiosk/session/session.hpp"
#include "sync/http/assets.hpp"
#include "sync/http/server.hpp"
#include "sync/ui/view_socket.hpp"

namespace paso {

using Catalogues = std::map<std::string, Catalogue>;  // by language

// The catalogues that are built into the program. Throws std::runtime_error where one cannot be parsed: a broken build.
[[nodiscard]] Catalogues traveller_catalogues();
[[nodiscard]] std::vector<Asset> traveller_assets();

// The view of a session: words in `text`, facts beside them; `actions` are what the page may answer.
[[nodiscard]] PageView traveller_view(const Session& session, const Catalogues& catalogues);

// Adds the page, its socket "/socket" and the preview "/preview" (binary JPEG pictures, 15 a second). Everything must
// outlive the server. `devices_memory`: the preview ring.
struct TravellerParts {
    Env& env;
    const Session& session;
    std::function<void(const PageInput&)> input;
    Changes& changes;
    const Catalogues& catalogues;
    std::span<const std::byte> preview;
};
void add_traveller_pages(Router& router, TravellerParts parts);

}  // namespace paso
