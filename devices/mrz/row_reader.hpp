// Reads the rows of one picture, each once however many groups it is part of.
#pragma once

#include <deque>
#include <opencv2/core.hpp>
#include <vector>

#include "core/mrz/pitch.hpp"
#include "devices/mrz/find_lines.hpp"
#include "devices/mrz/recogniser.hpp"
#include "devices/mrz/rectify.hpp"

namespace paso {

// A row as it was recognised, with the strip that tells where its steps stand in the picture.
struct RowSeen {
    Strip strip;
    RowSteps steps;
    std::vector<RowPeak> peaks;
    std::size_t columns = 0;  // characters from the first to the last; 0: no text
    float sure = 0;           // mean probability of the peaks
    bool light = false;
    // The middle of a step in the picture.
    [[nodiscard]] cv::Point2f at(float step, float y = strip_height / 2.0F) const {
        return strip.at((step + 0.5F) * step_pixels, y);
    }
};

class RowReader {
  public:
    // Both are kept by reference.
    RowReader(const cv::Mat& luma, Recogniser& recogniser) : luma_(luma), recogniser_(recogniser) {}
    // The row from its left end to its right; where characters stand at an end of it, a longer one. Good as long as the
    // reader lives.
    [[nodiscard]] const RowSeen& read(const TextRow& row);
    [[nodiscard]] cv::Size picture() const { return luma_.size(); }
    [[nodiscard]] int strips() const { return strips_; }  // recognised so far: each costs 1 to 2 ms

  private:
    struct Known {
        TextRow row;
        RowSeen seen;
    };
    [[nodiscard]] RowSeen look(const TextRow& row);
    [[nodiscard]] RowSeen recognised(Strip strip, bool light);
    [[nodiscard]] RowSeen looked_again(RowSeen seen);
    const cv::Mat& luma_;
    Recogniser& recogniser_;
    std::deque<Known> known_;
    int strips_ = 0;
};

}  // namespace paso
