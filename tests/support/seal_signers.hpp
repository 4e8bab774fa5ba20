// Signers of seals for tests, made on the spot: country signing authorities, their signers, raw signatures. Keys live
// in the test alone.
#pragma once

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoding/der.hpp"
#include "core/trust/certificate.hpp"

namespace paso::test {

struct FreeOpenssl {
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
    void operator()(ASN1_OBJECT* p) const { ASN1_OBJECT_free(p); }
    void operator()(ASN1_OCTET_STRING* p) const { ASN1_OCTET_STRING_free(p); }
    void operator()(CMS_ContentInfo* p) const { CMS_ContentInfo_free(p); }
    void operator()(BIO* p) const { BIO_free_all(p); }
    void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
};
template <class T>
using Own = std::unique_ptr<T, FreeOpenssl>;

inline void need(bool ok) {
    if (!ok) throw std::runtime_error("openssl");
}

// 2026-01-01 to 2036-01-01.
inline constexpr WallTime first_valid{1'767'225'600'000};
inline constexpr WallTime last_valid{2'082'758'400'000};

struct SignerOptions {
    std::string curve = "brainpoolP256r1";  // or "RSA"
    std::string country = "UT";
    std::string name = "Utopia CSCA";
    unsigned serial = 1;
    std::string usage;                        // dotted, empty for none
    std::vector<std::string> document_types;  // the extension of Doc 9303-12
    WallTime from = first_valid;
    WallTime until = last_valid;
    bool authority = false;
};

// A key with its certificate.
class SealSigner {
  public:
    // Self-signed where `issuer` is null.
    explicit SealSigner(const SignerOptions& options, const SealSigner* issuer = nullptr)
        : key_(options.curve == "RSA" ? EVP_RSA_gen(2048U) : EVP_EC_gen(options.curve.c_str())), x_(X509_new()) {
        need(key_ && x_);
        X509* const x = x_.get();
        need(X509_set_version(x, X509_VERSION_3) == 1);
        need(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), options.serial) == 1);
        need(ASN1_TIME_set(X509_getm_notBefore(x), static_cast<time_t>(options.from.ms / 1000)) != nullptr);
        need(ASN1_TIME_set(X509_getm_notAfter(x), static_cast<time_t>(options.until.ms / 1000)) != nullptr);
        need(X509_set_pubkey(x, key_.get()) == 1);
        add_name("C", options.country);
        add_name("CN", options.name);
        X509* const parent = issuer == nullptr ? x : issuer->x_.get();
        need(X509_set_issuer_name(x, X509_get_subject_name(parent)) == 1);
        add(parent, NID_basic_constraints, options.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
        add(parent, NID_subject_key_identifier, "hash");
        add(parent, NID_authority_key_identifier, "keyid");
        if (!options.usage.empty()) add(parent, NID_ext_key_usage, ("critical," + options.usage).c_str());
        if (!options.document_types.empty()) add_document_types(options.document_types);
        need(X509_sign(x, issuer == nullptr ? key_.get() : issuer->key_.get(), EVP_sha256()) > 0);
    }

    [[nodiscard]] Bytes der() const {
        unsigned char* der = nullptr;
        const int size = i2d_X509(x_.get(), &der);
        need(size > 0);
        Bytes out(reinterpret_cast<std::byte*>(der), reinterpret_cast<std::byte*>(der) + size);
        OPENSSL_free(der);
        return out;
    }
    [[nodiscard]] Certificate certificate() const {
        auto c = parse_certificate(der());
        if (!c) throw std::runtime_error(describe(c.error()));
        return std::move(*c);
    }
    [[nodiscard]] PublicKey key() const { return certificate().key.value(); }

    // r and s one after the other, with the hash of the curve.
    [[nodiscard]] Bytes sign_raw(ByteView message) const {
        const std::size_t field = field_size(key().kind());
        const EVP_MD* const hash = field <= 28   ? EVP_sha224()
                                   : field <= 32 ? EVP_sha256()
                                   : field <= 48 ? EVP_sha384()
                                                 : EVP_sha512();
        const Bytes der = signed_by(message, hash, false);
        DerReader both(DerReader(der).next(0x30).value().content);
        Bytes out;
        for (int i = 0; i < 2; ++i) {
            ByteView number = both.next(0x02).value().content;
            while (number.size() > field) number = number.subspan(1);
            out.resize(out.size() + field - number.size());
            out.insert(out.end(), number.begin(), number.end());
        }
        return out;
    }
    [[nodiscard]] Bytes sign_pss(ByteView message) const { return signed_by(message, EVP_sha256(), true); }

    // CMS signed data over `content` of this type, with this certificate and `others` inside.
    [[nodiscard]] Bytes sign_cms(ByteView content, const char* type,
                                 const std::vector<const SealSigner*>& others) const {
        const Own<CMS_ContentInfo> cms{
            CMS_sign(x_.get(), key_.get(), nullptr, nullptr, CMS_PARTIAL | CMS_BINARY | CMS_USE_KEYID)};
        need(cms != nullptr);
        const Own<ASN1_OBJECT> object{OBJ_txt2obj(type, 1)};
        need(CMS_set1_eContentType(cms.get(), object.get()) == 1);
        for (const SealSigner* other : others) need(CMS_add1_cert(cms.get(), other->x_.get()) == 1);
        const Own<BIO> in{BIO_new_mem_buf(content.data(), static_cast<int>(content.size()))};
        need(CMS_final(cms.get(), in.get(), nullptr, CMS_BINARY) == 1);
        unsigned char* der = nullptr;
        const int size = i2d_CMS_ContentInfo(cms.get(), &der);
        need(size > 0);
        Bytes out(reinterpret_cast<std::byte*>(der), reinterpret_cast<std::byte*>(der) + size);
        OPENSSL_free(der);
        return out;
    }

  private:
    void add_name(const char* field, const std::string& value) {
        need(X509_NAME_add_entry_by_txt(X509_get_subject_name(x_.get()), field, MBSTRING_UTF8,
                                        reinterpret_cast<const unsigned char*>(value.data()),
                                        static_cast<int>(value.size()), -1, 0) == 1);
    }
    void add(X509* issuer, int nid, const char* value) {
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, issuer, x_.get(), nullptr, nullptr, 0);
        const Own<X509_EXTENSION> extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
        need(extension && X509_add_ext(x_.get(), extension.get(), -1) == 1);
    }
    void add_document_types(const std::vector<std::string>& types) {
        std::string set;
        for (const std::string& t : types) set += '\x13' + std::string(1, static_cast<char>(t.size())) + t;
        std::string list = std::string("\x02\x01\x00\x31", 4) + static_cast<char>(set.size()) + set;
        list = std::string("\x30") + static_cast<char>(list.size()) + list;
        const Own<ASN1_OBJECT> object{OBJ_txt2obj("2.23.136.1.1.6.2", 1)};
        const Own<ASN1_OCTET_STRING> value{ASN1_OCTET_STRING_new()};
        need(ASN1_OCTET_STRING_set(value.get(), reinterpret_cast<const unsigned char*>(list.data()),
                                   static_cast<int>(list.size())) == 1);
        const Own<X509_EXTENSION> extension{X509_EXTENSION_create_by_OBJ(nullptr, object.get(), 0, value.get())};
        need(extension && X509_add_ext(x_.get(), extension.get(), -1) == 1);
    }
    [[nodiscard]] Bytes signed_by(ByteView message, const EVP_MD* hash, bool pss) const {
        const Own<EVP_MD_CTX> context{EVP_MD_CTX_new()};
        EVP_PKEY_CTX* settings = nullptr;
        need(EVP_DigestSignInit(context.get(), &settings, hash, nullptr, key_.get()) == 1);
        if (pss) {
            need(EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1);
            need(EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1);
        }
        const auto* const data = reinterpret_cast<const unsigned char*>(message.data());
        std::size_t size = 0;
        need(EVP_DigestSign(context.get(), nullptr, &size, data, message.size()) == 1);
        Bytes out(size);
        need(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data, message.size()) ==
             1);
        out.resize(size);
        return out;
    }

    Own<EVP_PKEY> key_;
    Own<X509> x_;
};

}  // namespace paso::test
