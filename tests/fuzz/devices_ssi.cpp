// Bytes of a scanner's line in any pieces and at any times: answers are whole packets, and no more is given than came.
#include "devices/scanner/ssi.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    for (const bool aim : {false, true}) {
        paso::SsiLink link(aim);
        paso::MonoTime now{1'000'000'000};
        std::size_t given = 0;
        for (std::size_t i = 0; i < size;) {
            // The first byte of each piece is also how long it is and how long the line was silent before it.
            const std::size_t piece = std::min<std::size_t>(size - i, 1U + (data[i] & 63U));
            now = now + std::chrono::milliseconds{(data[i] & 128U) != 0 ? 150 : 1};
            const paso::SsiStep step = link.push(bytes.subspan(i, piece), now);
            for (const auto& r : step.readings) given += r.bytes.size();
            for (std::size_t k = 0; k < step.answer.size(); k += std::to_integer<std::size_t>(step.answer[k]) + 2) {
                if (step.answer[k] < std::byte{4} || step.answer[k] > std::byte{5}) __builtin_trap();
            }
            i += piece;
        }
        if (given > size) __builtin_trap();
    }
    return 0;
}
