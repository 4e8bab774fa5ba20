#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "sync/host/host_network.hpp"
#include "sync/net/wait.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// Both ends of one connection, and what became of each handshake.
struct Ends {
    asio::io_context context;
    test::ManualEnv e;
    HostNetwork network{context, e.clock};
    std::optional<Result<Stream>> server;
    std::optional<Result<Stream>> client;

    std::pair<Stream, Stream> pair() {
        auto listener = network.listen("tcp:127.0.0.1:0");
        REQUIRE(listener);
        auto work = [](Network& n, Listener& l) -> Async<std::pair<Stream, Stream>> {
            auto to = co_await n.connect(l.address(), 5s);
            auto from = co_await l.accept();
            co_return std::pair{std::move(*from), std::move(*to)};
        };
        return test::run(context, work(network, **listener));
    }
    void shake(Async<Result<Stream>> accept, Async<Result<Stream>> connect) {
        const auto keep = [this](std::optional<Result<Stream>>& into) {
            return [this, &into](std::exception_ptr error, Result<Stream> value) {
                if (error) std::rethrow_exception(error);
                into.emplace(std::move(value));
                // The other side may be waiting for bytes that will not come.
                if (!*into && !(server && client)) e.clock.advance(60s);
            };
        };
        asio::co_spawn(context, std::move(accept), keep(server));
        asio::co_spawn(context, std::move(connect), keep(client));
        context.restart();
        context.run();
        REQUIRE(server);
        REQUIRE(client);
    }
    void mutual(const TlsIdentity& server_identity, const TlsIdentity& client_identity, const std::string& name,
                bool demand = true) {
        auto [from, to] = pair();
        shake(tls_accept(std::move(from), server_identity, demand, e.env, 10s),
              tls_connect(std::move(to), client_identity, name, e.env, 10s));
    }
};

Async<std::string> echo(Stream& client, Stream& server) {
    std::string text(100'000, 'x');
    text[70'000] = 'y';
    std::string back(text.size(), ' ');
    auto [e0, none] = co_await client.async_read_some(asio::mutable_buffer{}, as_result);
    if (e0 || none != 0) co_return "a read of nothing did not complete";
    const auto writer = [](Stream& s, const std::string& t) -> Async<void> {
        (void)co_await asio::async_write(s, asio::buffer(t), as_result);
    };
    asio::co_spawn(client.get_executor(), writer(client, text), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    });
    auto [error, n] = co_await asio::async_read(server, asio::buffer(back), as_result);
    co_return error ? error.message() : back == text ? "same" : "other";
}

const test::DemoAuthority& authority() {
    static const test::DemoAuthority a{"Utopia demo authority"};
    return a;
}

}  // namespace

TEST_CASE("mutual TLS: each end learns the other's name, bytes pass") {
    Ends ends;
    ends.mutual(authority().issue("uto-centre", "DNS:centre.example,IP:127.0.0.1"), authority().issue("uto-001-k1", ""),
                "centre.example");
    REQUIRE(ends.server->has_value());
    REQUIRE(ends.client->has_value());
    CHECK((*ends.server)->peer().name == "uto-001-k1");
    CHECK((*ends.client)->peer().name == "uto-centre");
    CHECK((*ends.server)->peer().address.starts_with("127.0.0.1:"));
    CHECK(test::run(ends.context, echo(**ends.client, **ends.server)) == "same");
    CHECK(test::run(ends.context, echo(**ends.server, **ends.client)) == "same");
}

TEST_CASE("a numeric address is checked against the certificate's addresses") {
    Ends ends;
    ends.mutual(authority().issue("uto-centre", "IP:127.0.0.1"), authority().issue("k", ""), "127.0.0.1");
    CHECK(ends.client->has_value());
    Ends other;
    other.mutual(authority().issue("uto-centre", "IP:127.0.0.2"), authority().issue("k", ""), "127.0.0.1");
    CHECK(other.client->error().code == "tls.certificate");
}

TEST_CASE("without demand a client needs no certificate and has no name") {
    Ends ends;
    TlsIdentity nameless;
    nameless.trusted = authority().pem();
    ends.mutual(authority().issue("uto-centre", "DNS:centre.example"), nameless, "centre.example", false);
    REQUIRE(ends.server->has_value());
    CHECK((*ends.server)->peer().name.empty());
}

TEST_CASE("with demand a client without certificate is let go") {
    Ends ends;
    TlsIdentity nameless;
    nameless.trusted = authority().pem();
    ends.mutual(authority().issue("uto-centre", "DNS:centre.example"), nameless, "centre.example");
    REQUIRE_FALSE(ends.server->has_value());
    CHECK(ends.server->error().code == "tls.handshake");
}

TEST_CASE("a certificate of another authority is not believed") {
    const test::DemoAuthority other{"Utopia demo authority"};  // the same name, another key
    SECTION("the client's") {
        Ends ends;
        TlsIdentity stranger = other.issue("uto-001-k1", "");
        stranger.trusted = authority().pem();
        ends.mutual(authority().issue("uto-centre", "DNS:centre.example"), stranger, "centre.example");
        CHECK(ends.server->error().code == "tls.certificate");
    }
    SECTION("the server's") {
        Ends ends;
        ends.mutual(other.issue("uto-centre", "DNS:centre.example"), authority().issue("k", ""), "centre.example");
        CHECK(ends.client->error().code == "tls.certificate");
        CHECK_FALSE(ends.server->has_value());
    }
}

TEST_CASE("certificates are good in their time by the Env's clock alone") {
    const auto at = [](WallTime time) {
        Ends ends;
        ends.e.clock.wall_now = time;
        ends.mutual(authority().issue("uto-centre", "DNS:centre.example"), authority().issue("k", ""),
                    "centre.example");
        return ends.client->has_value() ? std::string{"good"} : ends.client->error().detail;
    };
    CHECK(at({1'795'000'000'000}) == "good");
    CHECK(at({1'893'456'001'000}) == "certificate has expired");
    CHECK(at({1'767'225'599'000}) == "certificate is not yet valid");
    // Long past by any real clock, but good by ours.
    CHECK(test::run(*std::make_unique<asio::io_context>(), []() -> Async<bool> { co_return true; }()));
    const test::Validity long_ago{{946'684'800'000}, {978'307'200'000}};
    const test::DemoAuthority old{"old", long_ago};
    Ends ends;
    ends.e.clock.wall_now = {950'000'000'000};
    ends.mutual(old.issue("uto-centre", "DNS:centre.example", long_ago), old.issue("k", "", long_ago),
                "centre.example");
    CHECK(ends.server->has_value());
}

TEST_CASE("an expired client certificate is not believed") {
    Ends ends;
    const test::Validity last_year{{1'735'689'600'000}, {1'767'225'600'000}};
    ends.mutual(authority().issue("uto-centre", "DNS:centre.example"), authority().issue("k", "", last_year),
                "centre.example");
    CHECK(ends.server->error().code == "tls.certificate");
    CHECK(ends.server->error().detail == "certificate has expired");
}

TEST_CASE("a server with another name is not the one that was asked for") {
    Ends ends;
    ends.mutual(authority().issue("uto-desk", "DNS:desk.example"), authority().issue("k", ""), "centre.example");
    CHECK(ends.client->error().code == "tls.certificate");
    CHECK(ends.client->error().detail == "hostname mismatch");
}

TEST_CASE("a plain client gets an error by value, and the server lives") {
    Ends ends;
    auto [from, to] = ends.pair();
    const auto plain = [](Stream s) -> Async<Result<Stream>> {
        const std::string hello = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        (void)co_await asio::async_write(s, asio::buffer(hello), as_result);
        char answer[64];
        for (;;) {
            auto [error, n] = co_await s.async_read_some(asio::buffer(answer), as_result);
            if (error) co_return fail("test.closed");
        }
    };
    ends.shake(tls_accept(std::move(from), authority().issue("uto-centre", ""), true, ends.e.env, 10s),
               plain(std::move(to)));
    CHECK(ends.server->error().code == "tls.handshake");
}

TEST_CASE("a silent client is let go in time") {
    Ends ends;
    auto [from, to] = ends.pair();
    std::optional<Result<Stream>> server;
    asio::co_spawn(ends.context, tls_accept(std::move(from), authority().issue("c", ""), true, ends.e.env, 10s),
                   [&](std::exception_ptr, Result<Stream> value) { server.emplace(std::move(value)); });
    ends.context.restart();
    ends.context.poll();
    CHECK_FALSE(server);
    ends.e.clock.advance(10s);
    ends.context.restart();
    ends.context.run();
    REQUIRE(server);
    CHECK(server->error().code == "net.timeout");
}

TEST_CASE("an identity that cannot be used says so") {
    Ends ends;
    TlsIdentity mixed = authority().issue("a", "");
    mixed.private_key = authority().issue("b", "").private_key;
    auto [from, to] = ends.pair();
    auto made = test::run(ends.context, tls_accept(std::move(from), mixed, true, ends.e.env, 10s));
    CHECK(made.error().code == "tls.identity");
    TlsIdentity garbage{"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "", ""};
    CHECK(test::run(ends.context, tls_connect(std::move(to), garbage, "x", ends.e.env, 10s)).error().code ==
          "tls.identity");
}

TEST_CASE("a TLS stream may be destroyed while it reads") {
    Ends ends;
    ends.mutual(authority().issue("uto-centre", "DNS:centre.example"), authority().issue("k", ""), "centre.example");
    REQUIRE(ends.client->has_value());
    char byte = 0;
    std::optional<boost::system::error_code> seen;
    (*ends.client)->async_read_some(asio::buffer(&byte, 1), [&](boost::system::error_code e, std::size_t) {
        seen = e;
    });
    ends.client.reset();
    ends.context.restart();
    ends.context.run();
    REQUIRE(seen);
    CHECK(*seen == asio::error::operation_aborted);
}
