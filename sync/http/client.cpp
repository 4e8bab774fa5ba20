// The client. One of the few files that include Beast (see cmake: -O0 under sanitizers).
#include "sync/http/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "sync/http/target.hpp"
#include "sync/net/wait.hpp"

namespace paso {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Body = http::vector_body<char>;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t max_header_bytes = 64U << 10U;

http::verb verb_of(Method method) {
    switch (method) {
        case Method::get:
            return http::verb::get;
        case Method::head:
            return http::verb::head;
        case Method::post:
            return http::verb::post;
        case Method::put:
            return http::verb::put;
        case Method::remove:
            return http::verb::delete_;
        case Method::other:
            break;
    }
    return http::verb::options;
}

bool safe(const Header& h) {
    const auto bad = [](std::string_view t) { return t.find_first_of(std::string_view{"\r\n\0", 3}) != t.npos; };
    return !h.name.empty() && !bad(h.name) && !bad(h.value);
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// What goes wrong between the two ends, and whether a word of the answer had come.
struct Broken {
    Error error;
    bool silent = false;
};

}  // namespace

struct Client::State {
    State(Env& e, Network& n, ClientOptions o) : env(e), network(n), options(std::move(o)) {}
    Env& env;
    Network& network;
    ClientOptions options;
    Stream stream;
    beast::flat_buffer buffer{256UL << 10U};
    bool busy = false;
    std::uint64_t closes = 0;

    void close() {
        ++closes;
        if (stream.open()) stream.close();
    }
    void forget() {
        if (stream.open()) stream.close();
        stream = Stream{};
        buffer.clear();
    }

    Async<Status> connect() {
        const std::uint64_t before = closes;
        auto made = co_await network.connect(options.address, options.connect_patience);
        if (!made) co_return fail(made.error());
        if (options.tls) {
            made = co_await tls_connect(std::move(*made), *options.tls, options.server_name, env,
                                        options.connect_patience);
            if (!made) co_return fail(made.error());
        }
        if (closes != before) co_return fail("net.closed");
        stream = std::move(*made);
        co_return Status{};
    }

    http::request<Body> message(Request& request) const {
        std::string target = encode_path(request.path.empty() ? "/" : request.path);
        if (!request.query.empty()) target += "?" + request.query;
        http::request<Body> out{verb_of(request.method), target, 11};
        std::string_view host = options.server_name;
        if (host.empty()) host = std::string_view{options.address}.substr(options.address.find(':') + 1);
        out.set(http::field::host, host);
        for (const Header& h : request.headers) out.set(h.name, h.value);
        const std::string_view body = as_text(request.body);
        out.body().assign(body.begin(), body.end());
        out.prepare_payload();
        return out;
    }

    static std::string_view code_of(error_code error) {
        if (error == http::error::body_limit || error == http::error::header_limit ||
            error == http::error::buffer_overflow) {
            return "http.too_large";
        }
        if (error == http::error::end_of_stream) return "net.closed";
        return error.category() == error_code{http::error::bad_method}.category() ? "http.protocol" : "net.closed";
    }

    Async<tl::expected<Response, Broken>> exchange(http::request<Body>& out) {
        const Patience limit{env.clock, after(env.clock, options.answer_patience), [this] { stream.close(); }};
        const auto broken = [&](error_code error, bool silent) {
            if (limit.ended()) return tl::unexpected<Broken>({{"http.timeout", {}}, false});
            return tl::unexpected<Broken>({{code_of(error), error.message()}, silent});
        };
        auto [unsent, sent] = co_await http::async_write(stream, out, as_result);
        if (unsent) co_return broken(unsent, true);
        http::response_parser<Body> parser;
        parser.header_limit(max_header_bytes);
        parser.body_limit(options.max_answer_bytes);
        parser.skip(out.method() == http::verb::head);
        auto [error, n] = co_await http::async_read(stream, buffer, parser, as_result);
        if (error) co_return broken(error, !parser.got_some());
        co_return answer_of(parser);
    }

    Response answer_of(http::response_parser<Body>& parser) {
        const bool keep = parser.keep_alive();
        auto in = parser.release();
        Response out{static_cast<int>(in.result_int()), {}, to_bytes(as_bytes({in.body().data(), in.body().size()}))};
        for (const auto& field : in) {
            out.headers.push_back({lower({field.name_string().data(), field.name_string().size()}),
                                   {field.value().data(), field.value().size()}});
        }
        if (!keep) forget();
        return out;
    }

    // On a kept connection that the peer has closed meanwhile, what changes nothing there is asked once more.
    Async<Result<Response>> send(Request request) {
        if (!std::all_of(request.headers.begin(), request.headers.end(), safe)) co_return fail("http.header");
        auto out = message(request);
        const bool harmless = request.method == Method::get || request.method == Method::head;
        for (bool again = false;; again = true) {
            const bool reused = stream.open();
            if (!reused) {
                const auto connected = co_await connect();
                if (!connected) co_return fail(connected.error());
            }
            auto answer = co_await exchange(out);
            if (answer) co_return std::move(*answer);
            forget();
            if (again || !reused || !harmless || !answer.error().silent) co_return fail(answer.error().error);
        }
    }
};

Client::Client(Env& env, Network& network, ClientOptions options)
    : state_(std::make_shared<State>(env, network, std::move(options))) {}

Client::~Client() { close(); }

void Client::close() { state_->close(); }

Async<Result<Response>> Client::send(Request request) {
    const auto state = state_;
    if (std::exchange(state->busy, true)) co_return fail("http.busy");
    struct Free {
        ~Free() { busy = false; }
        bool& busy;
    } const free{state->busy};
    co_return co_await state->send(std::move(request));
}

}  // namespace paso
