// Lists as CSV: whatever bytes come, an error with its place or records that all have as many fields as the first.
#include "core/encoding/base64.hpp"
#include "core/encoding/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto records = paso::parse_csv(text, {.records = 1000, .fields = 16});
    if (!records && (!records.error().place.line || !records.error().place.column)) __builtin_trap();
    if (records) {
        for (const auto& r : *records) {
            if (r.fields.size() != records->front().fields.size()) __builtin_trap();
        }
    }
    if (const auto bytes = paso::from_base64(text); bytes && paso::base64(*bytes) != text) __builtin_trap();
    if (const auto bytes = paso::from_base64url(text); bytes && paso::base64url(*bytes) != text) __builtin_trap();
    return 0;
}
