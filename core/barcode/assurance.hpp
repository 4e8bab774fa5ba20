// How much the bytes of a symbol may be believed.
#pragma once

#include <cstdint>
#include <string_view>

namespace paso {

// How much a payload may be believed. Only `chain` and above may ever change an outcome.
enum class Assurance : std::uint8_t { none = 0, structure = 1, signature = 2, chain = 3, chain_and_profile = 4 };
[[nodiscard]] std::string_view name(Assurance a);

}  // namespace paso
