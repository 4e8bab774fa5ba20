// Whatever the pixels are, read_barcodes ends, stays in its bounds and throws nothing. The first two bytes say the
// size, the rest are pixels, repeated where there are too few; ZXing 1.4 has had reads beyond its bounds, so the corpus
// holds symbols whose finders are right and whose modules are not.
#include <memory>
#include <opencv2/core.hpp>

#include "devices/barcode/read_barcodes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    static const bool one_thread = [] {
        cv::setNumThreads(1);
        return true;
    }();
    if (!one_thread) return 0;
    const int width = 1 + data[0] * 2;
    const int height = 1 + data[1] * 2;
    auto pixels =
        std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (std::size_t i = 0; i < pixels->size(); ++i) (*pixels)[i] = data[2 + i % (size - 2)];
    const paso::Frame frame(width, height, false, std::move(pixels), paso::MonoTime{}, 1);
    for (const paso::BarcodeReading& reading : paso::read_barcodes(frame, {})) {
        if (reading.symbology == paso::Symbology::unknown || reading.symbology == paso::Symbology::other)
            __builtin_trap();
    }
    return 0;
}
