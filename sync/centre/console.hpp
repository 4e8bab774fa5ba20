// The supervisors' console: crossings, stations, figures, log check, as views of one page.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/env/env.hpp"
#include "sync/http/logins.hpp"
#include "sync/intake/store.hpp"
#include "sync/projection/log_check.hpp"
#include "sync/projection/projection.hpp"
#include "sync/ui/view_socket.hpp"

namespace paso {

// What every open console page shares; owned by the program.
struct CentreState {
    Env env;
    Store& store;
    Projection projection;
    Changes changes;
    std::vector<Incident> incidents{};
    std::uint64_t read_errors = 0;  // the store could not be read: shown, never hidden
};

// Brings the projection up to the newest stored event.
Async<Status> catch_up(CentreState& state);

struct LogCheckRun {
    WallTime at{};
    std::uint64_t events = 0;
    std::vector<ChainReport> chains;
    std::optional<Error> error;  // the store could not be read
};
// Reads every stored event again and follows each chain.
Async<LogCheckRun> check_log(Env& env, Store& store);

// Views: "crossings", "crossing", "stations", "log". Actions: "show" (value: one of these), "open" (value: crossing
// id), "check_log".
class ConsoleSession final : public PageSession {
  public:
    ConsoleSession(CentreState& state, User user, std::function<bool()> signed_in)
        : state_(state), user_(std::move(user)), signed_in_(std::move(signed_in)) {}
    [[nodiscard]] PageView view() override;
    Async<void> act(std::string action, boost::json::value value) override;
    [[nodiscard]] bool still_allowed() override { return signed_in_(); }

  private:
    CentreState& state_;
    User user_;
    std::function<bool()> signed_in_;
    std::string shown_ = "crossings";
    std::optional<CrossingId> open_;
    std::optional<LogCheckRun> check_;
};

}  // namespace paso
