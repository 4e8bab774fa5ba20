// Payloads that hold no data themselves: a link to somewhere, and the invitation of a mobile driving licence to talk. A
// kiosk opens neither a link (it would tell its host who stands here) nor treats an invitation as a document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

// The parts of an http or https address, as views of it.
struct UrlParts {
    bool secure = false;  // https
    std::string_view host;
    std::string_view port;   // empty when not given
    std::string_view path;   // with its '/', or empty
    std::string_view query;  // without its '?'
    // The value of the first parameter of that name, not unescaped.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
    // The host is exactly this one (lower case), on the port of the scheme.
    [[nodiscard]] bool is_at(std::string_view lower_case_host) const;
};

// Errors: "url.scheme" (neither http nor https), "url.too_long" (4096), "url.character" (blank, control, backslash or a
// byte above 126: browsers do not agree on these), "url.user" (something before an '@' that looks like a host),
// "url.host", "url.port".
[[nodiscard]] Result<UrlParts> split_url(std::string_view text);

// What is kept of a link: where it leads, not what it says there.
struct Url {
    std::string scheme;    // "https"
    std::string host;      // lower case
    std::size_t size = 0;  // of the whole
    bool operator==(const Url&) const = default;
};
[[nodiscard]] bool looks_like_url(ByteView payload);
[[nodiscard]] Result<Url> parse_url(ByteView payload);  // errors of split_url

// A way to reach the wallet, ISO/IEC 18013-5 section 8.2.2.3.
enum class MdocTransport : std::uint8_t { nfc = 1, bluetooth = 2, wifi_aware = 3, other = 255 };
[[nodiscard]] std::string_view name(MdocTransport t);

// Device engagement of a mobile driving licence (ISO/IEC 18013-5 section 9.1.1.4): "mdoc:" and CBOR in base64url. It
// says nothing about anybody; the data come over the transport only.
struct MdocEngagement {
    std::string version;  // "1.0"
    std::optional<std::int64_t> cipher_suite;
    bool device_key_present = false;
    std::vector<MdocTransport> transports;
    bool operator==(const MdocEngagement&) const = default;
};
[[nodiscard]] bool looks_like_mdoc(ByteView payload);
// Errors: "mdoc.format" (no "mdoc:"), "mdoc.too_long" (4096), "mdoc.structure", and those of from_base64url and
// CborTree.
[[nodiscard]] Result<MdocEngagement> parse_mdoc(ByteView payload);

}  // namespace paso
