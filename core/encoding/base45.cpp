#include "core/encoding/base45.hpp"

#include <array>
#include <cstdint>

namespace paso {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::uint32_t no_digit = 45;

constexpr std::array<std::uint8_t, 256> digit_table() {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}
constexpr auto digits = digit_table();

tl::unexpected<Error> bad(std::size_t at) { return fail("base45.format", "not base45", {.offset = at}); }

}  // namespace

std::string base45(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size() / 2 * 3 + 2);
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        const bool pair = i + 1 < bytes.size();
        auto value = std::to_integer<std::uint32_t>(bytes[i]);
        if (pair) value = value * 256 + std::to_integer<std::uint32_t>(bytes[i + 1]);
        out.push_back(alphabet[value % 45]);
        out.push_back(alphabet[value / 45 % 45]);
        if (pair) out.push_back(alphabet[value / 2025]);
    }
    return out;
}

Result<Bytes> from_base45(std::string_view text) {
    if (text.size() % 3 == 1) return bad(text.size());
    Bytes out;
    out.reserve(text.size() / 3 * 2 + 1);
    for (std::size_t i = 0; i < text.size(); i += 3) {
        const std::size_t n = text.size() - i < 3 ? 2 : 3;
        std::uint32_t value = 0;
        for (std::size_t k = n; k-- > 0;) {  // the least digit stands first
            const std::uint32_t digit = digits[static_cast<unsigned char>(text[i + k])];
            if (digit == no_digit) return bad(i + k);
            value = value * 45 + digit;
        }
        if (value > (n == 3 ? 0xFFFFU : 0xFFU)) return bad(i);
        if (n == 3) out.push_back(static_cast<std::byte>(value >> 8U));
        out.push_back(static_cast<std::byte>(value & 255U));
    }
    return out;
}

}  // namespace paso
