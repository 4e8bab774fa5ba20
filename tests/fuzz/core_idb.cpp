// Barcode data structures: whatever text comes, an error or messages; base32 has one form for each byte string. Input
// that is no text is taken as a payload, so that the fuzzer need not learn base32.
#include "core/barcode/barcode_data_structure.hpp"
#include "core/encoding/base32.hpp"
#include "core/encoding/inflate.hpp"

namespace {

void check(paso::ByteView text) {
    const auto content = paso::parse_barcode_data_structure(text, {}, paso::WallTime{});
    if (!content) return;
    if (content->trust.assurance > paso::Assurance::signature || content->messages.size() > 64) __builtin_trap();
    for (const paso::BarcodeMessage& m : content->messages) {
        if (m.feature.offset + m.feature.size > paso::most_inflated) __builtin_trap();
        for (const paso::SealFeature& f : m.parts) {
            const bool inside = f.offset >= m.feature.offset && f.offset + f.size <= m.feature.offset + m.feature.size;
            if (!inside) __builtin_trap();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    check(bytes);
    if (size == 0) return 0;
    const unsigned flags = data[0];
    check(paso::as_bytes(paso::write_barcode_text(bytes.subspan(1), (flags & 1U) != 0, (flags & 2U) != 0)));
    const auto decoded = paso::from_base32(paso::as_text(bytes));
    if (decoded && paso::base32(*decoded) != paso::as_text(bytes)) __builtin_trap();
    return 0;
}
