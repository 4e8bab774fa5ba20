#include <catch2/catch.hpp>

#include "core/trust/digest.hpp"
#include "core/trust/signed_text.hpp"

using namespace paso;

namespace {

template <class Array>
Array array_of(std::string_view hex) {
    const auto bytes = from_hex(hex);
    REQUIRE(bytes);
    Array out{};
    REQUIRE(bytes->size() == out.size());
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

// RFC 8032 section 7.1, tests 1 and 2.
const std::string_view key_1 = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const std::string_view signature_1 =
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2465"
    "5141438e7a100b";
const std::string_view key_2 = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const std::string_view signature_2 =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
    "0d291612bb0c00";

}  // namespace

TEST_CASE("SHA-256 as FIPS 180-4 shows it") {
    CHECK(to_hex(sha256(as_bytes("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}) == sha256(as_bytes("abc")));
}

TEST_CASE("Ed25519 as RFC 8032 shows it") {
    const auto key = array_of<Ed25519Key>(key_2);
    auto signature = array_of<Ed25519Signature>(signature_2);
    const Bytes message{std::byte{0x72}};
    CHECK(ed25519_verify(key, message, signature));
    CHECK(ed25519_verify(array_of<Ed25519Key>(key_1), {}, array_of<Ed25519Signature>(signature_1)));
    CHECK_FALSE(ed25519_verify(key, Bytes{std::byte{0x73}}, signature));
    signature[5] ^= std::byte{1};
    CHECK_FALSE(ed25519_verify(key, message, signature));
    CHECK_FALSE(ed25519_verify(Ed25519Key{}, message, signature));
}

TEST_CASE("a signed text holds with enough different trusted signatures") {
    // Both keys sign nothing (test 1 signs the empty message), so the text under test is empty.
    const auto key = array_of<Ed25519Key>(key_1);
    const Bytes once = with_signature({}, key, array_of<Ed25519Signature>(signature_1));
    const Bytes twice = with_signature(once, key, array_of<Ed25519Signature>(signature_1));
    CHECK(signed_part(twice).empty());
    CHECK(verify_signed_text(once, {key}, 1));
    CHECK(verify_signed_text(twice, {key}, 2).error().code == "signature.threshold");  // one key signs once
    CHECK(verify_signed_text(once, {array_of<Ed25519Key>(key_2)}, 1).error().code == "signature.threshold");
    CHECK(verify_signed_text(once, {key}, 0).error().code == "signature.threshold");
    CHECK(verify_signed_text(as_bytes("text\n"), {key}, 1).error().code == "signature.missing");
    Bytes changed = to_bytes(as_bytes("x = 1\n"));
    changed.insert(changed.end(), once.begin(), once.end());
    CHECK(verify_signed_text(changed, {key}, 1).error().code == "signature.threshold");
    const auto bad = verify_signed_text(as_bytes("a\n-- signatures --\nrsa 12 34\n"), {key}, 1);
    CHECK(bad.error().code == "signature.line");
    CHECK(bad.error().place.line == 3U);
}
