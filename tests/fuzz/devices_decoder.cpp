// What a decoding process says to paso-devices, and the other way round: whatever comes, an error or what was asked
// for, never a crash. A reply that is taken says the same when it is written again.
#include "devices/decoder/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    const paso::DecodeRequest question{1, 2, {3}, 1920, 1080};
    if (const auto symbols = paso::decode_reply(bytes, question)) {
        if (symbols->readings.size() > paso::most_readings) __builtin_trap();
        for (const paso::BarcodeReading& r : symbols->readings) {
            if (r.frame != question.frame || r.captured != question.captured) __builtin_trap();
        }
        const paso::Bytes again = paso::encode_reply(question.number, *symbols);
        const auto same = paso::decode_reply(again, question);
        if (!same || same->readings.size() != symbols->readings.size()) __builtin_trap();
    }
    if (const auto request = paso::decode_request(bytes)) {
        const paso::Bytes again = paso::encode(*request);
        if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) __builtin_trap();
    }
    return 0;
}
