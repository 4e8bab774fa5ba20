// Text in the place of an MRZ: an error with its place, or a document whose own lines read the same again.
#include <algorithm>
#include <string>
#include <vector>

#include "core/document/travel_document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const paso::Date today = *paso::Date::of(2026, 11, 24);
    std::vector<std::string> lines(1);
    for (const char c : text) {
        if (c == '\n') {
            lines.emplace_back();
        } else {
            lines.back().push_back(c);
        }
    }
    paso::MrzResult result;
    result.lines = lines;
    (void)paso::parse_mrz(result, today);  // an unchecked result holds any bytes
    const auto document = paso::parse_mrz_lines(lines, today);
    if (!document) return 0;
    const auto again = paso::parse_mrz_lines(document->lines, today);
    if (!again || !(*again == *document)) __builtin_trap();
    paso::MrzContent content;
    content.format = document->format;
    content.number = document->number.reveal();
    content.surname = document->surname.reveal();
    content.given_names = document->given_names.reveal();
    content.birth = document->birth.reveal().raw;
    content.expiry = document->expiry.raw;
    (void)paso::write_mrz(content);
    return 0;
}
