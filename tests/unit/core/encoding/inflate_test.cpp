#include "core/encoding/inflate.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/deflate.hpp"

using namespace paso;
using namespace paso::test;

TEST_CASE("what was deflated comes back, up to the bound and not above") {
    std::mt19937 r(1);
    for (const std::size_t size : {0U, 1U, 100U, 4095U, 4096U, 4097U, 65'535U, 65'536U}) {
        Bytes b(size);
        for (auto& x : b) x = static_cast<std::byte>(r() % 7);
        const auto back = inflate_zlib(deflated(b));
        REQUIRE(back);
        CHECK(*back == b);
    }
    CHECK(inflate_zlib(deflated(Bytes(65'537))).error().code == "inflate.too_large");
    CHECK(inflate_zlib(deflated(Bytes(50'000'000))).error().code == "inflate.too_large");
    CHECK(inflate_zlib(deflated(Bytes(11)), 10).error().code == "inflate.too_large");
    CHECK(inflate_zlib(deflated(Bytes(10)), 10));
}

TEST_CASE("no stream: cut off, changed checksum, bytes behind, raw deflate") {
    const Bytes stream = deflated(as_bytes("a text that is longer than nothing, a text that is longer"));
    for (std::size_t n = 0; n < stream.size(); ++n)
        CHECK(inflate_zlib(ByteView{stream}.first(n)).error().code == "inflate.format");
    Bytes changed = stream;
    changed.back() ^= std::byte{1};
    CHECK(inflate_zlib(changed).error().code == "inflate.format");
    Bytes longer = stream;
    longer.push_back(std::byte{0});
    CHECK(inflate_zlib(longer).error().code == "inflate.trailing");
    CHECK(inflate_zlib(ByteView{stream}.subspan(2)).error().code == "inflate.format");
}

TEST_CASE("a gzip file is inflated within the same bound, and is no zlib stream") {
    // printf '<<<<<<<<<<<<' | gzip -9 -n
    const Bytes file = *from_hex("1f8b0800000000000203b3b1410000917094930c000000");
    const auto text = inflate_gzip(file, 12);
    REQUIRE(text);
    CHECK(as_text(*text) == "<<<<<<<<<<<<");
    CHECK(inflate_gzip(file, 11).error().code == "inflate.too_large");
    CHECK(inflate_zlib(file).error().code == "inflate.format");
    CHECK(inflate_gzip(deflated(Bytes(10))).error().code == "inflate.format");
    for (std::size_t n = 0; n < file.size(); ++n)
        CHECK(inflate_gzip(ByteView{file}.first(n)).error().code == "inflate.format");
    Bytes changed = file;
    changed[changed.size() - 5] ^= std::byte{1};  // the checksum
    CHECK(inflate_gzip(changed).error().code == "inflate.format");
}
