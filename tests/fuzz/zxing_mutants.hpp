// Pictures of symbols that are almost right: what a decoder's bounds are tried with. Each from its number alone.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "core/base/result.hpp"
#include "tests/specimens/specimen.hpp"

namespace paso::fuzz {

struct Mutant {
    SymbolKind kind = SymbolKind::none;
    cv::Mat pixels;  // 8-bit, 1 to about 900 pixels a side
};

// A symbol of one of the four kinds, written by ZXing, with modules flipped, rows and columns cut out or doubled,
// blocks moved, lines and blots over it; drawn at 1 to 6 pixels a module, whole or not; then tilted, blurred, noisy,
// reversed, cut to a corner or to a sliver. Errors: "specimen.symbol".
[[nodiscard]] Result<Mutant> make_mutant(std::uint64_t number);

}  // namespace paso::fuzz
