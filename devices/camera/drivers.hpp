// The drivers behind make_camera(), and the layer of system calls that the V4L2 driver sees.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "core/base/bytes.hpp"
#include "devices/camera/camera.hpp"

namespace paso {

// Every system call of the V4L2 driver: real ones on a kiosk, a simulated camera in tests. Each answers as the call
// itself does, with errno as its second value.
struct V4l2Sys {
    struct Answer {
        int value = 0;
        int error = 0;  // errno when value is negative
    };
    std::function<Answer(const char* path)> open;
    std::function<Answer(int fd)> close;
    std::function<Answer(int fd, unsigned long request, void* argument)> ioctl;
    std::function<void*(int fd, std::size_t length, std::int64_t offset)> map;  // nullptr: failed
    std::function<void(void* memory, std::size_t length)> unmap;
    std::function<Answer(int fd, int milliseconds)> poll;  // 1: readable, 0: time is up
    std::function<void(int milliseconds)> pause;           // before a missing device is tried again
};
[[nodiscard]] V4l2Sys real_v4l2();

[[nodiscard]] Result<std::unique_ptr<Camera>> make_v4l2_camera(const CameraConfig& config,
                                                               std::function<MonoTime()> now, V4l2Sys sys);
// Listens at config.path; the newest feeder is the camera. It sends JPEGs one after the other, or YUV4MPEG2 (4:2:0 or
// mono).
[[nodiscard]] Result<std::unique_ptr<Camera>> make_pipe_camera(const CameraConfig& config,
                                                               std::function<MonoTime()> now);
[[nodiscard]] Result<std::unique_ptr<Camera>> make_folder_camera(const CameraConfig& config,
                                                                 std::function<MonoTime()> now);

// The two streams of the pipe driver, as a pure machine: bytes in, pictures into the hub.
class StreamReader {
  public:
    explicit StreamReader(FrameHub& hub) : hub_(hub) {}
    // False when the stream can never make sense again (not one of the two formats, a frame too large): close it.
    bool push(ByteView bytes);
    [[nodiscard]] std::uint64_t damaged() const { return damaged_; }  // pictures that could not be decoded

  private:
    enum class Kind : std::uint8_t { unknown, jpeg, y4m };
    bool step();  // takes one whole unit from the buffer; false when there is none
    bool step_jpeg();
    bool step_y4m();
    bool read_y4m_header(std::string_view line);
    FrameHub& hub_;
    Bytes buffer_;
    Kind kind_ = Kind::unknown;
    bool lost_ = false;
    bool header_read_ = false;
    bool colour_ = true;
    int width_ = 0;
    int height_ = 0;
    std::uint64_t damaged_ = 0;
};

}  // namespace paso
