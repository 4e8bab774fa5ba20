// paso-centre: takes batches from stations, stores them, shows the console.
#include <boost/asio/io_context.hpp>
#include <memory>
#include <utility>

#include "sync/centre/centre_config.hpp"
#include "sync/centre/console.hpp"
#include "sync/centre/pages.hpp"
#include "sync/config/program.hpp"
#include "sync/host/host_env.hpp"
#include "sync/host/host_log.hpp"
#include "sync/host/host_network.hpp"
#include "sync/host/process.hpp"
#include "sync/http/server.hpp"
#include "sync/intake/intake.hpp"
#include "sync/keys/key_ring.hpp"
#include "sync/net/start.hpp"
#include "sync/store/sqlite_store.hpp"
#include "sync/ui/staff_pages.hpp"

namespace {

using namespace paso;

// Follows the store: once at the start, then after each commit.
Async<void> project(CentreState& state, Signal& committed, Log& log, const bool& stopping) {
    while (!stopping) {
        if (const Status s = co_await catch_up(state); !s) log.write(LogLevel::error, s.error().code, {});
        co_await committed.wait(state.env.clock, state.env.clock.mono() + std::chrono::seconds{30});
    }
}

Server console_server(Env& env, Log& log, std::unique_ptr<Listener> listener, Logins& logins, CentreState& state) {
    Router router;
    ServerOptions options;
    const auto assets = centre_assets();
    options.always = page_headers(import_map_hash(assets));
    options.own_origin_only = true;
    add_staff_pages(router, env, logins, state.changes,
                    {Role::supervisor, assets, [&state](User user, std::function<bool()> signed_in) {
                         return std::make_shared<ConsoleSession>(state, std::move(user), std::move(signed_in));
                     }});
    return {env, log, std::move(listener), std::move(router), std::move(options)};
}

Status serve(const ProgramCall& call) {
    boost::asio::io_context context(1);
    HostEnv host(context);
    Env env = host.env();
    HostLog log(host.clock, "paso-centre");
    const auto text = read_config(host.files, call.config);
    if (!text) return fail(text.error());
    auto config = parse_centre_config(*text);
    if (!config) return fail(config.error());
    auto keys = KeyRing::open(env, config->keys);
    if (!keys) return fail(keys.error());
    auto users = read_users(host.files, config->users);
    if (!users) return fail(users.error());
    if (call.check_only) return {};

    auto store = SqliteStore::open({config->data + "/centre.db", "", true}, env, context.get_executor());
    if (!store) return fail(store.error());
    HostNetwork network(context, host.clock);
    auto intake_listener = network.listen(config->intake);
    if (!intake_listener) return fail(intake_listener.error());
    auto console_listener = network.listen(config->console);
    if (!console_listener) return fail(console_listener.error());

    CentreState state{env, **store, Projection([&keys](ByteView sealed) { return keys->open_body(sealed); }),
                      Changes(context.get_executor())};
    Intake intake(env, log, **store, config->stations);
    Signal committed(context.get_executor());
    intake.on_commit([&committed] { committed.notify(); });
    Logins logins(env, std::move(*users), std::chrono::hours{10}, "paso_console");
    Server stations = intake_server(env, log, std::move(*intake_listener), intake, keys->tls());
    Server console = console_server(env, log, std::move(*console_listener), logins, state);
    bool stopping = false;
    start(context.get_executor(), stations.run());
    start(context.get_executor(), console.run());
    start(context.get_executor(), project(state, committed, log, stopping));
    log.write(LogLevel::info, "centre.started", {{"stations", static_cast<std::int64_t>(config->stations.size())}});
    run_until_signal(context, [&] {
        stopping = true;
        committed.notify();
        stations.stop();
        console.stop();
    });
    log.write(LogLevel::info, "centre.stopped", {});
    return {};
}

}  // namespace

int main(int count, char** arguments) {
    return paso::run_program(count, arguments, "paso-centre",
                             "The centre of Paso: takes the events of stations, stores them and shows the console.",
                             serve);
}
