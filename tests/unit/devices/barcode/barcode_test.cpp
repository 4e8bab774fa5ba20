// Payloads of every kind, written by ZXing into a frame, come back byte by byte.
#define ZX_USE_UTF8 1
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "devices/barcode/read_barcodes.hpp"

using namespace paso;

namespace {

std::vector<std::pair<std::string, Bytes>> payloads() {
    std::mt19937 r(11);
    Bytes random(120);
    for (auto& b : random) b = static_cast<std::byte>(r());
    Bytes all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
    Bytes nul = to_bytes(as_bytes("a"));
    nul.insert(nul.end(), 3, std::byte{0});
    nul.push_back(std::byte{'b'});
    Bytes header{std::byte{0xDC}, std::byte{0x03}, std::byte{0xD9}, std::byte{0xC5}, std::byte{0x00}, std::byte{0x1D}};
    return {{"random", random},
            {"all values", all},
            {"NUL", nul},
            {"AAMVA controls", to_bytes(as_bytes("@\n\x1e\rANSI 636000080001DL00310012DLDAQT6423\n\r"))},
            {"UTF-8", to_bytes(as_bytes("\xC3\xB1"
                                        "and\xC3\xBA \xD8\xB9"))},
            {"Latin-1", to_bytes(as_bytes("\xD1"
                                          "and\xFA"))},
            {"seal header", header}};
}

Frame drawn(ZXing::BarcodeFormat format, const Bytes& payload) {
    std::wstring text;
    for (const std::byte b : payload) text.push_back(static_cast<wchar_t>(std::to_integer<unsigned char>(b)));
    ZXing::MultiFormatWriter writer(format);
    writer.setEncoding(ZXing::CharacterSet::ISO8859_1).setMargin(4);
    const ZXing::BitMatrix matrix = writer.encode(text, 0, 0);
    const int scale = format == ZXing::BarcodeFormat::PDF417 ? 3 : 6;
    const int width = matrix.width() * scale + 80;
    const int height = matrix.height() * scale + 80;
    auto pixels =
        std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width * height), std::uint8_t{235});
    for (int y = 0; y < matrix.height() * scale; ++y) {
        for (int x = 0; x < matrix.width() * scale; ++x) {
            if (matrix.get(x / scale, y / scale)) (*pixels)[static_cast<std::size_t>((y + 40) * width + x + 40)] = 25;
        }
    }
    return {width, height, false, std::move(pixels), {77}, 5};
}

// The picture laid before a 1080p camera.
Frame by_camera(const Frame& flat, std::uint64_t seed) {
    const cv::Mat from(flat.height(), flat.width(), CV_8UC1, const_cast<std::uint8_t*>(flat.luma().data()));
    const float w = static_cast<float>(from.cols), h = static_cast<float>(from.rows);
    const float k = std::min(1.2F, 900 / std::hypot(w, h));
    cv::RNG rng(seed);
    const auto jitter = [&] { return rng.uniform(-0.04F, 0.04F) * w * k; };
    const std::vector<cv::Point2f> corners{{0, 0}, {w, 0}, {w, h}, {0, h}};
    std::vector<cv::Point2f> to;
    for (const auto& p : corners) {
        const float u = (p.x - w / 2) * k, v = (p.y - h / 2) * k;
        to.emplace_back(900 + 0.978F * u + 0.208F * v + jitter(), 520 + 0.978F * v - 0.208F * u + jitter());
    }
    cv::Mat luma(1080, 1920, CV_8UC1, cv::Scalar(60)), soft;
    cv::GaussianBlur(from, soft, {}, 0.8);
    cv::warpPerspective(soft, luma, cv::getPerspectiveTransform(corners, to), luma.size(), cv::INTER_LINEAR,
                        cv::BORDER_TRANSPARENT);
    for (int x = 0; x < luma.cols; ++x) luma.col(x) *= 1 - 0.4 * x / luma.cols;
    cv::Mat noise(luma.size(), CV_16SC1);
    rng.fill(noise, cv::RNG::NORMAL, 0, 4);
    cv::add(luma, noise, luma, cv::noArray(), CV_8U);
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(luma.datastart, luma.dataend);
    return {luma.cols, luma.rows, false, std::move(pixels), {78}, 6};
}

}  // namespace

TEST_CASE("bytes are bytes in every symbology") {
    for (const auto& [format, symbology] : {std::pair{ZXing::BarcodeFormat::QRCode, Symbology::qr},
                                            {ZXing::BarcodeFormat::Aztec, Symbology::aztec},
                                            {ZXing::BarcodeFormat::PDF417, Symbology::pdf417},
                                            {ZXing::BarcodeFormat::DataMatrix, Symbology::data_matrix}}) {
        for (const auto& [what, payload] : payloads()) {
            INFO(name(symbology) << ", " << what);
            const auto seen = read_barcodes(drawn(format, payload), {});
            REQUIRE(seen.size() == 1);
            CHECK(seen[0].symbology == symbology);
            CHECK(seen[0].bytes == payload);
            CHECK(seen[0].frame == 5);
            CHECK(seen[0].captured == MonoTime{77});
            CHECK(seen[0].corners[1].x > seen[0].corners[0].x);
        }
    }
}

TEST_CASE("28 payloads come through a camera byte by byte: turned, tilted, soft, shaded and noisy") {
    std::uint64_t seed = 1;
    for (const auto& [format, symbology] : {std::pair{ZXing::BarcodeFormat::QRCode, Symbology::qr},
                                            {ZXing::BarcodeFormat::Aztec, Symbology::aztec},
                                            {ZXing::BarcodeFormat::PDF417, Symbology::pdf417},
                                            {ZXing::BarcodeFormat::DataMatrix, Symbology::data_matrix}}) {
        for (const auto& [what, payload] : payloads()) {
            INFO(name(symbology) << ", " << what);
            const auto seen = read_barcodes(by_camera(drawn(format, payload), ++seed), {});
            REQUIRE(seen.size() == 1);
            CHECK(seen[0].symbology == symbology);
            CHECK(seen[0].bytes == payload);
        }
    }
}

TEST_CASE("no attempt begins when the time is over") {
    for (const auto format : {ZXing::BarcodeFormat::QRCode, ZXing::BarcodeFormat::Aztec, ZXing::BarcodeFormat::PDF417,
                              ZXing::BarcodeFormat::DataMatrix}) {
        const Frame frame = drawn(format, to_bytes(as_bytes("hello")));
        CHECK(read_barcodes(frame, {.most_time = std::chrono::nanoseconds{1}}).empty());
        CHECK(read_barcodes(frame, {.most_time = std::chrono::hours{1}}).size() == 1);
    }
}

TEST_CASE("only what is asked for is looked for; nothing is found in nothing") {
    const Frame qr = drawn(ZXing::BarcodeFormat::QRCode, to_bytes(as_bytes("hello")));
    CHECK(read_barcodes(qr, {.qr = false}).empty());
    CHECK(read_barcodes(qr, {false, false, false, false}).empty());
    CHECK(read_barcodes({}, {}).empty());
    std::mt19937 r(1);
    auto noise = std::make_shared<std::vector<std::uint8_t>>(320 * 240);
    for (auto& p : *noise) p = static_cast<std::uint8_t>(r());
    CHECK(read_barcodes(Frame(320, 240, false, noise, {}, 1), {}).empty());
    CHECK(read_barcodes(Frame(1, 1, false, std::make_shared<std::vector<std::uint8_t>>(1), {}, 1), {}).empty());
}
