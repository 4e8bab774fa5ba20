// Request targets: percent-decoding into a path that is safe to compare, and the matching of patterns.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace paso {

struct Target {
    std::string path;
    std::string query;
};
// "/a%20b?x=1" -> {"/a b", "x=1"}. Nothing for anything but an absolute path, for "." and ".." parts, empty parts,
// encoded slashes, backslashes, control characters and broken escapes.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

// The path as it stands in a request line.
[[nodiscard]] std::string encode_path(std::string_view path);

// The values of a pattern's {names} where the path matches it.
[[nodiscard]] std::optional<std::map<std::string, std::string>> match_path(std::string_view pattern,
                                                                           std::string_view path);

// True when an Origin header ("http://127.0.0.1:8080") names the host of the Host header ("127.0.0.1:8080").
[[nodiscard]] bool same_origin(std::string_view origin, std::string_view host);
// "desk.example:8443" -> "desk.example", "[::1]:80" -> "::1".
[[nodiscard]] std::string_view host_without_port(std::string_view host);

}  // namespace paso
