// Files of recorded crossings, and drafts tried on them.
#include "core/rules/facts_file.hpp"

#include <algorithm>

#include "core/encoding/cbor.hpp"
#include "core/rules/backtest.hpp"
#include "core/rules/pack_body.hpp"
#include "tests/support/effort.hpp"
#include "tests/unit/core/rules/generated_packs.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const Schema& recorded_schema() {
    static constexpr std::array<std::string_view, 2> ways{"entry", "exit"};
    static const Schema schema(
        {
            {.name = "today", .type = FactType::date},
            {.name = "nation", .type = FactType::text},
            {.name = "age", .type = FactType::integer},
            {.name = "post", .type = FactType::text},
            {.name = "way", .type = FactType::text, .values = ways},
            {.name = "visited", .type = FactType::text_set},
            {.name = "listed", .type = FactType::boolean},
            {.name = "number", .type = FactType::text, .personal = true},
            {.name = "asks", .type = FactType::boolean, .protection = true},
        },
        "today");
    return schema;
}

constexpr BacktestDimensions by{"nation", "age", "post", "way"};

Facts crossing(std::mt19937& random) {
    Facts f;
    const auto text = [&](const char* name, std::vector<std::string> of) { f.set(name, of[random() % of.size()]); };
    f.set("today", Date::from_days(20'000 + static_cast<std::int32_t>(random() % 500)));
    text("nation", {"ARG", "BRA", "CHL", "UTO"});
    text("post", {"north", "south"});
    text("way", {"entry", "exit"});
    f.set("age", static_cast<std::int64_t>(random() % 90));
    f.set("listed", random() % 50 == 0);
    f.set("number", std::string{"X"} + std::to_string(random()));
    f.set("asks", random() % 2 == 0);
    f.set("visited", std::set<std::string>{"BRA", random() % 2 == 0 ? "PER" : "ECU"});
    if (random() % 10 == 0) f.set_unknown("listed", Cause::offline);
    if (random() % 10 == 0) f.set_unknown("nation", Cause::not_read);
    if (random() % 10 == 0) f.set_possible("age", {std::int64_t{12}, std::int64_t{112}});
    if (random() % 20 == 0)
        f.set_possible("visited", {std::set<std::string>{"PER"}, std::set<std::string>{"ECU", "PER"}});
    return f;
}

Pack pack(const std::string& rules) {
    const auto out = parse_draft(as_bytes("id = 'p'\nversion = '1'\n" + rules + words), recorded_schema());
    if (!out) FAIL(describe(out.error()));
    return *out;
}

std::vector<std::string> referred(const Pack& p, const Facts& f) {
    std::vector<std::string> out;
    for (const Finding& x : assess(p, f).findings) {
        if (x.refers && x.then == Outcome::officer && !x.is_private) out.push_back(x.rule);
    }
    return out;
}

}  // namespace

TEST_CASE("a file of facts gives back what went in, but for what may not be kept") {
    std::mt19937 random(81);
    FactsFileWriter writer(recorded_schema());
    std::vector<Facts> all;
    for (int i = 0; i < 300; ++i) {
        all.push_back(crossing(random));
        const std::vector<std::string> rules{"a", "b"};
        writer.add(all.back(), std::span{rules}.first(random() % 3));
    }
    const Bytes bytes = writer.take();
    CHECK(as_text(bytes).find("number") == std::string_view::npos);
    CHECK(as_text(bytes).find("asks") == std::string_view::npos);
    auto file = FactsFile::open(bytes, recorded_schema());
    REQUIRE(file);
    CHECK_FALSE(file->has(7));
    CHECK_FALSE(file->has(8));
    RecordedCrossing c;
    for (const Facts& f : all) {
        REQUIRE(file->next(c) == true);
        REQUIRE(c.slots[0].day() == std::get<Date>(f.find("today")->values[0]));
        const FactEntry& nation = *f.find("nation");
        REQUIRE(c.slots[1].is(Kind::unknown) == nation.values.empty());
        if (!nation.values.empty()) REQUIRE(c.slots[1].view() == std::get<std::string>(nation.values[0]));
        REQUIRE(c.slots[7].is(Kind::unknown));
        const bool several = std::any_of(c.several.begin(), c.several.end(), [](const auto& s) { return s.slot == 2; });
        REQUIRE(several == (f.find("age")->values.size() > 1));
        REQUIRE(c.slots[5].is(Kind::set));
        REQUIRE(c.rules.size() < 3);
    }
    CHECK(file->next(c) == false);
}

TEST_CASE("a file that is cut, changed or of another kind is an error with its place, never another crossing") {
    std::mt19937 random(82);
    FactsFileWriter writer(recorded_schema());
    for (int i = 0; i < 3; ++i) writer.add(crossing(random), {});
    const Bytes bytes = writer.take();
    const auto read = [](ByteView b) {
        auto file = FactsFile::open(b, recorded_schema());
        if (!file) return -1;
        RecordedCrossing c;
        int n = 0;
        for (;;) {
            const auto more = file->next(c);
            if (!more) return -2;
            if (!*more) return n;
            ++n;
        }
    };
    REQUIRE(read(bytes) == 3);
    int whole = 0;
    for (std::size_t n = 0; n < bytes.size(); ++n) whole += read(ByteView{bytes}.first(n)) >= 0 ? 1 : 0;
    CHECK(whole == 3);  // after the header and after each of the first two crossings
    for (int i = 0; i < test::effort(20'000); ++i) {
        Bytes other = bytes;
        other[random() % other.size()] = static_cast<std::byte>(random());
        CHECK(read(other) >= -2);
    }
    CHECK(FactsFile::open(as_bytes("not this"), recorded_schema()).error().code == "facts_file.format");
    CborWriter newer;
    newer.array(5).text("paso.facts").unsigned_integer(2);
    CHECK(FactsFile::open(newer.view(), recorded_schema()).error().code == "facts_file.version");
}

TEST_CASE("a draft is counted as one crossing after the other would be") {
    std::mt19937 random(83);
    const Pack before = pack(rule("young", "age < 18") + rule("listed", "listed"));
    const Pack draft =
        pack(rule("young", "age < 21") + rule("far", "'PER' in visited && nation == 'ARG'", "way == 'exit'") +
             rule("asks", "asks", "", "then = 'protection'\nprivate = true\n") +
             rule("desk", "listed", "", "then = 'health'\n"));
    FactsFileWriter writer(recorded_schema());
    std::map<std::string, Count> by_nation;
    Count total{"all", 0, 0};
    std::uint64_t newly = 0;
    for (int i = 0; i < 5000; ++i) {
        const Facts f = crossing(random);
        const auto was = referred(before, f);
        writer.add(f, was);
        const bool now = !referred(draft, f).empty();
        const FactEntry& nation = *f.find("nation");
        Count& c = by_nation[nation.values.empty() ? "not known" : std::get<std::string>(nation.values[0])];
        ++c.all;
        ++total.all;
        if (now != !was.empty()) {
            ++c.changed;
            ++total.changed;
            newly += now ? 1 : 0;
        }
    }
    const Bytes bytes = writer.take();
    const auto run = [&](bool against) {
        auto file = FactsFile::open(bytes, recorded_schema());
        REQUIRE(file);
        auto test = against ? Backtest::between(before, draft, recorded_schema(), *file, by)
                            : Backtest::begin(draft, recorded_schema(), *file, by);
        REQUIRE(test);
        RecordedCrossing c;
        while (file->next(c).value()) test->add(c);
        return test->report();
    };
    const BacktestReport r = run(false);
    REQUIRE(r.total);
    CHECK(*r.total == PublishedCount{"all", 5000, total.changed});
    CHECK(r.referred == newly);
    CHECK(r.cleared == total.changed - newly);
    CHECK(r.left_out == 2);
    CHECK(r.missing.empty());
    REQUIRE(r.tables.size() == 5);
    const PublishedTable& nations = r.tables[1].table;
    REQUIRE(nations.rows.size() == 5);
    for (const PublishedCount& c : nations.rows) {
        const Count& wanted = by_nation[c.category];
        CHECK(c.all == wanted.all);
        if (c.changed) CHECK(*c.changed == wanted.changed);
    }
    for (const PublishedCount& c : r.tables[0].table.rows) {
        CHECK(c.category != "asks");
        CHECK(c.category != "desk");
    }
    // What was recorded is what the other pack says.
    const BacktestReport again = run(true);
    CHECK(again.total == r.total);
    for (std::size_t t = 0; t < 5; ++t) CHECK(again.tables[t].table == r.tables[t].table);
}

TEST_CASE("nothing is counted by what is protected") {
    FactsFileWriter writer(recorded_schema());
    const Bytes bytes = writer.take();
    const auto file = FactsFile::open(bytes, recorded_schema());
    REQUIRE(file);
    const Pack p = pack(rule("x", "listed && number == 'X'"));
    CHECK(Backtest::begin(p, recorded_schema(), *file, {"asks", "age", "post", "way"}).error().code ==
          "backtest.dimension");
    const auto test = Backtest::begin(p, recorded_schema(), *file, by);
    REQUIRE(test);
    CHECK(test->report().missing == std::vector<std::string>{"number"});
    CHECK_FALSE(test->report().total);
}
