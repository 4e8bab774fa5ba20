#include "core/mrz/fusion.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <utility>

#include "core/mrz/layout.hpp"

using namespace paso;

namespace {

const std::vector<std::string> td3{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};
const std::vector<std::string> visa{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"};

// A cell that says `c` with this probability, and spreads the rest.
MrzCell cell(char c, float p) {
    MrzCell out;
    out.fill(std::log((1 - p) / 36));
    out[static_cast<std::size_t>(mrz_class(c))] = std::log(p);
    return out;
}

MrzReading reading(const std::vector<std::string>& lines, std::uint64_t frame, float p = 0.999F) {
    MrzReading r;
    for (const std::string& line : lines) {
        MrzRow row;
        for (const char c : line) row.cells.push_back(cell(c, p));
        r.rows.push_back(std::move(row));
    }
    r.frame = frame;
    return r;
}

}  // namespace

TEST_CASE("two frames that agree verify; one is a single frame; none is nothing") {
    MrzFusion f;
    CHECK(decide(f, {}).state == MrzState::unreadable);
    CHECK(decide(f, {}).why == MrzWhy::nothing_seen);
    f = fuse(f, reading(td3, 1));
    const MrzResult one = decide(f, {});
    CHECK(one.state == MrzState::single_frame);
    CHECK(one.lines == td3);
    CHECK(one.format == MrzFormat::td3);
    CHECK(one.confidence.size() == 2);
    CHECK(one.lowest > 0.9F);
    f = fuse(f, reading(td3, 2));
    CHECK(decide(f, {}).state == MrzState::verified);
    CHECK(decide(f, {}).frames == 2);
}

TEST_CASE("the same frame twice is no second opinion") {
    MrzFusion f = fuse(fuse({}, reading(td3, 5)), reading(td3, 5));
    CHECK(decide(f, {}).state == MrzState::single_frame);
    CHECK(decide(f, {}).frames == 1);
}

TEST_CASE("check digits that do not hold are proposed, never verified") {
    auto lines = td3;
    lines[1][3] = '0';
    MrzFusion f = fuse(fuse({}, reading(lines, 1)), reading(lines, 2));
    CHECK(decide(f, {}).state == MrzState::proposed);
    CHECK(decide(f, {}).why == MrzWhy::check_digits);
    CHECK(decide(f, {}).lines == lines);
}

TEST_CASE("a doubtful cell keeps the result from being verified") {
    MrzReading a = reading(td3, 1);
    MrzReading b = reading(td3, 2);
    a.rows[0].cells[6] = b.rows[0].cells[6] = cell('R', 0.75F);
    MrzFusion f = fuse(fuse({}, a), b);
    CHECK(decide(f, {}).state != MrzState::unreadable);
    MrzReading c = reading(td3, 3);
    c.rows[0].cells[6] = cell('R', 0.3F);
    const MrzResult r = decide(fuse({}, c), {});
    CHECK(r.state == MrzState::unreadable);
    CHECK(r.why == MrzWhy::doubtful);
}

TEST_CASE("a letter's doubt counts for more where the picture is unsure of other cells too") {
    const auto with = [](float others, float letter) {
        MrzReading a = reading(td3, 1, 0.9999F);
        for (const std::size_t digit : {13U, 14U, 15U, 16U, 21U, 22U, 23U})
            a.rows[1].cells[digit] = cell(td3[1][digit], others);
        a.rows[0].cells[6] = cell('R', letter);
        return decide(fuse({}, a), {}).state;
    };
    CHECK(with(0.9999F, 0.98F) == MrzState::single_frame);
    CHECK(with(0.9F, 0.985F) == MrzState::proposed);
    CHECK(with(0.9F, 0.998F) == MrzState::single_frame);
    CHECK(with(0.9999F, 0.95F) == MrzState::proposed);
}

TEST_CASE("frames that are unsure each make no sure letter together") {
    const auto together = [](float others) {
        MrzFusion f;
        for (const std::uint64_t frame : {1U, 2U, 3U}) {
            MrzReading a = reading(td3, frame, 0.9999F);
            for (const std::size_t digit : {13U, 14U, 15U, 16U, 21U, 22U, 23U})
                a.rows[1].cells[digit] = cell(td3[1][digit], others);
            MrzCell& letter = a.rows[0].cells[6];  // as three wrong ones were seen
            letter.fill(std::log(1e-6F));
            letter[static_cast<std::size_t>(mrz_class('R'))] = std::log(0.9F);
            letter[static_cast<std::size_t>(mrz_class('P'))] = std::log(0.1F);
            f = fuse(f, a);
        }
        return decide(f, {}).state;
    };
    CHECK(together(0.9999F) == MrzState::verified);
    CHECK(together(0.8F) == MrzState::proposed);
}

TEST_CASE("two O in optional data whose check digit holds as well for two 0 must be surer") {
    // The weights of the two places are 7 and 3, O counts 24, and 24 * 10 is a multiple of 10.
    const std::vector<std::string> card{"I<UTOTRANDIVEL<<JOVARIN<<<<<<<<<<<<<", "ZL25176513UTO6205221F3204142MH0OO<<5"};
    const auto with = [&](float letter) {
        MrzReading a = reading(card, 1, 0.9999F);
        for (const std::size_t column : {31U, 32U}) {
            MrzCell& open = a.rows[1].cells[column];
            open.fill(std::log(1e-6F));
            open[static_cast<std::size_t>(mrz_class('O'))] = std::log(letter);
            open[static_cast<std::size_t>(mrz_class('0'))] = std::log(1 - letter);
        }
        return decide(fuse({}, a), {});
    };
    CHECK(with(0.97F).lines == card);
    CHECK(with(0.97F).state == MrzState::proposed);
    CHECK(with(0.9999F).state == MrzState::single_frame);
}

TEST_CASE("frames that disagree do not verify each other") {
    auto other = td3;
    other[0][6] = 'K';  // in the name: no check digit sees it
    MrzFusion f = fuse(fuse({}, reading(td3, 1)), reading(other, 2));
    CHECK(decide(f, {}).state != MrzState::verified);
    f = fuse(f, reading(td3, 3));
    CHECK(decide(f, {}).lines == td3);
    f = fuse(fuse(f, reading(td3, 4)), reading(td3, 5));
    CHECK(decide(f, {}).state == MrzState::verified);
}

TEST_CASE("the grammar of a place may tip a doubtful cell, but then a person must look") {
    MrzReading a = reading(td3, 1);
    MrzCell o;
    o.fill(std::log(0.01F / 35));
    o[static_cast<std::size_t>(mrz_class('O'))] = std::log(0.55F);
    o[static_cast<std::size_t>(mrz_class('0'))] = std::log(0.44F);
    a.rows[1].cells[23] = o;  // the third of 120415: a zero
    const MrzResult r = decide(fuse({}, a), {});
    CHECK(r.lines == td3);
    CHECK(r.lowest > MrzPolicy{}.cell_threshold);  // sure by the grammar, and still
    CHECK(r.state == MrzState::proposed);
}

TEST_CASE("what a check digit tells of a cell that the picture leaves open is verified by two frames, not by one") {
    MrzFusion f;
    for (const std::uint64_t frame : {1U, 2U}) {
        MrzReading a = reading(td3, frame, 0.999F);
        MrzCell open;
        open.fill(std::log(0.01F / 35));
        open[static_cast<std::size_t>(mrz_class('3'))] = std::log(0.52F);
        open[static_cast<std::size_t>(mrz_class('8'))] = std::log(0.47F);
        REQUIRE(td3[1][3] == '8');
        a.rows[1].cells[3] = open;
        f = fuse(std::move(f), a);
        CHECK(decide(f, {}).lines == td3);
        CHECK(decide(f, {}).state == (frame == 1 ? MrzState::proposed : MrzState::verified));
    }
}

TEST_CASE("among digits 0 is likelier than O, and an O that stands there clearly stays") {
    const std::vector<std::string> numbered{visa[0], "L8988901C4XXX4009078F9612109<0305<<<"};
    constexpr std::size_t zero = 31;
    REQUIRE(numbered[1][zero] == '0');
    const auto with = [&](std::size_t column, float o) {  // as likely an O as this, else a 0
        MrzReading a = reading(numbered, 1, 0.999F);
        MrzCell& cell = a.rows[1].cells[column];
        cell.fill(std::log(1e-6F));
        cell[static_cast<std::size_t>(mrz_class('O'))] = std::log(o);
        cell[static_cast<std::size_t>(mrz_class('0'))] = std::log(1 - o);
        return decide(fuse({}, a), {});
    };
    CHECK(with(zero, 0.2F).lines == numbered);
    CHECK(with(zero, 0.2F).state == MrzState::single_frame);
    CHECK(with(zero, 0.6F).lines == numbered);  // the picture prefers an O: for a person
    CHECK(with(zero, 0.6F).state == MrzState::proposed);
    CHECK(with(zero, 0.9995F).lines[1][zero] == 'O');
    CHECK(with(zero, 0.9995F).state != MrzState::unreadable);
    CHECK(with(29, 0.3F).state == MrzState::proposed);  // after a letter or a filler nothing is known of it
}

TEST_CASE("another document on the glass starts again") {
    MrzFusion f = fuse(fuse({}, reading(td3, 1)), reading(td3, 2));
    auto other = td3;
    other[0] = "P<UTONEBEL<<ODA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<";
    other[1] = "X000000006XXB0001011M3301017<<<<<<<<<<<<<<00";
    f = fuse(f, reading(other, 3));
    CHECK(decide(f, {}).lines == other);
    CHECK(decide(f, {}).frames == 1);
}

TEST_CASE("a document of another shape takes the place of the one before") {
    MrzFusion f;
    for (std::uint64_t i = 1; i <= 20; ++i) f = fuse(f, reading(td3, i));
    f = fuse(f, reading(visa, 21));
    CHECK(decide(f, {}).lines == td3);  // one frame of another shape may be a slip of the line finder
    f = fuse(f, reading(visa, 22));
    CHECK(decide(f, {}).lines == visa);
    CHECK(f.shapes.size() == 1);
}

TEST_CASE("what is no probability never makes a reading sure") {
    for (const float wild : {std::nanf(""), INFINITY, -INFINITY, 1e30F}) {
        MrzReading a = reading(td3, 1);
        MrzReading b = reading(td3, 2);
        a.rows[0].cells[6].fill(wild);
        b.rows[0].cells[6].fill(wild);
        const MrzResult r = decide(fuse(fuse({}, a), b), {});
        CHECK(r.state == MrzState::unreadable);
        CHECK(r.lowest < 0.1F);
    }
}

TEST_CASE("other shapes are seen but not read; visas are told by their first letter") {
    MrzReading odd = reading(td3, 1);
    odd.rows[1].cells.pop_back();
    const MrzFusion f = fuse({}, odd);
    CHECK(f.seen == 1);
    CHECK(decide(f, {}).why == MrzWhy::partial);
    CHECK(decide(fuse({}, reading(visa, 1)), {}).format == MrzFormat::mrv_b);
}

TEST_CASE("two rows of 36 from France: the national card, unless only TD2's check digits hold") {
    const std::vector<std::string> french{"IDFRANEBELTHAU<<<<<<<<<<<<<<<<2A0042",
                                          "0502921000016ODA<CELESTE<<<7408122F4"};
    const std::vector<std::string> td2{"IDFRANEBEL<<ODA<<<<<<<<<<<<<<<<<<<<<", "C01<<<<<<5FRA7408122<3001019<<<<<<<6"};
    const std::vector<std::string> other{"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
                                         "D231458907UTO7408122F1204159<<<<<<<6"};
    for (const auto& [lines, format] :
         {std::pair{french, MrzFormat::french_id}, {td2, MrzFormat::td2}, {other, MrzFormat::td2}}) {
        const MrzResult r = decide(fuse(fuse({}, reading(lines, 1)), reading(lines, 2)), {});
        CHECK(r.lines == lines);
        CHECK(r.format == format);
        CHECK(r.state == MrzState::verified);
    }
}

TEST_CASE("the layout says what each check digit is over") {
    CHECK(check_digit("520727") == '3');  // Doc 9303-3, the examples of section 4.9
    CHECK(check_digit("AB2134<<<") == '5');
    // Every field lies inside its row, and no two share a cell.
    for (const MrzFormat format : mrz_formats) {
        const MrzLayout& l = layout(format);
        std::set<std::pair<int, int>> taken;
        for (const MrzSpan& s :
             {l.code, l.issuer, l.name, l.given_names, l.number, l.number_check, l.nationality, l.birth, l.birth_check,
              l.sex, l.expiry, l.expiry_check, l.optional_1, l.optional_1_check, l.optional_2, l.composite_check}) {
            for (int i = 0; i < s.length; ++i) CHECK(taken.insert({s.row, s.column + i}).second);
            if (s.length == 0) continue;
            CHECK(static_cast<std::size_t>(s.row) < shape(format).rows);
            CHECK(static_cast<std::size_t>(s.column + s.length) <= columns(format, static_cast<std::size_t>(s.row)));
        }
    }
    CHECK(cell_kind(MrzFormat::french_id, 1, 0) == CellKind::digit);
    CHECK(cell_kind(MrzFormat::french_id, 1, 13) == CellKind::letter);
    CHECK(cell_kind(MrzFormat::french_id, 0, 30) == CellKind::any);
    CHECK(cell_kind(MrzFormat::td3, 1, 13) == CellKind::digit);
    CHECK(cell_kind(MrzFormat::td3, 0, 10) == CellKind::letter);
    CHECK(cell_kind(MrzFormat::td3, 1, 0) == CellKind::any);
}

TEST_CASE("an issuer that is no State is less likely than one, and is never corrected where it stands clearly") {
    const MrzPolicy policy{.states = {{'U', 'T', 'O'}, {'D', '<', '<'}, {'B', 'R', 'A'}}};
    // The picture prefers UTD a little; the list decides, and it is said that the picture was overruled.
    MrzReading r = reading(td3, 1);
    MrzCell& o = r.rows[0].cells[4];
    o = cell('D', 0.6F);
    o[static_cast<std::size_t>(mrz_class('O'))] = std::log(0.39F);
    CHECK(decide(fuse({}, r), {}).lines[0].substr(2, 3) == "UTD");
    const MrzResult listed = decide(fuse({}, r), policy);
    CHECK(listed.lines == td3);
    CHECK(listed.state == MrzState::proposed);
    CHECK(listed.confidence[0][4] > 0.99F);

    // A code that no list has, printed clearly.
    std::vector<std::string> other = td3;
    other[0].replace(2, 3, "QQQ");
    const MrzResult unlisted = decide(fuse({}, reading(other, 1, 0.9999F)), policy);
    CHECK(unlisted.lines == other);
    CHECK(unlisted.state == MrzState::single_frame);

    // Listed and clear: nothing changes; Germany has one letter.
    CHECK(decide(fuse({}, reading(td3, 1)), policy).state == MrzState::single_frame);
    std::vector<std::string> german = td3;
    german[0].replace(2, 3, "D<<");
    CHECK(decide(fuse({}, reading(german, 1)), policy).lines == german);

    // Confidence is that of the character: two States that differ in one.
    const MrzPolicy close{.states = {{'A', 'U', 'T'}, {'A', 'U', 'S'}}};
    german[0].replace(2, 3, "AUS");
    r = reading(german, 1);
    MrzCell& s = r.rows[0].cells[4];
    s = cell('T', 0.5F);
    s[static_cast<std::size_t>(mrz_class('S'))] = std::log(0.49F);
    const MrzResult doubt = decide(fuse({}, r), close);
    CHECK(doubt.confidence[0][2] > 0.99F);
    CHECK(doubt.confidence[0][4] == Approx(0.505).margin(0.02));
}

TEST_CASE("what the grammar expects of a cell") {
    CHECK(cell_kind(MrzFormat::td3, 1, 20) == CellKind::sex);
    CHECK(cell_kind(MrzFormat::td1, 1, 7) == CellKind::sex);
    for (const char c : mrz_alphabet) {
        const bool digit = c >= '0' && c <= '9';
        CHECK(expected(CellKind::any, c));
        CHECK(expected(CellKind::letter, c) == !digit);
        CHECK(expected(CellKind::digit, c) == (digit || c == '<'));
        CHECK(expected(CellKind::sex, c) == (c == 'M' || c == 'F' || c == 'X' || c == '<'));
    }
}

TEST_CASE("rows of 9, 30 and 30 are a Swiss licence, which nothing can confirm") {
    const std::vector<std::string> licence{"ABC001D<<", "FACHE012345678001<<740812<<<<<",
                                           "NEBELTHAU<<ODA<CELESTE<<<<<<<<"};
    const std::vector<std::string> td1{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                                       "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};
    MrzFusion f = fuse(fuse({}, reading(licence, 1)), reading(licence, 2));
    const MrzResult r = decide(f, {});
    CHECK(r.format == MrzFormat::swiss_licence);
    CHECK(r.lines == licence);
    REQUIRE(r.confidence.size() == 3);
    CHECK(r.confidence[0].size() == 9);
    CHECK(r.frames == 2);
    CHECK(r.state == MrzState::proposed);
    CHECK(r.why == MrzWhy::check_digits);
    CHECK(is_swiss_licence(r.lines));
    CHECK_FALSE(is_swiss_licence(td1));
    CHECK_FALSE(is_swiss_licence({licence[0], td1[1], licence[2]}));
    // A card of three rows of 30 after it is another document, and the other way round.
    f = fuse(fuse(std::move(f), reading(td1, 3)), reading(td1, 4));
    CHECK(decide(f, {}).format == MrzFormat::td1);
    CHECK(decide(f, {}).state == MrzState::verified);
    f = fuse(fuse(std::move(f), reading(licence, 5)), reading(licence, 6));
    CHECK(decide(f, {}).lines == licence);
}
