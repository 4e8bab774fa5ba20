// Health certificates in a QR code: "HC1:", base45, zlib, COSE_Sign1, CWT (electronic health certificate specification
// of the eHealth Network, version 1.0.8; WHO SMART trust, HCERT). The EU Digital COVID Certificate and the minimal
// digital vaccination certificate of WHO, which carries the yellow fever vaccination of the ICVP, are read field by
// field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/barcode/assurance.hpp"
#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/base/date.hpp"
#include "core/base/personal.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/trust/anchors.hpp"
#include "core/trust/cose.hpp"

namespace paso {

enum class HealthContent : std::uint8_t {
    unknown = 0,
    vaccination = 1,         // EU DCC (hcert 1), "v"
    test = 2,                // "t"
    recovery = 3,            // "r"
    ddcc_vaccination = 4,    // WHO DDCC:VS (hcert 3): recognised, its fields are not read
    ddcc_test = 5,           // WHO DDCC:TR (hcert 4): likewise
    health_link = 6,         // hcert 5, a link, never opened
    vaccination_record = 7,  // WHO DVC and ICVP (hcert -6)
};
[[nodiscard]] std::string_view name(HealthContent c);

// What a vaccination is against, told by the code of the disease, of the vaccine or of the product.
enum class VaccineTarget : std::uint8_t { other = 0, covid19 = 1, yellow_fever = 2 };
[[nodiscard]] std::string_view name(VaccineTarget t);

// As written: "1998-02-26", "1992", "2021-02-20T12:34:56Z".
struct HealthDate {
    std::string raw;
    std::optional<Date> date;  // where the text begins with a whole date
    bool operator==(const HealthDate&) const = default;
};

// In brackets the key that a field comes from: DCC / DVC. Empty where the certificate has none.
struct HealthPerson {
    Personal<std::string> family_name;      // nam.fn
    Personal<std::string> given_names;      // nam.gn
    Personal<std::string> full_name;        // n
    Personal<std::string> family_name_mrz;  // nam.fnt, in the letters of Doc 9303
    Personal<std::string> given_names_mrz;  // nam.gnt
    Personal<HealthDate> birth;             // dob / dob
    Personal<std::string> sex;              // s
    std::string nationality;                // ntl
    Personal<std::string> document;         // nid
    Personal<std::string> guardian;         // gn
    bool operator==(const HealthPerson&) const = default;
};

struct HealthEntry {
    VaccineTarget target = VaccineTarget::other;
    std::string disease;                // tg
    std::string vaccine;                // vp
    std::string product;                // mp
    std::string manufacturer;           // ma
    std::string batch;                  // bo
    std::string dose;                   // dn, a number or a code
    std::optional<int> doses;           // sd
    HealthDate date;                    // dt; sc of a test; fr of a recovery
    HealthDate valid_from;              // vls; df of a recovery
    HealthDate valid_until;             // vle; du of a recovery
    std::string test_type;              // tt
    std::string test_name;              // nm
    Personal<std::string> test_result;  // tr
    std::string centre;                 // tc
    std::string country;                // co
    std::string issuer;                 // is
    Personal<std::string> clinician;    // cn
    Personal<std::string> identifier;   // ci
    bool operator==(const HealthEntry&) const = default;
};

struct HealthCertificate {
    HealthContent content = HealthContent::unknown;
    std::string issuer;               // CWT claim 1
    std::optional<WallTime> expires;  // claim 4
    std::optional<WallTime> issued;   // claim 6
    std::string version;              // ver, of the DCC
    HealthPerson person;
    HealthEntry entry;
    std::optional<CoseAlgorithm> algorithm;
    Bytes key_id;
    bool key_id_protected = false;

    // `unknown` with a cause: no key of the list has this identifier, or none is to be found (not_supported).
    Check signature = Check::unknown;
    Check listing = Check::unknown;   // the key's list is of today: unknown when it is stale (list_stale), never failed
    Check validity = Check::unknown;  // issued, not expired; absent where there is no expiry
    Check usage = Check::unknown;     // the key may sign this content; absent where it is not limited
    Check schema = Check::unknown;    // what the content must have is there, once
    Cause cause = Cause::not_supported;
    Assurance assurance =
        Assurance::structure;  // chain: signed by a key of a current list; and profile: all checks hold
    // Literals: "health.no_key_id", "health.unknown_key", "health.algorithm", "health.signature", "health.list_stale",
    // "health.expired", "health.not_yet" (issued after now), "health.usage", "health.schema" (a field is missing or of
    // the wrong kind), "health.several" (more than one entry), "health.not_read" (a content whose fields are not read).
    std::vector<std::string_view> problems;
    bool operator==(const HealthCertificate&) const = default;
};

// Cheap, for choosing a parser: "HC1:".
[[nodiscard]] bool looks_like_health_certificate(ByteView payload);

// Every key of `anchors.health` that bears the identifier is tried. That a key is on the list is what makes it good,
// whatever the dates of its certificate. Errors: "health.prefix", "health.too_long" (8192 characters), those of
// from_base45, inflate_zlib (64 KiB) and parse_cose_sign1, "health.claims" (no CWT with a health certificate),
// "health.content" (its content is no map).
[[nodiscard]] Result<HealthCertificate> parse_health_certificate(ByteView payload, const TrustAnchors& anchors,
                                                                 WallTime now);
// The same from the COSE message on, for those who have it without the wrapping of a symbol.
[[nodiscard]] Result<HealthCertificate> parse_health_message(ByteView cose, const TrustAnchors& anchors, WallTime now);

}  // namespace paso
