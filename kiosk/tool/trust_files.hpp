// Whom `paso decode` trusts: files that a person names on the command line.
#pragma once

#include <string>
#include <vector>

#include "core/env/env.hpp"
#include "core/trust/anchors.hpp"

namespace paso {

struct TrustFiles {
    TrustAnchors anchors;
    std::vector<std::string> remarks;  // for the person who named the files
};

// Each file holds certificates (DER, or any number of them in PEM) or one CSCA master list (CMS, DER). A certificate
// that may issue others is an authority; any other is a signer of seals, trusted only as far as it chains, and a key
// for health certificates, trusted because it was named. A master list must hold; that no authority named beside it
// vouches for it is a remark, for then anybody may have made it. The anchors are as old as the oldest list says, of
// `now` where no list says so. Errors: those of Files::read, "trust.pem", "trust.format" (names the file).
[[nodiscard]] Result<TrustFiles> read_trust_files(Env& env, const std::vector<std::string>& paths, WallTime now);

}  // namespace paso
