#include "devices/picture/picture.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

using namespace paso;

namespace {

Frame drawn(int width, int height, bool colour) {
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(width, height, colour));
    const auto luma = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    for (std::size_t i = 0; i < pixels->size(); ++i) {
        const std::size_t x = i % static_cast<std::size_t>(width);
        (*pixels)[i] =
            static_cast<std::uint8_t>(i < luma ? 40 + x * 170 / static_cast<std::size_t>(width) : 120 + i % 7);
    }
    return {width, height, colour, std::move(pixels), {}, 0};
}

double difference(const Frame& a, const Frame& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.luma().size(); ++i) sum += std::abs(int{a.luma()[i]} - int{b.luma()[i]});
    return sum / static_cast<double>(a.luma().size());
}

}  // namespace

TEST_CASE("JPEG and PNG cross, grey and colour, of odd sizes too") {
    for (const bool colour : {false, true}) {
        for (const auto& [w, h] : {std::pair{64, 48}, {67, 33}, {17, 16}}) {
            const Frame frame = drawn(w, h, colour);
            const auto png = decode_picture(encode_png(frame), {}, {5}, 9);
            REQUIRE(png);
            CHECK(png->width() == w);
            CHECK(png->height() == h);
            CHECK(png->sequence() == 9);
            CHECK(png->captured() == MonoTime{5});
            CHECK(difference(frame, *png) < (colour ? 1.5 : 0.01));
            const auto jpeg = decode_picture(encode_jpeg(frame, 95), {}, {}, 0);
            REQUIRE(jpeg);
            CHECK(jpeg->colour() == colour);
            CHECK(difference(frame, *jpeg) < 3);
        }
    }
}

TEST_CASE("sizes are checked before a pixel is decoded") {
    const Bytes png = encode_png(drawn(300, 200, false));
    const auto small = decode_picture(png, {.max_side = 250}, {}, 0);
    REQUIRE_FALSE(small);
    CHECK(small.error().code == "picture.too_large");
    CHECK(small.error().detail.find("300 x 200") != std::string::npos);
    CHECK(decode_picture(encode_jpeg(drawn(300, 200, true), 90), {.max_pixels = 1000}, {}, 0).error().code ==
          "picture.too_large");
    CHECK(decode_picture(png, {.max_bytes = 10}, {}, 0).error().code == "picture.too_large");
    Bytes huge = png;  // a header that claims two milliards of pixels
    for (const std::size_t at : {16U, 20U}) huge[at] = std::byte{0x7F};
    CHECK_FALSE(decode_picture(huge, {}, {}, 0));
}

TEST_CASE("what is no picture, cut off or damaged is an error with a name") {
    CHECK(decode_picture({}, {}, {}, 0).error().code == "picture.unknown_format");
    CHECK(decode_picture(as_bytes("GIF89a......"), {}, {}, 0).error().code == "picture.unknown_format");
    std::mt19937 r(3);
    for (const bool jpeg : {true, false}) {
        const Frame frame = drawn(160, 120, true);
        const Bytes whole = jpeg ? encode_jpeg(frame, 90) : encode_png(frame);
        for (std::size_t n = 0; n + 20 < whole.size(); n += 1 + whole.size() / 60) {
            const auto cut = decode_picture(ByteView{whole}.first(n), {}, {}, 0);
            REQUIRE_FALSE(cut);
            CHECK(cut.error().code.starts_with("picture."));
        }
        for (int i = 0; i < 300; ++i) {
            Bytes m = whole;
            for (int k = 0; k < 4; ++k) m[r() % m.size()] = static_cast<std::byte>(r());
            (void)decode_picture(m, {.max_side = 4096}, {}, 0);
        }
    }
}

TEST_CASE("a smaller picture keeps its shape") {
    const Frame s = scaled(drawn(1280, 720, true), 640, 360);
    CHECK(s.width() == 640);
    CHECK(s.height() == 360);
    CHECK(s.colour());
    CHECK(std::abs(int{s.luma()[100]} - int{drawn(1280, 720, true).luma()[200]}) < 4);
    CHECK(scaled(drawn(100, 400, false), 200, 200).width() == 50);
    CHECK(scaled(drawn(40, 30, false), 200, 200).width() == 40);
    CHECK(scaled({}, 100, 100).empty());
}
