#include "core/rules/disclosure.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace paso {
namespace {

// What stands in a row of the table: its crossings, and those that changed with those that did not.
struct Cells {
    const Count* count = nullptr;
    bool named = true;
    bool split = true;  // `changed` is shown
    [[nodiscard]] std::uint64_t same() const { return count->all - count->changed; }
    [[nodiscard]] std::uint64_t smaller() const { return std::min(count->changed, same()); }
};

using Sizes = std::function<std::uint64_t(const Cells&)>;

// Hides the smallest row that is shown, until enough is hidden or nothing is left to hide.
void hide_enough(std::vector<Cells>& rows, bool Cells::*shown, const Sizes& size, const std::vector<Sizes>& sums) {
    for (;;) {
        std::uint64_t hidden = 0;
        std::vector<std::uint64_t> among(sums.size(), 0);
        Cells* next = nullptr;
        for (Cells& r : rows) {
            if (r.*shown) {
                if (next == nullptr || size(r) < size(*next)) next = &r;
                continue;
            }
            ++hidden;
            for (std::size_t i = 0; i < sums.size(); ++i) among[i] += sums[i](r);
        }
        const bool enough =
            hidden >= 2 && std::all_of(among.begin(), among.end(), [](std::uint64_t n) { return n >= least_shown; });
        if (hidden == 0 || enough || next == nullptr) return;
        next->*shown = false;
    }
}

}  // namespace

Interval wilson(std::uint64_t part, std::uint64_t all) {
    if (all == 0) return {};
    constexpr double z = 1.959963984540054;
    const auto n = static_cast<double>(all);
    const double p = static_cast<double>(part) / n;
    const double middle = p + z * z / (2 * n);
    const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const double below = 1 + z * z / n;
    return {part == 0 ? 0 : (middle - half) / below, part == all ? 1 : (middle + half) / below};
}

std::optional<PublishedCount> publish_total(const Count& total) {
    if (total.all < least_shown) return std::nullopt;
    PublishedCount out{total.category, total.all, total.changed};
    if (total.changed < least_shown || total.all - total.changed < least_shown) out.changed.reset();
    return out;
}

PublishedTable publish(std::span<const Count> counts, const std::optional<PublishedCount>& total) {
    std::vector<Cells> rows;
    for (const Count& c : counts) {
        if (c.all == 0) continue;
        Cells r{&c};
        r.named = total && c.all >= least_shown;
        r.split = r.named && total->changed && r.smaller() >= least_shown;
        rows.push_back(r);
    }
    const Sizes all = [](const Cells& r) { return r.count->all; };
    hide_enough(rows, &Cells::named, all, {all});
    for (Cells& r : rows) r.split = r.split && r.named;
    hide_enough(rows, &Cells::split, [](const Cells& r) { return r.smaller(); },
                {[](const Cells& r) { return r.count->changed; }, [](const Cells& r) { return r.same(); }});
    PublishedTable out;
    for (const Cells& r : rows) {
        out.others = out.others || !r.named;
        if (!r.named) continue;
        out.rows.push_back({r.count->category, r.count->all, r.split ? std::optional{r.count->changed} : std::nullopt});
    }
    return out;
}

}  // namespace paso
