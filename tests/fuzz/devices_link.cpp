// Frames and messages of the link between devices and kiosk: whatever comes, an error or a message, never a crash.
#include "devices/link/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    paso::link::Deframer deframer;
    if (deframer.push(bytes)) {
        while (const auto payload = deframer.next()) {
            if (const auto message = paso::link::decode(*payload)) {
                if (!paso::link::decode(paso::ByteView{paso::link::encode(*message)}.subspan(4))) __builtin_trap();
            }
        }
    }
    if (const auto message = paso::link::decode(bytes)) (void)message;
    return 0;
}
