#include "devices/barcode/zxing_decode.hpp"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <exception>

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

ZXing::BarcodeFormats formats_of(Kinds kinds) {
    using ZXing::BarcodeFormat;
    switch (kinds) {
        case Kinds::matrix:
            return BarcodeFormat::QRCode | BarcodeFormat::DataMatrix;
        case Kinds::qr:
            return BarcodeFormat::QRCode;
        case Kinds::aztec:
            return BarcodeFormat::Aztec;
        case Kinds::data_matrix:
            return BarcodeFormat::DataMatrix;
        case Kinds::pdf417:
            return BarcodeFormat::PDF417;
        case Kinds::qr_and_pdf417:
            return BarcodeFormat::QRCode | BarcodeFormat::PDF417;
    }
    return BarcodeFormat::QRCode;
}

ZXing::Binarizer binarizer_of(Threshold t) {
    switch (t) {
        case Threshold::local:
            return ZXing::Binarizer::LocalAverage;
        case Threshold::by_line:
            return ZXing::Binarizer::GlobalHistogram;
        case Threshold::middle:
            return ZXing::Binarizer::FixedThreshold;
    }
    return ZXing::Binarizer::LocalAverage;
}

Decoded to_decoded(const ZXing::Result& result) {
    Decoded d;
    d.symbology = symbology_of(result.format());
    const std::string identifier = result.symbologyIdentifier();
    if (!identifier.empty()) d.modifier = identifier.back();
    const auto* bytes = reinterpret_cast<const std::byte*>(result.bytes().data());
    d.bytes.assign(bytes, bytes + result.bytes().size());
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& p = result.position()[i];
        d.corners[i] = {static_cast<float>(p.x), static_cast<float>(p.y)};
    }
    if (result.isPartOfSequence()) {
        d.index = result.sequenceIndex();
        d.parts = result.sequenceSize();
        d.sequence = result.sequenceId();
    }
    return d;
}

}  // namespace

std::vector<Decoded> decode_by_zxing(const cv::Mat& pixels, Kinds kinds, Threshold threshold, Look look) {
    std::vector<Decoded> out;
    if (pixels.empty()) return out;
    // ZXing 1.4 writes before its array of codewords in a clean PDF417 and ends the process at an assertion in a clean
    // QR (tests/fuzz/corpus/zxing).
    const bool pure = look == Look::clean && (kinds == Kinds::aztec || kinds == Kinds::data_matrix);
    const cv::Mat dense = pixels.isContinuous() ? pixels : pixels.clone();
    ZXing::DecodeHints hints;
    hints.setFormats(formats_of(kinds));
    hints.setTryHarder(look != Look::clean);
    hints.setTryRotate(look == Look::hard);
    hints.setTryDownscale(false);
    hints.setIsPure(pure);
    hints.setBinarizer(binarizer_of(threshold));
    const ZXing::ImageView image(dense.data, dense.cols, dense.rows, ZXing::ImageFormat::Lum);
    try {
        const auto results =
            pure ? ZXing::Results{ZXing::ReadBarcode(image, hints)} : ZXing::ReadBarcodes(image, hints);
        for (const ZXing::Result& result : results) {
            if (result.isValid() && !result.readerInit()) out.push_back(to_decoded(result));
        }
    } catch (const std::exception&) {
        out.clear();  // a decoder that gives up on strange pixels has found nothing in them
    }
    return out;
}

}  // namespace paso
