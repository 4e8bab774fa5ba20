#include <catch2/catch.hpp>
#include <filesystem>

#include "core/encoding/base64.hpp"
#include "core/encoding/json.hpp"
#include "core/trust/cose.hpp"
#include "tests/support/health_certificates.hpp"
#include "tests/support/vectors.hpp"

using namespace paso;
using namespace paso::test;

namespace {

std::string_view error_of(std::string_view hex) {
    const auto message = parse_cose_sign1(*from_hex(hex));
    return message ? std::string_view{"fine"} : message.error().code;
}

Bytes coordinate(const JsonValue& key, const std::string& name) {
    if (const JsonValue* hex = key.find(name + "_hex")) return from_hex(hex->text).value();
    return from_base64url(key.find(name)->text).value();
}

PublicKey key_of(const JsonValue& key) {
    const std::string& curve = key.find("crv")->text;
    const KeyKind kind = curve == "P-256" ? KeyKind::p256 : curve == "P-384" ? KeyKind::p384 : KeyKind::p521;
    return PublicKey::from_coordinates(kind, coordinate(key, "x"), coordinate(key, "y")).value();
}

// One example of cose-wg: "passed", "failed" or the code of the error.
std::string outcome(const std::string& name) {
    const auto file = vector_file("cose/" + name + ".json");
    if (!file) return "skipped";
    const auto json = parse_json(as_text(*file));
    if (!json) return describe(json.error());
    const auto message = parse_cose_sign1(from_hex(json->find("output")->find("cbor")->text).value());
    if (!message) return std::string{message.error().code};
    const JsonValue* sign = json->find("input")->find("sign0");
    const JsonValue* external = sign->find("external");
    const Bytes data = external == nullptr ? Bytes{} : from_hex(external->text).value();
    return verify_cose(*message, key_of(*sign->find("key")), data) ? "passed" : "failed";
}

}  // namespace

TEST_CASE("the examples of the COSE working group: one signature") {
    if (outcome("sign1-tests/sign-pass-01") == "skipped") return;
    CHECK(outcome("sign1-tests/sign-pass-01") == "passed");  // an empty protected header that was sent as a map
    CHECK(outcome("sign1-tests/sign-pass-02") == "passed");  // external data
    CHECK(outcome("sign1-tests/sign-pass-03") == "passed");  // no tag
    CHECK(outcome("sign1-tests/sign-fail-01") == "cose.tag");
    CHECK(outcome("sign1-tests/sign-fail-02") == "failed");  // changed content
    CHECK(outcome("sign1-tests/sign-fail-03") == "failed");  // algorithm -999
    CHECK(outcome("sign1-tests/sign-fail-04") == "failed");  // algorithm "unknown"
    CHECK(outcome("sign1-tests/sign-fail-06") == "failed");  // a protected parameter was added
    CHECK(outcome("sign1-tests/sign-fail-07") == "failed");  // and one taken away
    CHECK(outcome("ecdsa-examples/ecdsa-sig-01") == "passed");
    CHECK(outcome("ecdsa-examples/ecdsa-sig-02") == "passed");
    CHECK(outcome("ecdsa-examples/ecdsa-sig-03") == "passed");
    CHECK(outcome("ecdsa-examples/ecdsa-sig-04") == "failed");  // SHA-512 on P-256: here the curve names the hash
    CHECK(outcome("CWT/A_3") == "passed");
}

TEST_CASE("the examples of the COSE working group: other messages than one signature") {
    for (const std::string name : {"ecdsa-examples/ecdsa-01", "ecdsa-examples/ecdsa-02", "ecdsa-examples/ecdsa-03",
                                   "ecdsa-examples/ecdsa-04", "CWT/A_4", "CWT/A_5", "CWT/A_6", "CWT/A_7"}) {
        const std::string o = outcome(name);
        if (o != "skipped") CHECK(o == "cose.tag");
    }
}

TEST_CASE("messages that are no COSE_Sign1") {
    CHECK(error_of("8443a10126a04100"
                   "40") == "fine");
    CHECK(error_of("d28443a10126a0410040") == "fine");
    CHECK(error_of("d83dd28443a10126a0410040") == "fine");
    CHECK(error_of("d2d28443a10126a0410040") == "cose.tag");
    CHECK(error_of("d2d83d8443a10126a0410040") == "cose.tag");
    CHECK(error_of("8343a10126a04100") == "cose.structure");
    CHECK(error_of("8443a10126a0f640") == "cose.structure");  // detached
    CHECK(error_of("84a10126a0410040") == "cose.structure");
    CHECK(error_of("8443a1012680410040") == "cose.header");
    CHECK(error_of("84420126a0410040") == "cbor.trailing");
    CHECK(error_of("844101a0410040") == "cose.header");
    CHECK(error_of("8443a10126a10401410040") == "cose.header");        // a key identifier that is a number
    CHECK(error_of("8447a2012602811863a0410040") == "cose.critical");  // label 99
    CHECK(error_of("8446a20126028104a0410040") == "fine");
    CHECK(error_of("8445a201260280a0410040") == "cose.header");
    CHECK(error_of("8443a10126a10445410040") == "cbor.truncated");
}

TEST_CASE("the protected header counts") {
    const SealSigner signer({.curve = "prime256v1"});
    CoseOptions o{.kid = KidPlace::in_both, .unprotected_kid = Bytes(8, std::byte{1})};
    auto m = parse_cose_sign1(cose_sign1(signer, as_bytes("payload"), o));
    REQUIRE(m);
    CHECK(m->key_id == kid_of(signer));
    CHECK(m->key_id_protected);
    CHECK(m->tagged);
    CHECK(m->algorithm == CoseAlgorithm::es256);
    CHECK(verify_cose(*m, signer.key()));
    CHECK_FALSE(verify_cose(*m, signer.key(), as_bytes("external")));
    o.kid = KidPlace::is_unprotected;
    m = parse_cose_sign1(cose_sign1(signer, as_bytes("payload"), o));
    CHECK(m->key_id == Bytes(8, std::byte{1}));
    CHECK_FALSE(m->key_id_protected);
    // An algorithm that does not fit the key.
    m->algorithm = CoseAlgorithm::es384;
    CHECK_FALSE(verify_cose(*m, signer.key()));
    m->algorithm = CoseAlgorithm::ps256;
    CHECK_FALSE(verify_cose(*m, signer.key()));
    m->algorithm.reset();
    CHECK_FALSE(verify_cose(*m, signer.key()));
    const SealSigner brainpool({.curve = "brainpoolP256r1"});
    const auto b = parse_cose_sign1(cose_sign1(brainpool, as_bytes("payload")));
    CHECK_FALSE(verify_cose(*b, brainpool.key()));  // ES256 is P-256 alone
}
