// Measures of one frame that tell why an MRZ in it may not be read: what lies there, how it lies, how sharp, how lit.
// Looked at after read_mrz, whose readings it weighs; 0.8 ms of CPU time a frame of 1280 by 720, 1.5 ms of 1920 by
// 1080. What they mean is decided in core/mrz/obstacle.hpp.
#pragma once

#include <memory>
#include <span>

#include "core/mrz/obstacle.hpp"
#include "core/mrz/reading.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

// Remembers the frame before, small, to tell movement. One for each camera; not thread-safe.
class MrzSights {
  public:
    MrzSights();
    ~MrzSights();
    MrzSights(MrzSights&&) noexcept;
    MrzSights& operator=(MrzSights&&) noexcept;

    // `readings`: what read_mrz gave for this frame. The glass is dark and paper is not: a dark cover counts as
    // nothing. Of a frame whose pixels are fewer than its size says nothing is measured.
    [[nodiscard]] MrzSight look(const Frame& frame, std::span<const MrzReading> readings);

  private:
    struct Before;
    std::unique_ptr<Before> before_;
};

}  // namespace paso
