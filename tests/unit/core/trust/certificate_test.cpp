#include "core/trust/certificate.hpp"

#include <catch2/catch.hpp>

#include "core/trust/anchors.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/seal_signers.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const WallTime now{1'790'000'000'000};  // 2026-09-21
constexpr const char* seal_usage = "2.23.136.1.1.14.2";
const SignerPolicy visa_policy{{seal_usage}, {"NT", "V"}, {"UTO", "UT"}};

struct House {
    SealSigner authority;
    SealSigner signer;
    TrustAnchors anchors;
};
House house(SignerOptions authority = {}, SignerOptions signer = {}) {
    authority.authority = true;
    SealSigner a(authority);
    SealSigner s(signer, &a);
    TrustAnchors anchors;
    anchors.authorities = {a.certificate()};
    anchors.as_of = now;
    return {std::move(a), std::move(s), std::move(anchors)};
}
const SignerOptions good_signer{.name = "TS", .serial = 0x5B, .usage = seal_usage, .document_types = {"NT"}};

SignerTrust check(const House& h, const SignerPolicy& policy = visa_policy, WallTime when = now) {
    return check_signer(h.signer.certificate(), h.anchors, SigningTime::at(when), when, policy);
}
bool has(const SignerTrust& trust, std::string_view problem) {
    return std::find(trust.problems.begin(), trust.problems.end(), problem) != trust.problems.end();
}

}  // namespace

TEST_CASE("a certificate as a value: names, serial, validity, identifiers, usages, document types (Doc 9303-12)") {
    const House h = house({}, good_signer);
    const Certificate c = h.signer.certificate();
    CHECK(c.subject.country == "UT");
    CHECK(c.subject.common_name == "TS");
    CHECK(c.issuer.common_name == "Utopia CSCA");
    CHECK(c.issuer.canonical == h.authority.certificate().subject.canonical);
    CHECK(c.serial == "5b");
    CHECK(c.not_before == first_valid);
    CHECK(c.not_after == last_valid);
    CHECK(c.authority_key_id == h.authority.certificate().subject_key_id);
    CHECK(c.subject_key_id.size() == 20);
    CHECK(c.extended_key_usages == std::vector<std::string>{seal_usage});
    CHECK(c.document_types == std::vector<std::string>{"NT"});
    CHECK_FALSE(c.authority);
    CHECK_FALSE(c.unknown_critical);
    CHECK(h.authority.certificate().authority);
    REQUIRE(c.key);
    CHECK(c.key->kind() == KeyKind::brainpool256);
    CHECK(is_signed_by(c, h.authority.certificate()));
    CHECK(is_signed_by(h.authority.certificate(), h.authority.certificate()));
    CHECK_FALSE(is_signed_by(h.authority.certificate(), c));
}

TEST_CASE("no certificate: cut, with bytes behind, changed, too large") {
    const Bytes der = house().signer.der();
    for (std::size_t n = 0; n < der.size(); n += 11) {
        CHECK(parse_certificate(ByteView{der}.first(n)).error().code == "certificate.format");
    }
    Bytes longer = der;
    longer.push_back(std::byte{0});
    CHECK(parse_certificate(longer).error().code == "certificate.format");
    longer.resize(20'000);
    CHECK(parse_certificate(longer).error().code == "certificate.too_large");
    const House h = house();
    const Certificate authority = h.authority.certificate();
    const Bytes good = h.signer.der();
    for (std::size_t bit = 0; bit < good.size() * 8; bit += 13) {
        Bytes changed = good;
        changed[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        const auto c = parse_certificate(changed);
        CHECK_FALSE((c && is_signed_by(*c, authority)));
    }
}

TEST_CASE("what a signature says is what libcrypto says of the whole certificate, whichever bit is changed") {
    const auto by_libcrypto = [](const Bytes& der, const Certificate& issuer) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        const Own<X509> x{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
        at = reinterpret_cast<const unsigned char*>(issuer.der.data());
        const Own<X509> i{d2i_X509(nullptr, &at, static_cast<long>(issuer.der.size()))};
        return X509_verify(x.get(), X509_get0_pubkey(i.get())) == 1;
    };
    for (const char* curve : {"prime256v1", "secp384r1", "brainpoolP512r1"}) {
        const SealSigner authority({.curve = curve, .authority = true});
        const SealSigner signer(good_signer, &authority);
        const Certificate issuer = authority.certificate();
        const Bytes good = signer.der();
        REQUIRE(is_signed_by(signer.certificate(), issuer));
        int read = 0;
        for (std::size_t bit = 0; bit < good.size() * 8; bit += test::each) {
            Bytes changed = good;
            changed[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
            const auto c = parse_certificate(changed);
            if (!c) continue;
            ++read;
            INFO("bit " << bit);
            REQUIRE(is_signed_by(*c, issuer) == by_libcrypto(changed, issuer));
            REQUIRE_FALSE(is_signed_by(*c, issuer));
        }
        CHECK(read > 100);
    }
}

TEST_CASE("a signer of the right State with an authority that is known: chain and profile") {
    const SignerTrust trust = check(house({}, good_signer));
    CHECK(trust.chain == Check::passed);
    CHECK(trust.profile == Check::passed);
    CHECK(trust.authority == 0U);
    CHECK(trust.problems.empty());
    CHECK(check(house({}, good_signer), {}).profile == Check::absent);
}

TEST_CASE("what stands against a signer") {
    SECTION("nobody known has issued it: unknown, not failed") {
        House h = house({}, good_signer);
        h.anchors.authorities.clear();
        const SignerTrust trust = check(h);
        CHECK(trust.chain == Check::unknown);
        CHECK(trust.cause == Cause::not_supported);
        CHECK(has(trust, "signer.no_authority"));
    }
    SECTION("a stale list: unknown, whatever else there is") {
        House h = house({}, good_signer);
        h.anchors.as_of = now + std::chrono::hours{-24 * 91};
        CHECK(check(h).chain == Check::unknown);
        CHECK(check(h).cause == Cause::list_stale);
        h.anchors.as_of = now + std::chrono::hours{-24 * 89};
        CHECK(check(h).chain == Check::passed);
        h.anchors.as_of = now + std::chrono::hours{1};  // a list from the future
        CHECK(check(h).cause == Cause::list_stale);
        SignerOptions other = good_signer;
        other.usage = "1.2.3";
        other.country = "FR";
        House bad = house({}, other);
        bad.anchors.as_of = now + std::chrono::hours{-24 * 400};
        CHECK(check(bad).chain == Check::unknown);
        CHECK(check(bad).profile == Check::unknown);
    }
    SECTION("the signing time outside of the signer's validity, at its very ends inside") {
        const House h = house({}, good_signer);
        House old = h.anchors.as_of == now ? house({}, good_signer) : house();
        old.anchors.greatest_age = std::chrono::hours{24 * 365 * 30};
        old.anchors.as_of = first_valid + std::chrono::milliseconds{-10};
        CHECK(check(old, visa_policy, first_valid).chain == Check::passed);
        CHECK(check(old, visa_policy, first_valid + std::chrono::milliseconds{-1}).chain == Check::failed);
        CHECK(check(old, visa_policy, last_valid).chain == Check::passed);
        CHECK(has(check(old, visa_policy, last_valid + std::chrono::milliseconds{1}), "signer.time"));
    }
    SECTION("an authority that was not valid then") {
        SignerOptions authority;
        authority.from = now + std::chrono::hours{1};
        const SignerTrust trust = check(house(authority, good_signer));
        CHECK(trust.chain == Check::failed);
        CHECK(has(trust, "signer.authority_time"));
    }
    SECTION("another usage, another document type, another State") {
        SignerOptions s = good_signer;
        s.usage = "1.3.6.1.4.1.1847.2021.1.2";
        CHECK(has(check(house({}, s)), "signer.usage"));
        s = good_signer;
        s.usage = "";
        CHECK(check(house({}, s)).profile == Check::failed);
        s = good_signer;
        s.document_types = {"P", "ID"};
        CHECK(has(check(house({}, s)), "signer.document_type"));
        s.document_types = {};
        CHECK(check(house({}, s)).profile == Check::passed);
        s = good_signer;
        s.country = "FR";
        const SignerTrust foreign = check(house({}, s));
        CHECK(foreign.chain == Check::failed);  // signer and authority are of different States
        CHECK(has(foreign, "signer.authority_country"));
        CHECK(foreign.profile == Check::failed);  // and the document is of another one than the signer
        CHECK(has(foreign, "signer.country"));
    }
    SECTION("an authority signs no seals") {
        SignerOptions s = good_signer;
        s.authority = true;
        CHECK(has(check(house({}, s)), "signer.is_authority"));
        CHECK(check(house({}, s)).chain == Check::failed);
    }
    SECTION("a signer that another key of the same name and key identifier should have issued") {
        House h = house({}, good_signer);
        Certificate& a = h.anchors.authorities[0];
        const Certificate other = house().authority.certificate();
        a.der = other.der;  // its key is another, what it says of itself is the same
        a.key = other.key;
        const SignerTrust trust = check(h);
        CHECK(trust.chain == Check::failed);
        CHECK(has(trust, "signer.signature"));
    }
    SECTION("a certificate that may issue nothing is no authority") {
        const SealSigner leaf(good_signer);
        SignerOptions s = good_signer;
        const SealSigner below(s, &leaf);
        TrustAnchors anchors;
        anchors.authorities = {leaf.certificate()};
        anchors.as_of = now;
        const auto trust = check_signer(below.certificate(), anchors, SigningTime::at(now), now, visa_policy);
        CHECK(trust.chain == Check::unknown);
    }
}

TEST_CASE("names and key identifiers collide: every authority is tried; a link certificate is an anchor") {
    House h = house({}, good_signer);
    const Certificate right = h.anchors.authorities[0];
    Certificate same_id = house().authority.certificate();
    same_id.subject_key_id = right.subject_key_id;
    h.anchors.authorities = {house().authority.certificate(), same_id, right};
    CHECK(check(h).chain == Check::passed);
    CHECK(check(h).authority == 2U);

    // The old key signs the new one; the station has the link alone.
    SignerOptions options;
    options.authority = true;
    const SealSigner before(options);
    options.serial = 2;
    const SealSigner link(options, &before);
    const SealSigner signer(good_signer, &link);
    TrustAnchors anchors;
    anchors.authorities = {link.certificate()};
    anchors.as_of = now;
    CHECK(check_signer(signer.certificate(), anchors, SigningTime::at(now), now, visa_policy).chain == Check::passed);
}

TEST_CASE("links that were verified when the lists were read change no answer") {
    House h = house({}, good_signer);
    const Certificate signer = h.signer.certificate();
    const Certificate right = h.anchors.authorities[0];
    Certificate same_id = house().authority.certificate();  // another key under the same name and identifier
    same_id.subject_key_id = right.subject_key_id;
    h.anchors.authorities = {same_id, right};
    const VerifiedLinks links{{signer}, h.anchors.authorities};
    CHECK(links.size() == 1);
    CHECK(links.holds(signer, right));
    CHECK_FALSE(links.holds(signer, same_id));
    CHECK_FALSE(links.holds(right, signer));

    const auto same_with_links = [&](WallTime when) {
        h.anchors.links = {};
        const SignerTrust without = check(h, visa_policy, when);
        h.anchors.links = links;
        CHECK(check(h, visa_policy, when) == without);
        return without;
    };
    CHECK(same_with_links(now).chain == Check::passed);
    CHECK(has(same_with_links(last_valid + std::chrono::hours{48}), "signer.time"));
    h.anchors.authorities = {same_id};  // the one that signed it was taken from the list
    CHECK(has(same_with_links(now), "signer.signature"));
    h.anchors.as_of = now + std::chrono::hours{-24 * 400};
    CHECK(same_with_links(now).chain == Check::unknown);

    // A certificate that was changed is another one.
    Bytes changed = signer.der;
    changed.back() ^= std::byte{1};
    const auto other = parse_certificate(changed);
    REQUIRE(other);
    CHECK_FALSE(links.holds(*other, right));
}

TEST_CASE("a signing day has no time zone") {
    const SigningTime day = SigningTime::on(*Date::parse("2026-01-01"));
    CHECK(day.from.iso() == "2025-12-31T10:00:00.000Z");
    CHECK(day.until.iso() == "2026-01-02T12:00:00.000Z");
}

TEST_CASE("health keys: all that bear an identifier") {
    const Certificate c = house().signer.certificate();
    TrustAnchors anchors;
    anchors.health = {health_key(c).value(), health_key(house().signer.certificate()).value()};
    anchors.health[1].kid = anchors.health[0].kid;
    CHECK(anchors.health[0].kid == to_bytes(ByteView{c.sha256}.first(8)));
    CHECK(anchors.health_keys(anchors.health[0].kid).size() == 2);
    CHECK(anchors.health_keys(Bytes(8)).empty());
}
