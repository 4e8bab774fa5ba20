// Starts paso-devices: one end of a socket pair as descriptor 3, the memory of the preview ring as descriptor 4.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "sync/host/process.hpp"
#include "sync/net/stream.hpp"

namespace paso {

struct RunningDevices {
    Stream link;
    std::function<void()> kill;
};

class DevicesProcess {
  public:
    // Errors: "memory.*".
    [[nodiscard]] static Result<DevicesProcess> prepare(boost::asio::io_context& context,
                                                        std::vector<std::string> command);
    // Errors: "child.start", "net.fd".
    [[nodiscard]] Result<RunningDevices> start();
    [[nodiscard]] std::span<const std::byte> preview() const { return ring_.bytes(); }

  private:
    DevicesProcess(boost::asio::io_context& context, std::vector<std::string> command, SharedMemory ring)
        : context_(&context), command_(std::move(command)), ring_(std::move(ring)) {}
    boost::asio::io_context* context_;
    std::vector<std::string> command_;
    SharedMemory ring_;
};

}  // namespace paso
