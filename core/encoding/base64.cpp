#include "core/encoding/base64.hpp"

#include <cstdint>

namespace paso {
namespace {
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

std::string base64(ByteView bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8U | (k < n ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k) out.push_back(k <= n ? alphabet[group >> (18U - 6U * k) & 63U] : '=');
    }
    return out;
}

Result<Bytes> from_base64(std::string_view text) {
    const auto bad = [](std::size_t at) { return fail("base64.format", "not base64", {.offset = at}); };
    if (text.size() % 4 != 0) return bad(text.size());
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    Bytes out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pad = i >= text.size() - padding;
        const std::size_t value = pad ? 0 : alphabet.find(text[i]);
        if (value == std::string_view::npos) return bad(i);
        group = group << 6U | static_cast<std::uint32_t>(value);
        if (i % 4 != 3) continue;
        const std::size_t bytes = i + 1 == text.size() ? 3 - padding : 3;
        for (std::size_t k = 0; k < 3; ++k) {
            const auto byte = static_cast<std::byte>(group >> (16U - 8U * k) & 255U);
            if (k < bytes)
                out.push_back(byte);
            else if (byte != std::byte{0})
                return bad(i);
        }
        group = 0;
    }
    return out;
}

}  // namespace paso
