// The one door: which reader a payload goes to, what is said when nobody can read it, and how far it may be believed.
#include "core/barcode/barcode_content.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "core/trust/digest.hpp"
#include "tests/support/barcode_samples.hpp"
#include "tests/support/effort.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const SigningState& state() {
    static const SigningState one;
    return one;
}
constexpr ReadingMoment moment{SigningState::today, SigningState::now};

BarcodeContent read(Bytes payload, const TrustAnchors& anchors = {}, const ReadingMoment& at = moment) {
    return parse_barcode(payload, Symbology::qr, anchors, at);
}
BarcodeContent read(std::string_view text) { return read(to_bytes(as_bytes(text))); }

Bytes sample(std::string_view name) {
    for (BarcodeSample& s : state().samples())
        if (s.name == name) return std::move(s.payload);
    throw std::runtime_error("no such sample");
}

bool noted(const BarcodeContent& c, std::string_view code) {
    return std::any_of(c.problems.begin(), c.problems.end(), [code](const Error& e) { return e.code == code; });
}

template <class T>
const T& as(const BarcodeContent& c) {
    return std::get<T>(c.what);
}

}  // namespace

TEST_CASE("a payload of each kind comes to its reader") {
    for (const BarcodeSample& s : state().samples()) {
        INFO(s.name);
        const BarcodeContent c = read(s.payload, state().anchors);
        CHECK(kind_of(c) == s.kind);
        CHECK(c.symbology == Symbology::qr);
        CHECK(c.assurance >= Assurance::structure);
        CHECK(std::none_of(c.problems.begin(), c.problems.end(), [](const Error& e) { return e.code.empty(); }));
    }
    CHECK(as<NationalCard>(read(sample("chile-link"))).kind == NationalCardKind::chile_link);
    CHECK(as<NationalCard>(read(sample("mexico"))).kind == NationalCardKind::mexico_link);
    CHECK(as<NationalCard>(read(sample("argentina-old"))).kind == NationalCardKind::argentina_old);
}

TEST_CASE("each kind has the name that commands print") {
    std::vector<std::string_view> names;
    for (std::uint8_t k = 0; k <= last_barcode_kind; ++k) names.push_back(name(static_cast<BarcodeKind>(k)));
    CHECK(names == std::vector<std::string_view>{"Unknown", "BoardingPass", "VisibleSeal", "DrivingLicence",
                                                 "HealthCertificate", "VdsNc", "BarcodeDataStructure", "NationalCard",
                                                 "MdocEngagement", "Url"});
}

TEST_CASE("what is signed by a State that is trusted is chained to it") {
    for (const std::string_view name : {"seal", "health", "vds-nc", "idb"}) {
        INFO(name);
        CHECK(read(sample(name), state().anchors).assurance == Assurance::chain_and_profile);
    }
}

TEST_CASE("no anchors: at most the signature that a payload can show by itself, and nothing has failed") {
    CHECK(read(sample("seal")).assurance == Assurance::structure);
    CHECK(as<VisibleSeal>(read(sample("seal"))).trust.signature == Check::unknown);
    CHECK(as<VisibleSeal>(read(sample("seal"))).trust.chain.cause == Cause::not_supported);
    CHECK(read(sample("idb")).assurance == Assurance::structure);
    const BarcodeContent health = read(sample("health"));
    CHECK(health.assurance == Assurance::structure);
    CHECK(as<HealthCertificate>(health).cause == Cause::not_supported);
    CHECK_FALSE(noted(health, "health.list_stale"));
    const BarcodeContent vds = read(sample("vds-nc"));  // brings its signer along
    CHECK(vds.assurance == Assurance::signature);
    CHECK(as<VdsNc>(vds).seals.at(0).trust.chain.chain == Check::unknown);
    CHECK(noted(vds, "signer.no_authority"));
}

TEST_CASE("a stale list gives unknown, never failed") {
    TrustAnchors old = state().anchors;
    old.as_of = SigningState::now + std::chrono::hours{-24 * 400};
    for (const std::string_view name : {"seal", "vds-nc", "idb", "health"}) {
        INFO(name);
        CHECK(read(sample(name), old).assurance == Assurance::signature);
    }
    const BarcodeContent c = read(sample("seal"), old);
    CHECK(as<VisibleSeal>(c).trust.chain.chain == Check::unknown);
    CHECK(as<VisibleSeal>(c).trust.chain.cause == Cause::list_stale);
    CHECK(noted(c, "signer.list_stale"));
    Bytes changed = sample("seal");
    changed[40] ^= std::byte{1};
    const BarcodeContent other = read(changed, old);
    if (kind_of(other) == BarcodeKind::visible_seal) CHECK(as<VisibleSeal>(other).trust.signature == Check::unknown);
}

TEST_CASE("while the clock is unsure nothing that depends on it has passed or failed") {
    ReadingMoment unsure = moment;
    unsure.clock = ClockState::unsure;
    unsure.now = {1'000'000'000'000};  // 2001: before everything was issued
    for (const std::string_view name : {"seal", "vds-nc", "idb", "health"}) {
        INFO(name);
        const BarcodeContent c = read(sample(name), state().anchors, unsure);
        CHECK(c.assurance == Assurance::signature);
        for (const std::string_view code : {"seal.future", "idb.future", "health.not_yet", "health.list_stale",
                                            "signer.list_stale", "signer.time", "health.expired"})
            CHECK_FALSE(noted(c, code));
    }
    const auto seal = read(sample("seal"), state().anchors, unsure);
    CHECK(as<VisibleSeal>(seal).trust.signature == Check::passed);
    CHECK(as<VisibleSeal>(seal).trust.chain.cause == Cause::clock_unsure);
    const auto health = read(sample("health"), state().anchors, unsure);
    CHECK(as<HealthCertificate>(health).validity == Check::unknown);
    CHECK(as<HealthCertificate>(health).cause == Cause::clock_unsure);
    Bytes broken = sample("seal");
    broken.back() ^= std::byte{1};
    CHECK(as<VisibleSeal>(read(broken, state().anchors)).trust.signature == Check::failed);
    CHECK(noted(read(broken, state().anchors), "seal.signature"));
    CHECK(as<VisibleSeal>(read(broken, state().anchors, unsure)).trust.signature == Check::unknown);
    const auto unknown_signer = read(sample("seal"), {}, unsure);
    CHECK(as<VisibleSeal>(unknown_signer).trust.chain.cause == Cause::not_supported);
}

TEST_CASE("a payload that claims to be of a kind and cannot be read is unknown, and says so with the place") {
    struct Broken {
        std::string_view text;
        BarcodeKind claimed;
        std::string_view code;
    };
    const std::string url = "https://qr.ine.mx/not-a-card";
    for (const Broken& b :
         {Broken{"HC1:NCFOXN", BarcodeKind::health_certificate, "inflate.format"},
          Broken{"RDB1Z", BarcodeKind::barcode_data_structure, "idb.flag"},
          Broken{R"({"hdr":1,"sigvl":2})", BarcodeKind::vds_nc, "vdsnc.shape"},
          Broken{"@\n\x1e\rANSI x", BarcodeKind::driving_licence, "aamva.header"},
          Broken{"mdoc:!", BarcodeKind::mdoc_engagement, "base64.format"},
          Broken{"@1@2@3@4@5@6@7@8@9@", BarcodeKind::national_card, "card.field"},
          Broken{"https://a b/", BarcodeKind::url, "url.character"},
          Broken{"M1 this is a text that begins like a boarding pass but is none", BarcodeKind::boarding_pass, ""}}) {
        INFO(b.text);
        const BarcodeContent c = read(b.text);
        REQUIRE(kind_of(c) == BarcodeKind::unknown);
        CHECK(c.assurance == Assurance::none);
        CHECK(as<UnknownPayload>(c).size == b.text.size());
        CHECK(as<UnknownPayload>(c).claimed == b.claimed);
        REQUIRE(c.problems.size() == 1);
        if (!b.code.empty()) CHECK(c.problems[0].code == b.code);
    }
    const BarcodeContent seal = read(Bytes{std::byte{0xDC}, std::byte{3}, std::byte{0}});
    CHECK(as<UnknownPayload>(seal).claimed == BarcodeKind::visible_seal);
    // A link that should be a card and is not whole is still a link.
    const BarcodeContent link = read(url);
    CHECK(kind_of(link) == BarcodeKind::url);
    CHECK(noted(link, "card.field"));
}

TEST_CASE("what nobody claims is unknown without a problem") {
    for (const std::string_view text : {"", "x", "hello", "PSOMETHING<<ELSE", "9301234567"}) {
        const BarcodeContent c = read(text);
        CHECK(as<UnknownPayload>(c).size == text.size());
        CHECK_FALSE(as<UnknownPayload>(c).claimed);
        CHECK(c.assurance == Assurance::none);
        CHECK(c.problems.empty());
        CHECK(c.digest == sha256(as_bytes(text)));
    }
}

TEST_CASE("templates are cut in the caller's bytes, and the digest is over what is left") {
    for (const std::string_view name : {"chile-old", "colombia", "costa-rica"}) {
        INFO(name);
        Bytes first = sample(name);
        const BarcodeContent c = parse_barcode(first, Symbology::pdf417, {}, moment);
        const std::size_t cut = as<NationalCard>(c).cut;
        CHECK(cut > 0);
        CHECK(std::all_of(first.end() - static_cast<std::ptrdiff_t>(cut), first.end(),
                          [](std::byte b) { return b == std::byte{0}; }));
        CHECK(c.digest == sha256(first));
        // Another finger of the same person: the same digest, so that a card read twice is one.
        Bytes second = sample(name);
        for (std::size_t i = second.size() - cut; i < second.size(); ++i) second[i] ^= std::byte{0x40};
        CHECK(read(second).digest == c.digest);
    }
    const Bytes licence = sample("licence");
    Bytes same = licence;
    CHECK(parse_barcode(same, Symbology::pdf417, {}, moment).digest == sha256(licence));
    CHECK(same == licence);
}

TEST_CASE("problems of the reader, of the signer and of the list stand in one list, each once") {
    TrustAnchors elsewhere = state().anchors;
    elsewhere.authorities.clear();
    const BarcodeContent c = read(sample("seal"), elsewhere);
    CHECK(c.assurance == Assurance::signature);
    CHECK(noted(c, "signer.no_authority"));
    const BarcodeContent pass = read(utopian_pass() + "^104ABC");
    CHECK(noted(pass, "bcbp.security_size"));
    for (const BarcodeSample& s : state().samples()) {
        const BarcodeContent one = read(s.payload, elsewhere);
        for (const Error& e : one.problems)
            CHECK(std::count_if(one.problems.begin(), one.problems.end(),
                                [&e](const Error& o) { return o.code == e.code; }) == 1);
    }
}

TEST_CASE("mutated payloads of every kind give a content, and no more belief than the bytes deserve") {
    std::mt19937 r(7);
    for (const BarcodeSample& s : state().samples()) {
        for (int i = 0; i < test::effort(300); ++i) {
            Bytes m = s.payload;
            for (auto k = r() % 3 + 1; k > 0; --k) m[r() % m.size()] = static_cast<std::byte>(r());
            if (r() % 4 == 0) m.resize(r() % (m.size() + 1));
            const BarcodeContent c = read(m, state().anchors);
            const bool is_unknown = kind_of(c) == BarcodeKind::unknown;
            REQUIRE((c.assurance == Assurance::none) == is_unknown);
            if (is_unknown && as<UnknownPayload>(c).claimed) REQUIRE_FALSE(c.problems.empty());
        }
    }
}
