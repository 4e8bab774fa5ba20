#include "kiosk/tool/facts_page.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/inspection/inspection.hpp"

using namespace paso;

TEST_CASE("the manual's page of facts is what the schema declares") {
    std::ifstream in(std::string{PASO_SOURCE_DIR} + "/docs/manual/facts.md", std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    CHECK(page == facts_page(schema()));  // paso pack facts > docs/manual/facts.md
}
