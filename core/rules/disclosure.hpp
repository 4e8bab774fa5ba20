// What may be published of counts of people: small cells are hidden, and others with them, so that no hidden one can be
// computed from what is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace paso {

inline constexpr std::uint64_t least_shown = 10;  // a smaller count is hidden

// Of `all` crossings of a category `changed` changed.
struct Count {
    std::string category;
    std::uint64_t all = 0;
    std::uint64_t changed = 0;
};

// 95 % interval of a share, by Wilson's score.
struct Interval {
    double low = 0;
    double high = 1;
};
[[nodiscard]] Interval wilson(std::uint64_t part, std::uint64_t all);

struct PublishedCount {
    std::string category;
    std::uint64_t all = 0;
    std::optional<std::uint64_t> changed;  // nothing: hidden, and with it how many did not change
    bool operator==(const PublishedCount&) const = default;
};

struct PublishedTable {
    std::vector<PublishedCount> rows;  // of the categories that may be named, as they came
    bool others = false;               // there are categories that are not named
    bool operator==(const PublishedTable&) const = default;
};

// The sum over all categories, which stands above every table. Nothing where there are fewer than `least_shown`
// crossings; `changed` is nothing where it or its complement is less.
[[nodiscard]] std::optional<PublishedCount> publish_total(const Count& total);

// The categories of one dimension. `total`: what publish_total() gave for them; categories without crossings are passed
// over. Hidden are
//   - the name and all of a category with fewer than `least_shown` crossings,
//   - `changed` of a category in which it or its complement is less than that,
//   - the smallest others, until two at least are hidden and `least_shown` crossings are among the hidden ones, on both
//     sides of every total.
// So whoever subtracts what is shown from the total finds the sum of several, never one of them.
[[nodiscard]] PublishedTable publish(std::span<const Count> rows, const std::optional<PublishedCount>& total);

}  // namespace paso
