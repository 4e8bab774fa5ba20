#include "kiosk/tool/stay_picture.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>

namespace paso {
namespace {

constexpr int most_before = 23;
constexpr int most_after = 12;

struct Mark {
    char sign;
    std::string_view meaning;
};
constexpr Mark legend[] = {
    {'#', "day of stay that counts"},
    {'!', "day of stay that counts, with more used than the limit"},
    {'?', "counts because no exit is known"},
    {'P', "under a residence permit or long-stay visa: does not count"},
    {'o', "day of stay that does not count on the check day"},
    {'.', "in the window, not a day of stay"},
    {'+', "may still be a day of stay"},
};

Date month_of(Date day) { return day.plus_days(1 - static_cast<std::int32_t>(day.day())); }

// The days to come that a stay may have: the rest of this one, or else the next.
Days possible(const StayReport& r) {
    const Date day = r.window.last;
    if (r.last_legal_day && *r.last_legal_day >= day) return {r.present ? day.plus_days(1) : day, *r.last_legal_day};
    return {r.next_entry, r.next_last};
}

class Picture {
  public:
    Picture(const StayAccount& account, const StayReport& report)
        : account_(account), report_(report), day_(report.window.last), possible_(possible(report)) {}

    std::vector<std::string> lines() {
        const Date newest = month_of(day_);
        const Date first = std::max(month_of(report_.window.first), newest.plus_months(-most_before));
        const Date last = std::min(month_of(std::max(day_, possible_.last)), newest.plus_months(most_after));
        std::vector<std::string> out{"           1        10        20        30   counted"};
        if (report_.window.first < first) {
            const std::int32_t n = account_.counted().count(report_.window.first, first.plus_days(-1));
            out.push_back("earlier    not shown" + std::string(25, ' ') + number(n));
        }
        for (Date month = first; month <= last; month = month.plus_months(1)) out.push_back(row(month));
        out.push_back(std::string(45, ' ') + number(report_.used) + "  in all, of " + std::to_string(report_.limit));
        for (const Mark& m : legend) {
            if (seen_.find(m.sign) != std::string::npos)
                out.push_back(std::string{m.sign} + " " + std::string{m.meaning});
        }
        return out;
    }

  private:
    static std::string number(std::int32_t n) {
        char text[16];
        std::snprintf(text, sizeof text, "%4d", n);
        return text;
    }

    [[nodiscard]] char sign(Date day) const {
        const bool in_window = report_.window.first <= day && day <= day_;
        if (account_.permits().contains(day)) return 'P';
        if (account_.counted().contains(day)) {
            if (!in_window) return day > day_ && possible_.first <= day && day <= possible_.last ? '+' : 'o';
            if (account_.unsure().contains(day)) return '?';
            return account_.over().contains(day) ? '!' : '#';
        }
        if (possible_.first <= day && day <= possible_.last) return '+';
        return in_window ? '.' : ' ';
    }

    std::string row(Date month) {
        const Date end = month.plus_months(1);
        std::string out = month.iso().substr(0, month.iso().rfind('-')) + "    ";
        for (Date d = month; d < end; d = d.plus_days(1)) {
            out.push_back(sign(d));
            if (seen_.find(out.back()) == std::string::npos) seen_.push_back(out.back());
        }
        out.resize(45, ' ');
        const Date from = std::max(month, report_.window.first);
        const Date to = std::min(end.plus_days(-1), day_);
        const bool in_window = from <= to;
        if (in_window) out += number(account_.counted().count(from, to));
        if (month_of(report_.window.first) == month) out += "  counted from " + report_.window.first.iso();
        if (month_of(day_) == month) out += "  checked on " + day_.iso();
        out.erase(out.find_last_not_of(' ') + 1);
        return out;
    }

    const StayAccount& account_;
    const StayReport& report_;
    Date day_;
    Days possible_;
    std::string seen_;
};

}  // namespace

std::vector<std::string> draw_stay(const StayAccount& account, const StayReport& report) {
    return Picture(account, report).lines();
}

}  // namespace paso
