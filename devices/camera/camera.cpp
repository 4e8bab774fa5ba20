#include "devices/camera/camera.hpp"

#include <algorithm>
#include <utility>

#include "devices/camera/drivers.hpp"

namespace paso {
namespace {

constexpr std::size_t pool_size = 12;
constexpr std::size_t rate_window = 30;

}  // namespace

std::string_view name(CameraState s) {
    switch (s) {
        case CameraState::starting:
            return "starting";
        case CameraState::live:
            return "live";
        case CameraState::stalled:
            return "stalled";
        case CameraState::unplugged:
            return "unplugged";
        case CameraState::garbage:
            return "garbage";
        case CameraState::stopped:
            return "stopped";
    }
    return "stopped";
}

Frame FrameSlot::take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(frame_, Frame{});
}

std::shared_ptr<FrameSlot> FrameHub::reader() {
    const std::scoped_lock lock(mutex_);
    return readers_.emplace_back(std::make_shared<FrameSlot>());
}

CameraStatus FrameHub::status() const {
    const std::scoped_lock lock(mutex_);
    CameraStatus s = status_;
    for (const auto& reader : readers_) {
        const std::scoped_lock inner(reader->mutex_);
        s.dropped = std::max(s.dropped, reader->dropped_);
    }
    if (recent_.size() > 1) {
        const double span = std::chrono::duration<double>(recent_.back() - recent_.front()).count();
        s.rate = span > 0 ? static_cast<double>(recent_.size() - 1) / span : 0;
    }
    if (s.state != CameraState::live) s.rate = 0;
    return s;
}

void FrameHub::put(int width, int height, bool colour, Frame::Pixels pixels) {
    put(Frame(width, height, colour, std::move(pixels), {}, 0));
}

void FrameHub::put(const Frame& taken) {
    const std::scoped_lock lock(mutex_);
    status_.state = CameraState::live;
    status_.reason = "";
    status_.width = taken.width();
    status_.height = taken.height();
    status_.newest = now_();
    const Frame frame = taken.with(status_.newest, ++status_.frames);
    recent_.push_back(status_.newest);
    if (recent_.size() > rate_window) recent_.erase(recent_.begin());
    for (const auto& reader : readers_) {
        const std::scoped_lock inner(reader->mutex_);
        if (!reader->frame_.empty()) ++reader->dropped_;
        reader->frame_ = frame;
    }
}

void FrameHub::say(CameraState state, std::string_view reason) {
    const std::scoped_lock lock(mutex_);
    status_.state = state;
    status_.reason = reason;
    if (state != CameraState::live) recent_.clear();
}

std::shared_ptr<std::vector<std::uint8_t>> FrameHub::buffer(std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    for (auto& b : pool_) {
        if (b.use_count() == 1 && b->size() == bytes) return b;
    }
    std::erase_if(pool_, [](const auto& b) { return b.use_count() == 1; });
    auto fresh = std::make_shared<std::vector<std::uint8_t>>(bytes);
    if (pool_.size() < pool_size) pool_.push_back(fresh);
    return fresh;
}

Result<std::unique_ptr<Camera>> make_camera(const CameraConfig& config, std::function<MonoTime()> now) {
    if (config.driver == "pipe") return make_pipe_camera(config, std::move(now));
    if (config.driver == "folder") return make_folder_camera(config, std::move(now));
    if (config.driver == "v4l2") return make_v4l2_camera(config, std::move(now), real_v4l2());
    return fail("camera.driver", config.driver + " is no driver: v4l2, pipe or folder");
}

}  // namespace paso
