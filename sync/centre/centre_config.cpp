#include "sync/centre/centre_config.hpp"

#include "sync/config/settings.hpp"
#include "sync/config/stations.hpp"

namespace paso {

Result<CentreConfig> parse_centre_config(std::string_view text) {
    auto settings = Settings::parse(text);
    if (!settings) return fail(settings.error());
    CentreConfig config;
    config.intake = settings->text("intake");
    config.console = settings->text("console");
    config.data = settings->text("data");
    config.keys = settings->text("keys");
    config.users = settings->text("users");
    config.stations = read_stations(*settings);
    if (const Status status = settings->finish(); !status) return fail(status.error());
    return config;
}

}  // namespace paso
