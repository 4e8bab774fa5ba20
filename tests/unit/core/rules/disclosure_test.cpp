// What may be published of counts: what is hidden stays hidden from whoever subtracts.
#include "core/rules/disclosure.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "tests/support/effort.hpp"

using namespace paso;

namespace {

Count sum(const std::vector<Count>& rows) {
    Count out{"all", 0, 0};
    for (const Count& r : rows) {
        out.all += r.all;
        out.changed += r.changed;
    }
    return out;
}

struct Range {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    [[nodiscard]] bool open() const { return least < most; }
};

// What somebody who knows the totals and every shown cell can say of one that is hidden: nothing outside of 0 and the
// crossings of its category, and all hidden ones together are what is left of the total.
struct Hidden {
    std::uint64_t most = 0;
};
Range told(const std::vector<Hidden>& hidden, std::size_t which, std::uint64_t left) {
    std::uint64_t others = 0;
    for (std::size_t i = 0; i < hidden.size(); ++i) others += i == which ? 0 : hidden[i].most;
    return {left > others ? left - others : 0, std::min(left, hidden[which].most)};
}

void check_hidden(const std::vector<Count>& rows) {
    const Count whole = sum(rows);
    const auto total = publish_total(whole);
    const PublishedTable table = publish(rows, total);
    const auto shown = [&](const Count& c) {
        return std::find_if(table.rows.begin(), table.rows.end(),
                            [&](const auto& r) { return r.category == c.category; });
    };
    std::uint64_t left_all = whole.all;
    std::uint64_t left_changed = whole.changed;
    std::vector<Hidden> nameless;
    std::vector<Hidden> unsplit;
    for (const PublishedCount& r : table.rows) {
        left_all -= r.all;
        if (r.changed) left_changed -= *r.changed;
        REQUIRE(r.all >= least_shown);
        if (r.changed) REQUIRE((*r.changed >= least_shown && r.all - *r.changed >= least_shown));
        if (!r.changed) unsplit.push_back({r.all});
    }
    for (const Count& c : rows) {
        const auto at = shown(c);
        if (c.all > 0 && at == table.rows.end()) nameless.push_back({left_all});
        if (at == table.rows.end()) continue;
        REQUIRE(at->all == c.all);
        if (at->changed) REQUIRE(*at->changed == c.changed);
    }
    REQUIRE(table.others == !nameless.empty());
    if (!total) {
        REQUIRE(table.rows.empty());
        return;
    }
    for (std::size_t i = 0; i < nameless.size(); ++i) REQUIRE(told(nameless, i, left_all).open());
    if (!total->changed) {
        for (const PublishedCount& r : table.rows) REQUIRE_FALSE(r.changed);
        return;
    }
    for (std::size_t i = 0; i < nameless.size(); ++i) unsplit.push_back({left_all});
    for (std::size_t i = 0; i < unsplit.size(); ++i) REQUIRE(told(unsplit, i, left_changed).open());
}

}  // namespace

TEST_CASE("Wilson's interval") {
    const Interval i = wilson(10, 100);
    CHECK(i.low == Approx(0.0552).margin(0.0001));
    CHECK(i.high == Approx(0.1744).margin(0.0001));
    CHECK(wilson(0, 50).low == 0);
    CHECK(wilson(0, 50).high == Approx(0.0713).margin(0.0001));
    CHECK(wilson(50, 50).high == 1);
    CHECK(wilson(0, 0).high == 1);
}

TEST_CASE("small cells are hidden, with their complements and with another one") {
    const std::vector<Count> rows{{"ARG", 1000, 100}, {"BRA", 500, 60}, {"CHL", 300, 4}, {"PRY", 7, 2}};
    const auto total = publish_total(sum(rows));
    REQUIRE(total);
    CHECK(total->all == 1807);
    CHECK(total->changed == 166U);
    const PublishedTable t = publish(rows, total);
    // PRY is too small to be named, and CHL goes with it; then BRA hides what of CHL and PRY changed.
    CHECK(t.others);
    CHECK(t.rows == std::vector<PublishedCount>{{"ARG", 1000, 100}, {"BRA", 500, std::nullopt}});
    CHECK(publish(std::vector<Count>{{"entry", 900, 80}, {"exit", 800, 90}}, publish_total({"all", 1700, 170})).rows ==
          std::vector<PublishedCount>{{"entry", 900, 80}, {"exit", 800, 90}});
    // One of two cannot be hidden alone.
    const PublishedTable two =
        publish(std::vector<Count>{{"entry", 900, 80}, {"exit", 800, 3}}, publish_total({"all", 1700, 83}));
    CHECK(two.rows == std::vector<PublishedCount>{{"entry", 900, std::nullopt}, {"exit", 800, std::nullopt}});
    CHECK_FALSE(two.others);
}

TEST_CASE("a total that is too small hides what would add up to it") {
    CHECK_FALSE(publish_total({"all", 9, 4}));
    CHECK_FALSE(publish_total({"all", 100, 9})->changed);
    CHECK_FALSE(publish_total({"all", 100, 91})->changed);
    const PublishedTable t = publish(std::vector<Count>{{"a", 60, 9}, {"b", 40, 0}}, publish_total({"all", 100, 9}));
    CHECK(t.rows == std::vector<PublishedCount>{{"a", 60, std::nullopt}, {"b", 40, std::nullopt}});
    CHECK(publish(std::vector<Count>{{"a", 9, 9}}, publish_total({"all", 9, 9})).rows.empty());
}

TEST_CASE("no hidden cell can be found by subtraction") {
    std::mt19937 random(71);
    const std::vector<std::uint64_t> sizes{1, 2, 3, 9, 10, 11, 12, 20, 100, 5000};
    for (int round = 0; round < test::effort(20'000); ++round) {
        std::vector<Count> rows(1 + random() % 8);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].category = std::to_string(i);
            rows[i].all = random() % 8 == 0 ? 0 : sizes[random() % sizes.size()];
            const std::uint64_t extreme = random() % 3;
            rows[i].changed = extreme == 0 ? 0 : extreme == 1 ? rows[i].all : random() % (rows[i].all + 1);
        }
        check_hidden(rows);
    }
}
