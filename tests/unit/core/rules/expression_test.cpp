// The language of conditions. CEL's own conformance cases run in tests/blackbox/cel; here stands what is ours: strict
// types, facts that are not known, dates, tables, bounds, places of errors.
#include <limits>

#include "core/rules/lexer.hpp"
#include "tests/unit/core/rules/expression_support.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const Environment& dynamic() {
    static const Environment e({"x", "list", "deep"}, {"closed"});
    return e;
}

// Without facts, as CEL has it; `show` compares in one line.
std::string shown(const Value& v) {
    switch (v.kind) {
        case Kind::boolean:
            return v.yes() ? "true" : "false";
        case Kind::integer:
            return std::to_string(v.number);
        case Kind::unsigned_integer:
            return std::to_string(v.natural) + "u";
        case Kind::text:
            return "'" + std::string{v.view()} + "'";
        case Kind::date:
            return v.day().iso();
        case Kind::list: {
            std::string out = "[";
            for (const Value& m : v.members()) out += (out.size() > 1 ? "," : "") + shown(m);
            return out + "]";
        }
        case Kind::error:
            return std::string{name(v.fault)};
        case Kind::timestamp:
        case Kind::duration:
            return time_text(v);
        default:
            return std::string{name(v.kind)};
    }
}

std::string run(std::string_view text) {
    const std::vector<Value> members{Value::integer(1), Value::integer(2)};
    const std::vector<Value> slots{Value::integer(5), Value::collection(Kind::list, members.data(), 2), Value{}};
    Evaluator evaluator;
    return shown(evaluator.evaluate(parsed(text, dynamic()), slots));
}

Facts some_facts() {
    Facts f;
    f.set("a", true);
    f.set("b", false);
    f.set_unknown("c", Cause::offline);
    f.set("n", std::int64_t{17});
    f.set_unknown("m", Cause::not_read);
    f.set("text", std::string{"ARG"});
    f.set("mode", std::string{"air"});
    f.set("today", *Date::parse("2026-11-24"));
    f.set("doc.expiry", *Date::parse("2027-05-24"));
    f.set("kinds", std::set<std::string>{"entry", "transit"});
    return f;
}

}  // namespace

TEST_CASE("arithmetic has CEL's errors") {
    CHECK(run("9223372036854775807 + 1") == "overflow");
    CHECK(run("-9223372036854775808 - 1") == "overflow");
    CHECK(run("-(-9223372036854775808)") == "overflow");
    CHECK(run("-9223372036854775808 / -1") == "overflow");
    CHECK(run("-9223372036854775808 % -1") == "0");
    CHECK(run("1 / 0") == "division by zero");
    CHECK(run("7 % 0") == "division by zero");
    CHECK(run("-7 / 2") == "-3");
    CHECK(run("-7 % 2") == "-1");
    CHECK(run("0u - 1u") == "overflow");
    CHECK(run("1 + 1.0") == "no such overload");
    CHECK(run("1 + 2 * 3 - 4 / 2") == "5");
    CHECK(run("x + 1") == "6");
}

TEST_CASE("an error is absorbed where the other side decides") {
    CHECK(run("1 / 0 == 1 || true") == "true");
    CHECK(run("false && 1 / 0 == 1") == "false");
    CHECK(run("1 / 0 == 1 || false") == "division by zero");
    CHECK(run("true ? 1 : 1 / 0") == "1");
    CHECK(run("nothing || true") == "true");
    CHECK(run("nothing.field && false") == "false");
    CHECK(run("[1, 2, 0].exists(e, 4 / e == 2)") == "true");
    CHECK(run("[1, 0].all(e, 4 / e == 4)") == "division by zero");
}

TEST_CASE("loops over lists") {
    CHECK(run("list.map(e, e * 2)") == "[2,4]");
    CHECK(run("list.map(e, e > 1, e * 2)") == "[4]");
    CHECK(run("list.filter(e, e != 1)") == "[2]");
    CHECK(run("list.exists_one(e, e == 1)") == "true");
    CHECK(run("[3, 3].exists_one(e, e == 3)") == "false");
    CHECK(run("list.map(e, list.map(f, e * 10 + f))") == "[[11,12],[21,22]]");
    CHECK(run("[].all(e, false)") == "true");
    CHECK(run("[].exists(e, true)") == "false");
    CHECK(run("{'a': 1, 'b': 2}.map(k, k)") == "['a','b']");
    CHECK(run("list.map(x, x) == list && x == 5") == "true");  // the member hides the name, only within
    CHECK(run("5.exists(e, true)") == "no such overload");
}

TEST_CASE("dates, months, times") {
    CHECK(run("date('2026-01-31') + months(1)") == "2026-02-28");
    CHECK(run("date('2024-02-29') + months(12)") == "2025-02-28");
    CHECK(run("date('2026-03-01') - days(1)") == "2026-02-28");
    CHECK(run("date('9999-12-31') + days(1)") == "out of range");
    CHECK(run("date('0001-01-01') - months(1)") == "out of range");
    CHECK(run("timestamp('2009-02-13T23:31:30+01:00')") == "2009-02-13T22:31:30Z");
    CHECK(run("timestamp('2009-02-13T23:31:30Z') + duration('1h30m0.5s')") == "2009-02-14T01:01:30.5Z");
    CHECK(run("duration('-0.5s')") == "-0.5s");
    CHECK(run("duration('1.5.5s')") == "this text cannot be converted");
    CHECK(run("timestamp('2009-02-30T23:31:30Z')") == "this text cannot be converted");
    CHECK(run("timestamp('1969-12-31T23:59:59Z').getDayOfYear()") == "364");
    CHECK(run("timestamp('1969-12-31T23:59:59Z').getDayOfWeek()") == "3");
}

TEST_CASE("what CEL has and this engine has not is unsupported, not answered") {
    for (const char* text :
         {"'a'.matches('a')", "TestAllTypes{}", "google.protobuf.Struct{}", "cel.bind(t, true, t)", "x.?y", "[?x]",
          "{?'a': x}", "optional.none()", "[1].exists(i, v, true)", "math.greatest(1, 2)", "closed",
          "timestamp(0).getHours('Asia/Kathmandu')", "f(1)", "@x", "[1].map(a.b, 1)"}) {
        CHECK(error_of(text, dynamic()).code == "pack.unsupported");
    }
    for (const char* text : {"null", "type(n) == type(m)", "dyn(n) == 1", "has(doc.expiry)", "now() == today"}) {
        CHECK(error_of(text).code == "pack.unsupported");
    }
}

TEST_CASE("in a pack every type is checked") {
    for (const char* text : {"n",
                             "n == 'x'",
                             "n < today",
                             "!n",
                             "a && n",
                             "n || a",
                             "a ? 1 : 'x'",
                             "a ? n : m",
                             "n ? a : b",
                             "today + 1 == today",
                             "today + n == today",
                             "-text == text",
                             "a < b",
                             "1 == 1.0",
                             "n + 1u == 2",
                             "[1, 'x'].exists(e, true)",
                             "[[1]].exists(e, true)",
                             "n in ['x']",
                             "text in [1]",
                             "n.exists(e, true)",
                             "kinds.exists(k, k == 1)",
                             "kinds.map(k, [k]) == []",
                             "kinds == ['entry']",
                             "n.field == 1",
                             "text.size() == 'x'",
                             "n.startsWith('x')",
                             "months(n) == months(2)",
                             "months(-1) == months(1)",
                             "date(text) == today",
                             "date('2026-02-30') == today",
                             "today + months(6) + 1 == today",
                             "{1: 2}['x'] == 2",
                             "{1.5: 2}[1.5] == 2",
                             "table.visa(text) == 'free'",
                             "table.visa(n, text) == 'free'",
                             "table.age('ARG') == 'x'",
                             "n[0] == 1",
                             "months(2) == months(2)"}) {
        INFO(text);
        CHECK(error_of(text).code == "pack.type");
    }
    CHECK(error_of("nobody").code == "pack.fact");
    CHECK(error_of("doc.expire < today").code == "pack.fact");
    CHECK(error_of("known(nobody)").code == "pack.fact");
    CHECK(error_of("text in group('NORTH')").code == "pack.fact");
    CHECK(error_of("table.nothing(text) == 'x'").code == "pack.fact");
    CHECK(error_of("mode == 'space'").code == "pack.code");
    CHECK(error_of("'space' != mode").code == "pack.code");
    CHECK(error_of("mode in ['air', 'space']").code == "pack.code");
    (void)parsed("mode in ['air', 'sea'] || text == 'space'");
}

TEST_CASE("errors have a line and a column") {
    const auto place = [](std::string_view text) {
        const Error e = error_of(text);
        return std::pair{e.place.line.value_or(0), e.place.column.value_or(0)};
    };
    CHECK(place("a &&\n  nobody") == std::pair{2U, 3U});
    CHECK(place("a && n == 'x'") == std::pair{1U, 8U});
    CHECK(place("a b") == std::pair{1U, 3U});
    CHECK(place("a &&") == std::pair{1U, 5U});
    CHECK(place("text == 'x") == std::pair{1U, 9U});
    CHECK(place("text == 'a\\q'") == std::pair{1U, 11U});
    CHECK(place("n == 99999999999999999999") == std::pair{1U, 6U});
    CHECK(place("a # b") == std::pair{1U, 3U});
    CHECK(error_of("a &").code == "pack.syntax");
    CHECK(error_of("").code == "pack.syntax");
    CHECK(error_of("text == '\xff'").code == "pack.syntax");
    CHECK(error_of("as == 1", dynamic()).code == "pack.syntax");
    CHECK(error_of("1e999 > 1.0", dynamic()).code == "pack.syntax");
    CHECK(error_of("0x == 1", dynamic()).code == "pack.syntax");
    CHECK(error_of("12abc == 1", dynamic()).code == "pack.syntax");
    CHECK(error_of("'\\ud800' == ''", dynamic()).code == "pack.syntax");
}

TEST_CASE("depth, length, size and cost are bounded") {
    const auto times = [](std::size_t n, const std::string& s) {
        std::string out;
        for (std::size_t i = 0; i < n; ++i) out += s;
        return out;
    };
    for (const std::size_t n : {std::size_t{101}, std::size_t{4000}, std::size_t{1} << 20U}) {
        CHECK(error_of(times(n, "(") + "a" + times(n, ")")).code == "pack.syntax");
        CHECK(error_of(times(n, "!") + "a").code == "pack.syntax");
        CHECK(error_of(times(n, "[")).code == "pack.syntax");
        CHECK(error_of("n == " + times(n, "-") + "n").code == "pack.syntax");
        CHECK_FALSE(parse_expression(times(n, "a ? b : "), strict()));
        CHECK_FALSE(parse_expression(times(n, "kinds.all(k, "), strict()));
    }
    (void)parsed(times(90, "(") + "a" + times(90, ")"));
    Bound facts(some_facts());
    CHECK(facts.truth("a" + times(1500, "&&a")) == Truth::yes);  // a long chain is not deep
    CHECK(facts.truth("n" + times(1500, "+1") + " == 1517") == Truth::yes);
    CHECK(error_of("n in [" + times(400, "n,") + "n]").code == "pack.unsupported");
    CHECK(error_of("kinds.exists(i, kinds.exists(j, kinds.exists(k, i == j && j == k)))").code == "pack.cost");
    CHECK(error_of(times(9, "['x'].all(k, ") + "a" + times(9, ")")).code == "pack.unsupported");
    CHECK(parsed("a && b").cost() < 10);
    CHECK(parsed("kinds.exists(k, k == 'x')").cost() > 256);
    CHECK(parsed("['x', 'y'].exists(k, k == text)").cost() < 20);
}

TEST_CASE("without declarations time and memory are bounded while it runs") {
    std::string doubled = "[1]";
    for (int i = 0; i < 40; ++i) doubled += ".map(e, [e, e])";
    CHECK(run(doubled + " == " + doubled) == "too large");
    std::string grown = "'abcdefgh'";
    for (int i = 0; i < 6; ++i) grown = "[" + grown + "].map(s, s + s + s + s + s + s + s + s)[0]";
    CHECK(run("size(" + grown + ")") == "too large");
}

TEST_CASE("unknown facts carry their causes to where something decides") {
    Bound facts(some_facts());
    const auto causes = [&](std::string_view text) {
        const Value v = facts.value(text);
        REQUIRE(v.is(Kind::unknown));
        return v.causes;
    };
    const std::uint8_t offline = Value::bit(Cause::offline);
    const std::uint8_t not_read = Value::bit(Cause::not_read);
    CHECK(causes("c") == offline);
    CHECK(causes("!c && a") == offline);
    CHECK(causes("c && m > 1") == (offline | not_read));
    CHECK(causes("m + 1 > n") == not_read);
    CHECK(facts.truth("c && b") == Truth::no);
    CHECK(facts.truth("c || a") == Truth::yes);
    CHECK(facts.truth("b && c") == Truth::no);
    CHECK(facts.truth("known(c) || known(m)") == Truth::no);
    CHECK(facts.truth("a ? n == 17 : c") == Truth::yes);
    CHECK(facts.truth("c ? a : n == 17") == Truth::yes);  // both branches say so
    CHECK(causes("c ? a : b") == offline);
    CHECK(causes("c ? a : m == 1") == (offline | not_read));
    CHECK(facts.truth("(c ? n : n) == 17") == Truth::yes);
    CHECK(facts.truth("['x', 'y'].exists(k, c || k == 'y')") == Truth::yes);
    CHECK(facts.truth("['x', 'y'].all(k, c && k == 'y')") == Truth::no);
    CHECK(causes("['x', 'y'].exists_one(k, c && k == 'y')") == offline);
    CHECK(facts.truth("['y', 'y', 'x'].exists_one(k, k == 'y' || c)") == Truth::no);
    CHECK(causes("size(['x'].filter(k, c)) == 1") == offline);
    CHECK(causes("m in [1, 2]") == not_read);
    CHECK(causes("c && 1 / (n - 17) == 1") == offline);  // an error might be left, and unknown outweighs it
    CHECK(facts.value("c && 1 / (n - 17) == 1").size == 1);
    CHECK(facts.value("a && 1 / (n - 17) == 1").is(Kind::error));
}

TEST_CASE("facts, sets and enums") {
    Bound facts(some_facts());
    CHECK(facts.truth("'entry' in kinds") == Truth::yes);
    CHECK(facts.truth("'exit' in kinds") == Truth::no);
    CHECK(facts.truth("kinds.exists(k, k.startsWith('tra'))") == Truth::yes);
    CHECK(facts.truth("kinds.all(k, k != text)") == Truth::yes);
    CHECK(facts.truth("size(kinds) == 2 && kinds.size() == 2") == Truth::yes);
    CHECK(facts.truth("text in ['ARG', 'BRA', 'ARG']") == Truth::yes);
    CHECK(facts.truth("text in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'ARG']") == Truth::yes);
    CHECK(facts.truth("mode == 'air' && mode < 'b'") == Truth::yes);
    CHECK(facts.truth("doc.expiry < today + months(6)") == Truth::no);
    CHECK(facts.truth("doc.expiry <= today + months(6)") == Truth::yes);
    CHECK(facts.truth("doc.expiry - days(1) < today + months(6)") == Truth::yes);
    CHECK(facts.truth("{'ARG': 18, 'BRA': 16}[text] > n") == Truth::yes);
    CHECK(facts.truth("{'BRA': 16}[text] > n") == Truth::unknown);
    CHECK(facts.truth("has({'ARG': 1}.ARG)") == Truth::yes);
    CHECK(facts.truth("text.contains('RG') && 'x' + text == 'xARG' // a note\n && a") == Truth::yes);
}

TEST_CASE("tables and groups are asked for the day") {
    Facts f = some_facts();
    f.set("text", std::string{"CHL"});
    Bound now(f);
    CHECK(now.truth("text in group('SOUTH')") == Truth::yes);
    CHECK(now.truth("group('SOUTH').exists(g, g == 'BRA')") == Truth::yes);
    CHECK(now.truth("table.visa('ARG', 'BRA') == 'free'") == Truth::yes);
    CHECK(now.truth("n < table.age('ARG')") == Truth::yes);
    const Value none = now.value("table.visa(text, 'BRA') == 'free'");
    CHECK(none.causes == Value::bit(Cause::not_supported));
    f.set("today", *Date::parse("2025-11-24"));
    CHECK(Bound(f).truth("text in group('SOUTH')") == Truth::no);
    f.set_unknown("today", Cause::clock_unsure);
    Bound unsure(f);
    CHECK(unsure.value("text in group('SOUTH')").causes == Value::bit(Cause::clock_unsure));
    CHECK(unsure.value("table.visa(text, text) == 'free'").causes == Value::bit(Cause::clock_unsure));
    CHECK(parsed("text in group('SOUTH')").slots().size() == 2);  // it reads the day too
    const Environment none_given(small_schema());
    CHECK(error_of("text in group('SOUTH')", none_given).code == "pack.fact");
}

TEST_CASE("the shorter code is shorter") {
    const Expression e = parsed("a && !b && text == 'ARG' && (doc.expiry < today + months(6) || n > 3) && known(c)");
    CHECK(e.program().fused.size() < e.program().code.size() / 2);
    CHECK(e.slots().size() == 7);
}
