// An HTTP/1.1 server over any listener: router, WebSocket, limits. Slow or silent peers are let go; bodies over the
// limit get 413, headers 431; what no route takes gets 404, another method 405; a handler that throws gives 500.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/env/env.hpp"
#include "sync/http/message.hpp"
#include "sync/net/network.hpp"

namespace paso {

struct SocketMessage {
    bool text = true;
    Bytes data;
};

// A WebSocket that was accepted. One reader and one writer coroutine at a time. The handler must keep reading: pings
// are answered there, and a peer that is silent longer than idle_patience is let go. When the handler ends the socket
// is closed, whoever still holds it.
class WebSocket {
  public:
    virtual ~WebSocket() = default;
    virtual Async<Result<SocketMessage>> read() = 0;            // errors: "ws.closed", "ws.protocol", "ws.too_large"
    virtual Async<Status> write(bool text, ByteView data) = 0;  // `data` must live until it resumes
    virtual void close() = 0;
};

using Handler = std::function<Async<Response>(const Request&)>;
using SocketHandler = std::function<Async<void>(const Request&, std::shared_ptr<WebSocket>)>;

// Patterns: "/v1/kiosks/{id}/batches"; a part in braces matches one path part. The first match wins.
class Router {
  public:
    void add(Method method, std::string pattern, Handler handler);
    // A guard decides before the upgrade: an empty optional lets it through.
    // The handler ends when read() fails.
    void add_socket(std::string pattern, std::function<std::optional<Response>(const Request&)> guard,
                    SocketHandler handler);
    struct Route {
        Method method = Method::get;
        std::string pattern;
        Handler handler;  // or
        std::function<std::optional<Response>(const Request&)> guard;
        SocketHandler on_socket;
    };
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  private:
    std::vector<Route> routes_;
};

struct ServerOptions {
    std::size_t max_header_bytes = 16UL << 10U;
    std::size_t max_body_bytes = 8UL << 20U;
    Duration header_patience = std::chrono::seconds{10};
    Duration idle_patience = std::chrono::seconds{75};  // keep-alive, and silence of a WebSocket
    std::size_t max_connections = 512;
    std::size_t max_message_bytes = 64UL << 10U;  // one message of a WebSocket
    std::optional<TlsIdentity> tls;               // none: plain HTTP (loopback pages)
    bool demand_certificate = false;
    std::vector<Header> always;  // added to each response: Content-Security-Policy and the like
    // For pages. WebSockets and everything but GET and HEAD must come from a page of this very origin (403 else), and
    // the Host header must be one of `hosts` ("127.0.0.1", "desk.example", without port; 421 else) where any are given:
    // a foreign page that names itself by this machine's address gets nothing.
    bool own_origin_only = false;
    std::vector<std::string> hosts;
};

// Serves until stop(); every connection is a child of run() and is ended with it (no detached work). A handler that
// waits when stop() comes is cancelled: its wait_for() ends with false or its co_await throws. All calls on one thread.
class Server {
  public:
    Server(Env& env, Log& log, std::unique_ptr<Listener> listener, Router router, ServerOptions options);
    ~Server();
    Async<void> run();
    void stop();
    [[nodiscard]] Address address() const;
    struct State;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace paso
