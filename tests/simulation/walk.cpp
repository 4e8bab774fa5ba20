#include "tests/simulation/walk.hpp"

#include <algorithm>
#include <set>

#include "tests/simulation/machines.hpp"

namespace paso::sim {

namespace {

using namespace std::chrono_literals;

constexpr Duration stormy_time = 600s;
constexpr Duration healing_time = 1800s;

class Walk {
  public:
    Walk(std::uint64_t seed, bool lying_disks) : world_(seed), network_(world_), tag_(std::to_string(seed)) {
        const std::uint64_t stations = world_.random.between(1, 2);
        for (std::uint64_t i = 1; i <= stations; ++i) {
            const std::string name = "uto-001-k" + std::to_string(i);
            stations_.push_back(
                std::make_unique<StationMachine>(world_, network_, ledger_, name, "sim-" + tag_ + "-" + name));
            centre_.enrol(stations_.back()->id(), stations_.back()->log_key());
            stations_.back()->disk().lie(lying_disks);
        }
        centre_.disk().lie(lying_disks);
    }
    WalkResult run() {
        storm();
        heal();
        check();
        end();
        result_.trace = std::move(world_.trace);
        result_.faults = std::move(ledger_.faults);
        result_.appended = ledger_.appended;
        result_.confirmed = ledger_.confirmations;
        result_.crashes = ledger_.crashes;
        return std::move(result_);
    }

  private:
    void storm();
    void strike();
    void heal();
    void check();
    void end();
    void bad_weather();
    void note_acknowledged();
    void restore_centre();
    void compare(const StationMachine& station, const std::vector<ArrivedEvent>& all);
    void fault(std::string what) { ledger_.faults.push_back(std::move(what)); }
    Machine& any() {
        const auto n = world_.random.below(stations_.size() + 1);
        if (n == stations_.size()) return centre_;
        return *stations_[static_cast<std::size_t>(n)];
    }
    template <class T>
    T ask(Async<T> question);

    World world_;
    SimNetwork network_;
    Ledger ledger_;
    std::string tag_;
    CentreMachine centre_{world_, network_, ledger_, "sim-" + tag_ + "-centre"};
    std::vector<std::unique_ptr<StationMachine>> stations_;
    std::map<std::string, Bytes> backup_;
    MonoTime restored_at_{};  // what was acknowledged before is void
    WalkResult result_;
};

void Walk::bad_weather() {
    Random& r = world_.random;
    Weather w;
    w.latency_us_high = r.one_in(3) ? 600'000 : 20'000;
    w.refuse = r.between(4, 20);
    w.cut = r.between(1, 5);
    w.half_open = r.between(5, 20);
    w.trickle = r.between(3, 12);
    w.cut_bytes = r.one_in(2) ? 1'500 : 20'000;
    network_.weather(w);
}

void Walk::storm() {
    bad_weather();
    const MonoTime until = world_.clock.mono() + stormy_time;
    MonoTime parted_until{};
    while (world_.clock.mono() < until) {
        for (const auto& s : stations_) {
            if (!s->up() && world_.random.one_in(2)) s->boot();
        }
        if (!centre_.up() && world_.random.one_in(3)) centre_.boot();
        const Duration pause = std::chrono::milliseconds{world_.random.between(10, 8'000)};
        (void)world_.run_until(world_.clock.mono() + pause, [this] {
            note_acknowledged();
            return false;
        });
        if (parted_until != MonoTime{} && world_.clock.mono() > parted_until) {
            network_.partition(false);
            world_.note("the network is whole");
            parted_until = {};
        }
        if (world_.random.one_in(12)) {
            network_.partition(true);
            parted_until = world_.clock.mono() + std::chrono::seconds{world_.random.between(1, 120)};
            world_.note("the network is parted");
            ++result_.cuts;
        }
        strike();
    }
    network_.partition(false);
}

// One misfortune, or none.
void Walk::strike() {
    switch (world_.random.below(12)) {
        case 0:
        case 1:
            world_.note("all links are cut");
            network_.cut_all();
            ++result_.cuts;
            return;
        case 2:
            return any().crash();
        case 3:
        case 4:
            return any().crash_at(world_.random.between(1, 40));
        case 5:
            return bad_weather();
        case 6:
            if (world_.random.one_in(6)) restore_centre();
            return;
        default:
            return;
    }
}

// The centre comes back with the disk of an earlier hour.
void Walk::restore_centre() {
    SimDisk& disk = centre_.disk();
    centre_.crash();
    world_.run_until(world_.clock.mono() + 100ms);
    if (backup_.empty()) {
        for (const std::string& path : disk.files()) backup_[path] = disk.read(path);
        world_.note("the centre is backed up");
        return;
    }
    for (const std::string& path : disk.files()) disk.remove(path);
    for (const auto& [path, content] : backup_) disk.write(path, content);
    backup_.clear();
    centre_.restored();
    ledger_.acknowledged.clear();
    restored_at_ = world_.clock.mono();
    ++result_.restores;
    world_.note("the centre is restored from its backup");
}

void Walk::note_acknowledged() {
    for (const auto& s : stations_) {
        const Position now = s->acknowledged();
        Position& known = ledger_.acknowledged[s->id()];
        if (now.sequence <= known.sequence || s->answered() <= restored_at_) continue;
        known = now;
        world_.note(s->name() + " acknowledged " + std::to_string(now.sequence));
    }
}

void Walk::heal() {
    world_.note("the world heals");
    network_.weather({});
    for (const auto& s : stations_) s->heal();
    centre_.heal();
    const auto done = [this] {
        note_acknowledged();
        centre_.boot();
        bool all = true;
        for (const auto& s : stations_) {
            s->boot();
            s->quiet_down();
            all = all && s->idle() && s->acknowledged() == s->head();
        }
        return all;
    };
    if (!world_.run_until(world_.clock.mono() + healing_time, done)) fault("the backlog does not drain");
}

template <class T>
T Walk::ask(Async<T> question) {
    std::optional<T> out;
    asio::co_spawn(world_.context, std::move(question), [&](const std::exception_ptr& error, T value) {
        if (error) std::rethrow_exception(error);
        out.emplace(std::move(value));
    });
    world_.run_until(world_.clock.mono() + 60s, [&] { return out.has_value(); });
    if (!out) throw std::runtime_error("no answer");
    return std::move(*out);
}

// Everything of one station: what was confirmed, exactly once, in the order of its chain.
void Walk::compare(const StationMachine& station, const std::vector<ArrivedEvent>& all) {
    const auto& confirmed = ledger_.confirmed[station.id()];
    std::set<Position> seen;
    std::set<Bytes> bodies;
    std::optional<ChainHead> head;
    for (const ArrivedEvent& e : all) {
        if (e.station != station.id()) continue;
        if (e.fork) fault("a fork at " + std::to_string(e.position.sequence));
        if (!seen.insert(e.position).second) fault("twice: " + std::to_string(e.position.sequence));
        if (!bodies.insert(e.body).second) fault("the same event at two places");
        const ChainHead before = head.value_or(ChainHead{{e.position.epoch, 0}, {}});
        const auto next = follow(before, e.station, e.header_bytes, e.salt, ByteView{e.body});
        if (!next) {
            fault("the chain breaks at " + std::to_string(e.position.sequence) + ": " + describe(next.error()));
            return;
        }
        head = *next;
        const auto known = confirmed.find(e.position);
        if (known != confirmed.end() && known->second != e.body) fault("another body than was confirmed");
    }
    for (const auto& [position, body] : confirmed) {
        if (seen.count(position) == 0) fault("lost: " + std::to_string(position.sequence));
    }
}

void Walk::check() {
    Store* const store = centre_.store();
    if (store == nullptr) return fault("the centre is not up");
    std::vector<ArrivedEvent> all;
    for (;;) {
        auto more = ask(store->events_after(all.empty() ? 0 : all.back().arrival, 500));
        if (!more) return fault(describe(more.error()));
        if (more->empty()) break;
        for (ArrivedEvent& e : *more) all.push_back(std::move(e));
    }
    result_.stored = all.size();
    for (const auto& s : stations_) compare(*s, all);
    const auto incidents = ask(store->incidents(10));
    if (!incidents || !incidents->empty()) fault("incidents");
    std::string order = "order of arrival:";
    for (const ArrivedEvent& e : all) order += " " + e.station.text() + "/" + std::to_string(e.position.sequence);
    world_.note(order);
}

// Every program ends in order, nothing is left behind.
void Walk::end() {
    centre_.shut_down();
    for (const auto& s : stations_) s->shut_down();
    const auto over = [this] {
        bool all = centre_.quiet();
        for (const auto& s : stations_) all = s->quiet() && all;
        return all;
    };
    if (!world_.run_until(world_.clock.mono() + 300s, over)) fault("a program does not end");
}

}  // namespace

WalkResult walk(std::uint64_t seed, bool lying_disks) { return Walk{seed, lying_disks}.run(); }

}  // namespace paso::sim
