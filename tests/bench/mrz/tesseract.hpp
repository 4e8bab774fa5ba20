// tesseract beside the reader: Debian's program, run on the same frame as a child process.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/frame/frame.hpp"

namespace paso::bench {

struct OtherReading {
    std::vector<std::string> lines;  // the lines that have 30, 36 or 44 characters of the MRZ alphabet, top to bottom
    double cpu_ms = 0;               // of the child
};

// `model` is the name of a trained data file ("eng", or an MRZ model laid into its folder). Nothing where tesseract is
// not installed or fails.
[[nodiscard]] std::optional<OtherReading> run_tesseract(const Frame& frame, const std::string& model);

}  // namespace paso::bench
