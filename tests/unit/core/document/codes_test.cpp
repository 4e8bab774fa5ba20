#include "core/document/codes.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace paso;

TEST_CASE("the table: ascending, one entry a code, a name in each language") {
    std::set<std::string_view> seen;
    std::size_t states = 0;
    for (const CodeEntry& e : all_codes()) {
        INFO(e.code);
        CHECK(seen.insert(e.code).second);
        CHECK(find_code(e.code) == &e);
        for (const NameLanguage l : {NameLanguage::en, NameLanguage::es, NameLanguage::pt, NameLanguage::fr}) {
            CHECK_FALSE(e.name(l).empty());
        }
        if (e.until != 0) CHECK(e.standing == CodeStanding::obsolete);
        if (e.standing == CodeStanding::obsolete) CHECK(e.until != 0);
        if (e.standing != CodeStanding::state) continue;
        ++states;
        CHECK(e.code.size() == 3);
        CHECK(e.alpha_2.size() == 2);
        CHECK(alpha_3_of(e.alpha_2) == e.code);
        CHECK(alpha_2_of(e.code) == e.alpha_2);
    }
    CHECK(states == 249);  // ISO 3166-1 in 2024
}

TEST_CASE("codes have a standing, and stateless persons and refugees are known") {
    CHECK(code_standing("D<<") == CodeStanding::icao);
    CHECK(code_standing("D") == CodeStanding::icao);
    CHECK(code_standing("BRA") == CodeStanding::state);
    CHECK(code_standing("ABW") == CodeStanding::state);
    CHECK(code_standing("ZWE") == CodeStanding::state);
    CHECK(code_standing("XXA") == CodeStanding::stateless);
    CHECK(code_standing("XXB") == CodeStanding::refugee);
    CHECK(code_standing("XXC") == CodeStanding::refugee);
    CHECK(code_standing("XXX") == CodeStanding::unspecified);
    CHECK(code_standing("UTO") == CodeStanding::specimen);
    CHECK(code_standing("RKS") == CodeStanding::seen_in_use);
    CHECK(code_standing("ANT") == CodeStanding::obsolete);
    for (const char* code : {"QQQ", "ABW AFG", "", "<<<", "GB", "GB<", "bra", "E", "EU", "BR<", "ZZZ", "AAA"}) {
        INFO(code);
        CHECK(code_standing(code) == CodeStanding::unknown);
    }
    CHECK(find_code("XXB")->name(NameLanguage::es) == "Persona refugiada");
    CHECK(find_code("BRA")->name(NameLanguage::pt) == "Brasil");
}

TEST_CASE("the bridge between MRZ and certificates") {
    CHECK(alpha_2_of("D<<") == "DE");
    CHECK(alpha_2_of("DEU") == "DE");
    CHECK(alpha_3_of("DE") == "DEU");
    CHECK(mrz_code_of("DE") == "D");
    CHECK(mrz_code_of("BR") == "BRA");
    CHECK(alpha_2_of("GBN") == "GB");
    CHECK(alpha_3_of("GB") == "GBR");
    CHECK(alpha_2_of("EUE") == "EU");
    CHECK(alpha_3_of("EU").empty());
    CHECK(alpha_2_of("XXA").empty());
    CHECK(alpha_2_of("QQQ").empty());
    CHECK(alpha_3_of("AN").empty());  // withdrawn
    CHECK(alpha_3_of("").empty());
    CHECK(alpha_3_of("DEU").empty());
    CHECK(same_code("D", "DEU"));
    CHECK(same_code("D<<", "D"));
    CHECK_FALSE(same_code("GBR", "GBN"));
}

TEST_CASE("codes are in force from a year to a year") {
    CHECK_FALSE(find_code("SSD")->in_force(2010));
    CHECK(find_code("SSD")->in_force(2011));
    CHECK(find_code("SCG")->in_force(2006));
    CHECK_FALSE(find_code("SCG")->in_force(2007));
    CHECK_FALSE(find_code("SCG")->in_force(2002));
    CHECK(find_code("BRA")->in_force(1950));
}

TEST_CASE("the State of a document's code as certificates name it") {
    const auto is = [](std::string_view code, std::vector<std::string> want) {
        CHECK(certificate_countries(code) == want);
    };
    is("D", {"D", "DEU", "DE"});
    is("D<<", {"D", "DEU", "DE"});
    is("D  ", {"D", "DEU", "DE"});
    is("DEU", {"DEU", "DE"});
    is("FRA", {"FRA", "FR"});
    is("UTO", {"UTO", "UT"});
    is("ZWE", {"ZWE", "ZW"});
    is("GBD", {"GBD", "GB"});
    is("XXX", {"XXX"});
    is("", {""});
}
