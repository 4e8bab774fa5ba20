// paso-desk: one a post. Takes the events of its kiosks, shows cases to officers, writes decisions, delivers them to
// the centre. Works when the centre is away.
#include <boost/asio/io_context.hpp>
#include <memory>
#include <utility>

#include "kiosk/desk/desk.hpp"
#include "kiosk/desk/desk_config.hpp"
#include "kiosk/desk/pages.hpp"
#include "kiosk/station/delivery.hpp"
#include "kiosk/station/station.hpp"
#include "sync/config/program.hpp"
#include "sync/config/trust_file.hpp"
#include "sync/host/host_env.hpp"
#include "sync/host/host_log.hpp"
#include "sync/host/host_network.hpp"
#include "sync/host/process.hpp"
#include "sync/http/server.hpp"
#include "sync/intake/intake.hpp"
#include "sync/net/start.hpp"
#include "sync/store/sqlite_store.hpp"
#include "sync/ui/staff_pages.hpp"

namespace {

using namespace paso;

// Own decisions and all that was delivered before, then what comes.
Async<void> follow_store(Desk& desk, Journal& journal, const KeyRing& keys, Signal& committed, Log& log,
                         const bool& stopping) {
    const StationNote started{"station.started", PASO_VERSION};
    const auto noted =
        co_await journal.append({EventKind::restart, std::nullopt, {}, keys.seal_body(encode_note(started))});
    if (!noted) log.write(LogLevel::error, noted.error().code, {});
    if (const Status s = co_await desk.load(); !s) log.write(LogLevel::error, s.error().code, {});
    while (!stopping) {
        co_await committed.wait(desk.env().clock, after(desk.env().clock, std::chrono::seconds{30}));
        if (const Status s = co_await desk.load(); !s) log.write(LogLevel::error, s.error().code, {});
    }
}

Server pages_server(Env& env, Log& log, std::unique_ptr<Listener> listener, Logins& logins, Desk& desk,
                    std::function<UplinkStatus()> centre) {
    Router router;
    ServerOptions options;
    const auto assets = desk_assets();
    options.always = page_headers(import_map_hash(assets));
    options.own_origin_only = true;
    add_staff_pages(router, env, logins, desk.changes(),
                    {Role::officer, assets, [&desk, centre](User user, std::function<bool()> signed_in) {
                         return std::make_shared<DeskSession>(desk, std::move(user), std::move(signed_in), centre);
                     }});
    return {env, log, std::move(listener), std::move(router), std::move(options)};
}

Status serve(const ProgramCall& call) {
    boost::asio::io_context context(1);
    HostEnv host(context);
    Env env = host.env();
    HostLog log(host.clock, "paso-desk");
    const auto text = read_config(host.files, call.config);
    if (!text) return fail(text.error());
    auto config = parse_desk_config(*text);
    if (!config) return fail(config.error());
    const auto keys = KeyRing::open(env, config->keys);
    if (!keys) return fail(keys.error());
    auto users = read_users(host.files, config->users);
    if (!users) return fail(users.error());
    const auto trust = read_trust_file(host.files, config->trust);
    if (!trust) return fail(trust.error());
    if (call.check_only) return {};

    auto store = SqliteStore::open({config->data + "/desk.db", "", true}, env, context.get_executor());
    if (!store) return fail(store.error());
    JournalOptions journal_options;
    journal_options.path = config->data + "/journal.db";
    journal_options.station = config->station;
    auto journal = Journal::open(journal_options, env, context.get_executor());
    if (!journal) return fail(journal.error());
    HostNetwork network(context, host.clock);
    auto intake_listener = network.listen(config->intake);
    if (!intake_listener) return fail(intake_listener.error());
    auto pages_listener = network.listen(config->pages);
    if (!pages_listener) return fail(pages_listener.error());

    Desk desk(env, **store, **journal, *keys, config->station,
              open_station_pack(env, log, config->pack, config->data, {trust->officials, trust->threshold}),
              context.get_executor());
    Intake intake(env, log, **store, config->stations);
    Signal committed(context.get_executor());
    intake.on_commit([&committed] { committed.notify(); });
    Logins logins(env, std::move(*users), std::chrono::hours{10}, "paso_desk");
    Delivery delivery(env, log, network, **journal, *keys, config->station, config->peers,
                      [&host](ClockState state, std::int64_t) { host.clock.tell(state); });
    Server stations = intake_server(env, log, std::move(*intake_listener), intake, keys->tls());
    Server pages = pages_server(env, log, std::move(*pages_listener), logins, desk,
                                [&delivery] { return delivery.status("centre"); });
    bool stopping = false;
    const auto executor = context.get_executor();
    start(executor, stations.run());
    start(executor, pages.run());
    start(executor, delivery.run());
    start(executor, follow_store(desk, **journal, *keys, committed, log, stopping));
    log.write(LogLevel::info, "desk.started", {{"kiosks", static_cast<std::int64_t>(config->stations.size())}});
    run_until_signal(context, [&] {
        stopping = true;
        committed.notify();
        stations.stop();
        pages.stop();
        delivery.stop();
    });
    log.write(LogLevel::info, "desk.stopped", {});
    return {};
}

}  // namespace

int main(int count, char** arguments) {
    return paso::run_program(count, arguments, "paso-desk", "The officers' desk of one post.", serve);
}
