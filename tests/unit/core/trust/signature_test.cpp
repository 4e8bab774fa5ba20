#include "core/trust/signature.hpp"

#include <catch2/catch.hpp>

#include "tests/support/seal_signers.hpp"

using namespace paso;
using namespace paso::test;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

struct Known {
    KeyKind kind;
    std::string_view x, y, r, s;
};
// RFC 6979 A.2.5 and A.2.6: message "sample" with the hash of the curve.
const Known rfc_6979[] = {
    {KeyKind::p256, "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
     "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
     "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
     "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    {KeyKind::p384, "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13",
     "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720",
     "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46",
     "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8"}};

const char* const every_curve[] = {"prime256v1",      "secp384r1",       "secp521r1",       "brainpoolP224r1",
                                   "brainpoolP256r1", "brainpoolP320r1", "brainpoolP384r1", "brainpoolP512r1"};

}  // namespace

TEST_CASE("raw signatures as RFC 6979 appendix A.2 gives them") {
    const Bytes message = to_bytes(as_bytes("sample"));
    for (const Known& known : rfc_6979) {
        const auto key = PublicKey::from_coordinates(known.kind, hex(known.x), hex(known.y));
        REQUIRE(key);
        CHECK(verify_raw(*key, message, hex(std::string{known.r} + std::string{known.s})));
        CHECK_FALSE(verify_raw(*key, message, hex(std::string{known.s} + std::string{known.r})));
        CHECK_FALSE(verify_raw(*key, as_bytes("samplf"), hex(std::string{known.r} + std::string{known.s})));
    }
}

TEST_CASE("every curve: its own signature holds, no bit of it may change, no length but its own") {
    const Bytes message = to_bytes(as_bytes("a visa of the State of Utopia"));
    for (const char* const curve : every_curve) {
        INFO(curve);
        const SealSigner signer({.curve = curve});
        const PublicKey key = signer.key();
        CHECK(name(key.kind()) == curve);
        Bytes signature = signer.sign_raw(message);
        REQUIRE(signature.size() == 2 * field_size(key.kind()));
        REQUIRE(verify_raw(key, message, signature));
        for (std::size_t i = 0; i < signature.size(); i += 7) {
            signature[i] ^= std::byte{0x10};
            CHECK_FALSE(verify_raw(key, message, signature));
            signature[i] ^= std::byte{0x10};
        }
        CHECK_FALSE(verify_raw(key, message, ByteView{signature}.first(signature.size() - 1)));
        CHECK_FALSE(verify_raw(key, message, ByteView{signature}.subspan(2)));
        signature.insert(signature.begin(), std::byte{0});
        signature.insert(signature.begin() + static_cast<std::ptrdiff_t>(signature.size() / 2), std::byte{0});
        CHECK_FALSE(verify_raw(key, message, signature));  // the same numbers with leading zeros
        CHECK_FALSE(verify_raw(key, message, {}));
        CHECK_FALSE(verify_raw(key, message, Bytes(2 * field_size(key.kind()))));
        CHECK_FALSE(verify_raw(SealSigner({.curve = curve}).key(), message, signer.sign_raw(message)));
        CHECK_FALSE(verify_pss(key, message, signer.sign_raw(message)));
    }
}

TEST_CASE("PS256: RSA-PSS with SHA-256 and nothing else") {
    const Bytes message = to_bytes(as_bytes("vaccinated against yellow fever"));
    const SealSigner signer({.curve = "RSA"});
    Bytes signature = signer.sign_pss(message);
    CHECK(verify_pss(signer.key(), message, signature));
    CHECK_FALSE(verify_raw(signer.key(), message, signature));
    CHECK_FALSE(verify_pss(signer.key(), as_bytes("vaccinated"), signature));
    signature.back() ^= std::byte{1};
    CHECK_FALSE(verify_pss(signer.key(), message, signature));
    CHECK_FALSE(verify_pss(signer.key(), message, ByteView{signature}.first(255)));
    CHECK_FALSE(verify_pss(signer.key(), message, {}));
}

TEST_CASE("keys that are none") {
    const Bytes one{std::byte{1}};
    CHECK(PublicKey::from_coordinates(KeyKind::p256, one, one).error().code == "key.format");
    CHECK(PublicKey::from_coordinates(KeyKind::p256, Bytes(33, std::byte{1}), one).error().code == "key.format");
    CHECK(PublicKey::from_coordinates(KeyKind::rsa, one, one).error().code == "key.kind");
    CHECK(PublicKey::from_rsa(Bytes(256, std::byte{0xFF}), hex("010001")));
    CHECK(PublicKey::from_rsa(Bytes(128, std::byte{0xFF}), hex("010001")).error().code == "key.size");
    CHECK(PublicKey::from_rsa(Bytes(2000, std::byte{0xFF}), hex("010001")).error().code == "key.size");
    CHECK(PublicKey::from_rsa(Bytes(256, std::byte{0xFF}), Bytes(9, std::byte{0xFF})).error().code == "key.size");
    CHECK(PublicKey::from_rsa(Bytes(256, std::byte{0xFF}), one).error().code == "key.format");
    CHECK(PublicKey::from_rsa(Bytes(256, std::byte{0xFE}), hex("010001")).error().code == "key.format");
    CHECK(PublicKey::from_rsa({}, {}).error().code == "key.format");
    CHECK(PublicKey::from_spki({}).error().code == "key.format");
    CHECK(PublicKey::from_spki(as_bytes("0123456789")).error().code == "key.format");
    // Ed25519, RFC 8410 section 10.1.
    CHECK(PublicKey::from_spki(
              hex("302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"))
              .error()
              .code == "key.kind");
}

TEST_CASE("one key however it is written: compressed point, zeros before a coordinate") {
    const Known& known = rfc_6979[0];
    const auto key = PublicKey::from_coordinates(known.kind, hex(known.x), hex(known.y));
    REQUIRE(key);
    CHECK(*key == PublicKey::from_coordinates(known.kind, hex("0000" + std::string{known.x}), hex(known.y)));
    const std::string head =
        "3013"
        "06072a8648ce3d0201"
        "06082a8648ce3d030107";
    const std::string full = "3059" + head + "03420004" + std::string{known.x} + std::string{known.y};
    const std::string compressed = "3039" + head + "03220003" + std::string{known.x};
    CHECK(*key == PublicKey::from_spki(hex(full)));
    CHECK(*key == PublicKey::from_spki(hex(compressed)));
    CHECK(PublicKey::from_spki(hex(full + "00")).error().code == "key.format");
}
