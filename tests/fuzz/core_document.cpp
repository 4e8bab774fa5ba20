// Text in the place of an MRZ: an error with its place, or a document whose own lines read the same again and that,
// when it can be written, has the same fields in the lines that are written.
#include <string>
#include <vector>

#include "core/document/same_person.hpp"
#include "core/document/travel_document.hpp"

namespace {

void must(bool holds) {
    if (!holds) __builtin_trap();
}

bool same_fields(const paso::TravelDocument& a, const paso::TravelDocument& b) {
    return a.format == b.format && a.code == b.code && a.issuer == b.issuer && a.nationality == b.nationality &&
           a.number == b.number && a.surname == b.surname && a.given_names == b.given_names && a.birth == b.birth &&
           a.expiry == b.expiry && a.sex == b.sex && a.optional_1 == b.optional_1 && a.optional_2 == b.optional_2;
}

}  // namespace

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
    must(again && *again == *document);
    must(paso::link_persons(*document, *document) == paso::link_persons(*again, *document));
    const auto written = paso::write_mrz(*document);
    if (!written) {
        must(written.error().code == "mrz.write.format");
        return 0;
    }
    const auto read = paso::parse_mrz_lines(*written, today);
    must(read && same_fields(*read, *document));
    must(*paso::write_mrz(*read) == *written);
    return 0;
}
