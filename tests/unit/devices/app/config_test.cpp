// The configuration's lines of a scanner, and what is said of a keyboard wedge.
#include <catch2/catch.hpp>

#include "devices/app/app.hpp"

using namespace paso;

namespace {

std::string with_line(std::string_view line) {
    return "[camera]\ndriver = \"folder\"\npath = \"/tmp\"\n[scanner]\npath = \"/dev/x\"\nline = \"" +
           std::string{line} + "\"\n";
}

}  // namespace

TEST_CASE("each line of a scanner has its name; a keyboard wedge comes with a warning") {
    for (const auto& [name, line] : {std::pair{"serial", ScannerLine::serial},
                                     {"hid", ScannerLine::hid},
                                     {"ssi", ScannerLine::ssi},
                                     {"wedge", ScannerLine::wedge}}) {
        CAPTURE(name);
        const auto config = parse_devices_config(with_line(name));
        REQUIRE(config);
        REQUIRE(config->scanner);
        CHECK(config->scanner->line == line);
        CHECK(config->warnings.size() == (line == ScannerLine::wedge ? 1 : 0));
        for (const std::string& w : config->warnings) CHECK(w.find("seals") != std::string::npos);
    }
    const auto other = parse_devices_config(with_line("telepathy"));
    REQUIRE_FALSE(other);
    CHECK(other.error().code == "config.value");
    CHECK(other.error().place.line == 6U);
}
