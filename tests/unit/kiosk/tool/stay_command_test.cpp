// `paso stay`: the file, the answer in words, the picture, the JSON object, the exit codes.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "kiosk/tool/stay_command.hpp"
#include "kiosk/tool/stay_file.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;

namespace {

struct Answer {
    int code = -1;
    std::vector<std::string> lines;
    std::string error;
    [[nodiscard]] bool has(const std::string& line) const {
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    }
    [[nodiscard]] std::string all() const {
        std::string out;
        for (const std::string& l : lines) out += l + "\n";
        return out;
    }
};

Answer ask(std::string_view csv, StayOptions options) {
    test::ManualEnv env;
    env.files.content["stays.csv"] = to_bytes(as_bytes(csv));
    if (options.file.empty()) options.file = "stays.csv";
    Answer a;
    a.code = show_stay(
        env.env, options, [&](const std::string& line) { a.lines.push_back(line); },
        [&](const std::string& line) { a.error = line; });
    return a;
}

constexpr std::string_view sem5 = "entry,exit\n2013-09-01,2013-09-30\n2014-02-21,2014-04-20\n2014-05-01,2014-06-09\n";
constexpr std::string_view central =
    "entry,exit,place,kind\n2025-01-01,2025-01-20,GTM,\n2025-01-20,2025-03-10,HND,visit\n2025-03-10,,SLV,\n"
    "2025-02-01,2025-02-05,,permit\n";

}  // namespace

TEST_CASE("the answer in words and as a picture") {
    const Answer a = ask(sem5, {.on = "2014-06-09"});
    INFO(a.all());
    CHECK(a.code == 3);
    CHECK(a.lines == std::vector<std::string>{
                         "rule            90/180: at most 90 days in any 180 days, looking back from each day",
                         "check day       2014-06-09, counting from 2013-12-12",
                         "standing        more days than the limit",
                         "used            99 of 90 days",
                         "excess          9 days more than the limit on the check day",
                         "days over       9 days of stay with more used than the limit: 2014-06-01 to 2014-06-09",
                         "last legal day  2014-05-31",
                         "next entry      2014-08-29, then 50 days to 2014-10-17 (if the traveller leaves on the check "
                         "day)",
                         "",
                         "           1        10        20        30   counted",
                         "2013-12               ....................      0  counted from 2013-12-12",
                         "2014-01    ...............................      0",
                         "2014-02    ....................########         8",
                         "2014-03    ###############################     31",
                         "2014-04    ####################..........      20",
                         "2014-05    ###############################     31",
                         "2014-06    !!!!!!!!!                            9  checked on 2014-06-09",
                         "2014-07",
                         "2014-08                                +++",
                         "2014-09    ++++++++++++++++++++++++++++++",
                         "2014-10    +++++++++++++++++",
                         "                                               99  in all, of 90",
                         "# day of stay that counts",
                         "! day of stay that counts, with more used than the limit",
                         ". in the window, not a day of stay",
                         "+ may still be a day of stay",
                     });
}

TEST_CASE("somebody who enters on the check day is told how long that stay may be") {
    const Answer a = ask("entry,exit\n2014-08-15,2014-09-30\n", {.on = "2015-01-01"});
    INFO(a.all());
    CHECK(a.code == 0);
    CHECK(a.has("used            47 of 90 days"));
    CHECK(a.has("last legal day  2015-03-31 for an entry on the check day: 90 days"));
    const Answer none = ask("entry,exit\n2025-01-01,2025-03-31\n", {.on = "2025-06-28"});
    CHECK(none.code == 3);
    CHECK(none.has("last legal day  none for an entry on the check day"));
    CHECK(none.has("next entry      2025-06-30, then 90 days to 2025-09-27"));
    CHECK(ask("entry,exit\n", {.on = "2025-06-28"}).code == 0);
}

TEST_CASE("a missing exit is named by its line, and the region stands beside the State") {
    StayOptions options{.rule = "region", .on = "2025-04-12", .own = {"SLV=180d"}};
    const Answer a = ask(central, options);
    INFO(a.all());
    CHECK(a.code == 3);
    CHECK(a.has("standing        not known: it depends on a stay without exit"));
    CHECK(a.has("used            97 of 90 days"));
    CHECK(a.has("no exit         of the stay in line 4: counted to the check day"));
    CHECK(a.has("2025-02    PPPPP#######################        23"));
    CHECK(a.has("2025-03    ##########?????????????????????     31"));
    CHECK(a.has("Beside it the own limit of SLV"));
    CHECK(a.has("used            34 of 180 days"));
    options.json = true;
    const Answer j = ask(central, options);
    REQUIRE(j.lines.size() == 1);
    CHECK(j.code == 3);
    const auto o = boost::json::parse(j.lines.front()).as_object();
    CHECK(o.at("standing") == "unknown");
    CHECK(o.at("used") == 97);
    CHECK(o.at("used_at_least") == 0);
    CHECK(o.at("excess") == 7);
    CHECK(o.at("days_over") == 7);
    CHECK(o.at("last_legal_day") == "2025-04-05");
    CHECK(o.at("open_lines") == boost::json::array{4});
    CHECK(o.at("window").at("first") == "2025-01-01");
    CHECK(o.at("own").at(0).at("state") == "SLV");
    CHECK(o.at("own").at(0).at("excess") == -146);
    const Answer null = ask("entry,exit\n2025-01-01,2025-03-31\n", {.on = "2025-06-28", .json = true});
    CHECK(boost::json::parse(null.lines.front()).at("last_legal_day").is_null());
}

TEST_CASE("each rule is asked by name") {
    constexpr std::string_view csv = "entry,exit\n2025-01-15,2025-02-03\n";
    CHECK(ask(csv, {.rule = "6m", .on = "2025-02-03"}).has("last legal day  2025-07-15"));
    CHECK(ask(csv, {.rule = "90d", .on = "2025-02-03"}).has("last legal day  2025-04-14"));
    CHECK(ask(csv, {.rule = "180/year", .on = "2025-02-03"}).has("used            20 of 180 days"));
    CHECK(ask(csv, {.rule = "90/year", .on = "2025-02-03"}).has("last legal day  2025-04-14"));
}

TEST_CASE("a long history and a far future are drawn in part") {
    const Answer a = ask("entry,exit\n2001-01-01,\n", {.rule = "120m", .on = "2025-06-28"});
    INFO(a.all());
    CHECK(a.lines.size() < 60);
    CHECK(a.has("earlier    not shown                         8216"));  // 2001-01-01 to 2023-06-30
    const Answer f = ask("entry,exit\n2025-06-01,2025-06-28\n", {.rule = "120m", .on = "2025-06-28"});
    CHECK(f.lines.size() < 40);
    const Answer years = ask("exit,entry\n2024-02-28,2024-01-01\n,2024-02-20\n", {.on = "2024-03-05"});
    INFO(years.all());
    CHECK(years.has("2024-02    ############################?       29"));
    const Answer window = ask("entry,exit\n2024-01-01,2024-02-28\n", {.on = "2024-07-31"});
    INFO(window.all());
    CHECK(window.has("2024-02    oo##########################.       26  counted from 2024-02-03"));
    CHECK(window.has("o day of stay that does not count on the check day"));
}

TEST_CASE("columns may stand in any order; what is wrong is named by line and field, never quoted") {
    struct Case {
        std::string_view csv;
        std::string_view code;
        std::uint32_t line;
        std::uint32_t column;
    };
    const Case cases[] = {
        {"", "stay.header", 1, 1},
        {"entry,leave\n", "stay.header", 1, 2},
        {"entry,entry\n", "stay.header", 1, 2},
        {"exit,kind\n", "stay.header", 1, 1},
        {"entry,exit\n2025-01-01,SECRET\n", "stay.date", 2, 2},
        {"entry,exit\nSECRET,2025-01-01\n", "stay.date", 2, 1},
        {"entry,exit\n2025-02-29,2025-03-01\n", "stay.date", 2, 1},
        {"place,exit,entry\nUTO,2025-01-01,\n", "stay.date", 2, 3},
        {"entry,exit,kind\n2025-01-01,,\n2025-01-01,,SECRET\n", "stay.kind", 3, 3},
        {"entry,exit,place\n2025-01-01,,secret\n", "stay.place", 2, 3},
        {"entry,exit\n2025-01-02,2025-01-01\n", "stay.reversed", 2, 2},
        {"entry,exit,kind\n2025-01-02,,permit\n", "stay.permit_open", 2, 2},
        {"entry,exit\n\"2025-01-02,2025-01-01\n", "csv.quote", 2, 23},
        {"entry,exit\n2025-01-02\n", "csv.fields", 2, 1},
    };
    for (const Case& c : cases) {
        INFO(c.csv);
        const auto file = parse_stay_file(c.csv);
        REQUIRE_FALSE(file);
        CHECK(file.error().code == c.code);
        CHECK(file.error().place.line == c.line);
        CHECK(file.error().place.column == c.column);
        CHECK(describe(file.error()).find("SECRET") == std::string::npos);
    }
    const auto good =
        parse_stay_file("\xEF\xBB\xBFplace,exit,entry\r\nUTO,,2025-01-01\r\n,2025-02-02,2025-02-02\r\n\r\n");
    REQUIRE(good);
    CHECK(good->lines == std::vector<std::uint32_t>{2, 3});
    CHECK(good->stays.front() == Stay{*Date::of(2025, 1, 1), std::nullopt, Stay::Kind::visit, "UTO"});
}

TEST_CASE("exit codes: 1 for the file, 2 for the options") {
    CHECK(ask(sem5, {.file = "none.csv", .on = "2014-06-09"}).code == 1);
    const Answer bad = ask("entry,exit\n2025-01-02,2025-01-01\n", {.on = "2014-06-09"});
    CHECK(bad.code == 1);
    CHECK(bad.lines.empty());
    CHECK(bad.error == "stays.csv: stay.reversed: the stay ends before it begins (line 2, column 2)");
    CHECK(ask(sem5, {.rule = "region", .on = "2014-06-09"}).error ==
          "stays.csv: stay.place: the place is needed for this question (line 2)");
    CHECK(ask(sem5, {.on = "09.06.2014"}).code == 2);
    CHECK(ask(sem5, {.rule = "90", .on = "2014-06-09"}).code == 2);
    CHECK(ask(sem5, {.on = "2014-06-09", .own = {"180d"}}).code == 2);
    CHECK(ask(sem5, {.on = "2014-06-09", .own = {"SLV=x"}}).code == 2);
}
