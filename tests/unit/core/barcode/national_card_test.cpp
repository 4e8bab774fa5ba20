#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "core/barcode/national_card.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/national_cards.hpp"

using namespace paso;
using test::CardPerson;

namespace {

const Date today = *Date::parse("2026-11-25");

std::span<std::byte> writable(std::string& text) { return {reinterpret_cast<std::byte*>(text.data()), text.size()}; }

NationalCard read(std::string text) {
    const auto card = parse_national_card(writable(text), today);
    if (!card) FAIL(describe(card.error()));
    return *card;
}

std::string_view error_of(std::string text) {
    const auto card = parse_national_card(writable(text), today);
    return card ? std::string_view{"fine"} : card.error().code;
}

bool noted(const NationalCard& c, std::string_view code) {
    return std::find(c.problems.begin(), c.problems.end(), code) != c.problems.end();
}

bool zero_from(std::string_view text, std::size_t begin) {
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), [](char c) { return c == '\0'; });
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("Argentina: the card of 2009 and later, with and without tax number") {
    const NationalCard c = read(test::argentina_card({}, true));
    CHECK(c.kind == NationalCardKind::argentina);
    CHECK(c.country == "ARG");
    CHECK_FALSE(c.low_confidence);
    CHECK(c.serial.reveal() == "00123456789");
    CHECK(c.surnames.reveal() == "ERIKSSON");
    CHECK(c.given_names.reveal() == "ANNA MARIA");
    CHECK(c.sex == 'F');
    CHECK(c.number.reveal() == "10234567");
    CHECK(c.copy == "B");
    CHECK(c.birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(c.issued.date == Date::of(2020, 3, 15));
    CHECK(c.tax_number.reveal() == "27102345674");
    CHECK(c.problems.empty());
    CHECK(c.cut == 0);
    CHECK(read(test::argentina_card({}, false)).tax_number.reveal().empty());
    CHECK(read(test::argentina_card({}, false) + "\r\n").problems.empty());
    const NationalCard latin = read(replaced(test::argentina_card({}, true), "ERIKSSON",
                                             "NU\xD1"
                                             "EZ"));
    CHECK(latin.surnames.reveal() ==
          "NU\xC3\x91"
          "EZ");
    CHECK(noted(read(replaced(test::argentina_card({}, true), "12/08/1974", "31/02/1974")), "card.date"));
}

TEST_CASE("Argentina: fields of the old card are told by their form, with low confidence") {
    const NationalCard c = read(test::argentina_old_card({}));
    CHECK(c.kind == NationalCardKind::argentina_old);
    CHECK(c.low_confidence);
    CHECK(c.number.reveal() == "10234567");
    CHECK(c.surnames.reveal() == "ERIKSSON");
    CHECK(c.given_names.reveal() == "ANNA");
    CHECK(c.nationality == "UTOPIANA");
    CHECK(c.sex == 'F');
    CHECK(c.copy == "A");
    CHECK(c.serial.reveal() == "00123456789");
    CHECK(c.birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(c.issued.date == Date::of(2011, 5, 30));
    CHECK(c.expiry.date == Date::of(2026, 5, 30));
    CHECK(error_of("@@@@@@@@@@@") == "card.field");
}

TEST_CASE("Chile: the link of a card, its host matched exactly") {
    for (const bool newer : {false, true}) {
        const NationalCard c = read(test::chile_link({}, newer));
        CHECK(c.kind == NationalCardKind::chile_link);
        CHECK(c.number.reveal().substr(0, 9) == "10234567-");
        CHECK(c.document_type == "CEDULA");
        CHECK(c.serial.reveal() == (newer ? "A12345678" : "512345678"));
        CHECK(c.birth.reveal().date == Date::of(1974, 8, 12));
        CHECK(c.birth.reveal().century_inferred);
        CHECK(c.expiry.date == Date::of(2030, 12, 31));
        CHECK(c.problems.empty());
    }
    const std::string good = test::chile_link({}, false);
    CHECK(error_of(replaced(good, "registrocivil.cl", "registrocivil.cl.example")) == "card.format");
    CHECK(error_of(replaced(good, "portal.", "xportal.")) == "card.format");
    CHECK(error_of(replaced(good, "https://", "https://example.ut@")) == "card.format");
    CHECK(error_of(replaced(good, "docstatus", "other")) == "card.format");
    CHECK(error_of(replaced(good, "mrz=", "mrz=1")) == "card.field");
    CHECK(error_of(replaced(good, "RUN=", "RUM=")) == "card.field");
    CHECK(noted(read(replaced(good, "RUN=1", "RUN=2")), "card.check_digit"));
    CHECK(noted(read(replaced(good, "mrz=5", "mrz=6")), "card.check_digit"));
}

TEST_CASE("Chile's check of a number, by hand") {
    // 1*3 + 2*2 + 3*7 + 4*6 + 5*5 + 6*4 + 7*3 + 8*2 = 138; 138 mod 11 = 6; 11 - 6 = 5
    CHECK(test::run_check_digit("12345678") == '5');
    CardPerson p;
    for (int i = 0; i < 200; ++i) {
        p.number = std::to_string(10'000'000 + i * 77'773) + "00";
        CHECK(read(test::chile_link(p, false)).problems.empty());
        CHECK(read(test::chile_old_card(p)).problems.empty());
    }
}

TEST_CASE("two digits of a year: birth is never in the future, expiry is near") {
    CardPerson p;
    p.birth = "20261125";
    CHECK(read(test::chile_link(p, false)).birth.reveal().date == today);
    p.birth = "19261126";
    CHECK(read(test::chile_link(p, false)).birth.reveal().date == Date::of(1926, 11, 26));
    p.expiry = "20751031";
    CHECK(read(test::chile_link(p, false)).expiry.date == Date::of(2075, 10, 31));
    p.expiry = "19991231";
    CHECK(read(test::chile_link(p, false)).expiry.date == Date::of(1999, 12, 31));
}

TEST_CASE("Chile: the old card, its template cut") {
    std::string text = test::chile_old_card({});
    const auto c = parse_national_card(writable(text), today);
    REQUIRE(c);
    CHECK(c->kind == NationalCardKind::chile_old);
    CHECK(c->number.reveal() == test::run_of({}));
    CHECK(c->surnames.reveal() == "ERIKSSON");
    CHECK(c->nationality == "UTO");
    CHECK(c->expiry.date == Date::of(2030, 12, 31));
    CHECK(c->serial.reveal() == "A123456789");
    CHECK(c->cut == 352);
    CHECK(zero_from(text, test::chile_template_begin));
}

TEST_CASE("Colombia: 531 bytes, fields at their places, templates cut") {
    std::string text = test::colombia_card({});
    REQUIRE(text.size() == 531);
    CHECK(looks_like_national_card(as_bytes(text)));
    const auto c = parse_national_card(writable(text), today);
    REQUIRE(c);
    CHECK(c->kind == NationalCardKind::colombia);
    CHECK(c->country == "COL");
    CHECK_FALSE(c->low_confidence);
    CHECK(c->number.reveal() == "1023456789");
    CHECK(c->serial.reveal() == "45678901");
    CHECK(c->surnames.reveal() == "ERIKSSON UTOPIA");
    CHECK(c->given_names.reveal() == "ANNA MARIA");
    CHECK(c->sex == 'F');
    CHECK(c->birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(c->municipality == "11001");
    CHECK(c->problems.empty());
    CHECK(c->cut == 531 - 166);
    CHECK(zero_from(text, test::colombia_template_begin));
    const auto place =
        std::find_if(c->places.begin(), c->places.end(), [](const CardPlace& p) { return p.field == "number"; });
    REQUIRE(place != c->places.end());
    CHECK(*place == CardPlace{"number", 48, 10});
    CHECK(parse_national_card(writable(text), today)->number == c->number);  // what was cut reads the same again
    CardPerson short_number;
    short_number.number = "0012345678";
    CHECK(read(test::colombia_card(short_number)).number.reveal() == "12345678");
}

TEST_CASE("Colombia: a reader that shortens runs of zeros, or puts something before") {
    std::string text = test::with_short_runs(test::colombia_card({}));
    const std::size_t templates = text.find("0F19740812") + 16;
    const auto c = parse_national_card(writable(text), today);
    REQUIRE(c);
    CHECK(noted(*c, "card.shifted"));
    CHECK(c->low_confidence);
    CHECK(c->number.reveal() == "1023456789");
    CHECK(c->surnames.reveal() == "ERIKSSON UTOPIA");
    CHECK(c->given_names.reveal() == "ANNA MARIA");
    CHECK(c->birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(zero_from(text, templates));
    std::string before = "]L0" + test::colombia_card({});
    const auto d = parse_national_card(writable(before), today);
    REQUIRE(d);
    CHECK(noted(*d, "card.shifted"));
    CHECK(d->number.reveal() == "1023456789");
    CHECK(zero_from(before, 3 + test::colombia_template_begin));
}

TEST_CASE("Costa Rica: the key is taken off the fields alone, templates cut") {
    std::string text = test::costa_rica_card({});
    CHECK(looks_like_national_card(as_bytes(text)));
    const auto c = parse_national_card(writable(text), today);
    REQUIRE(c);
    CHECK(c->kind == NationalCardKind::costa_rica);
    CHECK(c->number.reveal() == "102345678");
    CHECK(c->surnames.reveal() == "ERIKSSON UTOPIA");
    CHECK(c->given_names.reveal() == "ANNA MARIA");
    CHECK(c->sex == 'F');
    CHECK(c->birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(c->expiry.date == Date::of(2030, 12, 31));
    CHECK(c->problems.empty());
    CHECK(c->cut == 600);
    CHECK(zero_from(text, test::costa_rica_template_begin));
}

TEST_CASE("no byte of a template survives, wherever the payload is cut off or damaged") {
    struct Sample {
        std::string text;
        std::size_t begin;
    };
    std::mt19937 r(10);
    for (const Sample& s : {Sample{test::colombia_card({}), test::colombia_template_begin},
                            Sample{test::costa_rica_card({}), test::costa_rica_template_begin},
                            Sample{test::chile_old_card({}), test::chile_template_begin}}) {
        for (std::size_t n = s.begin; n <= s.text.size(); ++n) {
            std::string text = s.text.substr(0, n);
            const auto card = parse_national_card(writable(text), today);
            REQUIRE(zero_from(text, s.begin));
            if (card) REQUIRE(card->cut == n - s.begin);
        }
        for (std::size_t n = 0; n < s.begin; ++n) CHECK(error_of(s.text.substr(0, n)) != "card.too_long");
        for (int i = 0; i < test::effort(2000); ++i) {
            // Whatever a damaged card still reads as, it reads as that only when its templates are gone.
            std::string text = s.text;
            text[r() % s.begin] = static_cast<char>(r());
            const auto card = parse_national_card(writable(text), today);
            if (card) REQUIRE(zero_from(text, s.begin));
        }
    }
    // Where the date of birth is damaged nothing behind the mark can be told from a template.
    std::string text = replaced(test::colombia_card({}), "0F1974", "0?1974");
    CHECK(parse_national_card(writable(text), today).error().code == "card.field");
    CHECK(zero_from(text, 32));
}

TEST_CASE("Mexico: a link without a name") {
    const NationalCard c = read(test::mexico_link({}));
    CHECK(c.kind == NationalCardKind::mexico_link);
    CHECK(c.serial.reveal() == "102345678977777777777777");
    CHECK(c.surnames.reveal().empty());
    CHECK(error_of(replaced(test::mexico_link({}), "/P/", "/")) == "card.field");
    CHECK(error_of(replaced(test::mexico_link({}), "ine.mx", "ine.mx.example")) == "card.format");
    CHECK(error_of("https://qr.ine.mx") == "card.field");
}

TEST_CASE("other payloads are no cards and stay as they are") {
    for (const std::string& text : {std::string{}, std::string{"M1ERIKSSON/ANNA"}, std::string{"@\n\x1E\rANSI 636000"},
                                    std::string(600, '\0'), test::noise(600, 1), std::string{"123456789"}}) {
        std::string copy = text;
        CHECK(parse_national_card(writable(copy), today).error().code == "card.format");
        CHECK(copy == text);
        CHECK_FALSE(looks_like_national_card(as_bytes(text)));
    }
    CHECK(error_of(std::string(5000, '1')) == "card.too_long");
}

TEST_CASE("cards of generated people read as they were written") {
    std::mt19937 r(531);
    const auto letters = [&r](std::size_t least, std::size_t most) {
        std::string out(least + r() % (most - least + 1), 'A');
        for (char& c : out) c = static_cast<char>('A' + r() % 26);
        return out;
    };
    for (int i = 0; i < test::effort(1000); ++i) {
        CardPerson p{std::to_string(1'000'000'000 + r() % 999'999'999),
                     letters(1, 22),
                     letters(1, 22),
                     letters(1, 14),
                     letters(1, 14),
                     r() % 2 == 0 ? 'M' : 'F',
                     Date::from_days(static_cast<int>(r() % 20000)).iso(),
                     "20301231"};
        std::erase(p.birth, '-');
        for (const std::string& text : {test::colombia_card(p), test::costa_rica_card(p)}) {
            const NationalCard c = read(text);
            REQUIRE(c.surnames.reveal() == p.first_surname + " " + p.second_surname);
            REQUIRE(c.given_names.reveal() == p.given_names + " " + p.more_names);
            REQUIRE(c.sex == p.sex);
            REQUIRE(c.birth.reveal().raw == p.birth);
            REQUIRE(c.number.reveal() == p.number.substr(0, c.kind == NationalCardKind::colombia ? 10 : 9));
            REQUIRE(c.problems.empty());
        }
        const NationalCard shifted = read(test::with_short_runs(test::colombia_card(p)));
        REQUIRE(shifted.number.reveal() == p.number);
        REQUIRE(read(test::argentina_card(p, true)).surnames.reveal() == p.first_surname);
    }
}
