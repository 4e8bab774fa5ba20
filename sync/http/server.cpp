#include "sync/http/server.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "sync/http/server_state.hpp"

namespace paso {

namespace {

constexpr std::size_t most_turned_away = 64;
constexpr Duration accept_pause = std::chrono::milliseconds{100};

// What a coroutine threw is a bug of a handler, unless stop() cancelled it.
void report(Server::State& state, const std::exception_ptr& error) {
    if (!error) return;
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
        if (e.code() == asio::error::operation_aborted && state.stopping) return;
        state.log.write(LogLevel::error, "http.handler", {{"error", std::int64_t{e.code().value()}}});
    } catch (const std::exception&) {
        state.log.write(LogLevel::error, "http.handler", {});
    }
}

}  // namespace

void Router::add(Method method, std::string pattern, Handler handler) {
    routes_.push_back({method, std::move(pattern), std::move(handler), {}, {}});
}

void Router::add_socket(std::string pattern, std::function<std::optional<Response>(const Request&)> guard,
                        SocketHandler handler) {
    routes_.push_back({Method::get, std::move(pattern), {}, std::move(guard), std::move(handler)});
}

void Server::State::start(const std::shared_ptr<State>& self, asio::any_io_executor executor,
                          const std::function<Async<void>(Task&)>& work) {
    const auto task = tasks.emplace(tasks.end());
    asio::co_spawn(executor, work(*task),
                   asio::bind_cancellation_slot(task->cancel.slot(), [self, task, executor](std::exception_ptr error) {
                       report(*self, error);
                       // A cancellation that is on its way (co_spawn dispatches it) still needs the signal.
                       const auto over = std::make_shared<std::list<Task>>();
                       over->splice(over->end(), self->tasks, task);
                       asio::post(executor, [over] {});
                       if (self->task_ended != nullptr) self->task_ended->notify();
                   }));
}

Server::Server(Env& env, Log& log, std::unique_ptr<Listener> listener, Router router, ServerOptions options)
    : state_(std::make_shared<State>(env, log, std::move(listener), std::move(router), std::move(options))) {}

Server::~Server() { stop(); }

Address Server::address() const { return state_->listener->address(); }

void Server::stop() {
    State& s = *state_;
    if (std::exchange(s.stopping, true)) return;
    s.listener->close();
    // Tasks may end, and leave the list, while one is told.
    const auto untold = [&] {
        return std::find_if(s.tasks.begin(), s.tasks.end(), [](const State::Task& t) { return !t.told; });
    };
    for (auto task = untold(); task != s.tasks.end(); task = untold()) {
        task->told = true;
        if (task->close) task->close();
        task->cancel.emit(asio::cancellation_type::terminal);
    }
}

Async<void> Server::run() {
    const auto s = state_;
    const auto executor = co_await asio::this_coro::executor;
    Signal ended{executor};
    s->task_ended = &ended;
    while (!s->stopping) {
        auto stream = co_await s->listener->accept();
        if (s->stopping) break;
        if (!stream) {
            if (stream.error().code == "net.closed") break;
            s->log.write(LogLevel::warning, "http.accept", {});
            co_await wait_for(s->env.clock, accept_pause);
            continue;
        }
        const bool room = s->connections < s->options.max_connections;
        if (!room && s->tasks.size() >= s->options.max_connections + most_turned_away) continue;  // closes it
        const auto serve = room ? serve_connection : turn_away;
        s->start(s, executor, [&](State::Task& task) { return serve(s, std::move(*stream), task); });
    }
    while (!s->tasks.empty()) co_await ended.wait(s->env.clock, never);
    s->task_ended = nullptr;
}

}  // namespace paso
