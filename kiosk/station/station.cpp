#include "kiosk/station/station.hpp"

#include <algorithm>

#include "core/inspection/inspection.hpp"
#include "sync/config/trust_file.hpp"

namespace paso {
namespace {

constexpr std::size_t max_file = 4UL << 20U;

Result<TimeZone> open_zone(Env& env, const KioskConfig& config, const std::string& name) {
    if (!is_zone_name(name)) return fail("zone.name", name + " is no time zone");
    const auto bytes = env.files.read(config.zones + "/" + name, max_file);
    if (!bytes) return fail(bytes.error().code, config.zones + "/" + name);
    return TimeZone::parse(*bytes);
}

std::optional<NumberList> open_list(Env& env, Log& log, const std::string& path, const std::vector<Ed25519Key>& keys) {
    if (path.empty()) return std::nullopt;
    const auto bytes = env.files.read(path, max_file);
    if (!bytes) {
        log.write(LogLevel::warning, bytes.error().code, {});
        return std::nullopt;
    }
    auto list = NumberList::open(*bytes, keys);
    if (!list) {
        log.write(LogLevel::warning, list.error().code, {{"line", std::int64_t{list.error().place.line.value_or(0)}}});
        return std::nullopt;
    }
    return std::move(*list);
}

}  // namespace

std::optional<Pack> open_station_pack(Env& env, Log& log, const std::string& path, const std::string& data,
                                      const PackKeys& keys) {
    const std::string kept = data + "/last-good.pack";
    const auto bytes = env.files.read(path, max_file);
    if (bytes) {
        auto pack = open_pack(*bytes, keys, schema());
        if (pack) {
            if (const Status s = env.files.replace(kept, *bytes, false); !s)
                log.write(LogLevel::warning, s.error().code, {});
            return std::move(*pack);
        }
        log.write(LogLevel::error, pack.error().code, {{"line", std::int64_t{pack.error().place.line.value_or(0)}}});
    } else {
        log.write(LogLevel::error, bytes.error().code, {});
    }
    const auto old = env.files.read(kept, max_file);
    if (!old) return std::nullopt;
    auto pack = open_pack(*old, keys, schema());
    if (!pack) return std::nullopt;
    log.write(LogLevel::warning, "pack.last_good", {});
    return std::move(*pack);
}

Result<Station> open_station(Env& env, Log& log, const KioskConfig& config) {
    Station station;
    const auto file = env.files.read(config.post, max_file);
    if (!file) return fail(file.error().code, config.post);
    const auto trust = read_trust_file(env.files, config.trust);
    if (!trust) return fail(trust.error());
    auto post = open_post_file(*file, trust->officials);
    if (!post) return fail(post.error());
    station.post = std::move(*post);
    auto zone = open_zone(env, config, station.post.time_zone);
    if (!zone) return fail(zone.error());
    station.zone = std::move(*zone);
    station.pack = open_station_pack(env, log, config.pack, config.data, {trust->officials, trust->threshold});
    station.list = open_list(env, log, config.list, trust->officials);
    return station;
}

std::pair<std::vector<Date>, ClockState> days_at(const TimeZone& zone, WallTime now, ClockState clock,
                                                 std::int64_t peer_offset_ms) {
    const Date ours = zone.date_at(now);
    if (clock == ClockState::sure) return {{ours}, clock};
    std::vector<Date> days;
    for (const Date middle : {ours, zone.date_at({now.ms + peer_offset_ms})}) {
        for (const int off : {0, -1, 1}) {
            const Date day = middle.plus_days(off);
            if (std::find(days.begin(), days.end(), day) == days.end()) days.push_back(day);
        }
    }
    return {std::move(days), clock};
}

}  // namespace paso
