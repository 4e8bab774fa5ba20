// One connection: HTTP/1.1 requests one after the other, and the step up to a WebSocket. One of the few files that
// include Beast, which takes long to compile.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <set>

#include "sync/http/server_state.hpp"
#include "sync/http/target.hpp"

namespace paso {

// What Beast asks of a stream below a WebSocket: how it is ended.
template <class Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
    auto executor = asio::get_associated_executor(handler, stream.get_executor());
    stream.close();
    asio::post(executor,
               [handler = std::forward<Handler>(handler)]() mutable { handler(boost::system::error_code{}); });
}

inline void beast_close_socket(Stream& stream) { stream.close(); }

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using Body = http::vector_body<char>;
using Parser = http::request_parser<Body>;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr Duration parting = std::chrono::seconds{2};

using Socket = websocket::stream<Stream, false>;  // never compressed

// Shared by the handler, the connection and the one who pings.
class BeastSocket final : public WebSocket {
  public:
    BeastSocket(Stream stream, Clock& clock, std::size_t limit)
        : socket_(std::move(stream)), clock_(clock), silence_ended_(socket_.get_executor()), heard_(clock.mono()) {
        socket_.set_option(
            websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
        socket_.read_message_max(limit);
        socket_.control_callback([this](websocket::frame_type, beast::string_view) { heard_ = clock_.mono(); });
    }
    Socket& inner() { return socket_; }

    Async<Result<SocketMessage>> read() override {
        if (closed_) co_return fail("ws.closed");
        beast::flat_buffer buffer;
        auto [error, n] = co_await socket_.async_read(buffer, as_result);
        heard_ = clock_.mono();
        if (error) {
            close();
            co_return fail(code_of(error));
        }
        const auto data = buffer.cdata();
        const auto* const begin = static_cast<const std::byte*>(data.data());
        co_return SocketMessage{socket_.got_text(), Bytes(begin, begin + data.size())};
    }
    Async<Status> write(bool text, ByteView data) override {
        if (closed_) co_return fail("ws.closed");
        socket_.text(text);
        auto [error, n] = co_await socket_.async_write(asio::buffer(data.data(), data.size()), as_result);
        if (error) {
            close();
            co_return fail(code_of(error));
        }
        co_return Status{};
    }
    void close() override {
        closed_ = true;
        socket_.next_layer().close();
        silence_ended_.notify();
    }
    // Says goodbye where the peer still listens.
    Async<void> part() {
        if (closed_) co_return;
        closed_ = true;
        const Patience limit{clock_, after(clock_, parting), [this] { close(); }};
        (void)co_await socket_.async_close(websocket::close_code::normal, as_result);
        close();
    }
    // Pings until the socket is closed; closes it when nothing was heard for `patience`, or nothing could be written.
    Async<void> watch(Duration patience) {
        while (!closed_) {
            co_await silence_ended_.wait(clock_, after(clock_, patience / 3));
            if (closed_) break;
            if (clock_.mono() - heard_ >= patience) {
                close();
                break;
            }
            const Patience limit{clock_, after(clock_, patience), [this] { close(); }};
            (void)co_await socket_.async_ping({}, as_result);
        }
    }

  private:
    static std::string_view code_of(error_code error) {
        if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
            return "ws.too_large";
        }
        if (error.category() == error_code{websocket::error::bad_opcode}.category() &&
            error != websocket::error::closed) {
            return "ws.protocol";
        }
        return "ws.closed";
    }
    Socket socket_;
    Clock& clock_;
    Signal silence_ended_;
    MonoTime heard_;
    bool closed_ = false;
};

Method method_of(http::verb verb) {
    switch (verb) {
        case http::verb::get:
            return Method::get;
        case http::verb::head:
            return Method::head;
        case http::verb::post:
            return Method::post;
        case http::verb::put:
            return Method::put;
        case http::verb::delete_:
            return Method::remove;
        default:
            return Method::other;
    }
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// Found in the routes: what takes the request, or the status that says why nothing does.
struct Found {
    const Router::Route* route = nullptr;
    int status = 404;
    std::string allow;
};

class Connection {
  public:
    Connection(std::shared_ptr<Server::State> server, Stream stream)
        : server_(std::move(server)), stream_(std::move(stream)) {}

    Stream& stream() { return stream_; }
    void close() {
        if (socket_) {
            socket_->close();
        } else {
            stream_.close();
        }
    }

    Async<void> serve() {
        if (!co_await shake_hands()) co_return;
        while (!server_->stopping && co_await one_request()) continue;
        close();
    }

    // Writes one answer and lets the peer read it before the connection ends.
    Async<void> last_answer(Response answer) {
        if (co_await write(std::move(answer), false, false)) co_await drain();
    }

  private:
    Clock& clock() { return server_->env.clock; }
    const ServerOptions& options() const { return server_->options; }

    Async<bool> shake_hands() {
        if (!options().tls) co_return true;
        auto secured = co_await tls_accept(std::move(stream_), *options().tls, options().demand_certificate,
                                           server_->env, options().header_patience);
        if (!secured) {
            server_->log.write(LogLevel::warning, "http.handshake", {{"why", secured.error().code}});
            co_return false;
        }
        stream_ = std::move(*secured);
        co_return !server_->stopping;
    }

    // False when the connection is to end.
    Async<bool> one_request() {
        if (buffer_.size() == 0 && !co_await first_bytes()) co_return false;
        Parser parser;
        parser.header_limit(static_cast<std::uint32_t>(options().max_header_bytes));
        parser.body_limit(options().max_body_bytes);
        if (const auto status = co_await read_header(parser)) co_return co_await give_up(*status);
        Request request;
        if (const auto status = fill_head(parser.get(), request)) {
            co_return co_await give_up(*status, parser.is_done());
        }
        if (const auto status = co_await read_body(parser)) co_return co_await give_up(*status);
        request.body = to_bytes(as_bytes({parser.get().body().data(), parser.get().body().size()}));

        const Found found = find(request);
        const bool upgrade = websocket::is_upgrade(parser.get());
        if (found.route != nullptr && found.route->on_socket && upgrade) {
            co_return co_await serve_socket(*found.route, request, parser);
        }
        const bool keep = parser.get().keep_alive();
        Response answer = co_await answer_for(found, request);
        co_return co_await write(std::move(answer), keep, request.method == Method::head) && keep;
    }

    // Waits for a request to begin.
    Async<bool> first_bytes() {
        const Patience idle{clock(), after(clock(), options().idle_patience), [this] { close(); }};
        auto [error, n] = co_await stream_.async_read_some(buffer_.prepare(4096), as_result);
        buffer_.commit(n);
        co_return !error;
    }

    // A status where it went wrong; 0 is an end without an answer.
    Async<std::optional<int>> read_header(Parser& parser) {
        const Patience limit{clock(), after(clock(), options().header_patience), [this] { close(); }};
        auto [error, n] = co_await http::async_read_header(stream_, buffer_, parser, as_result);
        co_return status_of(error);
    }
    Async<std::optional<int>> read_body(Parser& parser) {
        if (parser.is_done()) co_return std::nullopt;
        const Patience limit{clock(), after(clock(), options().idle_patience), [this] { close(); }};
        if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            (void)co_await asio::async_write(stream_, asio::buffer(go_on), as_result);
        }
        auto [error, n] = co_await http::async_read(stream_, buffer_, parser, as_result);
        co_return status_of(error);
    }
    static std::optional<int> status_of(error_code error) {
        if (!error) return std::nullopt;
        if (error == http::error::body_limit) return 413;
        if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
        if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
        return error.category() == error_code{http::error::bad_method}.category() ? 400 : 0;
    }
    Async<bool> give_up(int status, bool all_read = false) {
        if (status == 0) co_return false;
        Response answer = respond_error(status, {"http.request", {}});
        if (all_read) {
            co_await write(std::move(answer), false, false);
        } else {
            co_await last_answer(std::move(answer));
        }
        co_return false;
    }

    std::optional<int> fill_head(const http::request<Body>& from, Request& to) {
        auto target = parse_target(view(from.target()));
        if (!target) return 400;
        if (from.version() != 11 && from.version() != 10) return 505;
        to.method = method_of(from.method());
        to.path = std::move(target->path);
        to.query = std::move(target->query);
        to.peer = stream_.peer();
        int hosts = 0;
        for (const auto& field : from) {
            to.headers.push_back({lower(view(field.name_string())), std::string{view(field.value())}});
            if (to.headers.back().name == "host") ++hosts;
        }
        if (hosts > 1 || (hosts == 0 && from.version() == 11)) return 400;
        return check_source(to, websocket::is_upgrade(from));
    }
    std::optional<int> check_source(const Request& request, bool upgrade) {
        const std::string_view host = request.header("host").value_or("");
        const auto& own = options().hosts;
        if (!own.empty() && std::find(own.begin(), own.end(), host_without_port(host)) == own.end()) return 421;
        const bool reads = request.method == Method::get || request.method == Method::head;
        if (!options().own_origin_only || (reads && !upgrade)) return std::nullopt;
        if (same_origin(request.header("origin").value_or(""), host)) return std::nullopt;
        return 403;
    }

    Found find(Request& request) {
        Found found;
        std::set<std::string_view> allowed;
        const Method wanted = request.method == Method::head ? Method::get : request.method;
        for (const Router::Route& route : server_->router.routes()) {
            auto parameters = match_path(route.pattern, request.path);
            if (!parameters) continue;
            if (route.method == wanted || route.method == request.method) {
                request.parameters = std::move(*parameters);
                found.route = &route;
                return found;
            }
            found.status = 405;
            if (allowed.insert(name(route.method)).second) {
                found.allow += (found.allow.empty() ? "" : ", ") + std::string{name(route.method)};
            }
        }
        return found;
    }
    static std::string_view name(Method method) {
        switch (method) {
            case Method::get:
                return "GET, HEAD";
            case Method::head:
                return "HEAD";
            case Method::post:
                return "POST";
            case Method::put:
                return "PUT";
            case Method::remove:
                return "DELETE";
            case Method::other:
                break;
        }
        return "OPTIONS";
    }

    Async<Response> answer_for(const Found& found, const Request& request) {
        if (found.route == nullptr) {
            Response nothing =
                respond_error(found.status, {found.status == 404 ? "http.not_found" : "http.method", {}});
            if (!found.allow.empty()) nothing.headers.push_back({"allow", found.allow});
            co_return nothing;
        }
        if (found.route->on_socket) {
            Response upgrade = respond_error(426, {"http.upgrade", {}});
            upgrade.headers.push_back({"upgrade", "websocket"});
            co_return upgrade;
        }
        std::string_view why;
        try {
            co_return co_await found.route->handler(request);
        } catch (const boost::system::system_error& e) {
            if (server_->stopping) throw;
            why = e.code() == asio::error::operation_aborted ? "cancelled" : "system";
        } catch (const std::exception&) {
            why = "exception";
        }
        server_->log.write(LogLevel::error, "http.handler", {{"why", why}});
        co_return respond_error(500, {"http.internal", {}});
    }

    static bool safe(const Header& h) {
        const auto bad = [](std::string_view t) { return t.find_first_of(std::string_view{"\r\n\0", 3}) != t.npos; };
        return !h.name.empty() && !bad(h.name) && !bad(h.value);
    }

    // True when it was written.
    Async<bool> write(Response answer, bool keep, bool head_only) {
        if (!std::all_of(answer.headers.begin(), answer.headers.end(), safe)) {
            server_->log.write(LogLevel::error, "http.header", {});
            answer = respond_error(500, {"http.internal", {}});
        }
        const Patience limit{clock(), after(clock(), options().idle_patience), [this] { close(); }};
        const bool bodiless = answer.status == 304 || answer.status == 204;
        const auto fill = [&](auto& message) {
            message.version(11);
            message.result(static_cast<unsigned>(answer.status));
            for (const Header& h : options().always) message.set(h.name, h.value);
            // A Set-Cookie may come more than once; everything else replaces.
            for (const Header& h : answer.headers) {
                if (h.name == "set-cookie") {
                    message.insert(h.name, h.value);
                } else {
                    message.set(h.name, h.value);
                }
            }
            message.keep_alive(keep);
            if (!bodiless) message.content_length(answer.body.size());
        };
        error_code failed;
        if (head_only || bodiless) {
            http::response<http::empty_body> message;
            fill(message);
            auto [error, n] = co_await http::async_write(stream_, message, as_result);
            failed = error;
        } else {
            http::response<http::span_body<const char>> message;
            const std::string_view text = as_text(answer.body);
            message.body() = {text.data(), text.size()};
            fill(message);
            auto [error, n] = co_await http::async_write(stream_, message, as_result);
            failed = error;
        }
        co_return !failed;
    }

    // Reads what the peer still sends, so that the end does not reach it before the answer does.
    Async<void> drain() {
        const Patience limit{clock(), after(clock(), parting), [this] { close(); }};
        std::array<char, 16384> scrap{};
        for (std::size_t sum = 0; sum < (64UL << 20U);) {
            auto [error, n] = co_await stream_.async_read_some(asio::buffer(scrap), as_result);
            if (error) break;
            sum += n;
        }
    }

    Async<bool> serve_socket(const Router::Route& route, const Request& request, const Parser& parser) {
        if (buffer_.size() != 0) co_return co_await give_up(400);
        if (route.guard) {
            if (auto answer = route.guard(request)) {
                const bool keep = parser.get().keep_alive();
                co_return co_await write(std::move(*answer), keep, false) && keep;
            }
        }
        socket_ = std::make_shared<BeastSocket>(std::move(stream_), clock(), options().max_message_bytes);
        {
            const Patience limit{clock(), after(clock(), options().header_patience), [this] { close(); }};
            auto [error] = co_await socket_->inner().async_accept(parser.get(), as_result);
            if (error) co_return false;
        }
        server_->start(server_, co_await asio::this_coro::executor,
                       [&](Server::State::Task& task) { return watch(socket_, options().idle_patience, task); });
        // Whatever the handler throws, the one who pings must not keep the connection.
        const std::unique_ptr<BeastSocket, void (*)(BeastSocket*)> closed{socket_.get(),
                                                                          [](BeastSocket* s) { s->close(); }};
        co_await route.on_socket(request, socket_);
        co_await socket_->part();
        co_return false;
    }
    static Async<void> watch(std::shared_ptr<BeastSocket> socket, Duration patience, Server::State::Task& task) {
        task.close = [weak = std::weak_ptr(socket)] {
            if (const auto open = weak.lock()) open->close();
        };
        co_await socket->watch(patience);
    }

    std::shared_ptr<Server::State> server_;
    Stream stream_;
    beast::flat_buffer buffer_{128UL << 10U};
    std::shared_ptr<BeastSocket> socket_;
};

// One of the connections that are counted, for as long as it lives.
struct Counted {
    explicit Counted(std::size_t& c) : count(c) { ++count; }
    ~Counted() { --count; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::size_t& count;
};

}  // namespace

Async<void> serve_connection(std::shared_ptr<Server::State> server, Stream stream, Server::State::Task& task) {
    const Counted counted{server->connections};
    const auto connection = std::make_shared<Connection>(server, std::move(stream));
    task.close = [weak = std::weak_ptr(connection)] {
        if (const auto open = weak.lock()) open->close();
    };
    co_await connection->serve();
}

Async<void> turn_away(std::shared_ptr<Server::State> server, Stream stream, Server::State::Task& task) {
    if (server->options.tls) co_return;  // before a handshake there is nothing to say
    const auto connection = std::make_shared<Connection>(server, std::move(stream));
    task.close = [weak = std::weak_ptr(connection)] {
        if (const auto open = weak.lock()) open->close();
    };
    co_await connection->last_answer(respond_error(503, {"http.busy", {}}));
}

}  // namespace paso
