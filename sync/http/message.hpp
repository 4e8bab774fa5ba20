// HTTP/1.1 messages as plain values. Headers of Beast are seen only inside sync/http's own .cpp files.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "sync/net/stream.hpp"

namespace paso {

enum class Method : std::uint8_t { get, head, post, put, remove, other };

struct Header {
    std::string name;  // lower case
    std::string value;
};

struct Request {
    Method method = Method::get;
    std::string path;   // decoded, begins with '/', no "." or ".." parts
    std::string query;  // raw, without '?'
    std::vector<Header> headers;
    Bytes body;
    Peer peer;
    std::map<std::string, std::string> parameters;  // filled by the router: {id} of "/v1/kiosks/{id}/batches"
    [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const {
        for (const Header& h : headers) {
            if (h.name == lower_case_name) return h.value;
        }
        return std::nullopt;
    }
};

struct Response {
    int status = 200;
    std::vector<Header> headers;
    Bytes body;
    [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const {
        for (const Header& h : headers) {
            if (h.name == lower_case_name) return h.value;
        }
        return std::nullopt;
    }
};

[[nodiscard]] inline Response respond(int status, std::string_view type, ByteView body) {
    return {status, {{"content-type", std::string{type}}}, to_bytes(body)};
}
[[nodiscard]] inline Response respond_json(int status, std::string_view json) {
    return respond(status, "application/json", as_bytes(json));
}
// {"error": code, "detail": detail}
[[nodiscard]] Response respond_error(int status, const Error& error);

}  // namespace paso
