// Owners of libcrypto's objects, for the .cpp files of this room alone: no header of another room includes it.
#pragma once

#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/trust/signature.hpp"

namespace paso::openssl {

template <auto free_function>
struct Free {
    template <class T>
    void operator()(T* p) const {
        free_function(p);
    }
};
template <class T, auto free_function>
using Owner = std::unique_ptr<T, Free<free_function>>;

using Key = Owner<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owner<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owner<EVP_MD_CTX, EVP_MD_CTX_free>;
using Number = Owner<BIGNUM, BN_free>;
using Signature = Owner<ECDSA_SIG, ECDSA_SIG_free>;
using Params = Owner<OSSL_PARAM, OSSL_PARAM_free>;
using ParamsBuilder = Owner<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using X509Certificate = Owner<X509, X509_free>;
using Cms = Owner<CMS_ContentInfo, CMS_ContentInfo_free>;

inline const unsigned char* raw(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// What libcrypto says about a failure goes to a queue of the thread, which a TLS connection later looks at: each door
// of this room leaves the queue as it found it.
class QuietErrors {
  public:
    QuietErrors() { ERR_set_mark(); }
    ~QuietErrors() { ERR_pop_to_mark(); }
    QuietErrors(const QuietErrors&) = delete;
    QuietErrors& operator=(const QuietErrors&) = delete;
};

// Errors as PublicKey::from_spki.
[[nodiscard]] Result<PublicKey> public_key_of(const EVP_PKEY* key);

// An ECDSA signature written in DER, over the hash of the message.
[[nodiscard]] bool verify_der(const PublicKey& key, const EVP_MD* hash, ByteView message, ByteView signature);

[[nodiscard]] std::optional<WallTime> time_of(const ASN1_TIME* time);

}  // namespace paso::openssl
