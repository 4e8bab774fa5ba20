#include "devices/scanner/scanner.hpp"

#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "devices/scanner/hid_reports.hpp"
#include "devices/scanner/ssi.hpp"
#include "devices/scanner/wedge.hpp"

namespace paso {
namespace {

constexpr int poll_ms = 10;
constexpr std::chrono::milliseconds look_again{500};

// The line, raw and ours alone; -1 where it cannot be had.
int open_line(const ScannerConfig& config) {
    const int fd = ::open(config.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -1;
    termios line{};
    bool good = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
    const bool serial = config.line == ScannerLine::serial || config.line == ScannerLine::ssi;
    if (good && !serial) return fd;
    good = good && ::tcgetattr(fd, &line) == 0;
    if (good) {
        ::cfmakeraw(&line);
        line.c_cflag |= CLOCAL | CREAD;
        line.c_cc[VMIN] = 0;
        line.c_cc[VTIME] = 0;
        good = ::tcsetattr(fd, TCSANOW, &line) == 0;
    }
    if (good) (void)::ioctl(fd, TIOCEXCL);  // not every line has it; the lock holds either way
    if (good) return fd;
    ::close(fd);
    return -1;
}

// All of it, within the time that a scanner waits for an answer.
void write_all(int fd, ByteView bytes) {
    constexpr int patience_ms = 1000;
    while (!bytes.empty()) {
        pollfd p{fd, POLLOUT, 0};
        if (::poll(&p, 1, patience_ms) <= 0) return;  // the scanner will send again
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno != EAGAIN && errno != EINTR) return;
        if (n > 0) bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

}  // namespace

bool grab_keyboard(int fd) { return ::ioctl(fd, EVIOCGRAB, 1) == 0; }

SerialScanner::SerialScanner(ScannerConfig config, std::function<MonoTime()> now,
                             std::function<void(BarcodeReading)> seen, GrabKeyboard grab)
    : config_(std::move(config)), now_(std::move(now)), seen_(std::move(seen)), grab_(std::move(grab)), thread_([this] {
          run();
      }) {}

SerialScanner::~SerialScanner() {
    stop_ = true;
    thread_.join();
}

ScannerStatus SerialScanner::status() const {
    const std::scoped_lock lock(mutex_);
    return status_;
}

void SerialScanner::say(ScannerState state, std::string_view reason) {
    const std::scoped_lock lock(mutex_);
    status_.state = state;
    status_.reason = reason;
}

void SerialScanner::deliver(const std::vector<BarcodeReading>& readings) {
    for (const BarcodeReading& r : readings) {
        {
            const std::scoped_lock lock(mutex_);
            ++status_.scans;
            status_.newest = r.captured;
        }
        seen_(r);
    }
}

void SerialScanner::run() {
    while (!stop_) {
        const int fd = open_line(config_);
        if (fd < 0) {
            say(ScannerState::unplugged, "scanner.not_there");
            for (int i = 0; i < look_again / std::chrono::milliseconds{poll_ms} && !stop_; ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds{poll_ms});
            }
            continue;
        }
        say(ScannerState::live, "");
        switch (config_.line) {
            case ScannerLine::serial:
                read_line(fd);
                break;
            case ScannerLine::hid:
                read_reports(fd);
                break;
            case ScannerLine::ssi:
                read_packets(fd);
                break;
            case ScannerLine::wedge:
                read_keys(fd);
                break;
        }
        ::close(fd);
    }
}

std::optional<ByteView> SerialScanner::next(int fd, std::span<std::byte> buffer) {
    pollfd p{fd, POLLIN, 0};
    if (::poll(&p, 1, poll_ms) <= 0) return ByteView{};
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n > 0) return buffer.first(static_cast<std::size_t>(n));
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return ByteView{};
    say(ScannerState::unplugged, "scanner.unplugged");
    return std::nullopt;
}

void SerialScanner::count_dropped(std::uint64_t dropped) {
    const std::scoped_lock lock(mutex_);
    status_.dropped = dropped;
}

// Until the line goes or it is time to stop. What was half sent when it went is no payload.
void SerialScanner::read_line(int fd) {
    Framer framer(config_.aim_prefix, config_.gap);
    std::array<std::byte, 1024> buffer{};
    while (!stop_) {
        const auto bytes = next(fd, buffer);
        if (!bytes) return;
        if (!bytes->empty()) deliver(framer.push(*bytes, now_()));
        deliver(framer.tick(now_()));
        count_dropped(framer.dropped());
    }
}

// As read_line; each read gives one whole report.
void SerialScanner::read_reports(int fd) {
    HidReports reports;
    std::array<std::byte, hid_report_size> buffer{};
    while (!stop_) {
        const auto bytes = next(fd, buffer);
        if (!bytes) return;
        if (bytes->empty()) continue;
        if (auto r = reports.push(*bytes, now_())) deliver({std::move(*r)});
        count_dropped(reports.dropped());
    }
}

// As read_line; each packet is answered before its payload goes on.
void SerialScanner::read_packets(int fd) {
    SsiLink packets(config_.aim_prefix);
    std::array<std::byte, 1024> buffer{};
    while (!stop_) {
        const auto bytes = next(fd, buffer);
        if (!bytes) return;
        const SsiStep step = packets.push(*bytes, now_());
        write_all(fd, step.answer);
        deliver(step.readings);
        count_dropped(packets.dropped());
    }
}

// As read_line; a read gives whole events.
void SerialScanner::read_keys(int fd) {
    if (!grab_(fd)) {
        say(ScannerState::unplugged, "scanner.not_ours");
        for (int i = 0; i < look_again / std::chrono::milliseconds{poll_ms} && !stop_; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{poll_ms});
        return;
    }
    WedgeKeys keys(config_.gap);
    std::array<std::byte, 64 * sizeof(input_event)> buffer{};
    while (!stop_) {
        const auto bytes = next(fd, buffer);
        if (!bytes) return;
        for (std::size_t i = 0; i + sizeof(input_event) <= bytes->size(); i += sizeof(input_event)) {
            input_event e{};
            std::memcpy(&e, bytes->data() + i, sizeof e);
            if (auto r = keys.push(e.type, e.code, e.value, now_())) deliver({std::move(*r)});
        }
        count_dropped(keys.dropped());
    }
}

}  // namespace paso
