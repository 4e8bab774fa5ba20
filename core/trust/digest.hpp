// SHA-256 and Ed25519 verification (libcrypto). Signing lives in sync/keys, the one owner of keys.
#pragma once

#include <array>
#include <initializer_list>

#include "core/base/bytes.hpp"

namespace paso {

[[nodiscard]] Digest sha256(ByteView bytes);
// The digest of the parts one after the other.
[[nodiscard]] Digest sha256(std::initializer_list<ByteView> parts);

using Ed25519Key = std::array<std::byte, 32>;
using Ed25519Signature = std::array<std::byte, 64>;
// RFC 8032. False for every wrong key, signature or message; never throws.
[[nodiscard]] bool ed25519_verify(const Ed25519Key& key, ByteView message, const Ed25519Signature& signature);

}  // namespace paso
