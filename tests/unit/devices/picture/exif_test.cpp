// The eight orientations, in files as cameras and telephones write them, and in broken ones.
#include "devices/picture/exif.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "devices/picture/picture.hpp"

using namespace paso;

namespace {

// 3 x 2 pixels, stored:  1 2 3
//                        4 5 6
Frame stored() {
    return {3,     2,
            false, std::make_shared<std::vector<std::uint8_t>>(std::initializer_list<std::uint8_t>{1, 2, 3, 4, 5, 6}),
            {},    7};
}

std::string pixels(const Frame& f) {
    std::string out;
    for (std::size_t i = 0; i < f.luma().size(); ++i) {
        if (i > 0 && i % static_cast<std::size_t>(f.width()) == 0) out += '/';
        out += static_cast<char>('0' + f.luma()[i]);
    }
    return out;
}

std::string u16(unsigned v, bool little) {
    const char high = static_cast<char>(v >> 8U), low = static_cast<char>(v);
    return little ? std::string{low, high} : std::string{high, low};
}
std::string u32(unsigned v, bool little) {
    return little ? u16(v & 0xFFFFU, true) + u16(v >> 16U, true) : u16(v >> 16U, false) + u16(v & 0xFFFFU, false);
}

std::string tiff(unsigned orientation, bool little) {
    const auto entry = [&](unsigned tag, unsigned value) {
        return u16(tag, little) + u16(3, little) + u32(1, little) + u16(value, little) + u16(0, little);
    };
    return (little ? "II" : "MM") + u16(42, little) + u32(8, little) + u16(2, little) + entry(0x0100, 9) +
           entry(0x0112, orientation) + u32(0, little);
}

Bytes with_exif_jpeg(const Bytes& jpeg, const std::string& tiff) {
    const std::string body = std::string{"Exif\0\0", 6} + tiff;
    const std::string segment = "\xFF\xE1" + u16(static_cast<unsigned>(body.size()) + 2, false) + body;
    Bytes out(jpeg.begin(), jpeg.begin() + 2);
    const ByteView add = as_bytes(segment);
    out.insert(out.end(), add.begin(), add.end());
    out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
    return out;
}

Bytes with_exif_png(const Bytes& png, const std::string& tiff) {
    const std::string chunk = u32(static_cast<unsigned>(tiff.size()), false) + "eXIf" + tiff + std::string(4, '\0');
    constexpr std::ptrdiff_t after_header = 8 + 25;
    Bytes out(png.begin(), png.begin() + after_header);
    const ByteView add = as_bytes(chunk);
    out.insert(out.end(), add.begin(), add.end());
    out.insert(out.end(), png.begin() + after_header, png.end());
    return out;
}

// Grey, with one dark corner: the stored top left.
Frame corner() {
    auto p = std::make_shared<std::vector<std::uint8_t>>(64UL * 48UL, std::uint8_t{200});
    for (std::size_t y = 0; y < 16; ++y) {
        for (std::size_t x = 0; x < 16; ++x) (*p)[y * 64 + x] = 10;
    }
    return {64, 48, false, p, {}, 0};
}

}  // namespace

TEST_CASE("the eight orientations of Exif") {
    const std::pair<Orientation, const char*> all[] = {
        {Orientation::top_left, "123/456"},      {Orientation::top_right, "321/654"},
        {Orientation::bottom_right, "654/321"},  {Orientation::bottom_left, "456/123"},
        {Orientation::left_top, "14/25/36"},     {Orientation::right_top, "41/52/63"},
        {Orientation::right_bottom, "63/52/41"}, {Orientation::left_bottom, "36/25/14"}};
    for (const auto& [orientation, expected] : all) {
        CHECK(pixels(turned(stored(), orientation)) == expected);
        CHECK(turned(stored(), orientation).sequence() == 7);
    }
}

TEST_CASE("colour turns with the light") {
    auto p = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(5, 3, true));
    for (std::size_t i = 0; i < p->size(); ++i) (*p)[i] = static_cast<std::uint8_t>(i);
    const Frame f(5, 3, true, p, {}, 0);
    const Frame t = turned(f, Orientation::right_top);
    CHECK(t.width() == 3);
    CHECK(t.height() == 5);
    CHECK(t.planes().size() == f.planes().size());
    CHECK(int{t.planes()[15]} == 18);  // Cb: 3 x 2 became 2 x 3; below the top right stands what was left
    CHECK(int{t.planes()[16]} == 15);
    CHECK(turned(turned(f, Orientation::right_top), Orientation::left_bottom).planes()[7] == f.planes()[7]);
}

TEST_CASE("a file says how it lies, in either order of bytes, as JPEG and as PNG") {
    const Bytes jpeg = encode_jpeg(corner(), 95), png = encode_png(corner());
    CHECK(orientation_of(jpeg) == Orientation::top_left);
    CHECK(orientation_of(png) == Orientation::top_left);
    for (unsigned o = 1; o <= 8; ++o) {
        for (const bool little : {false, true}) {
            const Bytes files[] = {with_exif_jpeg(jpeg, tiff(o, little)), with_exif_png(png, tiff(o, little))};
            CHECK(orientation_of(files[0]) == static_cast<Orientation>(o));
            CHECK(orientation_of(files[1]) == static_cast<Orientation>(o));
        }
        const auto frame = decode_picture(with_exif_jpeg(jpeg, tiff(o, o % 2 == 0)), {}, {}, 0);
        REQUIRE(frame);
        CHECK((frame->width() == 64) == (o <= 4));
        const auto at = [&](int x, int y) {
            return frame->luma()[static_cast<std::size_t>(y) * static_cast<std::size_t>(frame->width()) +
                                 static_cast<std::size_t>(x)];
        };
        const bool right = o == 2 || o == 3 || o == 6 || o == 7, low = o == 3 || o == 4 || o == 7 || o == 8;
        CHECK(at(right ? frame->width() - 4 : 4, low ? frame->height() - 4 : 4) < 60);
        CHECK(at(right ? 4 : frame->width() - 4, low ? 4 : frame->height() - 4) > 150);
    }
}

TEST_CASE("what Exif does not know, or is cut off, leaves the picture as it is stored") {
    const Bytes jpeg = encode_jpeg(corner(), 95), png = encode_png(corner());
    for (const unsigned value : {0U, 9U, 0xFFFFU})
        CHECK(orientation_of(with_exif_jpeg(jpeg, tiff(value, true))) == Orientation::top_left);
    CHECK(orientation_of(with_exif_jpeg(jpeg, "XX" + tiff(6, true).substr(2))) == Orientation::top_left);
    CHECK(orientation_of({}) == Orientation::top_left);
    const std::string far = "II" + u16(42, true) + u32(0xFFFFFFFFU, true);
    CHECK(orientation_of(with_exif_jpeg(jpeg, far)) == Orientation::top_left);
    CHECK(orientation_of(with_exif_png(png, far)) == Orientation::top_left);
    for (const Bytes& whole : {with_exif_jpeg(jpeg, tiff(6, false)), with_exif_png(png, tiff(6, false))}) {
        for (std::size_t n = 0; n < 120; ++n) (void)orientation_of(ByteView{whole}.first(n));
        std::mt19937 rng(5);
        for (int round = 0; round < 3000; ++round) {
            Bytes broken = whole;
            for (int i = 0; i < 3; ++i) broken[rng() % 110] = static_cast<std::byte>(rng());
            const Orientation o = orientation_of(broken);
            REQUIRE((o >= Orientation::top_left && o <= Orientation::left_bottom));
        }
    }
}
