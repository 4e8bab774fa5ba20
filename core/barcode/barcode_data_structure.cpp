#include "core/barcode/barcode_data_structure.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/barcode/visible_seal.hpp"
#include "core/document/codes.hpp"
#include "core/encoding/base32.hpp"
#include "core/encoding/c40.hpp"
#include "core/encoding/inflate.hpp"

namespace paso {
namespace {

using M = SealMeaning;
using C = SealCoding;

constexpr std::size_t most_text = 16'384;
constexpr std::size_t most_messages = 64;
constexpr std::size_t prefix_size = 5;  // RDB1 and the flag
constexpr std::size_t short_header = 2;
constexpr std::size_t signed_header = 12;
constexpr std::uint8_t group_tag = 0x61;
constexpr std::uint8_t certificate_tag = 0x7E;
constexpr std::uint8_t signature_tag = 0x7F;
constexpr std::uint8_t national_tag = 0x86;

// Draft TR, messages of the group; from 0x80 on those of Germany.
constexpr std::array message_table{FeatureKind{0x01, M::visa, C::bytes, 0, 0xFFFF, false},
                                   FeatureKind{0x02, M::travel_emergency, C::bytes, 0, 0xFFFF, false},
                                   FeatureKind{0x03, M::test, C::bytes, 0, 1024, false},
                                   FeatureKind{0x04, M::vaccination, C::bytes, 0, 1024, false},
                                   FeatureKind{0x05, M::recovery, C::bytes, 0, 1024, false},
                                   FeatureKind{0x06, M::travel_authorisation, C::bytes, 0, 0xFFFF, false},
                                   FeatureKind{0x07, M::mrz, C::mrz_td1, 60, 60, false},
                                   FeatureKind{0x08, M::mrz, C::mrz_td3, 60, 60, false},
                                   FeatureKind{0x09, M::card_access_number, C::c40, 4, 4, false},
                                   FeatureKind{0x0A, M::card_access, C::bytes, 0, 1024, false},
                                   FeatureKind{0x80, M::picture, C::picture, 1, 0xFFFF, false},
                                   FeatureKind{0x81, M::mrz, C::mrz_td2, 48, 48, false},
                                   FeatureKind{0x82, M::reference_number, C::c40, 6, 6, false},
                                   FeatureKind{0x83, M::register_number, C::c40, 8, 8, false},
                                   FeatureKind{0x84, M::valid_until, C::masked_date, 4, 4, false},
                                   FeatureKind{0x85, M::document_number, C::c40, 6, 6, false},
                                   FeatureKind{national_tag, M::national_type, C::number, 1, 1, false}};

// A digital travel authorisation. The order is the draft's; no example was published, so the codings are not verified:
// bytes that do not fit stay raw.
constexpr std::array authorisation_table{FeatureKind{1, M::authorisation_number, C::c40, 2, 64, true},
                                         FeatureKind{2, M::holder_name, C::c40, 2, 64, true},
                                         FeatureKind{3, M::passport_number, C::c40, 2, 64, true},
                                         FeatureKind{4, M::birth_date, C::masked_date, 4, 4, true},
                                         FeatureKind{5, M::nationality, C::c40, 2, 2, false},
                                         FeatureKind{6, M::sex, C::c40, 2, 2, false},
                                         FeatureKind{7, M::birth_place, C::c40, 2, 64, false},
                                         FeatureKind{8, M::valid_from, C::date, 3, 3, false},
                                         FeatureKind{9, M::valid_until, C::date, 3, 3, false},
                                         FeatureKind{10, M::stay, C::stay, 3, 3, false},
                                         FeatureKind{11, M::entries, C::number, 1, 1, false},
                                         FeatureKind{12, M::visa_class, C::c40, 2, 64, false},
                                         FeatureKind{13, M::additional, C::bytes, 0, 254, false}};

// What the number in message 0x86 says; from 1.
constexpr std::array<std::string_view, 18> national_types{"substitute_identity_document",
                                                          "substitute_passport_document",
                                                          "emergency_travel_document",
                                                          "temporary_identity_card",
                                                          "temporary_official_passport",
                                                          "temporary_passport",
                                                          "temporary_diplomatic_passport",
                                                          "temporary_travel_document_refugees",
                                                          "temporary_travel_document_stateless_persons",
                                                          "temporary_travel_document_foreigners",
                                                          "permission_to_remain_pending_asylum_decision",
                                                          "temporary_suspension_of_deportation",
                                                          "arrival_attestation",
                                                          "provisional_residence_document",
                                                          "temporary_identity_document",
                                                          "certifying_permanent_residence",
                                                          "frontier_worker_permit",
                                                          "supplementary_sheet_residence_permit"};

// The table of the features inside of a message; empty where it holds none.
std::span<const FeatureKind> part_table(SealMeaning message) {
    if (message == M::visa) return seal_table(0x5D, 0x01);
    if (message == M::travel_emergency) return seal_table(0x5E, 0x03);
    if (message == M::travel_authorisation) return authorisation_table;
    return {};
}

tl::unexpected<Error> broken(std::string detail, std::size_t at) {
    return fail("idb.structure", std::move(detail), {.offset = at});
}

void note(BarcodeDataStructure& out, std::string_view problem) {
    if (std::find(out.problems.begin(), out.problems.end(), problem) == out.problems.end())
        out.problems.push_back(problem);
}

// A feature by its table, with what does not fit noted.
SealFeature noted(BarcodeDataStructure& out, std::span<const FeatureKind> table, const TlvItem& item,
                  std::size_t base) {
    auto [feature, fits] = read_by_table(table, item.tag, item.value, base + item.offset);
    if (!fits) note(out, feature.meaning == M::unknown ? "idb.unknown_tag" : "idb.message");
    return std::move(feature);
}

Status read_header(ByteView payload, BarcodeDataStructure& out) {
    if (payload.size() < (out.is_signed ? signed_header : short_header)) return broken("the header is cut off", 0);
    auto country = from_c40(payload.first(short_header));
    if (!country || country->size() != 3) return broken("no State", 0);
    while (country->ends_with(' ')) country->pop_back();
    out.country = std::move(*country);
    if (!out.is_signed) return {};
    out.algorithm = std::to_integer<std::uint8_t>(payload[2]);
    std::copy_n(payload.begin() + 3, out.certificate_reference.size(), out.certificate_reference.begin());
    const auto date = read_feature(C::masked_date, payload.subspan(8, 4));
    if (!date) return broken("no date of signature", 8);
    out.signed_on = std::get<Personal<MaskedDate>>(*date).reveal();
    return {};
}

Status read_messages(ByteView group, std::size_t base, BarcodeDataStructure& out) {
    std::size_t at = 0;
    while (at < group.size()) {
        const std::size_t begin = at;
        const auto item = next_tlv(group, at, LengthForm::ber);
        if (!item) return broken("a message is cut off", base + begin);
        if (out.messages.size() >= most_messages) return broken("too many messages", base + begin);
        BarcodeMessage message{noted(out, message_table, *item, base), {}};
        const auto table = part_table(message.feature.meaning);
        for (std::size_t inner = 0; !table.empty() && inner < item->value.size();) {
            const auto part = next_tlv(item->value, inner, LengthForm::ber);
            if (!part) return broken("a feature is cut off", base + item->offset + inner);
            if (message.parts.size() >= most_messages) return broken("too many features", base + item->offset);
            message.parts.push_back(noted(out, table, *part, base + item->offset));
        }
        const bool again = std::any_of(out.messages.begin(), out.messages.end(),
                                       [&item](const BarcodeMessage& m) { return m.feature.tag == item->tag; });
        if (again) note(out, "idb.repeated");
        out.messages.push_back(std::move(message));
    }
    return {};
}

// Everything behind the header: the group, then a certificate and a signature where they are.
struct Envelope {
    std::size_t signed_size = 0;
    ByteView certificate;
};
Result<Envelope> read_envelope(ByteView payload, BarcodeDataStructure& out) {
    Envelope e;
    std::size_t at = out.is_signed ? signed_header : short_header;
    std::uint8_t before = 0;
    while (at < payload.size()) {
        const std::size_t begin = at;
        const auto item = next_tlv(payload, at, LengthForm::ber);
        if (!item) return broken("a part is cut off", begin);
        if (item->tag <= before) return broken("a part stands twice or out of order", begin);
        before = item->tag;
        if (item->tag == group_tag) {
            e.signed_size = at;
            if (auto status = read_messages(item->value, item->offset, out); !status) return fail(status.error());
        } else if (item->tag == certificate_tag) {
            e.certificate = item->value;
        } else if (item->tag == signature_tag && out.is_signed) {
            out.signature = to_bytes(item->value);
        } else {
            return broken("a part that is none", begin);
        }
    }
    if (e.signed_size == 0) return broken("no messages", payload.size());
    if (out.is_signed && !plausible_signature(out.signature.size())) return broken("no signature", payload.size());
    return e;
}

bool refers_to(const BarcodeDataStructure& content, const Certificate& c) {
    const auto& reference = content.certificate_reference;
    return std::equal(reference.begin(), reference.end(), c.sha1.end() - reference.size());
}

bool algorithm_fits(std::uint8_t algorithm, const Certificate& c) {
    constexpr std::array<unsigned, 4> bits{0, 256, 384, 512};
    return c.key && c.key->kind() != KeyKind::rsa && algorithm < bits.size() &&
           bits[algorithm] == hash_bits(c.key->kind());
}

// Certificates that the reference may mean, from the list and from the barcode itself.
std::vector<Certificate> signers_of(BarcodeDataStructure& content, ByteView enclosed, const TrustAnchors& anchors) {
    std::vector<Certificate> all;
    for (const Certificate& c : anchors.signers)
        if (refers_to(content, c)) all.push_back(c);
    if (!enclosed.empty()) {
        auto c = parse_certificate(enclosed);
        if (c && refers_to(content, *c)) {
            all.push_back(std::move(*c));
        } else {
            note(content, "idb.certificate");
        }
    }
    std::vector<Certificate> out;
    for (Certificate& c : all) {
        if (algorithm_fits(content.algorithm, c)) {
            out.push_back(std::move(c));
        } else {
            note(content, "idb.algorithm");
        }
    }
    return out;
}

std::vector<std::string> document_types(const BarcodeDataStructure& content) {
    std::vector<SealFeature> all;
    for (const BarcodeMessage& m : content.messages) {
        all.push_back(m.feature);
        all.insert(all.end(), m.parts.begin(), m.parts.end());
    }
    return document_types_of(all);
}

void look_at_signature(ByteView payload, const Envelope& envelope, const TrustAnchors& anchors, WallTime now,
                       BarcodeDataStructure& out) {
    const auto date = out.signed_on ? out.signed_on->date : std::nullopt;
    if (!date) note(out, "idb.date");
    if (date && now.utc_date().plus_days(1) < *date) note(out, "idb.future");
    const SignerPolicy policy{{}, document_types(out), certificate_countries(out.country)};
    const auto signers = signers_of(out, envelope.certificate, anchors);
    out.trust = verify_seal(payload.first(envelope.signed_size), out.signature, signers, anchors,
                            date ? SigningTime::on(*date) : SigningTime::at(now), now, policy);
}

Result<Bytes> features_of(std::span<const FeatureKind> table, const std::vector<SealFeature>& features) {
    Bytes out;
    for (const SealFeature& f : features) {
        auto bytes = write_by_table(table, f);
        if (!bytes) return bytes;
        put_tlv(out, f.tag, *bytes);
    }
    return out;
}

}  // namespace

std::string_view idb_document(const std::vector<BarcodeMessage>& messages) {
    for (const BarcodeMessage& m : messages) {
        const auto* const number = std::get_if<std::uint8_t>(&m.feature.value);
        if (m.feature.meaning != M::national_type || number == nullptr) continue;
        return *number >= 1 && *number <= national_types.size() ? national_types[*number - 1] : "unknown";
    }
    for (const BarcodeMessage& m : messages) {
        if (m.feature.meaning == M::visa) return "visa";
        if (m.feature.meaning == M::travel_emergency) return "emergency_travel_document";
        if (m.feature.meaning == M::travel_authorisation) return "digital_travel_authorisation";
        if (m.feature.meaning == M::test) return "proof_of_test";
        if (m.feature.meaning == M::vaccination) return "proof_of_vaccination";
        if (m.feature.meaning == M::recovery) return "proof_of_recovery";
    }
    return "unknown";
}

bool looks_like_barcode_data_structure(ByteView payload) {
    const std::string_view text = as_text(payload);
    return text.starts_with("RDB1") || text.starts_with("NDB1");
}

Result<BarcodeDataStructure> parse_barcode_data_structure(ByteView bytes, const TrustAnchors& anchors, WallTime now) {
    if (bytes.size() > most_text) return fail("idb.too_large", std::to_string(bytes.size()) + " characters");
    if (!looks_like_barcode_data_structure(bytes)) return fail("idb.prefix", "not RDB1", {.offset = 0});
    const std::string_view text = as_text(bytes);
    if (text.size() < prefix_size || text[4] < 'A' || text[4] > 'D') return fail("idb.flag", "A to D", {.offset = 4});
    BarcodeDataStructure out;
    out.old_prefix = text[0] == 'N';
    const unsigned flags = static_cast<unsigned>(text[4] - 'A');
    out.is_signed = (flags & 1U) != 0;
    out.compressed = (flags & 2U) != 0;
    auto payload = from_base32(text.substr(prefix_size));
    if (payload && out.compressed) payload = inflate_zlib(*payload);
    if (!payload) return fail(payload.error());
    if (auto status = read_header(*payload, out); !status) return fail(status.error());
    const auto envelope = read_envelope(*payload, out);
    if (!envelope) return fail(envelope.error());
    out.document = idb_document(out.messages);
    out.trust.signature = Check::absent;
    if (out.is_signed) look_at_signature(*payload, *envelope, anchors, now, out);
    return out;
}

Result<Bytes> write_barcode_payload(const BarcodeDataStructure& content, ByteView certificate, const SignRaw& sign) {
    std::string country = content.country;
    country.resize(std::max<std::size_t>(country.size(), 3), ' ');
    auto out = to_c40(country);
    if (!out || out->size() != short_header) return fail("idb.header", "a State of one to three letters");
    if (content.is_signed) {
        const auto date = content.signed_on ? write_feature(C::masked_date, Personal{*content.signed_on})
                                            : fail("idb.header", "no date of signature");
        if (!date) return fail("idb.header", "no date of signature");
        out->push_back(static_cast<std::byte>(content.algorithm));
        out->insert(out->end(), content.certificate_reference.begin(), content.certificate_reference.end());
        out->insert(out->end(), date->begin(), date->end());
    }
    Bytes group;
    for (const BarcodeMessage& m : content.messages) {
        const bool nested = !m.parts.empty();
        const auto bytes =
            nested ? features_of(part_table(m.feature.meaning), m.parts) : features_of(message_table, {m.feature});
        if (!bytes) return bytes;
        if (nested) {
            put_tlv(group, m.feature.tag, *bytes);
        } else {
            group.insert(group.end(), bytes->begin(), bytes->end());
        }
    }
    put_tlv(*out, group_tag, group);
    const Bytes signature = content.is_signed ? sign(*out) : Bytes{};
    if (!certificate.empty()) put_tlv(*out, certificate_tag, certificate);
    if (content.is_signed) put_tlv(*out, signature_tag, signature);
    return out;
}

std::string write_barcode_text(ByteView payload, bool is_signed, bool compressed) {
    const char flag = static_cast<char>('A' + (is_signed ? 1 : 0) + (compressed ? 2 : 0));
    return std::string{"RDB1"} + flag + base32(payload);
}

}  // namespace paso
