// Documents in which cells were changed, moved, cut or put in: nothing crashes, and what is accepted survives write and
// read. A hundred thousand here, a million with the label long.
#include <catch2/catch.hpp>
#include <random>

#include "core/document/travel_document.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/made_up_documents.hpp"

using namespace paso;

namespace {

using Lines = std::vector<std::string>;

char any_cell(std::mt19937& r) {
    static constexpr std::string_view strange = " a.\n\x80";
    return r() % 200 == 0 ? strange[r() % strange.size()] : mrz_alphabet[r() % mrz_alphabet.size()];
}

// One mutation that knows the grammar: most keep the shape.
void mutate(std::mt19937& r, Lines& lines) {
    std::string& line = lines[r() % lines.size()];
    if (line.empty()) return;
    const std::size_t at = r() % line.size();
    const std::size_t n = 1 + r() % 6;
    switch (r() % 10) {
        case 0:
        case 1:
        case 2:
            line[at] = any_cell(r);
            break;
        case 3:
            line[at] = '<';
            break;
        case 4:
            std::swap(line[at], line[r() % line.size()]);
            break;
        case 5:  // a run of fillers
            for (std::size_t i = at; i < std::min(at + n, line.size()); ++i) line[i] = '<';
            break;
        case 6:  // shifted: the cells after it move, the length stays
            line.insert(at, 1, any_cell(r));
            line.pop_back();
            break;
        case 7:
            line.erase(at, 1);
            line.push_back('<');
            break;
        case 8:
            if (r() % 20 == 0) line.erase(at, n);
            break;
        default:
            if (r() % 20 == 0) lines.push_back(line);
            break;
    }
}

// All fields that survive: the text of the lines, the digits that failed and the remarks may change, and a name with
// more fillers than it needs comes back with fewer, so that its field is not full any more.
TravelDocument lasting(TravelDocument d) {
    d.lines.clear();
    d.problems.clear();
    d.check_digits = {};
    d.state = MrzState::unreadable;
    d.name_may_be_truncated = false;
    return d;
}

void check(const Lines& lines, std::size_t& accepted) {
    const auto d = parse_mrz_lines(lines, made_up::today);
    if (!d) return;
    REQUIRE(d->lines == lines);
    const auto written = write_mrz(*d);
    if (!written) {  // what a failed check digit hides: the repaired lines would be another format
        REQUIRE(written.error().code == "mrz.write.format");
        REQUIRE_FALSE(d->check_digits.all_hold());
        return;
    }
    ++accepted;
    const auto again = parse_mrz_lines(*written, made_up::today);
    REQUIRE(again);
    REQUIRE(lasting(*again) == lasting(*d));
    REQUIRE((again->check_digits.all_hold() || again->format == MrzFormat::swiss_licence));
    REQUIRE(*write_mrz(*again) == *written);
}

void run(std::uint32_t seed, int mutations) {
    std::mt19937 r(seed);
    std::size_t accepted = 0;
    for (int done = 0; done < mutations;) {
        Lines lines = made_up::lines(r);
        for (std::size_t n = 1 + r() % 8; n > 0; --n, ++done) {
            mutate(r, lines);
            check(lines, accepted);
        }
    }
    CHECK(accepted > static_cast<std::size_t>(mutations) / 2);
}

}  // namespace

TEST_CASE("mutations: a hundred thousand") { run(1, test::effort(100'000)); }

TEST_CASE("a million mutations", "[.long]") { run(2, 1'000'000); }
