#include "core/encoding/base32.hpp"

#include <cstdint>

namespace paso {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

tl::unexpected<Error> bad(std::size_t at) { return fail("base32.format", "not base32", {.offset = at}); }

}  // namespace

std::string base32(ByteView bytes) {
    std::string out;
    out.reserve((bytes.size() * 8 + 4) / 5);
    std::uint32_t bits = 0;
    unsigned held = 0;  // how many bits wait, below 5 after each step
    for (const std::byte b : bytes) {
        bits = bits << 8U | std::to_integer<std::uint32_t>(b);
        for (held += 8; held >= 5; held -= 5) out.push_back(alphabet[bits >> (held - 5) & 31U]);
        bits &= (1U << held) - 1U;
    }
    if (held > 0) out.push_back(alphabet[bits << (5 - held) & 31U]);
    return out;
}

Result<Bytes> from_base32(std::string_view text) {
    const std::size_t tail = text.size() % 8;
    if (tail == 1 || tail == 3 || tail == 6) return bad(text.size());
    Bytes out;
    out.reserve(text.size() / 8 * 5 + 5);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t value = alphabet.find(text[i]);
        if (value == std::string_view::npos) return bad(i);
        bits = bits << 5U | static_cast<std::uint32_t>(value);
        held += 5;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<std::byte>(bits >> held));
        bits &= (1U << held) - 1U;
    }
    if (bits != 0) return bad(text.size() - 1);
    return out;
}

}  // namespace paso
