// Whatever the pixels are, read_mrz gives rows of at most 44 cells and never throws. The first two bytes say the size.
#include <cmath>
#include <opencv2/core.hpp>

#include "devices/mrz/read_mrz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    static paso::MrzTracker tracker = [] {
        cv::setNumThreads(1);
        return paso::MrzTracker{};
    }();
    const int width = 1 + data[0] * 3;
    const int height = 1 + data[1];
    auto pixels =
        std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (std::size_t i = 0; i < pixels->size(); ++i) (*pixels)[i] = data[2 + i % (size - 2)];
    const paso::Frame frame(width, height, false, std::move(pixels), paso::MonoTime{}, 1);
    for (const paso::MrzReading& reading : paso::read_mrz(frame, tracker)) {
        if (reading.rows.size() < 2 || reading.rows.size() > 3) __builtin_trap();
        for (const paso::MrzRow& row : reading.rows) {
            if (row.cells.empty() || row.cells.size() > 44) __builtin_trap();
        }
    }
    return 0;
}
