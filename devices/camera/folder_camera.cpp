#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "devices/camera/drivers.hpp"
#include "devices/picture/picture.hpp"

namespace paso {
namespace {

class FolderCamera final : public Camera {
  public:
    FolderCamera(CameraConfig config, std::function<MonoTime()> now)
        : config_(std::move(config)), hub_(std::move(now)), thread_([this] { run(); }) {}
    ~FolderCamera() override {
        {
            const std::scoped_lock lock(mutex_);
            stop_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }
    FrameHub& hub() override { return hub_; }

  private:
    [[nodiscard]] std::vector<std::filesystem::path> pictures() const {
        std::vector<std::filesystem::path> out;
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(config_.path, error)) {
            const std::string extension = entry.path().extension().string();
            if (extension == ".jpg" || extension == ".jpeg" || extension == ".png") out.push_back(entry.path());
        }
        std::sort(out.begin(), out.end());
        return out;
    }

    void show(const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        const std::vector<char> raw{std::istreambuf_iterator<char>(in), {}};
        const auto frame = decode_picture({reinterpret_cast<const std::byte*>(raw.data()), raw.size()}, {}, {}, 0);
        if (frame) {
            hub_.put(*frame);
        } else {
            hub_.say(CameraState::garbage, "camera.damaged_picture");
        }
    }

    // True when it is time to stop.
    bool pause(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return wake_.wait_for(lock, time, [this] { return stop_; });
    }

    void run() {
        const std::chrono::milliseconds gap{1000 / std::clamp(config_.rate, 1, 1000)};
        bool played = false;
        while (config_.loop || !played) {
            const auto files = pictures();
            if (files.empty()) {
                hub_.say(CameraState::unplugged, "camera.no_picture");
                if (pause(std::chrono::milliseconds{200})) return;  // a folder may be filled later
                continue;
            }
            for (const auto& file : files) {
                show(file);
                if (pause(gap)) return;
            }
            played = true;
        }
        hub_.say(CameraState::stopped, "camera.end_of_folder");
    }

    CameraConfig config_;
    FrameHub hub_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
    std::thread thread_;  // last: it uses all the others
};

}  // namespace

Result<std::unique_ptr<Camera>> make_folder_camera(const CameraConfig& config, std::function<MonoTime()> now) {
    return std::make_unique<FolderCamera>(config, std::move(now));
}

}  // namespace paso
