#include "tests/simulation/machines.hpp"

#include <boost/asio/post.hpp>

#include "sync/http/server.hpp"
#include "sync/net/wait.hpp"

namespace paso::sim {

using namespace std::chrono_literals;

void Machine::boot() {
    if (up()) return;
    disk_.power_on();
    auto made = make();
    if (!made) {
        world_.note(name_ + " does not start: " + std::string{made.error().code});
        // Only a cut during the start excuses it.
        if (!disk_.dead()) ledger_.faults.push_back(name_ + " does not start: " + describe(made.error()));
        disk_.power_cut();
        return;
    }
    program_ = std::move(*made);
    world_.note(name_ + " is up");
}

void Machine::crash() {
    disk_.keep_power();
    disk_.power_cut();
    network_.kill(name_);
    if (!program_) return;
    world_.note(name_ + " loses its power");
    ++ledger_.crashes;
    program_->end();
    dying_.push_back(std::move(program_));
}

void Machine::crash_at(std::uint64_t n) {
    disk_.cut_at(n, [this] {
        asio::post(world_.context, [this, weak = std::weak_ptr<bool>(here_)] {
            if (weak.lock()) crash();
        });
    });
}

void Machine::shut_down() {
    if (program_) program_->end();
}

bool Machine::quiet() {
    dying_.remove_if([](const auto& p) { return p->over(); });
    return dying_.empty() && (!program_ || program_->alive() || program_->over());
}

// A station: journal, uplink, and somebody who appends.
class StationProgram final : public Program {
  public:
    StationProgram(World& world, StationMachine& machine, Ledger& ledger)
        : Program(world, machine.name(), machine.files()), machine_(machine), ledger_(ledger) {}

    Status begin(SimNetwork& network) {
        auto keys = KeyRing::open(env_, "keys");
        if (!keys) return fail(keys.error());
        keys_.emplace(std::move(*keys));
        const JournalOptions options{"/journal.db", machine_.disk().vfs(), machine_.id(), false, 4096};
        auto journal = Journal::open(options, env_, world_.context.get_executor());
        if (!journal) return fail(journal.error());
        journal_ = std::move(*journal);
        network_ = network.node(machine_.name());
        ClientOptions peer;
        peer.address = centre_address;
        peer.server_name = "centre";
        uplink_ = std::make_unique<Uplink>(env_, log_, *network_, *journal_, *keys_, machine_.id(), "centre", peer);
        start(uplink_->run());
        start(produce());
        return {};
    }
    [[nodiscard]] Position head() const { return journal_->head(); }
    [[nodiscard]] UplinkStatus uplink() const { return uplink_->status(); }
    [[nodiscard]] bool idle() const { return under_way_ == 0; }

  private:
    void stop() override {
        uplink_->stop();
        halt_.notify();
    }
    Async<void> produce() {
        co_await append(EventKind::restart);
        while (alive() && machine_.producing_) {
            const auto pause = std::chrono::milliseconds{world_.random.between(50, 20'000)};
            co_await halt_.wait(world_.clock, after(world_.clock, pause));
            const std::uint64_t together = world_.random.one_in(6) ? world_.random.between(2, 30) : 1;
            for (std::uint64_t i = 0; i < together && alive() && machine_.producing_; ++i) {
                start(append(EventKind::inspection));
            }
        }
    }
    Async<void> append(EventKind kind) {
        ++under_way_;
        ++ledger_.appended;
        EventDraft draft;
        draft.kind = kind;
        const std::uint64_t number = ++*machine_.counter_;
        draft.body = to_bytes(as_bytes(machine_.name() + " event " + std::to_string(number) +
                                       std::string(world_.random.below(700), '.')));
        const Bytes body = draft.body;
        const auto at = co_await journal_->append(std::move(draft));
        --under_way_;
        if (!alive()) co_return;  // nobody was told
        if (!at) {
            world_.note(machine_.name() + " cannot append: " + std::string{at.error().code});
            co_return;
        }
        if (!ledger_.confirmed[machine_.id()].emplace(*at, body).second) {
            ledger_.faults.push_back("one place confirmed twice");
        }
        ++ledger_.confirmations;
        world_.note(machine_.name() + " confirmed " + std::to_string(at->sequence) + " as event " +
                    std::to_string(number));
    }

    StationMachine& machine_;
    Ledger& ledger_;
    std::optional<KeyRing> keys_;
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<Network> network_;
    std::unique_ptr<Uplink> uplink_;
    Signal halt_{world_.context.get_executor()};
    int under_way_ = 0;
};

StationMachine::StationMachine(World& world, SimNetwork& network, Ledger& ledger, const std::string& name,
                               const std::string& disk_name)
    : Machine(world, network, ledger, name, disk_name), id_(*StationId::parse(name)) {
    for (const char* file : {"keys/tls.key", "keys/tls.crt", "keys/ca.crt"}) {
        files_.content[file] = to_bytes(as_bytes("-----BEGIN NOTHING-----\n"));
    }
}

Ed25519Key StationMachine::log_key() {
    SimEntropy entropy{world_.random.next()};
    Env env{world_.clock, entropy, files_};
    auto keys = KeyRing::open(env, "keys");
    if (!keys) throw std::runtime_error(describe(keys.error()));
    return keys->log_public_key();
}

Result<std::unique_ptr<Program>> StationMachine::make() {
    auto program = std::make_unique<StationProgram>(world_, *this, ledger_);
    if (auto begun = program->begin(network_); !begun) return fail(begun.error());
    return program;
}

Position StationMachine::head() const {
    return up() ? static_cast<const StationProgram&>(*program_).head() : Position{};
}
Position StationMachine::acknowledged() const {
    return up() ? static_cast<const StationProgram&>(*program_).uplink().stored : Position{};
}
MonoTime StationMachine::answered() const {
    return up() ? static_cast<const StationProgram&>(*program_).uplink().last_answer : MonoTime{};
}
bool StationMachine::idle() const { return up() && static_cast<const StationProgram&>(*program_).idle(); }

// The centre: store, intake, server.
class CentreProgram final : public Program {
  public:
    CentreProgram(World& world, CentreMachine& machine, Ledger& ledger)
        : Program(world, machine.name(), machine.files()), machine_(machine), ledger_(ledger) {}

    Status begin(SimNetwork& network, const std::map<std::string, StationEntry>& stations, bool restored) {
        auto store =
            SqliteStore::open({"/store.db", machine_.disk().vfs(), false}, env_, world_.context.get_executor());
        if (!store) return fail(store.error());
        store_ = std::move(*store);
        intake_ = std::make_unique<Intake>(env_, log_, *store_, stations);
        network_ = network.node(machine_.name());
        auto listener = network_->listen(centre_address);
        if (!listener) return fail(listener.error());
        Router router;
        intake_->add_routes(router);
        server_ = std::make_unique<Server>(env_, log_, std::move(*listener), std::move(router), ServerOptions{});
        start(server_->run());
        if (!restored) start(look_back());
        return {};
    }
    [[nodiscard]] Store& store() { return *store_; }

  private:
    void stop() override { server_->stop(); }
    // What was acknowledged before the start must be here: an acknowledgement is a promise.
    Async<void> look_back() {
        const auto promised = ledger_.acknowledged;
        for (const auto& [station, position] : promised) {
            if (position.sequence == 0) continue;
            const auto cursor = co_await store_->cursor(station, position.epoch);
            if (!alive() || !cursor) co_return;
            if (!*cursor || (*cursor)->sequence < position.sequence) {
                ledger_.faults.push_back("acknowledged to " + station.text() + " and lost");
            }
        }
    }
    CentreMachine& machine_;
    Ledger& ledger_;
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<Intake> intake_;
    std::unique_ptr<Network> network_;
    std::unique_ptr<Server> server_;
};

Result<std::unique_ptr<Program>> CentreMachine::make() {
    auto program = std::make_unique<CentreProgram>(world_, *this, ledger_);
    if (auto begun = program->begin(network_, stations_, restored_); !begun) return fail(begun.error());
    restored_ = false;
    return program;
}

Store* CentreMachine::store() { return up() ? &static_cast<CentreProgram&>(*program_).store() : nullptr; }

}  // namespace paso::sim
