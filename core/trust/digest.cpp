#include "core/trust/digest.hpp"

#include <stdexcept>

#include "core/trust/openssl.hpp"

namespace paso {

using namespace openssl;

Digest sha256(ByteView bytes) { return sha256({bytes}); }

Digest sha256(std::initializer_list<ByteView> parts) {
    const DigestContext context{EVP_MD_CTX_new()};
    Digest out{};
    unsigned int size = 0;
    bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
    for (const ByteView part : parts) good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    good = good && EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1;
    if (!good || size != out.size()) throw std::runtime_error("libcrypto has no SHA-256");
    return out;
}

bool ed25519_verify(const Ed25519Key& key, ByteView message, const Ed25519Signature& signature) {
    const QuietErrors quiet;
    const Key public_key{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(key), key.size())};
    const DigestContext context{EVP_MD_CTX_new()};
    if (!public_key || !context) return false;
    if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) != 1) return false;
    return EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) == 1;
}

}  // namespace paso
