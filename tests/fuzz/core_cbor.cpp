// CBOR: whatever is accepted ends where it should, and no count makes a reader allocate. What the strict reader
// accepts, the reader of foreign CBOR accepts too.
#include "core/encoding/cbor.hpp"
#include "core/encoding/cbor_tree.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    paso::CborReader reader(bytes);
    while (reader.item() && !reader.at_end()) {
    }
    const auto tree = paso::CborTree::parse(bytes);
    if (paso::check_canonical(bytes) && !tree && tree.error().code != "cbor.too_many") __builtin_trap();
    if (tree && ((*tree)[0].encoded.size() != size || (*tree)[0].after > size)) __builtin_trap();
    return 0;
}
