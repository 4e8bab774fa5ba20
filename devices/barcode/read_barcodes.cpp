#include "devices/barcode/read_barcodes.hpp"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <exception>
#include <utility>

namespace paso {
namespace {

Symbology symbology_of(ZXing::BarcodeFormat format) {
    switch (format) {
        case ZXing::BarcodeFormat::QRCode:
            return Symbology::qr;
        case ZXing::BarcodeFormat::Aztec:
            return Symbology::aztec;
        case ZXing::BarcodeFormat::PDF417:
            return Symbology::pdf417;
        case ZXing::BarcodeFormat::DataMatrix:
            return Symbology::data_matrix;
        default:
            return Symbology::other;
    }
}

ZXing::BarcodeFormats formats_of(const BarcodeOptions& o) {
    ZXing::BarcodeFormats formats;
    if (o.qr) formats |= ZXing::BarcodeFormat::QRCode;
    if (o.aztec) formats |= ZXing::BarcodeFormat::Aztec;
    if (o.pdf417) formats |= ZXing::BarcodeFormat::PDF417;
    if (o.data_matrix) formats |= ZXing::BarcodeFormat::DataMatrix;
    return formats;
}

BarcodeReading to_reading(const ZXing::Result& result, const Frame& frame) {
    BarcodeReading r;
    r.symbology = symbology_of(result.format());
    const std::string identifier = result.symbologyIdentifier();
    if (!identifier.empty()) r.modifier = identifier.back();
    const auto* bytes = reinterpret_cast<const std::byte*>(result.bytes().data());
    r.bytes.assign(bytes, bytes + result.bytes().size());
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& p = result.position()[i];
        r.corners[i] = {static_cast<float>(p.x), static_cast<float>(p.y)};
    }
    r.frame = frame.sequence();
    r.captured = frame.captured();
    return r;
}

}  // namespace

std::vector<BarcodeReading> read_barcodes(const Frame& frame, const BarcodeOptions& options) {
    std::vector<BarcodeReading> out;
    const ZXing::BarcodeFormats formats = formats_of(options);
    if (frame.empty() || formats.empty()) return out;  // no formats would mean all to ZXing
    ZXing::DecodeHints hints;
    hints.setFormats(formats);
    hints.setTryHarder(true);
    hints.setTryRotate(true);
    const ZXing::ImageView image(frame.luma().data(), frame.width(), frame.height(), ZXing::ImageFormat::Lum);
    try {
        for (const ZXing::Result& result : ZXing::ReadBarcodes(image, hints)) {
            if (result.isValid() && !result.readerInit()) out.push_back(to_reading(result, frame));
        }
    } catch (const std::exception&) {
        out.clear();  // a decoder that gives up on strange pixels has found nothing in this frame
    }
    return out;
}

}  // namespace paso
