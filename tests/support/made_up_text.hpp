// Text made up from a seed.
#pragma once

#include <random>
#include <string>
#include <string_view>

namespace paso::made_up {

inline constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view digits = "0123456789";
inline constexpr std::string_view both = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

inline std::string some(std::mt19937& r, std::size_t least, std::size_t most, std::string_view alphabet) {
    std::string out;
    const std::size_t n = least + r() % (most - least + 1);
    for (std::size_t i = 0; i < n; ++i) out.push_back(alphabet[r() % alphabet.size()]);
    return out;
}

}  // namespace paso::made_up
