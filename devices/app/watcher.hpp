// Watcher: tells an empty glass from one with something on it, and whether it moves, by comparing small pictures.
// Cheap, on every frame; what is read is decided by it. Something is there where a part of the picture is as bright as
// paper, or where neighbouring places have strokes: a dim phone, print on a dark cover. A plain dark cover cannot be
// told from the glass under it.
#pragma once

#include <cstdint>
#include <vector>

#include "devices/frame/frame.hpp"

namespace paso {

struct GlassView {
    bool something_there = false;
    bool still = false;
};

class Watcher {
  public:
    [[nodiscard]] GlassView look(const Frame& frame);

  private:
    std::vector<std::uint8_t> last_;
    int quiet_frames_ = 0;
};

}  // namespace paso
