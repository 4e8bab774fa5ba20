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
    c.officials = read_officials(*s);
    c.pack_threshold = s->number_or("pack_threshold", 1);
    c.peers = read_peers(*s);
    c.stations = read_stations(*s);
    if (c.pack_threshold < 1) s->refuse("pack_threshold", "at least 1");
    if (const Status status = s->finish(); !status) return fail(status.error());
    return c;
}

}  // namespace paso
