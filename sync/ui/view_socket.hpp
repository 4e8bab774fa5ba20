// The server's side of the page protocol: one view a state, `{state, revision, model, actions}`; the page answers
// `{revision, action, value}`, and an answer to a stale revision is ignored.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/env/env.hpp"
#include "sync/http/server.hpp"
#include "sync/net/wait.hpp"

namespace paso {

// Wakes every open page when what it shows may have changed.
class Changes {
  public:
    explicit Changes(asio::any_io_executor executor) : executor_(std::move(executor)) {}
    void notify();
    // One for each page that is open; ends with it.
    [[nodiscard]] std::shared_ptr<Signal> listen();

  private:
    asio::any_io_executor executor_;
    std::vector<std::weak_ptr<Signal>> listeners_;
};

struct PageView {
    std::string state;
    boost::json::object model;
    std::vector<std::string> actions;
};

// One open page. view() is asked again after each change and each action; act() does what the page asked for.
class PageSession {
  public:
    virtual ~PageSession() = default;
    [[nodiscard]] virtual PageView view() = 0;
    virtual Async<void> act(std::string action, boost::json::value value) = 0;
    // False ends the connection: signed out, session over.
    [[nodiscard]] virtual bool still_allowed() { return true; }
};

// Serves one page until its socket closes. A view is sent only when it differs from the last one; it is looked at
// again at least once in `refresh`.
Async<void> serve_page(Env& env, std::shared_ptr<WebSocket> socket, std::shared_ptr<PageSession> session,
                       Changes& changes, Duration refresh);

// What a page sent. Errors: "page.message" when it is not such an object.
struct PageAnswer {
    std::uint64_t revision = 0;
    std::string action;
    boost::json::value value;
};
[[nodiscard]] Result<PageAnswer> parse_answer(std::string_view text);

}  // namespace paso
