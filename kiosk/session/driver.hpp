// Driver: binds the session to the world: devices over the link, journal, clock, pages. One io_context thread, never
// blocked.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/env/env.hpp"
#include "devices/link/messages.hpp"
#include "kiosk/session/session.hpp"
#include "sync/journal/journal.hpp"
#include "sync/keys/key_ring.hpp"
#include "sync/net/wait.hpp"

namespace paso {

// A running paso-devices: the kiosk's end of the link, and how to end it.
struct DevicesConnection {
    Stream link;
    std::function<void()> kill;
};

struct DriverParts {
    Env env;
    Log& log;
    Journal& journal;
    const KeyRing& keys;
    asio::any_io_executor executor;
    std::function<Result<DevicesConnection>()> start_devices;
    std::function<std::pair<std::vector<Date>, ClockState>()> day;  // the local dates that today may be
    std::function<void()> changed;                                  // something that pages show
    std::string marker;                                             // file that tells of an open session
};

struct DevicesView {
    std::optional<link::DeviceStatus> camera;
    std::optional<link::DeviceStatus> scanner;
    std::optional<link::DeviceStatus> decoder;
    bool running = false;
    int starts = 0;
};

class Driver {
  public:
    Driver(DriverParts parts, SessionSettings settings);

    // Tells of a restart, and of a session that was interrupted by it; then runs until stop(). Three children: clock,
    // devices, outgoing messages.
    Async<void> run();
    void stop();

    void input(const SessionInput& input);
    [[nodiscard]] const Session& session() const { return session_; }
    [[nodiscard]] const DevicesView& devices() const { return devices_; }

  private:
    Async<void> begin();
    Async<void> watch_clock();
    Async<void> keep_devices();
    Async<void> read_link(Stream& stream);
    Async<void> write_link(Stream& stream, const bool& open);
    Async<void> append(InspectionRecord record);
    Async<bool> journal_back();
    Async<bool> note(EventKind kind, StationNote note);
    void apply(const SessionEffect& effect);
    void message(const link::Message& m);
    void status(const link::DeviceStatus& s);
    void mark(bool open);

    DriverParts parts_;
    Session session_;
    DevicesView devices_;
    Health health_;
    link::Watch watch_;
    std::deque<Bytes> outgoing_;
    Signal woken_;  // the session's deadline may have changed
    Signal to_send_;
    std::function<void()> kill_devices_;
    bool stopping_ = false;
    int appends_ = 0;
    Digest pack_{};
};

}  // namespace paso
