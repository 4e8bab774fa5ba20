#include "sync/http/logins.hpp"

#include <catch2/catch.hpp>

#include "tests/support/manual_env.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

std::vector<User> two_users() {
    static const std::string officer = hash_password("correct horse");
    static const std::string both = hash_password("battery staple");
    return {{"officer1", officer, {Role::officer}}, {"chief", both, {Role::officer, Role::supervisor}}};
}

Request with_cookie(const std::string& set_cookie) {
    Request r;
    r.headers.push_back({"cookie", "theme=dark; " + set_cookie.substr(0, set_cookie.find(';'))});
    return r;
}

}  // namespace

TEST_CASE("who signs in is known by the cookie, for each role of theirs") {
    test::ManualEnv e;
    Logins logins{e.env, two_users(), 8h};
    const auto cookie = logins.log_in("officer1", "correct horse");
    REQUIRE(cookie);
    CHECK(cookie->ends_with("; Path=/; HttpOnly; SameSite=Strict; Max-Age=28800"));
    CHECK(cookie->substr(0, cookie->find(';')).size() == std::string{"paso_session="}.size() + 64);
    const Request r = with_cookie(*cookie);
    REQUIRE(logins.who(r, Role::officer));
    CHECK(logins.who(r, Role::officer)->id == "officer1");
    CHECK_FALSE(logins.who(r, Role::supervisor));
    const auto chief = logins.log_in("chief", "battery staple");
    REQUIRE(chief);
    CHECK(*chief != *cookie);
    CHECK(logins.who(with_cookie(*chief), Role::supervisor));
    CHECK_FALSE(logins.who(Request{}, Role::officer));
    CHECK_FALSE(logins.who(with_cookie("paso_session=" + std::string(64, '0')), Role::officer));
}

TEST_CASE("a session ends by logout and by time") {
    test::ManualEnv e;
    Logins logins{e.env, two_users(), 1h, "desk", true};
    const Request first = with_cookie(*logins.log_in("chief", "battery staple"));
    const Request second = with_cookie(*logins.log_in("chief", "battery staple"));
    CHECK(logins.log_in("chief", "battery staple")->ends_with("; Secure"));
    logins.log_out(first);
    CHECK_FALSE(logins.who(first, Role::officer));
    CHECK(logins.ended_cookie() == "desk=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
    e.clock.advance(59min);
    CHECK(logins.who(second, Role::officer));
    e.clock.advance(1min);
    CHECK_FALSE(logins.who(second, Role::officer));
}

TEST_CASE("after five wrong passwords an id waits 30 seconds, known or not") {
    test::ManualEnv e;
    Logins logins{e.env, two_users(), 1h};
    for (const std::string id : {"officer1", "nobody"}) {
        for (int i = 0; i < 5; ++i) CHECK(logins.log_in(id, "wrong").error().code == "login.wrong");
        CHECK(logins.log_in(id, "correct horse").error().code == "login.wait");
    }
    CHECK(logins.log_in("chief", "battery staple"));
    e.clock.advance(29s);
    CHECK(logins.log_in("officer1", "correct horse").error().code == "login.wait");
    e.clock.advance(1s);
    CHECK(logins.log_in("officer1", "wrong").error().code == "login.wrong");
    CHECK(logins.log_in("officer1", "correct horse"));
    CHECK(logins.log_in("nobody", "").error().code == "login.wrong");
    CHECK(logins.log_in("officer1", std::string(100'000, 'x')).error().code == "login.wrong");
}

TEST_CASE("a right password forgets the wrong ones") {
    test::ManualEnv e;
    Logins logins{e.env, two_users(), 1h};
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 4; ++i) CHECK(logins.log_in("officer1", "wrong").error().code == "login.wrong");
        CHECK(logins.log_in("officer1", "correct horse"));
    }
}

TEST_CASE("user files say where they are wrong") {
    const std::string hash = hash_password("x");
    const auto users = parse_users("# demo\nofficer1 officer " + hash + "\n\nchief officer,supervisor " + hash + "\n");
    REQUIRE(users);
    REQUIRE(users->size() == 2);
    CHECK((*users)[1].roles == std::set{Role::officer, Role::supervisor});
    CHECK((*users)[1].password == hash);
    for (const std::string& bad :
         {std::string{"officer1"}, std::string{"officer1 officer"}, std::string{"officer1 officer plain"},
          "officer1 king " + hash, " officer " + hash, "Officer officer " + hash, "a officer " + hash + " more",
          "officer1 officer " + hash, "b  " + hash}) {
        CAPTURE(bad);
        const auto r = parse_users("officer1 officer " + hash + "\n" + bad);
        REQUIRE_FALSE(r);
        CHECK(r.error().code == "users.syntax");
        CHECK(r.error().place.line == 2U);
    }
}
