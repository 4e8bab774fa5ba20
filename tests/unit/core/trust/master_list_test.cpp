#include "core/trust/master_list.hpp"

#include <catch2/catch.hpp>

#include "tests/support/seal_signers.hpp"
#include "tests/support/vectors.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const WallTime now{1'790'000'000'000};
constexpr const char* list_type = "2.23.136.1.1.2";
constexpr const char* list_usage = "2.23.136.1.1.3";

Bytes item(unsigned char tag, ByteView content) {
    Bytes out{std::byte{tag}, std::byte{0x83}};
    std::size_t head = 3;
    if (content.size() < 0x80) {
        out.pop_back();
        head = 1;
    } else if (content.size() < 0x10000) {
        out.back() = content.size() < 0x100 ? std::byte{0x81} : std::byte{0x82};
        head = content.size() < 0x100 ? 1 : 2;
    }
    for (std::size_t i = head; i-- > 0;) out.push_back(static_cast<std::byte>(content.size() >> (8 * i)));
    out.insert(out.end(), content.begin(), content.end());
    return out;
}

Bytes list_of(const std::vector<Bytes>& certificates, unsigned char version = 0) {
    Bytes all;
    for (const Bytes& c : certificates) all.insert(all.end(), c.begin(), c.end());
    Bytes parts = item(0x02, Bytes{std::byte{version}});
    const Bytes set = item(0x31, all);
    parts.insert(parts.end(), set.begin(), set.end());
    return item(0x30, parts);
}

SignerOptions authority(std::string country, unsigned serial = 1) {
    return {.country = std::move(country), .name = "CSCA", .serial = serial, .authority = true};
}
const SignerOptions list_signer{.name = "Master List Signer", .usage = list_usage};

struct Maker {
    SealSigner ut{authority("UT")};
    SealSigner link{authority("UT", 2), &ut};
    SealSigner fr{authority("FR")};
    SealSigner signer{list_signer, &ut};
    Bytes content = list_of({ut.der(), link.der(), fr.der()});
};

}  // namespace

TEST_CASE("a master list: signed by a signer of a known authority, link certificates among its own") {
    const Maker m;
    const Bytes cms = m.signer.sign_cms(m.content, list_type, {});
    const auto list = open_master_list(cms, {m.ut.certificate()}, now);
    REQUIRE(list);
    CHECK(list->anchored);
    CHECK(list->authorities.size() == 3);
    CHECK(list->authorities[2].subject.country == "FR");
    CHECK(list->unreadable == 0);
    CHECK(list->signer.subject.common_name == "Master List Signer");
    CHECK(list->authority == m.ut.certificate());
}

TEST_CASE("a master list that brings its authority along is whole, but not anchored") {
    const Maker m;
    const Bytes cms = m.signer.sign_cms(m.content, list_type, {&m.ut});
    const auto list = open_master_list(cms, {}, now);
    REQUIRE(list);
    CHECK_FALSE(list->anchored);
    CHECK(list->authority == m.ut.certificate());
    const auto by_other = open_master_list(cms, {m.fr.certificate()}, now);
    REQUIRE(by_other);
    CHECK_FALSE(by_other->anchored);
}

TEST_CASE("no master list") {
    const Maker m;
    const auto code = [&m](ByteView cms) {
        const auto list = open_master_list(cms, {m.ut.certificate()}, now);
        return list ? std::string_view{"opened"} : list.error().code;
    };
    CHECK(code({}) == "master_list.format");
    CHECK(code(m.signer.sign_cms(m.content, "1.2.840.113549.1.7.1", {})) == "master_list.format");
    CHECK(code(m.signer.sign_cms(list_of({m.ut.der()}, 1), list_type, {})) == "master_list.format");
    CHECK(code(m.signer.sign_cms(as_bytes("no list"), list_type, {})) == "master_list.format");
    const SealSigner wrong_use({.name = "TS", .usage = "2.23.136.1.1.14.2"}, &m.ut);
    CHECK(code(wrong_use.sign_cms(m.content, list_type, {})) == "master_list.signer");
    const SealSigner stranger(list_signer);
    CHECK(code(stranger.sign_cms(m.content, list_type, {})) == "master_list.authority");
    CHECK(code(Bytes(9'000'000)) == "master_list.too_large");

    // An entry that cannot be read, or that is no authority's, is counted and left out.
    const auto some = open_master_list(
        m.signer.sign_cms(list_of({m.ut.der(), m.signer.der(), item(0x30, as_bytes("x"))}), list_type, {}),
        {m.ut.certificate()}, now);
    REQUIRE(some);
    CHECK(some->authorities.size() == 1);
    CHECK(some->unreadable == 2);
}

TEST_CASE("a changed master list is never anchored with other content") {
    const Maker m;
    const Bytes cms = m.signer.sign_cms(m.content, list_type, {});
    const auto good = open_master_list(cms, {m.ut.certificate()}, now);
    REQUIRE(good);
    for (std::size_t bit = 3; bit < cms.size() * 8; bit += 61) {
        Bytes changed = cms;
        changed[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        const auto list = open_master_list(changed, {m.ut.certificate()}, now);
        CHECK_FALSE((list && list->anchored && list->authorities != good->authorities));
    }
}

TEST_CASE("the German master list of 2025-08-14 opens, anchored by the CSCA that it names") {
    const auto cms = vector_file("csca/DE_ML_2025-08-14.ml");
    if (!cms) return;
    const auto alone = open_master_list(*cms, {}, WallTime{1'755'200'000'000});
    REQUIRE(alone);
    CHECK_FALSE(alone->anchored);
    CHECK(alone->authority.subject.common_name == "csca-germany");
    CHECK(alone->signed_at->iso() == "2025-08-14T05:41:09.000Z");
    CHECK(alone->authorities.size() + alone->unreadable == 571);
    CHECK(alone->unreadable <= 7);
    std::size_t with_key = 0;
    for (const Certificate& c : alone->authorities) with_key += c.key ? 1 : 0;
    CHECK(with_key == alone->authorities.size());
    const auto anchored = open_master_list(*cms, {alone->authority}, WallTime{1'755'200'000'000});
    REQUIRE(anchored);
    CHECK(anchored->anchored);
    CHECK(anchored->authorities == alone->authorities);
}
