// Canonical CBOR: whatever is accepted ends where it should, and no count makes the reader allocate.
#include "core/encoding/cbor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    paso::CborReader reader(bytes);
    while (reader.item() && !reader.at_end()) {
    }
    (void)paso::check_canonical(bytes);
    return 0;
}
