#include "devices/mrz/recogniser.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "devices/mrz/rectify.hpp"

namespace paso {
namespace {

constexpr int classes = 38;
constexpr int blank = 37;
constexpr float step_pixels = 4.0F;
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

int best_class(const cv::Mat& logits, int step) {
    int best = 0;
    for (int k = 1; k < classes; ++k) {
        if (logits.at<float>(k, step) > logits.at<float>(best, step)) best = k;
    }
    return best;
}

// Log-probabilities of the 37 characters at one step, blank left out.
MrzCell cell_at(const cv::Mat& logits, int step) {
    float top = logits.at<float>(0, step);
    for (int k = 1; k < blank; ++k) top = std::max(top, logits.at<float>(k, step));
    float sum = 0;
    for (int k = 0; k < blank; ++k) sum += std::exp(logits.at<float>(k, step) - top);
    MrzCell cell{};
    for (int k = 0; k < blank; ++k) cell[static_cast<std::size_t>(k)] = logits.at<float>(k, step) - top - std::log(sum);
    return cell;
}

float probability(const cv::Mat& logits, int step, int k) {
    float sum = 0;
    for (int i = 0; i < classes; ++i) sum += std::exp(logits.at<float>(i, step) - logits.at<float>(k, step));
    return 1.0F / sum;
}

// The probability that some character stands at a step.
float not_blank(const cv::Mat& logits, int step) { return 1.0F - probability(logits, step, blank); }

float median_gap(const std::vector<SeenCharacter>& seen) {
    std::vector<float> gaps;
    for (std::size_t i = 1; i < seen.size(); ++i) gaps.push_back(seen[i].x - seen[i - 1].x);
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::nth_element(gaps.begin(), middle, gaps.end());
    return *middle;
}

// Two equal characters without a blank between them are one run: where a place of the row's pitch is left empty though
// the net saw something there, it is a character of its own.
std::vector<SeenCharacter> part_runs(const std::vector<SeenCharacter>& seen, const cv::Mat& logits) {
    constexpr float something = 0.05F;
    constexpr int most = 3;  // empty places in a row
    if (seen.size() < 8) return seen;
    const float pitch = median_gap(seen);
    std::vector<SeenCharacter> out;
    for (const SeenCharacter& next : seen) {
        const float from = out.empty() ? next.x : out.back().x;
        const int places = static_cast<int>(std::lround((next.x - from) / pitch)) - 1;
        for (int i = 1; i <= places && places <= most; ++i) {
            const float x = from + (next.x - from) * static_cast<float>(i) / static_cast<float>(places + 1);
            const int step = std::clamp(static_cast<int>(x / step_pixels), 0, logits.cols - 1);
            const float sure = not_blank(logits, step);
            if (sure > something) out.push_back({x, sure, cell_at(logits, step)});
        }
        out.push_back(next);
    }
    return out;
}

// Places of the pitch between the first and the last where nothing was seen: dirt, glare. Every character is as likely.
std::vector<SeenCharacter> fill_holes(const std::vector<SeenCharacter>& seen, float pitch) {
    MrzCell unknown{};
    unknown.fill(-std::log(static_cast<float>(unknown.size())));
    std::vector<SeenCharacter> out;
    for (const SeenCharacter& next : seen) {
        const float from = out.empty() ? next.x : out.back().x;
        const auto places = std::lround((next.x - from) / pitch) - 1;
        for (long i = 1; i <= places; ++i) {
            const float share = static_cast<float>(i) / static_cast<float>(places + 1);
            out.push_back({from + (next.x - from) * share, 0, unknown});
        }
        out.push_back(next);
    }
    return out;
}

}  // namespace

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

// Best path: each run of one class that is not blank is one character; it stands where the run is surest.
std::vector<SeenCharacter> Recogniser::read(const cv::Mat& strip) {
    std::vector<SeenCharacter> out;
    if (strip.empty() || strip.rows != strip_height) return out;
    const cv::Mat values = logits(strip);
    int last = blank;
    for (int t = 0; t < values.cols; ++t) {
        const int best = best_class(values, t);
        if (best != blank) {
            const float sure = probability(values, t, best);
            const float x = (static_cast<float>(t) + 0.5F) * step_pixels;
            if (best != last) {
                out.push_back({x, sure, cell_at(values, t)});
            } else if (sure > out.back().sure) {
                out.back() = {x, sure, cell_at(values, t)};
            }
        }
        last = best;
    }
    return part_runs(out, values);
}

std::vector<SeenCharacter> fit_pitch(std::vector<SeenCharacter> seen, std::size_t columns) {
    if (seen.size() < 8) return {};
    const float pitch = median_gap(seen);
    // Two that stand closer than half a pitch are one character seen twice: the surer one stays.
    for (std::size_t i = 1; i < seen.size();) {
        if (seen[i].x - seen[i - 1].x < 0.55F * pitch) {
            const std::size_t weaker = seen[i].sure < seen[i - 1].sure ? i : i - 1;
            seen.erase(seen.begin() + static_cast<std::ptrdiff_t>(weaker));
        } else {
            ++i;
        }
    }
    // What is parted from the rest by more than two pitches is not of this row.
    const auto far = [&](std::size_t i) { return seen[i + 1].x - seen[i].x > 2.2F * pitch; };
    while (seen.size() > 8 && far(0)) seen.erase(seen.begin());
    while (seen.size() > 8 && far(seen.size() - 2)) seen.pop_back();
    if (seen.size() < columns) {
        std::vector<SeenCharacter> whole = fill_holes(seen, pitch);
        if (whole.size() == columns) return whole;  // any other count would be a guess
    }
    // Too many: the weaker end goes, for the paper's edge reads as a character now and then.
    while (seen.size() > columns) {
        if (seen.front().sure < seen.back().sure) {
            seen.erase(seen.begin());
        } else {
            seen.pop_back();
        }
    }
    return seen;
}

}  // namespace paso
