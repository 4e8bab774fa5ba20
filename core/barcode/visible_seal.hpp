// Visible digital seals (Doc 9303-13, BSI TR-03137): a binary barcode on a visa sticker or a paper document, signed by
// its issuer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/barcode/seal_feature.hpp"

namespace paso {

// How the header says which certificate signed, and how long it is. Versions and issuers disagree about both.
enum class SealLayout : std::uint8_t {
    length_hex = 0,      // two hexadecimal digits, then as many characters (header version 4, raw 0x03)
    length_decimal = 1,  // the same in decimal: the signer DEZV
    fixed = 2,           // always five characters (header version 3, raw 0x02; and seals that say 0x03)
};
[[nodiscard]] std::string_view name(SealLayout l);

struct SealHeader {
    std::uint8_t version = 3;  // as it stands: 0x02 is version 3, 0x03 is version 4
    SealLayout layout = SealLayout::length_hex;
    std::string country;                // issuing State, Doc 9303 code: "UTO", "D"
    std::string signer;                 // two letters of its country, two characters of its name
    std::string certificate_reference;  // the serial number of its certificate in hexadecimal, as written
    Date issued;
    Date signed_on;
    std::uint8_t definition = 0;  // which table of features
    std::uint8_t category = 0;    // which document
    bool operator==(const SealHeader&) const = default;
};

// One way to take the bytes.
struct SealReading {
    SealHeader header;
    LengthForm lengths = LengthForm::ber;
    std::vector<SealFeature> features;  // in their order
    std::size_t signed_size = 0;        // how many bytes the signature is over, from the first
    Bytes signature;                    // r and s
    // Literals: "seal.type" (no table has this document), "seal.feature" (bytes that do not fit their row),
    // "seal.missing" (a feature that the document must have), "seal.repeated", "seal.unknown_tag",
    // "seal.signed_before_issue", "seal.future".
    std::vector<std::string_view> problems;
    bool operator==(const SealReading&) const = default;
};

struct VisibleSeal {
    std::string_view document;  // "visa", "emergency_travel_document", ..., "unknown"; see seal_document
    SealReading reading;
    std::vector<SealReading> others;  // just as good, while no signature tells; empty as a rule
    SealTrust trust;
    bool operator==(const VisibleSeal&) const = default;
};

// The name of the document that a definition and a category stand for; "unknown" where no table has it.
[[nodiscard]] std::string_view seal_document(std::uint8_t definition, std::uint8_t category);
// Its table; empty where there is none.
[[nodiscard]] std::span<const FeatureKind> seal_table(std::uint8_t definition, std::uint8_t category);

// The first bytes are those of a seal.
[[nodiscard]] bool looks_like_visible_seal(ByteView payload);

// Every layout is tried. One that consumes every byte, ends in a signature of a plausible size and has dates of the
// calendar is a reading; if there are several, the one whose signer verifies it is taken. If none verifies, the first
// is given with the others beside it and the assurance stays `structure`. Errors: "seal.magic", "seal.version",
// "seal.too_large" (above 4096 bytes), "seal.structure" (no layout fits).
[[nodiscard]] Result<VisibleSeal> parse_visible_seal(ByteView payload, const TrustAnchors& anchors, WallTime now);

// For specimens and tests: header and features in their order, signed by the callback. Errors: "seal.header",
// "seal.feature".
[[nodiscard]] Result<Bytes> write_visible_seal(const SealHeader& header, const std::vector<SealFeature>& features,
                                               const SignRaw& sign);

}  // namespace paso
