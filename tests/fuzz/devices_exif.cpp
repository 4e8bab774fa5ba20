// Whatever a file says about how it lies, the answer is one of eight and nothing outside of the file is read.
#include "devices/picture/exif.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto orientation = paso::orientation_of(std::as_bytes(std::span{data, size}));
    if (orientation < paso::Orientation::top_left || orientation > paso::Orientation::left_bottom) __builtin_trap();
    return 0;
}
