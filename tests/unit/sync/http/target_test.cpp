#include "sync/http/target.hpp"

#include <catch2/catch.hpp>

using namespace paso;

TEST_CASE("targets are decoded and split") {
    const auto t = parse_target("/v1/a%20b/%C3%A9?x=%2F&y");
    REQUIRE(t);
    CHECK(t->path == "/v1/a b/\xc3\xa9");
    CHECK(t->query == "x=%2F&y");
    CHECK(parse_target("/")->path == "/");
    CHECK(parse_target("/a/")->path == "/a/");
    CHECK(parse_target("/a..b/.c")->path == "/a..b/.c");
    CHECK(parse_target("/a?../..")->query == "../..");
    CHECK(parse_target("/%41")->path == "/A");
}

TEST_CASE("targets that could mislead are none") {
    for (const char* bad : {"",     "*",         "a",       "http://x/", "/..",    "/../etc/passwd", "/a/../b", "/a/.",
                            "/./a", "/%2e%2e/a", "/%2E./a", "/a%2fb",    "/a%5cb", "/a\\b",          "/a%00b",  "/a%0a",
                            "/a%",  "/a%1",      "/a%zz",   "//a",       "/a//b",  "/a%7f"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_target(bad));
    }
}

TEST_CASE("paths are encoded so that they decode to themselves") {
    for (const char* path : {"/", "/a b", "/\xc3\xa9?#%", "/a/b.c-d_e~f"}) {
        CHECK(parse_target(encode_path(path))->path == path);
    }
    CHECK(encode_path("/a b") == "/a%20b");
}

TEST_CASE("patterns match part by part") {
    const auto one = match_path("/v1/kiosks/{id}/batches", "/v1/kiosks/uto-001-k1/batches");
    REQUIRE(one);
    CHECK(one->at("id") == "uto-001-k1");
    CHECK(match_path("/{a}/{b}", "/x/y")->size() == 2);
    CHECK(match_path("/", "/"));
    CHECK(match_path("/a", "/a"));
    CHECK_FALSE(match_path("/a", "/a/"));
    CHECK_FALSE(match_path("/a/", "/a"));
    CHECK_FALSE(match_path("/a/{x}", "/a/"));
    CHECK_FALSE(match_path("/a/{x}", "/a/b/c"));
    CHECK_FALSE(match_path("/a", "/b"));
    CHECK_FALSE(match_path("/a", "/ab"));
}

TEST_CASE("an origin is compared with the host") {
    CHECK(same_origin("http://127.0.0.1:8080", "127.0.0.1:8080"));
    CHECK(same_origin("https://desk.example", "desk.example"));
    CHECK_FALSE(same_origin("http://127.0.0.1:8081", "127.0.0.1:8080"));
    CHECK_FALSE(same_origin("null", "127.0.0.1"));
    CHECK_FALSE(same_origin("", ""));
    CHECK_FALSE(same_origin("http://127.0.0.1.evil.example", "127.0.0.1"));
    CHECK(host_without_port("desk.example:8443") == "desk.example");
    CHECK(host_without_port("[::1]:80") == "::1");
    CHECK(host_without_port("desk") == "desk");
}
