// SimDisk: a disk in memory as a SQLite VFS with the manners of a real one at a power cut: what was not synced is
// lost, kept or torn, by seed. It may also be full. Callable from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/env/env.hpp"

namespace paso::sim {

class SimDisk {
  public:
    // Registers the VFS under `name`, which must be free. The clock supplies SQLite's time; none: it stands still.
    SimDisk(std::string name, std::uint64_t seed, const Clock* clock = nullptr);
    ~SimDisk();
    SimDisk(const SimDisk&) = delete;
    SimDisk& operator=(const SimDisk&) = delete;
    [[nodiscard]] const std::string& vfs() const;

    // Every file that is open fails from now on, for good; unsynced bytes meet their fate.
    void power_cut();
    void power_on();
    [[nodiscard]] bool dead() const;
    // The power goes during the n-th change (write, sync, truncation, deletion) from now, n >= 1. `then` is called
    // inside that change and must only take a note.
    void cut_at(std::uint64_t n, std::function<void()> then = {});
    void keep_power();                            // takes cut_at back
    [[nodiscard]] std::uint64_t changes() const;  // so far
    // A disk that says "synced" and has not: to show that tests see what is lost by it.
    void lie(bool lies);
    // All files together may take so many bytes.
    void limit(std::optional<std::int64_t> bytes);
    [[nodiscard]] std::int64_t used() const;

    [[nodiscard]] std::vector<std::string> files() const;
    [[nodiscard]] Bytes read(const std::string& path) const;  // as a program would see it
    void write(const std::string& path, ByteView content);    // whole and durable
    void remove(const std::string& path);                     // durable
    struct State;

  private:
    std::unique_ptr<State> state_;
};

}  // namespace paso::sim
