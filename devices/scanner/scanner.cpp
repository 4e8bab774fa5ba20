#include "devices/scanner/scanner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "devices/scanner/hid_reports.hpp"

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
    if (good && config.line == ScannerLine::hid) return fd;
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

}  // namespace

SerialScanner::SerialScanner(ScannerConfig config, std::function<MonoTime()> now,
                             std::function<void(BarcodeReading)> seen)
    : config_(std::move(config)), now_(std::move(now)), seen_(std::move(seen)), thread_([this] { run(); }) {}

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
        config_.line == ScannerLine::hid ? read_reports(fd) : read_line(fd);
        ::close(fd);
    }
}

// Until the line goes or it is time to stop. What was half sent when it went is no payload.
void SerialScanner::read_line(int fd) {
    Framer framer(config_.aim_prefix, config_.gap);
    std::array<std::byte, 1024> bytes{};
    while (!stop_) {
        pollfd p{fd, POLLIN, 0};
        const int ready = ::poll(&p, 1, poll_ms);
        if (ready > 0) {
            const ssize_t n = ::read(fd, bytes.data(), bytes.size());
            const bool gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
            if (gone) return say(ScannerState::unplugged, "scanner.unplugged");
            if (n > 0) deliver(framer.push(ByteView{bytes.data(), static_cast<std::size_t>(n)}, now_()));
        }
        deliver(framer.tick(now_()));
        const std::scoped_lock lock(mutex_);
        status_.dropped = framer.dropped();
    }
}

// As read_line; each read gives one whole report.
void SerialScanner::read_reports(int fd) {
    HidReports reports;
    std::array<std::byte, hid_report_size> bytes{};
    while (!stop_) {
        pollfd p{fd, POLLIN, 0};
        if (::poll(&p, 1, poll_ms) <= 0) continue;
        const ssize_t n = ::read(fd, bytes.data(), bytes.size());
        const bool gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
        if (gone) return say(ScannerState::unplugged, "scanner.unplugged");
        if (n < 0) continue;
        if (auto r = reports.push(ByteView{bytes.data(), static_cast<std::size_t>(n)}, now_()))
            deliver({std::move(*r)});
        const std::scoped_lock lock(mutex_);
        status_.dropped = reports.dropped();
    }
}

}  // namespace paso
