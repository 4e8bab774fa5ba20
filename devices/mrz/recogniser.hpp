// The recogniser: strips to characters with probabilities, by a small convolutional net that is part of the program.
#pragma once

#include <opencv2/dnn.hpp>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/mrz/reading.hpp"

namespace paso {

// The ONNX file that is built into the program (devices/mrz/model/mrz.onnx).
[[nodiscard]] ByteView built_in_net();

// One character seen in a strip: where (strip pixels) and with which log-probabilities; `sure` is the probability of
// the best class at that place, blank included.
struct SeenCharacter {
    float x = 0;
    float sure = 0;
    MrzCell cell{};
};

class Recogniser {
  public:
    // Throws std::runtime_error when OpenCV cannot load the net.
    explicit Recogniser(ByteView onnx);
    // Characters of one strip from left to right. The strip is 8-bit and strip_height high.
    [[nodiscard]] std::vector<SeenCharacter> read(const cv::Mat& strip);
    // The net's answer itself, 38 x steps: for the test that compares it with the training's.
    [[nodiscard]] cv::Mat logits(const cv::Mat& strip);

  private:
    cv::dnn::Net net_;
};

// What the characters of a row say when it must have `columns` cells at an even pitch: extra ones at the ends or
// between cells are dropped; a hole in the row becomes a cell in which every character is as likely, when that makes
// the count right. Gives as many cells as could be placed.
[[nodiscard]] std::vector<SeenCharacter> fit_pitch(std::vector<SeenCharacter> seen, std::size_t columns);

}  // namespace paso
