#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "devices/camera/drivers.hpp"

namespace paso {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    void reset(int fd = -1) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = fd;
    }

  private:
    int fd_;
};

class PipeCamera final : public Camera {
  public:
    PipeCamera(int listener, std::string path, std::function<MonoTime()> now)
        : hub_(std::move(now)), listener_(listener), path_(std::move(path)), thread_([this] { run(); }) {}
    ~PipeCamera() override {
        stop_ = true;
        thread_.join();
        ::unlink(path_.c_str());
        hub_.say(CameraState::stopped, "camera.stopped");
    }
    FrameHub& hub() override { return hub_; }

  private:
    void run() {
        hub_.say(CameraState::unplugged, "camera.no_feeder");
        while (!stop_) {
            std::array<pollfd, 2> waiting{pollfd{listener_.get(), POLLIN, 0}, pollfd{feeder_.get(), POLLIN, 0}};
            const nfds_t count = feeder_.get() >= 0 ? 2 : 1;
            const int ready = ::poll(waiting.data(), count, 100);
            if (ready > 0 && (waiting[0].revents & POLLIN) != 0)
                accept();
            else if (ready > 0 && count == 2 && waiting[1].revents != 0)
                read();
            watch();
        }
    }

    void accept() {
        const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        feeder_.reset(fd);  // the newest feeder is the camera
        reader_ = std::make_unique<StreamReader>(hub_);
        connected_ = hub_.now();
        hub_.say(CameraState::starting, "camera.waiting_for_picture");
    }

    void read() {
        const ssize_t n = ::read(feeder_.get(), bytes_.data(), bytes_.size());
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n > 0 && reader_->push(ByteView{bytes_.data(), static_cast<std::size_t>(n)})) return;
        const bool gone = n <= 0;
        feeder_.reset();
        reader_.reset();
        if (gone) hub_.say(CameraState::unplugged, "camera.feeder_gone");
    }

    void watch() {
        const CameraStatus s = hub_.status();
        if (feeder_.get() < 0 || (s.state != CameraState::live && s.state != CameraState::starting)) return;
        const MonoTime since = s.newest < connected_ ? connected_ : s.newest;
        if (hub_.now() - since > camera_patience) hub_.say(CameraState::stalled, "camera.no_frame");
    }

    FrameHub hub_;
    Descriptor listener_;
    Descriptor feeder_;
    std::string path_;
    std::unique_ptr<StreamReader> reader_;
    MonoTime connected_{};
    std::vector<std::byte> bytes_ = std::vector<std::byte>(1UL << 20U);
    std::atomic<bool> stop_ = false;
    std::thread thread_;  // last: it uses all the others
};

}  // namespace

Result<std::unique_ptr<Camera>> make_pipe_camera(const CameraConfig& config, std::function<MonoTime()> now) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (config.path.empty() || config.path.size() >= sizeof address.sun_path) {
        return fail("camera.path", "the path of a socket has 1 to 107 characters");
    }
    std::memcpy(address.sun_path, config.path.c_str(), config.path.size() + 1);
    ::unlink(config.path.c_str());  // of a run before this one: the camera of a kiosk has one owner
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return fail("camera.path", std::strerror(errno));
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd, 4) != 0) {
        const int error = errno;
        ::close(fd);
        return fail("camera.path", config.path + ": " + std::strerror(error));
    }
    return std::make_unique<PipeCamera>(fd, config.path, std::move(now));
}

}  // namespace paso
