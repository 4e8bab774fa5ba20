// What paso-devices and its decoding process say to each other: one canonical CBOR array a packet. A reading crosses
// as the message of devices/link that carries it to the kiosk, so there is one form of it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace paso {

inline constexpr std::size_t most_reply = std::size_t{192} << 10U;  // bytes of a packet
inline constexpr std::size_t most_readings = 32;                    // of a frame

// [number, frame, captured, width, height]: the luma of this frame lies in the shared memory.
struct DecodeRequest {
    std::uint64_t number = 0;  // of the question, from 1 in each process
    std::uint64_t frame = 0;
    MonoTime captured{};
    int width = 0;
    int height = 0;
    bool operator==(const DecodeRequest&) const = default;
};

// What was found in one frame.
struct FrameSymbols {
    std::vector<BarcodeReading> readings;
};

[[nodiscard]] Bytes encode(const DecodeRequest& request);
// Errors: "decoder.request": another shape, or sides that are not 1 to 65535.
[[nodiscard]] Result<DecodeRequest> decode_request(ByteView packet);

// [number, [readings]]. Number 0 says that the process is ready. Readings that do not fit are left out.
[[nodiscard]] Bytes encode_reply(std::uint64_t number, const FrameSymbols& symbols);
// Errors: "decoder.reply": another shape, the answer to another question, or a reading that cannot be of that frame.
[[nodiscard]] Result<FrameSymbols> decode_reply(ByteView packet, const DecodeRequest& request);

}  // namespace paso
