#include "core/encoding/base64.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace paso;

TEST_CASE("base64 as RFC 4648 section 10 shows it, and back") {
    const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : cases) {
        CHECK(base64(as_bytes(plain)) == coded);
        CHECK(from_base64(coded) == to_bytes(as_bytes(plain)));
    }
    std::mt19937 r(1);
    for (int i = 0; i < 500; ++i) {
        Bytes b(r() % 60);
        for (auto& x : b) x = static_cast<std::byte>(r());
        REQUIRE(from_base64(base64(b)) == b);
    }
    for (const std::string_view bad : {"Zg", "Zg=", "Z===", "Zh==", "Zm9=", "Zg==Zg==", "Z g=", "Zm9v!A=="})
        CHECK_FALSE(from_base64(bad));
}
