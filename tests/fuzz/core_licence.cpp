// Driving licences: an error or a licence; what can be written reads the same again, its offsets right.
#include <algorithm>

#include "core/barcode/driving_licence.hpp"

namespace {

paso::LicenceFile without_places(paso::LicenceFile file) {
    for (paso::LicenceSubfile& s : file.subfiles) {
        for (paso::LicenceElement& e : s.elements) e.offset = 0;
    }
    return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    const auto licence = paso::parse_driving_licence(bytes);
    if (!licence) return 0;
    if (!paso::looks_like_driving_licence(bytes)) __builtin_trap();
    for (const paso::LicenceSubfile& s : licence->file.subfiles) {
        for (const paso::LicenceElement& e : s.elements) {
            if (paso::as_text(bytes).substr(e.offset, 3) != e.id) __builtin_trap();
        }
    }
    const auto written = paso::write_driving_licence(licence->file);
    if (!written) return 0;
    const auto again = paso::parse_driving_licence(*written);
    if (!again || !(without_places(again->file) == without_places(licence->file))) __builtin_trap();
    const auto& problems = again->problems;
    if (std::find(problems.begin(), problems.end(), "aamva.offset") != problems.end()) __builtin_trap();
    return 0;
}
