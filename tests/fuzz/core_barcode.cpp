// Payloads of symbols: whatever bytes come, a content.
#include "core/barcode/barcode_content.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    (void)paso::parse_barcode(bytes, paso::Symbology::qr, paso::Date{});
    return 0;
}
