// `paso decode FILE...`: what the payload of a symbol, or the text of an MRZ, says; one JSON object a line.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/env/env.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

// How the bytes of a payload are written in its file.
enum class Writing : std::uint8_t { plain, base64, hex };

struct DecodeOptions {
    std::vector<std::string> files;  // "-" is standard input
    std::vector<std::string> trust;  // see read_trust_files
    std::string date;                // the day of reading, YYYY-MM-DD; empty: today
    Writing writing = Writing::plain;
};

struct DecodeStreams {
    std::function<Result<Bytes>(std::size_t limit)> in;  // standard input, or "file.too_large"
    PrintLine out;
    PrintLine err;
};

// A line is {"source", "kind" (name(BarcodeKind), or "Mrz"), "assurance", "content", "problems"}. Text that an editor
// closed with a line end is read without it. Exit code: 0 every payload is of a known kind; 3 some is Unknown; 1 a file
// could not be read; 2 the options are not right.
[[nodiscard]] int decode_payloads(Env& env, const DecodeOptions& options, const DecodeStreams& streams);

}  // namespace paso
