// Two-dimensional symbols as matrices of modules, written by ZXing.
#pragma once

#include <opencv2/core.hpp>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "tests/specimens/specimen.hpp"

namespace paso {

// 8-bit, one element a module, 0 dark and 255 light, without a quiet zone. PDF417 rows are three modules high.
// Errors: "specimen.symbol" (the payload does not fit, or `kind` is none).
[[nodiscard]] Result<cv::Mat> draw_symbol(SymbolKind kind, ByteView payload);

}  // namespace paso
