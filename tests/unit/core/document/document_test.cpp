// Worked examples: ICAO Doc 9303 parts 4 to 7, the specimens of the State of Utopia.
#include <catch2/catch.hpp>
#include <random>

#include "core/document/travel_document.hpp"

using namespace paso;

namespace {

const Date today = *Date::parse("2026-11-24");

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

TEST_CASE("codes have a standing, and stateless persons and refugees are known") {
    CHECK(code_standing("D<<") == CodeStanding::icao);
    CHECK(code_standing("BRA") == CodeStanding::state);
    CHECK(code_standing("ZWE") == CodeStanding::state);
    CHECK(code_standing("XXA") == CodeStanding::stateless);
    CHECK(code_standing("XXB") == CodeStanding::refugee);
    CHECK(code_standing("RKS") == CodeStanding::seen_in_use);
    CHECK(code_standing("ANT") == CodeStanding::obsolete);
    CHECK(code_standing("QQQ") == CodeStanding::unknown);
    CHECK(code_standing("ABW AFG") == CodeStanding::unknown);
    CHECK(code_standing("") == CodeStanding::unknown);
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

namespace {

std::string some(std::mt19937& r, std::size_t least, std::size_t most, std::string_view alphabet) {
    std::string out;
    const std::size_t n = least + r() % (most - least + 1);
    for (std::size_t i = 0; i < n; ++i) out.push_back(alphabet[r() % alphabet.size()]);
    return out;
}

MrzContent generated(std::mt19937& r, MrzFormat format) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view all = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const bool visa = format == MrzFormat::mrv_a || format == MrzFormat::mrv_b;
    MrzContent c;
    c.format = format;
    c.code = visa ? "V" : format == MrzFormat::td3 ? "P" : "I";
    c.issuer = r() % 4 == 0 ? "D" : "UTO";
    c.nationality = r() % 4 == 0 ? "XXB" : "BRA";
    c.number = some(r, 1, format == MrzFormat::td1 && r() % 3 == 0 ? 20 : 9, all);
    c.surname = some(r, 1, 10, letters) + (r() % 2 == 0 ? " " + some(r, 1, 5, letters) : "");
    c.given_names = r() % 5 == 0 ? "" : some(r, 1, 9, letters);
    const auto date = [&](int base) { return Date::from_days(base + static_cast<int>(r() % 9000)).iso(); };
    const auto six = [](const std::string& iso) { return iso.substr(2, 2) + iso.substr(5, 2) + iso.substr(8, 2); };
    c.birth = six(date(0));
    c.expiry = six(date(20500));
    c.sex = static_cast<Sex>(r() % 3);
    if (r() % 2 == 0) c.optional_1 = some(r, 1, format == MrzFormat::td1 ? 1 : 6, all);
    if (format == MrzFormat::td1 && r() % 2 == 0) c.optional_2 = some(r, 1, 11, all);
    return c;
}

}  // namespace

TEST_CASE("what was written is read, for generated documents of all formats") {
    std::mt19937 r(2026);
    for (int i = 0; i < 5000; ++i) {
        const MrzContent c = generated(r, static_cast<MrzFormat>(i % 5));
        const auto lines = write_mrz(c);
        REQUIRE(lines);
        const TravelDocument d = read(*lines);
        REQUIRE(d.format == c.format);
        REQUIRE(d.number.reveal() == c.number);
        REQUIRE(d.surname.reveal() == c.surname);
        REQUIRE(d.given_names.reveal() == c.given_names);
        REQUIRE(d.issuer == c.issuer);
        REQUIRE(d.nationality == c.nationality);
        REQUIRE(d.sex == c.sex);
        REQUIRE(d.birth.reveal().raw == c.birth);
        REQUIRE(d.expiry.raw == c.expiry);
        REQUIRE(d.optional_1 == c.optional_1);
        REQUIRE(d.optional_2 == c.optional_2);
        REQUIRE(d.check_digits.all_hold());
        REQUIRE(d.problems.empty());
    }
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

TEST_CASE("no lines of the alphabet crash the reader or lose their text") {
    std::mt19937 r(11);
    for (int i = 0; i < 5000; ++i) {
        std::vector<std::string> lines = std::array{td3, td2, td1, mrv_a, mrv_b}[r() % 5];
        for (auto& line : lines) {
            for (char& c : line) {
                if (r() % 3 == 0) c = mrz_alphabet[r() % mrz_alphabet.size()];
            }
        }
        REQUIRE(read(lines).lines == lines);
    }
}
