// A symbol as a camera or scanner read it: bytes, never text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/geometry.hpp"
#include "core/base/time.hpp"

namespace paso {

enum class Symbology : std::uint8_t { unknown = 0, qr = 1, aztec = 2, pdf417 = 3, data_matrix = 4, other = 5 };
[[nodiscard]] constexpr std::string_view name(Symbology s) {
    switch (s) {
        case Symbology::unknown:
            return "unknown";
        case Symbology::qr:
            return "QR";
        case Symbology::aztec:
            return "Aztec";
        case Symbology::pdf417:
            return "PDF417";
        case Symbology::data_matrix:
            return "DataMatrix";
        case Symbology::other:
            return "other";
    }
    return "unknown";
}

struct BarcodeReading {
    Symbology symbology = Symbology::unknown;
    char modifier = '0';  // the last character of the AIM symbology identifier, ISO/IEC 15424
    Bytes bytes;
    Quad corners{};           // all zero from a hand-held scanner
    std::uint64_t frame = 0;  // 0 from a hand-held scanner
    MonoTime captured{};
};

}  // namespace paso
