#include "kiosk/desk/desk_config.hpp"

#include "sync/config/stations.hpp"

namespace paso {

Result<DeskConfig> parse_desk_config(std::string_view text) {
    auto s = Settings::parse(text);
    if (!s) return fail(s.error());
    DeskConfig c;
    c.station = s->station("id");
    c.intake = s->text("intake");
    c.pages = s->text("pages");
    c.data = s->text("data");
    c.keys = s->text("keys");
    c.users = s->text("users");
    c.pack = s->text("pack");
    c.trust = s->text("trust");
    c.peers = read_peers(*s);
    c.stations = read_stations(*s);
    if (const Status status = s->finish(); !status) return fail(status.error());
    return c;
}

}  // namespace paso
