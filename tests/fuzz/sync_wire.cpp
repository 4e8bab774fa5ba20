// Batches and acknowledgements from a peer: what decodes must encode to the same bytes.
#include <algorithm>
#include <cstdlib>

#include "sync/wire/batch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    if (const auto batch = paso::decode_batch(bytes)) {
        const paso::Bytes again = paso::encode_batch(*batch);
        if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
        for (const paso::EventView& e : batch->events) (void)paso::decode_header(e.header);
    }
    if (const auto ack = paso::decode_ack(bytes)) {
        const paso::Bytes again = paso::encode_ack(*ack);
        if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
    }
    return 0;
}
