// What it costs that symbols are decoded in another process, and what that process needs.
#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "tests/bench/barcode/cases.hpp"

namespace paso::bench {

// The word with which this program starts itself as a decoding process that finds nothing, and what it then does.
inline constexpr std::string_view idle_decoder_word = "decode-nothing";
[[noreturn]] void run_idle_decoder();

// Prints the cost of handing over frames of 1080p and 12 megapixels to such a process; then, for `count` frames of each
// symbology and as many without one, the same frames read here and in the decoding process of paso-devices, which lies
// beside this program. CPU times are of both processes. Errors: "specimen.*", "decoder.*".
[[nodiscard]] Status print_hand_over(const Scenes& scenes, std::uint64_t seed, int count);

}  // namespace paso::bench
