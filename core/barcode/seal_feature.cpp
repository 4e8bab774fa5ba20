#include "core/barcode/seal_feature.hpp"

#include <algorithm>
#include <array>

#include "core/encoding/c40.hpp"
#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

constexpr std::size_t most_candidates = 16;  // signers that may share a reference

std::uint8_t byte_at(ByteView bytes, std::size_t i) { return std::to_integer<std::uint8_t>(bytes[i]); }

// The eight digits of a date on a seal.
std::optional<std::string> date_digits(ByteView three) {
    if (three.size() != 3) return std::nullopt;
    std::uint32_t number = 0;
    for (const std::byte b : three) number = number << 8U | std::to_integer<std::uint32_t>(b);
    std::string out = std::to_string(number);
    out.insert(0, 8 - out.size(), '0');  // 24 bits have at most eight digits
    return out;
}

std::optional<Date> calendar_date(const std::string& digits) {  // MMDDYYYY
    const auto part = [&digits](std::size_t at, std::size_t n) { return std::stoi(digits.substr(at, n)); };
    return Date::of(part(4, 4), static_cast<unsigned>(part(0, 2)), static_cast<unsigned>(part(2, 2)));
}

Bytes three_bytes(std::uint32_t number) {
    return {static_cast<std::byte>(number >> 16U), static_cast<std::byte>(number >> 8U & 255U),
            static_cast<std::byte>(number & 255U)};
}

// The digits of the text in the order of the seal, MMDDYYYY, from "YYYY-MM-DD".
std::string seal_order(const std::string& iso) { return iso.substr(5, 2) + iso.substr(8, 2) + iso.substr(0, 4); }
std::string iso_order(const std::string& seal) {
    return seal.substr(4, 4) + "-" + seal.substr(0, 2) + "-" + seal.substr(2, 2);
}

std::optional<MaskedDate> read_masked(ByteView bytes) {
    if (bytes.size() != 4) return std::nullopt;
    auto digits = date_digits(bytes.subspan(1)).value_or(std::string(8, '0'));
    const unsigned mask = byte_at(bytes, 0);
    for (unsigned i = 0; i < 8; ++i) {
        if ((mask & 0x80U >> i) == 0) continue;
        if (digits[i] != '0') return std::nullopt;  // hidden, and yet told
        digits[i] = 'x';
    }
    MaskedDate out{iso_order(digits), {}};
    if (mask == 0) {
        out.date = calendar_date(digits);
        if (!out.date) return std::nullopt;
    }
    return out;
}

std::optional<Bytes> write_masked(const MaskedDate& value) {
    if (value.text.size() != 10) return std::nullopt;
    std::string digits = seal_order(value.text);
    unsigned mask = 0;
    std::uint32_t number = 0;
    for (unsigned i = 0; i < 8; ++i) {
        const bool hidden = digits[i] == 'x';
        if (!hidden && (digits[i] < '0' || digits[i] > '9')) return std::nullopt;
        if (hidden) mask |= 0x80U >> i;
        number = number * 10 + (hidden ? 0U : static_cast<std::uint32_t>(digits[i] - '0'));
    }
    if (number > 0xFFFFFF) return std::nullopt;
    Bytes out{static_cast<std::byte>(mask)};
    const Bytes date = three_bytes(number);
    out.insert(out.end(), date.begin(), date.end());
    return read_masked(out) == value ? std::optional{out} : std::nullopt;
}

std::vector<std::size_t> row_sizes(SealCoding coding) {
    switch (coding) {
        case SealCoding::mrz_td1:
            return {30, 30, 30};
        case SealCoding::mrz_td2:
            return {36, 36};
        case SealCoding::mrz_td3:
            return {44, 44};
        case SealCoding::mrz_visa_a:
            return {44, 28};
        case SealCoding::mrz_visa_b:
            return {36, 28};
        case SealCoding::bytes:
        case SealCoding::c40:
        case SealCoding::utf8:
        case SealCoding::number:
        case SealCoding::stay:
        case SealCoding::date:
        case SealCoding::masked_date:
        case SealCoding::picture:
            return {};
    }
    return {};
}

std::optional<MrzRows> read_mrz_rows(SealCoding coding, ByteView bytes) {
    auto text = from_c40(bytes);
    if (!text) return std::nullopt;
    std::replace(text->begin(), text->end(), ' ', '<');
    MrzRows out;
    std::size_t at = 0;
    for (const std::size_t size : row_sizes(coding)) {
        if (text->size() - at < size) return std::nullopt;
        out.rows.push_back(text->substr(at, size));
        at += size;
    }
    return at == text->size() ? std::optional{std::move(out)} : std::nullopt;
}

std::optional<Bytes> write_mrz_rows(SealCoding coding, const MrzRows& value) {
    const auto sizes = row_sizes(coding);
    if (sizes.size() != value.rows.size()) return std::nullopt;
    std::string all;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (value.rows[i].size() != sizes[i] || value.rows[i].find(' ') != std::string::npos) return std::nullopt;
        all += value.rows[i];
    }
    std::replace(all.begin(), all.end(), '<', ' ');
    auto bytes = to_c40(all);
    return bytes ? std::optional{std::move(*bytes)} : std::nullopt;
}

std::optional<SealValue> value_of(SealCoding coding, ByteView bytes) {
    switch (coding) {
        case SealCoding::bytes:
            return Personal{to_bytes(bytes)};
        case SealCoding::c40: {
            auto text = from_c40(bytes);
            if (!text) return std::nullopt;
            while (text->ends_with(' ')) text->pop_back();
            return Personal{std::move(*text)};
        }
        case SealCoding::utf8:
            if (!is_utf8(as_text(bytes))) return std::nullopt;
            return Personal{std::string{as_text(bytes)}};
        case SealCoding::number:
            if (bytes.size() != 1) return std::nullopt;
            return byte_at(bytes, 0);
        case SealCoding::stay:
            if (bytes.size() != 3) return std::nullopt;
            return StayDuration{byte_at(bytes, 0), byte_at(bytes, 1), byte_at(bytes, 2)};
        case SealCoding::date: {
            const auto date = read_seal_date(bytes);
            return date ? std::optional<SealValue>{*date} : std::nullopt;
        }
        case SealCoding::masked_date: {
            auto date = read_masked(bytes);
            return date ? std::optional<SealValue>{Personal{std::move(*date)}} : std::nullopt;
        }
        case SealCoding::mrz_td1:
        case SealCoding::mrz_td2:
        case SealCoding::mrz_td3:
        case SealCoding::mrz_visa_a:
        case SealCoding::mrz_visa_b: {
            auto rows = read_mrz_rows(coding, bytes);
            return rows ? std::optional<SealValue>{Personal{std::move(*rows)}} : std::nullopt;
        }
        case SealCoding::picture:
            return Withheld{bytes.size()};
    }
    return std::nullopt;
}

// Writes what a value of one type comes to in one coding; nothing where the two do not go together.
struct FeatureWriter {
    SealCoding coding;
    std::optional<Bytes> operator()(const Personal<Bytes>& v) const {
        return coding == SealCoding::bytes ? std::optional{v.reveal()} : std::nullopt;
    }
    std::optional<Bytes> operator()(const Personal<std::string>& v) const {
        if (coding == SealCoding::utf8 && is_utf8(v.reveal())) return to_bytes(as_bytes(v.reveal()));
        if (coding != SealCoding::c40 || v.reveal().ends_with(' ')) return std::nullopt;
        auto bytes = to_c40(v.reveal());
        return bytes ? std::optional{std::move(*bytes)} : std::nullopt;
    }
    std::optional<Bytes> operator()(const Personal<MrzRows>& v) const { return write_mrz_rows(coding, v.reveal()); }
    std::optional<Bytes> operator()(std::uint8_t v) const {
        return coding == SealCoding::number ? std::optional{Bytes{static_cast<std::byte>(v)}} : std::nullopt;
    }
    std::optional<Bytes> operator()(const StayDuration& v) const {
        if (coding != SealCoding::stay) return std::nullopt;
        return Bytes{static_cast<std::byte>(v.days), static_cast<std::byte>(v.months), static_cast<std::byte>(v.years)};
    }
    std::optional<Bytes> operator()(const Date& v) const {
        return coding == SealCoding::date ? std::optional{write_seal_date(v)} : std::nullopt;
    }
    std::optional<Bytes> operator()(const Personal<MaskedDate>& v) const {
        return coding == SealCoding::masked_date ? write_masked(v.reveal()) : std::nullopt;
    }
    std::optional<Bytes> operator()(const Withheld&) const { return std::nullopt; }
};

}  // namespace

std::string_view name(SealMeaning m) {
    static constexpr std::array<std::string_view, 39> names{"unknown",
                                                            "mrz",
                                                            "document_number",
                                                            "passport_number",
                                                            "authorisation_number",
                                                            "sheet_number",
                                                            "reference_number",
                                                            "entries",
                                                            "stay",
                                                            "visa_type",
                                                            "visa_class",
                                                            "holder_name",
                                                            "surname",
                                                            "given_names",
                                                            "birth_name",
                                                            "birth_date",
                                                            "birth_place",
                                                            "nationality",
                                                            "sex",
                                                            "valid_from",
                                                            "valid_until",
                                                            "register_number",
                                                            "municipality",
                                                            "address",
                                                            "postal_code",
                                                            "social_insurance_number",
                                                            "profile",
                                                            "validity",
                                                            "card_access_number",
                                                            "card_access",
                                                            "national_type",
                                                            "picture",
                                                            "additional",
                                                            "visa",
                                                            "travel_emergency",
                                                            "test",
                                                            "vaccination",
                                                            "recovery",
                                                            "travel_authorisation"};
    static_assert(names.size() == static_cast<std::size_t>(SealMeaning::travel_authorisation) + 1);
    return names[static_cast<std::size_t>(m)];
}

Result<SealValue> read_feature(SealCoding coding, ByteView bytes) {
    auto value = value_of(coding, bytes);
    if (!value) return fail("seal.feature", "bytes that are not of their coding");
    return std::move(*value);
}

Result<Bytes> write_feature(SealCoding coding, const SealValue& value) {
    auto bytes = std::visit(FeatureWriter{coding}, value);
    if (!bytes) return fail("seal.feature", "a value that its coding cannot hold");
    return std::move(*bytes);
}

const FeatureKind* find_kind(std::span<const FeatureKind> table, std::uint8_t tag) {
    const auto at = std::find_if(table.begin(), table.end(), [tag](const FeatureKind& k) { return k.tag == tag; });
    return at == table.end() ? nullptr : &*at;
}

FeatureReading read_by_table(std::span<const FeatureKind> table, std::uint8_t tag, ByteView bytes, std::size_t offset) {
    const FeatureKind* const kind = find_kind(table, tag);
    SealFeature f{tag, kind == nullptr ? SealMeaning::unknown : kind->meaning, {}, offset, bytes.size()};
    if (kind != nullptr && bytes.size() >= kind->least && bytes.size() <= kind->most) {
        if (auto value = value_of(kind->coding, bytes)) {
            f.value = std::move(*value);
            return {std::move(f), true};
        }
    }
    if (kind != nullptr && kind->coding == SealCoding::picture) {
        f.value = Withheld{bytes.size()};
    } else {
        f.value = Personal{to_bytes(bytes)};
    }
    return {std::move(f), false};
}

Result<Bytes> write_by_table(std::span<const FeatureKind> table, const SealFeature& feature) {
    const FeatureKind* const kind = find_kind(table, feature.tag);
    const bool raw = kind == nullptr || std::holds_alternative<Personal<Bytes>>(feature.value);
    auto bytes = write_feature(raw ? SealCoding::bytes : kind->coding, feature.value);
    if (!bytes || raw || kind->coding != SealCoding::c40) return bytes;
    std::string text = std::get<Personal<std::string>>(feature.value).reveal();
    while (bytes && bytes->size() < kind->least) {
        text.push_back(' ');
        bytes = to_c40(text);
    }
    return bytes;
}

std::optional<Date> read_seal_date(ByteView three) {
    const auto digits = date_digits(three);
    return digits ? calendar_date(*digits) : std::nullopt;
}

Bytes write_seal_date(Date date) {
    return three_bytes(static_cast<std::uint32_t>(date.month()) * 1'000'000 +
                       static_cast<std::uint32_t>(date.day()) * 10'000 + static_cast<std::uint32_t>(date.year()));
}

std::optional<TlvItem> next_tlv(ByteView bytes, std::size_t& at, LengthForm form) {
    const std::size_t begin = at;
    if (bytes.size() < 2 || at > bytes.size() - 2) return std::nullopt;
    std::size_t size = byte_at(bytes, at + 1);
    std::size_t head = 2;
    if (form == LengthForm::ber && size >= 0x80) {
        const std::size_t width = size - 0x80;
        if (width < 1 || width > 2 || bytes.size() - at < 2 + width) return std::nullopt;
        size = 0;
        for (std::size_t i = 0; i < width; ++i) size = size << 8U | byte_at(bytes, at + 2 + i);
        head += width;
    }
    if (size > bytes.size() - at - head) return std::nullopt;
    at += head + size;
    return TlvItem{byte_at(bytes, begin), bytes.subspan(begin + head, size), begin, begin + head};
}

void put_tlv(Bytes& out, std::uint8_t tag, ByteView value) {
    out.push_back(static_cast<std::byte>(tag));
    const std::size_t size = value.size();
    if (size >= 0x80) out.push_back(size < 0x100 ? std::byte{0x81} : std::byte{0x82});
    if (size >= 0x100) out.push_back(static_cast<std::byte>(size >> 8U));
    out.push_back(static_cast<std::byte>(size & 255U));
    out.insert(out.end(), value.begin(), value.end());
}

bool plausible_signature(std::size_t size) {
    for (const KeyKind kind : {KeyKind::brainpool224, KeyKind::p256, KeyKind::brainpool320, KeyKind::p384,
                               KeyKind::brainpool512, KeyKind::p521}) {
        if (size == 2 * field_size(kind)) return true;
    }
    return false;
}

std::vector<std::string> document_types_of(const std::vector<SealFeature>& features) {
    for (const SealFeature& f : features) {
        const auto* const rows = std::get_if<Personal<MrzRows>>(&f.value);
        if (rows == nullptr) continue;
        const std::string& first = rows->reveal().rows.front();
        std::vector<std::string> out{first.substr(0, 1)};
        if (first[1] != '<') out.push_back(first.substr(0, 2));
        return out;
    }
    return {};
}

SealTrust verify_seal(ByteView message, ByteView signature, const std::vector<Certificate>& candidates,
                      const TrustAnchors& anchors, const SigningTime& signed_at, WallTime now,
                      const SignerPolicy& policy) {
    SealTrust best;
    const std::size_t count = std::min(candidates.size(), most_candidates);
    for (std::size_t i = 0; i < count; ++i) {
        const Certificate& c = candidates[i];
        if (!c.key || !verify_raw(*c.key, message, signature)) continue;
        SealTrust found{Check::passed, c, check_signer(c, anchors, signed_at, now, policy), Assurance::signature};
        const bool chain = found.chain.chain == Check::passed;
        if (chain && found.chain.profile == Check::passed) {
            found.assurance = Assurance::chain_and_profile;
        } else if (chain && found.chain.profile == Check::absent) {
            found.assurance = Assurance::chain;
        }
        if (!best.signer || best.assurance < found.assurance) best = std::move(found);
    }
    if (best.signer) return best;
    // A reference may be shared and a list may lack the right certificate: only a fresh one can say that none fits.
    best.chain.cause = Cause::not_supported;
    if (anchors.stale(now)) {
        best.chain.cause = Cause::list_stale;
    } else if (count > 0) {
        best.signature = Check::failed;
    }
    return best;
}

}  // namespace paso
