#include "kiosk/session/driver.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "sync/net/start.hpp"

namespace paso {
namespace {

constexpr Duration first_pause = std::chrono::milliseconds{300};  // before paso-devices is started again
constexpr Duration longest_pause = std::chrono::seconds{10};
constexpr Duration settled = std::chrono::seconds{20};  // a run this long starts the pauses anew
constexpr Duration journal_retry = std::chrono::seconds{20};

}  // namespace

Driver::Driver(DriverParts parts, SessionSettings settings)
    : parts_(std::move(parts)),
      session_(std::move(settings), parts_.env.entropy),
      woken_(parts_.executor),
      to_send_(parts_.executor) {
    if (session_.settings().pack) pack_ = session_.settings().pack->identity().hash;
    health_.devices = false;
}

Async<void> Driver::run() {
    using namespace asio::experimental::awaitable_operators;
    co_await begin();
    co_await (watch_clock() && keep_devices());
    while (appends_ > 0) co_await woken_.wait(parts_.env.clock, after(parts_.env.clock, std::chrono::seconds{1}));
}

void Driver::stop() {
    stopping_ = true;
    if (kill_devices_) kill_devices_();
    woken_.notify();
    to_send_.notify();
}

// The first events of a run: that the station started, and that a session was cut off by what stopped it.
Async<void> Driver::begin() {
    const auto marker = parts_.env.files.read(parts_.marker, 16);
    const bool interrupted = marker && as_text(*marker).starts_with("open");
    bool stored = co_await note(EventKind::restart, {"station.started", PASO_VERSION});
    if (stored && interrupted) stored = co_await note(EventKind::incident, {"session.interrupted", ""});
    if (stored) mark(false);
    health_.journal = stored && !parts_.journal.on_ballast();
    input(health_);
}

Async<bool> Driver::note(EventKind kind, StationNote note) {
    const auto done =
        co_await parts_.journal.append({kind, std::nullopt, pack_, parts_.keys.seal_body(encode_note(note))});
    if (!done) parts_.log.write(LogLevel::error, done.error().code, {});
    co_return done.has_value();
}

void Driver::input(const SessionInput& in) {
    auto [today, clock] = parts_.day();
    session_.set_day(std::move(today), clock, parts_.env.clock.wall());
    for (const SessionEffect& effect : session_.handle(in, parts_.env.clock.mono())) apply(effect);
    parts_.changed();
    woken_.notify();
}

void Driver::apply(const SessionEffect& effect) {
    if (const auto* watch = std::get_if<link::Watch>(&effect)) {
        watch_ = *watch;
        outgoing_.push_back(link::encode(watch_));
        to_send_.notify();
    } else if (const auto* inspection = std::get_if<AppendInspection>(&effect)) {
        ++appends_;
        start(parts_.executor, append(inspection->record));
    } else if (const auto* open = std::get_if<MarkOpen>(&effect)) {
        mark(open->open);
    }
}

void Driver::mark(bool open) {
    const Status s = parts_.env.files.replace(parts_.marker, as_bytes(open ? "open\n" : "none\n"), false);
    if (!s) parts_.log.write(LogLevel::warning, s.error().code, {});
}

// The screen says done only after this resumed: the event is on disk.
Async<void> Driver::append(InspectionRecord record) {
    const CrossingId id = record.inspection.crossing;
    const auto done = co_await parts_.journal.append(
        {EventKind::inspection, id, pack_, parts_.keys.seal_body(encode_inspection(record))});
    --appends_;
    if (!done) parts_.log.write(LogLevel::error, done.error().code, {});
    // On ballast this event is safe, but there is no room for the next traveller's.
    const bool ballast = parts_.journal.on_ballast();
    if (ballast) parts_.log.write(LogLevel::error, "journal.ballast", {});
    if (!done || ballast) health_.journal = false;
    input(Stored{done.has_value()});
    if (ballast) input(health_);
}

// Whether the journal takes events again.
Async<bool> Driver::journal_back() {
    if (parts_.journal.on_ballast()) {
        const auto regained = co_await parts_.journal.regain_ballast();
        if (!regained) parts_.log.write(LogLevel::error, regained.error().code, {});
        if (!regained || !*regained) co_return false;
    }
    co_return co_await note(EventKind::incident, {"journal.back", ""});
}

Async<void> Driver::watch_clock() {
    MonoTime tried = parts_.env.clock.mono();
    while (!stopping_) {
        co_await woken_.wait(parts_.env.clock, session_.deadline());
        if (stopping_) break;
        const MonoTime now = parts_.env.clock.mono();
        if (now >= session_.deadline() || session_.state() == SessionState::idle) {
            auto [today, clock] = parts_.day();
            session_.set_day(std::move(today), clock, parts_.env.clock.wall());
            for (const SessionEffect& effect : session_.handle(TimePassed{}, now)) apply(effect);
            parts_.changed();
        }
        if (!health_.journal && now - tried > journal_retry) {
            tried = now;
            health_.journal = co_await journal_back();
            if (health_.journal) input(health_);
        }
        // The session wakes us at each input; without one this is at most once a second.
        co_await wait_for(parts_.env.clock, std::chrono::milliseconds{100});
    }
}

Async<void> Driver::keep_devices() {
    using namespace asio::experimental::awaitable_operators;
    Duration pause = first_pause;
    while (!stopping_) {
        auto started = parts_.start_devices();
        if (started) {
            ++devices_.starts;
            devices_.running = true;
            kill_devices_ = started->kill;
            const MonoTime since = parts_.env.clock.mono();
            outgoing_.clear();
            outgoing_.push_back(link::encode(watch_));
            health_.devices = true;
            input(health_);
            bool open = true;
            co_await (read_link(started->link) || write_link(started->link, open));
            open = false;
            started->link.close();
            started->kill();
            kill_devices_ = nullptr;
            devices_ = {.starts = devices_.starts};
            health_.devices = false;
            if (parts_.env.clock.mono() - since > settled) pause = first_pause;
        } else {
            parts_.log.write(LogLevel::error, started.error().code, {});
        }
        if (stopping_) break;
        parts_.log.write(LogLevel::warning, "devices.gone", {{"starts", std::int64_t{devices_.starts}}});
        input(health_);
        co_await wait_for(parts_.env.clock, pause);
        pause = std::min(pause * 2, longest_pause);
    }
}

Async<void> Driver::read_link(Stream& stream) {
    link::Deframer deframer;
    std::vector<std::byte> buffer(64UL << 10U);
    for (;;) {
        boost::system::error_code error;
        const std::size_t n =
            co_await stream.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
        if (error || n == 0) co_return;
        if (!deframer.push(ByteView{buffer.data(), n})) co_return;
        while (const auto payload = deframer.next()) {
            const auto m = link::decode(*payload);
            if (!m) {
                parts_.log.write(LogLevel::error, m.error().code, {});
                co_return;  // it is started again
            }
            message(*m);
        }
    }
}

Async<void> Driver::write_link(Stream& stream, const bool& open) {
    while (open && !stopping_) {
        if (outgoing_.empty()) {
            co_await to_send_.wait(parts_.env.clock, never);
            continue;
        }
        const Bytes bytes = std::move(outgoing_.front());
        outgoing_.pop_front();
        boost::system::error_code error;
        co_await asio::async_write(stream, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
    }
}

void Driver::status(const link::DeviceStatus& s) {
    switch (s.kind) {
        case link::DeviceKind::camera:
            devices_.camera = s;
            return;
        case link::DeviceKind::scanner:
            devices_.scanner = s;
            return;
        case link::DeviceKind::decoder:
            const std::uint64_t before = devices_.decoder ? devices_.decoder->dropped : 0;
            if (s.dropped > before) {
                parts_.log.write(LogLevel::warning, "decoder.lost", {{"frames", static_cast<std::int64_t>(s.dropped)}});
            }
            devices_.decoder = s;
            return;
    }
}

void Driver::message(const link::Message& m) {
    if (const auto* hello = std::get_if<link::Hello>(&m)) {
        if (hello->version != link::link_version) parts_.log.write(LogLevel::error, "link.version", {});
    } else if (const auto* told = std::get_if<link::DeviceStatus>(&m)) {
        status(*told);
        parts_.changed();
    } else if (const auto* mrz = std::get_if<link::MrzSeen>(&m)) {
        input(*mrz);
    } else if (const auto* barcode = std::get_if<link::BarcodeSeen>(&m)) {
        input(*barcode);
    } else if (const auto* glass = std::get_if<link::GlassSeen>(&m)) {
        input(*glass);
    } else if (const auto* sight = std::get_if<link::SightSeen>(&m)) {
        input(*sight);
    } else if (const auto* symbol = std::get_if<link::SymbolSightSeen>(&m)) {
        input(*symbol);
    }
}

}  // namespace paso
