#include "kiosk/tool/trust_files.hpp"

#include <algorithm>
#include <utility>

#include "core/encoding/base64.hpp"
#include "core/trust/master_list.hpp"

namespace paso {
namespace {

constexpr std::size_t max_file = 16UL << 20U;
constexpr std::string_view pem_begin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view pem_end = "-----END CERTIFICATE-----";

// The certificates of a PEM file; nothing where it is none.
Result<std::vector<Bytes>> pem_blocks(std::string_view text) {
    std::vector<Bytes> out;
    for (std::size_t at = text.find(pem_begin); at != std::string_view::npos; at = text.find(pem_begin, at)) {
        at += pem_begin.size();
        const std::size_t end = text.find(pem_end, at);
        if (end == std::string_view::npos) return fail("trust.pem", "a certificate has no end", {.offset = at});
        std::string inner{text.substr(at, end - at)};
        std::erase_if(inner, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
        auto der = from_base64(inner);
        if (!der) return fail("trust.pem", "not base64 between BEGIN and END", {.offset = at});
        out.push_back(std::move(*der));
    }
    return out;
}

void add(TrustAnchors& anchors, Certificate c) {
    if (c.authority) {
        anchors.authorities.push_back(std::move(c));
        return;
    }
    if (auto key = health_key(c)) anchors.health.push_back(std::move(*key));
    anchors.signers.push_back(std::move(c));
}

std::string line_of(const std::string& path, const std::string& text) { return path + ": " + text; }

// What is no certificate, to be looked at once all authorities are known.
struct Rest {
    std::string path;
    Bytes bytes;
    Error error;  // why it is none
};

Status add_list(const Rest& file, const std::vector<Certificate>& named, WallTime now, TrustFiles& out) {
    auto list = open_master_list(file.bytes, named, now);
    if (!list) {
        return fail("trust.format", line_of(file.path, "neither certificates (" + describe(file.error) +
                                                           ") nor a master list (" + describe(list.error()) + ")"));
    }
    if (!list->anchored) {
        const Certificate& a = list->authority;
        out.remarks.push_back(
            line_of(file.path, "nobody named here vouches for this list; compare its authority C=" + a.subject.country +
                                   " CN=" + a.subject.common_name + " SHA-256=" + to_hex(a.sha256)));
    }
    if (list->unreadable > 0) {
        out.remarks.push_back(
            line_of(file.path, std::to_string(list->unreadable) + " entries are no certificate of an authority"));
    }
    out.anchors.as_of = std::min(out.anchors.as_of, list->signed_at.value_or(now));
    for (Certificate& c : list->authorities) out.anchors.authorities.push_back(std::move(c));
    return {};
}

}  // namespace

Result<TrustFiles> read_trust_files(Env& env, const std::vector<std::string>& paths, WallTime now) {
    TrustFiles out;
    out.anchors.as_of = now;
    std::vector<Rest> rest;
    for (const std::string& path : paths) {
        auto bytes = env.files.read(path, max_file);
        if (!bytes) return fail(bytes.error());
        auto ders = pem_blocks(as_text(*bytes));
        if (!ders) return fail(ders.error().code, line_of(path, ders.error().detail), ders.error().place);
        const bool pem = !ders->empty();
        if (!pem) ders->push_back(std::move(*bytes));
        for (Bytes& der : *ders) {
            auto c = parse_certificate(der);
            if (c) {
                add(out.anchors, std::move(*c));
            } else if (pem) {
                return fail("trust.format", line_of(path, describe(c.error())));
            } else {
                rest.push_back({path, std::move(der), std::move(c.error())});
            }
        }
    }
    const std::vector<Certificate> named = out.anchors.authorities;
    for (const Rest& file : rest) {
        if (const Status s = add_list(file, named, now, out); !s) return fail(s.error());
    }
    out.anchors.links = {out.anchors.signers, out.anchors.authorities};
    return out;
}

}  // namespace paso
