#include "kiosk/station/time_zone.hpp"

#include <algorithm>
#include <string_view>

namespace paso {
namespace {

constexpr std::size_t header_size = 44;
constexpr std::size_t max_changes = 4096;
constexpr std::int64_t year_2036 = 2'082'758'400;

std::int64_t big_endian(ByteView bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    const unsigned unused = 64U - 8U * static_cast<unsigned>(size);
    return static_cast<std::int64_t>(value << unused) >> unused;
}

// Counts of one header, as RFC 8536 section 3.1 has them.
struct Counts {
    std::size_t ut, standard, leap, times, types, chars;
    [[nodiscard]] std::size_t data(std::size_t time_size) const {
        return times * time_size + times + types * 6 + chars + leap * (time_size + 4) + standard + ut;
    }
};

Counts counts_at(ByteView b, std::size_t at) {
    const auto n = [&](std::size_t i) {
        return static_cast<std::size_t>(big_endian(b, at + 20 + 4 * i, 4) & 0xFFFFFFFF);
    };
    return {n(0), n(1), n(2), n(3), n(4), n(5)};
}

bool plausible(const Counts& c) {
    return c.times <= max_changes && c.types >= 1 && c.types <= 256 && c.chars <= 4096 && c.leap <= 1024 &&
           c.standard <= 256 && c.ut <= 256;
}

}  // namespace

Result<TimeZone> TimeZone::parse(ByteView b) {
    const auto bad = [](std::string what, std::size_t at) {
        return fail("zone.format", std::move(what), {.offset = at});
    };
    if (b.size() < 2 * header_size || !as_text(b).starts_with("TZif")) return bad("not a TZif file", 0);
    if (b[4] < std::byte{'2'}) return bad("version 1 has no times of 64 bits", 4);
    const Counts first = counts_at(b, 0);
    if (!plausible(first)) return bad("counts of the first block", 20);
    const std::size_t second = header_size + first.data(4);
    if (b.size() < second + header_size || !as_text(b.subspan(second)).starts_with("TZif"))
        return bad("the second block is missing", second);
    const Counts c = counts_at(b, second);
    const std::size_t data = second + header_size;
    if (!plausible(c) || b.size() < data + c.data(8)) return bad("the second block is cut off", data);
    const std::size_t indices = data + c.times * 8;
    const std::size_t types = indices + c.times;
    const auto offset_of = [&](std::size_t type) {
        return static_cast<std::int32_t>(big_endian(b, types + type * 6, 4));
    };
    TimeZone zone;
    zone.first_ = offset_of(0);
    for (std::size_t i = 0; i < c.times; ++i) {
        const auto type = std::to_integer<std::size_t>(b[indices + i]);
        if (type >= c.types) return bad("a change names no type", indices + i);
        zone.changes_.push_back({big_endian(b, data + 8 * i, 8), offset_of(type)});
    }
    if (!std::is_sorted(zone.changes_.begin(), zone.changes_.end(),
                        [](const Change& x, const Change& y) { return x.at < y.at; })) {
        return bad("changes are out of order", data);
    }
    // A comma in the footer is a rule for daylight saving (RFC 8536 section 3.3).
    const std::string_view footer = as_text(b.subspan(data + c.data(8)));
    const bool listed = !zone.changes_.empty() && zone.changes_.back().at >= year_2036;
    if (footer.find(',') != std::string_view::npos && !listed) {
        return fail("zone.slim", "changes after the last one stand in a rule only; zic -b fat lists them",
                    {.offset = data + c.data(8)});
    }
    return zone;
}

std::int32_t TimeZone::offset_at(WallTime time) const {
    const std::int64_t seconds = time.ms >= 0 ? time.ms / 1000 : (time.ms - 999) / 1000;
    const auto next = std::upper_bound(changes_.begin(), changes_.end(), seconds,
                                       [](std::int64_t s, const Change& c) { return s < c.at; });
    return next == changes_.begin() ? first_ : (next - 1)->offset;
}

Date TimeZone::date_at(WallTime time) const { return (time + std::chrono::seconds{offset_at(time)}).utc_date(); }

bool is_zone_name(std::string_view name) {
    if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("//") != std::string_view::npos)
        return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '+' || c == '/';
    });
}

}  // namespace paso
