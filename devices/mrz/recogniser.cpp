#include "devices/mrz/recogniser.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/encoding/inflate.hpp"
#include "devices/mrz/rectify.hpp"

namespace paso {
namespace {

constexpr int classes = 38;
constexpr int width_step =
    64;  // strips are padded to a multiple: the net is laid out anew for each width that it meets

// As in training: zero mean, unit deviation (at least 8 grey levels), then zeros to the right.
cv::Mat normalised(const cv::Mat& strip) {
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(strip, mean, deviation);
    cv::Mat values;
    strip.convertTo(values, CV_32F, 1.0 / std::max(deviation[0], 8.0), -mean[0] / std::max(deviation[0], 8.0));
    const int width = (strip.cols + width_step - 1) / width_step * width_step;
    cv::Mat padded = cv::Mat::zeros(strip.rows, width, CV_32F);
    values.copyTo(padded.colRange(0, strip.cols));
    return padded;
}

// The logarithms of the probabilities of one step's classes.
MrzStep step_of(const cv::Mat& logits, int t) {
    MrzStep out{};
    float top = logits.at<float>(0, t);
    for (int k = 1; k < classes; ++k) top = std::max(top, logits.at<float>(k, t));
    float sum = 0;
    for (int k = 0; k < classes; ++k) sum += std::exp(logits.at<float>(k, t) - top);
    const float all = top + std::log(sum);
    for (int k = 0; k < classes; ++k) out[static_cast<std::size_t>(k)] = logits.at<float>(k, t) - all;
    return out;
}

}  // namespace

Bytes built_in_net() {
    constexpr std::size_t most = 4'000'000;
    auto net = inflate_gzip(packed_net(), most);
    if (!net) throw std::runtime_error("the net of the MRZ reader cannot be unpacked: " + net.error().detail);
    return std::move(*net);
}

Recogniser::Recogniser(ByteView onnx) {
    try {
        net_ = cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(onnx.data()), onnx.size());
    } catch (const cv::Exception& e) {
        throw std::runtime_error(std::string{"the net of the MRZ reader cannot be loaded: "} + e.what());
    }
    if (net_.empty()) throw std::runtime_error("the net of the MRZ reader is empty");
}

cv::Mat Recogniser::logits(const cv::Mat& strip) {
    const cv::Mat input = normalised(strip);
    const int shape[] = {1, 1, input.rows, input.cols};
    net_.setInput(cv::Mat(4, shape, CV_32F, input.data));
    const cv::Mat output = net_.forward();
    const int steps = std::min(output.size[3], strip.cols / static_cast<int>(step_pixels));
    return cv::Mat(classes, output.size[3], CV_32F, const_cast<float*>(output.ptr<float>())).colRange(0, steps).clone();
}

std::vector<MrzStep> Recogniser::read(const cv::Mat& strip) {
    std::vector<MrzStep> out;
    if (strip.empty() || strip.rows != strip_height) return out;
    const cv::Mat values = logits(strip);
    for (int t = 0; t < values.cols; ++t) out.push_back(step_of(values, t));
    return out;
}

}  // namespace paso
