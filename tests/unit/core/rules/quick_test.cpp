// One assessor for many travellers says the same of each as one that has only seen them.
#include "core/rules/quick.hpp"

#include "tests/support/effort.hpp"
#include "tests/unit/core/rules/generated_packs.hpp"

using namespace paso;
using namespace paso::test;

namespace {

Facts somebody(std::mt19937& random) {
    Facts out;
    for (const Choice& c : choices()) {
        const auto pick = [&] { return c.values[random() % c.values.size()]; };
        switch (random() % 8) {
            case 0:
                out.set_unknown(c.name, random() % 2 == 0 ? Cause::offline : Cause::not_asked);
                break;
            case 1:
                if (random() % 4 == 0) out.set_possible(c.name, {pick(), pick()});
                break;
            default:
                out.set(c.name, pick());
        }
    }
    return out;
}

}  // namespace

TEST_CASE("the second traveller of an assessor is treated as the first of another one") {
    RuleGenerator generator(61);
    std::mt19937& random = generator.random();
    const std::array policies{"'refer'", "'ignore'", "{ default = 'refer', offline = 'ignore' }"};
    const std::array desks{"", "then = 'health'\n", "then = 'protection'\nprivate = true\n"};
    std::array<int, 4> seen{};
    for (int i = 0; i < test::effort(400); ++i) {
        const auto facts = generator.facts();
        std::string text;
        for (int k = 0; k < 6; ++k) {
            const std::string unless = random() % 3 == 0 ? generator.condition(facts, 1) : "";
            text += rule("r" + std::to_string(k), generator.condition(facts, 3), unless, desks[random() % 3],
                         policies[random() % 3]);
        }
        INFO(text);
        const Pack pack = pack_of(pack_text(text));
        Assessor reused(pack);
        for (int k = 0; k < 20; ++k) {
            const Facts f = somebody(random);
            Assessor fresh(pack);
            fresh.bind(f);
            reused.bind(f);
            const auto wanted = fresh.results();
            const auto found = reused.results();
            REQUIRE(std::equal(wanted.begin(), wanted.end(), found.begin(), found.end()));
            REQUIRE(reused.outcome() == fresh.outcome());
            REQUIRE(encode_assessment(reused.assessment()) == encode_assessment(fresh.assessment()));
            ++seen[static_cast<std::size_t>(fresh.outcome())];
        }
    }
    for (const int n : seen) CHECK(n > test::effort(50));
}
