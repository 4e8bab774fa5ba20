// Headers and bodies of events: whatever bytes come, an error or a value that is written the same again.
#include "core/crossing/crossing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    if (const auto header = paso::decode_header(bytes)) {
        if (paso::encode_header(*header) != paso::to_bytes(bytes)) __builtin_trap();
    }
    (void)paso::decode_inspection(bytes);
    (void)paso::decode_decision(bytes);
    (void)paso::decode_note(bytes);
    return 0;
}
