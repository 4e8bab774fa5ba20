#include "core/trust/cose.hpp"

#include "core/encoding/cbor.hpp"
#include "core/encoding/cbor_tree.hpp"

namespace paso {
namespace {

constexpr std::uint64_t tag_sign1 = 18;
constexpr std::uint64_t tag_cwt = 61;
constexpr std::int64_t label_algorithm = 1;
constexpr std::int64_t label_critical = 2;
constexpr std::int64_t label_key_id = 4;
constexpr std::int64_t last_label_understood = 4;  // algorithm, critical, content type, key id

tl::unexpected<Error> structure(std::string detail) { return fail("cose.structure", std::move(detail)); }
tl::unexpected<Error> header_error(std::string detail) { return fail("cose.header", std::move(detail)); }

std::optional<CoseAlgorithm> algorithm_of(std::optional<std::int64_t> number) {
    switch (number.value_or(0)) {
        case -7:
            return CoseAlgorithm::es256;
        case -35:
            return CoseAlgorithm::es384;
        case -36:
            return CoseAlgorithm::es512;
        case -37:
            return CoseAlgorithm::ps256;
        default:
            return std::nullopt;
    }
}

struct Parameters {
    bool has_algorithm = false;
    std::optional<CoseAlgorithm> algorithm;
    bool has_key_id = false;
    Bytes key_id;
};

// RFC 9052 section 3.1: "crit" names parameters that must be understood.
Status critical(const CborTree& tree, CborTree::Index map) {
    const auto crit = tree.find(map, label_critical);
    if (!crit) return {};
    if (!tree.is(*crit, CborType::array) || tree[*crit].children == 0) return header_error("crit is a list of labels");
    constexpr std::uint32_t most_labels = 8;
    if (tree[*crit].children > most_labels) return fail("cose.critical", "a parameter that must be understood");
    for (std::uint32_t i = 0; i < tree[*crit].children; ++i) {
        const auto label = tree.integer(tree.child(*crit, i));
        if (!label || *label < 1 || *label > last_label_understood) {
            return fail("cose.critical", "a parameter that must be understood");
        }
    }
    return {};
}

Result<Parameters> parameters(const CborTree& tree, CborTree::Index map) {
    if (!tree.is(map, CborType::map)) return header_error("a header is a map");
    if (Status status = critical(tree, map); !status) return fail(std::move(status.error()));
    Parameters out;
    if (const auto algorithm = tree.find(map, label_algorithm)) {
        out.has_algorithm = true;
        out.algorithm = algorithm_of(tree.integer(*algorithm));  // a text names no algorithm that is known
    }
    if (const auto key_id = tree.find(map, label_key_id)) {
        const auto bytes = tree.bytes(*key_id);
        if (!bytes) return header_error("a key identifier is a byte string");
        out.has_key_id = true;
        out.key_id = to_bytes(*bytes);
    }
    return out;
}

Result<Parameters> protected_parameters(ByteView header) {
    if (header.empty()) return Parameters{};
    const auto tree = CborTree::parse(header);
    if (!tree) return fail(tree.error());
    return parameters(*tree, 0);
}

}  // namespace

Result<CoseSign1> parse_cose_sign1(ByteView message) {
    const auto tree = CborTree::parse(message);
    if (!tree) return fail(tree.error());
    CoseSign1 out;
    CborTree::Index at = 0;
    if (tree->is(at, CborType::tag) && (*tree)[at].value == tag_cwt) {
        out.cwt_tagged = true;
        ++at;
    }
    if (tree->is(at, CborType::tag) && (*tree)[at].value == tag_sign1) {
        out.tagged = true;
        ++at;
    }
    if (tree->is(at, CborType::tag)) return fail("cose.tag", "neither COSE_Sign1 nor CWT");
    if (!tree->is(at, CborType::array) || (*tree)[at].children != 4) return structure("an array of four");
    const auto header = tree->bytes(tree->child(at, 0));
    const auto payload = tree->bytes(tree->child(at, 2));
    const auto signature = tree->bytes(tree->child(at, 3));
    if (!header || !payload || !signature) return structure("header, payload and signature are byte strings");
    auto own = protected_parameters(*header);
    if (!own) return fail(std::move(own.error()));
    auto other = parameters(*tree, tree->child(at, 1));
    if (!other) return fail(std::move(other.error()));
    out.algorithm = own->has_algorithm ? own->algorithm : other->algorithm;
    out.key_id_protected = own->has_key_id;
    out.key_id = std::move(own->has_key_id ? own->key_id : other->key_id);
    // An empty map is signed as no bytes at all, however it was sent.
    const bool empty = header->size() == 1 && (*header)[0] == std::byte{0xA0};
    if (!empty) out.protected_header = to_bytes(*header);
    out.payload = to_bytes(*payload);
    out.signature = to_bytes(*signature);
    return out;
}

Bytes cose_signed_bytes(const CoseSign1& message, ByteView external) {
    CborWriter w;
    w.array(4).text("Signature1").bytes(message.protected_header).bytes(external).bytes(message.payload);
    return w.take();
}

bool verify_cose(const CoseSign1& message, const PublicKey& key, ByteView external) {
    if (!message.algorithm) return false;
    const Bytes bytes = cose_signed_bytes(message, external);
    switch (*message.algorithm) {
        case CoseAlgorithm::es256:
            return key.kind() == KeyKind::p256 && verify_raw(key, bytes, message.signature);
        case CoseAlgorithm::es384:
            return key.kind() == KeyKind::p384 && verify_raw(key, bytes, message.signature);
        case CoseAlgorithm::es512:
            return key.kind() == KeyKind::p521 && verify_raw(key, bytes, message.signature);
        case CoseAlgorithm::ps256:
            return key.kind() == KeyKind::rsa && verify_pss(key, bytes, message.signature);
    }
    return false;
}

}  // namespace paso
