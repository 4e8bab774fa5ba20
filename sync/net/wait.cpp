#include "sync/net/wait.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

namespace paso {

MonoTime after(const Clock& clock, Duration duration) {
    const MonoTime now = clock.mono();
    if (duration.count() > never.ns - now.ns) return never;
    return now + duration;
}

namespace {

// One wait, whatever it waits for: the first of deadline, notification and cancellation completes it, once.
class Wait : public std::enable_shared_from_this<Wait> {
  public:
    explicit Wait(Clock& clock) : clock_(clock) {}
    virtual ~Wait() = default;
    // `at_deadline`: what the wait says when the deadline ends it.
    void arm(MonoTime deadline, bool at_deadline) {
        const std::uint64_t ticket =
            clock_.wait_until(deadline, [self = shared_from_this(), at_deadline] { self->end(at_deadline, false); });
        {
            const std::lock_guard lock{mutex_};
            ticket_ = ticket;
            if (!ended_) return;
        }
        clock_.cancel(ticket);  // notified from another thread meanwhile
    }
    [[nodiscard]] bool ended() const {
        const std::lock_guard lock{mutex_};
        return ended_;
    }
    // False when it had ended before.
    bool end(bool value, bool disarm) {
        std::optional<std::uint64_t> ticket;
        {
            const std::lock_guard lock{mutex_};
            if (std::exchange(ended_, true)) return false;
            ticket = ticket_;
        }
        // The value is taken before the clock lets go of what may be the last reference to this.
        const auto self = shared_from_this();
        if (disarm && ticket) clock_.cancel(*ticket);
        complete(value);
        return true;
    }

  protected:
    virtual void complete(bool value) = 0;

  private:
    Clock& clock_;
    mutable std::mutex mutex_;
    bool ended_ = false;
    std::optional<std::uint64_t> ticket_;
};

template <class Handler>
class HandlerWait final : public Wait {
  public:
    HandlerWait(Clock& clock, Handler handler)
        : Wait(clock), handler_(std::move(handler)), work_(asio::get_associated_executor(*handler_)) {}
    auto slot() { return asio::get_associated_cancellation_slot(*handler_); }

  private:
    void complete(bool value) override {
        auto executor = asio::get_associated_executor(*handler_);
        asio::post(executor, [handler = std::move(*handler_), work = std::move(work_), value]() mutable {
            auto cancel = asio::get_associated_cancellation_slot(handler);
            if (cancel.is_connected()) cancel.clear();
            std::move(handler)(value);
        });
        handler_.reset();
    }
    std::optional<Handler> handler_;
    asio::executor_work_guard<asio::associated_executor_t<Handler>> work_;
};

// Suspends the coroutine in a Wait that `start` arms.
template <class Start>
auto async_wait(Clock& clock, Start start) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(
        [&clock, start = std::move(start)](auto handler) mutable {
            auto wait = std::make_shared<HandlerWait<decltype(handler)>>(clock, std::move(handler));
            if (auto slot = wait->slot(); slot.is_connected()) {
                slot.assign([weak = std::weak_ptr<Wait>(wait)](asio::cancellation_type) {
                    if (const auto self = weak.lock()) self->end(false, true);
                });
            }
            start(std::shared_ptr<Wait>(wait));
        },
        asio::use_awaitable);
}

}  // namespace

Async<bool> wait_until(Clock& clock, MonoTime deadline) {
    co_return co_await async_wait(clock, [deadline](const std::shared_ptr<Wait>& wait) { wait->arm(deadline, true); });
}

Async<bool> wait_for(Clock& clock, Duration duration) { return wait_until(clock, after(clock, duration)); }

struct Signal::State {
    std::mutex mutex;
    bool set = false;
    std::list<std::shared_ptr<Wait>> waiters;
};

Signal::Signal(asio::any_io_executor executor) : state_(std::make_shared<State>()) { (void)executor; }

Signal::~Signal() {
    std::list<std::shared_ptr<Wait>> waiters;
    {
        const std::lock_guard lock{state_->mutex};
        waiters.swap(state_->waiters);
    }
    for (const auto& w : waiters) w->end(false, true);
}

void Signal::notify() {
    // Nobody waits, and that is remembered, under one lock: a wait that begins between the two would sleep through
    // both. Waiters that their deadline or a cancellation had ended do not count; whoever came after them does.
    for (;;) {
        std::list<std::shared_ptr<Wait>> waiters;
        {
            const std::lock_guard lock{state_->mutex};
            if (state_->waiters.empty()) {
                state_->set = true;
                return;
            }
            waiters.swap(state_->waiters);
        }
        bool woken = false;
        for (const auto& w : waiters) woken = w->end(true, true) || woken;
        if (woken) return;
    }
}

Async<bool> Signal::wait(Clock& clock, MonoTime deadline) {
    // The state is held weakly over the suspension: its list of waiters owns this coroutine.
    State* const state = state_.get();
    const std::weak_ptr<State> weak = state_;
    const bool notified = co_await async_wait(clock, [state, deadline](const std::shared_ptr<Wait>& wait) {
        bool set = false;
        {
            const std::lock_guard lock{state->mutex};
            set = std::exchange(state->set, false);
            if (!set) state->waiters.push_back(wait);
        }
        if (set) {
            wait->end(true, true);
        } else if (deadline != never) {
            wait->arm(deadline, false);
        }
    });
    if (const auto alive = weak.lock()) {
        const std::lock_guard lock{alive->mutex};
        alive->waiters.remove_if([](const auto& w) { return w->ended(); });
    }
    co_return notified;
}

struct Patience::State {
    std::function<void()> late;
    bool over = false;
    bool called = false;
};

Patience::Patience(Clock& clock, MonoTime deadline, std::function<void()> late)
    : clock_(clock), state_(std::make_shared<State>(State{std::move(late)})) {
    ticket_ = clock_.wait_until(deadline, [state = state_] {
        if (state->over) return;
        state->over = state->called = true;
        state->late();
    });
}

Patience::~Patience() {
    state_->over = true;
    clock_.cancel(ticket_);
}

bool Patience::ended() const { return state_->called; }

}  // namespace paso
