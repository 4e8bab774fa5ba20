#include "core/barcode/barcode_data_structure.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "core/encoding/base32.hpp"
#include "tests/support/deflate.hpp"
#include "tests/support/seal_signers.hpp"
#include "tests/support/vds_vectors.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const WallTime now{1'790'000'000'000};  // 2026-09-21
using M = SealMeaning;

const BarcodeMessage permit{
    {0x81, M::mrz, Personal{MrzRows{{"AUUTOMUSTERFRAU<<ERIKA<<<<<<<<<<<<<<", "A123456784UTO7408122F2606309<<<<<<<6"}}}},
    {}};
const BarcodeMessage visa{
    {1, M::visa, Personal{Bytes{}}},
    {{2, M::mrz, Personal{MrzRows{{"VCUTOMUSTERFRAU<<ERIKA<<<<<<<<<<<<<<", "V123456784UTO7408122F2606309"}}}},
     {3, M::entries, std::uint8_t{0}},
     {4, M::stay, StayDuration{0, 3, 0}},
     {5, M::passport_number, Personal{std::string{"P1234567"}}}}};
const BarcodeMessage authorisation{{6, M::travel_authorisation, Personal{Bytes{}}},
                                   {{1, M::authorisation_number, Personal{std::string{"A77"}}},
                                    {2, M::holder_name, Personal{std::string{"MUSTERFRAU  ERIKA"}}},
                                    {3, M::passport_number, Personal{std::string{"P1234567"}}},
                                    {4, M::birth_date, Personal{MaskedDate{"1974-xx-xx", {}}}},
                                    {5, M::nationality, Personal{std::string{"UTO"}}},
                                    {8, M::valid_from, Date::parse("2026-01-01").value()},
                                    {9, M::valid_until, Date::parse("2026-12-31").value()},
                                    {10, M::stay, StayDuration{90, 0, 0}},
                                    {11, M::entries, std::uint8_t{1}}}};

struct House {
    SealSigner authority{{.curve = "brainpoolP384r1", .authority = true}};
    SealSigner signer{{.name = "TS", .document_types = {"V", "AU"}}, &authority};
    TrustAnchors anchors;
    House() {
        anchors.authorities = {authority.certificate()};
        anchors.signers = {signer.certificate()};
        anchors.as_of = now;
    }
    BarcodeDataStructure draft(std::vector<BarcodeMessage> messages) const {
        BarcodeDataStructure out;
        out.is_signed = true;
        out.country = "UTO";
        out.algorithm = 1;
        const auto sha1 = signer.certificate().sha1;
        std::copy(sha1.end() - 5, sha1.end(), out.certificate_reference.begin());
        out.signed_on = MaskedDate{"2026-03-04", Date::parse("2026-03-04")};
        out.messages = std::move(messages);
        return out;
    }
    Bytes payload(const BarcodeDataStructure& draft, ByteView certificate = {}) const {
        auto bytes = write_barcode_payload(draft, certificate, [this](ByteView m) { return signer.sign_raw(m); });
        if (!bytes) throw std::runtime_error(describe(bytes.error()));
        return std::move(*bytes);
    }
    std::string text(std::vector<BarcodeMessage> messages) const {
        return write_barcode_text(payload(draft(std::move(messages))), true, false);
    }
    BarcodeDataStructure read(std::string_view text) const {
        auto content = parse_barcode_data_structure(as_bytes(text), anchors, now);
        if (!content) throw std::runtime_error(describe(content.error()));
        return std::move(*content);
    }
    std::string_view code(std::string_view text) const {
        const auto content = parse_barcode_data_structure(as_bytes(text), anchors, now);
        return content ? "read" : content.error().code;
    }
};

bool has(const BarcodeDataStructure& c, std::string_view problem) {
    return std::find(c.problems.begin(), c.problems.end(), problem) != c.problems.end();
}
const SealFeature* message(const BarcodeDataStructure& c, std::uint8_t tag) {
    for (const BarcodeMessage& m : c.messages)
        if (m.feature.tag == tag) return &m.feature;
    return nullptr;
}

}  // namespace

TEST_CASE("a visa as barcode data structure: chain and profile, its features with their places") {
    const House h;
    const std::string text = h.text({visa});
    CHECK(looks_like_barcode_data_structure(as_bytes(text)));
    const BarcodeDataStructure c = h.read(text);
    CHECK(c.document == "visa");
    CHECK(c.country == "UTO");
    CHECK(c.trust.assurance == Assurance::chain_and_profile);
    CHECK(c.problems.empty());
    REQUIRE(c.messages.size() == 1);
    REQUIRE(c.messages[0].parts.size() == 4);
    const Bytes payload = from_base32(std::string_view{text}.substr(5)).value();
    for (std::size_t i = 0; i < 4; ++i) {
        const SealFeature& part = c.messages[0].parts[i];
        CHECK(part.value == visa.parts[i].value);
        CHECK(part.meaning == visa.parts[i].meaning);
        CHECK(std::to_integer<std::size_t>(payload[part.offset - 1]) == part.size);
        CHECK(std::to_integer<std::uint8_t>(payload[part.offset - 2]) == part.tag);
    }
}

TEST_CASE("compressed, older prefix, unsigned, certificate along, travel authorisation") {
    const House h;
    const Bytes payload = h.payload(h.draft({authorisation}));
    const BarcodeDataStructure packed = h.read(write_barcode_text(deflated(payload), true, true));
    CHECK(packed.compressed);
    CHECK(packed.document == "digital_travel_authorisation");
    CHECK(packed.trust.assurance == Assurance::chain_and_profile);
    CHECK(packed.messages[0].parts.size() == authorisation.parts.size());
    CHECK(packed.messages[0].parts[3].value == authorisation.parts[3].value);
    std::string old = h.text({permit});
    old[0] = 'N';
    CHECK(h.read(old).old_prefix);
    CHECK(h.read(old).trust.assurance == Assurance::chain_and_profile);

    BarcodeDataStructure plain = h.draft({permit});
    plain.is_signed = false;
    const BarcodeDataStructure unsigned_one = h.read(write_barcode_text(h.payload(plain), false, false));
    CHECK(unsigned_one.trust.signature == Check::absent);
    CHECK(unsigned_one.trust.assurance == Assurance::structure);

    House none;
    none.anchors.signers.clear();
    const Bytes with = none.payload(none.draft({permit}), none.signer.der());
    CHECK(none.read(write_barcode_text(with, true, false)).trust.assurance == Assurance::chain_and_profile);
    CHECK(none.read(none.text({permit})).trust.signature == Check::unknown);
    const Bytes other = none.payload(none.draft({permit}), h.signer.der());
    CHECK(has(none.read(write_barcode_text(other, true, false)), "idb.certificate"));
}

TEST_CASE("every single bit of the text counts") {
    const House h;
    const std::string good = h.text({visa});
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string changed = good;
        changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ 1U << bit % 8);
        const auto c = parse_barcode_data_structure(as_bytes(changed), h.anchors, now);
        if (c && c->trust.assurance > Assurance::structure) FAIL_CHECK("bit " << bit << " may change");
    }
}

TEST_CASE("what is odd stands beside it; a picture is not kept") {
    const House h;
    const auto with = [&h](std::uint8_t tag, SealValue value) {
        return h.read(h.text({permit, {{tag, M::unknown, std::move(value)}, {}}}));
    };
    CHECK(has(with(0x42, Personal{Bytes(3)}), "idb.unknown_tag"));
    CHECK(has(with(0x85, Personal{Bytes(6)}), "idb.message"));
    CHECK(has(h.read(h.text({permit, permit})), "idb.repeated"));
    const BarcodeDataStructure face = with(0x80, Personal{Bytes(950, std::byte{0x77})});
    CHECK(message(face, 0x80)->value == SealValue{Withheld{950}});
    CHECK(face.trust.assurance == Assurance::chain_and_profile);
    BarcodeDataStructure draft = h.draft({permit});
    draft.algorithm = 2;
    CHECK(has(h.read(write_barcode_text(h.payload(draft), true, false)), "idb.algorithm"));
    draft = h.draft({permit});
    draft.signed_on = MaskedDate{"2026-xx-xx", {}};
    CHECK(has(h.read(write_barcode_text(h.payload(draft), true, false)), "idb.date"));
    draft.signed_on = MaskedDate{"2027-01-01", Date::parse("2027-01-01")};
    CHECK(has(h.read(write_barcode_text(h.payload(draft), true, false)), "idb.future"));
    draft.country = "FRA";
    CHECK(h.read(write_barcode_text(h.payload(draft), true, false)).trust.assurance == Assurance::signature);
    CHECK(h.read(h.text({{{0x86, M::national_type, std::uint8_t{6}}, {}}})).document == "temporary_passport");
    CHECK(h.read(h.text({{{0x86, M::national_type, std::uint8_t{99}}, {}}})).document == "unknown");
}

TEST_CASE("no barcode data structure") {
    const House h;
    const Bytes payload = h.payload(h.draft({visa}));
    CHECK(h.code("") == "idb.prefix");
    CHECK(h.code("RDB2BAAAA") == "idb.prefix");
    CHECK(h.code("RDB1") == "idb.flag");
    CHECK(h.code("RDB1EAAAA") == "idb.flag");
    CHECK(h.code("RDB1Ba") == "base32.format");
    CHECK(h.code("RDB1" + std::string(20'000, 'A')) == "idb.too_large");
    CHECK(h.code(write_barcode_text(payload, true, true)) == "inflate.format");
    CHECK(h.code(write_barcode_text(deflated(Bytes(100'000)), true, true)) == "inflate.too_large");
    for (std::size_t n = 0; n < payload.size(); ++n)
        CHECK(h.code(write_barcode_text(ByteView{payload}.first(n), true, false)) == "idb.structure");
    Bytes longer = payload;
    longer.push_back(std::byte{0});
    CHECK(h.code(write_barcode_text(longer, true, false)) == "idb.structure");
    CHECK(h.code(write_barcode_text(payload, false, false)) == "idb.structure");
}

TEST_CASE("structures survive write and read") {
    const House h;
    std::mt19937 r(3);
    const auto word = [&](std::size_t n) {
        std::string out(n, 'A');
        for (char& c : out) c = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[r() % 36];
        return out;
    };
    for (int i = 0; i < 200; ++i) {
        std::vector<BarcodeMessage> messages;
        const auto add = [&](std::uint8_t tag, M meaning, SealValue v) {
            if (r() % 2 == 0) messages.push_back({{tag, meaning, std::move(v)}, {}});
        };
        add(0x81, M::mrz, Personal{MrzRows{{word(36), word(36)}}});
        add(0x07, M::mrz, Personal{MrzRows{{word(30), word(30), word(30)}}});
        add(0x08, M::mrz, Personal{MrzRows{{word(44), word(44)}}});
        add(0x82, M::reference_number, Personal{word(9)});
        add(0x83, M::register_number, Personal{word(12)});
        add(0x86, M::national_type, static_cast<std::uint8_t>(r()));
        add(0x0A, M::card_access, Personal{Bytes(r() % 600, std::byte{1})});
        BarcodeDataStructure draft = h.draft(messages);
        draft.is_signed = r() % 4 != 0;
        const bool packed = r() % 2 == 0;
        const Bytes payload = h.payload(draft);
        const auto c = h.read(write_barcode_text(packed ? deflated(payload) : payload, draft.is_signed, packed));
        REQUIRE(c.problems.empty());
        REQUIRE(c.messages.size() == messages.size());
        for (std::size_t k = 0; k < messages.size(); ++k) {
            REQUIRE(c.messages[k].feature.value == messages[k].feature.value);
            REQUIRE(c.messages[k].feature.meaning == messages[k].feature.meaning);
        }
        REQUIRE(c.trust.signature == (draft.is_signed ? Check::passed : Check::absent));
        if (draft.is_signed) REQUIRE(c.signed_on == draft.signed_on);
    }
}

TEST_CASE("published barcode data structures decode as their publisher says") {
    const auto seals = test_seals("RDB1");
    if (seals.empty()) return;
    TrustAnchors anchors;
    anchors.as_of = now;
    anchors.signers = {parse_certificate(*vector_file("vds/sealgen_UTTS5B.crt")).value()};
    const std::pair<std::string_view, std::string_view> expected[] = {
        {"Substitute identity document", "substitute_identity_document"},
        {"Emergency travel document", "substitute_passport_document"},  // as the number in message 0x86 says
        {"Temporary passport", "temporary_passport"},
        {"Arrival attestation", "arrival_attestation"},
        {"Provisional residence document", "provisional_residence_document"},
        {"Certifying permanent residence", "certifying_permanent_residence"},
        {"Frontier worker permit", "frontier_worker_permit"},
        {"Supplementary sheet residence permit", "supplementary_sheet_residence_permit"}};
    REQUIRE(seals.size() == std::size(expected));
    int verified = 0;
    for (std::size_t i = 0; i < seals.size(); ++i) {
        INFO(seals[i].title);
        const auto c = parse_barcode_data_structure(as_bytes(seals[i].payload), anchors, now);
        REQUIRE(c);
        CHECK(seals[i].title == expected[i].first);
        CHECK(c->document == expected[i].second);
        CHECK(c->country == "D");
        CHECK(c->problems.empty());
        CHECK(c->is_signed);
        verified += c->trust.signature == Check::passed ? 1 : 0;
    }
    CHECK(verified == 8);
}
