// Result<T>: a value or an Error. Expected failures (bad input, a peer that is away, a full disk) come back as an
// Error; exceptions are for bugs and for start-up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace paso {

// Where in the input something was wrong. Lines and columns count from 1, offsets from 0.
struct Place {
    std::optional<std::uint64_t> offset;
    std::optional<std::uint32_t> line;
    std::optional<std::uint32_t> column;
    bool operator==(const Place&) const = default;
};

// `code` is a stable name such as "wire.gap" (a string literal: it is never freed), which the manual explains.
// `detail` is for a developer and never holds personal data.
struct Error {
    std::string_view code;
    std::string detail;
    Place place{};
    bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(std::string_view code, std::string detail = {}, Place place = {}) {
    return tl::unexpected<Error>(Error{code, std::move(detail), place});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// "code: detail (line 3, column 7)", as programs print it.
[[nodiscard]] inline std::string describe(const Error& e) {
    std::string out{e.code};
    if (!e.detail.empty()) out += ": " + e.detail;
    std::string where;
    const auto add = [&where](std::string_view name, auto value) {
        if (!value) return;
        if (!where.empty()) where += ", ";
        where += std::string{name} + " " + std::to_string(*value);
    };
    add("line", e.place.line);
    add("column", e.place.column);
    add("offset", e.place.offset);
    if (!where.empty()) out += " (" + where + ")";
    return out;
}

}  // namespace paso
