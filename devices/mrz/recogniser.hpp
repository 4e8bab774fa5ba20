// The recogniser: strips to probabilities of characters, by a small convolutional net that is part of the program.
#pragma once

#include <opencv2/dnn.hpp>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/mrz/pitch.hpp"

namespace paso {

// The ONNX file that is built into the program (devices/mrz/model/mrz.onnx), and how it lies there: packed by gzip.
[[nodiscard]] Bytes built_in_net();
[[nodiscard]] ByteView packed_net();

inline constexpr float step_pixels = 4.0F;  // of a strip

class Recogniser {
  public:
    // Throws std::runtime_error when OpenCV cannot load the net.
    explicit Recogniser(ByteView onnx);
    // What stands at each step of a strip, from left to right. The strip is 8-bit and strip_height high; for any other
    // there are no steps.
    [[nodiscard]] std::vector<MrzStep> read(const cv::Mat& strip);
    // The net's answer itself, 38 x steps: for the test that compares it with the training's.
    [[nodiscard]] cv::Mat logits(const cv::Mat& strip);

  private:
    cv::dnn::Net net_;
};

}  // namespace paso
