// Waiting, on the one clock that there is. Cancellation of the coroutine ends the wait.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>

#include "core/env/env.hpp"
#include "sync/net/network.hpp"

namespace paso {

// A deadline that does not come.
inline constexpr MonoTime never{std::numeric_limits<std::int64_t>::max()};
// Now and `duration` more; `never` where that is out of range.
[[nodiscard]] MonoTime after(const Clock& clock, Duration duration);

// Resumes at or after the deadline. True: the time came; false: it was cancelled.
Async<bool> wait_until(Clock& clock, MonoTime deadline);
Async<bool> wait_for(Clock& clock, Duration duration);

// A flag that coroutines of one executor wait for: notify() wakes every waiter once, and is remembered if nobody waits.
// notify() may be called from any thread. Destruction ends open waits with false.
class Signal {
  public:
    explicit Signal(asio::any_io_executor executor);
    ~Signal();
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;
    void notify();
    // Resumes after notify(); true when notified, false at the deadline or when cancelled.
    Async<bool> wait(Clock& clock, MonoTime deadline);
    struct State;

  private:
    std::shared_ptr<State> state_;
};

// Patience with something that has a close(): calls `late` once at the deadline unless it was destroyed before. The
// owner lives on the clock's executor.
class Patience {
  public:
    Patience(Clock& clock, MonoTime deadline, std::function<void()> late);
    ~Patience();
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;
    [[nodiscard]] bool ended() const;  // `late` was called

  private:
    struct State;
    Clock& clock_;
    std::shared_ptr<State> state_;
    std::uint64_t ticket_ = 0;
};

}  // namespace paso
