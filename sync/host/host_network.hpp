// TCP and Unix sockets.
#pragma once

#include <boost/asio/io_context.hpp>
#include <utility>

#include "sync/host/owned_fd.hpp"
#include "sync/net/network.hpp"

namespace paso {

class HostNetwork final : public Network {
  public:
    HostNetwork(boost::asio::io_context& context, Clock& clock) : context_(context), clock_(clock) {}
    [[nodiscard]] asio::any_io_executor executor() override;
    Async<Result<Stream>> connect(Address to, Duration patience) override;
    // A Unix socket that nobody listens to any more is replaced; one that answers is "net.listen".
    [[nodiscard]] Result<std::unique_ptr<Listener>> listen(const Address& at) override;

  private:
    boost::asio::io_context& context_;
    Clock& clock_;
};

// One end of a connected stream socket as a Stream: fd 3 of a child, for example. Errors: "net.fd".
[[nodiscard]] Result<Stream> stream_from_fd(boost::asio::io_context& context, OwnedFd fd, std::string peer_name);

// Two connected ends: a Stream for this process, a descriptor for the child.
struct SocketPair {
    Stream mine;
    OwnedFd theirs;
};
[[nodiscard]] Result<SocketPair> socket_pair(boost::asio::io_context& context, std::string peer_name);

}  // namespace paso
