#include "core/barcode/link_payloads.hpp"

#include <algorithm>

#include "core/encoding/base64.hpp"
#include "core/encoding/cbor_tree.hpp"

namespace paso {
namespace {

constexpr std::size_t most_bytes = 4096;
constexpr std::size_t most_host = 253;
constexpr std::string_view mdoc_scheme = "mdoc:";
constexpr std::uint64_t tag_encoded_cbor = 24;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool digit(char c) { return c >= '0' && c <= '9'; }

bool same_without_case(std::string_view text, std::string_view lower_case) {
    return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                      [](char a, char b) { return lower(a) == b; });
}

// The size of "http://" or "https://" at the front, 0 when neither stands there.
std::size_t scheme_size(std::string_view text) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (same_without_case(text.substr(0, scheme.size()), scheme)) return scheme.size();
    }
    return 0;
}

bool is_host(std::string_view host) {
    if (host.empty() || host.size() > most_host) return false;
    const bool literal = host.front() == '[';  // an IPv6 address
    if (literal != (host.back() == ']')) return false;
    if (literal) host = host.substr(1, host.size() - 2);
    return std::all_of(host.begin(), host.end(), [literal](char c) {
        const char l = lower(c);
        if (literal) return digit(l) || (l >= 'a' && l <= 'f') || l == ':' || l == '.';
        return digit(l) || (l >= 'a' && l <= 'z') || l == '-' || l == '.' || l == '_';
    });
}

MdocTransport transport_of(std::optional<std::int64_t> type) {
    switch (type.value_or(0)) {
        case 1:
            return MdocTransport::nfc;
        case 2:
            return MdocTransport::bluetooth;
        case 3:
            return MdocTransport::wifi_aware;
        default:
            return MdocTransport::other;
    }
}

tl::unexpected<Error> structure(std::string detail) { return fail("mdoc.structure", std::move(detail)); }

}  // namespace

std::optional<std::string_view> UrlParts::parameter(std::string_view name) const {
    std::size_t begin = 0;
    while (begin <= query.size()) {
        const std::size_t end = std::min(query.find('&', begin), query.size());
        const std::string_view one = query.substr(begin, end - begin);
        if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
            return one.substr(name.size() + 1);
        begin = end + 1;
    }
    return std::nullopt;
}

bool UrlParts::is_at(std::string_view lower_case_host) const {
    const std::string_view usual = secure ? "443" : "80";
    return same_without_case(host, lower_case_host) && (port.empty() || port == usual);
}

Result<UrlParts> split_url(std::string_view text) {
    const std::size_t scheme = scheme_size(text);
    if (scheme == 0) return fail("url.scheme", "neither http nor https", {.offset = 0});
    if (text.size() > most_bytes) return fail("url.too_long", "at most 4096 bytes", {.offset = most_bytes});
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] <= ' ' || text[i] > '~' || text[i] == '\\') {
            return fail("url.character", "a character that an address cannot hold", {.offset = i});
        }
    }
    UrlParts parts;
    parts.secure = scheme == 8;
    const std::size_t authority_end = std::min(text.find_first_of("/?#", scheme), text.size());
    std::string_view authority = text.substr(scheme, authority_end - scheme);
    if (authority.find('@') != std::string_view::npos) {
        return fail("url.user", "a user name before the host", {.offset = scheme});
    }
    const std::size_t literal_end = authority.starts_with('[') ? authority.find(']') : 0;
    if (literal_end == std::string_view::npos) return fail("url.host", "not a host", {.offset = scheme});
    const std::size_t colon = authority.find(':', literal_end);
    if (colon != std::string_view::npos) {
        parts.port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
        const bool digits = std::all_of(parts.port.begin(), parts.port.end(), digit);
        if (!digits || parts.port.size() > 5) return fail("url.port", "not a port", {.offset = scheme + colon});
    }
    if (!is_host(authority)) return fail("url.host", "not a host", {.offset = scheme});
    parts.host = authority;
    const std::string_view rest = text.substr(authority_end, text.find('#', authority_end) - authority_end);
    const std::size_t question = std::min(rest.find('?'), rest.size());
    parts.path = rest.substr(0, question);
    if (question < rest.size()) parts.query = rest.substr(question + 1);
    return parts;
}

bool looks_like_url(ByteView payload) { return scheme_size(as_text(payload)) != 0; }

Result<Url> parse_url(ByteView payload) {
    const auto parts = split_url(as_text(payload));
    if (!parts) return fail(parts.error());
    Url url{parts->secure ? "https" : "http", std::string{parts->host}, payload.size()};
    std::transform(url.host.begin(), url.host.end(), url.host.begin(), lower);
    return url;
}

std::string_view name(MdocTransport t) {
    switch (t) {
        case MdocTransport::nfc:
            return "NFC";
        case MdocTransport::bluetooth:
            return "Bluetooth";
        case MdocTransport::wifi_aware:
            return "Wi-Fi Aware";
        case MdocTransport::other:
            return "other";
    }
    return "other";
}

bool looks_like_mdoc(ByteView payload) {
    return same_without_case(as_text(payload).substr(0, mdoc_scheme.size()), mdoc_scheme);
}

Result<MdocEngagement> parse_mdoc(ByteView payload) {
    if (!looks_like_mdoc(payload)) return fail("mdoc.format", "it begins with mdoc:", {.offset = 0});
    if (payload.size() > most_bytes) return fail("mdoc.too_long", "at most 4096 bytes", {.offset = most_bytes});
    const auto bytes = from_base64url(as_text(payload).substr(mdoc_scheme.size()));
    if (!bytes) return fail(bytes.error());
    const auto tree = CborTree::parse(*bytes);
    if (!tree) return fail(tree.error());
    MdocEngagement out;
    const auto version = tree->find(0, 0);
    const auto version_text = version ? tree->text(*version) : std::nullopt;
    if (!version_text) return structure("element 0 is the version");
    out.version = *version_text;
    const auto security = tree->find(0, 1);
    if (!security || !tree->is(*security, CborType::array) || (*tree)[*security].children < 2) {
        return structure("element 1 is the cipher suite and the key of the device");
    }
    out.cipher_suite = tree->integer(tree->child(*security, 0));
    const auto key = tree->child(*security, 1);
    out.device_key_present = tree->is(key, CborType::tag) && (*tree)[key].value == tag_encoded_cbor &&
                             tree->bytes(tree->child(key, 0)).has_value();
    if (!out.cipher_suite || !out.device_key_present) return structure("no cipher suite or key of the device");
    const auto methods = tree->find(0, 2);
    if (!methods || !tree->is(*methods, CborType::array)) return out;
    for (std::uint32_t i = 0; i < (*tree)[*methods].children; ++i) {
        const auto method = tree->child(*methods, i);
        if (!tree->is(method, CborType::array) || (*tree)[method].children < 2) return structure("a transport");
        const MdocTransport t = transport_of(tree->integer(tree->child(method, 0)));
        if (std::find(out.transports.begin(), out.transports.end(), t) == out.transports.end())
            out.transports.push_back(t);
    }
    return out;
}

}  // namespace paso
