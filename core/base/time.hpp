// Two clocks that are never mixed: MonoTime only ever goes forward and measures waits; WallTime is UTC and may be
// wrong.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <cstdio>
#include <string>

#include "core/base/date.hpp"

namespace paso {

using Duration = std::chrono::nanoseconds;

// Nanoseconds since the machine (or the simulation) started.
struct MonoTime {
    std::int64_t ns = 0;
    constexpr auto operator<=>(const MonoTime&) const = default;
    [[nodiscard]] constexpr MonoTime operator+(Duration d) const { return {ns + d.count()}; }
    [[nodiscard]] constexpr Duration operator-(MonoTime other) const { return Duration{ns - other.ns}; }
};

// Milliseconds since 1970-01-01T00:00:00Z.
struct WallTime {
    std::int64_t ms = 0;
    constexpr auto operator<=>(const WallTime&) const = default;
    [[nodiscard]] constexpr WallTime operator+(std::chrono::milliseconds d) const { return {ms + d.count()}; }
    [[nodiscard]] constexpr Date utc_date() const {
        constexpr std::int64_t day_ms = 86'400'000;
        return Date::from_days(static_cast<std::int32_t>(ms >= 0 ? ms / day_ms : (ms - day_ms + 1) / day_ms));
    }
    // "2026-11-24T09:30:00.123Z"
    [[nodiscard]] std::string iso() const {
        const Date date = utc_date();
        const auto in_day = static_cast<int>(ms - std::int64_t{date.days_since_1970()} * 86'400'000);
        char text[40];
        std::snprintf(text, sizeof text, "%sT%02d:%02d:%02d.%03dZ", date.iso().c_str(), in_day / 3'600'000,
                      in_day / 60'000 % 60, in_day / 1000 % 60, in_day % 1000);
        return text;
    }
};

// How far WallTime may be trusted: `unsure` until it was compared with a peer or a time source since start-up.
enum class ClockState : std::uint8_t { sure = 0, unsure = 1 };

}  // namespace paso
