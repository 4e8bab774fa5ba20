// National formats, long numbers and print that breaks the rules, from pixels to what is concluded.
#include <algorithm>
#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "core/mrz/fusion.hpp"
#include "core/mrz/layout.hpp"
#include "devices/mrz/read_mrz.hpp"
#include "tests/specimens/camera_model.hpp"

using namespace paso;

namespace {

const Date today = *Date::of(2026, 11, 24);

const Typefaces& faces() {
    static const Typefaces opened = std::move(Typefaces::open().value());
    return opened;
}

// Two frames of the page as a camera sees it.
MrzResult read(const SpecimenSpec& spec) {
    cv::setNumThreads(1);
    const Page page = render_page(spec, faces()).value();
    MrzTracker tracker;
    MrzFusion fusion;
    for (std::uint64_t frame = 1; frame <= 2; ++frame) {
        CameraModel m = upright_sharp(spec.seed, spec.format, 1280, 720);
        m.shift_x += 0.001 * static_cast<double>(frame);
        for (const MrzReading& r : read_mrz(look(page, m).value().with({}, frame), tracker)) {
            fusion = fuse(std::move(fusion), r);
        }
    }
    return decide(fusion, {});
}

}  // namespace

TEST_CASE("the old French identity card is read by camera") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        CAPTURE(seed);
        const SpecimenSpec s = make_specimen(MrzFormat::french_id, seed, today);
        const MrzResult r = read(s);
        CHECK(r.lines == mrz_lines(s));
        CHECK(name(r.format) == "FR-ID");
        CHECK(name(r.state) == "verified");
    }
}

TEST_CASE("an identity card with a long number is read by camera") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        CAPTURE(seed);
        const SpecimenSpec s = with_long_number(make_specimen(MrzFormat::td1, seed, today));
        const MrzResult r = read(s);
        CHECK(r.lines == mrz_lines(s));
        CHECK(name(r.state) == "verified");
        const auto number = long_number(r.lines, r.format);
        REQUIRE(number);
        CHECK(number->number == s.number);
    }
}

TEST_CASE("a wrong check digit is reported as it is printed, and named") {
    for (const MrzFormat f :
         {MrzFormat::td3, MrzFormat::td2, MrzFormat::td1, MrzFormat::mrv_a, MrzFormat::mrv_b, MrzFormat::french_id}) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            CAPTURE(name(f), seed);
            SpecimenSpec s = make_specimen(f, seed, today);
            s.fault = PrintFault::check_digit;
            const MrzResult r = read(s);
            CHECK(r.lines == printed_lines(s));
            CHECK(name(r.state) == "proposed");
            CHECK(name(r.why) == "check_digits");
            REQUIRE(r.lines.size() == shape(f).rows);
            CHECK(check_digits(r.lines, f).number == Check::failed);
            CHECK(check_digits(r.lines, f).birth == Check::passed);
        }
    }
}

TEST_CASE("a row that is a filler short is never made whole for sure") {
    for (const MrzFormat f : {MrzFormat::td3, MrzFormat::td2, MrzFormat::td1}) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            CAPTURE(name(f), seed);
            SpecimenSpec s = make_specimen(f, seed, today);
            s.fault = PrintFault::missing_filler;
            const MrzResult r = read(s);
            CHECK(r.state != MrzState::verified);
            CHECK(r.state != MrzState::single_frame);
        }
    }
}

TEST_CASE("one filler where two belong is reported as it is printed") {
    for (const MrzFormat f : {MrzFormat::td3, MrzFormat::td1}) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            CAPTURE(name(f), seed);
            SpecimenSpec s = make_specimen(f, seed, today);
            s.fault = PrintFault::single_filler;
            CHECK(read(s).lines == printed_lines(s));
        }
    }
}

TEST_CASE("a Spanish letter in a name is read as the letter below its tilde, and proposed at most") {
    int proposed = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        SpecimenSpec s = make_specimen(MrzFormat::td3, seed, today);
        s.fault = PrintFault::tilde;
        if (printed_lines(s) == mrz_lines(s)) continue;  // a name without N
        CAPTURE(seed, printed_lines(s).front());
        const std::vector<std::string> letters = mrz_lines(s);
        const MrzResult r = read(s);
        CHECK(r.lines == letters);
        CHECK((r.state == MrzState::proposed || r.state == MrzState::unreadable));
        CHECK(name(r.why) == "doubtful");
        proposed += r.state == MrzState::proposed ? 1 : 0;
    }
    CHECK(proposed > 6);
}

TEST_CASE("the Swiss licence is read by camera") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        CAPTURE(seed);
        const SpecimenSpec s = make_specimen(MrzFormat::swiss_licence, seed, today);
        const MrzResult r = read(s);
        CHECK(r.lines == mrz_lines(s));
        CHECK(name(r.format) == "CH-DL");
        CHECK(name(r.state) == "proposed");  // it has no check digits
    }
}
