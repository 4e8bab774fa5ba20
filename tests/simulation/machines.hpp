// The machines of the walk: a disk, files and a program that may die at any moment. A program that died keeps running
// to its end without power: its disk and its links are gone, so nothing of it can be seen any more.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sync/intake/intake.hpp"
#include "sync/journal/journal.hpp"
#include "sync/keys/key_ring.hpp"
#include "sync/store/sqlite_store.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/world.hpp"

namespace paso::sim {

// What the walk must find at the end.
struct Ledger {
    std::map<StationId, std::map<Position, Bytes>> confirmed;
    std::map<StationId, Position> acknowledged;  // the newest
    std::vector<std::string> faults;
    std::uint64_t appended = 0;
    std::uint64_t confirmations = 0;
    std::uint64_t crashes = 0;
};

// One start of a program, from power-on to its last coroutine.
class Program {
  public:
    Program(World& world, const std::string& name, SimFiles& files)
        : world_(world), log_(world, name), entropy_(world.random.next()), env_{world.clock, entropy_, files} {}
    virtual ~Program() = default;
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    [[nodiscard]] bool alive() const { return alive_; }
    [[nodiscard]] bool over() const { return running_ == 0; }
    // The power is gone, or it is asked to end.
    void end() {
        alive_ = false;
        stop();
    }

  protected:
    virtual void stop() = 0;
    void start(Async<void> work) {
        ++running_;
        asio::co_spawn(world_.context, std::move(work), [this](const std::exception_ptr& error) {
            --running_;
            if (error) std::rethrow_exception(error);
        });
    }
    World& world_;
    SimLog log_;
    SimEntropy entropy_;
    Env env_;

  private:
    bool alive_ = true;
    int running_ = 0;
};

class Machine {
  public:
    Machine(World& world, SimNetwork& network, Ledger& ledger, std::string name, const std::string& disk_name)
        : world_(world),
          network_(network),
          ledger_(ledger),
          name_(std::move(name)),
          disk_(disk_name, world.random.next(), &world.clock) {}
    virtual ~Machine() = default;
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    void boot();
    void crash();
    // The power goes during the n-th change of the disk from now.
    void crash_at(std::uint64_t n);
    void heal() { disk_.keep_power(); }
    void shut_down();
    [[nodiscard]] bool up() const { return program_ && program_->alive(); }
    // True when every program that ever ran has ended; forgets those.
    [[nodiscard]] bool quiet();
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] SimDisk& disk() { return disk_; }
    [[nodiscard]] SimFiles& files() { return files_; }

  protected:
    // Errors are those of a start that did not succeed.
    virtual Result<std::unique_ptr<Program>> make() = 0;
    World& world_;
    SimNetwork& network_;
    Ledger& ledger_;
    std::string name_;
    SimDisk disk_;
    SimFiles files_;
    std::unique_ptr<Program> program_;

  private:
    std::list<std::unique_ptr<Program>> dying_;
    std::shared_ptr<bool> here_ = std::make_shared<bool>(true);
};

class StationMachine final : public Machine {
  public:
    StationMachine(World& world, SimNetwork& network, Ledger& ledger, const std::string& name,
                   const std::string& disk_name);
    [[nodiscard]] const StationId& id() const { return id_; }
    [[nodiscard]] Ed25519Key log_key();
    [[nodiscard]] Position head() const;          // of the program that runs
    [[nodiscard]] Position acknowledged() const;  // likewise
    [[nodiscard]] MonoTime answered() const;      // when the centre last answered it
    void quiet_down() { producing_ = false; }     // nothing more is appended
    [[nodiscard]] bool idle() const;              // and nothing is under way

  protected:
    Result<std::unique_ptr<Program>> make() override;

  private:
    StationId id_;
    std::shared_ptr<std::uint64_t> counter_ = std::make_shared<std::uint64_t>(0);
    bool producing_ = true;
    friend class StationProgram;
};

class CentreMachine final : public Machine {
  public:
    CentreMachine(World& world, SimNetwork& network, Ledger& ledger, const std::string& disk_name)
        : Machine(world, network, ledger, "centre", disk_name) {}
    void enrol(const StationId& id, const Ed25519Key& key) { stations_[id.text()] = {id, key}; }
    void restored() { restored_ = true; }  // the next start may find less than was acknowledged
    [[nodiscard]] Store* store();          // of the program that runs

  protected:
    Result<std::unique_ptr<Program>> make() override;

  private:
    std::map<std::string, StationEntry> stations_;
    bool restored_ = false;
};

inline constexpr const char* centre_address = "sim:centre:8443";

}  // namespace paso::sim
