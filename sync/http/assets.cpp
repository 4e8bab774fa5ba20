#include "sync/http/assets.hpp"

#include <sodium.h>

#include "core/trust/digest.hpp"

namespace paso {

namespace {

// "a", W/"b", * as in If-None-Match; weak comparison.
bool names(std::string_view header, std::string_view tag) {
    return header == "*" || header.find(tag) != std::string_view::npos;
}

}  // namespace

void add_assets(Router& router, const std::vector<Asset>& assets) {
    for (const Asset& a : assets) {
        const std::string tag = "\"" + to_hex(sha256(a.content)).substr(0, 32) + "\"";
        const bool page = a.path.ends_with('/');
        router.add(Method::get, a.path, [a, tag, page](const Request& request) -> Async<Response> {
            Response out{200, {{"content-type", a.type}, {"etag", tag}}, {}};
            out.headers.push_back({"cache-control", page ? "no-store" : "no-cache"});
            if (names(request.header("if-none-match").value_or(""), tag)) {
                out.status = 304;
            } else {
                out.body = to_bytes(a.content);
            }
            co_return out;
        });
    }
}

std::string import_map_hash(std::string_view page) {
    static constexpr std::string_view open = "<script type=\"importmap\">";
    const auto from = page.find(open);
    if (from == std::string_view::npos) return {};
    const std::string_view rest = page.substr(from + open.size());
    const auto until = rest.find("</script>");
    if (until == std::string_view::npos) return {};
    const Digest digest = sha256(as_bytes(rest.substr(0, until)));
    std::string text(sodium_base64_ENCODED_LEN(digest.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(digest.data()), digest.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the terminator
    return text;
}

std::string import_map_hash(const std::vector<Asset>& assets) {
    for (const Asset& a : assets) {
        if (!a.type.starts_with("text/html")) continue;
        if (std::string hash = import_map_hash(as_text(a.content)); !hash.empty()) return hash;
    }
    return {};
}

std::vector<Header> page_headers(std::string_view import_map_hash) {
    std::string scripts = "script-src 'self'";
    if (!import_map_hash.empty()) scripts += " 'sha256-" + std::string{import_map_hash} + "'";
    return {
        {"content-security-policy", "default-src 'none'; " + scripts +
                                        "; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src "
                                        "'self'; media-src 'self'; base-uri "
                                        "'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for "
                                        "'script'; trusted-types 'none'"},
        {"x-content-type-options", "nosniff"},
        {"referrer-policy", "no-referrer"},
        {"cross-origin-opener-policy", "same-origin"},
        {"cross-origin-resource-policy", "same-origin"},
        {"permissions-policy", "camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()"},
        {"cache-control", "no-store"},
    };
}

}  // namespace paso
