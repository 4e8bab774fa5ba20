// COSE_Sign1 messages (RFC 9052 section 4.2) with one signature, as health certificates carry them: bare, tagged, or
// tagged inside a CWT tag (RFC 8392 section 6).
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/trust/signature.hpp"

namespace paso {

// The algorithms that are verified here; each fits one kind of key (RFC 9053 section 2, RFC 8812).
enum class CoseAlgorithm : std::int16_t { es256 = -7, es384 = -35, es512 = -36, ps256 = -37 };

struct CoseSign1 {
    // Header parameters; where both headers have one, the protected one counts (RFC 9052 section 3).
    std::optional<CoseAlgorithm> algorithm;  // nothing when it is another one
    Bytes key_id;                            // empty when none is given
    bool key_id_protected = false;
    Bytes protected_header;  // as it is signed
    Bytes payload;
    Bytes signature;
    bool tagged = false;      // tag 18
    bool cwt_tagged = false;  // tag 61 around it
};

// Errors: those of CborTree, "cose.tag" (a tag that is neither), "cose.structure", "cose.header" (not a map, a
// parameter of the wrong kind), "cose.critical" (a parameter that must be understood and is not).
[[nodiscard]] Result<CoseSign1> parse_cose_sign1(ByteView message);

// What is signed: Sig_structure of RFC 9052 section 4.4 with the data of the application that belong to it.
[[nodiscard]] Bytes cose_signed_bytes(const CoseSign1& message, ByteView external = {});

// False for every wrong key, algorithm that does not fit the key, signature or message; never throws. The hash follows
// from the curve, never from the message.
[[nodiscard]] bool verify_cose(const CoseSign1& message, const PublicKey& key, ByteView external = {});

}  // namespace paso
