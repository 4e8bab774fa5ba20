#include "sync/config/trust_file.hpp"

#include <catch2/catch.hpp>

using namespace paso;

namespace {

std::string official(const std::string& name, char digit) {
    return "[[official]]\nname = \"" + name + "\"\nkey = \"" + std::string(64, digit) + "\"\n";
}

}  // namespace

TEST_CASE("a trust file names officials and how many of them a pack needs") {
    const auto trust = parse_trust_file("threshold = 2\n" + official("A", '1') + official("B", '2'));
    REQUIRE(trust);
    CHECK(trust->officials.size() == 2);
    CHECK(trust->threshold == 2);
    const std::string two = official("A", '1') + official("B", '2');
    const std::vector<std::string> mistakes{two,
                                            "threshold = 0\n" + two,
                                            "threshold = 3\n" + two,
                                            "threshold = -1\n" + two,
                                            "threshold = 1\n",
                                            "threshold = 1\n" + official("A", '1') + official("B", '1'),
                                            "threshold = 1\n" + official("", '1'),
                                            "threshold = 1\n[[official]]\nname = \"A\"\nkey = \"11\"\n",
                                            "threshold = 1\ncolour = 2\n" + two};
    for (const std::string& wrong : mistakes) {
        INFO(wrong);
        const auto none = parse_trust_file(wrong);
        REQUIRE_FALSE(none);
        CHECK(none.error().code.starts_with("config."));
    }
}
