#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sync/net/network.hpp"
#include "sync/net/wait.hpp"

namespace paso {

namespace {

using boost::system::error_code;

// The engine and what it works on. Operations under way keep it alive, so that a stream may be destroyed at any time.
struct Core {
    Core(asio::ssl::context c, Stream below) : context(std::move(c)), ssl(std::move(below), context) {}
    asio::ssl::context context;
    asio::ssl::stream<Stream> ssl;
};

auto keeping(const std::shared_ptr<Core>& core, IoHandlerPtr done) {
    auto executor = asio::get_associated_executor(*done, core->ssl.get_executor());
    auto slot = asio::get_associated_cancellation_slot(*done);
    return asio::bind_cancellation_slot(
        slot, asio::bind_executor(executor, [core, done = std::move(done)](error_code error, std::size_t n) mutable {
            std::move (*done)(error, n);
        }));
}

class TlsStream final : public StreamImpl {
  public:
    TlsStream(asio::ssl::context context, Stream below)
        : core_(std::make_shared<Core>(std::move(context), std::move(below))), peer_(core_->ssl.next_layer().peer()) {
        peer_.name.clear();  // only a verified certificate names
    }
    ~TlsStream() override { core_->ssl.next_layer().close(); }
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;
    asio::any_io_executor executor() override { return core_->ssl.get_executor(); }
    void read_some(asio::mutable_buffer into, IoHandlerPtr done) override {
        core_->ssl.async_read_some(into, keeping(core_, std::move(done)));
    }
    void write_some(asio::const_buffer from, IoHandlerPtr done) override {
        core_->ssl.async_write_some(from, keeping(core_, std::move(done)));
    }
    // No close_notify: every protocol above says by itself where a message ends.
    void close() override { core_->ssl.next_layer().close(); }
    [[nodiscard]] const Peer& peer() const override { return peer_; }

    asio::ssl::stream<Stream>& ssl() { return core_->ssl; }
    void name_peer(std::string name) { peer_.name = std::move(name); }

  private:
    std::shared_ptr<Core> core_;
    Peer peer_;
};

Result<asio::ssl::context> make_context(const TlsIdentity& identity) {
    asio::ssl::context context{asio::ssl::context::tls};
    SSL_CTX* const raw = context.native_handle();
    error_code error;
    if (SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION) != 1 || SSL_CTX_set_num_tickets(raw, 0) != 1) {
        return fail("tls.identity", "no TLS 1.3");
    }
    if (!identity.certificate_chain.empty()) {
        (void)context.use_certificate_chain(asio::buffer(identity.certificate_chain), error);
        if (error) return fail("tls.identity", "certificate chain: " + error.message());
        (void)context.use_private_key(asio::buffer(identity.private_key), asio::ssl::context::pem, error);
        if (error) return fail("tls.identity", "private key: " + error.message());
        if (SSL_CTX_check_private_key(raw) != 1)
            return fail("tls.identity", "key and certificate do not belong together");
    }
    if (!identity.trusted.empty()) {
        (void)context.add_certificate_authority(asio::buffer(identity.trusted), error);
        if (error) return fail("tls.identity", "trusted certificates: " + error.message());
    }
    return context;
}

// The time at which certificates must be good, from the one clock.
void set_time(SSL* ssl, const Clock& clock) {
    X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), static_cast<time_t>(clock.wall().ms / 1000));
}

// The peer's certificate must be for this name (or numeric address).
bool demand_name(SSL* ssl, const std::string& name) {
    X509_VERIFY_PARAM* const param = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, name.c_str()) == 1) return true;
    return !name.empty() && X509_VERIFY_PARAM_set1_host(param, name.data(), name.size()) == 1 &&
           SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

// The common name of the verified certificate of the peer; empty where there is none, or more than one.
std::string common_name(SSL* ssl) {
    X509* const certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return {};
    X509_NAME* const subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
    const ASN1_STRING* const value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, value);
    if (size < 0) return {};
    std::string name{reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size)};
    OPENSSL_free(utf8);
    if (name.find('\0') != std::string::npos) return {};
    return name;
}

Error why(SSL* ssl, const error_code& error) {
    const long verdict = SSL_get_verify_result(ssl);
    if (verdict != X509_V_OK) return {"tls.certificate", X509_verify_cert_error_string(verdict)};
    return {"tls.handshake", error.message()};
}

Async<Result<Stream>> shake_hands(std::unique_ptr<TlsStream> tls, asio::ssl::stream_base::handshake_type side, Env& env,
                                  Duration patience) {
    SSL* const ssl = tls->ssl().native_handle();
    set_time(ssl, env.clock);
    const Patience limit{env.clock, after(env.clock, patience), [&tls] { tls->close(); }};
    auto [error] = co_await tls->ssl().async_handshake(side, asio::as_tuple(asio::use_awaitable));
    if (limit.ended()) co_return fail("net.timeout");
    if (error) co_return fail(why(ssl, error));
    tls->name_peer(common_name(ssl));
    co_return Stream{std::move(tls)};
}

}  // namespace

Async<Result<Stream>> tls_accept(Stream below, TlsIdentity identity, bool demand_certificate, Env& env,
                                 Duration patience) {
    auto context = make_context(identity);
    if (!context) co_return fail(context.error());
    auto tls = std::make_unique<TlsStream>(std::move(*context), std::move(below));
    error_code error;
    (void)tls->ssl().set_verify_mode(
        demand_certificate ? asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert : asio::ssl::verify_none,
        error);
    if (error) co_return fail("tls.handshake", error.message());
    co_return co_await shake_hands(std::move(tls), asio::ssl::stream_base::server, env, patience);
}

Async<Result<Stream>> tls_connect(Stream below, TlsIdentity identity, std::string server_name, Env& env,
                                  Duration patience) {
    auto context = make_context(identity);
    if (!context) co_return fail(context.error());
    auto tls = std::make_unique<TlsStream>(std::move(*context), std::move(below));
    error_code error;
    (void)tls->ssl().set_verify_mode(asio::ssl::verify_peer, error);
    if (error || !demand_name(tls->ssl().native_handle(), server_name)) {
        co_return fail("tls.handshake", "server name");
    }
    co_return co_await shake_hands(std::move(tls), asio::ssl::stream_base::client, env, patience);
}

}  // namespace paso
