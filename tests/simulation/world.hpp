// A world of one thread: a clock that jumps, files in memory, a log that goes into the trace. Everything that can be
// observed is a line of the trace, and the same seed gives the same bytes.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "core/env/env.hpp"
#include "tests/simulation/random.hpp"
#include "tests/support/memory_files.hpp"

namespace paso::sim {

namespace asio = boost::asio;

// Time stands still while anything is left to do, then jumps to the next deadline.
class SimClock final : public Clock {
  public:
    explicit SimClock(asio::io_context& context) : context_(context) {}
    [[nodiscard]] MonoTime mono() const override { return now_; }
    [[nodiscard]] WallTime wall() const override { return {start_ms + now_.ns / 1'000'000}; }
    ClockState state_now = ClockState::sure;
    [[nodiscard]] ClockState state() const override { return state_now; }
    std::uint64_t wait_until(MonoTime deadline, std::function<void()> then) override {
        waits_.emplace(std::pair{std::max(deadline, now_), ++last_}, std::move(then));
        return last_;
    }
    bool cancel(std::uint64_t ticket) override {
        for (auto at = waits_.begin(); at != waits_.end(); ++at) {
            if (at->first.second != ticket) continue;
            const auto dropped = waits_.extract(at);  // its destruction may come back here
            return true;
        }
        return false;
    }
    // Jumps to the next deadline that is not after `until`, and posts what waits for it.
    bool jump(MonoTime until) {
        if (waits_.empty() || waits_.begin()->first.first > until) return false;
        auto due = waits_.extract(waits_.begin());
        now_ = std::max(now_, due.key().first);  // after set() it may be overdue: time never goes back
        asio::post(context_, std::move(due.mapped()));
        return true;
    }
    void set(MonoTime now) { now_ = std::max(now_, now); }

  private:
    static constexpr std::int64_t start_ms = 1'795'000'000'000;  // November 2026
    asio::io_context& context_;
    MonoTime now_{1'000'000'000};
    std::map<std::pair<MonoTime, std::uint64_t>, std::function<void()>> waits_;
    std::uint64_t last_ = 0;
};

using SimFiles = test::MemoryFiles;

class World {
  public:
    explicit World(std::uint64_t seed) : random(seed) {}
    asio::io_context context{1};
    SimClock clock{context};
    Random random;
    std::string trace;

    void note(const std::string& line) {
        const std::int64_t us = clock.mono().ns / 1000;
        trace += std::to_string(us / 1'000'000) + "." + std::to_string(us % 1'000'000 + 1'000'000).substr(1) + " " +
                 line + "\n";
    }
    // Until nothing is left to do now; false when nothing was.
    bool settle() {
        context.restart();
        return context.poll() > 0;
    }
    // True when `done` came true by then.
    bool run_until(MonoTime until, const std::function<bool()>& done) {
        for (;;) {
            settle();
            if (done()) return true;
            if (!settle() && !clock.jump(until)) break;  // `done` may have begun something
        }
        clock.set(until);
        return false;
    }
    void run_until(MonoTime until) {
        (void)run_until(until, [] { return false; });
    }
};

class SimLog final : public Log {
  public:
    SimLog(World& world, std::string name) : world_(world), name_(std::move(name)) {}
    void write(LogLevel, std::string_view code, std::initializer_list<LogField> fields) override {
        std::string line = "log " + name_ + " " + std::string{code};
        for (const LogField& f : fields) {
            if (const auto* n = std::get_if<std::int64_t>(&f.value)) {
                line += " " + std::string{f.name} + "=" + std::to_string(*n);
            }
        }
        world_.note(line);
    }

  private:
    World& world_;
    std::string name_;
};

}  // namespace paso::sim
