#include "core/mrz/check_evidence.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <utility>

#include "core/mrz/fusion.hpp"
#include "core/mrz/layout.hpp"

namespace paso {
namespace {

const std::vector<std::string> td3{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};
const std::vector<std::string> visa{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                    "L8988901C4XXX4009078F9612109<0<G<<<<<<<<<<<<"};

std::size_t class_of(char c) { return static_cast<std::size_t>(mrz_class(c)); }

// A cell that says `c` with this probability, `other` with most of the rest.
MrzShares shares(char c, float p, char other = '\0') {
    MrzShares out;
    out.fill(other == '\0' ? (1 - p) / 36 : 1e-6F);
    if (other != '\0') out[class_of(other)] = 1 - p - 35e-6F;
    out[class_of(c)] = p;
    return out;
}

std::vector<MrzShares> cells_of(const std::vector<std::string>& lines, float p = 0.9999F) {
    std::vector<MrzShares> out;
    for (const std::string& line : lines) {
        for (const char c : line) out.push_back(shares(c, p));
    }
    return out;
}

MrzCell logs(const MrzShares& s) {
    MrzCell out;
    for (std::size_t k = 0; k < s.size(); ++k) out[k] = std::log(s[k]);
    return out;
}

MrzReading reading(const std::vector<std::string>& lines, std::uint64_t frame) {
    MrzReading r;
    r.frame = frame;
    for (const std::string& line : lines) {
        r.rows.emplace_back();
        for (const char c : line) r.rows.back().cells.push_back(logs(shares(c, 0.9999F)));
    }
    return r;
}

constexpr std::size_t row = 44;  // the first cell of the second row

}  // namespace

TEST_CASE("of two readings of a soft cell the one whose digits hold is the likelier, by exactly the odds") {
    auto cells = cells_of(td3, 1.0F);
    cells[row + 5] = shares('O', 0.8F, '0');  // L8989O2C3: a zero is printed
    weigh_by_check_digits(cells, MrzFormat::td3);
    // 0.2 of it in which the digit holds, 0.8 a fiftieth as likely.
    CHECK(cells[row + 5][class_of('0')] == Approx(0.2 / (0.2 + 0.8 * 0.02)).margin(1e-3));
    CHECK(cells[row + 5][class_of('O')] == Approx(0.8 * 0.02 / (0.2 + 0.8 * 0.02)).margin(1e-3));
}

TEST_CASE("two soft cells under one digit are weighed together") {
    auto cells = cells_of(td3, 1.0F);
    cells[row + 1] = shares('8', 0.6F, 'B');
    cells[row + 6] = shares('2', 0.3F, 'Z');
    weigh_by_check_digits(cells, MrzFormat::td3);
    // By hand over the four readings: 8 with 2 holds, and so does B with Z (9 and 231 more).
    const double all = 0.6 * 0.3 + 0.4 * 0.7 + 0.02 * (0.6 * 0.7 + 0.4 * 0.3);
    CHECK(cells[row + 1][class_of('8')] == Approx((0.6 * 0.3 + 0.02 * 0.6 * 0.7) / all).margin(2e-3));
    CHECK(cells[row + 6][class_of('2')] == Approx((0.6 * 0.3 + 0.02 * 0.4 * 0.3) / all).margin(2e-3));
}

TEST_CASE("a digit that was printed wrong and clearly stays as it is") {
    auto lines = td3;
    lines[1][9] = '7';  // for 6
    auto cells = cells_of(lines);
    weigh_by_check_digits(cells, MrzFormat::td3);
    for (std::size_t i = 0; i < 10; ++i) CHECK(cells[row + i][class_of(lines[1][i])] > 0.9F);
    const MrzResult r = decide(fuse(fuse({}, reading(lines, 1)), reading(lines, 2)), {});
    CHECK(r.lines == lines);
    CHECK(r.state == MrzState::proposed);
    CHECK(r.why == MrzWhy::check_digits);
}

TEST_CASE("what a check digit tells apart") {
    CHECK(check_digit_tells(MrzFormat::td3, row + 4, 'O', '0'));
    CHECK_FALSE(check_digit_tells(MrzFormat::td3, row + 4, 'G', '6'));  // 16 and 6
    CHECK_FALSE(check_digit_tells(MrzFormat::td3, row + 4, '<', '0'));
    CHECK_FALSE(check_digit_tells(MrzFormat::td3, 6, 'H', 'N'));         // the name
    CHECK_FALSE(check_digit_tells(MrzFormat::td3, row + 10, 'H', 'N'));  // the nationality
    CHECK(check_digit_tells(MrzFormat::td3, row + 43, '1', '7'));        // the last digit itself
    CHECK(check_digit_tells(MrzFormat::td1, 20, 'O', '0'));              // optional data, by the digit over all
    CHECK_FALSE(check_digit_tells(MrzFormat::mrv_a, row + 30, 'O', '0'));
    CHECK_FALSE(check_digit_tells(MrzFormat::swiss_licence, 0, 'O', '0'));
}

TEST_CASE("shares stay shares, whatever they were") {
    std::mt19937 random(11);
    for (const MrzFormat format : mrz_formats) {
        const MrzShape form = shape(format);
        std::vector<MrzShares> cells(form.rows * form.columns);
        for (MrzShares& cell : cells) {
            float total = 0;
            for (float& s : cell) total += s = std::exp(-static_cast<float>(random() % 2000) / 100);
            for (float& s : cell) s /= total;
        }
        weigh_by_check_digits(cells, format);
        for (const MrzShares& cell : cells) {
            float total = 0;
            for (const float s : cell) {
                CHECK((s >= 0 && s <= 1.0001F));
                total += s;
            }
            CHECK(total == Approx(1).margin(1e-3));
        }
    }
    std::vector<MrzShares> few(3, shares('A', 0.9F));
    weigh_by_check_digits(few, MrzFormat::td3);  // not of the format: as it was
    CHECK(few == std::vector<MrzShares>(3, shares('A', 0.9F)));
}

TEST_CASE("a cell that grammar or a check digit tipped is for a person in one frame, and confirmed by a second") {
    MrzReading a = reading(td3, 1), b = reading(td3, 2);
    a.rows[1].cells[23] = b.rows[1].cells[23] = logs(shares('O', 0.55F, '0'));  // a zero of the expiry date
    CHECK(decide(fuse({}, a), {}).state == MrzState::proposed);
    const MrzResult two = decide(fuse(fuse({}, a), b), {});
    CHECK(two.lines == td3);
    CHECK(two.state == MrzState::verified);
    // What the picture speaks against stays for a person, however many frames say the same.
    a.rows[1].cells[23] = b.rows[1].cells[23] = logs(shares('O', 0.99F, '0'));
    CHECK(decide(fuse(fuse({}, a), b), {}).state == MrzState::proposed);
    // Two digits of a date look alike: its check digit alone chooses, and must find more of it in the picture.
    a.rows[1].cells[23] = b.rows[1].cells[23] = logs(shares('8', 0.93F, '0'));
    const MrzResult one = decide(fuse(fuse({}, a), b), {});
    CHECK(one.lines == td3);
    CHECK(one.state == MrzState::proposed);
    a.rows[1].cells[23] = b.rows[1].cells[23] = logs(shares('O', 0.93F, '0'));
    CHECK(decide(fuse(fuse({}, a), b), {}).state == MrzState::verified);
}

TEST_CASE(
    "a State's letter that looks like a digit is confirmed by a second frame, one like another letter by nobody") {
    const MrzPolicy policy{.states = {{'U', 'T', 'O'}, {'B', 'R', 'A'}}};
    MrzReading a = reading(td3, 1), b = reading(td3, 2);
    a.rows[0].cells[4] = b.rows[0].cells[4] = logs(shares('0', 0.9F, 'O'));
    CHECK(decide(fuse({}, a), policy).state == MrzState::proposed);
    const MrzResult two = decide(fuse(fuse({}, a), b), policy);
    CHECK(two.lines == td3);
    CHECK(two.state == MrzState::verified);
    a.rows[0].cells[4] = b.rows[0].cells[4] = logs(shares('0', 0.995F, 'O'));  // a zero that stands there clearly
    CHECK(decide(fuse(fuse({}, a), b), policy).state == MrzState::proposed);
    a.rows[0].cells[4] = b.rows[0].cells[4] = logs(shares('D', 0.9F, 'O'));
    CHECK(decide(fuse(fuse({}, a), b), policy).state == MrzState::proposed);
}

TEST_CASE("a digit in a name is reported as printed, and is for a person however often it is read") {
    std::vector<std::string> printed = td3;
    printed[0][10] = '0';
    const MrzResult two = decide(fuse(fuse({}, reading(printed, 1)), reading(printed, 2)), {});
    CHECK(two.lines == printed);
    CHECK(two.state == MrzState::proposed);
}

TEST_CASE("where no check digit tells, what is usual alone verifies nothing") {
    MrzReading a = reading(visa, 1), b = reading(visa, 2);
    REQUIRE(decide(fuse(fuse({}, a), b), {}).state == MrzState::verified);
    a.rows[1].cells[31] = b.rows[1].cells[31] = logs(shares('6', 0.6F, 'G'));  // optional data of a visa
    CHECK(decide(fuse(fuse({}, a), b), {}).state == MrzState::proposed);
    MrzReading c = reading(visa, 3);
    c.rows[0].cells[6] = logs(shares('R', 0.97F, 'P'));  // a name: over cell_threshold, under alone_threshold
    CHECK(decide(fuse({}, c), {}).state == MrzState::proposed);
    c.rows[0].cells[6] = logs(shares('R', 0.985F, 'P'));
    CHECK(decide(fuse({}, c), {}).state == MrzState::single_frame);
}

TEST_CASE("frames agree cell by cell: glare covers another cell in each") {
    MrzFusion f;
    for (std::uint64_t i = 1; i <= 3; ++i) {
        MrzReading r = reading(td3, i);
        r.rows[0].cells[5 + static_cast<std::size_t>(i)] = logs(shares('W', 0.5F, 'V'));
        f = fuse(std::move(f), r);
    }
    const MrzResult r = decide(f, {});
    CHECK(r.lines == td3);
    CHECK(r.frames == 2);
    CHECK(r.state == MrzState::verified);
}

}  // namespace paso
