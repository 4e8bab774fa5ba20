// Headers and bodies of events: whatever bytes come, an error or a value that is written the same again.
#include "core/crossing/crossing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    if (const auto header = paso::decode_header(bytes)) {
        if (paso::encode_header(*header) != paso::to_bytes(bytes)) __builtin_trap();
    }
    const auto same = [&](const paso::Bytes& again) {
        if (again != paso::to_bytes(bytes)) __builtin_trap();
    };
    if (const auto inspection = paso::decode_inspection(bytes)) same(paso::encode_inspection(*inspection));
    if (const auto decision = paso::decode_decision(bytes)) same(paso::encode_decision(*decision));
    if (const auto note = paso::decode_note(bytes)) same(paso::encode_note(*note));
    return 0;
}
