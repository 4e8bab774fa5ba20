// Signed text files (rule packs, post files): the text, a line "-- signatures --", then a line
// "ed25519 KEYHEX SIGNATUREHEX" for each signer, over every byte before the separator line.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/trust/digest.hpp"

namespace paso {

// The bytes before the separator line; all of them where there is none.
[[nodiscard]] ByteView signed_part(ByteView file);

// The file with one more signature line. The signature must be over signed_part(file), which must end in a newline.
[[nodiscard]] Bytes with_signature(ByteView file, const Ed25519Key& key, const Ed25519Signature& signature);

// The key of each signature line, in their order; none where there is no separator. Whether they hold is not asked.
// Error: "signature.line" (line).
[[nodiscard]] Result<std::vector<Ed25519Key>> signing_keys(ByteView file);

// The signed part, when signatures of at least `threshold` different keys of `keys` hold (and threshold is at least 1).
// Errors: "signature.missing", "signature.line" (line), "signature.threshold" (how many hold, how many are needed).
[[nodiscard]] Result<ByteView> verify_signed_text(ByteView file, const std::vector<Ed25519Key>& keys,
                                                  std::size_t threshold);

}  // namespace paso
