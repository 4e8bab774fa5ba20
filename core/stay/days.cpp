#include "core/stay/days.hpp"

#include <algorithm>
#include <cstddef>

namespace paso {

DaySet::DaySet(std::vector<Days> days) {
    std::sort(days.begin(), days.end(), [](const Days& a, const Days& b) { return a.first < b.first; });
    for (const Days& d : days) {
        if (!runs_.empty() && d.first <= runs_.back().last.plus_days(1)) {
            runs_.back().last = std::max(runs_.back().last, d.last);
        } else {
            runs_.push_back(d);
        }
    }
    std::int32_t sum = 0;
    before_.reserve(runs_.size());
    for (const Days& run : runs_) {
        before_.push_back(sum);
        sum += run.count();
    }
}

std::int32_t DaySet::count_to(Date day) const {
    const auto after =
        std::upper_bound(runs_.begin(), runs_.end(), day, [](Date d, const Days& run) { return d < run.first; });
    if (after == runs_.begin()) return 0;
    const auto run = after - 1;
    return before_[static_cast<std::size_t>(run - runs_.begin())] + Days{run->first, std::min(day, run->last)}.count();
}

std::int32_t DaySet::count() const { return runs_.empty() ? 0 : before_.back() + runs_.back().count(); }

bool DaySet::contains(Date day) const {
    const Days* run = run_from(day);
    return run != nullptr && run->first <= day;
}

const Days* DaySet::run_from(Date day) const {
    const auto at =
        std::lower_bound(runs_.begin(), runs_.end(), day, [](const Days& run, Date d) { return run.last < d; });
    return at == runs_.end() ? nullptr : &*at;
}

DaySet DaySet::without(const DaySet& other) const {
    std::vector<Days> left;
    auto hole = other.runs_.begin();
    for (const Days& run : runs_) {
        Date from = run.first;
        while (hole != other.runs_.end() && hole->last < from) ++hole;
        for (auto h = hole; h != other.runs_.end() && h->first <= run.last; ++h) {
            if (from < h->first) left.push_back({from, h->first.plus_days(-1)});
            from = h->last.plus_days(1);
        }
        if (from <= run.last) left.push_back({from, run.last});
    }
    return DaySet(std::move(left));
}

}  // namespace paso
