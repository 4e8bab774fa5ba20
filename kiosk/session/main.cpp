// paso-kiosk: one lane. Starts paso-devices, runs the traveller's session, keeps the journal, delivers it to desk and
// centre.
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "core/inspection/fact_schema.hpp"
#include "kiosk/session/driver.hpp"
#include "kiosk/station/delivery.hpp"
#include "kiosk/station/devices_process.hpp"
#include "kiosk/station/kiosk_config.hpp"
#include "kiosk/station/station.hpp"
#include "kiosk/traveller/traveller.hpp"
#include "sync/config/program.hpp"
#include "sync/host/host_env.hpp"
#include "sync/host/host_log.hpp"
#include "sync/host/host_network.hpp"
#include "sync/host/process.hpp"
#include "sync/http/server.hpp"
#include "sync/journal/journal.hpp"
#include "sync/keys/key_ring.hpp"
#include "sync/net/start.hpp"

namespace {

using namespace paso;

constexpr int list_max_age_days = 2;

SessionSettings session_settings(const KioskConfig& config, const Station& station) {
    SessionSettings s;
    s.trip.state = station.post.state;
    s.trip.post = station.post.post;
    s.trip.lane = station.post.lane;
    s.trip.mode = station.post.mode;
    s.trip.direction = station.post.direction;
    s.trip.demo = station.post.demo;
    s.desk = station.post.desk;
    s.pack = station.pack;
    s.languages = config.languages;
    return s;
}

Server pages_server(Env& env, Log& log, std::unique_ptr<Listener> listener, const TravellerParts& parts) {
    Router router;
    add_traveller_pages(router, parts);
    ServerOptions options;
    options.always = page_headers(import_map_hash(traveller_assets()));
    options.own_origin_only = true;
    options.max_connections = 32;
    return {env, log, std::move(listener), std::move(router), std::move(options)};
}

Status serve(const ProgramCall& call) {
    boost::asio::io_context context(1);
    HostEnv host(context);
    Env env = host.env();
    HostLog log(host.clock, "paso-kiosk");
    const auto text = read_config(host.files, call.config);
    if (!text) return fail(text.error());
    const auto config = parse_kiosk_config(*text);
    if (!config) return fail(config.error());
    const auto station = open_station(env, log, *config);
    if (!station) return fail(station.error());
    const auto keys = KeyRing::open(env, config->keys);
    if (!keys) return fail(keys.error());
    const Catalogues catalogues = traveller_catalogues();
    if (call.check_only) return {};

    JournalOptions journal_options;
    journal_options.path = config->data + "/journal.db";
    journal_options.station = config->station;
    auto journal = Journal::open(journal_options, env, context.get_executor());
    if (!journal) return fail(journal.error());
    auto devices = DevicesProcess::prepare(context, config->devices);
    if (!devices) return fail(devices.error());
    HostNetwork network(context, host.clock);
    auto listener = network.listen(config->pages);
    if (!listener) return fail(listener.error());

    std::int64_t peer_offset_ms = 0;
    const auto day = [&] { return days_at(station->zone, host.clock.wall(), host.clock.state(), peer_offset_ms); };
    SessionSettings settings = session_settings(*config, *station);
    settings.check_list = [&](const std::string& number) {
        if (!station->list) return ListCheck{"number", Known<bool>{Cause::offline}};
        return station->list->check(number, day().first.front(), list_max_age_days);
    };
    settings.list_facts = [&](const std::string& number) {
        if (station->list) return station->list->stated(number, day().first);
        Facts none;
        none.set_unknown(fact::list_match, Cause::offline);
        return none;
    };
    Changes changes(context.get_executor());
    Driver driver({env, log, **journal, *keys, context.get_executor(),
                   [&]() -> Result<DevicesConnection> {
                       auto running = devices->start();
                       if (!running) return fail(running.error());
                       return DevicesConnection{std::move(running->link), running->kill};
                   },
                   day, [&changes] { changes.notify(); }, config->data + "/session.marker"},
                  std::move(settings));
    Server pages = pages_server(env, log, std::move(*listener),
                                {env, driver.session(), [&driver](const PageInput& in) { driver.input(in); }, changes,
                                 catalogues, devices->preview()});
    Delivery delivery(env, log, network, **journal, *keys, config->station, config->peers,
                      [&](ClockState state, std::int64_t offset_ms) {
                          host.clock.tell(state);
                          peer_offset_ms = offset_ms;
                      });
    const auto executor = context.get_executor();
    start(executor, delivery.run());
    start(executor, driver.run());
    start(executor, pages.run());
    log.write(LogLevel::info, "kiosk.started", {{"demo", station->post.demo}});
    run_until_signal(context, [&] {
        driver.stop();
        pages.stop();
        delivery.stop();
    });
    log.write(LogLevel::info, "kiosk.stopped", {});
    return {};
}

}  // namespace

int main(int count, char** arguments) {
    return paso::run_program(count, arguments, "paso-kiosk",
                             "One lane of Paso: the traveller's session, its journal and its pages.", serve);
}
