#include "sync/http/target.hpp"

#include "core/base/bytes.hpp"

namespace paso {

namespace {

std::optional<std::string> decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const auto byte = i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
            if (!byte || byte->size() != 1) return std::nullopt;
            c = static_cast<char>((*byte)[0]);
            if (c == '/') return std::nullopt;
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return std::nullopt;
        out += c;
    }
    return out;
}

// Cuts the first part off "/a/b".
std::string_view take_part(std::string_view& path) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    return part;
}

// A trailing slash is the one empty part that a path may have.
bool safe_parts(std::string_view path) {
    while (!path.empty()) {
        const std::string_view part = take_part(path);
        if (part == "." || part == ".." || (part.empty() && !path.empty())) return false;
    }
    return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
    if (text.empty() || text.front() != '/') return std::nullopt;
    const auto question = text.find('?');
    auto path = decode(text.substr(0, question));
    if (!path || !safe_parts(*path)) return std::nullopt;
    Target out{std::move(*path), {}};
    if (question != std::string_view::npos) out.query = text.substr(question + 1);
    return out;
}

std::string encode_path(std::string_view path) {
    static constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=:@";
    std::string out;
    for (const char c : path) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%' + to_hex(as_bytes({&c, 1}));
        }
    }
    return out;
}

std::optional<std::map<std::string, std::string>> match_path(std::string_view pattern, std::string_view path) {
    std::map<std::string, std::string> values;
    while (!pattern.empty() && !path.empty()) {
        const std::string_view want = take_part(pattern);
        const std::string_view have = take_part(path);
        if (want.size() > 2 && want.front() == '{' && want.back() == '}') {
            if (have.empty()) return std::nullopt;
            values.emplace(want.substr(1, want.size() - 2), have);
        } else if (want != have) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return values;
}

bool same_origin(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme) && origin.substr(scheme.size()) == host) return true;
    }
    return false;
}

std::string_view host_without_port(std::string_view host) {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        return end == std::string_view::npos ? host : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

}  // namespace paso
