#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "devices/camera/drivers.hpp"
#include "devices/picture/picture.hpp"

namespace paso {
namespace {

constexpr unsigned buffer_count = 4;
constexpr int poll_ms = 100;
constexpr int look_again_ms = 500;

struct Mapped {
    void* memory = nullptr;
    std::size_t length = 0;
};

// YUYV to planes: luma of every pixel, chroma of every second row.
void planes_from_yuyv(const std::uint8_t* from, std::size_t stride, int width, int height,
                      std::vector<std::uint8_t>& to) {
    const auto w = static_cast<std::size_t>(width);
    const auto h = static_cast<std::size_t>(height);
    const std::size_t cw = (w + 1) / 2;
    std::uint8_t* cb = to.data() + w * h;
    std::uint8_t* cr = cb + cw * ((h + 1) / 2);
    for (std::size_t y = 0; y < h; ++y) {
        const std::uint8_t* row = from + y * stride;
        for (std::size_t x = 0; x < w; ++x) to[y * w + x] = row[2 * x];
        if (y % 2 != 0) continue;
        for (std::size_t x = 0; x < cw; ++x) {
            cb[y / 2 * cw + x] = row[4 * x + 1];
            cr[y / 2 * cw + x] = row[4 * x + 3];
        }
    }
}

// One connected device: from open to close. Every failure ends it with a reason; the camera then looks for it again.
class Session {
  public:
    Session(const CameraConfig& config, const V4l2Sys& sys, FrameHub& hub) : config_(config), sys_(sys), hub_(hub) {}
    ~Session() {
        if (streaming_) {
            int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
            (void)sys_.ioctl(fd_, VIDIOC_STREAMOFF, &type);
        }
        for (const Mapped& m : buffers_) sys_.unmap(m.memory, m.length);
        if (fd_ >= 0) (void)sys_.close(fd_);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // True when pictures may be taken; else the state was said.
    bool start() {
        const auto opened = sys_.open(config_.path.c_str());
        if (opened.value < 0) {
            hub_.say(CameraState::unplugged, opened.error == EACCES ? "camera.not_allowed" : "camera.not_there");
            return false;
        }
        fd_ = opened.value;
        if (!capable() || !choose_format() || !map_buffers()) return false;
        set_controls();
        int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        if (!call(VIDIOC_STREAMON, &type)) return lost("camera.no_stream");
        streaming_ = true;
        hub_.say(CameraState::starting, "camera.waiting_for_picture");
        since_ = hub_.now();
        return true;
    }

    // Takes pictures until the device goes or `stop`.
    void run(const std::atomic<bool>& stop) {
        while (!stop) {
            const auto ready = sys_.poll(fd_, poll_ms);
            if (ready.value < 0 && ready.error != EINTR) return (void)lost("camera.unplugged");
            if (ready.value > 0 && !take()) return;
            const CameraStatus s = hub_.status();
            const MonoTime last = std::max(s.newest, since_);
            const bool waiting = s.state == CameraState::live || s.state == CameraState::starting;
            if (waiting && hub_.now() - last > camera_patience) hub_.say(CameraState::stalled, "camera.no_frame");
        }
    }

  private:
    bool call(unsigned long request, void* argument) {
        auto answer = sys_.ioctl(fd_, request, argument);
        for (int tries = 0; answer.value < 0 && answer.error == EINTR && tries < 10; ++tries)
            answer = sys_.ioctl(fd_, request, argument);
        error_ = answer.value < 0 ? answer.error : 0;
        return answer.value >= 0;
    }
    bool lost(std::string_view reason) {
        hub_.say(CameraState::unplugged, reason);
        return false;
    }

    bool capable() {
        v4l2_capability c{};
        if (!call(VIDIOC_QUERYCAP, &c)) return lost("camera.no_camera");
        const auto caps = (c.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? c.device_caps : c.capabilities;
        constexpr auto needed = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        return (caps & needed) == needed || lost("camera.no_camera");
    }

    // MJPEG first, for USB carries little else at full size; then YUYV. The device may give another size.
    bool choose_format() {
        for (const std::uint32_t format : {V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_YUYV}) {
            v4l2_format f{};
            f.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
            f.fmt.pix.width = static_cast<std::uint32_t>(config_.width);
            f.fmt.pix.height = static_cast<std::uint32_t>(config_.height);
            f.fmt.pix.pixelformat = format;
            f.fmt.pix.field = V4L2_FIELD_ANY;
            if (!call(VIDIOC_S_FMT, &f) || f.fmt.pix.pixelformat != format) continue;
            format_ = format;
            width_ = static_cast<int>(f.fmt.pix.width);
            height_ = static_cast<int>(f.fmt.pix.height);
            stride_ = std::max<std::size_t>(f.fmt.pix.bytesperline, std::size_t{2} * f.fmt.pix.width);
            if (width_ < 16 || height_ < 16 || width_ > 8192 || height_ > 8192) continue;
            set_rate();
            return true;
        }
        return lost("camera.no_format");
    }

    void set_rate() {
        v4l2_streamparm p{};
        p.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        p.parm.capture.timeperframe = {1, static_cast<std::uint32_t>(std::max(1, config_.rate))};
        (void)call(VIDIOC_S_PARM, &p);  // a wish: the device's own rate is as good
    }

    bool map_buffers() {
        v4l2_requestbuffers r{};
        r.count = buffer_count;
        r.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        r.memory = V4L2_MEMORY_MMAP;
        if (!call(VIDIOC_REQBUFS, &r) || r.count < 2) return lost("camera.no_buffers");
        for (std::uint32_t i = 0; i < r.count; ++i) {
            v4l2_buffer b = buffer(i);
            if (!call(VIDIOC_QUERYBUF, &b)) return lost("camera.no_buffers");
            void* memory = sys_.map(fd_, b.length, b.m.offset);
            if (memory == nullptr) return lost("camera.no_buffers");
            buffers_.push_back({memory, b.length});
            if (!call(VIDIOC_QBUF, &b)) return lost("camera.no_buffers");
        }
        return true;
    }

    static v4l2_buffer buffer(std::uint32_t index) {
        v4l2_buffer b{};
        b.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        b.memory = V4L2_MEMORY_MMAP;
        b.index = index;
        return b;
    }

    // Exposure and focus: automatic, or a value within the range that the device names. Devices without one are left
    // alone.
    void set_controls() {
        control(V4L2_CID_EXPOSURE_AUTO, config_.exposure < 0 ? V4L2_EXPOSURE_APERTURE_PRIORITY : V4L2_EXPOSURE_MANUAL);
        if (config_.exposure >= 0) control(V4L2_CID_EXPOSURE_ABSOLUTE, config_.exposure);
        control(V4L2_CID_FOCUS_AUTO, config_.focus < 0 ? 1 : 0);
        if (config_.focus >= 0) control(V4L2_CID_FOCUS_ABSOLUTE, config_.focus);
    }
    void control(std::uint32_t id, int value) {
        v4l2_queryctrl q{};
        q.id = id;
        if (!call(VIDIOC_QUERYCTRL, &q) || (q.flags & V4L2_CTRL_FLAG_DISABLED) != 0) return;
        v4l2_control c{};
        c.id = id;
        c.value = std::clamp(value, q.minimum, std::max(q.minimum, q.maximum));
        (void)call(VIDIOC_S_CTRL, &c);
    }

    // One picture off the queue; false when the device is gone.
    bool take() {
        v4l2_buffer b = buffer(0);
        if (!call(VIDIOC_DQBUF, &b)) return error_ == EAGAIN || error_ == EIO || lost("camera.unplugged");
        const bool damaged = (b.flags & V4L2_BUF_FLAG_ERROR) != 0 || b.index >= buffers_.size();
        if (damaged || !show(buffers_[b.index], b.bytesused)) hub_.say(CameraState::garbage, "camera.damaged_picture");
        return b.index >= buffers_.size() || call(VIDIOC_QBUF, &b) || lost("camera.unplugged");
    }

    bool show(const Mapped& mapped, std::size_t used) {
        used = std::min(used, mapped.length);
        if (format_ == V4L2_PIX_FMT_MJPEG) {
            const auto frame =
                decode_picture({static_cast<const std::byte*>(mapped.memory), used}, {.max_side = 8192}, {}, 0);
            if (frame) hub_.put(*frame);
            return frame.has_value();
        }
        if (used < stride_ * static_cast<std::size_t>(height_)) return false;
        auto pixels = hub_.buffer(Frame::bytes_needed(width_, height_, true));
        planes_from_yuyv(static_cast<const std::uint8_t*>(mapped.memory), stride_, width_, height_, *pixels);
        hub_.put(width_, height_, true, std::move(pixels));
        return true;
    }

    const CameraConfig& config_;
    const V4l2Sys& sys_;
    FrameHub& hub_;
    int fd_ = -1;
    int error_ = 0;
    bool streaming_ = false;
    std::uint32_t format_ = 0;
    int width_ = 0;
    int height_ = 0;
    std::size_t stride_ = 0;
    MonoTime since_{};
    std::vector<Mapped> buffers_;
};

class V4l2Camera final : public Camera {
  public:
    V4l2Camera(CameraConfig config, std::function<MonoTime()> now, V4l2Sys sys)
        : config_(std::move(config)), sys_(std::move(sys)), hub_(std::move(now)), thread_([this] { run(); }) {}
    ~V4l2Camera() override {
        stop_ = true;
        thread_.join();
    }
    FrameHub& hub() override { return hub_; }

  private:
    void run() {
        while (!stop_) {
            {
                Session session(config_, sys_, hub_);
                if (session.start()) session.run(stop_);
            }
            if (!stop_) sys_.pause(look_again_ms);
        }
        hub_.say(CameraState::stopped, "camera.stopped");
    }

    CameraConfig config_;
    V4l2Sys sys_;
    FrameHub hub_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;  // last: it uses all the others
};

V4l2Sys::Answer answer(int value) { return {value, value < 0 ? errno : 0}; }

}  // namespace

V4l2Sys real_v4l2() {
    V4l2Sys sys;
    sys.open = [](const char* path) { return answer(::open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)); };
    sys.close = [](int fd) { return answer(::close(fd)); };
    sys.ioctl = [](int fd, unsigned long request, void* argument) { return answer(::ioctl(fd, request, argument)); };
    sys.map = [](int fd, std::size_t length, std::int64_t offset) -> void* {
        void* memory = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
        return memory == MAP_FAILED ? nullptr : memory;
    };
    sys.unmap = [](void* memory, std::size_t length) { ::munmap(memory, length); };
    sys.poll = [](int fd, int milliseconds) {
        pollfd p{fd, POLLIN, 0};
        return answer(::poll(&p, 1, milliseconds));
    };
    sys.pause = [](int milliseconds) { ::usleep(static_cast<useconds_t>(milliseconds) * 1000); };
    return sys;
}

Result<std::unique_ptr<Camera>> make_v4l2_camera(const CameraConfig& config, std::function<MonoTime()> now,
                                                 V4l2Sys sys) {
    return std::make_unique<V4l2Camera>(config, std::move(now), std::move(sys));
}

}  // namespace paso
