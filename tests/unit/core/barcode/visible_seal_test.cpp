#include "core/barcode/visible_seal.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/effort.hpp"
#include "tests/support/seal_signers.hpp"
#include "tests/support/utopian_visa.hpp"
#include "tests/support/vds_vectors.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const WallTime now{1'790'000'000'000};  // 2026-09-21
Date day(std::string_view text) { return Date::parse(text).value(); }
Bytes hex(std::string_view text) { return from_hex(text).value(); }

template <class T>
const T& value(const SealReading& r, std::uint8_t tag) {
    for (const SealFeature& f : r.features)
        if (f.tag == tag) return std::get<T>(f.value);
    throw std::runtime_error("no such feature");
}
std::string text(const SealReading& r, std::uint8_t tag) { return value<Personal<std::string>>(r, tag).reveal(); }
std::vector<std::string> rows(const SealReading& r, std::uint8_t tag) {
    return value<Personal<MrzRows>>(r, tag).reveal().rows;
}

const SealHeader header = utopian_visa_header();
const std::vector<SealFeature> visa = utopian_visa();

struct House {
    SealSigner authority{{.authority = true}};
    SealSigner signer{{.name = "TS", .serial = 0x5B, .document_types = {"V"}}, &authority};
    TrustAnchors anchors;
    House() {
        anchors.authorities = {authority.certificate()};
        anchors.signers = {signer.certificate()};
        anchors.as_of = now;
    }
    Bytes seal(const SealHeader& h = header, const std::vector<SealFeature>& f = visa) const {
        auto bytes = write_visible_seal(h, f, [this](ByteView m) { return signer.sign_raw(m); });
        if (!bytes) throw std::runtime_error(describe(bytes.error()));
        return std::move(*bytes);
    }
    VisibleSeal read(ByteView bytes) const {
        auto seal = parse_visible_seal(bytes, anchors, now);
        if (!seal) throw std::runtime_error(describe(seal.error()));
        return std::move(*seal);
    }
};

TrustAnchors published() {
    TrustAnchors anchors;
    if (const auto der = vector_file("vds/sealgen_UTTS5B.crt")) anchors.signers = {parse_certificate(*der).value()};
    anchors.as_of = now;
    return anchors;
}

}  // namespace

TEST_CASE("a visa seal of a known signer: chain and profile, every field with its place (Doc 9303-13)") {
    const House h;
    const Bytes bytes = h.seal();
    CHECK(looks_like_visible_seal(bytes));
    const VisibleSeal seal = h.read(bytes);
    CHECK(seal.document == "visa");
    CHECK(seal.trust.assurance == Assurance::chain_and_profile);
    CHECK(seal.trust.signature == Check::passed);
    CHECK(seal.trust.signer == h.signer.certificate());
    CHECK(seal.others.empty());
    CHECK(seal.reading.problems.empty());
    CHECK(seal.reading.header == header);
    CHECK(rows(seal.reading, 1)[1] == "V123456784UTO7408122F2606309");
    CHECK(value<std::uint8_t>(seal.reading, 3) == 2);
    CHECK(value<StayDuration>(seal.reading, 4) == StayDuration{90, 1, 0});
    CHECK(text(seal.reading, 5) == "P1234567");
    for (const SealFeature& f : seal.reading.features) {
        const FeatureKind* const kind = find_kind(seal_table(0x5D, 0x01), f.tag);
        REQUIRE(kind != nullptr);
        const ByteView there = ByteView{bytes}.subspan(f.offset, f.size);
        CHECK(read_feature(kind->coding, there) == f.value);
    }
    CHECK(seal.reading.signed_size + 2 + 64 == bytes.size());
}

TEST_CASE("a number that is shorter than its row is filled with spaces, which count for nothing") {
    const House h;
    std::vector<SealFeature> features = visa;
    for (const std::string number : {"P12345", "P1", "", "P12345678"}) {
        features[3].value = Personal{number};
        const VisibleSeal seal = h.read(h.seal(header, features));
        CHECK(text(seal.reading, 5) == number);
        CHECK(seal.reading.problems.empty());
    }
}

TEST_CASE("every single bit of a signed seal counts: none may change and the seal still verify") {
    const House h;
    const Bytes good = h.seal();
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes changed = good;
        changed[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        const auto seal = parse_visible_seal(changed, h.anchors, now);
        if (seal && (seal->trust.signature == Check::passed || seal->trust.assurance > Assurance::structure)) {
            FAIL_CHECK("bit " << bit << " may change");
        }
    }
}

TEST_CASE("what a seal may be believed without its list, its signer, its authority") {
    House h;
    const Bytes bytes = h.seal();
    SECTION("a stale list: signed, but the chain is unknown") {
        h.anchors.as_of = now + std::chrono::hours{-24 * 365};
        const VisibleSeal seal = h.read(bytes);
        CHECK(seal.trust.assurance == Assurance::signature);
        CHECK(seal.trust.chain.chain == Check::unknown);
        CHECK(seal.trust.chain.cause == Cause::list_stale);
        Bytes changed = bytes;
        changed.back() ^= std::byte{1};
        CHECK(h.read(changed).trust.signature == Check::unknown);
        CHECK(h.read(changed).trust.chain.cause == Cause::list_stale);
    }
    SECTION("no certificate of the signer") {
        h.anchors.signers.clear();
        CHECK(h.read(bytes).trust.assurance == Assurance::structure);
        CHECK(h.read(bytes).trust.signature == Check::unknown);
        CHECK(h.read(bytes).trust.chain.cause == Cause::not_supported);
    }
    SECTION("no authority") {
        h.anchors.authorities.clear();
        CHECK(h.read(bytes).trust.assurance == Assurance::signature);
        CHECK(h.read(bytes).trust.chain.chain == Check::unknown);
    }
    SECTION("a changed seal of a known signer has failed") {
        Bytes changed = bytes;
        changed.back() ^= std::byte{1};
        CHECK(h.read(changed).trust.signature == Check::failed);
        CHECK(h.read(changed).trust.assurance == Assurance::structure);
    }
    SECTION("a signer of another document type, or of another State than the seal") {
        SealHeader foreign = header;
        foreign.country = "FRA";
        CHECK(h.read(h.seal(foreign)).trust.assurance == Assurance::signature);
        CHECK(h.read(h.seal(foreign)).trust.chain.profile == Check::failed);
        const SealSigner other({.name = "TS", .serial = 0x5B, .document_types = {"P"}}, &h.authority);
        h.anchors.signers = {other.certificate()};
        const auto seal = write_visible_seal(header, visa, [&](ByteView m) { return other.sign_raw(m); });
        CHECK(h.read(seal.value()).trust.chain.profile == Check::failed);
    }
    SECTION("signed on a day when the signer was not valid yet") {
        SealHeader early = header;
        early.issued = early.signed_on = day("2025-06-01");
        CHECK(h.read(h.seal(early)).trust.chain.chain == Check::failed);
        CHECK(h.read(h.seal(early)).trust.assurance == Assurance::signature);
    }
    SECTION("references collide: all certificates are tried") {
        const SealSigner twin({.name = "TS", .serial = 0x5B}, &h.authority);
        h.anchors.signers = {twin.certificate(), h.signer.certificate(), twin.certificate()};
        CHECK(h.read(bytes).trust.assurance == Assurance::chain_and_profile);
        CHECK(h.read(bytes).trust.signer == h.signer.certificate());
    }
}

TEST_CASE("two layouts that take every byte: the one whose signer verifies, else both are kept") {
    // A reference of three characters: "UTTS" "03" "05B" and the fixed "UTTS" "0305B" are the same bytes.
    House h;
    SealHeader three = header;
    three.certificate_reference = "05B";
    const Bytes bytes = h.seal(three);
    const VisibleSeal known = h.read(bytes);
    CHECK(known.trust.assurance == Assurance::chain_and_profile);
    CHECK(known.reading.header.layout == SealLayout::length_hex);
    CHECK(known.others.empty());

    const SealSigner fixed({.name = "TS", .serial = 0x305B, .document_types = {"V"}}, &h.authority);
    three.layout = SealLayout::fixed;
    three.certificate_reference = "0305B";
    const auto other = write_visible_seal(three, visa, [&](ByteView m) { return fixed.sign_raw(m); });
    REQUIRE(other);
    const VisibleSeal unknown = h.read(*other);
    CHECK(unknown.trust.assurance == Assurance::structure);
    CHECK(unknown.trust.signature == Check::unknown);
    CHECK(unknown.trust.chain.cause == Cause::ambiguous);
    REQUIRE(unknown.others.size() == 1);
    CHECK(unknown.reading.header.certificate_reference == "05B");
    CHECK(unknown.others[0].header.certificate_reference == "0305B");
    h.anchors.signers.push_back(fixed.certificate());
    CHECK(h.read(*other).reading.header.certificate_reference == "0305B");
    CHECK(h.read(*other).trust.assurance == Assurance::chain_and_profile);
}

TEST_CASE("the forks: a decimal length by DEZV, five characters under 0x03, one plain byte of length") {
    const House h;
    SealHeader zv = header;
    zv.country = "D";
    zv.signer = "DEZV";
    zv.layout = SealLayout::length_decimal;
    zv.certificate_reference = "00000000123456AB";  // 16 in decimal is 22 in hexadecimal
    CHECK(h.read(h.seal(zv)).reading.header == zv);
    SealHeader five = header;
    five.layout = SealLayout::fixed;
    five.certificate_reference = "FFAFF";
    CHECK(h.read(h.seal(five)).reading.header == five);
    for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
        five.version = version;
        CHECK(h.read(h.seal(five)).reading.header == five);
    }
    // 200 bytes of additional features, their length as one byte.
    auto features = visa;
    features.push_back({7, SealMeaning::additional, Personal{Bytes(200, std::byte{0x55})}});
    Bytes bytes = h.seal(header, features);
    CHECK(h.read(bytes).reading.lengths == LengthForm::ber);
    const std::string before = to_hex(bytes);
    const std::size_t at = before.find("0781c8");
    REQUIRE(at != std::string::npos);
    const Bytes plain = hex(before.substr(0, at) + "07c8" + before.substr(at + 6));
    CHECK(h.read(plain).reading.lengths == LengthForm::plain);
    CHECK(h.read(plain).reading.features.size() == 5);
}

TEST_CASE("no seal") {
    const House h;
    const auto code = [&h](ByteView bytes) {
        const auto seal = parse_visible_seal(bytes, h.anchors, now);
        return seal ? std::string_view{"read"} : seal.error().code;
    };
    const Bytes good = h.seal();
    CHECK(code({}) == "seal.magic");
    CHECK(code(as_bytes("M1MUSTERFRAU")) == "seal.magic");
    CHECK(code(hex("dc04")) == "seal.version");
    CHECK(code(hex("dc")) == "seal.version");
    CHECK(code(Bytes(5000, std::byte{0xDC})) == "seal.too_large");
    for (std::size_t n = 2; n < good.size(); ++n) CHECK(code(ByteView{good}.first(n)) == "seal.structure");
    Bytes longer = good;
    longer.push_back(std::byte{0});
    CHECK(code(longer) == "seal.structure");
    // A date that no calendar has.
    Bytes february = good;
    const std::string text_of = to_hex(write_seal_date(day("2026-02-01")));
    const std::size_t at = to_hex(good).find(text_of) / 2;
    const std::uint32_t thirty = 2'302'026;
    for (std::size_t i = 0; i < 3; ++i) february[at + i] = static_cast<std::byte>(thirty >> (16 - 8 * i));
    CHECK(code(february) == "seal.structure");
}

TEST_CASE("what is odd about a seal stands beside it") {
    const House h;
    const auto has = [](const VisibleSeal& s, std::string_view problem) {
        return std::find(s.reading.problems.begin(), s.reading.problems.end(), problem) != s.reading.problems.end();
    };
    SealHeader other = header;
    other.definition = 0x99;
    CHECK(has(h.read(h.seal(other, {{1, SealMeaning::unknown, Personal{hex("00")}}})), "seal.type"));
    CHECK(h.read(h.seal(other, {})).document == "unknown");
    CHECK(has(h.read(h.seal(header, {})), "seal.missing"));
    auto twice = visa;
    twice.push_back(visa[1]);
    CHECK(has(h.read(h.seal(header, twice)), "seal.repeated"));
    auto strange = visa;
    strange.push_back({9, SealMeaning::unknown, Personal{hex("00")}});
    CHECK(has(h.read(h.seal(header, strange)), "seal.unknown_tag"));
    auto misfit = visa;
    misfit[3] = {5, SealMeaning::passport_number, Personal{hex("000000000000")}};
    CHECK(has(h.read(h.seal(header, misfit)), "seal.feature"));
    SealHeader late = header;
    late.signed_on = day("2026-10-01");
    CHECK(has(h.read(h.seal(late)), "seal.future"));
    late.signed_on = day("2026-01-31");
    CHECK(has(h.read(h.seal(late)), "seal.signed_before_issue"));
}

TEST_CASE("masked dates and seal dates") {
    const auto read = [](std::string_view bytes) { return read_feature(SealCoding::masked_date, hex(bytes)); };
    const auto masked = [&](std::string_view bytes) { return std::get<Personal<MaskedDate>>(*read(bytes)).reveal(); };
    CHECK(masked("00"
                 "bb688a")
              .text == "1994-12-28");
    CHECK(masked("00"
                 "bb688a")
              .date == day("1994-12-28"));
    CHECK(masked("ff000000").text == "xxxx-xx-xx");
    CHECK_FALSE(masked("ff000000").date);
    CHECK(masked("f00007c2").text == "1986-xx-xx");
    CHECK_FALSE(read("f00107c2"));  // hidden, and yet told
    CHECK_FALSE(read("00000000"));  // no date of the calendar
    CHECK_FALSE(read("ff0000"));
    CHECK(read_seal_date(hex("319f27")) == day("2007-03-25"));
    CHECK(write_seal_date(day("2007-03-25")) == hex("319f27"));
    CHECK_FALSE(read_seal_date(hex("ffffff")));
}

TEST_CASE("features of every coding survive write and read") {
    std::mt19937 r(7);
    const std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ";
    const auto word = [&](std::size_t n, std::string_view from) {
        std::string out(n, 'A');
        for (char& c : out) c = from[r() % from.size()];
        return out;
    };
    for (int i = 0; i < test::effort(2000); ++i) {
        const auto same = [](SealCoding coding, const SealValue& v) {
            const auto bytes = write_feature(coding, v);
            REQUIRE(bytes);
            REQUIRE(read_feature(coding, *bytes) == v);
        };
        same(SealCoding::c40, Personal{word(r() % 20, alphabet) + "X"});
        same(SealCoding::number, static_cast<std::uint8_t>(r()));
        same(SealCoding::stay, StayDuration{static_cast<std::uint8_t>(r()), static_cast<std::uint8_t>(r()), 1});
        const Date d = Date::from_days(static_cast<std::int32_t>(r() % 60'000));
        same(SealCoding::date, d);
        std::string masked = d.iso();
        for (const std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U})
            if (r() % 3 == 0) masked[at] = 'x';
        const bool whole = masked == d.iso();
        same(SealCoding::masked_date, Personal{MaskedDate{masked, whole ? std::optional{d} : std::nullopt}});
        const std::string_view mrz = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
        same(SealCoding::mrz_td1, Personal{MrzRows{{word(30, mrz), word(30, mrz), word(30, mrz)}}});
        same(SealCoding::mrz_visa_b, Personal{MrzRows{{word(36, mrz), word(28, mrz)}}});
    }
    CHECK_FALSE(write_feature(SealCoding::c40, Personal{std::string{"lower"}}));
    CHECK_FALSE(write_feature(SealCoding::c40, SealValue{std::uint8_t{1}}));
    CHECK_FALSE(write_feature(SealCoding::picture, Withheld{5}));
}

TEST_CASE("seals survive write and read: every document, layout and curve") {
    std::mt19937 r(8);
    const std::pair<int, int> documents[] = {{0x5D, 1}, {0x5E, 3},    {0x5F, 3},   {0x7E, 4},    {0xFD, 2},
                                             {0xFB, 6}, {0xFA, 6},    {0xF9, 8},   {0xF9, 0x0C}, {0xF8, 0x0A},
                                             {0xFC, 4}, {0x01, 0xC8}, {0x42, 0x42}};
    const auto word = [&](std::size_t n) {
        std::string out(n, 'A');
        for (char& c : out) c = "0123456789ABCDEF"[r() % 16];
        return out;
    };
    const SealSigner curves[] = {SealSigner({.curve = "brainpoolP224r1"}), SealSigner({.curve = "prime256v1"}),
                                 SealSigner({.curve = "brainpoolP320r1"}), SealSigner({.curve = "secp384r1"}),
                                 SealSigner({.curve = "brainpoolP512r1"}), SealSigner({.curve = "secp521r1"})};
    for (int i = 0; i < test::effort(400); ++i) {
        const auto [definition, category] = documents[r() % std::size(documents)];
        SealHeader h{.version = 3,
                     .layout = r() % 2 == 0 ? SealLayout::length_hex : SealLayout::fixed,
                     .country = r() % 2 == 0 ? "UTO" : "D",
                     .signer = "UT" + word(2),
                     .issued = Date::from_days(static_cast<std::int32_t>(15'000 + r() % 5000)),
                     .signed_on = Date::from_days(static_cast<std::int32_t>(15'000 + r() % 5000)),
                     .definition = static_cast<std::uint8_t>(definition),
                     .category = static_cast<std::uint8_t>(category)};
        h.certificate_reference = word(h.layout == SealLayout::fixed ? 5 : 1 + r() % 40);
        std::vector<SealFeature> features;
        for (const FeatureKind& k : seal_table(h.definition, h.category)) {
            SealFeature f{k.tag, k.meaning, {}};
            if (k.coding == SealCoding::c40) f.value = Personal{word(k.least / 2 * 3)};
            if (k.coding == SealCoding::utf8) f.value = Personal{std::string{"Jos\u00e9 "} + word(r() % 20)};
            if (k.coding == SealCoding::number) f.value = static_cast<std::uint8_t>(r());
            if (k.coding == SealCoding::stay) f.value = StayDuration{1, 2, static_cast<std::uint8_t>(r())};
            if (k.coding == SealCoding::bytes) f.value = Personal{Bytes(k.most, std::byte{0x5A})};
            if (k.coding == SealCoding::mrz_td2) f.value = Personal{MrzRows{{word(36), word(36)}}};
            if (k.coding == SealCoding::mrz_visa_a) f.value = Personal{MrzRows{{word(44), word(28)}}};
            if (k.coding == SealCoding::mrz_visa_b) f.value = Personal{MrzRows{{word(36), word(28)}}};
            features.push_back(std::move(f));
        }
        const SealSigner& signer = curves[r() % std::size(curves)];
        const auto bytes = write_visible_seal(h, features, [&](ByteView m) { return signer.sign_raw(m); });
        REQUIRE(bytes);
        const auto seal = parse_visible_seal(*bytes, {}, now);
        REQUIRE(seal);
        auto readings = seal->others;
        readings.push_back(seal->reading);
        const auto right =
            std::find_if(readings.begin(), readings.end(), [&](const SealReading& x) { return x.header == h; });
        REQUIRE(right != readings.end());
        REQUIRE(right->features.size() == features.size());
        for (std::size_t k = 0; k < features.size(); ++k) {
            REQUIRE(right->features[k].value == features[k].value);
            REQUIRE(right->features[k].meaning == features[k].meaning);
        }
    }
}

TEST_CASE("the visa seal that Doc 9303-13 was published with: fixed reference under version byte 0x03") {
    const auto bytes = vector_file("vds/visa_icao.seal");
    if (!bytes) return;
    const auto seal = parse_visible_seal(*bytes, published(), now);
    REQUIRE(seal);
    CHECK(seal->document == "visa");
    CHECK(seal->others.empty());
    const SealHeader& h = seal->reading.header;
    CHECK(h.version == 3);
    CHECK(h.layout == SealLayout::fixed);
    CHECK(h.country == "UTO");
    CHECK(h.signer == "DE01");
    CHECK(h.certificate_reference == "FFAFF");
    CHECK(h.issued == day("2007-03-25"));
    CHECK(seal->reading.problems.empty());
    CHECK(value<std::uint8_t>(seal->reading, 3) == 2);
    CHECK(value<StayDuration>(seal->reading, 4) == StayDuration{90, 0, 0});
    CHECK(seal->trust.assurance == Assurance::structure);  // its signer was not published
}

TEST_CASE("published seals decode as their publisher says and verify with its certificate") {
    const auto seals = test_seals("dc");
    if (seals.empty()) return;
    const TrustAnchors anchors = published();
    const std::pair<std::string_view, std::string_view> expected[] = {
        {"Residence Permit", "residence_permit"},
        {"Arrival attestation", "arrival_attestation"},
        {"Arrival attestation (v3)", "arrival_attestation"},
        {"Social insurance card", "social_insurance_card"},
        {"Supplement sheet", "supplementary_sheet"},
        {"Visa document", "visa"},
        {"Emergency travel document", "emergency_travel_document"},
        {"PA address sticker", "address_sticker_identity_card"},
        {"Passport residence sticker", "residence_sticker_passport"}};
    REQUIRE(seals.size() == std::size(expected));
    int verified = 0;
    for (std::size_t i = 0; i < seals.size(); ++i) {
        INFO(seals[i].title);
        CHECK(seals[i].title == expected[i].first);
        const auto seal = parse_visible_seal(hex(seals[i].payload), anchors, now);
        REQUIRE(seal);
        CHECK(seal->document == expected[i].second);
        CHECK(seal->others.empty());
        CHECK(seal->reading.header.signer == "UTTS");
        CHECK(seal->reading.header.issued == day("2020-01-01"));
        CHECK(seal->trust.assurance == Assurance::signature);  // no authority was published
        verified += seal->trust.signature == Check::passed ? 1 : 0;
    }
    CHECK(verified == 9);
    const auto visa_seal = parse_visible_seal(hex(seals[5].payload), anchors, now);
    CHECK(rows(visa_seal->reading, 2)[0] == "VCD<<DENT<<ARTHUR<PHILIP<<<<<<<<<<<<");
    CHECK(value<StayDuration>(visa_seal->reading, 4) == StayDuration{160, 0, 0});
    CHECK(text(visa_seal->reading, 5) == "47110815P");
    CHECK(value<std::uint8_t>(visa_seal->reading, 3) == 12);
    const auto card = parse_visible_seal(hex(seals[3].payload), anchors, now);
    CHECK(text(card->reading, 2) == "Perschwei\u00df");
    CHECK(text(card->reading, 4) == "J\u00e2cob\u00e9nidicturius");
    const auto sticker = parse_visible_seal(hex(seals[7].payload), anchors, now);
    CHECK(text(sticker->reading, 3) == "53175HEINEMANNSTR11");
    CHECK(text(sticker->reading, 2) == "05314000");
}
