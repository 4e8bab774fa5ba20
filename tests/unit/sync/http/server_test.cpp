#include "sync/http/server.hpp"

#include "sync/http/assets.hpp"
#include "sync/http/metrics.hpp"
#include "tests/support/certificates.hpp"
#include "tests/unit/sync/http/bench.hpp"

using namespace paso;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::Bench;
using test::status_of;

namespace {

Handler text(std::string said) {
    return [said](const Request&) -> Async<Response> { co_return respond(200, "text/plain", as_bytes(said)); };
}
Async<Response> echo(const Request& r) { co_return respond(200, "application/octet-stream", r.body); }

Router some_routes() {
    Router r;
    r.add(Method::get, "/hello", text("hello"));
    r.add(Method::post, "/echo", echo);
    r.add(Method::get, "/v1/kiosks/{id}/batches", [](const Request& q) -> Async<Response> {
        co_return respond(200, "text/plain", as_bytes(q.parameters.at("id") + "?" + q.query));
    });
    r.add(Method::get, "/v1/kiosks/all/batches", text("never: the first match wins"));
    r.add(Method::get, "/throws", [](const Request&) -> Async<Response> {
        throw std::runtime_error("a bug");
        co_return Response{};
    });
    r.add(Method::get, "/splits", [](const Request&) -> Async<Response> {
        co_return Response{200, {{"x-a", "b\r\nset-cookie: c"}}, {}};
    });
    r.add(Method::get, "/empty", [](const Request&) -> Async<Response> { co_return Response{204, {}, {}}; });
    return r;
}

const std::string host = "Host: 127.0.0.1\r\n";

}  // namespace

TEST_CASE("requests are answered, one after the other on one connection") {
    Bench b{some_routes()};
    Stream s = b.connect();
    for (int i = 0; i < 3; ++i) {
        b.send(s, "GET /hello HTTP/1.1\r\n" + host + "\r\n");
        const std::string answer = b.receive(s, "hello");
        CHECK(status_of(answer) == 200);
        CHECK_THAT(answer, Contains("content-type: text/plain"));
        CHECK_THAT(answer, Contains("Content-Length: 5"));
    }
    SECTION("two at once") {
        b.send(s, "GET /hello HTTP/1.1\r\n" + host + "\r\nPOST /echo HTTP/1.1\r\n" + host +
                      "Content-Length: 3\r\n\r\nabc");
        CHECK_THAT(b.receive(s, "abc"), Contains("hello"));
    }
    SECTION("the last one says so") {
        b.send(s, "GET /hello HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
        CHECK_THAT(b.receive(s), Contains("Connection: close") && Contains("hello<closed>"));
    }
}

TEST_CASE("HEAD, 204 and parameters") {
    Bench b{some_routes()};
    Stream s = b.connect();
    b.send(s, "HEAD /hello HTTP/1.1\r\n" + host + "\r\nGET /empty HTTP/1.1\r\n" + host + "\r\n");
    const std::string answers = b.receive(s, "204");
    CHECK_THAT(answers, Contains("Content-Length: 5") && !Contains("hello"));
    b.send(s, "GET /v1/kiosks/all/batches?after=3 HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
    CHECK_THAT(b.receive(s), Contains("all?after=3"));
}

TEST_CASE("bodies in chunks, and those who ask first") {
    Bench b{some_routes()};
    CHECK_THAT(b.ask("POST /echo HTTP/1.1\r\n" + host +
                     "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"),
               Contains("Content-Length: 7") && Contains("abcdefg"));
    Stream s = b.connect();
    b.send(s, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(status_of(b.receive(s, "\r\n\r\n")) == 100);
    b.send(s, "xyz");
    CHECK_THAT(b.receive(s, "xyz"), Contains("200 OK"));
}

TEST_CASE("what nothing takes") {
    Bench b{some_routes()};
    const auto status = [&](const std::string& line, const std::string& more = host) {
        return status_of(b.ask(line + " HTTP/1.1\r\n" + more + "Connection: close\r\n\r\n"));
    };
    CHECK(status("GET /nothing") == 404);
    CHECK(status("GET /echo") == 405);
    CHECK_THAT(b.ask("DELETE /echo HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n"), Contains("allow: POST"));
    CHECK(status("OPTIONS /hello") == 405);
    CHECK(status("GET /throws") == 500);
    CHECK(status("GET /splits") == 500);
    CHECK(b.log.codes == std::vector<std::string>{"http.handler", "http.header"});
    CHECK(status("GET /hello") == 200);
}

TEST_CASE("requests that are none end the connection with 400, and the server lives") {
    Bench b{some_routes()};
    for (const std::string& bad :
         {std::string{"GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"},
          std::string{"GET /%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n"}, std::string{"GET /hello HTTP/1.1\r\n\r\n"},
          std::string{"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
          std::string{"GET http://other/ HTTP/1.1\r\nHost: a\r\n\r\n"},
          std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"}, std::string{"GET /hello HTTP/1.1\nHost: a\n\n\x01\x02"},
          std::string{"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"},
          std::string{"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc"},
          std::string{"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"},
          std::string{"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}}) {
        CAPTURE(bad);
        Stream s = b.connect();
        b.send(s, bad);
        const std::string answer = b.receive(s, "\r\n\r\n");
        CHECK(status_of(answer) == 400);
        s.close();
        b.settle();
    }
    CHECK(status_of(b.ask("GET /hello HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n")) == 200);
}

TEST_CASE("garbage after a good request costs only its own connection") {
    Bench b{some_routes()};
    Stream s = b.connect();
    b.send(s, "GET /hello HTTP/1.1\r\n" + host + "\r\n\x01garbage\r\n\r\n");
    const std::string answers = b.receive(s, "http.request");
    CHECK_THAT(answers, Contains("hello") && Contains("400 Bad Request"));
}

TEST_CASE("limits on header and body") {
    ServerOptions o;
    o.max_body_bytes = 1000;
    o.max_header_bytes = 2000;
    Bench b{some_routes(), o};
    const auto first_status = [&](const std::string& text) {
        Stream s = b.connect();
        b.send(s, text);
        return status_of(b.receive(s, "\r\n\r\n"));
    };
    CHECK(first_status("POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x')) ==
          200);
    CHECK(first_status("POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1001\r\n\r\n") == 413);
    CHECK(first_status("POST /echo HTTP/1.1\r\n" + host + "Content-Length: 18446744073709551615\r\n\r\n") == 413);
    CHECK(first_status("POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                       std::string(1001, 'x') + "\r\n0\r\n\r\n") == 413);
    CHECK(first_status("GET /hello HTTP/1.1\r\n" + host + "X-Long: " + std::string(3000, 'x') + "\r\n\r\n") == 431);
    // The answer arrives although the peer sends on.
    Stream s = b.connect();
    b.send(s, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 4000000\r\n\r\n" + std::string(4'000'000, 'x'));
    CHECK(status_of(b.receive(s, "\r\n\r\n")) == 413);
}

TEST_CASE("slow and silent peers are let go") {
    Bench b{some_routes()};
    const auto gone_after = [&](Stream& s, Duration patience) {
        std::string got;
        asio::co_spawn(
            b.context,
            [](Stream& from, std::string& out) -> Async<void> {
                char c = 0;
                auto [error, n] = co_await from.async_read_some(asio::buffer(&c, 1), test::as_result);
                out = error ? "closed" : "bytes";
            }(s, got),
            [](std::exception_ptr) {});
        b.settle();
        b.e.clock.advance(patience - 1ms);
        b.settle();
        const bool early = !got.empty();
        b.e.clock.advance(1ms);
        b.settle();
        return !early && got == "closed";
    };
    SECTION("who says nothing") {
        Stream s = b.connect();
        CHECK(gone_after(s, 75s));
    }
    SECTION("who does not finish a header") {
        Stream s = b.connect();
        b.send(s, "GET /hel");
        CHECK(gone_after(s, 10s));
    }
    SECTION("who drips a header") {
        Stream s = b.connect();
        b.send(s, "GET /hel");
        b.settle();
        b.e.clock.advance(6s);
        b.send(s, "lo HTTP/1.1\r\n");
        CHECK(gone_after(s, 4s));
    }
    SECTION("who does not finish a body") {
        Stream s = b.connect();
        b.send(s, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 100\r\n\r\nabc");
        CHECK(gone_after(s, 75s));
    }
    SECTION("who falls silent after an answer") {
        Stream s = b.connect();
        b.send(s, "GET /hello HTTP/1.1\r\n" + host + "\r\n");
        b.receive(s, "hello");
        CHECK(gone_after(s, 75s));
    }
}

TEST_CASE("one connection too many is told to come back") {
    ServerOptions o;
    o.max_connections = 2;
    Bench b{some_routes(), o};
    Stream one = b.connect();
    Stream two = b.connect();
    b.settle();
    Stream three = b.connect();
    CHECK(status_of(b.receive(three, "\r\n\r\n")) == 503);
    one.close();
    b.settle();
    CHECK(status_of(b.ask("GET /hello HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n")) == 200);
}

TEST_CASE("stop ends idle connections and handlers that wait") {
    Router r;
    bool waited = false;
    test::ManualClock* clock = nullptr;
    r.add(Method::get, "/poll", [&](const Request&) -> Async<Response> {
        waited = true;
        co_await wait_for(*clock, 1h);
        co_return Response{};
    });
    Bench b{std::move(r)};
    clock = &b.e.clock;
    Stream idle = b.connect();
    Stream polling = b.connect();
    b.send(polling, "GET /poll HTTP/1.1\r\n" + host + "\r\n");
    b.settle();
    CHECK(waited);
    b.server->stop();
    b.settle();
    CHECK(b.ended);
    CHECK(b.log.codes.empty());
    CHECK_FALSE(test::run(b.context, b.network.connect(b.address, 1s)));
}

TEST_CASE("over mutual TLS a handler knows who asks, and strangers are let go") {
    const test::DemoAuthority authority{"Utopia demo authority"};
    Router r;
    r.add(Method::get, "/me", [](const Request& q) -> Async<Response> {
        co_return respond(200, "text/plain", as_bytes("<" + q.peer.name + ">"));
    });
    ServerOptions o;
    o.tls = authority.issue("uto-centre", "DNS:centre.example");
    o.demand_certificate = true;
    Bench b{std::move(r), o};
    const auto ask = [&](TlsIdentity identity) -> std::string {
        auto s = test::run(b.context, tls_connect(b.connect(), std::move(identity), "centre.example", b.e.env, 5s));
        if (!s) return std::string{s.error().code};
        b.send(*s, "GET /me HTTP/1.1\r\n" + host + "\r\n");
        return b.receive(*s, "\r\n\r\n<");
    };
    CHECK_THAT(ask(authority.issue("uto-001-k1", "")), Contains("<uto-001-k1>"));
    TlsIdentity nameless;
    nameless.trusted = authority.pem();
    CHECK(ask(nameless) == "<closed>");
    CHECK(b.log.codes == std::vector<std::string>{"http.handshake"});
    CHECK_THAT(ask(authority.issue("uto-001-k2", "")), Contains("<uto-001-k2>"));
    Stream plain = b.connect();
    b.send(plain, "GET /me HTTP/1.1\r\n" + host + "\r\n");
    CHECK_THAT(b.receive(plain), Contains("<closed>") && !Contains("HTTP"));
}

TEST_CASE("pages answer to their own origin alone") {
    Router r = some_routes();
    ServerOptions o;
    o.own_origin_only = true;
    o.hosts = {"127.0.0.1", "localhost"};
    Bench b{std::move(r), o};
    const auto post = [&](const std::string& headers) {
        return status_of(b.ask("POST /echo HTTP/1.1\r\n" + headers + "Content-Length: 0\r\nConnection: close\r\n\r\n"));
    };
    CHECK(post("Host: 127.0.0.1:80\r\nOrigin: http://127.0.0.1:80\r\n") == 200);
    CHECK(post("Host: 127.0.0.1:80\r\n") == 403);
    CHECK(post("Host: 127.0.0.1:80\r\nOrigin: null\r\n") == 403);
    CHECK(post("Host: 127.0.0.1:80\r\nOrigin: http://elsewhere.example\r\n") == 403);
    CHECK(post("Host: elsewhere.example\r\nOrigin: http://elsewhere.example\r\n") == 421);
    CHECK(status_of(b.ask("GET /hello HTTP/1.1\r\nHost: localhost:80\r\nConnection: close\r\n\r\n")) == 200);
    CHECK(status_of(b.ask("GET /hello HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n")) == 421);
}

TEST_CASE("assets: types, tags, 304, page headers") {
    static constexpr std::string_view page = "<!doctype html><script type=\"importmap\">{\"imports\":{}}</script>";
    static constexpr std::string_view script = "export const a = 1;";
    const std::vector<Asset> assets{{"/", "text/html; charset=utf-8", as_bytes(page)},
                                    {"/a.js", "text/javascript; charset=utf-8", as_bytes(script)}};
    // printf '{"imports":{}}' | openssl dgst -sha256 -binary | base64
    const std::string hash = "URrTy+Il/Nz0lHojVUx275hWqAWhkSF0VsHbUM4/6Hw=";
    CHECK(import_map_hash(assets) == import_map_hash(page));
    CHECK(import_map_hash(page) == hash);
    CHECK(import_map_hash("no map here").empty());
    Router r;
    add_assets(r, assets);
    ServerOptions o;
    o.always = page_headers(import_map_hash(assets));
    Bench b{std::move(r), o};
    const auto get = [&](const std::string& path, const std::string& more = "") {
        return b.ask("GET " + path + " HTTP/1.1\r\n" + host + more + "Connection: close\r\n\r\n");
    };
    const std::string first = get("/");
    CHECK_THAT(first, Contains("content-type: text/html; charset=utf-8") && Contains("cache-control: no-store") &&
                          Contains("require-trusted-types-for 'script'") && Contains("nosniff") &&
                          Contains("script-src 'self' 'sha256-" + import_map_hash(page) + "'") &&
                          Contains(std::string{page}));
    const std::string js = get("/a.js");
    CHECK_THAT(js, Contains("content-type: text/javascript") && Contains("cache-control: no-cache") &&
                       Contains("content-security-policy: default-src 'none'"));
    const auto at = js.find("etag: ") + 6;
    const std::string tag = js.substr(at, js.find('\r', at) - at);
    const std::string again = get("/a.js", "If-None-Match: \"x\", W/" + tag + "\r\n");
    CHECK(status_of(again) == 304);
    CHECK_THAT(again, !Contains("export"));
    CHECK(status_of(get("/a.js", "If-None-Match: \"other\"\r\n")) == 200);
}

TEST_CASE("metrics are text in order of their names") {
    MemoryMetrics m;
    m.add("paso_events_total", 2);
    m.add("paso_events_total", 1);
    m.set("paso_backlog", 0.5);
    CHECK(m.text() ==
          "# TYPE paso_events_total counter\npaso_events_total 3\n# TYPE paso_backlog gauge\npaso_backlog 0.5\n");
}

TEST_CASE("errors are JSON") {
    const Response r = respond_error(400, {"a.b", "say \"what\"\n"});
    CHECK(as_text(r.body) == R"({"error":"a.b","detail":"say \"what\"\n"})");
    CHECK(r.header("content-type") == std::optional<std::string_view>{"application/json"});
}

TEST_CASE("stop ends handshakes that are under way") {
    const test::DemoAuthority authority{"Utopia demo authority"};
    ServerOptions o;
    o.tls = authority.issue("uto-centre", "DNS:centre.example");
    Bench b{some_routes(), o};
    Stream silent = b.connect();
    b.settle();
    b.server->stop();
    b.settle();
    CHECK(b.ended);
    b.e.clock.advance(10s);  // were it not so, this would end it
}
