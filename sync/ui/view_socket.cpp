#include "sync/ui/view_socket.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>

namespace paso {
namespace {

// What reader and writer of one page share.
struct Page {
    Env& env;
    std::shared_ptr<WebSocket> socket;
    std::shared_ptr<PageSession> session;
    std::shared_ptr<Signal> changed;
    std::uint64_t revision = 0;
    std::string shown{};       // state, model and actions of the last view that was sent
    std::string answerable{};  // its state and actions alone
    bool over = false;
};

// Sends the view when it is new. The revision counts states and sets of actions: an answer to an older one is stale,
// while a hint that changes under a finger does not make the touch stale.
Async<bool> show(Page& page) {
    PageView view = page.session->view();
    boost::json::object message{{"state", view.state}, {"model", std::move(view.model)}};
    message["actions"] = boost::json::array(view.actions.begin(), view.actions.end());
    std::string text = boost::json::serialize(message);
    if (text == page.shown) co_return true;
    page.shown = std::move(text);
    std::string answerable = boost::json::serialize(boost::json::array{message["state"], message["actions"]});
    if (answerable != page.answerable) ++page.revision;
    page.answerable = std::move(answerable);
    message["revision"] = page.revision;
    const std::string whole = boost::json::serialize(message);
    const auto written = co_await page.socket->write(true, as_bytes(whole));
    co_return written.has_value();
}

Async<void> writer(Page& page, Duration refresh) {
    while (!page.over && page.session->still_allowed()) {
        const bool written = co_await show(page);
        if (!written) break;
        co_await page.changed->wait(page.env.clock, page.env.clock.mono() + refresh);
    }
    page.over = true;
    page.socket->close();
}

Async<void> reader(Page& page) {
    while (!page.over) {
        auto message = co_await page.socket->read();
        if (!message) break;
        auto answer = parse_answer(as_text(message->data));
        if (!answer) break;  // not one of our pages
        if (answer->revision != page.revision || !page.session->still_allowed()) continue;
        co_await page.session->act(std::move(answer->action), std::move(answer->value));
        page.changed->notify();
    }
    page.over = true;
    page.changed->notify();
}

}  // namespace

void Changes::notify() {
    std::erase_if(listeners_, [](const std::weak_ptr<Signal>& l) { return l.expired(); });
    for (const auto& listener : listeners_) {
        if (const auto signal = listener.lock()) signal->notify();
    }
}

std::shared_ptr<Signal> Changes::listen() {
    auto signal = std::make_shared<Signal>(executor_);
    listeners_.push_back(signal);
    return signal;
}

Async<void> serve_page(Env& env, std::shared_ptr<WebSocket> socket, std::shared_ptr<PageSession> session,
                       Changes& changes, Duration refresh) {
    using namespace asio::experimental::awaitable_operators;
    Page page{env, std::move(socket), std::move(session), changes.listen()};
    co_await (reader(page) && writer(page, refresh));
}

Result<PageAnswer> parse_answer(std::string_view text) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse({text.data(), text.size()}, error);
    if (error || !value.is_object()) return fail("page.message", "not a JSON object");
    const auto& object = value.as_object();
    const auto* revision = object.if_contains("revision");
    const auto* action = object.if_contains("action");
    if (revision == nullptr || action == nullptr || !action->is_string()) {
        return fail("page.message", "revision or action is missing");
    }
    const auto number = boost::json::value_to<std::int64_t>(revision->is_int64() ? *revision : boost::json::value(-1));
    if (number < 0) return fail("page.message", "revision is not a number");
    PageAnswer answer;
    answer.revision = static_cast<std::uint64_t>(number);
    answer.action = std::string{action->as_string()};
    if (const auto* v = object.if_contains("value")) answer.value = *v;
    return answer;
}

}  // namespace paso
