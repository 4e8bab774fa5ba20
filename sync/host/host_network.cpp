#include "sync/host/host_network.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "sync/net/wait.hpp"

namespace paso {

namespace {

using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;
using boost::system::error_code;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

template <class Socket>
class SocketStream final : public StreamImpl {
  public:
    SocketStream(Socket socket, Peer peer) : socket_(std::move(socket)), peer_(std::move(peer)) {}
    asio::any_io_executor executor() override { return socket_.get_executor(); }
    void read_some(asio::mutable_buffer into, IoHandlerPtr done) override {
        socket_.async_read_some(into, std::move(*done));
    }
    void write_some(asio::const_buffer from, IoHandlerPtr done) override {
        socket_.async_write_some(from, std::move(*done));
    }
    void close() override {
        error_code ignored;  // closed is closed
        socket_.shutdown(Socket::shutdown_both, ignored);
        socket_.close(ignored);
    }
    [[nodiscard]] const Peer& peer() const override { return peer_; }

  private:
    Socket socket_;
    Peer peer_;
};

template <class Socket>
Stream stream_of(Socket socket, Peer peer) {
    return Stream{std::make_unique<SocketStream<Socket>>(std::move(socket), std::move(peer))};
}

std::string text_of(const Tcp::endpoint& at) {
    const std::string host = at.address().to_string();
    return (at.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(at.port());
}

Stream stream_of_tcp(Tcp::socket socket) {
    error_code ignored;  // a peer that is gone already shows at the first read
    socket.set_option(Tcp::no_delay{true}, ignored);
    socket.set_option(asio::socket_base::keep_alive{true}, ignored);
    Peer peer{{}, text_of(socket.remote_endpoint(ignored))};
    return stream_of(std::move(socket), std::move(peer));
}

struct HostPort {
    std::string host;
    std::uint16_t port = 0;
};

// The part after "tcp:".
std::optional<HostPort> parse_host_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    HostPort out;
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (host.empty() || error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
    out.host = host;
    return out;
}

// The path after "unix:", where it fits.
std::optional<Local::endpoint> parse_path(std::string_view text) {
    if (text.empty() || text.size() > 107 || text.find('\0') != std::string_view::npos) return std::nullopt;
    return Local::endpoint{std::string{text}};
}

bool cut_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

template <class Protocol>
class SocketListener final : public Listener {
  public:
    SocketListener(typename Protocol::acceptor acceptor, Address address, std::string unlink_path)
        : acceptor_(std::move(acceptor)), address_(std::move(address)), unlink_path_(std::move(unlink_path)) {}
    ~SocketListener() override { shut(); }
    Async<Result<Stream>> accept() override {
        if (!acceptor_.is_open()) co_return fail("net.closed");
        auto [error, socket] = co_await acceptor_.async_accept(as_result);
        if (error == asio::error::operation_aborted || !acceptor_.is_open()) co_return fail("net.closed");
        if (error) co_return fail("net.accept", error.message());
        if constexpr (std::is_same_v<Protocol, Tcp>) {
            co_return stream_of_tcp(std::move(socket));
        } else {
            co_return stream_of(std::move(socket), Peer{{}, address_});
        }
    }
    [[nodiscard]] Address address() const override { return address_; }
    void close() override { shut(); }

  private:
    void shut() {
        if (!acceptor_.is_open()) return;
        error_code ignored;  // closed is closed
        acceptor_.close(ignored);
        if (!unlink_path_.empty()) (void)::unlink(unlink_path_.c_str());
    }
    typename Protocol::acceptor acceptor_;
    Address address_;
    std::string unlink_path_;
};

using Listening = Result<std::unique_ptr<Listener>>;

Listening listen_tcp(asio::io_context& context, std::string_view text) {
    const auto parsed = parse_host_port(text);
    if (!parsed) return fail("net.address", "expected tcp:host:port");
    error_code error;
    const auto host = parsed->host == "localhost" ? asio::ip::make_address("127.0.0.1", error)
                                                  : asio::ip::make_address(parsed->host, error);
    if (error) return fail("net.address", "listening needs a numeric address");
    const Tcp::endpoint at{host, parsed->port};
    Tcp::acceptor acceptor{context};
    (void)acceptor.open(at.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address{true}, error);
    if (!error) (void)acceptor.bind(at, error);
    if (!error) (void)acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail("net.listen", error.message());
    Address address = "tcp:" + text_of(acceptor.local_endpoint(error));
    return std::make_unique<SocketListener<Tcp>>(std::move(acceptor), std::move(address), "");
}

// A socket file that nobody answers on is a left-over of a process that was killed.
void remove_stale(asio::io_context& context, const Local::endpoint& at) {
    struct stat about {};
    if (::lstat(at.path().c_str(), &about) != 0 || !S_ISSOCK(about.st_mode)) return;
    Local::socket probe{context};
    error_code error;
    (void)probe.connect(at, error);
    if (error == asio::error::connection_refused) (void)::unlink(at.path().c_str());
}

Listening listen_unix(asio::io_context& context, std::string_view text) {
    const auto at = parse_path(text);
    if (!at) return fail("net.address", "expected unix:/path of at most 107 bytes");
    remove_stale(context, *at);
    Local::acceptor acceptor{context};
    error_code error;
    (void)acceptor.open(Local{}, error);
    if (!error) (void)acceptor.bind(*at, error);
    if (!error) (void)acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail("net.listen", error.message());
    return std::make_unique<SocketListener<Local>>(std::move(acceptor), "unix:" + std::string{text}, std::string{text});
}

// Connects a socket of one protocol; `late` is what the patience closes.
template <class Socket, class Connect>
Async<Result<Stream>> connect_with(Clock& clock, Duration patience, Socket& socket, Connect connect) {
    const Patience limit{clock, after(clock, patience), [&socket] {
                             error_code ignored;  // closed is closed
                             socket.close(ignored);
                         }};
    const error_code error = co_await connect();
    if (limit.ended()) co_return fail("net.timeout");
    if (error) co_return fail("net.connect", error.message());
    if constexpr (std::is_same_v<Socket, Tcp::socket>) {
        co_return stream_of_tcp(std::move(socket));
    } else {
        co_return stream_of(std::move(socket), Peer{});
    }
}

Async<Result<Stream>> connect_tcp(asio::io_context& context, Clock& clock, HostPort to, Duration patience) {
    Tcp::socket socket{context};
    Tcp::resolver resolver{context};
    co_return co_await connect_with(clock, patience, socket, [&]() -> Async<error_code> {
        error_code numeric;
        const auto address = asio::ip::make_address(to.host, numeric);
        if (!numeric) {
            auto [error] = co_await socket.async_connect({address, to.port}, as_result);
            co_return error;
        }
        auto [error, found] = co_await resolver.async_resolve(to.host, std::to_string(to.port), as_result);
        if (error) co_return error;
        auto [refused, at] = co_await asio::async_connect(socket, found, as_result);
        co_return refused;
    });
}

Async<Result<Stream>> connect_unix(asio::io_context& context, Clock& clock, Local::endpoint to, Duration patience) {
    Local::socket socket{context};
    co_return co_await connect_with(clock, patience, socket, [&]() -> Async<error_code> {
        auto [error] = co_await socket.async_connect(to, as_result);
        co_return error;
    });
}

}  // namespace

asio::any_io_executor HostNetwork::executor() { return context_.get_executor(); }

Async<Result<Stream>> HostNetwork::connect(Address to, Duration patience) {
    std::string_view text = to;
    if (cut_prefix(text, "tcp:")) {
        auto parsed = parse_host_port(text);
        if (parsed) co_return co_await connect_tcp(context_, clock_, std::move(*parsed), patience);
    } else if (cut_prefix(text, "unix:")) {
        auto parsed = parse_path(text);
        if (parsed) co_return co_await connect_unix(context_, clock_, std::move(*parsed), patience);
    }
    co_return fail("net.address", "expected tcp:host:port or unix:/path");
}

Result<std::unique_ptr<Listener>> HostNetwork::listen(const Address& at) {
    std::string_view text = at;
    if (cut_prefix(text, "tcp:")) return listen_tcp(context_, text);
    if (cut_prefix(text, "unix:")) return listen_unix(context_, text);
    return fail("net.address", "expected tcp:host:port or unix:/path");
}

Result<Stream> stream_from_fd(boost::asio::io_context& context, OwnedFd fd, std::string peer_name) {
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) {
        return fail("net.fd", "not a stream socket");
    }
    (void)::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    Local::socket socket{context};
    error_code error;
    (void)socket.assign(Local{}, fd.get(), error);
    if (error) return fail("net.fd", error.message());
    (void)fd.release();
    return stream_of(std::move(socket), Peer{std::move(peer_name), "socketpair"});
}

Result<SocketPair> socket_pair(boost::asio::io_context& context, std::string peer_name) {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail("net.fd", "socketpair");
    OwnedFd theirs{ends[1]};
    auto mine = stream_from_fd(context, OwnedFd{ends[0]}, std::move(peer_name));
    if (!mine) return fail(mine.error());
    return SocketPair{std::move(*mine), std::move(theirs)};
}

}  // namespace paso
