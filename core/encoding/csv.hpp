// Comma-separated values (RFC 4180), read strictly: for lists that officials keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace paso {

struct CsvRecord {
    std::vector<std::string> fields;
    std::uint32_t line = 0;  // where it begins, from 1
    bool operator==(const CsvRecord&) const = default;
};

struct CsvLimits {
    std::size_t records = 1'000'000;
    std::size_t fields = 256;  // of one record
};

// All records, the header too, each with as many fields as the first. Lines end in CRLF or LF, the last one may lack
// its end; a byte order mark at the begin is skipped; an empty line is an error, not a record. Errors, with line and
// column (in bytes, from 1) and never with what stands there: "csv.utf8", "csv.quote", "csv.character" (a control
// character or a lone CR outside of quotes), "csv.fields" (another number than the first record), "csv.too_large".
[[nodiscard]] Result<std::vector<CsvRecord>> parse_csv(std::string_view text, const CsvLimits& limits = {});

}  // namespace paso
