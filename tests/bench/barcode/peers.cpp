#include "tests/bench/barcode/peers.hpp"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <exception>
#include <string_view>

namespace paso::bench {

std::vector<BarcodeReading> plain_zxing(const Frame& frame) {
    std::vector<BarcodeReading> out;
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode | ZXing::BarcodeFormat::Aztec | ZXing::BarcodeFormat::PDF417 |
                     ZXing::BarcodeFormat::DataMatrix);
    const ZXing::ImageView image(frame.luma().data(), frame.width(), frame.height(), ZXing::ImageFormat::Lum);
    try {
        for (const ZXing::Result& r : ZXing::ReadBarcodes(image, hints)) {
            if (!r.isValid()) continue;
            BarcodeReading b;
            switch (r.format()) {
                case ZXing::BarcodeFormat::QRCode:
                    b.symbology = Symbology::qr;
                    break;
                case ZXing::BarcodeFormat::Aztec:
                    b.symbology = Symbology::aztec;
                    break;
                case ZXing::BarcodeFormat::PDF417:
                    b.symbology = Symbology::pdf417;
                    break;
                default:
                    b.symbology = Symbology::data_matrix;
                    break;
            }
            for (const std::uint8_t v : r.bytes()) b.bytes.push_back(std::byte{v});
            out.push_back(std::move(b));
        }
    } catch (const std::exception&) {
        out.clear();  // it gave up: nothing read
    }
    return out;
}

}  // namespace paso::bench

#ifdef PASO_HAS_ZBAR
// zbar.h drags in C++ headers that C++20 does not take; these are the functions of its C interface that are used.
extern "C" {
struct zbar_image_scanner_s;
struct zbar_image_s;
struct zbar_symbol_s;
zbar_image_scanner_s* zbar_image_scanner_create();
void zbar_image_scanner_destroy(zbar_image_scanner_s*);
int zbar_image_scanner_set_config(zbar_image_scanner_s*, int symbology, int config, int value);
int zbar_scan_image(zbar_image_scanner_s*, zbar_image_s*);
zbar_image_s* zbar_image_create();
void zbar_image_destroy(zbar_image_s*);
void zbar_image_set_format(zbar_image_s*, unsigned long fourcc);
void zbar_image_set_size(zbar_image_s*, unsigned width, unsigned height);
void zbar_image_set_data(zbar_image_s*, const void*, unsigned long bytes, void (*cleanup)(zbar_image_s*));
const zbar_symbol_s* zbar_image_first_symbol(const zbar_image_s*);
const zbar_symbol_s* zbar_symbol_next(const zbar_symbol_s*);
const char* zbar_symbol_get_data(const zbar_symbol_s*);
unsigned zbar_symbol_get_data_length(const zbar_symbol_s*);
}

namespace paso::bench {

bool has_zbar() { return true; }

std::vector<BarcodeReading> zbar(const Frame& frame) {
    constexpr int qr = 64, enable = 0, binary = 4;
    constexpr unsigned long grey = 0x30303859;  // "Y800"
    std::vector<BarcodeReading> out;
    zbar_image_scanner_s* scanner = zbar_image_scanner_create();
    zbar_image_scanner_set_config(scanner, 0, enable, 0);
    zbar_image_scanner_set_config(scanner, qr, enable, 1);
    zbar_image_scanner_set_config(scanner, qr, binary, 1);
    zbar_image_s* image = zbar_image_create();
    zbar_image_set_format(image, grey);
    zbar_image_set_size(image, static_cast<unsigned>(frame.width()), static_cast<unsigned>(frame.height()));
    zbar_image_set_data(image, frame.luma().data(), frame.luma().size(), nullptr);
    zbar_scan_image(scanner, image);
    for (const zbar_symbol_s* s = zbar_image_first_symbol(image); s != nullptr; s = zbar_symbol_next(s)) {
        BarcodeReading b;
        b.symbology = Symbology::qr;
        b.bytes = to_bytes(as_bytes(std::string_view{zbar_symbol_get_data(s), zbar_symbol_get_data_length(s)}));
        out.push_back(std::move(b));
    }
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    return out;
}

}  // namespace paso::bench
#else
namespace paso::bench {
bool has_zbar() { return false; }
std::vector<BarcodeReading> zbar(const Frame&) { return {}; }
}  // namespace paso::bench
#endif
