#include <catch2/catch.hpp>

#include "core/trust/digest.hpp"
#include "sync/keys/key_ring.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;

namespace {

void put_tls(test::ManualEnv& e) {
    for (const char* file : {"tls.key", "tls.crt", "ca.crt"}) {
        e.files.content[std::string{"keys/"} + file] =
            to_bytes(as_bytes(std::string{"-----BEGIN "} + file + "-----\n"));
    }
}

}  // namespace

TEST_CASE("a log key is made once, kept, and signs what others can verify") {
    test::ManualEnv e;
    put_tls(e);
    auto made = KeyRing::open(e.env, "keys");
    REQUIRE(made);
    CHECK(e.files.content.at("keys/log.key").size() == 65);
    auto again = KeyRing::open(e.env, "keys");
    REQUIRE(again);
    CHECK(again->log_public_key() == made->log_public_key());
    const auto signature = made->sign(as_bytes("head"));
    CHECK(ed25519_verify(made->log_public_key(), as_bytes("head"), signature));
    CHECK_FALSE(ed25519_verify(made->log_public_key(), as_bytes("heat"), signature));
    CHECK(made->tls().private_key == "-----BEGIN tls.key-----\n");
    CHECK(made->tls().certificate_chain == "-----BEGIN tls.crt-----\n");
    CHECK(made->tls().trusted == "-----BEGIN ca.crt-----\n");
    const KeyRing moved = std::move(*made);
    CHECK(moved.sign(as_bytes("head")) == signature);
}

TEST_CASE("RFC 8032, test 2") {
    test::ManualEnv e;
    put_tls(e);
    e.files.content["keys/log.key"] =
        to_bytes(as_bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb\n"));
    auto ring = KeyRing::open(e.env, "keys");
    REQUIRE(ring);
    CHECK(to_hex(ring->log_public_key()) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const std::byte message{0x72};
    CHECK(to_hex(ring->sign({&message, 1})).substr(0, 32) == "92a009a9f0d4cab8720e820b5f642540");
}

TEST_CASE("what is missing or damaged is named; a damaged log key is not replaced") {
    test::ManualEnv e;
    CHECK(KeyRing::open(e.env, "keys").error().code == "keys.missing");
    put_tls(e);
    e.files.content["keys/tls.crt"] = to_bytes(as_bytes("no pem"));
    CHECK(KeyRing::open(e.env, "keys").error().code == "keys.damaged");
    put_tls(e);
    for (const char* text : {"", "00", "zz", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb00"}) {
        e.files.content["keys/log.key"] = to_bytes(as_bytes(text));
        const auto ring = KeyRing::open(e.env, "keys");
        REQUIRE_FALSE(ring);
        CHECK(ring.error().code == "keys.damaged");
        CHECK(as_text(e.files.content["keys/log.key"]) == text);
    }
}

TEST_CASE("bodies are marked as open, and others are not guessed at") {
    test::ManualEnv e;
    put_tls(e);
    auto ring = KeyRing::open(e.env, "keys");
    const Bytes sealed = ring->seal_body(as_bytes("body"));
    CHECK(sealed.front() == std::byte{0});
    CHECK(as_text(*ring->open_body(sealed)) == "body");
    CHECK(ring->open_body({}).error().code == "body.format");
    const Bytes other{std::byte{1}, std::byte{2}};
    CHECK(ring->open_body(other).error().code == "body.sealed");
}
