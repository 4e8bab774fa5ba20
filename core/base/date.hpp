// Date: a day of the proleptic Gregorian calendar, without time or zone.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace paso {

class Date {
  public:
    constexpr Date() = default;  // 1970-01-01

    // The day if the calendar has it; years 1 to 9999.
    [[nodiscard]] static constexpr std::optional<Date> of(int year, unsigned month, unsigned day) {
        const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{month},
                                              std::chrono::day{day}};
        if (!ymd.ok() || year < 1 || year > 9999) return std::nullopt;
        return Date{static_cast<std::int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
    }
    [[nodiscard]] static constexpr Date from_days(std::int32_t days_since_1970) { return Date{days_since_1970}; }
    // "YYYY-MM-DD" and nothing else.
    [[nodiscard]] static std::optional<Date> parse(std::string_view text) {
        if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
        int part[3] = {0, 0, 0};
        int at = 0;
        for (const char c : text) {
            if (c == '-') {
                ++at;
                if (at > 2) return std::nullopt;
            } else if (c >= '0' && c <= '9') {
                part[at] = part[at] * 10 + (c - '0');
            } else {
                return std::nullopt;
            }
        }
        return of(part[0], static_cast<unsigned>(part[1]), static_cast<unsigned>(part[2]));
    }

    [[nodiscard]] constexpr std::int32_t days_since_1970() const { return days_; }
    [[nodiscard]] constexpr int year() const { return static_cast<int>(ymd().year()); }
    [[nodiscard]] constexpr unsigned month() const { return static_cast<unsigned>(ymd().month()); }
    [[nodiscard]] constexpr unsigned day() const { return static_cast<unsigned>(ymd().day()); }
    [[nodiscard]] std::string iso() const {
        char text[16];
        std::snprintf(text, sizeof text, "%04d-%02u-%02u", year(), month(), day());
        return text;
    }

    [[nodiscard]] constexpr Date plus_days(std::int32_t n) const { return Date{days_ + n}; }
    // The same day n months later; the last day of that month where it has fewer (31 Jan + 1 month = 28 or 29 Feb).
    [[nodiscard]] constexpr Date plus_months(int n) const {
        const auto moved = std::chrono::year_month{ymd().year(), ymd().month()} + std::chrono::months{n};
        const auto last = (moved / std::chrono::last).day();
        const auto day = ymd().day() < last ? ymd().day() : last;
        return Date{static_cast<std::int32_t>(std::chrono::sys_days{moved / day}.time_since_epoch().count())};
    }

    constexpr auto operator<=>(const Date&) const = default;

  private:
    constexpr explicit Date(std::int32_t days) : days_(days) {}
    [[nodiscard]] constexpr std::chrono::year_month_day ymd() const {
        return std::chrono::sys_days{std::chrono::days{days_}};
    }
    std::int32_t days_ = 0;
};

// The bounds of the calendar.
inline constexpr Date first_day = *Date::of(1, 1, 1);
inline constexpr Date last_day = *Date::of(9999, 12, 31);

// Completed years of life on `day` of somebody born on `birth`; a 29 February birthday falls on 1 March in other years.
[[nodiscard]] constexpr int age_on(Date birth, Date day) {
    int years = day.year() - birth.year();
    if (day.month() < birth.month() || (day.month() == birth.month() && day.day() < birth.day())) --years;
    return years;
}

}  // namespace paso
