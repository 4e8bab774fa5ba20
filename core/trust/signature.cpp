#include "core/trust/signature.hpp"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <array>
#include <optional>
#include <utility>

#include "core/trust/openssl.hpp"

namespace paso {

struct KeyAccess {
    static PublicKey make(KeyKind kind, Bytes first, Bytes second) {
        return PublicKey{kind, std::move(first), std::move(second)};
    }
    static const Bytes& first(const PublicKey& key) { return key.first_; }
    static const Bytes& second(const PublicKey& key) { return key.second_; }
};

namespace {

using namespace openssl;

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;
constexpr int most_exponent_bits = 64;
constexpr std::size_t most_spki = 4096;

struct Curve {
    KeyKind kind;
    const char* name;
    std::size_t bits;
};
constexpr std::array<Curve, 8> curves{{{KeyKind::p256, "prime256v1", 256},
                                       {KeyKind::p384, "secp384r1", 384},
                                       {KeyKind::p521, "secp521r1", 521},
                                       {KeyKind::brainpool224, "brainpoolP224r1", 224},
                                       {KeyKind::brainpool256, "brainpoolP256r1", 256},
                                       {KeyKind::brainpool320, "brainpoolP320r1", 320},
                                       {KeyKind::brainpool384, "brainpoolP384r1", 384},
                                       {KeyKind::brainpool512, "brainpoolP512r1", 512}}};

const Curve* curve_of(KeyKind kind) {
    for (const Curve& c : curves)
        if (c.kind == kind) return &c;
    return nullptr;
}

const EVP_MD* hash_of(KeyKind kind) {
    const unsigned bits = hash_bits(kind);
    if (bits == 224) return EVP_sha224();
    if (bits == 256) return EVP_sha256();
    return bits == 384 ? EVP_sha384() : EVP_sha512();
}

Number number(ByteView bytes) { return Number{BN_bin2bn(raw(bytes), static_cast<int>(bytes.size()), nullptr)}; }

std::optional<Bytes> number_param(const EVP_PKEY* key, const char* name, std::size_t size) {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &value) != 1) return std::nullopt;
    const Number owner{value};
    Bytes out(size == 0 ? static_cast<std::size_t>(BN_num_bytes(value)) : size);
    const int written = BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
    return written < 0 ? std::nullopt : std::optional{std::move(out)};
}

Key key_from(const char* algorithm, OSSL_PARAM* params) {
    const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr)};
    EVP_PKEY* key = nullptr;
    if (!context || params == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1) return {};
    if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1) return {};
    return Key{key};
}

Key ec_key(const Curve& curve, ByteView x, ByteView y) {
    Bytes point{std::byte{4}};
    point.insert(point.end(), x.begin(), x.end());
    point.insert(point.end(), y.begin(), y.end());
    const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
    if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.name, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
        return {};
    const Params params{OSSL_PARAM_BLD_to_param(builder.get())};
    return key_from("EC", params.get());
}

Key rsa_key(ByteView modulus, ByteView exponent) {
    const Number n = number(modulus);
    const Number e = number(exponent);
    const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
    if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return {};
    const Params params{OSSL_PARAM_BLD_to_param(builder.get())};
    return key_from("RSA", params.get());
}

Key handle(const PublicKey& key) {
    const Curve* const curve = curve_of(key.kind());
    return curve != nullptr ? ec_key(*curve, KeyAccess::first(key), KeyAccess::second(key))
                            : rsa_key(KeyAccess::first(key), KeyAccess::second(key));
}

ByteView without_zeros(ByteView bytes) {
    while (!bytes.empty() && bytes.front() == std::byte{0}) bytes = bytes.subspan(1);
    return bytes;
}

// With as many leading zeros as `size` asks for.
std::optional<Bytes> padded(ByteView bytes, std::size_t size) {
    bytes = without_zeros(bytes);
    if (bytes.size() > size) return std::nullopt;
    Bytes out(size - bytes.size());
    out.insert(out.end(), bytes.begin(), bytes.end());
    return out;
}

std::optional<Bytes> der_signature(ByteView signature) {
    const std::size_t half = signature.size() / 2;
    Number r = number(signature.first(half));
    Number s = number(signature.subspan(half));
    const Signature both{ECDSA_SIG_new()};
    if (!r || !s || !both || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return std::nullopt;
    (void)r.release();  // both owns them now
    (void)s.release();
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(both.get(), &der);
    if (size <= 0) return std::nullopt;
    Bytes out(reinterpret_cast<std::byte*>(der), reinterpret_cast<std::byte*>(der) + size);
    OPENSSL_free(der);
    return out;
}

}  // namespace

std::string_view name(KeyKind kind) {
    const Curve* const curve = curve_of(kind);
    return curve != nullptr ? curve->name : "RSA";
}

std::size_t field_size(KeyKind kind) {
    const Curve* const curve = curve_of(kind);
    return curve != nullptr ? (curve->bits + 7) / 8 : 0;
}

// The smallest of the family that is not shorter than the curve.
unsigned hash_bits(KeyKind kind) {
    const Curve* const curve = curve_of(kind);
    if (curve == nullptr) return 256;
    for (const unsigned bits : {224U, 256U, 384U})
        if (curve->bits <= bits) return bits;
    return 512;
}

Result<PublicKey> PublicKey::from_spki(ByteView der) {
    const QuietErrors quiet;
    if (der.size() > most_spki) return fail("key.format", "longer than any key");
    const unsigned char* at = raw(der);
    const Key key{d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()))};
    if (!key || at != raw(der) + der.size()) return fail("key.format", "not a SubjectPublicKeyInfo");
    return public_key_of(key.get());
}

Result<PublicKey> openssl::public_key_of(const EVP_PKEY* key) {
    const int algorithm = EVP_PKEY_get_base_id(key);
    if (algorithm == EVP_PKEY_RSA || algorithm == EVP_PKEY_RSA_PSS) {
        const auto n = number_param(key, OSSL_PKEY_PARAM_RSA_N, 0);
        const auto e = number_param(key, OSSL_PKEY_PARAM_RSA_E, 0);
        return n && e ? PublicKey::from_rsa(*n, *e) : fail("key.format", "an RSA key without modulus or exponent");
    }
    std::array<char, 64> group{};
    if (algorithm != EVP_PKEY_EC ||
        EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), nullptr) != 1)
        return fail("key.kind", "an algorithm that no seal uses");
    for (const Curve& c : curves) {
        if (std::string_view{group.data()} != c.name) continue;
        const auto x = number_param(key, OSSL_PKEY_PARAM_EC_PUB_X, field_size(c.kind));
        const auto y = number_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, field_size(c.kind));
        return x && y ? PublicKey::from_coordinates(c.kind, *x, *y) : fail("key.format", "an EC key without a point");
    }
    return fail("key.kind", "a curve that no seal uses");
}

Result<PublicKey> PublicKey::from_coordinates(KeyKind curve, ByteView x, ByteView y) {
    const QuietErrors quiet;
    const Curve* const c = curve_of(curve);
    if (c == nullptr) return fail("key.kind", "not a curve");
    auto first = padded(x, field_size(curve));
    auto second = padded(y, field_size(curve));
    if (!first || !second) return fail("key.format", "a coordinate is longer than the field");
    if (!ec_key(*c, *first, *second)) return fail("key.format", "no point of the curve");
    return PublicKey{curve, std::move(*first), std::move(*second)};
}

Result<PublicKey> PublicKey::from_rsa(ByteView modulus, ByteView exponent) {
    const QuietErrors quiet;
    if (modulus.size() > most_spki || exponent.size() > most_spki) return fail("key.size", "an RSA key is too long");
    const Number n = number(modulus);
    const Number e = number(exponent);
    if (!n || !e || BN_is_odd(n.get()) != 1 || BN_is_odd(e.get()) != 1 || BN_is_one(e.get()) == 1)
        return fail("key.format", "not a modulus and an exponent");
    const int bits = BN_num_bits(n.get());
    if (bits < least_rsa_bits || bits > most_rsa_bits || BN_num_bits(e.get()) > most_exponent_bits)
        return fail("key.size", std::to_string(bits) + " bits");
    return PublicKey{KeyKind::rsa, to_bytes(without_zeros(modulus)), to_bytes(without_zeros(exponent))};
}

bool verify_raw(const PublicKey& key, ByteView message, ByteView signature) {
    const QuietErrors quiet;
    const Curve* const curve = curve_of(key.kind());
    if (curve == nullptr || signature.size() != 2 * field_size(key.kind())) return false;
    const auto der = der_signature(signature);
    return der && openssl::verify_der(key, hash_of(key.kind()), message, *der);
}

bool openssl::verify_der(const PublicKey& key, const EVP_MD* hash, ByteView message, ByteView signature) {
    const Key pkey = handle(key);
    const DigestContext context{EVP_MD_CTX_new()};
    return pkey && context && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, pkey.get()) == 1 &&
           EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) == 1;
}

bool verify_pss(const PublicKey& key, ByteView message, ByteView signature) {
    const QuietErrors quiet;
    if (key.kind() != KeyKind::rsa || signature.size() != KeyAccess::first(key).size()) return false;
    const Key pkey = handle(key);
    const DigestContext context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* settings = nullptr;  // owned by context
    if (!pkey || !context || EVP_DigestVerifyInit(context.get(), &settings, EVP_sha256(), nullptr, pkey.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) != 1)
        return false;
    return EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) == 1;
}

}  // namespace paso
