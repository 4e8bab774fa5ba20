// VDS-NC, "visible digital seal for non-constrained environments" (ICAO TR, Doc 9303-13): signed JSON in a QR code,
// which brings its signer's certificate along. Proofs of test and vaccination, digital travel authorisations.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/barcode/seal_feature.hpp"
#include "core/encoding/json.hpp"

namespace paso {

// One leaf of the message: everything that is said, whether its meaning is known or not.
struct VdsNcField {
    std::string pointer;  // RFC 6901, into the payload: "/data/msg/pid/n"
    SealMeaning meaning = SealMeaning::unknown;
    JsonKind kind = JsonKind::text;
    Personal<std::string> value;  // a number in its canonical form; true, false, null as these words
    bool operator==(const VdsNcField&) const = default;
};

struct VdsNcSeal {
    std::string type;  // "icao.test", "icao.vacc"
    std::uint32_t version = 0;
    std::string issuer;     // Doc 9303 code
    std::string algorithm;  // "ES256"
    std::vector<VdsNcField> fields;
    SealTrust trust;
    // Literals: "vdsnc.type" (not one that is known), "vdsnc.certificate" (cannot be read), "vdsnc.signature_size",
    // "vdsnc.algorithm" (not the one of the key, or not known), "vdsnc.extra" (members that the signature does not
    // cover).
    std::vector<std::string_view> problems;
    bool operator==(const VdsNcSeal&) const = default;
};

struct VdsNc {
    std::vector<VdsNcSeal> seals;                // one as a rule
    bool array = false;                          // wrapped in a JSON array, as Japan does
    Assurance assurance = Assurance::structure;  // the least of all
    bool operator==(const VdsNc&) const = default;
};

[[nodiscard]] bool looks_like_vds_nc(ByteView payload);

// The signature is over the canonical form (RFC 8785) of "data"; the certificate must be for this use
// (2.23.136.1.1.14.2), of the issuing State, chained to one of its authorities and valid now, as a seal does not say
// when it was signed. Errors, with the offset: the codes of parse_json, "vdsnc.shape" (members are missing or of
// another kind), "vdsnc.too_many" (above 8 in an array), "vdsnc.too_large" (above 16 KiB).
[[nodiscard]] Result<VdsNc> parse_vds_nc(ByteView payload, const TrustAnchors& anchors, WallTime now);

// For specimens and tests: one seal over `message`, the JSON text of an object. Errors: as parse_json, "vdsnc.shape".
struct VdsNcDraft {
    std::string type;
    std::uint32_t version = 1;
    std::string issuer;
    std::string message;
    std::string algorithm = "ES256";
    Bytes certificate;  // DER
};
[[nodiscard]] Result<std::string> write_vds_nc(const VdsNcDraft& draft, const SignRaw& sign);

}  // namespace paso
