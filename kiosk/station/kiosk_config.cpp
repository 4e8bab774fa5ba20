#include "kiosk/station/kiosk_config.hpp"

namespace paso {

std::vector<PeerConfig> read_peers(Settings& settings) {
    std::vector<PeerConfig> out;
    settings.tables("peer", [&out](Settings& t) {
        out.push_back({t.text("kind"), t.text("address"), t.text("name")});
    });
    return out;
}

bool is_loopback(std::string_view address) {
    for (const std::string_view begin : {"tcp:127.", "tcp:[::1]:", "tcp:localhost:", "unix:/"}) {
        if (address.starts_with(begin)) return true;
    }
    return false;
}

Result<KioskConfig> parse_kiosk_config(std::string_view text) {
    auto s = Settings::parse(text);
    if (!s) return fail(s.error());
    KioskConfig c;
    c.station = s->station("id");
    c.pages = s->text("pages");
    c.data = s->text("data");
    c.keys = s->text("keys");
    c.post = s->text("post");
    c.pack = s->text("pack");
    c.trust = s->text("trust");
    c.list = s->text_or("list", "");
    c.zones = s->text_or("zones", "/usr/share/zoneinfo");
    c.devices = s->texts_or_none("devices");
    c.languages = s->texts_or_none("languages");
    if (c.languages.empty()) c.languages = {"en", "es", "ar"};
    c.peers = read_peers(*s);
    if (!is_loopback(c.pages)) s->refuse("pages", "loopback only: the traveller's screen is on this machine");
    if (c.devices.empty()) s->refuse("devices", "the command line of paso-devices is needed");
    if (const Status status = s->finish(); !status) return fail(status.error());
    return c;
}

}  // namespace paso
