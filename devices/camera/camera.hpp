// Cameras. One interface for every driver: a thread of its own takes pictures and puts the newest into a slot for each
// reader; a reader that is slow drops frames, it never queues them. Unplugged, stalled and garbage are states with
// reasons, and a camera that comes back is used again without being asked.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

enum class CameraState : std::uint8_t { starting = 0, live = 1, stalled = 2, unplugged = 3, garbage = 4, stopped = 5 };
[[nodiscard]] std::string_view name(CameraState s);

struct CameraStatus {
    CameraState state = CameraState::starting;
    std::string_view reason;    // stable code, "" while live
    double rate = 0;            // frames a second over the last seconds
    std::uint64_t frames = 0;   // taken since the start
    std::uint64_t dropped = 0;  // never seen by the slowest reader
    MonoTime newest{};          // when the newest frame was taken; 0: none yet
    int width = 0;
    int height = 0;
};

// The newest frame, for one reader. Thread-safe.
class FrameSlot {
  public:
    // The newest frame if it was not taken from here yet, else an empty one.
    [[nodiscard]] Frame take();

  private:
    friend class FrameHub;
    mutable std::mutex mutex_;
    Frame frame_;
    std::uint64_t dropped_ = 0;
};

// What a driver fills and readers look into. Thread-safe.
class FrameHub {
  public:
    explicit FrameHub(std::function<MonoTime()> now) : now_(std::move(now)) {}
    [[nodiscard]] std::shared_ptr<FrameSlot> reader();
    [[nodiscard]] CameraStatus status() const;
    [[nodiscard]] MonoTime now() const { return now_(); }

    // For drivers.
    void put(int width, int height, bool colour, Frame::Pixels pixels);
    void put(const Frame& frame);  // its time and number are set here
    void say(CameraState state, std::string_view reason);
    // A buffer for a picture: one that nobody looks at any more, or a new one.
    [[nodiscard]] std::shared_ptr<std::vector<std::uint8_t>> buffer(std::size_t bytes);

  private:
    std::function<MonoTime()> now_;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<FrameSlot>> readers_;
    std::vector<std::shared_ptr<std::vector<std::uint8_t>>> pool_;
    std::vector<MonoTime> recent_;  // times of the last frames, for the rate
    CameraStatus status_;
};

// A running camera. Destruction stops it.
class Camera {
  public:
    virtual ~Camera() = default;
    [[nodiscard]] virtual FrameHub& hub() = 0;
};

struct CameraConfig {
    std::string driver;  // "v4l2", "pipe", "folder"
    std::string path;    // "/dev/video0", a Unix socket to listen at, a folder of pictures
    int width = 1920;    // wanted; what the camera gives may differ
    int height = 1080;
    int rate = 15;      // pictures a second; folder: how fast it is played
    bool loop = true;   // folder: again from the start
    int exposure = -1;  // v4l2: -1 automatic, else its own units
    int focus = -1;
};

inline constexpr Duration camera_patience = std::chrono::seconds{2};  // without a frame a camera is stalled

// Errors: "camera.driver" (unknown name), "camera.path" (cannot listen there). A missing device is no error: it is
// unplugged.
[[nodiscard]] Result<std::unique_ptr<Camera>> make_camera(const CameraConfig& config, std::function<MonoTime()> now);

}  // namespace paso
