// The local calendar date at a post: IANA time zones from TZif files (RFC 8536), read as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/date.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace paso {

class TimeZone {
  public:
    // Errors: "zone.format" (what and at which offset), "zone.slim" (daylight saving stands only in the footer's rule).
    [[nodiscard]] static Result<TimeZone> parse(ByteView tzif);
    [[nodiscard]] static TimeZone utc() { return TimeZone{}; }

    // Seconds east of Greenwich at that moment. After the last listed change the footer's rule would hold; the fat
    // files of Debian 12 list changes to 2037, and parse() takes no file that leaves them to the rule.
    [[nodiscard]] std::int32_t offset_at(WallTime time) const;
    [[nodiscard]] Date date_at(WallTime time) const;

  private:
    struct Change {
        std::int64_t at;
        std::int32_t offset;
    };
    std::int32_t first_ = 0;
    std::vector<Change> changes_;
};

// A zone's name is a path below the zone folder: letters, digits, '_', '-', '+' and '/', no dots.
[[nodiscard]] bool is_zone_name(std::string_view name);

}  // namespace paso
