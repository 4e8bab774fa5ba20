#include "core/trust/certificate.hpp"

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <utility>

#include "core/encoding/der.hpp"
#include "core/trust/digest.hpp"
#include "core/trust/openssl.hpp"

namespace paso {
namespace {

using namespace openssl;

constexpr std::size_t most_bytes = 16'384;
constexpr std::size_t most_listed = 64;  // key usages, document types
constexpr const char* document_types_oid = "2.23.136.1.1.6.2";

using Object = Owner<ASN1_OBJECT, ASN1_OBJECT_free>;

X509Certificate read(ByteView der) {
    const unsigned char* at = raw(der);
    X509Certificate out{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
    return at == raw(der) + der.size() ? std::move(out) : X509Certificate{};
}

std::string oid_text(const ASN1_OBJECT* object) {
    char text[128];
    const int size = OBJ_obj2txt(text, sizeof text, object, 1);
    return size > 0 && static_cast<std::size_t>(size) < sizeof text ? std::string(text) : std::string{};
}

std::string utf8(const ASN1_STRING* string) {
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, string);
    if (size < 0) return {};
    std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return out;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Lower case, one space for a run of them, none at the ends.
std::string folded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ' ') {
            out.push_back(lower(c));
        } else if (!out.empty() && out.back() != ' ') {
            out.push_back(' ');
        }
    }
    if (out.ends_with(' ')) out.pop_back();
    return out;
}

CertificateName read_name(const X509_NAME* name) {
    CertificateName out;
    for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
        const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, i);
        const std::string type = oid_text(X509_NAME_ENTRY_get_object(entry));
        const std::string value = utf8(X509_NAME_ENTRY_get_data(entry));
        const std::string fold = folded(value);
        // Sizes before texts, so that no value can pass for two.
        for (const std::string& part : {type, std::to_string(fold.size()), fold})
            out.canonical.append(part).append(":");
        if (type == "2.5.4.6" && out.country.empty()) {
            for (const char c : value) out.country.push_back(upper(c));
        }
        if (type == "2.5.4.3" && out.common_name.empty()) out.common_name = value;
    }
    return out;
}

std::string read_serial(const ASN1_INTEGER* serial) {
    const ByteView bytes{reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(serial)),
                         static_cast<std::size_t>(ASN1_STRING_length(serial))};
    std::string out = to_hex(bytes);
    out.erase(0, std::min(out.find_first_not_of('0'), out.size() - 1));
    return out;
}

Bytes octets(const ASN1_OCTET_STRING* string) {
    if (string == nullptr) return {};
    const auto* const data = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(string));
    return {data, data + ASN1_STRING_length(string)};
}

std::vector<std::string> read_usages(const X509* certificate) {
    auto* const list =
        static_cast<STACK_OF(ASN1_OBJECT)*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr));
    std::vector<std::string> out;
    for (int i = 0; i < sk_ASN1_OBJECT_num(list) && out.size() < most_listed; ++i)
        out.push_back(oid_text(sk_ASN1_OBJECT_value(list, i)));
    sk_ASN1_OBJECT_pop_free(list, ASN1_OBJECT_free);
    return out;
}

// DocumentTypeList ::= SEQUENCE { version INTEGER, docTypeList SET OF PrintableString }, Doc 9303-12 section 7.1.1.6.
Result<std::vector<std::string>> read_document_types(const X509* certificate) {
    std::vector<std::string> out;
    const Object type{OBJ_txt2obj(document_types_oid, 1)};
    const int at = X509_get_ext_by_OBJ(certificate, type.get(), -1);
    if (at < 0) return out;
    const Bytes bytes = octets(X509_EXTENSION_get_data(X509_get_ext(certificate, at)));
    const auto list = DerReader(bytes).next(0x30);
    if (!list) return fail(list.error());
    DerReader parts(list->content);
    const auto version = parts.next(0x02);
    const auto set = parts.next(0x31);
    if (!version || !set) return fail("der.tag", "not a list of document types");
    for (DerReader types(set->content); !types.at_end() && out.size() < most_listed;) {
        const auto text = types.next();
        if (!text) return fail(text.error());
        out.emplace_back(as_text(text->content));
    }
    return out;
}

std::array<std::byte, 20> sha1(ByteView bytes) {
    std::array<std::byte, 20> out{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, EVP_sha1(),
                   nullptr) != 1 ||
        size != out.size())
        throw std::runtime_error("libcrypto has no SHA-1");
    return out;
}

// A certificate as its signature sees it, without reading what is in it: libcrypto takes a fifth as long for that as
// for the signature.
struct SignedFrame {
    ByteView body;
    ByteView algorithm;
    ByteView signature;
};

// Nothing where it is not plain DER, or where body and frame do not name the same algorithm.
std::optional<SignedFrame> frame_of(ByteView der) {
    constexpr std::uint8_t sequence = 0x30, bit_string = 0x03, integer = 0x02, version = 0xA0;
    DerReader outer(der);
    const auto whole = outer.next(sequence);
    if (!whole || !outer.at_end()) return std::nullopt;
    DerReader parts(whole->content);
    const auto body = parts.next(sequence);
    const auto algorithm = parts.next(sequence);
    const auto signature = parts.next(bit_string);
    if (!body || !algorithm || !signature || !parts.at_end()) return std::nullopt;
    if (signature->content.empty() || signature->content[0] != std::byte{0}) return std::nullopt;  // whole bytes
    DerReader fields(body->content);
    auto serial = fields.next();
    if (serial && serial->tag == version) serial = fields.next();
    const auto named = fields.next(sequence);
    if (!serial || serial->tag != integer || !named || !std::ranges::equal(named->whole, algorithm->whole))
        return std::nullopt;
    return SignedFrame{body->whole, algorithm->whole, signature->content.subspan(1)};
}

// The hash of an ECDSA algorithm identifier; null for any other.
const EVP_MD* ecdsa_hash(ByteView algorithm) {
    const unsigned char* at = raw(algorithm);
    const Owner<X509_ALGOR, X509_ALGOR_free> a{d2i_X509_ALGOR(nullptr, &at, static_cast<long>(algorithm.size()))};
    if (!a) return nullptr;
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, a.get());
    int hash = NID_undef;
    int key = NID_undef;
    if (OBJ_find_sigid_algs(OBJ_obj2nid(object), &hash, &key) != 1 || key != NID_X9_62_id_ecPublicKey) return nullptr;
    return EVP_get_digestbynid(hash);
}

// Nothing where this is no ECDSA signature in plain DER: libcrypto must look at the whole.
std::optional<bool> ecdsa_signed_by(const Certificate& certificate, const Certificate& issuer) {
    if (!issuer.key || issuer.key->kind() == KeyKind::rsa) return std::nullopt;
    const auto frame = frame_of(certificate.der);
    if (!frame) return std::nullopt;
    const EVP_MD* const hash = ecdsa_hash(frame->algorithm);
    if (hash == nullptr) return std::nullopt;
    return verify_der(*issuer.key, hash, frame->body, frame->signature);
}

}  // namespace

std::optional<WallTime> openssl::time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    const auto day =
        Date::of(parts.tm_year + 1900, static_cast<unsigned>(parts.tm_mon + 1), static_cast<unsigned>(parts.tm_mday));
    if (!day) return std::nullopt;
    const int in_day = parts.tm_hour * 3600 + parts.tm_min * 60 + parts.tm_sec;
    const std::int64_t seconds = std::int64_t{day->days_since_1970()} * 86'400 + in_day;
    return WallTime{seconds * 1000};
}

SigningTime SigningTime::on(Date day) {
    using std::chrono::hours;
    const WallTime midnight{std::int64_t{day.days_since_1970()} * 86'400'000};
    return {midnight + hours{-14}, midnight + hours{24 + 12}};
}

Result<Certificate> parse_certificate(ByteView der) {
    const QuietErrors quiet;
    if (der.size() > most_bytes) return fail("certificate.too_large", std::to_string(der.size()) + " bytes");
    const X509Certificate x = read(der);
    if (!x) return fail("certificate.format", "not one X.509 certificate");
    const std::uint32_t flags = X509_get_extension_flags(x.get());
    if ((flags & EXFLAG_INVALID) != 0) return fail("certificate.format", "an extension cannot be read");
    const auto not_before = time_of(X509_get0_notBefore(x.get()));
    const auto not_after = time_of(X509_get0_notAfter(x.get()));
    if (!not_before || !not_after) return fail("certificate.time", "its validity is not a time");
    auto types = read_document_types(x.get());
    if (!types) return fail("certificate.format", "the list of document types cannot be read");

    Certificate out;
    out.der = to_bytes(der);
    out.sha256 = paso::sha256(der);
    out.sha1 = sha1(der);
    out.serial = read_serial(X509_get0_serialNumber(x.get()));
    out.subject = read_name(X509_get_subject_name(x.get()));
    out.issuer = read_name(X509_get_issuer_name(x.get()));
    out.not_before = *not_before;
    out.not_after = *not_after;
    out.subject_key_id = octets(X509_get0_subject_key_id(x.get()));
    out.authority_key_id = octets(X509_get0_authority_key_id(x.get()));
    out.extended_key_usages = read_usages(x.get());
    out.document_types = std::move(*types);
    out.authority = X509_check_ca(x.get()) != 0;
    out.unknown_critical = (flags & EXFLAG_CRITICAL) != 0;
    if (EVP_PKEY* const key = X509_get0_pubkey(x.get()); key != nullptr) {
        if (auto known = public_key_of(key)) out.key = std::move(*known);
    }
    return out;
}

bool is_signed_by(const Certificate& certificate, const Certificate& issuer) {
    const QuietErrors quiet;
    if (const auto plain = ecdsa_signed_by(certificate, issuer)) return *plain;
    const X509Certificate x = read(certificate.der);
    const X509Certificate i = read(issuer.der);
    EVP_PKEY* const key = i ? X509_get0_pubkey(i.get()) : nullptr;
    return x && key != nullptr && X509_verify(x.get(), key) == 1;
}

}  // namespace paso
