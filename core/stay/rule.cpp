#include "core/stay/rule.hpp"

#include <charconv>
#include <optional>

namespace paso {
namespace {

constexpr std::int32_t most_days = 3660;
constexpr std::int32_t most_months = 120;

constexpr bool between(std::int32_t n, std::int32_t low, std::int32_t high) { return low <= n && n <= high; }

bool in_range(const Period& p) {
    switch (p.unit) {
        case Period::Unit::days:
            return between(p.count, 1, most_days);
        case Period::Unit::months:
            return between(p.count, 1, most_months);
    }
    return false;
}

bool in_range(const StayRule& rule) {
    if (const auto* r = std::get_if<RollingRule>(&rule)) {
        return between(r->window, 2, most_days) && between(r->limit, 1, r->window - 1);
    }
    if (const auto* r = std::get_if<CalendarYearRule>(&rule)) return between(r->limit, 1, 364);
    if (const auto* r = std::get_if<FromEntryRule>(&rule)) return in_range(r->period);
    return in_range(std::get<RegionRule>(rule).period);
}

std::optional<std::int32_t> number(std::string_view text) {
    std::int32_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
    return n;
}

std::optional<Period> period(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const auto n = number(text.substr(0, text.size() - 1));
    if (!n) return std::nullopt;
    if (text.back() == 'd') return Period{*n, Period::Unit::days};
    if (text.back() == 'm') return Period{*n, Period::Unit::months};
    return std::nullopt;
}

std::optional<StayRule> shape(std::string_view text) {
    constexpr std::string_view region = "region:";
    if (text == "region") return RegionRule{};
    if (text.starts_with(region)) {
        const auto p = period(text.substr(region.size()));
        return p ? std::optional<StayRule>{RegionRule{*p}} : std::nullopt;
    }
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        const auto p = period(text);
        return p ? std::optional<StayRule>{FromEntryRule{*p}} : std::nullopt;
    }
    const auto limit = number(text.substr(0, slash));
    if (!limit) return std::nullopt;
    if (text.substr(slash + 1) == "year") return CalendarYearRule{*limit};
    const auto window = number(text.substr(slash + 1));
    return window ? std::optional<StayRule>{RollingRule{*limit, *window}} : std::nullopt;
}

std::string text_of(const Period& p) { return std::to_string(p.count) + (p.unit == Period::Unit::days ? "d" : "m"); }

}  // namespace

std::int32_t Period::days_from(Date entry) const {
    if (unit == Unit::days) return count;
    return entry.plus_months(count).days_since_1970() - entry.days_since_1970() + 1;
}

Status check_stay_rule(const StayRule& rule) {
    if (!in_range(rule)) return fail("stay.rule", "a number of the rule is out of its range");
    return {};
}

Result<StayRule> parse_stay_rule(std::string_view text) {
    const auto rule = shape(text);
    if (!rule) return fail("stay.rule", "a rule is written 90/180, 90/year, 90d, 6m or region:90d");
    if (const Status s = check_stay_rule(*rule); !s) return fail(s.error());
    return *rule;
}

std::string stay_rule_text(const StayRule& rule) {
    if (const auto* r = std::get_if<RollingRule>(&rule)) {
        return std::to_string(r->limit) + "/" + std::to_string(r->window);
    }
    if (const auto* r = std::get_if<CalendarYearRule>(&rule)) return std::to_string(r->limit) + "/year";
    if (const auto* r = std::get_if<FromEntryRule>(&rule)) return text_of(r->period);
    return "region:" + text_of(std::get<RegionRule>(rule).period);
}

}  // namespace paso
