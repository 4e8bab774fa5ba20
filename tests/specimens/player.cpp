// One thread: a frame each tick, and between ticks whatever standard input, the control socket or a signal brings.
#include "tests/specimens/player.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace paso {
namespace {

using SteadyClock = std::chrono::steady_clock;

class Fd {
  public:
    explicit Fd(int fd = -1) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool open() const { return fd_ >= 0; }
    void close() { *this = Fd{}; }

  private:
    int fd_;
};

std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

Fd connect_to(const std::string& path, int flags) {
    const auto address = address_of(path);
    if (!address) return Fd{};
    Fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)};
    if (!fd.open() || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
        return Fd{};
    }
    return fd;
}

Result<Fd> listen_at(const std::string& path) {
    const auto address = address_of(path);
    if (!address) return fail("specimen.control", "path of the control socket is empty or too long");
    Fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail("specimen.control", std::strerror(errno));
    if (!fd.open() || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0 ||
        ::listen(fd.get(), 8) != 0) {
        return fail("specimen.control", std::strerror(errno));
    }
    return fd;
}

// Text that arrives in pieces, as lines of at most 200 characters; a longer one is cut.
class Lines {
  public:
    void add(std::string_view text) {
        for (const char c : text) {
            if (c == '\n') {
                whole_.push_back(std::exchange(part_, {}));
            } else if (part_.size() < 200) {
                part_.push_back(c);
            }
        }
    }
    [[nodiscard]] std::vector<std::string> take() { return std::exchange(whole_, {}); }

  private:
    std::string part_;
    std::vector<std::string> whole_;
};

// The bytes on their way to the camera driver. A frame is sent whole or not begun: a slow driver loses frames.
class Wire {
  public:
    explicit Wire(const PlayerOptions& options) : path_(options.socket), rate_(options.frames_per_second) {}
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] bool busy() const { return sent_ < out_.size(); }

    void send(const Frame& frame, SteadyClock::time_point now) {
        if (!fd_.open() && now >= again_) {
            again_ = now + std::chrono::milliseconds(250);
            fd_ = connect_to(path_, SOCK_NONBLOCK);
            out_.clear();
            sent_ = 0;
            greeted_ = false;
        }
        if (!fd_.open() || busy()) return;
        out_.clear();
        sent_ = 0;
        if (!std::exchange(greeted_, true)) {
            out_ = y4m_header({0, frame.width(), frame.height(), rate_});
        }
        out_ += "FRAME\n";
        out_.append(reinterpret_cast<const char*>(frame.planes().data()), frame.planes().size());
        flush();
    }
    void flush() {
        while (fd_.open() && busy()) {
            const ssize_t n = ::send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
            if (n > 0) {
                sent_ += static_cast<std::size_t>(n);
            } else if (errno == EAGAIN || errno == EINTR) {
                return;
            } else {
                fd_.close();
            }
        }
    }

  private:
    std::string path_;
    double rate_;
    Fd fd_;
    std::string out_;
    std::size_t sent_ = 0;
    bool greeted_ = false;
    SteadyClock::time_point again_{};
};

struct Client {
    Fd fd;
    Lines lines;
};

// Reads what is there; false when the other end is closed.
bool read_lines(int fd, Lines& lines) {
    char buffer[512];
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n > 0) lines.add({buffer, static_cast<std::size_t>(n)});
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

void answer(int fd, const std::string& text) {
    // A reader that does not listen to the answer loses it; the order has been carried out.
    if (!text.empty() && ::send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) return;
}

class Player {
  public:
    Player(Director& director, const PlayerOptions& options, Fd signals, Fd control)
        : director_(director),
          options_(options),
          signals_(std::move(signals)),
          control_(std::move(control)),
          wire_(options) {}
    void run() {
        const auto tick = std::chrono::duration_cast<SteadyClock::duration>(
            std::chrono::duration<double>(1.0 / options_.frames_per_second));
        auto due = SteadyClock::now();
        while (!done_) {
            const auto now = SteadyClock::now();
            if (now >= due) {
                wire_.send(director_.scene().next(), now);
                due = std::max(due + tick, now);  // after a pause no burst
            }
            wait(due);
        }
    }

  private:
    void wait(SteadyClock::time_point due) {
        std::vector<pollfd> watched{{signals_.get(), POLLIN, 0},
                                    {input_open_ ? 0 : -1, POLLIN, 0},
                                    {control_.get(), POLLIN, 0},
                                    {wire_.fd(), static_cast<short>(wire_.busy() ? POLLOUT : 0), 0}};
        for (const Client& c : clients_) watched.push_back({c.fd.get(), POLLIN, 0});
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(due - SteadyClock::now()).count();
        if (::poll(watched.data(), watched.size(), static_cast<int>(std::max<std::int64_t>(0, left + 1))) <= 0) return;
        if (watched[0].revents != 0) done_ = true;
        if (watched[1].revents != 0) from_input();
        for (std::size_t i = clients_.size(); i-- > 0;) {
            if (watched[4 + i].revents != 0) from_client(i);
        }
        if (watched[2].revents != 0) accept_client();
        if (watched[3].revents != 0) wire_.flush();
    }
    void from_input() {
        if (!read_lines(0, input_)) {
            input_open_ = false;
            if (options_.end_with_input) done_ = true;
        }
        for (const std::string& line : input_.take()) {
            const auto said = director_.order(line);
            answer_on_output(said.text);
            if (said.quit) done_ = true;
        }
    }
    void from_client(std::size_t i) {
        const bool more = read_lines(clients_[i].fd.get(), clients_[i].lines);
        for (const std::string& line : clients_[i].lines.take()) {
            const auto said = director_.order(line);
            answer(clients_[i].fd.get(), said.text);
            if (said.quit) done_ = true;
        }
        if (!more) clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    void accept_client() {
        Fd fd{::accept4(control_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
        if (fd.open() && clients_.size() < 16) clients_.push_back({std::move(fd), {}});
    }
    static void answer_on_output(const std::string& text) {
        // Nobody may be reading the output; the order has been carried out all the same.
        if (::write(1, text.data(), text.size()) < 0) return;
    }

    Director& director_;
    const PlayerOptions& options_;
    Fd signals_;
    Fd control_;
    Wire wire_;
    std::vector<Client> clients_;
    Lines input_;
    bool input_open_ = true;
    bool done_ = false;
};

}  // namespace

Status run_player(Director& director, const PlayerOptions& options) {
    sigset_t set;
    sigemptyset(&set);
    for (const int s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, s);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    Fd control;
    if (options.control) {
        auto listening = listen_at(*options.control);
        if (!listening) return fail(listening.error());
        control = std::move(*listening);
    }
    Player player(director, options, Fd{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)}, std::move(control));
    player.run();
    if (options.control) ::unlink(options.control->c_str());
    return {};
}

Result<std::string> tell_player(const std::string& control, std::string_view line) {
    const Fd fd = connect_to(control, 0);
    if (!fd.open()) return fail("specimen.control", "no player listens at " + control);
    const std::string whole = std::string{line} + "\n";
    if (::send(fd.get(), whole.data(), whole.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(whole.size())) {
        return fail("specimen.control", std::strerror(errno));
    }
    ::shutdown(fd.get(), SHUT_WR);
    std::string out;
    char buffer[512];
    for (ssize_t n = 0; (n = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
        out.append(buffer, static_cast<std::size_t>(n));
    return out;
}

}  // namespace paso
