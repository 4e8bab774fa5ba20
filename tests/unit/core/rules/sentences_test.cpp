// Conditions in words.
#include "core/rules/sentences.hpp"

#include <array>
#include <utility>

#include "core/rules/pack_body.hpp"
#include "core/rules/words.hpp"
#include "tests/unit/core/rules/generated_packs.hpp"

using namespace paso;
using namespace paso::test;

namespace {

constexpr std::array<std::string_view, 3> ways{"in", "out", "through"};
constexpr std::array<std::string_view, 3> said_of_ways{"the person is entering", "no border is left behind",
                                                       "both borders are crossed"};
std::string called(std::string_view state) { return state == "UTO" ? "Utopia" : ""; }

const Schema& worded_schema() {
    static const Schema schema(
        {
            {"doc.read", FactType::boolean, "whether a travel document was read"},
            {"doc.holds", FactType::boolean, "whether every check digit holds"},
            {"doc.expiry", FactType::date, "last day of validity, as printed"},
            {"doc.state", FactType::text, "State that issued the document"},
            {"mode", FactType::text, "mode of travel", false},
            {"age", FactType::integer, "age in years; several while the century is open"},
            {.name = "spent", .type = FactType::integer, .meaning = "length of the stay", .unit = "days"},
            {.name = "many", .type = FactType::integer, .meaning = "number of adults", .unit = "persons"},
            {"doc.alone", FactType::boolean, "whether the person travels alone"},
            {"marks", FactType::text_set, "marks in the document"},
            {"today", FactType::date, "day at the post"},
            {.name = "way",
             .type = FactType::text,
             .meaning = "way of the person",
             .values = ways,
             .clauses = said_of_ways},
            {.name = "home", .type = FactType::text, .meaning = "State of the post", .naming = called},
        },
        "today");
    return schema;
}

std::string said(const std::string& condition, const std::string& more = "", std::size_t skip = 0) {
    const auto pack = parse_draft(as_bytes(pack_text(rule("x", condition, "", more))), worded_schema());
    if (!pack) FAIL(describe(pack.error()));
    return one_line(sentence_of(*pack->body().rules[0].when, worded_schema(), *pack->body().tables, skip));
}

}  // namespace

TEST_CASE("conditions read as sentences") {
    CHECK(said("doc.read") == "a travel document was read");
    CHECK(said("!doc.read") == "a travel document was not read");
    CHECK(said("doc.read == false") == "a travel document was not read");
    CHECK(said("!doc.holds") == "not every check digit holds");
    CHECK(said("doc.expiry < today") == "the last day of validity is before the day at the post");
    CHECK(said("!(doc.expiry < today)") == "the last day of validity is on or after the day at the post");
    CHECK(said("doc.expiry < today + months(6)") ==
          "the last day of validity is before the day six months after the day at the post");
    CHECK(said("today - days(13) >= doc.expiry") ==
          "the day 13 days before the day at the post is on or after the last day of validity");
    CHECK(said("doc.expiry == date('2026-11-24')") == "the last day of validity is 24 November 2026");
    CHECK(said("18 > age") == "the age in years is less than 18");
    CHECK(said("age >= 18") == "the age in years is at least 18");
    CHECK(said("spent > 90") == "the length of the stay is more than 90 days");
    CHECK(said("spent >= 1") == "the length of the stay is at least 1 day");
    CHECK(said("many < 2") == "the number of adults is less than 2");
    CHECK(said("mode != 'air'") == "the mode of travel is not “air”");
    CHECK(said("mode in ['air', 'sea', 'land']") == "the mode of travel is “air”, “land” or “sea”");
    CHECK(said("!(mode in ['air', 'sea'])") == "the mode of travel is neither “air” nor “sea”");
    CHECK(said("mode in ['air']") == "the mode of travel is “air”");
    CHECK(said("'lost' in marks") == "“lost” is among the marks in the document");
    CHECK(said("doc.state in group('SOUTH')") == "the State that issued the document belongs to the group SOUTH");
    CHECK(said("table.visa(doc.state) == 'needed'") ==
          "the table “visa” says “needed” for the State that issued the document");
    CHECK(said("table.visa(doc.state) != 'free'") ==
          "the table “visa” does not say “free” for the State that issued the document");
    CHECK(said("known(age)") == "the age in years is known");
    CHECK(said("!known(doc.read)") == "whether a travel document was read is not known");
    CHECK(said("marks.exists(m, m == 'x')") == "at least one of the marks in the document is “x”");
    CHECK(said("!marks.exists(m, m == 'x')") == "each of the marks in the document is not “x”");
    CHECK(said("marks.all(m, m != 'x')") == "each of the marks in the document is not “x”");
    CHECK(said("marks.exists(m, m == 'x' || age > 3)") ==
          "this holds for at least one member of the marks in the document: that member is “x” or the age in years is "
          "more than 3");
    CHECK(said("doc.expiry < today + months(24)") ==
          "the last day of validity is before the day two years after the day at the post");
    CHECK(said("mode.startsWith('a')") == "the mode of travel begins with “a”");
    CHECK(said("age + 1 > 2 * 3") == "the age in years plus 1 is more than 2 times 3");
    CHECK(said("size(marks) > 2") == "how many there are of the marks in the document is more than 2");
    CHECK(said("doc.read ? age < 18 : doc.holds") ==
          "in the case that a travel document was read, the age in years is less than 18; in every other case, every "
          "check digit holds");
    CHECK(said("{'ARG': 18, 'BRA': 16}[doc.state] > age") ==
          "the entry the State that issued the document of (“ARG”: 18 and “BRA”: 16) is more than the age in years");
    CHECK(said("true") == "this always holds");
}

TEST_CASE("a value for which the schema has words is said in them") {
    CHECK(said("way == 'in'") == "the person is entering");
    CHECK(said("'in' == way") == "the person is entering");
    CHECK(said("way != 'in'") == "the person is not entering");
    CHECK(said("way != 'out'") == "some border is left behind");
    CHECK(said("way in ['in', 'out']") == "the person is entering or no border is left behind");
    CHECK(said("!(way in ['in', 'through'])") ==
          "the person is not entering, and (it is not so that both borders are crossed)");
    CHECK(said("way in ['in']") == "the person is entering");
    CHECK(said("doc.read && way in ['in', 'out']") ==
          "a travel document was read, and (the person is entering or no border is left behind)");
    CHECK(said("home == 'UTO'") == "the State of the post is Utopia");
    CHECK(said("home in ['UTO', 'QQQ']") == "the State of the post is “QQQ” or Utopia");
    CHECK(said("home != 'QQQ'") == "the State of the post is not “QQQ”");
    CHECK(said("way == home") == "the way of the person is the State of the post");
}

TEST_CASE("conditions that are joined stay joined as they were written, and are negated one by one") {
    CHECK(said("doc.read && age < 18") == "a travel document was read and the age in years is less than 18");
    CHECK(said("!(doc.read && age < 18)") == "a travel document was not read or the age in years is at least 18");
    CHECK(said("doc.read && (age < 18 || mode == 'sea' || age > 60) && doc.holds") ==
          "a travel document was read, and (the age in years is less than 18, or the mode of travel is “sea”, or the "
          "age in years is more than 60), and every check digit holds");
    CHECK(said("doc.read && (doc.holds && age < 2)") ==
          "a travel document was read, and every check digit holds, and the age in years is less than 2");
    CHECK(said("doc.read && age < 2", "from = 2026-01-01\nuntil = 2026-12-31\n", 2) ==
          "a travel document was read and the age in years is less than 2");
    CHECK(said("doc.read", "from = 2026-01-01\n", 1) == "a travel document was read");
}

TEST_CASE("no sentence reads as another condition's") {
    CHECK(said("!doc.alone && age >= 1") == "the person does not travel alone and the age in years is at least 1");
    CHECK(said("!doc.holds && doc.read") == "(not every check digit holds), and a travel document was read");
    const std::pair<const char*, const char*> pairs[] = {
        {"doc.read ? doc.holds : (doc.alone && age < 2)", "(doc.read ? doc.holds : doc.alone) && age < 2"},
        {"(doc.read == doc.holds) && doc.alone", "doc.read == (doc.holds && doc.alone)"},
        {"(age + 1) * 2 > 3", "age + 1 * 2 > 3"},
        {"age - (2 - age) > 3", "age - 2 - age > 3"},
        {"-(age + 1) > 3", "-age + 1 > 3"},
        {"marks.exists(m, m == 'x' && age > 3) && doc.read", "marks.exists(m, m == 'x' && age > 3 && doc.read)"},
        {"marks.exists(a, marks.all(b, a == 'x'))", "marks.exists(a, marks.all(b, b == 'x'))"},
        {"mode == 'A” or the person travels alone'", "mode == 'A' || doc.alone"},
        {"!(doc.alone && age < 2)", "!doc.alone && age < 2"}};
    for (const auto& [one, other] : pairs) {
        INFO(one);
        CHECK(said(one) != said(other));
    }
    CHECK(said("['x', 'y'].all(m, m in marks)") == "each of “x” and “y” is among the marks in the document");
    CHECK(said("marks.exists(a, marks.all(b, a == 'x'))") ==
          "this holds for at least one member of the marks in the document: this holds for every inner member (1) of "
          "the marks in the document: that member is “x”");
    CHECK(said("mode.startsWith('a') == false") == "the mode of travel does not begin with “a”");
    CHECK(said("mode in []") == "this never holds");
    CHECK(said("doc.expiry < today + months(0)") ==
          "the last day of validity is before the day zero days after the day at the post");
}

TEST_CASE("facts and values in words") {
    const auto& facts = worded_schema().facts();
    CHECK(fact_words(facts[2]) == "last day of validity");
    CHECK(fact_words(facts[5]) == "age in years");
    CHECK(statement_words(facts[0], FactValue{false}) == "a travel document was not read");
    CHECK(statement_words(facts[2], FactValue{*Date::of(2026, 1, 2)}) == "last day of validity: 2 January 2026");
    CHECK(statement_words(*worded_schema().find("way"), FactValue{std::string{"in"}}) == "the person is entering");
    CHECK(statement_words(*worded_schema().find("home"), FactValue{std::string{"UTO"}}) == "State of the post: Utopia");
    CHECK(statement_words(*worded_schema().find("home"), FactValue{std::string{"X"}}) == "State of the post: X");
    CHECK(fact_words({"x.y", FactType::integer, ""}) == "x.y");
    CHECK(value_words(FactValue{true}) == "yes");
    CHECK(value_words(FactValue{std::set<std::string>{"a", "b"}}) == "a, b");
    CHECK(value_words(FactValue{std::set<std::string>{}}) == "none");
    CHECK(date_words(*Date::of(2026, 1, 2)) == "2 January 2026");
}
