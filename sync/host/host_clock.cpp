#include <sys/random.h>
#include <sys/timex.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "sync/host/host_env.hpp"

namespace paso {

namespace {
std::int64_t mono_ns() {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
}  // namespace

// Waits in order of deadline, then of ticket; one Asio timer stands at the first of them.
struct HostClock::State : std::enable_shared_from_this<State> {
    explicit State(boost::asio::io_context& c) : context(c), timer(c) {}

    using Key = std::pair<std::int64_t, std::uint64_t>;
    boost::asio::io_context& context;
    mutable std::mutex mutex;
    std::map<Key, std::function<void()>> waits;
    std::map<std::uint64_t, std::int64_t> deadlines;  // by ticket
    std::uint64_t last_ticket = 0;
    std::optional<ClockState> compared;
    bool closed = false;
    // Touched by the context's thread alone.
    boost::asio::steady_timer timer;

    void post_rearm() {
        boost::asio::post(context, [self = shared_from_this()] { self->rearm(); });
    }
    void rearm() {
        std::int64_t first = 0;
        {
            const std::lock_guard lock{mutex};
            if (closed || waits.empty()) {
                timer.cancel();
                return;
            }
            first = waits.begin()->first.first;
        }
        timer.expires_at(std::chrono::steady_clock::time_point{Duration{first}});
        timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            const auto self = weak.lock();
            if (!error && self) self->fire();
        });
    }
    void fire() {
        while (auto then = take_due()) then();
        rearm();
    }
    std::function<void()> take_due() {
        const std::lock_guard lock{mutex};
        if (closed || waits.empty() || waits.begin()->first.first > mono_ns()) return {};
        auto node = waits.extract(waits.begin());
        deadlines.erase(node.key().second);
        return std::move(node.mapped());
    }
};

HostClock::HostClock(boost::asio::io_context& context) : state_(std::make_shared<State>(context)) {}

HostClock::~HostClock() {
    std::map<State::Key, std::function<void()>> waits;
    {
        const std::lock_guard lock{state_->mutex};
        state_->closed = true;
        waits.swap(state_->waits);
        state_->deadlines.clear();
    }
    state_->timer.cancel();
}

MonoTime HostClock::mono() const { return {mono_ns()}; }

WallTime HostClock::wall() const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

ClockState HostClock::state() const {
    {
        const std::lock_guard lock{state_->mutex};
        if (state_->compared) return *state_->compared;
    }
    timex query{};
    const int answer = adjtimex(&query);
    const bool synchronised = answer >= 0 && answer != TIME_ERROR && (query.status & STA_UNSYNC) == 0;
    return synchronised ? ClockState::sure : ClockState::unsure;
}

void HostClock::tell(ClockState compared) {
    const std::lock_guard lock{state_->mutex};
    state_->compared = compared;
}

std::uint64_t HostClock::wait_until(MonoTime deadline, std::function<void()> then) {
    std::uint64_t ticket = 0;
    bool first = false;
    {
        const std::lock_guard lock{state_->mutex};
        ticket = ++state_->last_ticket;
        const auto at = state_->waits.emplace(State::Key{deadline.ns, ticket}, std::move(then)).first;
        state_->deadlines.emplace(ticket, deadline.ns);
        first = at == state_->waits.begin();
    }
    if (first) state_->post_rearm();
    return ticket;
}

bool HostClock::cancel(std::uint64_t ticket) {
    std::function<void()> then;  // destroyed outside the lock
    bool first = false;
    {
        const std::lock_guard lock{state_->mutex};
        const auto deadline = state_->deadlines.find(ticket);
        if (deadline == state_->deadlines.end()) return false;
        const auto at = state_->waits.find({deadline->second, ticket});
        first = at == state_->waits.begin();
        then = std::move(at->second);
        state_->waits.erase(at);
        state_->deadlines.erase(deadline);
    }
    if (first) state_->post_rearm();  // lets the context end when nothing is waited for
    return true;
}

void HostEntropy::fill(std::span<std::byte> out) {
    while (!out.empty()) {
        const ssize_t got = getrandom(out.data(), std::min<std::size_t>(out.size(), 256), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) std::abort();  // no key may ever be drawn from anything weaker
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace paso
