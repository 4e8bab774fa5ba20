// Certificates for tests, made on the spot with OpenSSL: a demo CA and leaves of it. ECDSA P-256, nothing is kept.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "core/base/time.hpp"
#include "sync/net/network.hpp"

namespace paso::test {

template <auto free_function>
struct Free {
    template <class T>
    void operator()(T* p) const {
        free_function(p);
    }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Free<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Free<BIO_free_all>>;

inline void must(bool ok) {
    if (!ok) throw std::runtime_error("openssl");
}

struct Validity {
    WallTime from;
    WallTime until;
};
// 2026-01-01 to 2030-01-01; tests set their clocks between or outside.
inline constexpr Validity four_years{{1'767'225'600'000}, {1'893'456'000'000}};

class DemoAuthority {
  public:
    explicit DemoAuthority(const std::string& name, Validity validity = four_years) : key_(make_key()) {
        certificate_ = make(name, validity, key_.get());
        extend(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
        extend(certificate_.get(), certificate_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
        extend(certificate_.get(), certificate_.get(), NID_subject_key_identifier, "hash");
        must(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) > 0);
    }
    [[nodiscard]] std::string pem() const { return pem_of(certificate_.get()); }

    // A leaf with this common name; `names` as OpenSSL writes them: "DNS:centre.example,IP:127.0.0.1", or empty.
    // It trusts this authority.
    [[nodiscard]] TlsIdentity issue(const std::string& common_name, const std::string& names,
                                    Validity validity = four_years) const {
        const KeyPtr key = make_key();
        const CertificatePtr leaf = make(common_name, validity, key.get());
        must(X509_set_issuer_name(leaf.get(), X509_get_subject_name(certificate_.get())) == 1);
        extend(leaf.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
        extend(leaf.get(), certificate_.get(), NID_ext_key_usage, "serverAuth,clientAuth");
        extend(leaf.get(), certificate_.get(), NID_authority_key_identifier, "keyid");
        if (!names.empty()) extend(leaf.get(), certificate_.get(), NID_subject_alt_name, names.c_str());
        must(X509_sign(leaf.get(), key_.get(), EVP_sha256()) > 0);
        return {pem_of(leaf.get()), pem_of(key.get()), pem()};
    }

  private:
    static KeyPtr make_key() { return KeyPtr{EVP_EC_gen("P-256")}; }
    static CertificatePtr make(const std::string& name, Validity validity, EVP_PKEY* key) {
        CertificatePtr c{X509_new()};
        must(X509_set_version(c.get(), X509_VERSION_3) == 1);
        const std::uint64_t serial = ++next_serial();
        must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(c.get()), serial) == 1);
        must(ASN1_TIME_set(X509_getm_notBefore(c.get()), static_cast<time_t>(validity.from.ms / 1000)) != nullptr);
        must(ASN1_TIME_set(X509_getm_notAfter(c.get()), static_cast<time_t>(validity.until.ms / 1000)) != nullptr);
        must(X509_set_pubkey(c.get(), key) == 1);
        X509_NAME* const subject = X509_get_subject_name(c.get());
        must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                        reinterpret_cast<const unsigned char*>(name.data()),
                                        static_cast<int>(name.size()), -1, 0) == 1);
        must(X509_set_issuer_name(c.get(), subject) == 1);
        return c;
    }
    static std::uint64_t& next_serial() {
        static std::uint64_t serial = 1000;
        return serial;
    }
    static void extend(X509* to, X509* issuer, int nid, const char* value) {
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
        must(extension != nullptr && X509_add_ext(to, extension, -1) == 1);
        X509_EXTENSION_free(extension);
    }
    static std::string text_of(BIO* bio) {
        char* data = nullptr;
        const long size = BIO_get_mem_data(bio, &data);
        return {data, static_cast<std::size_t>(size)};
    }
    static std::string pem_of(X509* c) {
        const BioPtr bio{BIO_new(BIO_s_mem())};
        must(PEM_write_bio_X509(bio.get(), c) == 1);
        return text_of(bio.get());
    }
    static std::string pem_of(EVP_PKEY* k) {
        const BioPtr bio{BIO_new(BIO_s_mem())};
        must(PEM_write_bio_PKCS8PrivateKey(bio.get(), k, nullptr, nullptr, 0, nullptr, nullptr) == 1);
        return text_of(bio.get());
    }

    KeyPtr key_;
    CertificatePtr certificate_;
};

}  // namespace paso::test
