// Scene: the demo camera's picture, frame by frame, as a person lays documents on the glass and takes them away.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/barcode/symbol_obstacle.hpp"
#include "core/mrz/obstacle.hpp"
#include "tests/specimens/camera_model.hpp"
#include "tests/specimens/carrier.hpp"

namespace paso {

enum class ScenePhase : std::uint8_t { empty, entering, tilted, settling, settled, leaving };
[[nodiscard]] std::string_view name(ScenePhase phase);

struct SceneOptions {
    std::uint64_t seed = 1;
    int width = 1280;
    int height = 720;
    double frames_per_second = 12;
};

// Not thread-safe; the same seed and the same calls give the same bytes. A frame costs one warp while something moves
// and two additions while the document lies still.
class Scene {
  public:
    explicit Scene(const SceneOptions& options);
    // A hand brings `page`. What lies there is taken away first. `trouble`: how it comes to rest so that a reader has
    // this obstacle; of upside_down and wrong_page the page itself is the trouble.
    void lay(const Page& page, cv::Size2d size_mm, MrzObstacle trouble = MrzObstacle::none);
    // The same of something with a symbol, or without one: how it is held so that the symbol has this obstacle. Too
    // dark is what the screen's glow makes it (CarrierSpec).
    void lay(const Carrier& carrier, SymbolObstacle trouble = SymbolObstacle::none);
    // What was laid last lies there and is still with the next picture; no hand is seen.
    void settle();
    // The hand takes it away. Nothing happens on an empty glass.
    void remove();
    // The next picture. Its time stamp is its number over the rate.
    [[nodiscard]] Frame next();
    // Of the picture that next() gave last.
    [[nodiscard]] ScenePhase phase() const { return shown_; }

  private:
    struct Laid {
        Sheet sheet;
        CameraModel model;                   // where it comes to rest
        bool restless = false;               // never held still
        bool circling = false;               // and at one speed
        std::optional<cv::Point2d> hand_at;  // it lies over this place of the picture, pixels
    };
    void bring(Laid next);
    void advance();
    void start(ScenePhase phase);
    [[nodiscard]] int frames_of(ScenePhase phase) const;
    [[nodiscard]] Planes moving();
    [[nodiscard]] const Planes& resting();
    // Where the hand's palm is, pixels, and from which side it comes: 1 or -1.
    [[nodiscard]] cv::Point2d palm(double away, double side) const;
    [[nodiscard]] double side() const { return options_.seed % 2 == 0 ? 1 : -1; }
    void draw_hand(Planes& picture, cv::Point2d palm, double side) const;

    SceneOptions options_;
    Planes glass_;
    NoiseBank noise_;
    std::optional<Laid> laid_;
    std::optional<Laid> waiting_;
    std::optional<Planes> rest_;  // the settled picture before noise
    ScenePhase phase_ = ScenePhase::empty;
    ScenePhase shown_ = ScenePhase::empty;
    int frame_in_phase_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t laid_count_ = 0;
};

// A whole visit: empty glass, hand, tilted, settled for `settled_frames`, removed, empty.
struct PlayedFrame {
    Frame frame;
    ScenePhase phase;
};
[[nodiscard]] std::vector<PlayedFrame> play(const Page& page, cv::Size2d size_mm, const SceneOptions& options,
                                            int settled_frames, MrzObstacle trouble = MrzObstacle::none);

}  // namespace paso
