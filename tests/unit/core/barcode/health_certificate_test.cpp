#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "core/barcode/health_certificate.hpp"
#include "core/encoding/base64.hpp"
#include "core/encoding/json.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/health_certificates.hpp"
#include "tests/support/vectors.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const WallTime now{1'795'600'000'000};  // 2026-11-25

const SealSigner& p256() {
    static const SealSigner signer({.curve = "prime256v1"});
    return signer;
}
const SealSigner& rsa() {
    static const SealSigner signer({.curve = "RSA", .serial = 2});
    return signer;
}

TrustAnchors trusting(std::vector<HealthKey> keys, WallTime as_of = now) {
    TrustAnchors anchors;
    anchors.health = std::move(keys);
    anchors.as_of = as_of;
    return anchors;
}
TrustAnchors trusting_both() {
    return trusting({health_key(p256().certificate()).value(), health_key(rsa().certificate()).value()});
}

HealthCertificate read(std::string_view text, const TrustAnchors& anchors, WallTime at = now) {
    const auto c = parse_health_certificate(as_bytes(text), anchors, at);
    if (!c) FAIL(describe(c.error()));
    return *c;
}

std::string_view error_of(std::string_view text) {
    const auto c = parse_health_certificate(as_bytes(text), TrustAnchors{}, now);
    return c ? std::string_view{"fine"} : c.error().code;
}

bool noted(const HealthCertificate& c, std::string_view code) {
    return std::find(c.problems.begin(), c.problems.end(), code) != c.problems.end();
}

Bytes covid_claims(const ClaimTimes& times = {}) {
    return health_claims(1, covid_content("v", covid_vaccination), times);
}

std::string covid_text(const CoseOptions& options = {}, const ClaimTimes& times = {}) {
    return symbol_text(cose_sign1(options.pss ? rsa() : p256(), covid_claims(times), options));
}

}  // namespace

TEST_CASE("a vaccination in the EU format, field by field") {
    const HealthCertificate c = read(covid_text(), trusting_both());
    CHECK(c.content == HealthContent::vaccination);
    CHECK(c.issuer == "UT");
    CHECK(c.issued == WallTime{1'795'000'000'000});
    CHECK(c.expires == WallTime{1'830'000'000'000});
    CHECK(c.version == "1.3.0");
    CHECK(c.person.family_name.reveal() == "Eriksson");
    CHECK(c.person.given_names_mrz.reveal() == "ANNA<MARIA");
    CHECK(c.person.birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(c.entry.target == VaccineTarget::covid19);
    CHECK(c.entry.product == "EU/1/20/1528");
    CHECK(c.entry.dose == "2");
    CHECK(c.entry.doses == 2);
    CHECK(c.entry.date.date == Date::of(2026, 2, 18));
    CHECK(c.entry.country == "UT");
    CHECK(c.entry.identifier.reveal() == "URN:UVCI:01:UT:1#B");
    CHECK(c.signature == Check::passed);
    CHECK(c.listing == Check::passed);
    CHECK(c.validity == Check::passed);
    CHECK(c.usage == Check::absent);
    CHECK(c.schema == Check::passed);
    CHECK(c.assurance == Assurance::chain_and_profile);
    CHECK(c.problems.empty());
}

TEST_CASE("a yellow fever vaccination as WHO writes it") {
    const std::string text = symbol_text(cose_sign1(p256(), health_claims(-6, yellow_fever_content())));
    const HealthCertificate c = read(text, trusting_both());
    CHECK(c.content == HealthContent::vaccination_record);
    CHECK(c.entry.target == VaccineTarget::yellow_fever);
    CHECK(c.person.full_name.reveal() == "Anna Maria Eriksson");
    CHECK(c.person.sex.reveal() == "female");
    CHECK(c.person.nationality == "UTO");
    CHECK(c.person.document.reveal() == "L898902C3");
    CHECK(c.entry.disease == "1D47");
    CHECK(c.entry.batch == "UT-4711");
    CHECK(c.entry.date.date == Date::of(2026, 1, 10));
    CHECK(c.entry.valid_from.date == Date::of(2026, 1, 20));
    CHECK(c.entry.valid_until.raw.empty());
    CHECK(c.assurance == Assurance::chain_and_profile);
    CHECK(c.problems.empty());
}

TEST_CASE("tags, both algorithms, the place of the key identifier") {
    for (int tags = 0; tags <= 2; ++tags) {
        for (const KidPlace kid : {KidPlace::is_protected, KidPlace::is_unprotected, KidPlace::in_both}) {
            for (const bool pss : {false, true}) {
                const HealthCertificate c = read(covid_text({.kid = kid, .tags = tags, .pss = pss}), trusting_both());
                CHECK(c.assurance == Assurance::chain_and_profile);
                CHECK(c.key_id_protected == (kid != KidPlace::is_unprotected));
            }
        }
    }
    const Bytes other(8, std::byte{7});
    CHECK(noted(read(covid_text({.kid = KidPlace::nowhere}), trusting_both()), "health.no_key_id"));
    // A wrong protected identifier beside a right one that is not protected: the protected one counts.
    const HealthCertificate c = read(covid_text({.kid = KidPlace::in_both, .protected_kid = other}), trusting_both());
    CHECK(noted(c, "health.unknown_key"));
    CHECK(c.signature == Check::unknown);
    CHECK(c.cause == Cause::not_supported);
    CHECK(c.assurance == Assurance::structure);
    CHECK(read(covid_text({.kid = KidPlace::in_both, .unprotected_kid = other}), trusting_both()).signature ==
          Check::passed);
}

TEST_CASE("key identifiers may collide: every key is tried") {
    const SealSigner other({.curve = "prime256v1", .serial = 3});
    HealthKey wrong = health_key(other.certificate()).value();
    wrong.kid = kid_of(p256());
    const HealthKey right = health_key(p256().certificate()).value();
    CHECK(read(covid_text(), trusting({wrong, right})).signature == Check::passed);
    CHECK(read(covid_text(), trusting({right, wrong})).signature == Check::passed);
    const HealthCertificate c = read(covid_text(), trusting({wrong}));
    CHECK(c.signature == Check::failed);
    CHECK(noted(c, "health.signature"));
    CHECK(c.assurance == Assurance::structure);
}

TEST_CASE("what a key may sign") {
    HealthKey key = health_key(p256().certificate()).value();
    const auto usage = [&key](std::vector<std::string> oids) {
        key.usages = std::move(oids);
        return read(covid_text(), trusting({key}));
    };
    CHECK(usage({"1.3.6.1.4.1.1847.2021.1.2"}).usage == Check::passed);
    CHECK(usage({"1.3.6.1.4.1.0.1847.2021.1.2"}).usage == Check::passed);
    CHECK(usage({"1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.4.1.1847.2021.1.2"}).usage == Check::passed);
    CHECK(usage({"1.3.6.1.5.5.7.3.1"}).usage == Check::absent);
    const HealthCertificate c = usage({"1.3.6.1.4.1.1847.2021.1.1"});
    CHECK(c.usage == Check::failed);
    CHECK(noted(c, "health.usage"));
    CHECK(c.assurance == Assurance::chain);
    // The same key twice on the list, once for this content.
    HealthKey limited = key;
    key.usages = {"1.3.6.1.4.1.1847.2021.1.2"};
    CHECK(read(covid_text(), trusting({key, limited})).usage == Check::passed);
    CHECK(read(covid_text(), trusting({limited, key})).usage == Check::passed);
}

TEST_CASE("issued, expired, a list that is too old") {
    CHECK(noted(read(covid_text({}, {1'795'000'000, 1'795'100'000}), trusting_both()), "health.expired"));
    const HealthCertificate early = read(covid_text({}, {1'796'000'000, 1'830'000'000}), trusting_both());
    CHECK(noted(early, "health.not_yet"));
    CHECK(early.validity == Check::failed);
    CHECK(early.assurance == Assurance::chain);
    const auto long_ago = trusting({health_key(p256().certificate()).value()}, WallTime{1'700'000'000'000});
    const HealthCertificate c = read(covid_text(), long_ago);
    CHECK(c.signature == Check::passed);
    CHECK(c.listing == Check::unknown);
    CHECK(c.cause == Cause::list_stale);
    CHECK(c.assurance == Assurance::signature);
    HealthKey wrong = health_key(SealSigner({.curve = "prime256v1"}).certificate()).value();
    wrong.kid = kid_of(p256());
    CHECK(read(covid_text(), trusting({wrong}, WallTime{1'700'000'000'000})).signature == Check::unknown);
}

TEST_CASE("contents that lack a field, have one too many, or are not read") {
    const auto with = [](std::int64_t number, ByteView content) {
        return read(symbol_text(cose_sign1(p256(), health_claims(number, content))), trusting_both());
    };
    const auto nothing = [](CborWriter& w) { w.map(0); };
    HealthCertificate c = with(1, covid_content("v", nothing));
    CHECK(c.schema == Check::failed);
    CHECK(noted(c, "health.schema"));
    CHECK(c.assurance == Assurance::chain);
    CHECK(with(1, covid_content("none", nothing)).schema == Check::failed);
    CHECK(with(-6, *from_hex("a0")).schema == Check::failed);
    c = with(5, *from_hex("80"));
    CHECK(c.content == HealthContent::health_link);
    CHECK(noted(c, "health.not_read"));
    CHECK(c.assurance == Assurance::chain);
    CHECK(with(3, *from_hex("a0")).content == HealthContent::ddcc_vaccination);
    CHECK(with(4, *from_hex("a0")).content == HealthContent::ddcc_test);
    CHECK(error_of(symbol_text(cose_sign1(p256(), health_claims(9, *from_hex("a0"))))) == "health.claims");
    CHECK(error_of(symbol_text(cose_sign1(p256(), health_claims(1, *from_hex("80"))))) == "health.content");
    CHECK(error_of(symbol_text(cose_sign1(p256(), health_claims(-6, *from_hex("40"))))) == "health.content");
    CHECK(error_of(symbol_text(cose_sign1(p256(), *from_hex("80")))) == "health.claims");
    CHECK(error_of(symbol_text(cose_sign1(p256(), *from_hex("a0")))) == "health.claims");
}

TEST_CASE("each layer has its error") {
    CHECK(error_of("HC2:") == "health.prefix");
    CHECK(error_of("") == "health.prefix");
    CHECK(error_of("HC1:" + std::string(9000, '0')) == "health.too_long");
    CHECK(error_of("HC1:a") == "base45.format");
    CHECK(error_of("HC1:" + base45(as_bytes("not zlib"))) == "inflate.format");
    CHECK(error_of(symbol_text(Bytes(70'000))) == "inflate.too_large");
    CHECK(error_of(symbol_text({})) == "cbor.truncated");
    CHECK(error_of(symbol_text(*from_hex("01"))) == "cose.structure");
    std::string deep;
    for (int i = 0; i < 40; ++i) deep += "81";
    CHECK(error_of(symbol_text(*from_hex(deep + "00"))) == "cbor.depth");
    CHECK(error_of(symbol_text(cose_sign1(p256(), *from_hex(deep + "00")))) == "cbor.depth");
}

TEST_CASE("no change of a single bit of the message verifies") {
    const Bytes good = cose_sign1(p256(), covid_claims());
    const TrustAnchors anchors = trusting_both();
    REQUIRE(parse_health_message(good, anchors, now)->signature == Check::passed);
    for (std::size_t bit = 0; bit < good.size() * 8; bit += test::each) {
        Bytes changed = good;
        changed[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        const auto c = parse_health_message(changed, anchors, now);
        if (c) REQUIRE(c->signature != Check::passed);
    }
}

// ---- the European test data ----

namespace {

std::optional<bool> expected(const JsonValue& json, std::string_view name) {
    const JsonValue* flag = json.find("EXPECTEDRESULTS")->find(name);
    return flag == nullptr ? std::nullopt : std::optional{flag->boolean};
}

WallTime instant(std::string_view iso) {  // "2021-05-03T18:00:00Z", with or without a fraction
    const auto two = [&iso](std::size_t at) { return (iso[at] - '0') * 10 + (iso[at + 1] - '0'); };
    const std::int64_t days = Date::parse(iso.substr(0, 10)).value().days_since_1970();
    return {((days * 24 + two(11)) * 60 + two(14)) * 60'000 + two(17) * 1000};
}

struct DccCase {
    JsonValue json;
    Result<HealthCertificate> result;
};

DccCase dcc_case(const std::string& name) {
    const auto file = vector_file("dcc/" + name + ".json");
    if (!file) return {{}, fail("skipped")};
    auto json = parse_json(as_text(*file), {.bytes = 1'000'000});
    if (!json) FAIL(name + ": " + describe(json.error()));
    const JsonValue& context = *json->find("TESTCTX");
    const WallTime at = instant(context.find("VALIDATIONCLOCK")->text);
    const auto der = from_base64(context.find("CERTIFICATE")->text);
    const auto certificate = parse_certificate(der.value());
    if (!certificate) FAIL(name + ": " + describe(certificate.error()));
    const TrustAnchors anchors = trusting({health_key(*certificate).value()}, at);
    auto result = parse_health_certificate(as_bytes(json->find("PREFIX")->text), anchors, at);
    return {std::move(*json), std::move(result)};
}

bool from_layer(const DccCase& c, std::string_view layer) {
    return !c.result && c.result.error().code.starts_with(layer);
}

// Every flag of the publisher that a reader of bytes can answer.
void check_flags(const std::string& name, const DccCase& c) {
    INFO(name);
    if (!c.result) INFO(describe(c.result.error()));
    const auto flag = [&c](std::string_view f) { return expected(c.json, f); };
    const auto holds = [&c](Check HealthCertificate::*member) {
        return c.result && ((*c.result).*member == Check::passed || (*c.result).*member == Check::absent);
    };
    if (const auto f = flag("EXPECTEDUNPREFIX")) CHECK(*f == !from_layer(c, "health.prefix"));
    if (const auto f = flag("EXPECTEDB45DECODE")) CHECK(*f == !from_layer(c, "base45"));
    if (const auto f = flag("EXPECTEDCOMPRESSION")) CHECK(*f == !from_layer(c, "inflate"));
    if (const auto f = flag("EXPECTEDDECODE")) CHECK(*f == c.result.has_value());
    if (const auto f = flag("EXPECTEDVERIFY")) CHECK(*f == holds(&HealthCertificate::signature));
    if (const auto f = flag("EXPECTEDKEYUSAGE")) CHECK(*f == holds(&HealthCertificate::usage));
    if (const auto f = flag("EXPECTEDEXPIRATIONCHECK")) CHECK(*f == holds(&HealthCertificate::validity));
    if (const auto f = flag("EXPECTEDSCHEMAVALIDATION")) CHECK(*f == holds(&HealthCertificate::schema));
}

std::string said(const JsonValue& object, std::string_view name) {
    const JsonValue* v = object.find(name);
    return v == nullptr || v->kind == JsonKind::null ? std::string{} : v->text;
}

// What the publisher says is inside, against what was read.
void check_content(const std::string& name, const DccCase& c) {
    const JsonValue* json = c.json.find("JSON");
    if (json == nullptr || !c.result || c.result->schema != Check::passed) return;
    INFO(name);
    const HealthPerson& p = c.result->person;
    const JsonValue& names = *json->find("nam");
    CHECK(p.family_name.reveal() == said(names, "fn"));
    CHECK(p.given_names.reveal() == said(names, "gn"));
    CHECK(p.family_name_mrz.reveal() == said(names, "fnt"));
    CHECK(p.birth.reveal().raw == said(*json, "dob"));
    CHECK(c.result->version == said(*json, "ver"));
    const HealthEntry& e = c.result->entry;
    for (const std::string_view group : {"v", "t", "r"}) {
        const JsonValue* list = json->find(group);
        if (list == nullptr || list->items.empty()) continue;
        const JsonValue& entry = list->items.front();
        CHECK(e.disease == said(entry, "tg"));
        CHECK(e.country == said(entry, "co"));
        CHECK(e.issuer == said(entry, "is"));
        CHECK(e.identifier.reveal() == said(entry, "ci"));
        CHECK(e.vaccine == said(entry, "vp"));
        CHECK(e.product == said(entry, "mp"));
        CHECK(e.manufacturer == said(entry, "ma"));
        CHECK(e.dose == said(entry, "dn"));
        CHECK((e.doses ? std::to_string(*e.doses) : std::string{}) == said(entry, "sd"));
        CHECK(e.test_type == said(entry, "tt"));
        CHECK(e.test_name == said(entry, "nm"));
        CHECK(e.test_result.reveal() == said(entry, "tr"));
        CHECK(e.centre == said(entry, "tc"));
        CHECK(e.date.raw == said(entry, group == "v" ? "dt" : group == "t" ? "sc" : "fr"));
        CHECK(e.valid_from.raw == said(entry, "df"));
        CHECK(e.valid_until.raw == said(entry, "du"));
        CHECK(e.target == VaccineTarget::covid19);
    }
}

// The reason of BasicDgcTestsList.md, in our words: the error's layer, or the note.
struct Reason {
    const char* name;
    const char* why;
};

}  // namespace

TEST_CASE("European test data: each negative case has its stated reason") {
    constexpr Reason reasons[] = {
        {"H1", "health.prefix"},        {"H2", "health.prefix"},    {"H3", "health.prefix"},
        {"B1", "base45.format"},        {"Z1", "inflate.format"},   {"Z2", "inflate.format"},
        {"CBO1", "health.content"},     {"CBO2", "cbor."},          {"CO5", "health.signature"},
        {"CO6", "health.usage"},        {"CO7", "health.usage"},    {"CO8", "health.usage"},
        {"CO9", "health.usage"},        {"CO10", "health.usage"},   {"CO11", "health.usage"},
        {"CO16", "health.not_yet"},     {"CO17", "health.expired"}, {"CO22", "health.unknown_key"},
        {"CO23", "health.unknown_key"}, {"DGC1", "health.schema"},  {"DGC2", "health.several"}};
    for (const Reason& r : reasons) {
        const DccCase c = dcc_case(std::string{"common/2DCode/raw/"} + r.name);
        if (from_layer(c, "skipped")) return;
        INFO(r.name);
        check_flags(r.name, c);
        if (c.result) {
            CHECK(c.result->problems == std::vector<std::string_view>{r.why});
            CHECK(c.result->assurance != Assurance::chain_and_profile);
        } else {
            INFO(describe(c.result.error()));
            CHECK(c.result.error().code.starts_with(r.why));
        }
    }
}

TEST_CASE("European test data: each positive case holds in all") {
    for (const char* number : {"CO1", "CO2", "CO3", "CO12", "CO13", "CO14", "CO15", "CO18", "CO19", "CO20", "CO21",
                               "CO28", "DGC3", "DGC4", "DGC5", "DGC6"}) {
        const DccCase c = dcc_case(std::string{"common/2DCode/raw/"} + number);
        if (from_layer(c, "skipped")) return;
        INFO(number);
        check_flags(number, c);
        check_content(number, c);
        REQUIRE(c.result);
        CHECK(c.result->problems.empty());
        CHECK(c.result->assurance == Assurance::chain_and_profile);
    }
    // Q1's picture cannot be read; its bytes, which no camera gives, are a certificate.
    CHECK(expected(dcc_case("common/2DCode/raw/Q1").json, "EXPECTEDPICTUREDECODE") == false);
}

TEST_CASE("European test data: certificates of Austria, Belgium and Bulgaria") {
    for (const auto& [state, count] : {std::pair{"AT", 4}, std::pair{"BE", 5}, std::pair{"BG", 5}}) {
        for (int i = 1; i <= count; ++i) {
            const std::string name = std::string{state} + "/2DCode/raw/" + std::to_string(i);
            const DccCase c = dcc_case(name);
            if (from_layer(c, "skipped")) return;
            check_flags(name, c);
            check_content(name, c);
            INFO(name);
            REQUIRE(c.result);
            CHECK(c.result->issuer == state);
            CHECK(c.result->signature == Check::passed);
            CHECK(c.result->validity == Check::passed);
        }
    }
}

TEST_CASE("no bytes crash the reader of health certificates") {
    std::mt19937 r(260);
    const TrustAnchors anchors = trusting_both();
    for (const Bytes& good :
         {cose_sign1(p256(), covid_claims()), cose_sign1(p256(), health_claims(-6, yellow_fever_content()))}) {
        for (int i = 0; i < test::effort(5000); ++i) {
            Bytes m = good;
            for (int k = 0; k < 3; ++k) m[r() % m.size()] = static_cast<std::byte>(r());
            m.resize(r() % 8 == 0 ? r() % (m.size() + 1) : m.size());
            const auto c = parse_health_message(m, anchors, now);
            if (c) REQUIRE(c->content != HealthContent::unknown);
        }
    }
}
