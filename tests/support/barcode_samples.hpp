// One payload of each kind that parse_barcode knows, of people who do not exist, signed by keys that live in the test
// alone; and the anchors that trust them.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/barcode/barcode_content.hpp"
#include "core/encoding/base64.hpp"
#include "tests/support/health_certificates.hpp"
#include "tests/support/national_cards.hpp"
#include "tests/support/seal_signers.hpp"
#include "tests/support/utopian_visa.hpp"

namespace paso::test {

struct BarcodeSample {
    std::string name;
    BarcodeKind kind = BarcodeKind::unknown;
    Bytes payload;
};

template <class T>
T must_be(Result<T> value) {
    if (!value) throw std::runtime_error(describe(value.error()));
    return std::move(*value);
}

inline std::string utopian_pass() {
    return "M2ERIKSSON/ANNA MARIA EABC123 UTAUTBUT 0834 328Y012A0042 100DEF456 UTBUTCUT 0835 329Y013A0043 100";
}

inline LicenceFile utopian_licence() {
    std::vector<LicenceElement> elements;
    for (const auto& [id, value] : std::vector<std::pair<std::string, std::string>>{{"DAQ", "U12345678"},
                                                                                    {"DCS", "ERIKSSON"},
                                                                                    {"DAC", "ANNA"},
                                                                                    {"DAD", "MARIA"},
                                                                                    {"DBD", "06062019"},
                                                                                    {"DBB", "08121974"},
                                                                                    {"DBA", "12102027"},
                                                                                    {"DBC", "2"},
                                                                                    {"DAJ", "UT"},
                                                                                    {"DCG", "USA"},
                                                                                    {"DAG", "1 HARBOUR ROAD"},
                                                                                    {"DAI", "ZENITH"},
                                                                                    {"DAK", "123450000"},
                                                                                    {"DCF", "24242424"},
                                                                                    {"DDD", "1"}}) {
        elements.push_back({id, Personal{value}});
    }
    return {"639999", 10, 1, {{"DL", std::move(elements)}}};
}

inline std::string mdoc_invitation() {
    CborWriter key;
    key.map(1).key(1).integer(2);
    CborWriter w;
    w.map(3).key(0).text("1.0").key(1).array(2).integer(1).raw(*from_hex("d818")).bytes(key.view());
    w.key(2).array(1).array(3).integer(2).integer(1).map(0);
    return "mdoc:" + base64url(w.view());
}

// A State that signs, and everything it signs.
class SigningState {
  public:
    static constexpr WallTime now{1'795'600'000'000};  // 2026-11-25
    static constexpr Date today = Date::from_days(20'782);

    TrustAnchors anchors;
    SigningState() {
        anchors.authorities = {authority_.certificate()};
        anchors.signers = {signer_.certificate()};
        anchors.health = {health_key(health_.certificate()).value()};
        anchors.as_of = now;
    }

    [[nodiscard]] const SealSigner& authority() const { return authority_; }
    [[nodiscard]] const SealSigner& signer() const { return signer_; }
    [[nodiscard]] const SealSigner& health() const { return health_; }

    [[nodiscard]] Bytes visa_seal() const {
        return must_be(write_visible_seal(utopian_visa_header(), utopian_visa(),
                                          [this](ByteView m) { return signer_.sign_raw(m); }));
    }
    [[nodiscard]] std::string authorisation() const {
        BarcodeDataStructure draft;
        draft.is_signed = true;
        draft.country = "UTO";
        draft.algorithm = 1;
        const auto sha1 = signer_.certificate().sha1;
        std::copy(sha1.end() - 5, sha1.end(), draft.certificate_reference.begin());
        draft.signed_on = MaskedDate{"2026-03-04", Date::of(2026, 3, 4)};
        draft.messages = {{{6, SealMeaning::travel_authorisation, Personal{Bytes{}}},
                           {{1, SealMeaning::authorisation_number, Personal{std::string{"A77"}}},
                            {2, SealMeaning::holder_name, Personal{std::string{"MUSTERFRAU  ERIKA"}}},
                            {3, SealMeaning::passport_number, Personal{std::string{"P1234567"}}},
                            {4, SealMeaning::birth_date, Personal{MaskedDate{"1974-xx-xx", {}}}},
                            {7, SealMeaning::birth_place, Personal{std::string{"ZENITH"}}},
                            {9, SealMeaning::valid_until, Date::of(2026, 12, 31).value()},
                            {10, SealMeaning::stay, StayDuration{90, 0, 0}},
                            {11, SealMeaning::entries, std::uint8_t{1}}}}};
        const Bytes payload =
            must_be(write_barcode_payload(draft, {}, [this](ByteView m) { return signer_.sign_raw(m); }));
        return write_barcode_text(payload, true, false);
    }
    [[nodiscard]] std::string vaccination_proof() const {
        const VdsNcDraft draft{.type = "icao.vacc",
                               .issuer = "UTO",
                               .message = R"({"uvci":"U32870","pid":{"n":"Musterfrau Erika","dob":"1974-08-12",)"
                                          R"("i":"P1234567","sex":"F"},"ve":[{"des":"XM68M6","nam":"Fever"}]})",
                               .certificate = seals_.der()};
        return must_be(write_vds_nc(draft, [this](ByteView m) { return seals_.sign_raw(m); }));
    }
    [[nodiscard]] std::string yellow_fever() const {
        return symbol_text(cose_sign1(health_, health_claims(-6, yellow_fever_content())));
    }

    [[nodiscard]] std::vector<BarcodeSample> samples() const {
        const auto of = [](std::string name, BarcodeKind kind, std::string_view text) {
            return BarcodeSample{std::move(name), kind, to_bytes(as_bytes(text))};
        };
        constexpr auto card = BarcodeKind::national_card;
        const CardPerson person;
        return {of("pass", BarcodeKind::boarding_pass, utopian_pass()),
                {"seal", BarcodeKind::visible_seal, visa_seal()},
                {"licence", BarcodeKind::driving_licence, must_be(write_driving_licence(utopian_licence()))},
                of("health", BarcodeKind::health_certificate, yellow_fever()),
                of("vds-nc", BarcodeKind::vds_nc, vaccination_proof()),
                of("idb", BarcodeKind::barcode_data_structure, authorisation()),
                of("argentina", card, argentina_card(person, true)),
                of("argentina-old", card, argentina_old_card(person)),
                of("chile-link", card, chile_link(person, true)),
                of("chile-old", card, chile_old_card(person)),
                of("colombia", card, colombia_card(person)),
                of("costa-rica", card, costa_rica_card(person)),
                of("mexico", card, mexico_link(person)),
                of("mdoc", BarcodeKind::mdoc_engagement, mdoc_invitation()),
                of("url", BarcodeKind::url, "https://Example.org/a?b=c")};
    }

  private:
    SealSigner authority_{{.authority = true}};
    SealSigner signer_{{.name = "TS", .serial = 0x5B, .document_types = {"V"}}, &authority_};
    SealSigner seals_{
        {.curve = "prime256v1", .name = "05", .serial = 2, .usage = "2.23.136.1.1.14.2", .document_types = {"NV"}},
        &authority_};
    SealSigner health_{{.curve = "prime256v1", .name = "Health", .serial = 3}};
};

}  // namespace paso::test
