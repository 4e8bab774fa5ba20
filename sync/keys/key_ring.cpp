#include "sync/keys/key_ring.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace paso {

namespace {

constexpr std::size_t most_key_bytes = 64UL << 10U;
constexpr std::byte open_body_mark{0x00};
constexpr std::size_t seed_bytes = crypto_sign_SEEDBYTES;

// Bytes that are wiped when let go.
template <std::size_t n>
struct Secret {
    std::array<std::byte, n> bytes{};
    Secret() = default;
    ~Secret() { sodium_memzero(bytes.data(), n); }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    unsigned char* data() { return reinterpret_cast<unsigned char*>(bytes.data()); }
    [[nodiscard]] const unsigned char* data() const { return reinterpret_cast<const unsigned char*>(bytes.data()); }
};

void wipe(std::string& s) { sodium_memzero(s.data(), s.size()); }
void wipe(Bytes& b) { sodium_memzero(b.data(), b.size()); }

}  // namespace

struct KeyRing::Keys {
    Ed25519Key log_public{};
    Secret<crypto_sign_SECRETKEYBYTES> log_secret;
    TlsIdentity tls;
    Keys() = default;
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;
    ~Keys() { wipe(tls.private_key); }
};

namespace {

// The seed of the log key, drawn and stored where there is none. Error: "keys.damaged".
Status load_seed(Env& env, const std::string& path, Secret<seed_bytes>& seed) {
    auto stored = env.files.read(path, most_key_bytes);
    if (!stored && stored.error().code == "file.missing") {
        env.entropy.fill(seed.bytes);
        std::string line = to_hex(seed.bytes) + "\n";
        auto done = env.files.replace(path, as_bytes(line), true);
        wipe(line);
        return done;
    }
    if (!stored) return fail(stored.error());
    std::string_view text = as_text(*stored);
    if (text.ends_with('\n')) text.remove_suffix(1);
    auto bytes = from_hex(text);
    wipe(*stored);
    if (!bytes || bytes->size() != seed_bytes) return fail("keys.damaged", "log.key is not 64 hexadecimal digits");
    std::copy(bytes->begin(), bytes->end(), seed.bytes.begin());
    wipe(*bytes);
    return {};
}

Status load_text(Env& env, const std::string& folder, const char* file, std::string& into) {
    auto bytes = env.files.read(folder + "/" + file, most_key_bytes);
    if (!bytes && bytes.error().code == "file.missing") return fail("keys.missing", file);
    if (!bytes) return fail(bytes.error());
    into = as_text(*bytes);
    wipe(*bytes);
    if (into.find("-----BEGIN ") == std::string::npos) return fail("keys.damaged", std::string{file} + " is not PEM");
    return {};
}

}  // namespace

KeyRing::KeyRing(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
KeyRing::~KeyRing() = default;
KeyRing::KeyRing(KeyRing&&) noexcept = default;
KeyRing& KeyRing::operator=(KeyRing&&) noexcept = default;

Result<KeyRing> KeyRing::open_signer(Env& env, const std::string& folder) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
    auto keys = std::make_unique<Keys>();
    Secret<seed_bytes> seed;
    if (auto done = load_seed(env, folder + "/log.key", seed); !done) return fail(done.error());
    crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(keys->log_public.data()), keys->log_secret.data(),
                             seed.data());
    return KeyRing{std::move(keys)};
}

Result<KeyRing> KeyRing::open(Env& env, const std::string& folder) {
    auto ring = open_signer(env, folder);
    if (!ring) return ring;
    const auto& keys = ring->keys_;
    if (auto done = load_text(env, folder, "tls.key", keys->tls.private_key); !done) return fail(done.error());
    if (auto done = load_text(env, folder, "tls.crt", keys->tls.certificate_chain); !done) return fail(done.error());
    if (auto done = load_text(env, folder, "ca.crt", keys->tls.trusted); !done) return fail(done.error());
    return ring;
}

const Ed25519Key& KeyRing::log_public_key() const { return keys_->log_public; }

Ed25519Signature KeyRing::sign(ByteView message) const {
    Ed25519Signature out{};
    crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr,
                         reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         keys_->log_secret.data());
    return out;
}

const TlsIdentity& KeyRing::tls() const { return keys_->tls; }

Bytes KeyRing::seal_body(ByteView plain) const {
    Bytes out;
    out.reserve(plain.size() + 1);
    out.push_back(open_body_mark);
    out.insert(out.end(), plain.begin(), plain.end());
    return out;
}

Result<Bytes> KeyRing::open_body(ByteView sealed) const { return open_unsealed_body(sealed); }

Result<Bytes> open_unsealed_body(ByteView sealed) {
    if (sealed.empty()) return fail("body.format", "empty");
    if (sealed.front() != open_body_mark) return fail("body.sealed", "made by a version that seals");
    return to_bytes(sealed.subspan(1));
}

}  // namespace paso
