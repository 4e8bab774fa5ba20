#include "core/trust/master_list.hpp"

#include <algorithm>
#include <utility>

#include "core/encoding/der.hpp"
#include "core/trust/anchors.hpp"
#include "core/trust/openssl.hpp"

namespace paso {
namespace {

using namespace openssl;

constexpr std::size_t most_bytes = 8'388'608;
constexpr std::size_t most_certificates = 4096;
constexpr int most_signers = 4;
constexpr std::size_t most_enclosed = 64;
constexpr const char* content_type = "2.23.136.1.1.2";
constexpr const char* signer_usage = "2.23.136.1.1.3";

struct FreeCertificates {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using Certificates = std::unique_ptr<STACK_OF(X509), FreeCertificates>;
using Object = Owner<ASN1_OBJECT, ASN1_OBJECT_free>;

tl::unexpected<Error> not_a_list(std::string detail) { return fail("master_list.format", std::move(detail)); }

Result<Cms> read_cms(ByteView bytes) {
    const unsigned char* at = raw(bytes);
    Cms cms{d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(bytes.size()))};
    if (!cms || at != raw(bytes) + bytes.size()) return not_a_list("not one CMS message");
    if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) return not_a_list("not signed data");
    const Object wanted{OBJ_txt2obj(content_type, 1)};
    if (OBJ_cmp(CMS_get0_eContentType(cms.get()), wanted.get()) != 0)
        return not_a_list("the content is not a list of authorities");
    return cms;
}

std::optional<Certificate> value_of(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    if (size <= 0) return std::nullopt;
    auto out = parse_certificate({reinterpret_cast<const std::byte*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return out ? std::optional{std::move(*out)} : std::nullopt;
}

std::vector<Certificate> enclosed_in(CMS_ContentInfo* cms) {
    const Certificates stack{CMS_get1_certs(cms)};
    std::vector<Certificate> out;
    for (int i = 0; i < sk_X509_num(stack.get()); ++i) {
        if (auto c = value_of(sk_X509_value(stack.get(), i))) out.push_back(std::move(*c));
    }
    return out;
}

// CscaMasterList ::= SEQUENCE { version INTEGER (0), certList SET OF Certificate }
Status read_list(ByteView content, MasterList& out) {
    DerReader outer(content);
    const auto list = outer.next(0x30);
    if (!list || !outer.at_end()) return not_a_list("the content is not one sequence");
    DerReader parts(list->content);
    const auto version = parts.next(0x02);
    const auto set = parts.next(0x31);
    if (!version || !set || !parts.at_end()) return not_a_list("not a version and a set of certificates");
    if (version->content.size() != 1 || version->content[0] != std::byte{0}) return not_a_list("an unknown version");
    std::size_t count = 0;
    for (DerReader certificates(set->content); !certificates.at_end();) {
        const auto item = certificates.next();
        if (!item) return not_a_list("a certificate is cut off");
        if (++count > most_certificates) return fail("master_list.too_large", "too many certificates");
        auto certificate = parse_certificate(item->whole);
        if (certificate && certificate->authority) {
            out.authorities.push_back(std::move(*certificate));
        } else {
            ++out.unreadable;
        }
    }
    return {};
}

// The time in the signed attributes.
std::optional<WallTime> signing_time(const CMS_SignerInfo* signer) {
    const int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE* const attribute = CMS_signed_get_attr(signer, at);
    const ASN1_TYPE* const value = attribute == nullptr ? nullptr : X509_ATTRIBUTE_get0_type(attribute, 0);
    if (value == nullptr || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME)) return {};
    return time_of(value->value.asn1_string);
}

// An authority for the signer: among those given, then among those that came along.
Status find_authority(const std::vector<Certificate>& given, std::vector<Certificate> enclosed, WallTime now,
                      MasterList& out) {
    const WallTime when = out.signed_at.value_or(now);
    const SignerPolicy policy{{signer_usage}, {}, {}};
    std::copy_if(out.authorities.begin(), out.authorities.end(), std::back_inserter(enclosed),
                 [&out](const Certificate& c) { return c.subject.country == out.signer.subject.country; });
    const auto trust = [&](const std::vector<Certificate>& authorities) {
        TrustAnchors anchors;
        anchors.authorities = authorities;
        anchors.as_of = when;
        return check_signer(out.signer, anchors, SigningTime::at(when), when, policy);
    };
    const SignerTrust by_given = trust(given);
    const SignerTrust by_enclosed = trust(enclosed);
    if (by_given.profile != Check::passed) return fail("master_list.signer", "its certificate is for another use");
    if (by_given.authority && by_given.chain == Check::passed) {
        out.anchored = true;
        out.authority = given[*by_given.authority];
    } else if (by_enclosed.authority && by_enclosed.chain == Check::passed) {
        out.authority = enclosed[*by_enclosed.authority];
    } else {
        return fail("master_list.authority", std::string{by_enclosed.problems.front()});
    }
    return {};
}

}  // namespace

Result<MasterList> open_master_list(ByteView bytes, const std::vector<Certificate>& given, WallTime now) {
    const QuietErrors quiet;
    if (bytes.size() > most_bytes) return fail("master_list.too_large", std::to_string(bytes.size()) + " bytes");
    const auto cms = read_cms(bytes);
    if (!cms) return fail(cms.error());
    const auto* const signers = CMS_get0_SignerInfos(cms->get());
    const int count = sk_CMS_SignerInfo_num(signers);
    if (count < 1 || count > most_signers) return not_a_list(std::to_string(count) + " signers");
    auto enclosed = enclosed_in(cms->get());
    if (enclosed.size() > most_enclosed) return fail("master_list.too_large", "too many certificates beside the list");
    // The chain is looked at below, with times from arguments.
    if (CMS_verify(cms->get(), nullptr, nullptr, nullptr, nullptr, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) != 1)
        return fail("master_list.signature", "a signature does not hold");

    MasterList out;
    const CMS_SignerInfo* const first = sk_CMS_SignerInfo_value(signers, 0);
    X509* signer = nullptr;
    CMS_SignerInfo_get0_algs(const_cast<CMS_SignerInfo*>(first), nullptr, &signer, nullptr, nullptr);
    auto value = signer == nullptr ? std::nullopt : value_of(signer);
    if (!value) return fail("master_list.signer", "its certificate cannot be read");
    out.signer = std::move(*value);
    out.signed_at = signing_time(first);
    ASN1_OCTET_STRING** const content = CMS_get0_content(cms->get());
    if (content == nullptr || *content == nullptr) return not_a_list("the content is missing");
    const ByteView list{reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(*content)),
                        static_cast<std::size_t>(ASN1_STRING_length(*content))};
    if (auto status = read_list(list, out); !status) return fail(std::move(status.error()));
    if (auto status = find_authority(given, std::move(enclosed), now, out); !status)
        return fail(std::move(status.error()));
    return out;
}

}  // namespace paso
