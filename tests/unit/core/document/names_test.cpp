#include "core/document/names.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/effort.hpp"
#include "tests/support/made_up_documents.hpp"

using namespace paso;

namespace {

PersonName named(std::string primary, std::string secondary, bool cut = false) {
    return {Personal{std::move(primary)}, Personal{std::move(secondary)}, cut};
}

// Both ways round, for the comparison is symmetric.
NameComparison compare(const PersonName& a, const PersonName& b) {
    const NameComparison one = compare_names(a, b);
    CHECK(compare_names(b, a) == one);
    return one;
}

NameComparison same() { return {NameMatch::same, {}}; }
NameComparison may_be(NameReason why) { return {NameMatch::may_be_same, {why}}; }
using Differs = std::vector<NameReason>;

}  // namespace

TEST_CASE("the same letters are the same name, in any spelling of the tables") {
    CHECK(compare(named("ERIKSSON", "ANNA MARIA"), named("ERIKSSON", "ANNA MARIA")) == same());
    CHECK(compare(named("Eriksson", "Anna-Maria"), named("ERIKSSON", "ANNA MARIA")) == same());
    const NameComparison spelled{NameMatch::same, {NameReason::spelling}};
    CHECK(compare(named("MÜLLER", "ZOË"), named("MUELLER", "ZOE")) == same());
    CHECK(compare(named("MÜLLER", "ZOË"), named("MULLER", "ZOE")) == spelled);
    CHECK(compare(named("PEÑA", "ODA"), named("PENXXA", "ODA")) == spelled);
    CHECK(compare(named("ГНАТЮК", "ІГОР"), named("HNATIUK", "IHOR")) == spelled);
    CHECK(compare(named("ARKFREITH", ""), named("ARKFREITH", "")) == same());
}

TEST_CASE("a name that fills its field may end early and lack components") {
    const PersonName whole = named("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG");
    const auto truncated = may_be(NameReason::truncated);
    CHECK(compare(named("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", true), whole) == truncated);
    CHECK(compare(named("NILAVADHANANANDA", "CHAYAPA D K", true), whole) == truncated);
    CHECK(compare(named("NILAVADHA", "CHAY KRASUA", true), whole) == truncated);
    CHECK(compare(named("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", true),
                  named("NILAVADHANANANDA", "CHAYAPA DEJTHAM", true)) == truncated);
    CHECK(compare(named("BENNELONG WOOLOOMOOLOO WARRANDYTE W", "DI", true),
                  named("Bennelong Woolloomooloo-Warrandyte-Warnambool", "Dingo Potoroo"))
              .match == NameMatch::different);  // OO and OLLOO: another word
    CHECK(compare(named("BENNELONG WOOLOOMOOLOO WARRANDYTE W", "DI", true),
                  named("Bennelong Wooloomooloo-Warrandyte-Warnambool", "Dingo Potoroo")) == truncated);
    CHECK(compare(named("MUELL", "Z", true), named("MÜLLER", "ZOË")) == truncated);
    // Without a full field the same texts are two names.
    CHECK(compare(named("NILAVADHANANANDA", "CHAYAPA D K"), whole).match == NameMatch::different);
    // A full field excuses what is missing, not what is other.
    CHECK(compare(named("NILAVADHANANANDA", "CHAYAPA X", true), whole) ==
          NameComparison{NameMatch::different, {NameReason::secondary_differs}});
}

TEST_CASE("what is missing or in another order leaves it open") {
    CHECK(compare(named("NEBEL", "ODA"), named("NEBEL", "ODA CELESTE")) == may_be(NameReason::fewer_given_names));
    CHECK(compare(named("NEBEL", ""), named("NEBEL", "ODA")) == may_be(NameReason::fewer_given_names));
    CHECK(compare(named("NEBEL", "ODA CELESTE"), named("NEBEL", "CELESTE ODA")) ==
          may_be(NameReason::parted_otherwise));
    CHECK(compare(named("ODA", "NEBEL"), named("NEBEL", "ODA")) == may_be(NameReason::parted_otherwise));
    CHECK(compare(named("", "ODA NEBEL"), named("NEBEL", "ODA")) == may_be(NameReason::parted_otherwise));
    CHECK(compare(named("", ""), named("NEBEL", "ODA")) == may_be(NameReason::empty));
}

TEST_CASE("letters that cannot be compared leave it open") {
    CHECK(compare(named("山田", "花"), named("YAMADA", "HANA")) == may_be(NameReason::script));
    CHECK(compare(named("محمود", ""), named("MAHMOUD", "")) == may_be(NameReason::transcription));
    CHECK(compare(named("محمود", ""), named("MXHMWD", "")) == same());
    CHECK(compare(named("محمود", ""), named("عبدالرحيم", "")).match == NameMatch::different);
}

TEST_CASE("other names are different, and it is said where") {
    CHECK(compare(named("NEBEL", "ODA"), named("ERIKSSON", "ODA")) ==
          NameComparison{NameMatch::different, Differs{NameReason::primary_differs}});
    CHECK(compare(named("NEBEL", "ODA"), named("NEBEL", "ANNA")) ==
          NameComparison{NameMatch::different, Differs{NameReason::secondary_differs}});
    CHECK(compare(named("NEBEL", "ODA"), named("ERIKSSON", "ANNA")) ==
          NameComparison{NameMatch::different, Differs{NameReason::primary_differs, NameReason::secondary_differs}});
}

TEST_CASE("whatever a writer cuts off stays the same person's name") {
    std::mt19937 r(9);
    int cut = 0;
    for (int i = 0; i < test::effort(20000); ++i) {
        MrzContent c = made_up::document(r, mrz_formats[r() % mrz_formats.size()]);
        if (r() % 2 == 0) c.given_names += " " + made_up::some(r, 1, 30, made_up::letters);
        if (c.given_names.front() == ' ') c.given_names.erase(0, 1);
        const auto lines = write_mrz(c);
        REQUIRE(lines);
        const PersonName read = name_of(*parse_mrz_lines(*lines, made_up::today));
        cut += read.may_be_truncated ? 1 : 0;
        const NameComparison n = compare_names(read, named(c.surname, c.given_names));
        REQUIRE(n.match != NameMatch::different);
        if (!read.may_be_truncated) REQUIRE(n == same());
        for (const NameReason why : n.reasons)
            REQUIRE((why == NameReason::truncated || why == NameReason::fewer_given_names));
    }
    CHECK(cut > test::effort(2000));
}
