#include "core/encoding/base64.hpp"

#include <cstdint>

#include "core/encoding/radix.hpp"

namespace paso {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encoded(ByteView bytes, std::string_view alphabet) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8U | (k < n ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k <= n; ++k) out.push_back(alphabet[group >> (18U - 6U * k) & 63U]);
    }
    return out;
}

tl::unexpected<Error> bad(std::size_t at) { return fail("base64.format", "not base64", {.offset = at}); }

// `text` without padding. Four characters are three bytes; two or three at the end are one or two.
Result<Bytes> decoded(std::string_view text, std::string_view alphabet) {
    if (text.size() % 4 == 1) return bad(text.size());
    return decode_radix(text, alphabet, 6, "base64.format");
}

}  // namespace

std::string base64(ByteView bytes) {
    std::string out = encoded(bytes, standard);
    while (out.size() % 4 != 0) out.push_back('=');
    return out;
}

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return bad(text.size());
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return decoded(text, standard);
}

std::string base64url(ByteView bytes) { return encoded(bytes, url_safe); }

Result<Bytes> from_base64url(std::string_view text) { return decoded(text, url_safe); }

}  // namespace paso
