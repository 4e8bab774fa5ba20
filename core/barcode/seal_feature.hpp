// What stands in ICAO's signed barcodes, whatever their wrapping: typed features, the tables that say which tag means
// what, and how their bytes are read and written (Doc 9303-13, BSI TR-03137, ICAO TR "Datastructure for Barcode").
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/barcode/assurance.hpp"
#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/base/date.hpp"
#include "core/base/personal.hpp"
#include "core/base/result.hpp"
#include "core/trust/anchors.hpp"

namespace paso {

// The numbers are stored in events: new ones go to the end.
enum class SealMeaning : std::uint8_t {
    unknown = 0,  // the table of the document has no such tag
    mrz,
    document_number,       // of the document that bears the seal
    passport_number,       // of the passport it belongs to
    authorisation_number,  // of a digital travel authorisation
    sheet_number,
    reference_number,
    entries,  // how many; 0 is unlimited
    stay,
    visa_type,
    visa_class,
    holder_name,
    surname,
    given_names,
    birth_name,
    birth_date,
    birth_place,
    nationality,
    sex,
    valid_from,
    valid_until,
    register_number,  // the German central register of foreigners (AZR)
    municipality,     // the German key of a municipality (AGS)
    address,
    postal_code,
    social_insurance_number,
    profile,  // which form of an administrative document, BSI TR-03171
    validity,
    card_access_number,
    card_access,  // EF.CardAccess of a chip
    national_type,
    picture,
    additional,
    visa,  // a message that holds features of its own, likewise below
    travel_emergency,
    test,
    vaccination,
    recovery,
    travel_authorisation,
};
[[nodiscard]] std::string_view name(SealMeaning m);  // "passport_number"

enum class SealCoding : std::uint8_t {
    bytes,
    c40,  // spaces at the end count for nothing
    utf8,
    number,       // one byte
    stay,         // three bytes: days, months, years
    date,         // three bytes: MMDDYYYY as a number
    masked_date,  // four bytes: which digits are hidden, then a date with 0 in their place
    mrz_td1,      // 3 rows of 30
    mrz_td2,      // 2 rows of 36
    mrz_td3,      // 2 rows of 44
    mrz_visa_a,   // 44 and the first 28 of the second row: without its optional data
    mrz_visa_b,   // 36 and the first 28 of the second row
    picture,      // never kept
};

// Days, months and years that the holder may stay; all zero: not said.
struct StayDuration {
    std::uint8_t days = 0;
    std::uint8_t months = 0;
    std::uint8_t years = 0;
    bool operator==(const StayDuration&) const = default;
};

// "1985-xx-xx": digits that the issuer does not know or does not tell are x.
struct MaskedDate {
    std::string text;
    std::optional<Date> date;  // where no digit is hidden
    bool operator==(const MaskedDate&) const = default;
};

struct MrzRows {
    std::vector<std::string> rows;  // with fillers
    bool operator==(const MrzRows&) const = default;
};

// A picture of a face was there. It is not kept.
struct Withheld {
    std::size_t size = 0;
    bool operator==(const Withheld&) const = default;
};

using SealValue = std::variant<Personal<Bytes>, Personal<std::string>, Personal<MrzRows>, std::uint8_t, StayDuration,
                               Date, Personal<MaskedDate>, Withheld>;

struct SealFeature {
    std::uint8_t tag = 0;
    SealMeaning meaning = SealMeaning::unknown;
    SealValue value;
    // Where the value stands: an offset into the seal, or into the inflated payload of a barcode data structure.
    std::size_t offset = 0;
    std::size_t size = 0;
    bool operator==(const SealFeature&) const = default;
};

// A row of a table.
struct FeatureKind {
    std::uint8_t tag;
    SealMeaning meaning;
    SealCoding coding;
    std::uint16_t least;  // bytes
    std::uint16_t most;
    bool required;
};

// Errors: "seal.feature".
[[nodiscard]] Result<SealValue> read_feature(SealCoding coding, ByteView bytes);
// The same in the other direction, for specimens and tests. Errors: "seal.feature" when the value is not of that
// coding; a picture that was withheld cannot be written.
[[nodiscard]] Result<Bytes> write_feature(SealCoding coding, const SealValue& value);

[[nodiscard]] const FeatureKind* find_kind(std::span<const FeatureKind> table, std::uint8_t tag);

// A feature with this tag as the table says; raw bytes where it has no such row or they do not fit it (then `fits` is
// false).
struct FeatureReading {
    SealFeature feature;
    bool fits;
};
[[nodiscard]] FeatureReading read_by_table(std::span<const FeatureKind> table, std::uint8_t tag, ByteView bytes,
                                           std::size_t offset);

// The other direction: what read_by_table takes for the same feature. Text in C40 is filled with spaces to the least
// size of its row. Errors: "seal.feature".
[[nodiscard]] Result<Bytes> write_by_table(std::span<const FeatureKind> table, const SealFeature& feature);

// MMDDYYYY as a number of three bytes.
[[nodiscard]] std::optional<Date> read_seal_date(ByteView three);
[[nodiscard]] Bytes write_seal_date(Date date);

// A tag, a length and a value, in BER's short and long form up to two bytes of length, or with one plain byte as the
// seals of some vendors have it.
enum class LengthForm : std::uint8_t { ber, plain };
struct TlvItem {
    std::uint8_t tag;
    ByteView value;
    std::size_t begin;   // of the tag
    std::size_t offset;  // of the value
};
// The item that begins at `at`, which moves behind it; nothing when it is cut off.
[[nodiscard]] std::optional<TlvItem> next_tlv(ByteView bytes, std::size_t& at, LengthForm form);
void put_tlv(Bytes& out, std::uint8_t tag, ByteView value);  // BER

// Raw signatures of this size exist on some curve that seals use.
[[nodiscard]] bool plausible_signature(std::size_t size);

// The MRZ's document code as Doc 9303-12 lists document types: "VC" gives V and VC.
[[nodiscard]] std::vector<std::string> document_types_of(const std::vector<SealFeature>& features);

// A signer that was looked for, and what came of it.
struct SealTrust {
    Check signature = Check::unknown;   // unknown (not_supported): no certificate of the signer is here
    std::optional<Certificate> signer;  // whose key verifies it
    SignerTrust chain;
    Assurance assurance = Assurance::structure;
    bool operator==(const SealTrust&) const = default;
};

// Tries the keys of `candidates` (key identifiers may collide: all of them), then the chain of the one that verifies.
[[nodiscard]] SealTrust verify_seal(ByteView message, ByteView signature, const std::vector<Certificate>& candidates,
                                    const TrustAnchors& anchors, const SigningTime& signed_at, WallTime now,
                                    const SignerPolicy& policy);

// Signs a message with r and s one after the other: the key is the caller's.
using SignRaw = std::function<Bytes(ByteView)>;

}  // namespace paso
