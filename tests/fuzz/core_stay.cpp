// Any bytes as a history of stays in two years, under any rule: each figure is what counting day by day gives.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/stay/account.hpp"
#include "tests/support/stay_oracle.hpp"

namespace {

using namespace paso;

// Reads numbers from the front; 0 when nothing is left.
class Numbers {
  public:
    Numbers(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
    [[nodiscard]] bool empty() const { return at_ == end_; }
    std::int32_t below(std::int32_t n) {
        std::int32_t value = 0;
        for (int i = 0; i < (n > 256 ? 2 : 1); ++i) value = value * 256 + (empty() ? 0 : *at_++);
        return value % n;
    }

  private:
    const std::uint8_t* at_;
    const std::uint8_t* end_;
};

StayRule rule_of(Numbers& in) {
    const std::int32_t shape = in.below(5);
    const std::int32_t limit = 1 + in.below(120);
    if (shape == 0) return RollingRule{limit, limit + 1 + in.below(100)};
    if (shape == 1) return CalendarYearRule{limit};
    if (shape == 2) return FromEntryRule{{limit, Period::Unit::days}};
    if (shape == 3) return FromEntryRule{{1 + limit % 6, Period::Unit::months}};
    return RegionRule{{limit, Period::Unit::days}};
}

void expect(bool holds) {
    if (!holds) __builtin_trap();
}

// The text of a rule, whatever it is: an error or a rule that is written as it was read.
void read_rule(const std::uint8_t* data, std::size_t size) {
    const auto rule = parse_stay_rule({reinterpret_cast<const char*>(data), size});
    if (rule) expect(parse_stay_rule(stay_rule_text(*rule)) == rule);
}

// Stays of any date at all: an error or figures, in bounded time.
void take_any(const std::uint8_t* data, std::size_t size) {
    Numbers in(data, size);
    const StayRule rule = rule_of(in);
    std::vector<Stay> stays;
    const auto any_day = [&in] { return Date::from_days((in.below(65536) - 32768) * 128 + in.below(128)); };
    while (!in.empty() && stays.size() < 100) {
        Stay s{any_day(), any_day(), in.below(4) == 0 ? Stay::Kind::permit : Stay::Kind::visit, ""};
        if (in.below(4) == 0) s.exit = std::nullopt;
        stays.push_back(s);
    }
    (void)report_stay(stays, {rule, any_day(), {}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_rule(data, size);
    take_any(data, size);
    static const std::string places[] = {"", "GTM", "HND", "MEX"};
    const Date origin = *Date::of(2023, 7, 1);
    Numbers in(data, size);
    StayQuestion question{rule_of(in), origin.plus_days(in.below(730)), {}};
    if (in.below(2) == 1 || std::holds_alternative<RegionRule>(question.rule)) question.places = {"GTM", "HND"};
    const OpenStays open = in.below(2) == 0 ? OpenStays::to_check_day : OpenStays::entry_day_only;
    const Date asked = origin.plus_days(in.below(800) - 30);
    std::vector<Stay> stays;
    while (!in.empty() && stays.size() < 12) {
        const Date entry = origin.plus_days(in.below(730));
        const std::int32_t length = in.below(200);
        const std::int32_t what = in.below(32);
        Stay s{entry, entry.plus_days(length), Stay::Kind::visit, places[1 + what % 3]};
        if (what >= 28) s = {entry, s.exit, Stay::Kind::permit, places[what % 4]};
        if (what >= 4 && what < 8) s.exit = std::nullopt;
        stays.push_back(s);
    }
    const auto account = StayAccount::of(stays, question, open);
    expect(account.has_value());
    const test::StayOracle oracle(stays, question, open);
    for (const Date day : {question.day, asked}) {
        expect(account->counted().contains(day) == oracle.present(day));
        expect(account->used(day) == oracle.used(day));
        expect(account->limit(day) == oracle.limit(day));
        expect(account->days_over(day) == oracle.days_over(day));
        expect(account->may_be_present(day) == oracle.may_be_present(day));
        expect(account->last_legal_day(day) == oracle.last_legal_day(day));
        expect(account->next_entry(day) == oracle.next_entry(day));
    }
    return 0;
}
