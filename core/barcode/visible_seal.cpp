#include "core/barcode/visible_seal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/document/codes.hpp"
#include "core/encoding/c40.hpp"

namespace paso {
namespace {

constexpr std::byte magic{0xDC};
constexpr std::uint8_t signature_tag = 0xFF;
constexpr std::uint8_t last_version = 3;
constexpr std::size_t most_bytes = 4096;
constexpr std::size_t most_features = 64;
constexpr std::size_t signer_size = 4;
constexpr std::size_t fixed_reference = 5;

using M = SealMeaning;
using C = SealCoding;

// The tables: ICAO's own (Doc 9303-13 sections 3 and 4), then those of Germany (BSI TR-03137 part 1).
constexpr std::array visa_table{
    FeatureKind{1, M::mrz, C::mrz_visa_a, 48, 48, false},   FeatureKind{2, M::mrz, C::mrz_visa_b, 44, 44, false},
    FeatureKind{3, M::entries, C::number, 1, 1, true},      FeatureKind{4, M::stay, C::stay, 3, 3, true},
    FeatureKind{5, M::passport_number, C::c40, 6, 6, true}, FeatureKind{6, M::visa_type, C::bytes, 1, 4, false},
    FeatureKind{7, M::additional, C::bytes, 0, 254, false}};
constexpr std::array travel_table{FeatureKind{2, M::mrz, C::mrz_td2, 48, 48, true}};
constexpr std::array arrival_table{FeatureKind{2, M::mrz, C::mrz_td2, 48, 48, true},
                                   FeatureKind{3, M::register_number, C::c40, 8, 8, true}};
constexpr std::array permit_table{FeatureKind{2, M::mrz, C::mrz_td2, 48, 48, true},
                                  FeatureKind{3, M::passport_number, C::c40, 6, 6, true}};
constexpr std::array sheet_table{FeatureKind{4, M::mrz, C::mrz_td2, 48, 48, true},
                                 FeatureKind{5, M::sheet_number, C::c40, 6, 6, true}};
constexpr std::array address_table{FeatureKind{1, M::document_number, C::c40, 6, 6, true},
                                   FeatureKind{2, M::municipality, C::c40, 6, 6, true},
                                   FeatureKind{3, M::address, C::c40, 6, 18, true}};
constexpr std::array residence_table{FeatureKind{1, M::document_number, C::c40, 6, 6, true},
                                     FeatureKind{2, M::municipality, C::c40, 6, 6, true},
                                     FeatureKind{3, M::postal_code, C::c40, 4, 4, true}};
constexpr std::array insurance_table{
    FeatureKind{1, M::social_insurance_number, C::c40, 8, 8, true}, FeatureKind{2, M::surname, C::utf8, 1, 90, true},
    FeatureKind{3, M::given_names, C::utf8, 1, 90, true}, FeatureKind{4, M::birth_name, C::utf8, 1, 90, false}};
constexpr std::array administrative_table{FeatureKind{0, M::profile, C::bytes, 16, 16, true},
                                          FeatureKind{1, M::validity, C::bytes, 1, 17, false}};

struct Document {
    std::uint8_t definition;
    std::uint8_t category;
    std::string_view name;
    std::span<const FeatureKind> table;
};
constexpr std::array documents{Document{0x5D, 0x01, "visa", visa_table},
                               Document{0x5E, 0x03, "emergency_travel_document", travel_table},
                               Document{0x5F, 0x03, "emergency_travel_document_with_biometrics", travel_table},
                               Document{0x7E, 0x04, "single_journey_document", travel_table},
                               Document{0xFD, 0x02, "arrival_attestation", arrival_table},
                               Document{0xFB, 0x06, "residence_permit", permit_table},
                               Document{0xFA, 0x06, "supplementary_sheet", sheet_table},
                               Document{0xF9, 0x08, "address_sticker_identity_card", address_table},
                               Document{0xF9, 0x0C, "address_sticker_residence_permit", address_table},
                               Document{0xF8, 0x0A, "residence_sticker_passport", residence_table},
                               Document{0xFC, 0x04, "social_insurance_card", insurance_table},
                               Document{0x01, 0xC8, "administrative_document", administrative_table},
                               Document{0x01, 0xC9, "administrative_document", administrative_table}};

const Document* find_document(std::uint8_t definition, std::uint8_t category) {
    const auto at = std::find_if(documents.begin(), documents.end(), [&](const Document& d) {
        return d.definition == definition && d.category == category;
    });
    return at == documents.end() ? nullptr : &*at;
}

bool alphanumeric(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}
bool letters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Walks over the parts of a header; after the first that is missing all are empty and `good` is false.
class HeaderReader {
  public:
    HeaderReader(ByteView bytes, std::size_t at) : bytes_(bytes), at_(at) {}
    ByteView take(std::size_t size) {
        if (!good || bytes_.size() - at_ < size) {
            good = false;
            return {};
        }
        at_ += size;
        return bytes_.subspan(at_ - size, size);
    }
    std::string text(std::size_t characters) {
        auto text = from_c40(take(c40_size(characters)));
        if (!text || text->size() != characters) {
            good = false;
            return {};
        }
        return std::move(*text);
    }
    Date date() {
        const auto date = read_seal_date(take(3));
        good = good && date;
        return date.value_or(Date{});
    }
    std::uint8_t byte() {
        const ByteView one = take(1);
        return one.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(one[0]);
    }
    std::size_t at() const { return at_; }
    bool good = true;

  private:
    ByteView bytes_;
    std::size_t at_;
};

std::optional<std::size_t> reference_size(std::string_view digits, SealLayout layout) {
    std::size_t size = 0;
    const auto read =
        std::from_chars(digits.data(), digits.data() + digits.size(), size, layout == SealLayout::length_hex ? 16 : 10);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || size == 0) return std::nullopt;
    return size;
}

// Signer and reference; false where this layout cannot be.
bool read_signer(HeaderReader& in, SealHeader& h) {
    if (h.layout == SealLayout::fixed) {
        const std::string both = in.text(signer_size + fixed_reference);
        if (!in.good) return false;
        h.signer = both.substr(0, signer_size);
        h.certificate_reference = both.substr(signer_size);
        return true;
    }
    const std::string begin = in.text(signer_size + 2);
    if (!in.good) return false;
    h.signer = begin.substr(0, signer_size);
    if (h.layout == SealLayout::length_decimal && h.signer != "DEZV") return false;
    const auto size = reference_size(std::string_view{begin}.substr(signer_size), h.layout);
    if (!size) return false;
    h.certificate_reference = in.text(*size);
    return in.good;
}

std::optional<std::pair<SealHeader, std::size_t>> read_header(ByteView bytes, SealLayout layout) {
    SealHeader h;
    h.layout = layout;
    h.version = std::to_integer<std::uint8_t>(bytes[1]);
    HeaderReader in(bytes, 2);
    h.country = in.text(3);
    while (h.country.ends_with(' ')) h.country.pop_back();
    if (!in.good || h.country.empty() || !letters(h.country) || !read_signer(in, h)) return std::nullopt;
    h.issued = in.date();
    h.signed_on = in.date();
    h.definition = in.byte();
    h.category = in.byte();
    const bool good = in.good && alphanumeric(h.signer) && alphanumeric(h.certificate_reference);
    return good ? std::optional{std::pair{std::move(h), in.at()}} : std::nullopt;
}

void note(SealReading& r, std::string_view problem) {
    if (std::find(r.problems.begin(), r.problems.end(), problem) == r.problems.end()) r.problems.push_back(problem);
}

// One layout with one form of lengths: a reading that takes every byte, or nothing.
std::optional<SealReading> read_layout(ByteView bytes, SealLayout layout, LengthForm lengths) {
    auto header = read_header(bytes, layout);
    if (!header) return std::nullopt;
    SealReading r;
    r.header = std::move(header->first);
    r.lengths = lengths;
    const auto table = seal_table(r.header.definition, r.header.category);
    std::size_t at = header->second;
    while (at < bytes.size()) {
        const auto item = next_tlv(bytes, at, lengths);
        if (!item || r.features.size() > most_features) return std::nullopt;
        if (item->tag == signature_tag) {
            r.signed_size = item->begin;
            r.signature = to_bytes(item->value);
            break;
        }
        auto [feature, fits] = read_by_table(table, item->tag, item->value, item->offset);
        if (!fits && !table.empty())
            note(r, feature.meaning == SealMeaning::unknown ? "seal.unknown_tag" : "seal.feature");
        r.features.push_back(std::move(feature));
    }
    if (at != bytes.size() || !plausible_signature(r.signature.size())) return std::nullopt;
    return r;
}

// Two rows of one tag, rows that must be there and are not, dates that cannot be.
void look_closer(SealReading& r, WallTime now) {
    const SealHeader& h = r.header;
    const auto table = seal_table(h.definition, h.category);
    if (table.empty()) note(r, "seal.type");
    const auto count = [&r](std::uint8_t tag) {
        return std::count_if(r.features.begin(), r.features.end(),
                             [tag](const SealFeature& f) { return f.tag == tag; });
    };
    for (const SealFeature& f : r.features)
        if (count(f.tag) > 1) note(r, "seal.repeated");
    for (const FeatureKind& k : table)
        if (k.required && count(k.tag) == 0) note(r, "seal.missing");
    if (h.definition == 0x5D && count(1) + count(2) == 0) note(r, "seal.missing");  // an MRZ of either size
    if (h.signed_on < h.issued) note(r, "seal.signed_before_issue");
    if (now.utc_date().plus_days(1) < h.signed_on) note(r, "seal.future");
}

std::vector<SealReading> all_readings(ByteView bytes) {
    std::vector<SealReading> out;
    for (const SealLayout layout : {SealLayout::length_hex, SealLayout::length_decimal, SealLayout::fixed}) {
        if (bytes[1] == std::byte{2} && layout != SealLayout::fixed) continue;
        for (const LengthForm lengths : {LengthForm::ber, LengthForm::plain}) {
            auto r = read_layout(bytes, layout, lengths);
            if (!r) continue;
            // The same by two roads is one.
            const bool known = std::any_of(out.begin(), out.end(), [&r](const SealReading& o) {
                SealHeader header = r->header;
                header.layout = o.header.layout;
                return o.header == header && o.features == r->features;
            });
            if (!known) out.push_back(std::move(*r));
        }
    }
    return out;
}

std::string without_zeros(std::string text) {
    text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
    return text;
}

// Certificates whose country and name are the signer and whose serial number is the reference (Doc 9303-13
// section 2.3.1).
std::vector<Certificate> signers_of(const SealHeader& h, const TrustAnchors& anchors) {
    std::string serial = without_zeros(h.certificate_reference);
    for (char& c : serial)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    std::vector<Certificate> out;
    for (const Certificate& c : anchors.signers) {
        std::string common_name = c.subject.common_name;
        for (char& l : common_name)
            if (l >= 'a' && l <= 'z') l = static_cast<char>(l - 'a' + 'A');
        if (c.serial == serial && c.subject.country + common_name == h.signer) out.push_back(c);
    }
    return out;
}

SealTrust trust_of(ByteView bytes, const SealReading& r, const TrustAnchors& anchors, WallTime now) {
    const SignerPolicy policy{{}, document_types_of(r.features), certificate_countries(r.header.country)};
    return verify_seal(bytes.first(r.signed_size), r.signature, signers_of(r.header, anchors), anchors,
                       SigningTime::on(r.header.signed_on), now, policy);
}

// Header, signer and reference in C40.
Result<Bytes> write_header(const SealHeader& h) {
    const auto wrong = [](std::string detail) { return fail("seal.header", std::move(detail)); };
    std::string country = h.country;
    country.resize(std::max<std::size_t>(country.size(), 3), ' ');
    std::string signer = h.signer;
    const std::size_t size = h.certificate_reference.size();
    if (country.size() != 3 || signer.size() != signer_size)
        return wrong("a State of three, a signer of four characters");
    std::string digits = std::to_string(size);
    switch (h.layout) {
        case SealLayout::fixed:
            if (size != fixed_reference) return wrong("a reference of five characters");
            signer += h.certificate_reference;
            break;
        case SealLayout::length_hex: {
            constexpr std::string_view hex = "0123456789ABCDEF";
            digits = {hex[size >> 4U & 15U], hex[size & 15U]};
            [[fallthrough]];
        }
        case SealLayout::length_decimal:
            if (size == 0 || size > (h.layout == SealLayout::length_hex ? 255 : 99))
                return wrong("a reference that its length can tell");
            if (digits.size() == 1) digits.insert(0, "0");
            signer += digits;
            break;
    }
    Bytes out{magic, static_cast<std::byte>(h.version)};
    std::vector<std::string> texts{country, signer};
    if (h.layout != SealLayout::fixed) texts.push_back(h.certificate_reference);
    for (const std::string& text : texts) {
        const auto bytes = to_c40(text);
        if (!bytes) return wrong("a character that C40 does not have");
        out.insert(out.end(), bytes->begin(), bytes->end());
    }
    for (const Date date : {h.issued, h.signed_on}) {
        const Bytes bytes = write_seal_date(date);
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    out.push_back(static_cast<std::byte>(h.definition));
    out.push_back(static_cast<std::byte>(h.category));
    return out;
}

}  // namespace

std::string_view name(SealLayout l) {
    switch (l) {
        case SealLayout::length_hex:
            return "length_hex";
        case SealLayout::length_decimal:
            return "length_decimal";
        case SealLayout::fixed:
            return "fixed";
    }
    return "fixed";
}

std::string_view seal_document(std::uint8_t definition, std::uint8_t category) {
    const Document* const d = find_document(definition, category);
    return d == nullptr ? "unknown" : d->name;
}

std::span<const FeatureKind> seal_table(std::uint8_t definition, std::uint8_t category) {
    const Document* const d = find_document(definition, category);
    return d == nullptr ? std::span<const FeatureKind>{} : d->table;
}

bool looks_like_visible_seal(ByteView payload) {
    return payload.size() >= 2 && payload[0] == magic && std::to_integer<std::uint8_t>(payload[1]) <= last_version;
}

Result<VisibleSeal> parse_visible_seal(ByteView bytes, const TrustAnchors& anchors, WallTime now) {
    if (bytes.size() > most_bytes) return fail("seal.too_large", std::to_string(bytes.size()) + " bytes");
    if (bytes.empty() || bytes[0] != magic) return fail("seal.magic", "the first byte is not 0xDC", {.offset = 0});
    if (!looks_like_visible_seal(bytes)) return fail("seal.version", "a version from 0 to 3", {.offset = 1});
    auto readings = all_readings(bytes);
    if (readings.empty()) return fail("seal.structure", "no layout takes every byte");
    std::vector<SealTrust> trusts;
    for (SealReading& r : readings) {
        look_closer(r, now);
        trusts.push_back(trust_of(bytes, r, anchors, now));
    }
    const auto verifies = [](const SealTrust& t) { return t.signature == Check::passed; };
    VisibleSeal out;
    std::size_t chosen = 0;
    if (std::count_if(trusts.begin(), trusts.end(), verifies) == 1) {
        chosen = static_cast<std::size_t>(std::find_if(trusts.begin(), trusts.end(), verifies) - trusts.begin());
        out.trust = std::move(trusts[chosen]);
    } else {
        for (std::size_t i = 1; i < readings.size(); ++i) out.others.push_back(std::move(readings[i]));
        // Several that verify, or several that do not: nothing tells which was meant.
        if (out.others.empty()) {
            out.trust = std::move(trusts[0]);
        } else {
            out.trust.chain.cause = Cause::ambiguous;
        }
    }
    out.reading = std::move(readings[chosen]);
    out.document = seal_document(out.reading.header.definition, out.reading.header.category);
    return out;
}

Result<Bytes> write_visible_seal(const SealHeader& header, const std::vector<SealFeature>& features,
                                 const SignRaw& sign) {
    auto out = write_header(header);
    if (!out) return out;
    const auto table = seal_table(header.definition, header.category);
    for (const SealFeature& f : features) {
        const auto bytes = write_by_table(table, f);
        if (!bytes) return fail(bytes.error());
        if (f.tag == signature_tag || bytes->size() > 0xFFFF) return fail("seal.feature", "no tag or too long");
        put_tlv(*out, f.tag, *bytes);
    }
    const Bytes signature = sign(*out);
    put_tlv(*out, signature_tag, signature);
    return out;
}

}  // namespace paso
