// An HTTP/1.1 client that keeps one connection to one peer: connects when needed, reuses while it can.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "core/env/env.hpp"
#include "sync/http/message.hpp"
#include "sync/net/network.hpp"

namespace paso {

struct ClientOptions {
    Address address;                 // "tcp:10.0.0.1:8443"
    std::string server_name;         // in the peer's certificate, and the Host header
    std::optional<TlsIdentity> tls;  // none: plain HTTP
    Duration connect_patience = std::chrono::seconds{10};
    Duration answer_patience = std::chrono::seconds{30};
    std::size_t max_answer_bytes = 8UL << 20U;
};

class Client {
  public:
    Client(Env& env, Network& network, ClientOptions options);
    ~Client();
    // One request at a time. After any error the connection is closed and the next call opens a new one.
    // Request::path is not encoded yet; the query is. A GET on a kept connection that the peer has closed is sent
    // again. Errors: "net.*", "tls.*", "http.timeout", "http.protocol", "http.too_large", "http.busy", "http.header"
    // (line breaks).
    Async<Result<Response>> send(Request request);
    void close();  // ends a request that is under way with "net.closed"
    struct State;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace paso
