// The French identity card of 1988 to 2021 and the Swiss driving licence; everybody on them is made up.
#include <catch2/catch.hpp>
#include <random>

#include "core/document/travel_document.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/made_up_documents.hpp"

using namespace paso;

namespace {

using made_up::today;
using Lines = std::vector<std::string>;

const Lines french{"IDFRANEBELTHAU<<<<<<<<<<<<<<<<2A0042", "0502921000016ODA<CELESTE<<<7408122F4"};
const Lines swiss{"ABC001D<<", "FACHE012345678001<<740812<<<<<", "NEBELTHAU<<ODA<CELESTE<<<<<<<<"};

TravelDocument read(const Lines& lines) {
    const auto d = parse_mrz_lines(lines, today);
    REQUIRE(d);
    return *d;
}

}  // namespace

TEST_CASE("a French card: every field, its own check digits, no expiry") {
    const TravelDocument d = read(french);
    CHECK(d.format == MrzFormat::french_id);
    CHECK(name(d.format) == "FR-ID");
    CHECK(d.code == "ID");
    CHECK(d.issuer == "FRA");
    CHECK(d.nationality == "FRA");
    CHECK(d.number.reveal() == "050292100001");
    CHECK(d.surname.reveal() == "NEBELTHAU");
    CHECK(d.given_names.reveal() == "ODA CELESTE");
    CHECK(d.optional_1 == "2A0042");
    CHECK(d.sex == Sex::female);
    CHECK(d.birth.reveal().candidates == std::vector<Date>{*Date::of(1974, 8, 12)});
    CHECK(d.expiry.state == DateState::absent);
    CHECK(d.expiry.raw.empty());
    CHECK(d.check_digits == CheckDigits{Check::passed, Check::passed, Check::absent, Check::absent, Check::passed});
    CHECK(d.problems.empty());
    CHECK(*write_mrz(d) == french);
    auto wrong = french;
    wrong[0][31] = 'B';  // of the department: only the last digit is over it
    const TravelDocument w = read(wrong);
    CHECK(w.format == MrzFormat::french_id);
    CHECK(w.check_digits == CheckDigits{Check::passed, Check::passed, Check::absent, Check::absent, Check::failed});
    CHECK(w.problems == std::vector<FieldProblem>{{"composite", "mrz.check_digit", 1, 35}});
}

TEST_CASE("IDFRA in two rows of 36 is the French card, unless only TD2's check digits hold") {
    MrzContent c{.format = MrzFormat::td2,
                 .code = "ID",
                 .issuer = "FRA",
                 .nationality = "FRA",
                 .number = "C01",
                 .surname = "NEBEL",
                 .given_names = "ODA",
                 .birth = "740812",
                 .expiry = "300101"};
    const auto td2 = write_mrz(c);
    REQUIRE(td2);
    CHECK(read(*td2).format == MrzFormat::td2);  // four digits hold: nobody made that by chance
    auto torn = *td2;
    torn[1][9] = torn[1][9] == '1' ? '2' : '1';
    CHECK(read(torn).format == MrzFormat::french_id);  // neither's digits hold
    auto other = *td2;
    other[0][2] = 'U';
    CHECK(read(other).format == MrzFormat::td2);
    CHECK(read({french[0], std::string(36, '<')}).format == MrzFormat::french_id);
    c.issuer = "UTO";
    CHECK(read(*write_mrz(c)).format == MrzFormat::td2);
}

TEST_CASE("a Swiss licence: its fields; nothing in it can be confirmed") {
    const TravelDocument d = read(swiss);
    CHECK(d.format == MrzFormat::swiss_licence);
    CHECK(d.code == "FA");
    CHECK(d.issuer == "CHE");
    CHECK(d.nationality.empty());
    CHECK(d.number.reveal() == "ABC001D");
    CHECK(d.optional_1 == "012345678001");
    CHECK(d.surname.reveal() == "NEBELTHAU");
    CHECK(d.given_names.reveal() == "ODA CELESTE");
    CHECK(d.birth.reveal().candidates == std::vector<Date>{*Date::of(1974, 8, 12)});
    CHECK(d.expiry.state == DateState::absent);
    CHECK(d.check_digits == CheckDigits{});
    CHECK_FALSE(d.check_digits.any());
    CHECK_FALSE(d.check_digits.all_hold());
    CHECK(d.state == MrzState::proposed);
    CHECK(d.problems == std::vector<FieldProblem>{{"number", "mrz.number.look_alike", 0, 1}});
    CHECK(*write_mrz(d) == swiss);
    auto other = swiss;
    other[1].replace(2, 3, "UTO");
    CHECK(read(other).problems.back() == FieldProblem{"code", "mrz.document_code", 1, 0});
    CHECK(parse_mrz_lines({swiss[0], swiss[1]}, today).error().code == "mrz.shape");
    CHECK(parse_mrz_lines({swiss[0], swiss[1], swiss[2] + "<"}, today).error().code == "mrz.shape");
    CHECK(parse_mrz_lines({swiss[0], swiss[1].substr(1), swiss[2]}, today).error().code == "mrz.shape");
}

TEST_CASE("the numbers of formats are those that events hold") {
    CHECK(static_cast<int>(MrzFormat::td1) == 0);
    CHECK(static_cast<int>(MrzFormat::mrv_b) == 4);
    CHECK(static_cast<int>(MrzFormat::french_id) == 5);
    CHECK(static_cast<int>(MrzFormat::swiss_licence) == last_mrz_format);
}

TEST_CASE("a format is written with its own fields only, and never so that it reads as another") {
    std::mt19937 r(1);
    MrzContent c = made_up::document(r, MrzFormat::french_id);
    c.expiry = "300101";
    CHECK(write_mrz(c).error().detail == "expiry: this format has no such field");
    c.expiry.clear();
    c.nationality = "BRA";
    CHECK(write_mrz(c).error().detail == "nationality: this format has no such field");
    c.nationality.clear();
    CHECK(write_mrz(c));
    c.issuer = "UTO";
    CHECK(write_mrz(c).error().code == "mrz.write.format");
    c = made_up::document(r, MrzFormat::swiss_licence);
    c.sex = Sex::male;
    CHECK(write_mrz(c).error().detail == "sex: this format has no such field");
    c = made_up::document(r, MrzFormat::td3);
    c.code = "V";
    CHECK(write_mrz(c).error().code == "mrz.write.format");
}

// Doc 9303-4 section 4.2.3: a field that was cut ends with a letter, and the secondary identifier keeps a part.
TEST_CASE("names that are too long are cut as the standard's examples are") {
    MrzContent c{.format = MrzFormat::td3,
                 .code = "P",
                 .issuer = "UTO",
                 .nationality = "UTO",
                 .number = "C01",
                 .surname = "BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL",
                 .given_names = "DINGO POTOROO",
                 .birth = "700101",
                 .expiry = "300101"};
    CHECK((*write_mrz(c))[0] == "P<UTOBENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI");
    c.surname = "NILAVADHANANANDA";
    c.given_names = "CHAYAPA DEJTHAMRONG KRASUANG";
    CHECK((*write_mrz(c))[0] == "P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K");
    c.given_names = "CHAYAPAX DEJTHAMRONG KRASUANG";  // the cut would fall on a filler
    CHECK((*write_mrz(c))[0] == "P<UTONILAVADHANANAND<<CHAYAPAX<DEJTHAMRONG<K");
    std::mt19937 r(7);
    for (int i = 0; i < test::effort(20000); ++i) {
        c.surname = made_up::some(r, 1, 40, made_up::letters);
        if (r() % 2 == 0) c.surname += " " + made_up::some(r, 1, 30, made_up::letters);
        c.given_names = made_up::some(r, 1, 40, made_up::letters);
        const std::size_t whole = c.surname.size() + 2 + c.given_names.size();
        const auto lines = write_mrz(c);
        REQUIRE(lines);
        const TravelDocument d = read(*lines);
        REQUIRE_FALSE(d.surname.reveal().empty());
        REQUIRE_FALSE(d.given_names.reveal().empty());
        REQUIRE(d.name_may_be_truncated == (whole >= 39));
        REQUIRE(*write_mrz(d) == *lines);
    }
}
