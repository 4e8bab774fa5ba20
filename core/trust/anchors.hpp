// What a station trusts when it looks at signed barcodes, as one value made from signed lists, and the check of a
// signer against it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/time.hpp"
#include "core/trust/certificate.hpp"

namespace paso {

// A key of a health trust list (EU DCC, WHO GDHCN): being on the list is what makes it valid.
struct HealthKey {
    Bytes kid;  // first 8 bytes of SHA-256 of the signer; several keys may share one
    PublicKey key;
    std::string country;              // two letters
    std::vector<std::string> usages;  // extended key usages, dotted; empty: not limited
    WallTime not_before;
    WallTime not_after;
    bool operator==(const HealthKey&) const = default;
};
// The entry of a list that gives whole certificates. Errors: "key.kind" when the certificate's key signs none.
[[nodiscard]] Result<HealthKey> health_key(const Certificate& signer);

// Who signed whom, as far as it was verified before: a signature between two certificates does not change, so it is
// verified once when the lists are read and not again for each seal.
class VerifiedLinks {
  public:
    VerifiedLinks() = default;
    // Verifies each signer's certificate with the key of each authority that may have issued it.
    VerifiedLinks(const std::vector<Certificate>& signers, const std::vector<Certificate>& authorities);
    // False says nothing: it was not verified, or the signature did not hold.
    [[nodiscard]] bool holds(const Certificate& signer, const Certificate& authority) const;
    [[nodiscard]] std::size_t size() const { return pairs_.size(); }
    bool operator==(const VerifiedLinks&) const = default;

  private:
    std::vector<std::pair<Digest, Digest>> pairs_;  // SHA-256 of signer and authority, in ascending order
};

struct TrustAnchors {
    std::vector<Certificate> authorities;  // CSCA certificates and their link certificates, each trusted by itself
    std::vector<Certificate> signers;      // found beside the seals, trusted only as far as they chain to an authority
    std::vector<HealthKey> health;
    VerifiedLinks links;  // of signers and authorities; without it every answer is the same, and later
    WallTime as_of{};     // when the lists were true
    std::chrono::hours greatest_age{24 * 90};
    bool operator==(const TrustAnchors&) const = default;

    // It names nobody, so it can say nothing about a signer.
    [[nodiscard]] bool empty() const { return authorities.empty() && signers.empty() && health.empty(); }
    // Older than it may be, or from after `now`, so that one of the two clocks is wrong.
    [[nodiscard]] bool stale(WallTime now) const { return now < as_of || as_of + greatest_age < now; }
    // Key identifiers may collide, so all that bear it.
    [[nodiscard]] std::vector<HealthKey> health_keys(ByteView kid) const;
};

// What a signer must be, beside signed by an authority. An empty list accepts all.
struct SignerPolicy {
    std::vector<std::string> key_usages;      // it must have one of these, dotted
    std::vector<std::string> document_types;  // it must name one of these, where it names any
    std::vector<std::string> countries;       // its country must be one of these: the issuing State as "D", "DE", "DEU"
    bool operator==(const SignerPolicy&) const = default;
};

struct SignerTrust {
    Check chain = Check::unknown;    // an authority of the same country signed it, both valid at the signing time
    Check profile = Check::unknown;  // the policy holds; `absent` where the policy asks nothing
    Cause cause = Cause::not_read;   // why unknown, where one of them is
    // What stands against it, literals: "signer.time", "signer.authority_time", "signer.signature", "signer.country",
    // "signer.authority_country", "signer.critical", "signer.is_authority", "signer.no_authority", "signer.list_stale",
    // "signer.usage", "signer.document_type".
    std::vector<std::string_view> problems;
    std::optional<std::size_t> authority;  // which of `authorities` signed it
    bool operator==(const SignerTrust&) const = default;
};

// Every authority that may have issued `signer` (by name or by key identifier, which may both collide) is tried. No
// such authority gives `unknown` (not_supported), a stale list gives `unknown` (list_stale): neither is the traveller's
// fault, so neither is ever `failed`. `signed_at` is when the document was signed, `now` when it is looked at.
[[nodiscard]] SignerTrust check_signer(const Certificate& signer, const TrustAnchors& anchors,
                                       const SigningTime& signed_at, WallTime now, const SignerPolicy& policy);

}  // namespace paso
