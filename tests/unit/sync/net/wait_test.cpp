#include "sync/net/wait.hpp"

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "sync/host/host_env.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {
struct Bench {
    asio::io_context context;
    test::ManualClock clock;
    std::optional<bool> answer;
    asio::cancellation_signal cancel;

    void start(Async<bool> work) {
        asio::co_spawn(context, std::move(work),
                       asio::bind_cancellation_slot(cancel.slot(), [this](std::exception_ptr e, bool value) {
                           if (e) std::rethrow_exception(e);
                           answer = value;
                       }));
        settle();
    }
    void settle() {
        context.restart();
        context.poll();
    }
};
}  // namespace

TEST_CASE("a wait ends at its deadline, not before") {
    Bench b;
    b.start(wait_for(b.clock, 10s));
    b.clock.advance(9'999ms);
    b.settle();
    CHECK_FALSE(b.answer);
    b.clock.advance(1ms);
    b.settle();
    CHECK(b.answer == true);
    CHECK(b.clock.waits() == 0);
}

TEST_CASE("a cancelled wait says false and leaves nothing in the clock") {
    Bench b;
    b.start(wait_until(b.clock, never));
    CHECK(b.clock.waits() == 1);
    b.cancel.emit(asio::cancellation_type::terminal);
    b.settle();
    CHECK(b.answer == false);
    CHECK(b.clock.waits() == 0);
}

TEST_CASE("a duration beyond the end of time is never") {
    test::ManualClock clock;
    CHECK(after(clock, Duration::max()) == never);
    CHECK(after(clock, 1s) == MonoTime{2'000'000'000});
}

TEST_CASE("a signal wakes who waits") {
    Bench b;
    Signal signal{b.context.get_executor()};
    b.start(signal.wait(b.clock, after(b.clock, 10s)));
    CHECK_FALSE(b.answer);
    signal.notify();
    b.settle();
    CHECK(b.answer == true);
    CHECK(b.clock.waits() == 0);
    SECTION("and is not remembered then") {
        b.answer.reset();
        b.start(signal.wait(b.clock, after(b.clock, 1s)));
        CHECK_FALSE(b.answer);
        b.clock.advance(1s);
        b.settle();
        CHECK(b.answer == false);
    }
}

TEST_CASE("a signal that nobody waited for is remembered once") {
    Bench b;
    Signal signal{b.context.get_executor()};
    signal.notify();
    signal.notify();
    b.start(signal.wait(b.clock, never));
    CHECK(b.answer == true);
    b.answer.reset();
    b.start(signal.wait(b.clock, never));
    CHECK_FALSE(b.answer);
}

TEST_CASE("a signal that is destroyed lets its waiters go") {
    Bench b;
    {
        Signal signal{b.context.get_executor()};
        b.start(signal.wait(b.clock, never));
    }
    b.settle();
    CHECK(b.answer == false);
}

TEST_CASE("a signal may be notified from another thread") {
    asio::io_context context;
    HostClock clock{context};
    Signal signal{context.get_executor()};
    // The notification falls before, into and after the beginning of the wait: `rounds` of both in step, a little
    // apart.
    const int rounds = test::effort(100'000);
    std::atomic<int> round{0};
    std::thread other{[&] {
        for (int i = 1; i <= rounds; ++i) {
            while (round.load(std::memory_order_acquire) < i) std::this_thread::yield();
            for (volatile int apart = i % 64; apart > 0;) apart = apart - 1;
            signal.notify();
        }
    }};
    int slept = 0;
    for (int i = 1; i <= rounds && slept == 0; ++i) {
        round.store(i, std::memory_order_release);
        if (!test::run(context, signal.wait(clock, after(clock, 10s)))) ++slept;
    }
    round.store(rounds);
    other.join();
    CHECK(slept == 0);
}

TEST_CASE("patience ends once, or not at all") {
    test::ManualClock clock;
    int late = 0;
    {
        const Patience p{clock, after(clock, 1s), [&] { ++late; }};
        clock.advance(2s);
        CHECK(p.ended());
    }
    {
        const Patience p{clock, after(clock, 1s), [&] { ++late; }};
        CHECK_FALSE(p.ended());
    }
    clock.advance(5s);
    CHECK(late == 1);
    CHECK(clock.waits() == 0);
}
