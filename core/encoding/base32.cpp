#include "core/encoding/base32.hpp"

#include <cstdint>

#include "core/encoding/radix.hpp"

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
    return decode_radix(text, alphabet, 5, "base32.format");
}

}  // namespace paso
