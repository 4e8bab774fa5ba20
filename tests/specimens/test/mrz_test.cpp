// The lines of specimens against the worked examples of ICAO Doc 9303 parts 4 to 7.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/specimens/specimen.hpp"

using namespace paso;

namespace {

using Lines = std::vector<std::string>;

SpecimenSpec eriksson(MrzFormat format, std::string code, std::string number) {
    SpecimenSpec s;
    s.format = format;
    s.code = std::move(code);
    s.surname = "ERIKSSON";
    s.given_names = "ANNA MARIA";
    s.number = std::move(number);
    s.sex = 'F';
    s.birth = *Date::of(1974, 8, 12);
    s.expiry = *Date::of(2012, 4, 15);
    return s;
}

SpecimenSpec eriksson_visa(MrzFormat format) {
    SpecimenSpec s = eriksson(format, "V", "L8988901C");
    s.nationality = "XXX";
    s.birth = *Date::of(1940, 9, 7);
    s.expiry = *Date::of(1996, 12, 10);
    return s;
}

}  // namespace

TEST_CASE("the worked examples of Doc 9303") {
    SpecimenSpec passport = eriksson(MrzFormat::td3, "P", "L898902C3");
    passport.optional_1 = "ZE184226B";
    CHECK(mrz_lines(passport) ==
          Lines{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"});
    CHECK(mrz_lines(eriksson(MrzFormat::td1, "I", "D23145890")) ==
          Lines{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"});
    CHECK(mrz_lines(eriksson(MrzFormat::td2, "I", "D23145890")) ==
          Lines{"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"});
    SpecimenSpec visa = eriksson_visa(MrzFormat::mrv_a);
    visa.optional_1 = "6ZE184226B";
    CHECK(mrz_lines(visa) ==
          Lines{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"});
    CHECK(mrz_lines(eriksson_visa(MrzFormat::mrv_b)) ==
          Lines{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"});
}

TEST_CASE("every specimen's lines have the shape of their format and its alphabet") {
    const Date today = *Date::of(2026, 11, 24);
    for (const MrzFormat f : {MrzFormat::td3, MrzFormat::td2, MrzFormat::td1, MrzFormat::mrv_a, MrzFormat::mrv_b}) {
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            const auto lines = mrz_lines(make_specimen(f, seed, today));
            REQUIRE(lines.size() == shape(f).rows);
            for (const auto& line : lines) {
                REQUIRE(line.size() == shape(f).columns);
                REQUIRE(std::all_of(line.begin(), line.end(), [](char c) { return mrz_class(c) >= 0; }));
            }
        }
    }
}

// A made-up person; the lines are those of tests/unit/core/document/formats_test.cpp.
TEST_CASE("the French card and the Swiss licence") {
    SpecimenSpec s;
    s.format = MrzFormat::french_id;
    s.code = "ID";
    s.issuer = "FRA";
    s.surname = "NEBELTHAU";
    s.given_names = "ODA CELESTE";
    s.sex = 'F';
    s.birth = *Date::of(1974, 8, 12);
    s.number = "050292100001";
    s.optional_1 = "2A0042";
    CHECK(mrz_lines(s) == Lines{"IDFRANEBELTHAU<<<<<<<<<<<<<<<<2A0042", "0502921000016ODA<CELESTE<<<7408122F4"});
    s.format = MrzFormat::swiss_licence;
    s.code = "FA";
    s.issuer = "CHE";
    s.number = "ABC001D";
    s.optional_1 = "012345678001";
    CHECK(mrz_lines(s) == Lines{"ABC001D<<", "FACHE012345678001<<740812<<<<<", "NEBELTHAU<<ODA<CELESTE<<<<<<<<"});
}
