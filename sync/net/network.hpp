// Network: connecting and listening, as an interface. sync/host has the real one, tests/simulation a simulated one.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/env/env.hpp"
#include "sync/net/stream.hpp"

namespace paso {

template <class T>
using Async = asio::awaitable<T>;

// "tcp:host:port" ("tcp:127.0.0.1:0" takes a free port, "tcp:[::1]:443") or "unix:/path".
using Address = std::string;

class Listener {
  public:
    virtual ~Listener() = default;
    // The next connection. Errors: "net.closed" after close(), "net.accept".
    virtual Async<Result<Stream>> accept() = 0;
    [[nodiscard]] virtual Address address() const = 0;  // with the port that was taken
    virtual void close() = 0;
};

class Network {
  public:
    virtual ~Network() = default;
    [[nodiscard]] virtual asio::any_io_executor executor() = 0;
    // Errors: "net.address", "net.connect", "net.timeout".
    virtual Async<Result<Stream>> connect(Address to, Duration patience) = 0;
    // Errors: "net.address", "net.listen" (in use, not allowed).
    [[nodiscard]] virtual Result<std::unique_ptr<Listener>> listen(const Address& at) = 0;
};

// Key and certificates of one end, PEM.
struct TlsIdentity {
    std::string certificate_chain;
    std::string private_key;
    std::string trusted;  // CA certificates that the peer must chain to
};

// TLS 1.3 over any stream. Times in certificates are compared with the clock, never with the machine's own.
// As a server: `demand_certificate` makes it mutual; the peer's common name becomes Stream::peer().name.
// As a client: the peer must show a certificate for `server_name` that chains to `trusted`.
// Errors: "tls.identity" (own key or certificates cannot be used), "tls.handshake" (detail: what OpenSSL says),
// "tls.certificate" (the peer's), "net.timeout". In TLS 1.3 a client learns at its first read that its certificate was
// not accepted.
Async<Result<Stream>> tls_accept(Stream below, TlsIdentity identity, bool demand_certificate, Env& env,
                                 Duration patience);
Async<Result<Stream>> tls_connect(Stream below, TlsIdentity identity, std::string server_name, Env& env,
                                  Duration patience);

}  // namespace paso
