// Finding and reading machine readable zones in a frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/mrz/reading.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

// The reader of one camera: its net and what it remembers from the last frame. Not thread-safe: one for each thread.
class MrzTracker {
  public:
    // The net that is built into the program (devices/mrz/model). Throws std::runtime_error when OpenCV cannot load it.
    MrzTracker();
    // Another net, from the bytes of an ONNX file.
    explicit MrzTracker(ByteView onnx);
    ~MrzTracker();
    MrzTracker(MrzTracker&&) noexcept;
    MrzTracker& operator=(MrzTracker&&) noexcept;
    // What is remembered of the last frame: where its MRZs stood, which are looked for there first. Called between
    // pictures that have nothing to do with each other.
    void forget();
    struct State;
    [[nodiscard]] State& state() { return *state_; }

  private:
    std::unique_ptr<State> state_;
};

// How much is done for a frame. whole: what lies there is looked for in every way, as long as that is new; what four
// frames could not read is looked for as by in_turn. in_turn: for what moves; some of the ways, others in the next
// frame, each within half a second at 15 frames a second. Either way the rows of the last frame come first.
enum class MrzEffort : std::uint8_t { whole, in_turn };

// Every MRZ in view, most certain first; empty when none was found. Never throws on any pixels.
[[nodiscard]] std::vector<MrzReading> read_mrz(const Frame& frame, MrzTracker& tracker,
                                               MrzEffort effort = MrzEffort::whole);

}  // namespace paso
