// One character of UTF-8 at a time, and the characters that nobody sees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace paso {

struct Utf8Character {
    char32_t code = 0;
    std::size_t size = 0;  // bytes
};

// The character that begins at `at`; nothing when the bytes are not UTF-8 (RFC 3629: no overlong forms, no surrogates).
[[nodiscard]] constexpr std::optional<Utf8Character> utf8_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return std::nullopt;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = byte(at);
    if (first < 0x80U) return Utf8Character{static_cast<char32_t>(first), 1};
    const std::size_t size = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
    if (first < 0xC2U || first > 0xF4U || at + size > text.size()) return std::nullopt;
    std::uint32_t code = first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) return std::nullopt;
        code = (code << 6U) | (byte(at + i) & 0x3FU);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80U, 0x800U, 0x10000U};
    if (code < least[size] || code > 0x10FFFFU || (code >= 0xD800U && code <= 0xDFFFU)) return std::nullopt;
    return Utf8Character{static_cast<char32_t>(code), size};
}

[[nodiscard]] constexpr bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFEFF; }

// Marks, embeddings, overrides and isolates of the bidirectional algorithm, and the line and paragraph separators.
[[nodiscard]] constexpr bool steers_bidi(char32_t c) {
    return (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x061C;
}

}  // namespace paso
