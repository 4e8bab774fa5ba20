// Worked examples: ICAO Doc 9303 parts 4 to 7, the specimens of the State of Utopia.
#include <catch2/catch.hpp>
#include <random>

#include "core/document/travel_document.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/made_up_documents.hpp"

using namespace paso;

namespace {

using made_up::today;

const std::vector<std::string> td3{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};
const std::vector<std::string> td2{"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"};
const std::vector<std::string> td1{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                                   "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};
const std::vector<std::string> mrv_a{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                     "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"};
const std::vector<std::string> mrv_b{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"};

TravelDocument read(const std::vector<std::string>& lines) {
    const auto d = parse_mrz_lines(lines, today);
    REQUIRE(d);
    return *d;
}

bool has_problem(const TravelDocument& d, std::string_view field, std::string_view code) {
    for (const FieldProblem& p : d.problems) {
        if (p.field == field && p.code == code) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("the worked example of a TD3 passport") {
    const TravelDocument d = read(td3);
    CHECK(d.format == MrzFormat::td3);
    CHECK(d.code == "P");
    CHECK(d.issuer == "UTO");
    CHECK(d.nationality == "UTO");
    CHECK(d.number.reveal() == "L898902C3");
    CHECK(d.surname.reveal() == "ERIKSSON");
    CHECK(d.given_names.reveal() == "ANNA MARIA");
    CHECK(d.sex == Sex::female);
    CHECK(d.optional_1 == "ZE184226B");
    CHECK_FALSE(d.name_may_be_truncated);
    CHECK(d.birth.reveal().candidates == std::vector<Date>{*Date::of(1974, 8, 12)});
    CHECK(d.expiry.candidates == std::vector<Date>{*Date::of(2012, 4, 15)});
    CHECK(d.check_digits == CheckDigits{Check::passed, Check::passed, Check::passed, Check::passed, Check::passed});
    CHECK(d.problems.empty());
    CHECK(code_standing(d.issuer) == CodeStanding::specimen);
}

TEST_CASE("the worked examples of the other formats") {
    for (const auto& lines : {td2, td1}) {
        const TravelDocument d = read(lines);
        CHECK(d.code == "I");
        CHECK(d.number.reveal() == "D23145890");
        CHECK(d.surname.reveal() == "ERIKSSON");
        CHECK(d.given_names.reveal() == "ANNA MARIA");
        CHECK(d.check_digits.all_hold());
        CHECK(d.check_digits.composite == Check::passed);
        CHECK(d.check_digits.personal == Check::absent);
        CHECK(d.problems.empty());
    }
    for (const auto& lines : {mrv_a, mrv_b}) {
        const TravelDocument d = read(lines);
        CHECK(d.code == "V");
        CHECK(d.number.reveal() == "L8988901C");
        CHECK(d.nationality == "XXX");
        CHECK(code_standing(d.nationality) == CodeStanding::unspecified);
        CHECK(d.check_digits.all_hold());
        CHECK(d.check_digits.composite == Check::absent);
        CHECK(d.problems.empty());
    }
    CHECK(read(mrv_a).format == MrzFormat::mrv_a);
    CHECK(read(mrv_b).format == MrzFormat::mrv_b);
}

TEST_CASE("each check digit is reported by itself") {
    auto lines = td3;
    lines[1][9] = '7';  // of the number
    TravelDocument d = read(lines);
    CHECK(d.check_digits.number == Check::failed);
    CHECK(d.check_digits.birth == Check::passed);
    CHECK(d.check_digits.composite == Check::failed);
    CHECK(has_problem(d, "number", "mrz.check_digit"));
    lines = td3;
    lines[1][42] = '<';
    CHECK(read(lines).check_digits.personal == Check::failed);
    lines[1].replace(28, 15, "<<<<<<<<<<<<<<<");
    CHECK(read(lines).check_digits.personal == Check::absent);
}

TEST_CASE("every possible century is kept") {
    MrzContent c{.format = MrzFormat::td3,
                 .code = "P",
                 .issuer = "UTO",
                 .nationality = "UTO",
                 .number = "C01",
                 .surname = "NEBEL",
                 .given_names = "ODA",
                 .birth = "140203",
                 .expiry = "300101"};
    const auto twelve = read(*write_mrz(c));  // 12 or 112 years
    CHECK(twelve.birth.reveal().candidates == std::vector<Date>{*Date::of(1914, 2, 3), *Date::of(2014, 2, 3)});
    c.birth = "261124";
    CHECK(read(*write_mrz(c)).birth.reveal().candidates ==
          std::vector<Date>{*Date::of(1926, 11, 24), *Date::of(2026, 11, 24)});
    c.birth = "261125";
    CHECK(read(*write_mrz(c)).birth.reveal().candidates == std::vector<Date>{*Date::of(1926, 11, 25)});
    c.expiry = "760101";
    CHECK(read(*write_mrz(c)).expiry.candidates == std::vector<Date>{*Date::of(1976, 1, 1)});
    c.expiry = "750101";
    CHECK(read(*write_mrz(c)).expiry.candidates == std::vector<Date>{*Date::of(2075, 1, 1)});
    c.expiry = "999999";
    CHECK(has_problem(read(*write_mrz(c)), "expiry", "mrz.date.no_expiry"));
    c.birth = "70<<<<";
    CHECK(has_problem(read(*write_mrz(c)), "birth", "mrz.date.partly_unknown"));
    c.birth = "<<<<<<";
    CHECK(has_problem(read(*write_mrz(c)), "birth", "mrz.date.unknown"));
    c.birth = "700230";
    CHECK(has_problem(read(*write_mrz(c)), "birth", "mrz.date.not_calendar"));
    CHECK(read(*write_mrz(c)).surname.reveal() == "NEBEL");  // one bad date costs nothing else
}

TEST_CASE("a long number of a TD1 goes on in the optional field") {
    const MrzContent c{.format = MrzFormat::td1,
                       .code = "I",
                       .issuer = "UTO",
                       .nationality = "UTO",
                       .number = "D23145890734",
                       .surname = "ERIKSSON",
                       .given_names = "ANNA",
                       .birth = "740812",
                       .expiry = "300415",
                       .optional_1 = "AB"};
    const auto lines = write_mrz(c);
    REQUIRE(lines);
    CHECK((*lines)[0] == "I<UTOD23145890<734" + std::string(1, check_digit("D23145890734")) + "<AB<<<<<<<<");
    const TravelDocument d = read(*lines);
    CHECK(d.number.reveal() == "D23145890734");
    CHECK(d.optional_1 == "AB");
    CHECK(d.check_digits.number == Check::passed);
    CHECK(d.check_digits.all_hold());
    auto wrong = *lines;
    wrong[0][16] = '9';
    CHECK(read(wrong).check_digits.number == Check::failed);
}

TEST_CASE("a refugee has a nationality code like anybody; an unknown code is remarked on") {
    MrzContent c{.format = MrzFormat::td3,
                 .code = "P",
                 .issuer = "UTO",
                 .nationality = "XXB",
                 .number = "C01",
                 .surname = "NEBEL",
                 .birth = "700101",
                 .expiry = "300101"};
    CHECK(read(*write_mrz(c)).problems.empty());
    c.nationality = "QQQ";
    CHECK(has_problem(read(*write_mrz(c)), "nationality", "mrz.code.unknown"));
}

TEST_CASE("names: one alone, cut off, with several words") {
    MrzContent c{.format = MrzFormat::td3,
                 .code = "P",
                 .issuer = "UTO",
                 .nationality = "UTO",
                 .number = "C01",
                 .surname = "ARKFREITH",
                 .birth = "700101",
                 .expiry = "300101"};
    TravelDocument d = read(*write_mrz(c));
    CHECK(d.surname.reveal() == "ARKFREITH");
    CHECK(d.given_names.reveal().empty());
    c.surname = "NILAVADHANANANDA";
    c.given_names = "CHAYAPA DEJTHAMRONG KRASUANG";
    d = read(*write_mrz(c));
    CHECK(d.name_may_be_truncated);
    CHECK(d.given_names.reveal() == "CHAYAPA DEJTHAMRONG K");
}

TEST_CASE("what cannot be written is named") {
    MrzContent c{.format = MrzFormat::td3,
                 .code = "P",
                 .issuer = "UTO",
                 .nationality = "UTO",
                 .number = "C01",
                 .surname = "NEBEL",
                 .birth = "700101",
                 .expiry = "300101"};
    c.number = "1234567890";
    CHECK(write_mrz(c).error().detail == "number: more than 9 characters");
    c.number = "c01";
    CHECK(write_mrz(c).error().code == "mrz.write.character");
    c.number = "C01";
    c.optional_2 = "X";
    CHECK(write_mrz(c).error().code == "mrz.write.too_long");
}

TEST_CASE("lines of another shape or alphabet are errors with their place") {
    CHECK(parse_mrz_lines({}, today).error().code == "mrz.shape");
    CHECK(parse_mrz_lines({td3[0]}, today).error().code == "mrz.shape");
    CHECK(parse_mrz_lines({td3[0], td2[1]}, today).error().code == "mrz.shape");
    auto lines = td3;
    lines[1][5] = ' ';
    const auto e = parse_mrz_lines(lines, today).error();
    CHECK(e.code == "mrz.character");
    CHECK(e.place == Place{.line = 2U, .column = 6U});
}

// Names and documents may be cut off or hold look-alikes; all else must come back, and in one step: what was read is
// written as it stood.
TEST_CASE("what was written is read, and what was read is written, for generated documents of all formats") {
    std::mt19937 r(2026);
    for (std::size_t i = 0; i < test::effort(20000U); ++i) {
        const MrzContent c = made_up::document(r, mrz_formats[i % mrz_formats.size()]);
        const auto lines = write_mrz(c);
        REQUIRE(lines);
        const TravelDocument d = read(*lines);
        REQUIRE(d.format == c.format);
        REQUIRE(d.number.reveal() == c.number);
        if (!d.name_may_be_truncated) {
            REQUIRE(d.surname.reveal() == c.surname);
            REQUIRE(d.given_names.reveal() == c.given_names);
        }
        REQUIRE(d.issuer == c.issuer);
        REQUIRE(d.nationality == c.nationality);
        REQUIRE(d.sex == c.sex);
        REQUIRE(d.birth.reveal().raw == c.birth);
        REQUIRE(d.expiry.raw == c.expiry);
        REQUIRE(d.optional_1 == c.optional_1);
        REQUIRE(d.optional_2 == c.optional_2);
        REQUIRE(d.check_digits.all_hold() == (c.format != MrzFormat::swiss_licence));
        for (const FieldProblem& p : d.problems) {
            const bool remark = p.code == "mrz.number.look_alike" || p.code == "mrz.date.partly_unknown" ||
                                p.code == "mrz.date.no_expiry";
            INFO(p.code);
            REQUIRE(remark);
        }
        const auto again = write_mrz(d);
        REQUIRE(again);
        REQUIRE(read(*again) == d);
        REQUIRE(*again == *lines);
    }
}

TEST_CASE("letters in a number that a digit resembles are remarked on, each with its place") {
    MrzContent c{.format = MrzFormat::td1,
                 .code = "I",
                 .issuer = "UTO",
                 .nationality = "UTO",
                 .number = "L8O8902C3A1Z",
                 .surname = "NEBEL",
                 .birth = "700101",
                 .expiry = "300101"};
    CHECK(read(*write_mrz(c)).problems == std::vector<FieldProblem>{{"number", "mrz.number.look_alike", 0, 7},
                                                                    {"number", "mrz.number.look_alike", 0, 17}});
    c.number = "L898902C3";
    CHECK(read(*write_mrz(c)).problems.empty());
}

// The weights 7, 3 and 1 share no factor with 10: a digit misses a change only between characters of equal value
// mod 10.
TEST_CASE("every changed character in a checked field is seen, but for the known collisions") {
    const auto value = [](char c) { return c == '<' ? 0 : (c <= '9' ? c - '0' : c - 'A' + 10) % 10; };
    for (const auto& lines : {td3, td2, td1, mrv_a, mrv_b}) {
        const MrzFormat format = *format_of(lines);
        const MrzLayout& l = layout(format);
        std::vector<std::pair<MrzSpan, Check CheckDigits::*>> fields{
            {l.number, &CheckDigits::number}, {l.birth, &CheckDigits::birth}, {l.expiry, &CheckDigits::expiry}};
        if (format == MrzFormat::td3) fields.push_back({l.optional_1, &CheckDigits::personal});
        for (const MrzSpan& s : l.composite) fields.push_back({s, &CheckDigits::composite});
        for (const auto& [span, digit] : fields) {
            for (int i = 0; i < span.length; ++i) {
                for (const char other : mrz_alphabet) {
                    auto changed = lines;
                    char& c = changed[static_cast<std::size_t>(span.row)][static_cast<std::size_t>(span.column + i)];
                    const bool collides = value(c) == value(other);
                    c = other;
                    REQUIRE((check_digits(changed, format).*digit == Check::passed) == collides);
                }
            }
        }
    }
}

TEST_CASE("the check digit of an empty personal number is a filler or 0, Doc 9303-4 section 4.2.2") {
    auto lines = td3;
    lines[1] = "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<8";
    CHECK(read(lines).check_digits.personal == Check::absent);
    lines[1][42] = '0';
    CHECK(read(lines).check_digits.personal == Check::passed);
    lines[1][42] = '1';
    CHECK(read(lines).check_digits.personal == Check::failed);
}

TEST_CASE("no lines of the alphabet crash the reader or lose their text") {
    std::mt19937 r(11);
    for (int i = 0; i < test::effort(5000); ++i) {
        std::vector<std::string> lines = std::array{td3, td2, td1, mrv_a, mrv_b}[r() % 5];
        for (auto& line : lines) {
            for (char& c : line) {
                if (r() % 3 == 0) c = mrz_alphabet[r() % mrz_alphabet.size()];
            }
        }
        REQUIRE(read(lines).lines == lines);
    }
}
