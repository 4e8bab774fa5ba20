// X.509 certificates of Doc 9303-12 (country signing authorities, signers of documents, seals and master lists), as
// values. Times enter as arguments everywhere: nothing here looks at a clock.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/trust/signature.hpp"

namespace paso {

struct CertificateName {
    std::string country;      // upper case; empty when the name has none
    std::string common_name;  // UTF-8
    // Every attribute in order, without regard to case, runs of spaces and the type of string (RFC 5280 section 7.1):
    // what issuer and subject are compared by.
    std::string canonical;
    bool operator==(const CertificateName&) const = default;
};

struct Certificate {
    Bytes der;
    Digest sha256{};
    std::array<std::byte, 20> sha1{};
    std::string serial;  // lower-case hexadecimal without leading zeros
    CertificateName subject;
    CertificateName issuer;
    WallTime not_before;
    WallTime not_after;
    Bytes subject_key_id;  // empty when absent, likewise below
    Bytes authority_key_id;
    std::vector<std::string> extended_key_usages;  // dotted: "2.23.136.1.1.14.2"
    std::vector<std::string> document_types;       // Doc 9303-12 extension 2.23.136.1.1.6.2: "P", "NT", as written
    bool authority = false;                        // it may issue certificates
    bool unknown_critical = false;                 // an extension that must be understood and is not
    std::optional<PublicKey> key;                  // nothing when of a kind that signs no seal
    bool operator==(const Certificate&) const = default;
};

// One certificate and nothing behind it, at most 16 KiB. Errors: "certificate.format", "certificate.too_large",
// "certificate.time" (a validity that no calendar has).
[[nodiscard]] Result<Certificate> parse_certificate(ByteView der);

// The signature on `certificate` is by the key of `issuer` (ECDSA, RSA, RSA-PSS, whatever hash). Names, times and
// extensions are not looked at. Never throws.
[[nodiscard]] bool is_signed_by(const Certificate& certificate, const Certificate& issuer);

// When something was signed: an instant, or a day of a calendar whose time zone nobody wrote down.
struct SigningTime {
    WallTime from;
    WallTime until;
    [[nodiscard]] static SigningTime at(WallTime instant) { return {instant, instant}; }
    [[nodiscard]] static SigningTime on(Date day);  // from UTC+14 to UTC-12
};

// The certificate was valid at some moment of it.
[[nodiscard]] inline bool valid_at(const Certificate& certificate, const SigningTime& when) {
    return certificate.not_before <= when.until && when.from <= certificate.not_after;
}

}  // namespace paso
