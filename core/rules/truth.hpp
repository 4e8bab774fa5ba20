// Kleene's three values.
#pragma once

#include <cstdint>
#include <string_view>

namespace paso {

enum class Truth : std::uint8_t { no = 0, yes = 1, unknown = 2 };
[[nodiscard]] constexpr std::string_view name(Truth t) {
    switch (t) {
        case Truth::no:
            return "no";
        case Truth::yes:
            return "yes";
        case Truth::unknown:
            return "unknown";
    }
    return "unknown";
}

}  // namespace paso
