// Tables: what officials edit, as a pack declares it, and against a plain search.
#include <catch2/catch.hpp>
#include <random>

#include "core/inspection/inspection.hpp"
#include "core/rules/pack.hpp"
#include "core/rules/pack_body.hpp"
#include "core/rules/table_set.hpp"
#include "core/trust/digest.hpp"

using namespace paso;

namespace {

Date day(std::string_view iso) { return *Date::parse(iso); }

TableDeclaration visa() {
    return {"visa",
            "visa.csv",
            {{"nationality", ColumnKind::state, {}},
             {"purpose", ColumnKind::text, {"visit", "work"}},
             {"visa", ColumnKind::text, {"none", "needed"}},
             {"days", ColumnKind::integer, {}},
             {"from", ColumnKind::from, {}},
             {"until", ColumnKind::until, {}},
             {"source", ColumnKind::note, {}}},
            {"nationality", "purpose"},
            false};
}

TableDeclaration groups() {
    return {"groups",
            "groups.csv",
            {{"group", ColumnKind::text, {}},
             {"member", ColumnKind::state, {}},
             {"from", ColumnKind::from, {}},
             {"until", ColumnKind::until, {}}},
            {"group", "member"},
            true};
}

const std::string header = "nationality,purpose,visa,days,from,until,source\n";

Value ask(const TableSet& set, std::string_view name, std::string_view a, std::string_view b, std::string_view on) {
    const TableSignature* s = set.table(name);
    REQUIRE(s != nullptr);
    const std::array keys{Value::text(a), Value::text(b)};
    return set.look_up(s->number, keys, day(on));
}

Error error_of(const std::string& rows, TableDeclaration declaration = visa()) {
    TableSet set;
    const Status s = set.add(std::move(declaration), rows);
    INFO(rows);
    REQUIRE_FALSE(s);
    return s.error();
}

std::string hash(std::string_view text) { return to_hex(sha256(as_bytes(text))); }

const std::string visa_csv = "nationality,visa\nAAA,needed\nUTO,none\n";

std::string pack_with(const std::string& when, const std::string& sha256_text, const std::string& more = "") {
    return "id = 'p'\nversion = '1'\n[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + when +
           "\"\nunknown = 'refer'\n[[reason]]\ncode = 'r'\n"
           "en = { traveller = 'Please see an officer.', officer = 'why' }\n[[table]]\nname = 'visa'\n"
           "file = 'visa.csv'\nsha256 = '" +
           sha256_text +
           "'\nkey = ['nationality']\ncolumns = [{ name = 'nationality', kind = 'state' },\n"
           "{ name = 'visa', kind = 'text', values = ['none', 'needed'] }]\n" +
           more;
}

std::string file(const std::string& text) { return "[[file]]\nname = 'visa.csv'\ntext = '''\n" + text + "'''\n"; }

Error pack_error(const std::string& text, const std::vector<PackFile>& files = {}) {
    const auto pack = parse_draft(as_bytes(text), schema(), files);
    REQUIRE_FALSE(pack);
    return pack.error();
}

}  // namespace

TEST_CASE("a cell is found by key and day; a gap is unknown, and so is what was not continued") {
    TableSet set;
    REQUIRE(set.add(visa(), header +
                                "AAA,visit,needed,30,2020-01-01,2020-12-31,\nAAA,visit,none,90,2022-01-01,2022-12-31,\n"
                                "AAA,work,needed,0,,,\nD,visit,none,90,2021-05-01,,law 3\n"));
    CHECK(ask(set, "visa.visa", "AAA", "visit", "2020-01-01").view() == "needed");
    CHECK(ask(set, "visa.days", "AAA", "visit", "2020-12-31").number == 30);
    CHECK(ask(set, "visa.visa", "AAA", "visit", "2022-06-01").view() == "none");
    CHECK(ask(set, "visa.visa", "D", "visit", "9999-12-31").view() == "none");
    CHECK(ask(set, "visa.days", "AAA", "work", "0001-01-01").number == 0);
    const auto cause = [&](const Value& v) {
        REQUIRE(v.is(Kind::unknown));
        return v.causes;
    };
    CHECK(cause(ask(set, "visa.visa", "AAA", "visit", "2021-06-01")) == Value::bit(Cause::not_supported));  // a gap
    CHECK(cause(ask(set, "visa.visa", "AAA", "visit", "2019-12-31")) == Value::bit(Cause::not_supported));
    CHECK(cause(ask(set, "visa.visa", "AAA", "visit", "2023-01-01")) == Value::bit(Cause::list_stale));
    CHECK(cause(ask(set, "visa.visa", "BBB", "visit", "2022-01-01")) == Value::bit(Cause::not_supported));
    CHECK(set.table("visa") == nullptr);  // two columns can be asked for: none is meant
    CHECK(set.table("visa.colour") == nullptr);
    CHECK(set.table("visa.source") == nullptr);
    CHECK(set.table("visa.days")->result.kind == Kind::integer);
    const std::array wrong{Value::integer(1), Value::text("visit")};
    CHECK(set.look_up(0, wrong, day("2022-01-01")).is(Kind::error));
}

TEST_CASE("a group has the members of the day") {
    TableSet set;
    REQUIRE(set.add(groups(),
                    "group,member,from,until\nSOUTH,BBB,2010-01-01,\nSOUTH,AAA,,2014-12-31\n"
                    "SOUTH,AAA,2016-01-01,\nNORTH,CCC,,\n"));
    const auto on = [&](std::string_view name, std::string_view iso) {
        std::string out;
        for (const Value& v : set.members(*set.group(name), day(iso)).members()) out += std::string{v.view()} + " ";
        return out;
    };
    CHECK(on("SOUTH", "2009-12-31") == "AAA ");
    CHECK(on("SOUTH", "2010-01-01") == "AAA BBB ");
    CHECK(on("SOUTH", "2015-01-01") == "BBB ");
    CHECK(on("SOUTH", "2016-01-01") == "AAA BBB ");
    CHECK(on("NORTH", "1900-01-01") == "CCC ");
    CHECK_FALSE(set.group("EAST"));
    CHECK(set.largest_group() == 2);
    TableDeclaration again = groups();
    again.name = "more";
    CHECK(set.add(again, "group,member,from,until\nNORTH,AAA,,\n").error().code == "table.duplicate");
}

TEST_CASE("what is wrong is named with file, line, column and what stands there") {
    const auto is = [](const Error& e, std::string_view code, std::uint32_t line, std::uint32_t column,
                       std::string_view said) {
        INFO(describe(e));
        CHECK(e.code == code);
        CHECK(e.place == Place{{}, line, column});
        CHECK(e.detail.starts_with("visa.csv: "));
        CHECK(e.detail.find(said) != std::string::npos);
    };
    is(error_of(header + "AAA,visit,none,1,,,\nAR,visit,none,1,,,\naa,work,none,1,,,\n"), "table.code", 4, 1, "'aa'");
    is(error_of(header + "AAA,vist,none,1,,,\n"), "table.code", 2, 2, "'vist'");
    is(error_of(header + "AAA,visit,none,1x,,,\n"), "table.number", 2, 4, "'1x'");
    is(error_of(header + "AAA,visit,none,1,2026-02-30,,\n"), "table.date", 2, 5, "'2026-02-30'");
    is(error_of(header + "AAA,visit,none,1,2026-02-02,2026-02-01,\n"), "table.period", 2, 6, "2026-02-01");
    is(error_of(header + "AAA,visit,none,1,2026-01-01,,\nAAA,visit,needed,1,2020-01-01,2026-01-01,\n"), "table.overlap",
       3, 5, "'AAA', 'visit' is in force twice on 2026-01-01, see line 2");
    is(error_of(header + "AAA,visit,none\n"), "csv.fields", 2, 1, "3 fields");
    is(error_of("nationality,purpose,vista,days,from,until,source\n"), "table.header", 1, 3, "'vista'");
    is(error_of("nationality,purpose,visa,days,from,until\n"), "table.header", 1, 7, "source");
    is(error_of("nationality,purpose,visa,days,from,until,source,more\n"), "table.header", 1, 8, "'more'");
    is(error_of(""), "table.header", 1, 1, "empty");
    is(error_of(header + "AAA,\"\x1b[2J\n\",none,1,,,\n"), "table.code", 2, 2, "'?[2J?'");
    TableDeclaration d = visa();
    d.columns[1].values.clear();
    is(error_of(header + "AAA,,none,1,,,\n", d), "table.key", 2, 2, "purpose");
    const auto declared = [](auto change) {
        TableDeclaration t = visa();
        change(t);
        return error_of("", t).code;
    };
    CHECK(declared([](auto& t) { t.key = {"nation"}; }) == "table.declaration");
    CHECK(declared([](auto& t) { t.key = {"from"}; }) == "table.declaration");
    CHECK(declared([](auto& t) { t.key = {"visa", "visa"}; }) == "table.declaration");
    CHECK(declared([](auto& t) { t.key.clear(); }) == "table.declaration");
    CHECK(declared([](auto& t) { t.columns[0].name = "days"; }) == "table.declaration");
    CHECK(declared([](auto& t) { t.columns[6].kind = ColumnKind::until; }) == "table.declaration");
    CHECK(declared([](auto& t) { t.groups = true; }) == "table.declaration");
    CHECK(declared([](auto& t) { t.columns.resize(2); }) == "table.declaration");
}

TEST_CASE("a table travels inside the pack, under its hash") {
    const std::string when = "table.visa(document.nationality) == 'needed'";
    const std::string whole = pack_with(when, hash(visa_csv), file(visa_csv));
    const auto pack = parse_draft(as_bytes(whole), schema());
    if (!pack) FAIL(describe(pack.error()));
    Facts f;
    f.set("trip.today", day("2026-11-25"));
    f.set("document.nationality", std::string{"AAA"});
    CHECK(assess(*pack, f).outcome == Outcome::officer);
    f.set("document.nationality", std::string{"UTO"});
    CHECK(assess(*pack, f).outcome == Outcome::clear);
    f.set("document.nationality", std::string{"ZZZ"});
    CHECK(assess(*pack, f).findings.at(0).value == Truth::unknown);

    const std::string draft = pack_with(when, hash(visa_csv));
    const std::string dos = "\xEF\xBB\xBFnationality,visa\r\nAAA,needed\r\nUTO,none\r\n";  // as a spreadsheet saves it
    CHECK(*missing_files(as_bytes(draft)) == std::vector<std::string>{"visa.csv"});
    CHECK(missing_files(as_bytes(whole))->empty());
    CHECK(pack_error(draft).code == "table.missing");
    CHECK(parse_draft(as_bytes(draft), schema(), {{"visa.csv", dos}}));
    const auto bundled = bundle(as_bytes(draft), {{"visa.csv", dos}, {"other.csv", "x"}});
    REQUIRE(bundled);
    CHECK(parse_draft(as_bytes(*bundled), schema()));
    CHECK(bundle(as_bytes(draft), {{"visa.csv", "'''"}}).error().code == "table.file");

    const Error changed = pack_error(draft, {{"visa.csv", visa_csv + "BBB,none\n"}});
    CHECK(changed.code == "table.hash");
    CHECK(changed.detail.find(hash(visa_csv + "BBB,none\n")) != std::string::npos);  // to be copied
    const std::string bad = "nationality,visa\nAAA,nedeed\n";
    const Error inner = pack_error(pack_with(when, hash(bad), file(bad)));
    CHECK(inner.code == "table.code");
    CHECK(inner.place == Place{{}, 2, 2});
}

TEST_CASE("what a pack says wrong of its tables is an error with a place") {
    const auto error = [](const std::string& when) {
        return pack_error(pack_with(when, hash(visa_csv), file(visa_csv)));
    };
    CHECK(error("table.viza('AAA') == 'none'").code == "pack.fact");
    CHECK(error("table.visa.colour('AAA') == 'none'").code == "pack.fact");
    CHECK(error("table.visa.visa('aaa') == 'none'").code == "pack.code");
    CHECK(error("table.visa('AAA') == 'nedeed'").code == "pack.code");
    CHECK(error("'nedeed' == table.visa('AAA')").code == "pack.code");
    CHECK(error("table.visa('AAA') in ['none', 'no']").code == "pack.code");
    CHECK(error("table.visa(person.age) == 'none'").code == "pack.type");
    CHECK(error("table.visa() == 'none'").code == "pack.type");
    CHECK(error("table.visa('AAA') == 'nedeed'").place.line == 8U);
    CHECK(error("table.visa").code == "pack.fact");
    CHECK(error("table.visa.visa.visa('AAA') == 'none'").code == "pack.fact");
    const std::string good = pack_with("trip.demo", hash(visa_csv), file(visa_csv));
    REQUIRE(parse_draft(as_bytes(good), schema()));
    CHECK(pack_error(good + file(visa_csv)).code == "pack.duplicate");
    CHECK(pack_error(good + "[[file]]\nname = 'more.csv'\ntext = 'x'\n").code == "table.file");
    CHECK(pack_error(good + "[[file]]\nname = '../more.csv'\ntext = 'x'\n").code == "table.file");
    CHECK(pack_error("table = 3\n" + pack_with("trip.demo", "")).code != "");
    const auto changed = [&](std::string_view from, std::string_view to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return pack_error(text).code;
    };
    CHECK(changed("kind = 'state'", "kind = 'State'") == "pack.type");
    CHECK(changed("name = 'visa'", "name = 'Visa'") == "pack.type");
    CHECK(changed("key = ['nationality']", "key = 'nationality'") == "pack.type");
    CHECK(changed("key = ['nationality']", "key = ['nation']") == "table.declaration");
    CHECK(changed("key = ['nationality']", "keys = ['nationality']") == "pack.syntax");
    CHECK(changed("file = 'visa.csv'", "file = '/etc/x'") == "table.file");
}

TEST_CASE("a rule may have versions, each with its days") {
    const auto version = [](const std::string& days, const std::string& when) {
        return "[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + when +
               "\"\nunknown = 'refer'\n" + days;
    };
    const std::string words =
        "[[reason]]\ncode = 'r'\nen = { traveller = 'Please see an officer.', officer = 'why' }\n";
    const std::string text = "id = 'p'\nversion = '1'\n" +
                             version("until = 2026-06-30\n", "person.age < 16 // until July") +
                             version("from = 2026-07-01\n", "person.age < 18") + words;
    const auto pack = parse_draft(as_bytes(text), schema());
    if (!pack) FAIL(describe(pack.error()));
    Facts f;
    f.set("person.age", std::int64_t{17});
    f.set("trip.today", day("2026-06-30"));
    CHECK(assess(*pack, f).outcome == Outcome::clear);
    f.set("trip.today", day("2026-07-01"));
    CHECK(assess(*pack, f).outcome == Outcome::officer);
    CHECK(assess(*pack, f).findings.size() == 2);
    f.set_unknown("trip.today", Cause::clock_unsure);
    CHECK(assess(*pack, f).findings.at(0).value == Truth::no);
    CHECK(assess(*pack, f).findings.at(1).value == Truth::unknown);
    const auto error = [&](const std::string& rules) {
        return pack_error("id = 'p'\nversion = '1'\n" + rules + words);
    };
    CHECK(error(version("", "trip.demo") + version("from = 2026-07-01\n", "trip.demo")).code == "pack.duplicate");
    CHECK(error(version("from = 2026-07-01\nuntil = 2026-06-30\n", "trip.demo")).code == "pack.type");
    CHECK(error(version("from = 'July'\n", "trip.demo")).code == "pack.type");
}

TEST_CASE("look_up and members say what a plain search says") {
    std::mt19937 r(21);
    int found = 0;
    for (int round = 0; round < 60; ++round) {
        struct Plain {
            std::string key, purpose, from, until;
            int days;
        };
        std::vector<Plain> rows;
        std::string text = header;
        std::string members = "group,member,from,until\n";
        for (int i = 0; i < 40; ++i) {
            const int first = 20000 + static_cast<int>(r() % 60);
            Plain p{std::string(1, static_cast<char>('A' + r() % 4)), r() % 2 == 0 ? "visit" : "work",
                    Date::from_days(first).iso(), Date::from_days(first + static_cast<int>(r() % 12)).iso(), i};
            const bool overlaps = std::any_of(rows.begin(), rows.end(), [&](const Plain& o) {
                return o.key == p.key && o.purpose == p.purpose && o.from <= p.until && p.from <= o.until;
            });
            if (overlaps) continue;
            rows.push_back(p);
            text += p.key + "," + p.purpose + ",none," + std::to_string(i) + "," + p.from + "," + p.until + ",\n";
            members += p.purpose + "," + p.key + "," + p.from + "," + p.until + "\n";
        }
        TableSet set;
        REQUIRE(set.add(visa(), text));
        REQUIRE(set.add(groups(), members));
        for (int k = 0; k < 300; ++k) {
            const std::string key(1, static_cast<char>('A' + r() % 5));
            const std::string purpose = r() % 2 == 0 ? "visit" : "work";
            const std::string on = Date::from_days(19990 + static_cast<int>(r() % 90)).iso();
            const auto mine = [&](const Plain& p) { return p.key == key && p.purpose == purpose; };
            const auto hit = std::find_if(rows.begin(), rows.end(),
                                          [&](const Plain& p) { return mine(p) && p.from <= on && on <= p.until; });
            const bool some = std::any_of(rows.begin(), rows.end(), mine);
            const bool ended = some && std::none_of(rows.begin(), rows.end(),
                                                    [&](const Plain& p) { return mine(p) && p.until >= on; });
            const Value v = ask(set, "visa.days", key, purpose, on);
            if (hit != rows.end()) {
                REQUIRE(v.is(Kind::integer));
                REQUIRE(v.number == hit->days);
                ++found;
            } else {
                REQUIRE(v.causes == Value::bit(ended ? Cause::list_stale : Cause::not_supported));
            }
            if (!set.group(purpose)) continue;
            bool member = false;
            for (const Value& m : set.members(*set.group(purpose), day(on)).members())
                member = member || m.view() == key;
            REQUIRE(member == (hit != rows.end()));
        }
    }
    CHECK(found > 1000);
}
