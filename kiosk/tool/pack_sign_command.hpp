// `paso pack sign`: one official's signature on a pack that is whole and sound.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/env/env.hpp"
#include "core/rules/pack.hpp"
#include "core/trust/digest.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

// Whoever signs: the public key, and what makes a signature with the other one.
struct PackSigner {
    Ed25519Key key{};
    std::function<Ed25519Signature(ByteView)> sign;
};

// Adds a signature line to the pack at `path`, in place. The pack must have its tables inside (`paso pack bundle`), its
// own tests must hold, check_pack() must find nothing for certain, every signature that it has already must hold, and
// the signer must be none of those: then nobody signs what a colleague did not see. With `trust` it says how many of
// the signatures that a station needs are there. 0; 1: nothing was signed, `err` says why.
[[nodiscard]] int sign_pack(Env& env, const std::string& path, const PackSigner& signer,
                            const std::optional<PackKeys>& trust, const Schema& schema, const PrintLine& out,
                            const PrintLine& err);

}  // namespace paso
