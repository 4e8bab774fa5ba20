#include "kiosk/station/devices_process.hpp"

#include <memory>
#include <utility>

#include "devices/link/preview_ring.hpp"
#include "sync/host/host_network.hpp"

namespace paso {

Result<DevicesProcess> DevicesProcess::prepare(boost::asio::io_context& context, std::vector<std::string> command) {
    auto ring = SharedMemory::create(link::preview_ring_bytes());
    if (!ring) return fail(ring.error());
    for (const char* word : {"--link-fd", "3", "--preview-fd", "4"}) command.emplace_back(word);
    return DevicesProcess{context, std::move(command), std::move(*ring)};
}

Result<RunningDevices> DevicesProcess::start() {
    auto pair = socket_pair(*context_, "paso-devices");
    if (!pair) return fail(pair.error());
    auto child = Child::spawn(*context_, command_, {{3, pair->theirs.get()}, {4, ring_.fd()}});
    if (!child) return fail(child.error());
    const auto owner = std::make_shared<Child>(std::move(*child));
    return RunningDevices{std::move(pair->mine), [owner] { owner->kill(); }};
}

}  // namespace paso
