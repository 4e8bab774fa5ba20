// What other people's certificates are made of: base45, CBOR that is not canonical.
#include <bit>
#include <catch2/catch.hpp>
#include <random>

#include "core/encoding/base45.hpp"
#include "core/encoding/cbor.hpp"
#include "core/encoding/cbor_tree.hpp"

using namespace paso;

namespace {

std::string decoded(std::string_view text) {
    const auto bytes = from_base45(text);
    return bytes ? std::string{as_text(*bytes)} : "error at " + std::to_string(*bytes.error().place.offset);
}

std::string_view tree_error(std::string_view hex) {
    const Bytes bytes = *from_hex(hex);
    const auto tree = CborTree::parse(bytes);
    return tree ? std::string_view{"fine"} : tree.error().code;
}

}  // namespace

TEST_CASE("base45: the examples of RFC 9285 section 4") {
    CHECK(base45(as_bytes("AB")) == "BB8");
    CHECK(base45(as_bytes("Hello!!")) == "%69 VD92EX0");
    CHECK(base45(as_bytes("base-45")) == "UJCLQE7W581");
    CHECK(decoded("QED8WEX0") == "ietf!");
    CHECK(decoded("GGW") == "error at 0");  // 65536
    CHECK(decoded("FGW") == "\xFF\xFF");
    CHECK(decoded("U5") == "\xFF");
    CHECK(decoded("V5") == "error at 0");  // 256
    CHECK(decoded(":::") == "error at 0");
    CHECK(decoded("A") == "error at 1");
    CHECK(decoded("BB8a") == "error at 4");
    CHECK(decoded("BB=") == "error at 2");
    CHECK(decoded("") == "");
}

TEST_CASE("base45: any bytes are read again") {
    std::mt19937 r(45);
    for (int i = 0; i < 2000; ++i) {
        Bytes bytes(r() % 50);
        for (std::byte& b : bytes) b = static_cast<std::byte>(r());
        REQUIRE(*from_base45(base45(bytes)) == bytes);
    }
}

TEST_CASE("CBOR of RFC 8949 appendix A as a tree") {
    const Bytes bytes =
        *from_hex("bf61610161629f0203ff6346756ef563416d7421ff");  // {_ "a": 1, "b": [_ 2, 3], "Fun": true, "Amt": -2}
    const auto tree = CborTree::parse(bytes);
    REQUIRE(tree);
    CHECK((*tree)[0].type == CborType::map);
    CHECK((*tree)[0].children == 8);
    CHECK((*tree)[0].encoded.size() == bytes.size());
    CHECK(tree->integer(*tree->find(0, "a")) == 1);
    const auto b = *tree->find(0, "b");
    CHECK((*tree)[b].children == 2);
    CHECK(tree->integer(tree->child(b, 1)) == 3);
    CHECK((*tree)[*tree->find(0, "Fun")].value == 21);
    CHECK(tree->integer(*tree->find(0, "Amt")) == -2);
    CHECK_FALSE(tree->find(0, "c"));
    CHECK_FALSE(tree->find(0, 1));
    CHECK_FALSE(tree->find(b, "a"));
}

TEST_CASE("strings in chunks, tags, numbers of every width") {
    const auto first = [](std::string_view hex) {
        static Bytes bytes;
        bytes = *from_hex(hex);
        const auto tree = CborTree::parse(bytes);
        REQUIRE(tree);
        return std::pair{(*tree)[0].type, (*tree)[0].value};
    };
    const auto number = [&first](std::string_view hex) { return std::bit_cast<double>(first(hex).second); };
    const Bytes chunks = *from_hex("7f657374726561646d696e67ff");
    CHECK(CborTree::parse(chunks)->text(0) == "streaming");
    const Bytes parts = *from_hex("5f42010243030405ff");
    CHECK(to_hex(*CborTree::parse(parts)->bytes(0)) == "0102030405");
    CHECK(first("c11a514b67b0") == std::pair{CborType::tag, std::uint64_t{1}});
    CHECK(first("1b0000000000000017").second == 23);  // longer than it need be
    CHECK(first("f6") == std::pair{CborType::simple, std::uint64_t{22}});
    CHECK(number("f93e00") == 1.5);
    CHECK(number("f90001") == 5.960464477539063e-8);
    CHECK(number("f9c400") == -4.0);
    CHECK(number("fa47c35000") == 100000.0);
    CHECK(number("fbc010666666666666") == -4.1);
    const Bytes largest = *from_hex("1bffffffffffffffff");
    CHECK_FALSE(CborTree::parse(largest)->integer(0));
}

TEST_CASE("CBOR that is not well-formed is an error") {
    CHECK(tree_error("") == "cbor.truncated");
    CHECK(tree_error("18") == "cbor.truncated");
    CHECK(tree_error("1c") == "cbor.format");
    CHECK(tree_error("1f") == "cbor.format");
    CHECK(tree_error("df00") == "cbor.format");
    CHECK(tree_error("ff") == "cbor.format");
    CHECK(tree_error("c1ff") == "cbor.format");
    CHECK(tree_error("bf01ff") == "cbor.format");
    CHECK(tree_error("81ff") == "cbor.format");
    CHECK(tree_error("f810") == "cbor.format");
    CHECK(tree_error("5f6161ff") == "cbor.format");
    CHECK(tree_error("5f5f4101ffff") == "cbor.format");
    CHECK(tree_error("7f61") == "cbor.truncated");
    CHECK(tree_error("62c328") == "cbor.utf8");
    CHECK(tree_error("0000") == "cbor.trailing");
    CHECK(tree_error("9affffffff00") == "cbor.truncated");
    CHECK(tree_error("bb8000000000000000") == "cbor.truncated");
    CHECK(tree_error("a201020103") == "cbor.duplicate");
    CHECK(tree_error("a20102180103") == "cbor.duplicate");  // the same key, written longer
    CHECK(tree_error("a201022003") == "fine");
    CHECK(tree_error("a2810100810102") == "cbor.duplicate");
    std::string deep;
    for (int i = 0; i < 16; ++i) deep += "81";
    CHECK(tree_error(deep + "00") == "fine");
    CHECK(tree_error("81" + deep + "00") == "cbor.depth");
    CHECK(tree_error("d8"
                     "3d" +
                     deep + "00") == "cbor.depth");
    CHECK(tree_error("9f" + std::string(2 * 8191, '0') + "ff") == "fine");
    CHECK(tree_error("9f" + std::string(2 * 8192, '0') + "ff") == "cbor.too_many");
}

TEST_CASE("what the canonical writer writes is a tree with the same values") {
    std::mt19937 r(8949);
    for (int i = 0; i < 500; ++i) {
        CborWriter w;
        const std::uint64_t n = r() % 20;
        w.array(n);
        std::vector<std::int64_t> numbers;
        for (std::uint64_t k = 0; k < n; ++k) {
            numbers.push_back(static_cast<std::int64_t>(r()) * (r() % 2 == 0 ? 1 : -1) >> (r() % 32));
            w.array(2).integer(numbers.back()).text(std::to_string(numbers.back()));
        }
        const auto tree = CborTree::parse(w.view());
        REQUIRE(tree);
        for (std::uint32_t k = 0; k < n; ++k) {
            const auto pair = tree->child(0, k);
            REQUIRE(tree->integer(tree->child(pair, 0)) == numbers[k]);
            REQUIRE(tree->text(tree->child(pair, 1)) == std::to_string(numbers[k]));
        }
    }
}
