// Public keys and the raw signatures of seals, certificates for health and visas in 2D codes (libcrypto). Verification
// only: signing lives in sync/keys and in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

// The curves of BSI TR-03116-2 and Doc 9303-12, and RSA.
enum class KeyKind : std::uint8_t {
    p256 = 1,
    p384 = 2,
    p521 = 3,
    brainpool224 = 4,
    brainpool256 = 5,
    brainpool320 = 6,
    brainpool384 = 7,
    brainpool512 = 8,
    rsa = 9,
};
[[nodiscard]] std::string_view name(KeyKind kind);  // as OpenSSL writes it: "brainpoolP256r1"

// Bytes of one coordinate, and of each half of a raw signature: 66 for P-521, 0 for RSA.
[[nodiscard]] std::size_t field_size(KeyKind kind);

// The hash that Doc 9303-13 and BSI TR-03137 give to the key, in bits: 224, 256, 384 or 512.
[[nodiscard]] unsigned hash_bits(KeyKind kind);

// A key as a value. Made once from what a certificate or a list says; equal keys compare equal however they were
// written (compressed point, explicit curve parameters that are those of a named curve).
class PublicKey {
  public:
    // DER SubjectPublicKeyInfo. Errors: "key.format"; "key.kind" for an algorithm or curve not above; "key.size" for
    // RSA outside of 2048 to 8192 bits or an exponent above 64 bits.
    [[nodiscard]] static Result<PublicKey> from_spki(ByteView der);
    // Affine coordinates, big-endian, at most field_size each. Errors: "key.kind" for RSA; "key.format" when no such
    // point is on the curve.
    [[nodiscard]] static Result<PublicKey> from_coordinates(KeyKind curve, ByteView x, ByteView y);
    // Modulus and exponent, big-endian. Errors: "key.format", "key.size".
    [[nodiscard]] static Result<PublicKey> from_rsa(ByteView modulus, ByteView exponent);

    [[nodiscard]] KeyKind kind() const { return kind_; }
    [[nodiscard]] bool operator==(const PublicKey&) const = default;

  private:
    friend struct KeyAccess;
    PublicKey(KeyKind kind, Bytes first, Bytes second)
        : kind_(kind), first_(std::move(first)), second_(std::move(second)) {}
    KeyKind kind_;
    Bytes first_;   // x, or the modulus without leading zeros
    Bytes second_;  // y, or the exponent
};

// ECDSA with the signature as r and s one after the other, each of exactly field_size bytes, over the hash of
// hash_bits. False for every wrong key, length, signature or message; never throws.
[[nodiscard]] bool verify_raw(const PublicKey& key, ByteView message, ByteView signature);

// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and 32 bytes of salt (PS256, RFC 7518 section 3.5). Likewise.
[[nodiscard]] bool verify_pss(const PublicKey& key, ByteView message, ByteView signature);

}  // namespace paso
