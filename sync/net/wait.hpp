// Waiting, on the one clock that there is. Cancellation of the coroutine ends the wait.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

#include "core/env/env.hpp"
#include "sync/net/network.hpp"

namespace paso {

// Resumes at or after the deadline. True: the time came; false: it was cancelled.
Async<bool> wait_until(Clock& clock, MonoTime deadline);
Async<bool> wait_for(Clock& clock, Duration duration);

// A flag that coroutines of one executor wait for: notify() wakes every waiter once, and is remembered if nobody waits.
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

}  // namespace paso
