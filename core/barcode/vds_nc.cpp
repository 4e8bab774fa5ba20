#include "core/barcode/vds_nc.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/document/codes.hpp"
#include "core/encoding/base64.hpp"

namespace paso {
namespace {

constexpr std::size_t most_bytes = 16'384;  // a symbol has fewer; each field carries its own pointer
constexpr std::size_t most_seals = 8;
constexpr const char* signer_usage = "2.23.136.1.1.14.2";

struct Meaning {
    std::string_view pointer;  // below /data/msg
    SealMeaning meaning;
};
constexpr std::array test_meanings{
    Meaning{"/utci", SealMeaning::reference_number}, Meaning{"/pid/n", SealMeaning::holder_name},
    Meaning{"/pid/dob", SealMeaning::birth_date}, Meaning{"/pid/dn", SealMeaning::passport_number},
    Meaning{"/opt", SealMeaning::additional}};
constexpr std::array vaccination_meanings{
    Meaning{"/uvci", SealMeaning::reference_number}, Meaning{"/pid/n", SealMeaning::holder_name},
    Meaning{"/pid/dob", SealMeaning::birth_date}, Meaning{"/pid/i", SealMeaning::passport_number},
    Meaning{"/pid/sex", SealMeaning::sex}};

struct Type {
    std::string_view name;
    std::string_view document_type;  // in the signer's certificate
    std::span<const Meaning> meanings;
};
constexpr std::array types{Type{"icao.test", "NT", test_meanings}, Type{"icao.vacc", "NV", vaccination_meanings}};

const Type* find_type(std::string_view name) {
    const auto at = std::find_if(types.begin(), types.end(), [name](const Type& t) { return t.name == name; });
    return at == types.end() ? nullptr : &*at;
}

tl::unexpected<Error> misshapen(const JsonValue& at, std::string detail) {
    return fail("vdsnc.shape", std::move(detail), {.offset = at.offset});
}

// A member that must be there and of this kind.
Result<const JsonValue*> member(const JsonValue& object, std::string_view name, JsonKind kind) {
    const JsonValue* const found = object.find(name);
    if (found == nullptr || found->kind != kind) return misshapen(object, "\"" + std::string{name} + "\" is missing");
    return found;
}
Result<std::string> text_member(const JsonValue& object, std::string_view name) {
    return member(object, name, JsonKind::text).map([](const JsonValue* v) { return v->text; });
}

std::string scalar_text(const JsonValue& v) {
    if (v.kind == JsonKind::null) return "null";
    if (v.kind == JsonKind::boolean) return v.boolean ? "true" : "false";
    return v.text;
}

// All leaves below `message`, in their order, with a stack of their own.
std::vector<VdsNcField> leaves(const JsonValue& message, const std::string& prefix, const Type* type) {
    std::vector<VdsNcField> out;
    std::vector<std::pair<const JsonValue*, std::string>> open{{&message, prefix}};
    while (!open.empty()) {
        const auto [value, pointer] = std::move(open.back());
        open.pop_back();
        for (std::size_t i = value->items.size(); i-- > 0;) {
            const bool object = value->kind == JsonKind::object;
            open.emplace_back(&value->items[i],
                              pointer + (object ? pointer_step(value->names[i]) : "/" + std::to_string(i)));
        }
        if (value->kind == JsonKind::array || value->kind == JsonKind::object) continue;
        VdsNcField field{pointer, SealMeaning::unknown, value->kind, Personal{scalar_text(*value)}};
        const std::string_view below = std::string_view{pointer}.substr(prefix.size());
        for (const Meaning& m : type == nullptr ? std::span<const Meaning>{} : type->meanings)
            if (m.pointer == below) field.meaning = m.meaning;
        out.push_back(std::move(field));
    }
    return out;
}

// Base64url with or without padding: both are seen.
Result<Bytes> padded_base64url(std::string_view text) {
    const std::size_t bare = text.find_last_not_of('=') + 1;
    const std::size_t padding = text.size() - bare;
    if (padding > 2 || (padding > 0 && text.size() % 4 != 0)) return fail("base64.format", "padding", {.offset = bare});
    return from_base64url(text.substr(0, bare));
}

bool algorithm_fits(std::string_view algorithm, const Certificate& signer) {
    return signer.key && signer.key->kind() != KeyKind::rsa &&
           algorithm == "ES" + std::to_string(hash_bits(signer.key->kind()));
}

SealTrust trust_of(const VdsNcSeal& seal, const JsonValue& data, ByteView signature, const Certificate& signer,
                   const TrustAnchors& anchors, WallTime now) {
    const Type* const type = find_type(seal.type);
    SignerPolicy policy{{signer_usage}, {}, certificate_countries(seal.issuer)};
    if (type != nullptr) policy.document_types = {std::string{type->document_type}};
    SealTrust trust =
        verify_seal(as_bytes(canonical_json(data)), signature, {signer}, anchors, SigningTime::at(now), now, policy);
    if (type == nullptr) {  // what its signer would have to be is not known
        trust.chain.profile = Check::unknown;
        trust.assurance = std::min(trust.assurance, Assurance::chain);
    }
    return trust;
}

Status read_header(const JsonValue& data, VdsNcSeal& out) {
    const auto header = member(data, "hdr", JsonKind::object);
    if (!header) return fail(header.error());
    auto type = text_member(**header, "t");
    auto issuer = text_member(**header, "is");
    const auto version = member(**header, "v", JsonKind::number);
    if (!type || !issuer || !version) return misshapen(**header, "type, version or issuer is missing");
    const std::string& digits = (*version)->text;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out.version);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
        return misshapen(**version, "not a version");
    out.type = std::move(*type);
    out.issuer = std::move(*issuer);
    return {};
}

Result<VdsNcSeal> read_seal(const JsonValue& value, const std::string& prefix, const TrustAnchors& anchors,
                            WallTime now) {
    const auto data = member(value, "data", JsonKind::object);
    const auto sig = member(value, "sig", JsonKind::object);
    if (!data) return fail(data.error());
    if (!sig) return fail(sig.error());
    VdsNcSeal out;
    if (auto status = read_header(**data, out); !status) return fail(status.error());
    const auto message = member(**data, "msg", JsonKind::object);
    auto algorithm = text_member(**sig, "alg");
    const auto certificate = text_member(**sig, "cer");
    const auto signature = text_member(**sig, "sigvl");
    if (!message) return fail(message.error());
    if (!algorithm || !certificate || !signature) return misshapen(**sig, "a part of the signature is missing");
    out.algorithm = std::move(*algorithm);
    const Type* const type = find_type(out.type);
    out.fields = leaves(**message, prefix + "/data/msg", type);
    if (type == nullptr) out.problems.push_back("vdsnc.type");
    if (value.items.size() != 2 || (*sig)->items.size() != 3) out.problems.push_back("vdsnc.extra");

    out.trust.chain.cause = Cause::not_supported;
    const auto der = padded_base64url(*certificate);
    const auto raw = padded_base64url(*signature);
    const auto signer = der ? parse_certificate(*der) : fail(der.error());
    if (!signer) {
        out.problems.push_back("vdsnc.certificate");
    } else if (!algorithm_fits(out.algorithm, *signer)) {
        out.problems.push_back("vdsnc.algorithm");
    } else if (!raw || !plausible_signature(raw->size())) {
        out.problems.push_back("vdsnc.signature_size");
    } else {
        out.trust = trust_of(out, **data, *raw, *signer, anchors, now);
    }
    return out;
}

std::string quoted(std::string_view text) {
    JsonValue v;
    v.kind = JsonKind::text;
    v.text = text;
    return canonical_json(v);
}

}  // namespace

bool looks_like_vds_nc(ByteView payload) {
    const std::string_view text = as_text(payload);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[') &&
           text.find("\"hdr\"") != std::string_view::npos && text.find("\"sigvl\"") != std::string_view::npos;
}

Result<VdsNc> parse_vds_nc(ByteView payload, const TrustAnchors& anchors, WallTime now) {
    if (payload.size() > most_bytes) return fail("vdsnc.too_large", "more than 16 KiB");
    const auto root = parse_json(as_text(payload));
    if (!root) return fail(root.error());
    VdsNc out;
    out.array = root->kind == JsonKind::array;
    if (out.array && root->items.empty()) return misshapen(*root, "an array of no seals");
    if (out.array && root->items.size() > most_seals) return fail("vdsnc.too_many", "more than 8 seals");
    out.assurance = Assurance::chain_and_profile;
    for (std::size_t i = 0; i < (out.array ? root->items.size() : 1); ++i) {
        const JsonValue& value = out.array ? root->items[i] : *root;
        auto seal = read_seal(value, out.array ? "/" + std::to_string(i) : std::string{}, anchors, now);
        if (!seal) return fail(seal.error());
        out.assurance = std::min(out.assurance, seal->trust.assurance);
        out.seals.push_back(std::move(*seal));
    }
    return out;
}

Result<std::string> write_vds_nc(const VdsNcDraft& draft, const SignRaw& sign) {
    const auto message = parse_json(draft.message);
    if (!message) return fail(message.error());
    if (message->kind != JsonKind::object) return misshapen(*message, "the message is not an object");
    const std::string data = R"({"hdr":{"is":)" + quoted(draft.issuer) + R"(,"t":)" + quoted(draft.type) + R"(,"v":)" +
                             std::to_string(draft.version) + R"(},"msg":)" + canonical_json(*message) + "}";
    const Bytes signature = sign(as_bytes(data));
    return R"({"data":)" + data + R"(,"sig":{"alg":)" + quoted(draft.algorithm) + R"(,"cer":")" +
           base64url(draft.certificate) + R"(","sigvl":")" + base64url(signature) + R"("}})";
}

}  // namespace paso
