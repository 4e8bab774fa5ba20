#include "core/trust/anchors.hpp"

#include <algorithm>

namespace paso {
namespace {

constexpr std::size_t kid_size = 8;

bool any_of_these(const std::vector<std::string>& have, const std::vector<std::string>& wanted) {
    return std::any_of(have.begin(), have.end(), [&wanted](const std::string& h) {
        return std::find(wanted.begin(), wanted.end(), h) != wanted.end();
    });
}

// What the names of an issuer and its certificate say.
struct Kinship {
    bool name;
    bool key_id;
};
Kinship kinship(const Certificate& signer, const Certificate& authority) {
    return {signer.issuer.canonical == authority.subject.canonical,
            !signer.authority_key_id.empty() && signer.authority_key_id == authority.subject_key_id};
}
bool may_have_issued(const Certificate& authority, const Kinship& kin) {
    return authority.authority && (kin.name || kin.key_id);
}

void look_at_profile(const Certificate& signer, const SignerPolicy& policy, SignerTrust& out) {
    const std::size_t before = out.problems.size();
    if (!policy.key_usages.empty() && !any_of_these(signer.extended_key_usages, policy.key_usages))
        out.problems.push_back("signer.usage");
    if (!policy.document_types.empty() && !signer.document_types.empty() &&
        !any_of_these(signer.document_types, policy.document_types))
        out.problems.push_back("signer.document_type");
    if (!policy.countries.empty() && !any_of_these({signer.subject.country}, policy.countries))
        out.problems.push_back("signer.country");
    const bool nothing = policy.key_usages.empty() && policy.document_types.empty() && policy.countries.empty();
    out.profile = nothing ? Check::absent : out.problems.size() == before ? Check::passed : Check::failed;
}

// Tries every authority that may have issued the signer; the first that holds in all is the one.
void look_for_authority(const Certificate& signer, const TrustAnchors& anchors, const SigningTime& signed_at,
                        SignerTrust& out) {
    std::string_view closest = "signer.no_authority";  // what stopped the one that came closest
    for (std::size_t i = 0; i < anchors.authorities.size(); ++i) {
        const Certificate& a = anchors.authorities[i];
        const Kinship kin = kinship(signer, a);
        if (!may_have_issued(a, kin)) continue;
        if (!anchors.links.holds(signer, a) && !is_signed_by(signer, a)) {
            if (kin.name && kin.key_id && closest == "signer.no_authority") closest = "signer.signature";
            continue;
        }
        if (a.subject.country != signer.subject.country) {
            closest = "signer.authority_country";
        } else if (!valid_at(a, signed_at)) {
            closest = "signer.authority_time";
        } else {
            out.authority = i;
            return;
        }
    }
    out.problems.push_back(closest);
}

}  // namespace

Result<HealthKey> health_key(const Certificate& signer) {
    if (!signer.key) return fail("key.kind", "an algorithm that signs no health certificate");
    const ByteView kid = ByteView{signer.sha256}.first(kid_size);
    return HealthKey{to_bytes(kid),     *signer.key,     signer.subject.country, signer.extended_key_usages,
                     signer.not_before, signer.not_after};
}

VerifiedLinks::VerifiedLinks(const std::vector<Certificate>& signers, const std::vector<Certificate>& authorities) {
    for (const Certificate& s : signers) {
        for (const Certificate& a : authorities) {
            if (may_have_issued(a, kinship(s, a)) && is_signed_by(s, a)) pairs_.emplace_back(s.sha256, a.sha256);
        }
    }
    std::sort(pairs_.begin(), pairs_.end());
}

bool VerifiedLinks::holds(const Certificate& signer, const Certificate& authority) const {
    return std::binary_search(pairs_.begin(), pairs_.end(), std::pair{signer.sha256, authority.sha256});
}

std::vector<HealthKey> TrustAnchors::health_keys(ByteView kid) const {
    std::vector<HealthKey> out;
    std::copy_if(health.begin(), health.end(), std::back_inserter(out),
                 [kid](const HealthKey& k) { return std::equal(k.kid.begin(), k.kid.end(), kid.begin(), kid.end()); });
    return out;
}

SignerTrust check_signer(const Certificate& signer, const TrustAnchors& anchors, const SigningTime& signed_at,
                         WallTime now, const SignerPolicy& policy) {
    SignerTrust out;
    if (!valid_at(signer, signed_at)) out.problems.push_back("signer.time");
    if (signer.unknown_critical) out.problems.push_back("signer.critical");
    if (signer.authority) out.problems.push_back("signer.is_authority");
    look_for_authority(signer, anchors, signed_at, out);
    const bool nobody = !out.problems.empty() && out.problems.back() == "signer.no_authority";
    out.chain = out.problems.empty() ? Check::passed : nobody ? Check::unknown : Check::failed;
    if (nobody) out.cause = Cause::not_supported;
    look_at_profile(signer, policy, out);
    if (anchors.stale(now)) {
        // The list may lack a newer authority or still have one that was withdrawn.
        out.chain = Check::unknown;
        if (out.profile == Check::failed) out.profile = Check::unknown;
        out.cause = Cause::list_stale;
        out.problems.push_back("signer.list_stale");
    }
    return out;
}

}  // namespace paso
