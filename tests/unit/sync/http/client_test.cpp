#include "sync/http/client.hpp"

#include <boost/asio/read.hpp>

#include "tests/support/certificates.hpp"
#include "tests/unit/sync/http/bench.hpp"

using namespace paso;
using namespace std::chrono_literals;
using test::Bench;

namespace {

Router routes() {
    Router r;
    r.add(Method::post, "/echo", [](const Request& q) -> Async<Response> {
        Response out = respond(200, "application/cbor", q.body);
        out.headers.push_back({"x-query", q.query});
        out.headers.push_back({"x-host", std::string{q.header("host").value_or("")}});
        co_return out;
    });
    r.add(Method::get, "/a b",
          [](const Request&) -> Async<Response> { co_return respond(200, "text/plain", as_bytes("spaced")); });
    return r;
}

Request post(std::string body) {
    Request r;
    r.method = Method::post;
    r.path = "/echo";
    r.query = "after=1";
    r.body = to_bytes(as_bytes(body));
    return r;
}
Request get(std::string path, Method method = Method::get) {
    Request r;
    r.method = method;
    r.path = std::move(path);
    return r;
}

// Answers each connection with fixed bytes, after it has read something, and closes or keeps it.
struct Fixed {
    Fixed(std::string says, bool keeps) : answer(std::move(says)), keep(keeps) {
        listener = std::move(*network.listen("tcp:127.0.0.1:0"));
        asio::co_spawn(context, serve(), [](std::exception_ptr) {});
    }
    Async<void> serve() {
        for (;;) {
            auto s = co_await listener->accept();
            if (!s) co_return;
            ++connections;
            std::array<char, 4096> in{};
            (void)co_await s->async_read_some(asio::buffer(in), test::as_result);
            (void)co_await asio::async_write(*s, asio::buffer(answer), test::as_result);
            if (keep) kept.push_back(std::move(*s));
        }
    }
    Client client(ClientOptions o = {}) {
        o.address = listener->address();
        return Client{e.env, network, o};
    }
    std::string_view code(Client& c, Request r) {
        auto got = test::run(context, c.send(std::move(r)));
        return got ? "answered" : got.error().code;
    }
    asio::io_context context;
    test::ManualEnv e;
    HostNetwork network{context, e.clock};
    std::string answer;
    bool keep;
    int connections = 0;
    std::unique_ptr<Listener> listener;
    std::vector<Stream> kept;
};

}  // namespace

TEST_CASE("a client asks, again and again, on one connection") {
    Bench b{routes()};
    Client client{b.e.env, b.network, {.address = b.address, .server_name = "centre.example"}};
    for (int i = 0; i < 3; ++i) {
        auto answer = test::run(b.context, client.send(post("body " + std::to_string(i))));
        REQUIRE(answer);
        CHECK(answer->status == 200);
        CHECK(as_text(answer->body) == "body " + std::to_string(i));
        CHECK(answer->header("x-query") == std::optional<std::string_view>{"after=1"});
        CHECK(answer->header("x-host") == std::optional<std::string_view>{"centre.example"});
    }
    CHECK(as_text(test::run(b.context, client.send(get("/a b")))->body) == "spaced");
    auto head = test::run(b.context, client.send(get("/a b", Method::head)));
    REQUIRE(head);
    CHECK(head->header("content-length") == std::optional<std::string_view>{"6"});
    CHECK(head->body.empty());
    CHECK(test::run(b.context, client.send(get("/none")))->status == 404);
    // One long silence: the server lets the connection go, the client makes a new one.
    b.e.clock.advance(80s);
    b.settle();
    CHECK(test::run(b.context, client.send(get("/a b")))->status == 200);
    client.close();
}

TEST_CASE("a client over mutual TLS") {
    const test::DemoAuthority authority{"Utopia demo authority"};
    ServerOptions o;
    o.tls = authority.issue("uto-centre", "DNS:centre.example");
    o.demand_certificate = true;
    Bench b{routes(), o};
    ClientOptions co{.address = b.address, .server_name = "centre.example", .tls = authority.issue("uto-001-k1", "")};
    Client client{b.e.env, b.network, co};
    const std::string big(3'000'000, 'z');
    auto answer = test::run(b.context, client.send(post(big)));
    REQUIRE(answer);
    CHECK(as_text(answer->body) == big);
    co.server_name = "other.example";
    Client wrong{b.e.env, b.network, co};
    CHECK(test::run(b.context, wrong.send(post("x"))).error().code == "tls.certificate");
    client.close();
}

TEST_CASE("answers that go wrong are errors by value") {
    const auto code = [](const std::string& answer, bool keep = false, ClientOptions o = {}) {
        Fixed f{answer, keep};
        Client c = f.client(std::move(o));
        return std::string{f.code(c, get("/"))};
    };
    CHECK(code("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") == "answered");
    CHECK(code("nonsense\r\n\r\n") == "http.protocol");
    CHECK(code("") == "net.closed");
    CHECK(code("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok") == "http.protocol");
    ClientOptions small;
    small.max_answer_bytes = 10;
    CHECK(code("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a", false, small) == "http.too_large");
    CHECK(code("HTTP/1.1 200 OK\r\n\r\n0123456789abcdef", false, small) == "http.too_large");
    CHECK(code("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n") == "http.too_large");
}

TEST_CASE("a GET on a connection that was closed meanwhile is asked again, a POST is not") {
    Fixed f{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false};
    Client c = f.client();
    CHECK(f.code(c, get("/")) == "answered");
    CHECK(f.code(c, get("/")) == "answered");
    CHECK(f.connections == 2);
    CHECK(f.code(c, post("x")) == "net.closed");
    CHECK(f.code(c, post("x")) == "answered");
    CHECK(f.connections == 3);
}

TEST_CASE("patience ends, close() ends, and the next request finds a way") {
    Fixed f{"", true};
    Client c = f.client();
    std::optional<Result<Response>> answer;
    const auto start = [&] {
        answer.reset();
        asio::co_spawn(f.context, c.send(get("/")), [&](std::exception_ptr error, Result<Response> value) {
            if (error) std::rethrow_exception(error);
            answer.emplace(std::move(value));
        });
        for (int i = 0; i < 20; ++i) {
            f.context.restart();
            f.context.run_for(1ms);
        }
    };
    const auto finish = [&] {
        for (int i = 0; i < 1000 && !answer; ++i) {
            f.context.restart();
            f.context.run_for(1ms);
        }
        REQUIRE(answer);
        REQUIRE_FALSE(answer->has_value());
        return std::string{answer->error().code};
    };
    start();
    CHECK(test::run(f.context, c.send(get("/"))).error().code == "http.busy");
    f.e.clock.advance(30s);
    CHECK(finish() == "http.timeout");
    start();
    c.close();
    CHECK(finish() == "net.closed");
    f.keep = false;
    f.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    CHECK(f.code(c, get("/")) == "answered");
    CHECK(f.connections == 3);
    Request split = get("/");
    split.headers.push_back({"x", "a\r\nb: c"});
    CHECK(f.code(c, split) == "http.header");
}

TEST_CASE("nobody there") {
    asio::io_context context;
    test::ManualEnv e;
    HostNetwork network{context, e.clock};
    Client c{e.env, network, {.address = "tcp:127.0.0.1:1"}};
    CHECK(test::run(context, c.send(get("/"))).error().code == "net.connect");
}
