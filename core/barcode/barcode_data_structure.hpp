// ICAO's "Datastructure for Barcode" (draft TR): the successor that holds visible seals, proofs and cards in one text
// form for any 2D symbol. "RDB1", older "NDB1", then base32.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/barcode/seal_feature.hpp"

namespace paso {

// A message of the group; `parts` where it holds features of its own (visa, emergency travel, travel authorisation).
struct BarcodeMessage {
    SealFeature feature;
    std::vector<SealFeature> parts;
    bool operator==(const BarcodeMessage&) const = default;
};

struct BarcodeDataStructure {
    bool old_prefix = false;  // NDB1
    bool is_signed = false;
    bool compressed = false;
    std::string country;                               // issuing State, Doc 9303 code
    std::uint8_t algorithm = 0;                        // 1 ES256, 2 ES384, 3 ES512; 0 when not signed
    std::array<std::byte, 5> certificate_reference{};  // the last bytes of SHA-1 of the signer's certificate
    std::optional<MaskedDate> signed_on;
    std::string_view document;  // see idb_document
    std::vector<BarcodeMessage> messages;
    Bytes signature;  // r and s; empty when not signed
    SealTrust trust;
    // Literals: "idb.message" (bytes that do not fit their row), "idb.unknown_tag", "idb.repeated", "idb.certificate"
    // (one came along and cannot be read or is not the one referred to), "idb.algorithm" (not the one of the key),
    // "idb.date" (the signing date is not whole), "idb.future".
    std::vector<std::string_view> problems;
    bool operator==(const BarcodeDataStructure&) const = default;
};

// Which document the messages make: "visa", "temporary_passport", ..., "unknown"; see the tables in the .cpp.
[[nodiscard]] std::string_view idb_document(const std::vector<BarcodeMessage>& messages);

[[nodiscard]] bool looks_like_barcode_data_structure(ByteView payload);

// Offsets of features point into the payload after base32 and, where compressed, after inflating (at most 64 KiB).
// Signed are header and message group. Errors: "idb.prefix", "idb.flag", "idb.too_large" (above 16 KiB of text), the
// codes of from_base32 and inflate_zlib, "idb.structure" with the offset in the payload.
[[nodiscard]] Result<BarcodeDataStructure> parse_barcode_data_structure(ByteView text, const TrustAnchors& anchors,
                                                                        WallTime now);

// For specimens and tests, in two steps so that the caller may compress between them. Of the structure count country,
// algorithm, reference, date and messages (a message with parts is written from these). `certificate` goes along where
// it is not empty. Errors: "idb.header", "seal.feature".
[[nodiscard]] Result<Bytes> write_barcode_payload(const BarcodeDataStructure& content, ByteView certificate,
                                                  const SignRaw& sign);
[[nodiscard]] std::string write_barcode_text(ByteView payload, bool is_signed, bool compressed);

}  // namespace paso
