// Payloads of symbols: whatever bytes come, a content; what is believed follows from what they are.
#include "core/barcode/barcode_content.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    paso::Bytes own = paso::to_bytes(bytes);
    const paso::ReadingMoment moment{*paso::Date::of(2026, 11, 25), {1'795'600'000'000}};
    const paso::BarcodeContent content = paso::parse_barcode(own, paso::Symbology::qr, {}, moment);
    const bool unknown = paso::kind_of(content) == paso::BarcodeKind::unknown;
    if (unknown != (content.assurance == paso::Assurance::none)) __builtin_trap();
    if (content.assurance > paso::Assurance::signature) __builtin_trap();  // nobody is trusted
    // What was cut reads as the same kind with the same digest.
    const paso::BarcodeContent again = paso::parse_barcode(own, paso::Symbology::qr, {}, moment);
    if (!(again == content)) __builtin_trap();
    return 0;
}
