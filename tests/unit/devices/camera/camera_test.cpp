// The drivers: a simulated V4L2 device behind the layer of system calls, real Unix sockets, real folders.
#include "devices/camera/camera.hpp"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "devices/camera/drivers.hpp"
#include "devices/picture/picture.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

MonoTime now() { return {std::chrono::steady_clock::now().time_since_epoch().count()}; }

bool until(const std::function<bool()>& test, std::chrono::milliseconds patience = 5000ms) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!test()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

Frame picture(int shade, bool colour = true) {
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(64, 48, colour), std::uint8_t{128});
    for (std::size_t i = 0; i < 64 * 48; ++i)
        (*pixels)[i] = static_cast<std::uint8_t>(shade + static_cast<int>(i % 64));
    return {64, 48, colour, std::move(pixels), {}, 0};
}

std::string temporary() {
    std::string name = (std::filesystem::temp_directory_path() / "paso-camera-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    return name;
}

Bytes y4m_header(const char* colour = "C420jpeg") {
    return to_bytes(as_bytes(std::string{"YUV4MPEG2 W64 H48 F15:1 "} + colour + "\n"));
}
Bytes y4m_frame(const Frame& f) {
    Bytes out = to_bytes(as_bytes("FRAME\n"));
    for (const std::uint8_t b : f.planes()) out.push_back(static_cast<std::byte>(b));
    return out;
}
void add(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

int connect_to(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    std::memcpy(a.sun_path, path.c_str(), path.size() + 1);
    REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0);
    return fd;
}
void send_all(int fd, const Bytes& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t n = ::send(fd, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
        if (n <= 0) return;  // the camera closed: the test looks at its state
        done += static_cast<std::size_t>(n);
    }
}

}  // namespace

TEST_CASE("a slow reader drops frames and sees the newest") {
    FrameHub hub(now);
    const auto slow = hub.reader();
    const auto quick = hub.reader();
    for (int i = 0; i < 5; ++i) {
        hub.put(picture(i));
        CHECK(quick->take().sequence() == static_cast<std::uint64_t>(i + 1));
    }
    CHECK(slow->take().sequence() == 5);
    CHECK(slow->take().empty());
    const CameraStatus s = hub.status();
    CHECK(s.state == CameraState::live);
    CHECK(s.frames == 5);
    CHECK(s.dropped == 4);
    CHECK(s.width == 64);
    hub.say(CameraState::stalled, "camera.no_frame");
    CHECK(hub.status().reason == "camera.no_frame");
    CHECK(hub.status().rate == 0);
}

TEST_CASE("buffers are used again once nobody looks at them") {
    FrameHub hub(now);
    const std::uint8_t* first = hub.buffer(100)->data();
    CHECK(hub.buffer(100)->data() == first);
    const auto held = hub.buffer(100);
    CHECK(hub.buffer(100)->data() != first);
}

TEST_CASE("both streams are read however they are cut, and garbage between pictures is passed over") {
    Bytes jpegs;
    for (int i = 0; i < 3; ++i) {
        add(jpegs, encode_jpeg(picture(20 * i), 90));
        if (i == 1) add(jpegs, to_bytes(as_bytes("garbage\xFF\xD8 between")));
    }
    Bytes y4m = y4m_header();
    for (int i = 0; i < 3; ++i) add(y4m, y4m_frame(picture(20 * i)));
    Bytes mono = y4m_header("Cmono");
    for (int i = 0; i < 3; ++i) add(mono, y4m_frame(picture(20 * i, false)));
    for (const Bytes* stream : {&jpegs, &y4m, &mono}) {
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, stream->size()}) {
            FrameHub hub(now);
            StreamReader reader(hub);
            for (std::size_t at = 0; at < stream->size(); at += step) {
                REQUIRE(reader.push(ByteView{*stream}.subspan(at, std::min(step, stream->size() - at))));
            }
            CHECK(hub.status().frames == 3);
            CHECK(hub.status().state == CameraState::live);
        }
    }
}

TEST_CASE("streams that can never make sense are given up with a reason") {
    const auto give = [](const Bytes& bytes) {
        FrameHub hub(now);
        StreamReader reader(hub);
        const bool goes_on = reader.push(bytes);
        return std::pair{goes_on, hub.status().reason};
    };
    CHECK(give(to_bytes(as_bytes("YUV4MPEG2 W64 H48 C444\n"))) ==
          std::pair{false, std::string_view{"camera.stream_header"}});
    CHECK(give(to_bytes(as_bytes("YUV4MPEG2 W64000 H48\n"))).first == false);
    CHECK(give(to_bytes(as_bytes("YUV4MPEG2 H48\n"))).first == false);
    Bytes wrong = y4m_header();
    add(wrong, to_bytes(as_bytes("NOFRAME\n")));
    CHECK(give(wrong).second == "camera.stream_frame");
    CHECK(give(to_bytes(as_bytes("YUV4MPEG2 " + std::string(300, 'X')))).first == false);
    CHECK(give(Bytes(5000, std::byte{7})) == std::pair{true, std::string_view{"camera.no_picture"}});
}

TEST_CASE("any program can be a camera through the pipe") {
    const std::string folder = temporary();
    CameraConfig config;
    config.driver = "pipe";
    config.path = folder + "/camera.sock";
    auto camera = make_camera(config, now);
    REQUIRE(camera);
    FrameHub& hub = (*camera)->hub();
    CHECK(until([&] { return hub.status().state == CameraState::unplugged; }));
    const auto reader = hub.reader();

    const int first = connect_to(config.path);
    send_all(first, encode_jpeg(picture(10), 90));
    CHECK(until([&] { return hub.status().state == CameraState::live; }));
    CHECK(until([&] { return !reader->take().empty(); }));
    const Bytes half = encode_jpeg(picture(30), 90);
    send_all(first, Bytes(half.begin(), half.begin() + 200));
    ::close(first);  // dies in the middle of a picture
    CHECK(until([&] { return hub.status().reason == "camera.feeder_gone"; }));

    const int second = connect_to(config.path);
    Bytes stream = y4m_header();
    add(stream, y4m_frame(picture(50)));
    send_all(second, stream);
    CHECK(until([&] { return hub.status().frames == 2; }));
    CHECK(until([&] { return hub.status().state == CameraState::stalled; }));  // and then it is silent
    send_all(second, y4m_frame(picture(60)));
    CHECK(until([&] { return hub.status().state == CameraState::live; }));

    const int third = connect_to(config.path);  // the newest feeder is the camera
    send_all(third, Bytes(4000, std::byte{1}));
    CHECK(until([&] { return hub.status().state == CameraState::garbage; }));
    ::close(second);
    ::close(third);
    camera->reset();
    CHECK_FALSE(std::filesystem::exists(config.path));
    std::filesystem::remove_all(folder);
}

TEST_CASE("a folder of pictures is played; what is no picture is garbage for its time") {
    const std::string folder = temporary();
    const auto put = [&](const char* name, const Bytes& bytes) {
        std::ofstream(folder + "/" + name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    };
    CameraConfig config;
    config.driver = "folder";
    config.path = folder;
    config.rate = 200;
    config.loop = false;
    auto camera = make_camera(config, now);
    REQUIRE(camera);
    FrameHub& hub = (*camera)->hub();
    CHECK(until([&] { return hub.status().reason == "camera.no_picture"; }));
    put("a.jpg", encode_jpeg(picture(10), 90));
    put("b.png", encode_png(picture(20)));
    CHECK(until([&] { return hub.status().state == CameraState::stopped; }));
    CHECK(hub.status().frames >= 1);
    camera->reset();
    put("c.jpg", to_bytes(as_bytes("\xFF\xD8\xFFno")));
    std::filesystem::remove(folder + "/a.jpg");
    std::filesystem::remove(folder + "/b.png");
    config.loop = true;
    auto damaged = make_camera(config, now);
    CHECK(until([&] { return (*damaged)->hub().status().state == CameraState::garbage; }));
    damaged->reset();
    std::filesystem::remove_all(folder);
}

TEST_CASE("wrong settings are errors, a missing device is a state") {
    CameraConfig config;
    config.driver = "webcam";
    CHECK(make_camera(config, now).error().code == "camera.driver");
    config.driver = "pipe";
    config.path = "/nonexistent/folder/camera.sock";
    CHECK(make_camera(config, now).error().code == "camera.path");
    config.path = std::string(200, 'x');
    CHECK(make_camera(config, now).error().code == "camera.path");
    config.driver = "v4l2";
    config.path = "/dev/no-such-camera";
    auto camera = make_camera(config, now);
    REQUIRE(camera);
    CHECK(until([&] { return (*camera)->hub().status().reason == "camera.not_there"; }));
}

namespace {

// A camera in memory: answers ioctls as uvcvideo does.
struct FakeV4l2 {
    std::atomic<bool> plugged = true;
    std::atomic<bool> silent = false;
    std::atomic<bool> error_flag = false;
    std::atomic<int> short_by = 0;
    std::atomic<int> open_count = 0;
    std::atomic<int> streams = 0;
    std::atomic<int> exposure = -1;
    std::atomic<int> exposure_mode = -1;
    std::atomic<int> focus = -1;
    bool mjpeg = true;
    bool capture = true;
    std::uint32_t format = 0;
    Bytes content;
    std::vector<std::vector<std::byte>> buffers;
    std::vector<std::uint32_t> queued;

    V4l2Sys::Answer ioctl(unsigned long request, void* argument) {
        if (!plugged) return {-1, ENODEV};
        switch (request) {
            case VIDIOC_QUERYCAP: {
                auto& c = *static_cast<v4l2_capability*>(argument);
                c.capabilities = V4L2_CAP_STREAMING | (capture ? V4L2_CAP_VIDEO_CAPTURE : V4L2_CAP_VIDEO_OUTPUT);
                return {0, 0};
            }
            case VIDIOC_S_FMT: {
                auto& f = *static_cast<v4l2_format*>(argument);
                if (f.fmt.pix.pixelformat == V4L2_PIX_FMT_MJPEG && !mjpeg) f.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
                format = f.fmt.pix.pixelformat;
                f.fmt.pix.width = 64;  // not what was asked for
                f.fmt.pix.height = 48;
                f.fmt.pix.bytesperline = 64 * 2 + 16;
                return {0, 0};
            }
            case VIDIOC_S_PARM:
                return {-1, EINVAL};
            case VIDIOC_REQBUFS: {
                auto& r = *static_cast<v4l2_requestbuffers*>(argument);
                buffers.assign(r.count, std::vector<std::byte>(64 * 1024));
                queued.clear();
                return {0, 0};
            }
            case VIDIOC_QUERYBUF: {
                auto& b = *static_cast<v4l2_buffer*>(argument);
                b.length = 64 * 1024;
                b.m.offset = b.index;
                return {0, 0};
            }
            case VIDIOC_QBUF:
                queued.push_back(static_cast<v4l2_buffer*>(argument)->index);
                return {0, 0};
            case VIDIOC_STREAMON:
                ++streams;
                return {0, 0};
            case VIDIOC_STREAMOFF:
                return {0, 0};
            case VIDIOC_QUERYCTRL: {
                auto& q = *static_cast<v4l2_queryctrl*>(argument);
                if (q.id == V4L2_CID_FOCUS_AUTO) return {-1, EINVAL};  // has none
                q.minimum = 0;
                q.maximum = 500;
                return {0, 0};
            }
            case VIDIOC_S_CTRL: {
                const auto& c = *static_cast<v4l2_control*>(argument);
                if (c.id == V4L2_CID_EXPOSURE_ABSOLUTE) exposure = c.value;
                if (c.id == V4L2_CID_EXPOSURE_AUTO) exposure_mode = c.value;
                if (c.id == V4L2_CID_FOCUS_ABSOLUTE) focus = c.value;
                return {0, 0};
            }
            case VIDIOC_DQBUF: {
                auto& b = *static_cast<v4l2_buffer*>(argument);
                if (silent || queued.empty()) return {-1, EAGAIN};
                b.index = queued.front();
                queued.erase(queued.begin());
                std::copy(content.begin(), content.end(), buffers[b.index].begin());
                b.bytesused = static_cast<std::uint32_t>(static_cast<int>(content.size()) - short_by);
                b.flags = error_flag ? V4L2_BUF_FLAG_ERROR : 0;
                return {0, 0};
            }
            default:
                return {-1, ENOTTY};
        }
    }
    V4l2Sys sys() {
        V4l2Sys s;
        s.open = [this](const char*) -> V4l2Sys::Answer {
            ++open_count;
            return plugged ? V4l2Sys::Answer{42, 0} : V4l2Sys::Answer{-1, ENOENT};
        };
        s.close = [](int) { return V4l2Sys::Answer{0, 0}; };
        s.ioctl = [this](int, unsigned long request, void* argument) { return ioctl(request, argument); };
        s.map = [this](int, std::size_t, std::int64_t offset) -> void* {
            return buffers[static_cast<std::size_t>(offset)].data();
        };
        s.unmap = [](void*, std::size_t) {};
        s.poll = [this](int, int) -> V4l2Sys::Answer {
            std::this_thread::sleep_for(3ms);
            return {silent ? 0 : 1, 0};
        };
        s.pause = [](int) { std::this_thread::sleep_for(5ms); };
        return s;
    }
};

Bytes yuyv() {
    Bytes out;
    for (int y = 0; y < 48; ++y) {
        for (int x = 0; x < 64; ++x) {
            out.push_back(static_cast<std::byte>(x * 3));
            out.push_back(static_cast<std::byte>(x % 2 == 0 ? 90 : 170));
        }
        out.insert(out.end(), 16, std::byte{0});
    }
    return out;
}

}  // namespace

TEST_CASE("V4L2 with MJPEG: live, silent, damaged, unplugged and back") {
    FakeV4l2 fake;
    fake.content = encode_jpeg(picture(10), 90);
    CameraConfig config;
    config.path = "/dev/video0";
    config.exposure = 900;  // over the device's range
    config.focus = 30;
    auto camera = make_v4l2_camera(config, now, fake.sys());
    REQUIRE(camera);
    FrameHub& hub = (*camera)->hub();
    CHECK(until([&] { return hub.status().frames > 3; }));
    CHECK(hub.status().width == 64);
    CHECK(fake.exposure == 500);
    CHECK(fake.exposure_mode == V4L2_EXPOSURE_MANUAL);
    CHECK(fake.focus == 30);

    fake.error_flag = true;
    CHECK(until([&] { return hub.status().state == CameraState::garbage; }));
    fake.error_flag = false;
    CHECK(until([&] { return hub.status().state == CameraState::live; }));
    fake.short_by = 300;  // a picture that is cut off
    CHECK(until([&] { return hub.status().state == CameraState::garbage; }));
    fake.short_by = 0;
    CHECK(until([&] { return hub.status().state == CameraState::live; }));
    fake.silent = true;
    CHECK(until([&] { return hub.status().state == CameraState::stalled; }));
    fake.silent = false;
    CHECK(until([&] { return hub.status().state == CameraState::live; }));
    fake.plugged = false;
    CHECK(until([&] { return hub.status().state == CameraState::unplugged; }));
    CHECK(until([&] { return hub.status().reason == "camera.not_there"; }));
    const int before = fake.streams;
    fake.plugged = true;
    CHECK(until([&] { return hub.status().state == CameraState::live; }));
    CHECK(fake.streams > before);
}

TEST_CASE("V4L2 with YUYV where there is no MJPEG") {
    FakeV4l2 fake;
    fake.mjpeg = false;
    fake.content = yuyv();
    auto camera = make_v4l2_camera({}, now, fake.sys());
    REQUIRE(camera);
    const auto reader = (*camera)->hub().reader();
    Frame frame;
    REQUIRE(until([&] {
        frame = reader->take();
        return !frame.empty();
    }));
    CHECK(frame.colour());
    CHECK(frame.luma()[10] == 30);
    CHECK(frame.planes()[64 * 48 + 5] == 90);
    CHECK(frame.planes()[64 * 48 + 32 * 24 + 5] == 170);
    CHECK(fake.exposure_mode == V4L2_EXPOSURE_APERTURE_PRIORITY);
}

TEST_CASE("what is no camera is said") {
    FakeV4l2 fake;
    fake.capture = false;
    auto camera = make_v4l2_camera({}, now, fake.sys());
    REQUIRE(camera);
    CHECK(until([&] { return (*camera)->hub().status().reason == "camera.no_camera"; }));
}
