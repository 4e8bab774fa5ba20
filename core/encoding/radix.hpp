// What base32 and base64 share: characters of an alphabet that stand for five or six bits each.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

// Errors: `code`, with the offset of what is no such character or of unused bits that are not zero.
[[nodiscard]] inline Result<Bytes> decode_radix(std::string_view text, std::string_view alphabet, unsigned width,
                                                std::string_view code) {
    Bytes out;
    out.reserve(text.size() * width / 8);
    std::uint32_t bits = 0;
    unsigned held = 0;  // how many bits wait, below 8 after each step
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t value = alphabet.find(text[i]);
        if (value == std::string_view::npos) return fail(code, "a character of no such text", {.offset = i});
        bits = bits << width | static_cast<std::uint32_t>(value);
        held += width;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<std::byte>(bits >> held));
        bits &= (1U << held) - 1U;
    }
    if (bits != 0) return fail(code, "unused bits are not zero", {.offset = text.size() - 1});
    return out;
}

}  // namespace paso
