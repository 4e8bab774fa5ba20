// Any key events at any times: what is given is a boarding pass of characters that keys can type.
#include "devices/scanner/wedge.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    paso::WedgeKeys keys(std::chrono::milliseconds{40});
    paso::MonoTime now{1'000'000'000};
    for (std::size_t i = 0; i + 4 <= size; i += 4) {  // type, code, value, milliseconds
        now = now + std::chrono::milliseconds{data[i + 3]};
        const auto r = keys.push(data[i], data[i + 1], data[i + 2], now);
        if (!r) continue;
        const auto typed = [](std::byte b) { return b >= std::byte{' '} && b <= std::byte{'~'}; };
        if (!std::all_of(r->bytes.begin(), r->bytes.end(), typed) || r->bytes.front() != std::byte{'M'})
            __builtin_trap();
    }
    return 0;
}
