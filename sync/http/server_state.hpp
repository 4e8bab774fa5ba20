// Inside of the server: shared by the part that accepts and the part that speaks HTTP (which alone includes Beast).
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <list>
#include <memory>

#include "sync/http/server.hpp"
#include "sync/net/wait.hpp"

namespace paso {

struct Server::State {
    State(Env& e, Log& l, std::unique_ptr<Listener> at, Router r, ServerOptions o)
        : env(e), log(l), listener(std::move(at)), router(std::move(r)), options(std::move(o)) {}
    Env& env;
    Log& log;
    std::unique_ptr<Listener> listener;
    Router router;
    ServerOptions options;

    // One coroutine that run() waits for.
    struct Task {
        asio::cancellation_signal cancel;
        std::function<void()> close;  // ends what it reads and writes
        bool told = false;            // by stop()
    };
    std::list<Task> tasks;
    std::size_t connections = 0;
    bool stopping = false;
    Signal* task_ended = nullptr;

    // Starts a child of run(); the work is told its own Task.
    void start(const std::shared_ptr<State>& self, asio::any_io_executor executor,
               const std::function<Async<void>(Task&)>& work);
};

// Serves one accepted connection to its end.
Async<void> serve_connection(std::shared_ptr<Server::State> server, Stream stream, Server::State::Task& task);
// Tells one more than there may be that it should come back later.
Async<void> turn_away(std::shared_ptr<Server::State> server, Stream stream, Server::State::Task& task);

}  // namespace paso
