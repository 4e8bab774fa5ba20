// KeyRing: the one owner of a program's keys: the log key (Ed25519) that signs, and the TLS identity. Body keys come
// with the issue on sync, behind seal_body/open_body.
#pragma once

#include <memory>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/env/env.hpp"
#include "core/trust/digest.hpp"
#include "sync/net/network.hpp"

namespace paso {

// A body that was sealed to nobody. Errors: "body.sealed" (it was, and its reader's keys are needed), "body.format".
[[nodiscard]] Result<Bytes> open_unsealed_body(ByteView sealed);

class KeyRing {
  public:
    // Reads log.key (made when missing; 32 bytes of seed in hex, mode 0600), tls.key, tls.crt and ca.crt from a folder.
    // Errors: "keys.missing", "keys.damaged", "file.*".
    [[nodiscard]] static Result<KeyRing> open(Env& env, const std::string& folder);
    // log.key alone: for officials who sign packs and post files.
    [[nodiscard]] static Result<KeyRing> open_signer(Env& env, const std::string& folder);
    ~KeyRing();
    KeyRing(KeyRing&&) noexcept;
    KeyRing& operator=(KeyRing&&) noexcept;

    [[nodiscard]] const Ed25519Key& log_public_key() const;
    [[nodiscard]] Ed25519Signature sign(ByteView message) const;
    [[nodiscard]] const TlsIdentity& tls() const;

    // The door for sealed bodies. First version: the body as it is, marked so in its first byte (0x00 = open).
    [[nodiscard]] Bytes seal_body(ByteView plain) const;
    [[nodiscard]] Result<Bytes> open_body(ByteView sealed) const;  // errors: "body.sealed", "body.format"

  private:
    struct Keys;
    explicit KeyRing(std::unique_ptr<Keys> keys);
    std::unique_ptr<Keys> keys_;
};

}  // namespace paso
