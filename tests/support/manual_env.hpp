// An Env for unit tests on one io_context: a clock that moves only when told, counted entropy, files in memory.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/env/env.hpp"
#include "tests/support/memory_files.hpp"

namespace paso::test {

class ManualClock final : public Clock {
  public:
    MonoTime now{1'000'000'000};
    WallTime wall_now{1'795'000'000'000};  // November 2026
    ClockState state_now = ClockState::sure;

    [[nodiscard]] MonoTime mono() const override { return now; }
    [[nodiscard]] WallTime wall() const override { return wall_now; }
    [[nodiscard]] ClockState state() const override { return state_now; }
    std::uint64_t wait_until(MonoTime deadline, std::function<void()> then) override {
        waits_.emplace(std::pair{deadline.ns, ++last_}, std::move(then));
        return last_;
    }
    bool cancel(std::uint64_t ticket) override {
        for (auto at = waits_.begin(); at != waits_.end(); ++at) {
            if (at->first.second != ticket) continue;
            const auto then = std::move(at->second);
            waits_.erase(at);
            return true;
        }
        return false;
    }
    // Moves both times and fires what is due, in order.
    void advance(Duration by) {
        now = now + by;
        wall_now = wall_now + std::chrono::duration_cast<std::chrono::milliseconds>(by);
        while (!waits_.empty() && waits_.begin()->first.first <= now.ns) {
            auto node = waits_.extract(waits_.begin());
            node.mapped()();
        }
    }
    [[nodiscard]] std::size_t waits() const { return waits_.size(); }

  private:
    std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> waits_;
    std::uint64_t last_ = 0;
};

class CountingEntropy final : public Entropy {
  public:
    void fill(std::span<std::byte> out) override {
        for (std::byte& b : out) {
            state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
            b = static_cast<std::byte>(state_ >> 56U);
        }
    }

  private:
    std::uint64_t state_ = 1;
};

struct ManualEnv {
    ManualClock clock;
    CountingEntropy entropy;
    MemoryFiles files;
    Env env{clock, entropy, files};
};

// Keeps the codes of what was logged.
class MemoryLog final : public Log {
  public:
    std::vector<std::string> codes;
    void write(LogLevel, std::string_view code, std::initializer_list<LogField>) override { codes.emplace_back(code); }
};

// Runs a coroutine to its end on the context and gives what it returns; what it throws is thrown here.
template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> work) {
    std::optional<T> out;
    std::exception_ptr error;
    boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr e, T value) {
        error = e;
        out.emplace(std::move(value));
        context.stop();
    });
    context.restart();
    context.run();
    context.restart();
    if (error) std::rethrow_exception(error);
    if (!out) throw std::runtime_error("the coroutine did not end");
    return std::move(*out);
}
inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> work) {
    bool ended = false;
    std::exception_ptr error;
    boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) {
        error = e;
        ended = true;
        context.stop();
    });
    context.restart();
    context.run();
    context.restart();
    if (error) std::rethrow_exception(error);
    if (!ended) throw std::runtime_error("the coroutine did not end");
}

}  // namespace paso::test
