#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include "tests/unit/sync/http/bench.hpp"

namespace paso {
template <class Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
    auto executor = asio::get_associated_executor(handler, stream.get_executor());
    stream.close();
    asio::post(executor, [h = std::forward<Handler>(handler)]() mutable { h(boost::system::error_code{}); });
}
inline void beast_close_socket(Stream& stream) { stream.close(); }
}  // namespace paso

using namespace paso;
using namespace std::chrono_literals;
using test::Bench;
using test::status_of;
namespace websocket = boost::beast::websocket;
using Client = websocket::stream<Stream>;

namespace {

struct Seen {
    std::vector<std::string> messages;
    std::string end;
    bool keep = false;
    std::shared_ptr<WebSocket> kept;
};

Router routes(Seen& seen) {
    Router r;
    const auto guard = [](const Request& q) -> std::optional<Response> {
        if (q.query == "key=1") return std::nullopt;
        return respond_error(401, {"test.key", {}});
    };
    r.add_socket("/socket/{lane}", guard, [&seen](const Request& q, std::shared_ptr<WebSocket> s) -> Async<void> {
        if (seen.keep) seen.kept = s;
        const std::string hello = "lane " + q.parameters.at("lane");
        if (!co_await s->write(true, as_bytes(hello))) co_return;
        for (;;) {
            auto m = co_await s->read();
            if (!m) {
                seen.end = m.error().code;
                co_return;
            }
            seen.messages.emplace_back(as_text(m->data));
            if (as_text(m->data) == "bye") co_return;
            if (!co_await s->write(m->text, m->data)) co_return;
        }
    });
    return r;
}

// Connects and says what the answer to the upgrade was.
std::unique_ptr<Client> open(Bench& b, const std::string& target, std::string* error = nullptr) {
    auto ws = std::make_unique<Client>(b.connect());
    const auto work = [](Client& c, std::string t) -> Async<std::string> {
        auto [e] = co_await c.async_handshake("127.0.0.1", t, test::as_result);
        co_return e ? e.message() : "";
    };
    const std::string said = test::run(b.context, work(*ws, target));
    if (error != nullptr) *error = said;
    return ws;
}

std::string read(Bench& b, Client& ws) {
    const auto work = [](Client& c) -> Async<std::string> {
        boost::beast::flat_buffer buffer;
        auto [e, n] = co_await c.async_read(buffer, test::as_result);
        co_return e ? "<" + e.message() + ">" : boost::beast::buffers_to_string(buffer.data());
    };
    return test::run(b.context, work(ws));
}

void write(Bench& b, Client& ws, const std::string& text) {
    const auto work = [](Client& c, const std::string& t) -> Async<bool> {
        auto [e, n] = co_await c.async_write(asio::buffer(t), test::as_result);
        co_return !e;
    };
    (void)test::run(b.context, work(ws, text));
}

}  // namespace

TEST_CASE("a WebSocket: guard, parameters, echo, the handler's goodbye") {
    Seen seen;
    seen.keep = true;
    Bench b{routes(seen)};
    std::string error;
    open(b, "/socket/3", &error);
    CHECK(error == "The WebSocket handshake was declined by the remote peer");
    auto ws = open(b, "/socket/3?key=1", &error);
    REQUIRE(error.empty());
    CHECK(read(b, *ws) == "lane 3");
    write(b, *ws, "one");
    CHECK(read(b, *ws) == "one");
    write(b, *ws, "bye");
    CHECK(read(b, *ws) == "<The WebSocket stream was gracefully closed at both endpoints>");
    b.settle();
    CHECK(seen.messages == std::vector<std::string>{"one", "bye"});
    // Who still holds it finds it closed.
    CHECK(test::run(b.context, seen.kept->read()).error().code == "ws.closed");
    CHECK(test::run(b.context, seen.kept->write(true, {})).error().code == "ws.closed");
    seen.kept.reset();  // before the context that its socket belongs to
}

TEST_CASE("a WebSocket that the page closes, and one that vanishes") {
    Seen seen;
    Bench b{routes(seen)};
    auto ws = open(b, "/socket/1?key=1");
    read(b, *ws);
    SECTION("closed") {
        const auto work = [](Client& c) -> Async<bool> {
            auto [e] = co_await c.async_close(websocket::close_code::normal, test::as_result);
            co_return !e;
        };
        CHECK(test::run(b.context, work(*ws)));
    }
    SECTION("vanished") { ws->next_layer().close(); }
    b.settle();
    CHECK(seen.end == "ws.closed");
}

TEST_CASE("a message over the limit ends its socket") {
    Seen seen;
    ServerOptions o;
    o.max_message_bytes = 1000;
    Bench b{routes(seen), o};
    auto ws = open(b, "/socket/1?key=1");
    read(b, *ws);
    write(b, *ws, std::string(1000, 'x'));
    CHECK(read(b, *ws).size() == 1000);
    write(b, *ws, std::string(1001, 'x'));
    b.settle();
    CHECK(seen.end == "ws.too_large");
}

TEST_CASE("bytes that are no frames end their socket") {
    Seen seen;
    Bench b{routes(seen)};
    Stream raw = b.connect();
    b.send(raw,
           "GET /socket/1?key=1 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    CHECK_THAT(b.receive(raw, "lane 1"), Catch::Matchers::Contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    b.send(raw, std::string(20, '\xff'));
    b.settle();
    CHECK(seen.end == "ws.protocol");
}

TEST_CASE("a plain GET of a WebSocket's path is told to upgrade") {
    Seen seen;
    Bench b{routes(seen)};
    CHECK(status_of(b.ask("GET /socket/1?key=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) == 426);
    CHECK(status_of(b.ask("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) == 404);
}

TEST_CASE("a WebSocket from a foreign page is not let in") {
    Seen seen;
    ServerOptions o;
    o.own_origin_only = true;
    Bench b{routes(seen), o};
    const auto upgrade = [&](const std::string& origin) {
        Stream s = b.connect();
        b.send(s, "GET /socket/1?key=1 HTTP/1.1\r\nHost: 127.0.0.1:9\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                      origin + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        return status_of(b.receive(s, "\r\n\r\n"));
    };
    CHECK(upgrade("Origin: http://127.0.0.1:9\r\n") == 101);
    CHECK(upgrade("Origin: http://127.0.0.1:10\r\n") == 403);
    CHECK(upgrade("") == 403);
}

TEST_CASE("a silent page is pinged, and let go when it does not answer") {
    Seen seen;
    Bench b{routes(seen)};
    auto ws = open(b, "/socket/1?key=1");
    read(b, *ws);
    SECTION("one that reads answers pings and stays") {
        std::string got;
        asio::co_spawn(
            b.context,
            [](Client& c, std::string& out) -> Async<void> {
                boost::beast::flat_buffer buffer;
                auto [e, n] = co_await c.async_read(buffer, test::as_result);
                out = e ? "ended" : "message";
            }(*ws, got),
            [](std::exception_ptr) {});
        for (int i = 0; i < 12; ++i) {
            b.e.clock.advance(25s);
            b.settle();
        }
        CHECK(got.empty());
        CHECK(seen.end.empty());
        b.server->stop();
        b.settle();
        CHECK(got == "ended");
    }
    SECTION("one that does not is let go") {
        for (int i = 0; i < 3; ++i) {
            b.e.clock.advance(25s);
            b.settle();
        }
        CHECK(seen.end == "ws.closed");
    }
}

TEST_CASE("stop ends WebSockets too") {
    Seen seen;
    Bench b{routes(seen)};
    auto ws = open(b, "/socket/1?key=1");
    read(b, *ws);
    b.server->stop();
    b.settle();
    CHECK(b.ended);
    CHECK(read(b, *ws).starts_with("<"));
}

TEST_CASE("a handler that throws costs its own socket, and is logged") {
    Router r;
    r.add_socket("/s", {}, [](const Request&, std::shared_ptr<WebSocket> s) -> Async<void> {
        (void)co_await s->read();
        throw std::runtime_error("a bug");
    });
    Bench b{std::move(r)};
    std::string error;
    auto ws = open(b, "/s", &error);
    REQUIRE(error.empty());
    write(b, *ws, "x");
    CHECK(read(b, *ws).starts_with("<"));
    b.settle();
    CHECK(b.log.codes == std::vector<std::string>{"http.handler"});
    CHECK(b.e.clock.waits() == 0);
}
