// A server under test, on loopback, with the clock in hand; and raw bytes to throw at it.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "sync/host/host_network.hpp"
#include "sync/http/server.hpp"
#include "sync/net/wait.hpp"
#include "tests/support/manual_env.hpp"

namespace paso::test {

inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

struct Bench {
    explicit Bench(Router router, ServerOptions options = {}) {
        auto listener = network.listen("tcp:127.0.0.1:0");
        if (!listener) throw std::runtime_error("listen");
        server.emplace(e.env, log, std::move(*listener), std::move(router), std::move(options));
        address = server->address();
        asio::co_spawn(context, server->run(), [this](std::exception_ptr error) {
            run_error = error;
            ended = true;
        });
        settle();
    }
    // Stops, and sees that run() returns.
    ~Bench() {
        server->stop();
        context.restart();
        context.run();
        CHECK(ended);
        CHECK_FALSE(run_error);
        CHECK(e.clock.waits() == 0);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    // Lets loopback deliver what was sent.
    void settle() {
        for (int quiet = 0; quiet < 3;) {
            context.restart();
            quiet = context.run_for(std::chrono::milliseconds{3}) == 0 ? quiet + 1 : 0;
        }
    }
    [[nodiscard]] Stream connect() {
        auto made = test::run(context, network.connect(address, std::chrono::seconds{5}));
        if (!made) throw std::runtime_error("connect");
        return std::move(*made);
    }
    void send(Stream& s, std::string_view text) {
        const auto work = [](Stream& to, std::string_view t) -> Async<bool> {
            auto [error, n] = co_await asio::async_write(to, asio::buffer(t.data(), t.size()), as_result);
            co_return !error;
        };
        (void)test::run(context, work(s, text));
    }
    // What comes until the peer closes, or until `enough` is seen.
    std::string receive(Stream& s, std::string_view enough = {}) {
        const auto work = [](Stream& from, std::string_view until) -> Async<std::string> {
            std::string out;
            std::array<char, 65536> part{};
            for (;;) {
                auto [error, n] = co_await from.async_read_some(asio::buffer(part), as_result);
                out.append(part.data(), n);
                if (error) co_return out + "<closed>";
                if (!until.empty() && out.find(until) != std::string::npos) co_return out;
            }
        };
        return test::run(context, work(s, enough));
    }
    std::string ask(std::string_view request) {
        Stream s = connect();
        send(s, request);
        return receive(s);
    }

    asio::io_context context;
    ManualEnv e;
    MemoryLog log;
    HostNetwork network{context, e.clock};
    std::optional<Server> server;
    Address address;
    bool ended = false;
    std::exception_ptr run_error;
};

inline int status_of(const std::string& answer) {
    return answer.size() > 12 && answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

}  // namespace paso::test
