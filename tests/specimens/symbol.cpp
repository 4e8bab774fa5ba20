#define ZX_USE_UTF8 1
#include "tests/specimens/symbol.hpp"

#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/CharacterSet.h>
#include <ZXing/MultiFormatWriter.h>

#include <exception>
#include <string>

namespace paso {
namespace {

ZXing::BarcodeFormat format_of(SymbolKind kind) {
    switch (kind) {
        case SymbolKind::pdf417:
            return ZXing::BarcodeFormat::PDF417;
        case SymbolKind::qr:
            return ZXing::BarcodeFormat::QRCode;
        case SymbolKind::aztec:
            return ZXing::BarcodeFormat::Aztec;
        case SymbolKind::data_matrix:
            return ZXing::BarcodeFormat::DataMatrix;
        case SymbolKind::none:
            break;
    }
    return ZXing::BarcodeFormat::None;
}

// ZXing draws each row of a PDF417 symbol four modules high; three are the least that ISO/IEC 15438 advises.
cv::Mat flatter(const cv::Mat& modules) {
    if (modules.rows % 4 != 0) return modules;
    cv::Mat out(modules.rows / 4 * 3, modules.cols, CV_8UC1);
    for (int y = 0; y < out.rows; ++y) modules.row(y / 3 * 4).copyTo(out.row(y));
    return out;
}

}  // namespace

Result<cv::Mat> draw_symbol(SymbolKind kind, ByteView payload) {
    if (kind == SymbolKind::none || payload.empty()) return fail("specimen.symbol", "nothing to write");
    std::wstring wide;  // one character a byte: ISO 8859-1
    for (const std::byte b : payload) wide.push_back(static_cast<wchar_t>(std::to_integer<unsigned char>(b)));
    try {
        ZXing::MultiFormatWriter writer(format_of(kind));
        writer.setEncoding(ZXing::CharacterSet::ISO8859_1).setMargin(0);
        const ZXing::BitMatrix bits = writer.encode(wide, 0, 0);
        cv::Mat out(bits.height(), bits.width(), CV_8UC1);
        for (int y = 0; y < bits.height(); ++y) {
            for (int x = 0; x < bits.width(); ++x) out.at<std::uint8_t>(y, x) = bits.get(x, y) ? 0 : 255;
        }
        return kind == SymbolKind::pdf417 ? flatter(out) : out;
    } catch (const std::exception& e) {
        return fail("specimen.symbol", e.what());
    }
}

}  // namespace paso
