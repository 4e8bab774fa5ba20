// Rows that a recogniser might have seen, drawn step by step from a text; what was printed must come out.
#include "core/mrz/pitch.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <string>

#include "tests/support/effort.hpp"

using namespace paso;

namespace {

using Rng = std::mt19937_64;

double real(Rng& rng, double least, double most) { return std::uniform_real_distribution<double>(least, most)(rng); }
std::size_t below(Rng& rng, std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(rng); }

MrzStep step_of(std::size_t best, float p) {
    MrzStep out;
    out.fill(std::log((1 - p) / 37));
    out[best] = std::log(p);
    return out;
}

// How a row is printed and seen, in steps.
struct Print {
    double first = 6;  // middle of the first character
    double pitch = 3.3;
    double bend = 0;    // what the pitch grows by over the row, as a share
    double margin = 6;  // beyond the last character
    float p = 0.98F;
};

RowSteps seen(const std::string& text, const Print& print) {
    const auto place = [&](double i) {
        const double n = static_cast<double>(text.size());
        return print.first + print.pitch * (i + print.bend * i * (i - n) / (2 * n));
    };
    RowSteps out;
    const double end = place(static_cast<double>(text.size()) - 1) + print.margin;
    out.steps.assign(static_cast<std::size_t>(end), step_of(37, print.p));
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ') continue;  // nothing was seen there
        const double at = place(static_cast<double>(i));
        const auto near = static_cast<std::size_t>(std::lround(at));
        for (std::size_t t = near < 1 ? 0 : near - 1; t <= near + 1 && t < out.steps.size(); ++t) {
            if (t == near || std::abs(static_cast<double>(t) - at) < 0.25 * print.pitch)
                out.steps[t] = step_of(static_cast<std::size_t>(mrz_class(text[i])), print.p);
        }
    }
    return out;
}

std::string text_of(const RowWindow& row) {
    std::string out;
    for (const MrzCell& c : row.cells) {
        const auto best = std::max_element(c.begin(), c.end());
        const bool known = *best > std::log(0.5F);
        out.push_back(known ? mrz_alphabet[static_cast<std::size_t>(best - c.begin())] : '?');
    }
    return out;
}

std::string random_text(Rng& rng, std::size_t length) {
    std::string out;
    while (out.size() < length) out.push_back(below(rng, 4) == 0 ? '<' : mrz_alphabet[below(rng, 36)]);
    return out;
}

Print random_print(Rng& rng) {
    return {real(rng, 3, 20), real(rng, 2.6, 4.4), real(rng, -0.08, 0.08), real(rng, 3, 20), 0.97F};
}

const std::vector<std::string> td3{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};

}  // namespace

TEST_CASE("peaks: each character once, equal neighbours without a gap as one") {
    RowSteps row = seen("AB<<<7", {.first = 4, .pitch = 4});
    CHECK(row_peaks(row).size() == 6);
    CHECK(row_peaks(row)[1].at() == 8);
    CHECK(row_peaks(row)[1].sure == Approx(0.98));
    for (std::size_t t = 12; t <= 20; ++t) row.steps[t] = step_of(36, 0.9F);
    CHECK(row_peaks(row).size() == 4);
    CHECK(row_columns(row_peaks(row)) == 0);  // too few to know a pitch
    CHECK(row_columns(row_peaks(seen(td3[0], {}))) == 44);
    CHECK(row_peaks({}).empty());
}

TEST_CASE("a row is cut into as many cells as it has, wherever it lies and however its pitch bends") {
    Rng rng(71);
    for (int round = 0; round < test::effort(3000); ++round) {
        const std::size_t columns = std::array<std::size_t, 3>{30, 36, 44}[below(rng, 3)];
        const std::string text = random_text(rng, columns);
        const RowSteps row = seen(text, random_print(rng));
        const auto windows = row_windows(row, columns);
        REQUIRE_FALSE(windows.empty());
        INFO(text << " round " << round);
        REQUIRE(text_of(windows.front()) == text);
        REQUIRE(windows.size() <= 4);
        REQUIRE(std::is_sorted(windows.begin(), windows.end(),
                               [](const auto& a, const auto& b) { return a.likelihood > b.likelihood; }));
    }
}

TEST_CASE("equal characters that run together are parted by the pitch") {
    RowSteps row = seen(td3[0], {.pitch = 3});
    // All fillers of the end and the blanks between them are one run.
    const auto first = static_cast<std::size_t>(6 + 3 * 25 - 1);
    for (std::size_t t = first; t < 6 + 3 * 43 + 1; ++t) row.steps[t] = step_of(36, 0.9F);
    const auto windows = row_windows(row, 44);
    REQUIRE_FALSE(windows.empty());
    CHECK(text_of(windows.front()) == td3[0]);
}

TEST_CASE("a place where nothing was seen is a cell that knows nothing") {
    std::string text = td3[1];
    text[12] = text[13] = ' ';
    const auto windows = row_windows(seen(text, {}), 44);
    REQUIRE_FALSE(windows.empty());
    const RowWindow& w = windows.front();
    CHECK(text_of(w) == "L898902C36UT??408122F1204159ZE184226B<<<<<10");
    float sum = 0;
    for (const float p : w.cells[12]) sum += std::exp(p);
    CHECK(sum == Approx(1).margin(1e-3));
    CHECK(*std::max_element(w.cells[12].begin(), w.cells[12].end()) < std::log(0.1F));
}

TEST_CASE("the number of columns of two rows is found, and what stands beside them is left out") {
    Rng rng(72);
    for (int round = 0; round < test::effort(1000); ++round) {
        const std::size_t columns = round % 2 == 0 ? 36 : 44;
        Print print = random_print(rng);
        print.bend = 0;
        std::vector<RowSteps> rows;
        std::vector<std::string> texts;
        for (int r = 0; r < 2; ++r) {
            texts.push_back("P<" + random_text(rng, columns - 2));
            // The paper's edge, which looks like a character; at the right of one row alone.
            const bool clutter = r == 0 && below(rng, 2) == 0;
            rows.push_back(seen(texts.back() + (clutter ? "  I" : ""), print));
        }
        const auto zone = cut_zone(rows);
        REQUIRE(zone);
        INFO(texts[0] << " " << texts[1]);
        REQUIRE(zone->shape.columns == columns);
        REQUIRE(text_of(zone->rows[0]) == texts[0]);
        REQUIRE(text_of(zone->rows[1]) == texts[1]);
    }
}

TEST_CASE("rows begin below each other: a doubtful end is decided by its neighbours") {
    // The last row lost its first cell to glare and shows a speck after its last: by itself it is shifted by one.
    const std::vector<std::string> td1{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                                       "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};
    std::vector<RowSteps> rows;
    for (const std::string& line : td1) rows.push_back(seen(line, {.margin = 12}));
    rows[2] = seen(" " + td1[2].substr(1) + "<", {.margin = 9});
    CHECK(text_of(row_windows(rows[2], 30).front()) == td1[2].substr(1) + "<");
    const auto zone = cut_zone(rows);
    REQUIRE(zone);
    CHECK(text_of(zone->rows[2]) == "?" + td1[2].substr(1));
    CHECK(zone->rows[2].at.front() == Approx(6).margin(0.5));
}

TEST_CASE("the axis of the rows may be any: metres, another origin, another scale for each") {
    std::vector<RowSteps> rows{seen(td3[0], {.first = 9}), seen(td3[1], {.first = 6.6, .pitch = 3.9})};
    rows[0].origin = 100;
    rows[0].along = 0.2F;
    rows[1].origin = 100 + 0.2F * 9 - 0.2F * 3.3F / 3.9F * 6.6F;  // both first characters at one place
    rows[1].along = 0.2F * 3.3F / 3.9F;
    const auto zone = cut_zone(rows);
    REQUIRE(zone);
    CHECK(text_of(zone->rows[0]) == td3[0]);
    CHECK(text_of(zone->rows[1]) == td3[1]);
}

TEST_CASE("too little, or nothing, is no zone") {
    CHECK_FALSE(cut_zone({}));
    const std::vector<RowSteps> one{seen(td3[0], {})};
    CHECK_FALSE(cut_zone(one));
    const std::vector<RowSteps> blank{seen(std::string(44, ' '), {}), seen(td3[1], {})};
    CHECK_FALSE(cut_zone(blank));
    CHECK(row_windows(seen("ABC", {}), 30).empty());
    CHECK(row_windows(seen(td3[0], {}), 0).empty());
}

TEST_CASE("whatever was seen, cells are distributions and the call ends") {
    Rng rng(73);
    for (int round = 0; round < test::effort(400); ++round) {
        std::vector<RowSteps> rows(2 + below(rng, 2));
        for (RowSteps& row : rows) {
            for (std::size_t t = below(rng, 400); t > 0; --t)
                row.steps.push_back(step_of(below(rng, 38), static_cast<float>(real(rng, 0.03, 0.99999))));
            row.along = static_cast<float>(real(rng, -1, 1));
        }
        const auto zone = cut_zone(rows);
        if (!zone) continue;
        REQUIRE(zone->rows.size() == rows.size());
        for (const RowWindow& w : zone->rows) {
            REQUIRE(w.cells.size() == zone->shape.columns);
            REQUIRE(w.at.size() == w.cells.size());
            for (const MrzCell& cell : w.cells) {
                float sum = 0;
                for (const float p : cell) sum += std::exp(p);
                REQUIRE(sum == Approx(1).margin(0.01));
            }
        }
    }
}
