#include "devices/barcode/read_barcodes.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "devices/barcode/aztec_grid.hpp"
#include "devices/barcode/data_matrix_grid.hpp"
#include "devices/barcode/locate.hpp"
#include "devices/barcode/pdf417_deskew.hpp"
#include "devices/barcode/rectify.hpp"
#include "devices/barcode/zxing_decode.hpp"

namespace paso {
namespace {

constexpr std::size_t most_places = 8;
constexpr int view_width = 64, view_height = 36;
constexpr int moved = 6;  // grey levels of one of the view's means
constexpr Duration search_again = std::chrono::milliseconds{500};
constexpr int most_of_a_crop = 800;  // pixels
// Of 1500 places that were symbols one in a hundred was less likely than this; print reaches 0.2, seldom more.
constexpr float least_likely = 0.09F, likely_text = 0.2F;
constexpr int most_doubtful = 3;  // of the others so many are looked at

bool wanted(Symbology s, const BarcodeOptions& o) {
    switch (s) {
        case Symbology::qr:
            return o.qr;
        case Symbology::aztec:
            return o.aztec;
        case Symbology::pdf417:
            return o.pdf417;
        case Symbology::data_matrix:
            return o.data_matrix;
        case Symbology::unknown:
        case Symbology::other:
            break;
    }
    return false;
}

}  // namespace

// One frame's search: what was read so far and what the frame before left.
class FrameSearch {
  public:
    FrameSearch(const Frame& frame, const BarcodeOptions& options, BarcodeTracker& tracker)
        : frame_(frame), options_(options), tracker_(tracker) {}
    [[nodiscard]] std::vector<BarcodeReading> run();

    // Whether a symbol that was read lies about the middle of the place.
    [[nodiscard]] bool covers(const SymbolPlace& place) const {
        const auto inside = [&](const Quad& corners) {
            std::vector<cv::Point2f> quad;
            for (const Point& p : corners) quad.emplace_back(p.x, p.y);
            return cv::pointPolygonTest(quad, place.centre, false) >= 0;
        };
        return std::any_of(out_.begin(), out_.end(), [&](const BarcodeReading& b) { return inside(b.corners); }) ||
               std::any_of(parts_.begin(), parts_.end(), inside);
    }

    bool take(const std::vector<Decoded>& found, const Crop& crop);

  private:
    const Frame& frame_;
    const BarcodeOptions& options_;
    BarcodeTracker& tracker_;
    std::vector<BarcodeReading> out_;
    std::vector<Quad> parts_;  // where parts of sequences are
};

bool FrameSearch::take(const std::vector<Decoded>& found, const Crop& crop) {
    bool any = false;
    for (const Decoded& d : found) {
        if (!wanted(d.symbology, options_)) continue;
        any = true;
        BarcodeReading r;
        r.symbology = d.symbology;
        r.modifier = d.modifier;
        r.bytes = d.bytes;
        for (std::size_t i = 0; i < 4; ++i) r.corners[i] = crop.at(d.corners[i].x, d.corners[i].y);
        r.frame = frame_.sequence();
        r.captured = frame_.captured();
        if (d.index >= 0) {
            parts_.push_back(r.corners);
            auto whole = tracker_.parts_.add({d.symbology, d.sequence, d.index, d.parts, d.bytes}, frame_.captured());
            if (!whole) continue;
            r.bytes = std::move(*whole);
        }
        const bool known = std::any_of(out_.begin(), out_.end(), [&](const BarcodeReading& b) {
            return b.symbology == r.symbology && b.bytes == r.bytes;
        });
        if (!known) out_.push_back(std::move(r));
    }
    return any;
}

namespace {

bool read_pdf417(FrameSearch& reading, const cv::Mat& luma, const SymbolPlace& place) {
    const auto straight = straighten_pdf417(luma, place);
    if (!straight) return false;
    const int quiet = static_cast<int>(4 * straight->module);
    const cv::Size all = straight->crop.pixels.size();
    const cv::Mat plain =
        stretched(straight->crop.pixels, {quiet, quiet, all.width - 2 * quiet, all.height - 2 * quiet});
    const auto decoded = [](const cv::Mat& pixels, Threshold t) {
        return decode_by_zxing(pixels, Kinds::pdf417, t, Look::upright);
    };
    if (reading.take(decoded(plain, Threshold::local), straight->crop)) return true;
    // What needs help has so many faults that their correction may end in another payload: two attempts must agree.
    std::vector<Decoded> before = decoded(plain, Threshold::by_line);
    for (const auto& [sigma, amount] : {std::pair{0.8, 1.5}, {0.6, 2.0}, {1.0, 1.2}}) {
        const cv::Mat sharp = sharpened(plain, sigma * straight->module, amount);
        for (const Threshold t : {Threshold::local, Threshold::by_line}) {
            for (const Decoded& d : decoded(sharp, t)) {
                const bool again =
                    std::any_of(before.begin(), before.end(), [&](const Decoded& b) { return b.bytes == d.bytes; });
                if (again && reading.take({d}, straight->crop)) return true;
                before.push_back(d);
            }
        }
        if (before.empty()) return false;
    }
    return false;
}

bool read_aztec(FrameSearch& reading, const Crop& crop, float side) {
    const auto grid = find_aztec(crop.pixels, side);
    if (!grid) return false;
    constexpr int module = 3;  // pixels, of the clean picture
    constexpr int more = 4;    // modules on each side: the symbol may be a little larger than the stage
    for (const AztecStage& stage : grid->stages) {
        const float n = static_cast<float>(stage.size);
        const cv::Matx33f shift(1, 0, -more, 0, 1, -more, 0, 0, 1);
        const cv::Matx33f map = grid_map(stage.corners, n) * shift;
        cv::Mat values = sample_grid(grid->relief, map, stage.size + 2 * more);
        if (grid->inverted) values = -values;
        for (const float sharpen : {0.05F, 0.2F}) {
            auto found = decode_by_zxing(clean_picture(values, sharpen, module, 0), Kinds::aztec, Threshold::middle,
                                         Look::clean);
            for (Decoded& d : found) {
                for (cv::Point2f& c : d.corners) {
                    const cv::Vec3f p = map * cv::Vec3f(c.x / module, c.y / module, 1);
                    c = {p[0] / p[2], p[1] / p[2]};
                }
            }
            if (reading.take(found, crop)) return true;
        }
    }
    return false;
}

bool read_data_matrix(FrameSearch& reading, const Crop& crop, float side) {
    const auto grid = find_data_matrix(crop.pixels, side);
    if (!grid) return false;
    constexpr int module = 4;  // pixels, of the clean picture
    cv::Mat picture;
    cv::resize(grid->modules, picture, {}, module, module, cv::INTER_NEAREST);
    cv::copyMakeBorder(picture, picture, 8, 8, 8, 8, cv::BORDER_CONSTANT, cv::Scalar(255));
    auto found = decode_by_zxing(picture, Kinds::data_matrix, Threshold::middle, Look::clean);
    for (Decoded& d : found) d.corners = grid->corners;
    return reading.take(found, crop);
}

bool read_matrix(FrameSearch& reading, const cv::Mat& luma, const SymbolPlace& place) {
    const float side = std::min(place.size.width, place.size.height);
    const float margin = place.slack + 0.11F * side;
    // Photographs of more pixels than a camera's frame have no more modules.
    const float zoom = std::max(1.0F, static_cast<float>(luma.cols) / 1920);
    const float scale = (side < 260 * zoom ? 2.0F : side < 420 * zoom ? 1.5F : side < 1400 * zoom ? 1.0F : 0.5F) / zoom;
    const Crop crop = cut(luma, place, margin, scale);
    const int edge = static_cast<int>((margin + 0.06F * side) * scale);
    const cv::Size all = crop.pixels.size();
    const cv::Mat plain = stretched(crop.pixels, {edge, edge, all.width - 2 * edge, all.height - 2 * edge});
    const auto attempt = [&](const cv::Mat& pixels, Threshold t) {
        return reading.take(decode_by_zxing(pixels, Kinds::matrix, t, Look::hard), crop);
    };
    if (attempt(plain, Threshold::local)) return true;
    if (read_aztec(reading, crop, std::sqrt(place.size.area()) * scale)) return true;
    if (attempt(plain, Threshold::middle)) return true;
    if (attempt(255 - plain, Threshold::local)) return true;
    if (attempt(sharpened(plain, 1.3 * scale, 2.5), Threshold::middle)) return true;
    if (attempt(sharpened(plain, 3 * scale, 2.5), Threshold::middle)) return true;
    return read_data_matrix(reading, crop, std::sqrt(place.size.area()) * scale);
}

bool read_place(FrameSearch& reading, const cv::Mat& luma, const SymbolPlace& place) {
    const float longer = std::max(place.size.width, place.size.height),
                shorter = std::min(place.size.width, place.size.height);
    const float bars = std::max(place.bars, 1 / place.bars);
    const bool stripes = bars > (place.likely < likely_text ? 1.3F : 1.1F);  // a PDF417 has 1.5 to 2.5
    const bool square = longer < 1.5F * shorter && bars < 1.7F;              // any of the others has 0.9 to 1.1
    if (bars > 1.35F)
        return (stripes && read_pdf417(reading, luma, place)) || (square && read_matrix(reading, luma, place));
    // DataMatrix may be up to four times as long as high.
    const bool oblong = !square && longer < 4.5F * shorter && bars < 1.5F && place.likely >= likely_text;
    if ((square || oblong) && read_matrix(reading, luma, place)) return true;
    return stripes && read_pdf417(reading, luma, place);
}

std::vector<std::uint8_t> view_of(const cv::Mat& luma) {
    const cv::Mat small = averaged_down(luma, {view_width, view_height});
    return {small.datastart, small.dataend};
}

}  // namespace

bool BarcodeTracker::enough(const Frame& frame) {
    const cv::Mat luma(frame.height(), frame.width(), CV_8UC1, const_cast<std::uint8_t*>(frame.luma().data()));
    std::vector<std::uint8_t> now = view_of(luma);
    int most = now.size() == view_.size() ? 0 : 255;
    for (std::size_t i = 0; i < now.size() && most < 255; ++i) most = std::max(most, std::abs(now[i] - view_[i]));
    view_ = std::move(now);
    if (most > moved) searches_ = 0;
    if (searches_ >= 2 && frame.captured() - last_search_ < search_again) return true;
    ++searches_;
    last_search_ = frame.captured();
    return false;
}

std::vector<BarcodeReading> FrameSearch::run() {
    if (tracker_.enough(frame_)) return {};
    const cv::Mat luma(frame_.height(), frame_.width(), CV_8UC1, const_cast<std::uint8_t*>(frame_.luma().data()));
    std::vector<SymbolPlace> again;
    for (const SymbolPlace& place : std::exchange(tracker_.places_, {})) {
        if (!covers(place) && read_place(*this, luma, place)) again.push_back(place);
    }
    // Half of 1080p's size first; where nothing was read, smaller, for symbols held close or pictures of a few hundred
    // pixels.
    const int half = std::min(960, luma.cols);
    for (const int width : {half, half / 2}) {
        int doubtful = 0;
        for (const SymbolPlace& place : locate_symbols(luma, most_places, std::max(1, width))) {
            if (covers(place) || place.likely < least_likely ||
                (place.likely < likely_text && doubtful++ >= most_doubtful))
                continue;
            if (read_place(*this, luma, place)) again.push_back(place);
        }
        if (!out_.empty() || !parts_.empty()) break;
    }
    // A picture that is little more than the symbol has nothing for it to stand out from.
    if (out_.empty() && parts_.empty() && std::max(luma.cols, luma.rows) < most_of_a_crop) {
        const auto w = static_cast<float>(luma.cols), h = static_cast<float>(luma.rows);
        SymbolPlace whole;
        whole.centre = {w / 2, h / 2};
        whole.size = {w * 0.8F, h * 0.8F};
        whole.likely = 1;
        whole.bars = w > 1.8F * h ? 1.5F : h > 1.8F * w ? 1 / 1.5F : 1.2F;
        read_place(*this, luma, whole);
    }
    tracker_.places_ = std::move(again);
    return std::move(out_);
}

std::vector<BarcodeReading> read_barcodes(const Frame& frame, const BarcodeOptions& options, BarcodeTracker& tracker) {
    const bool any = options.qr || options.aztec || options.pdf417 || options.data_matrix;
    if (frame.empty() || !any) return {};
    return FrameSearch(frame, options, tracker).run();
}

std::vector<BarcodeReading> read_barcodes(const Frame& frame, const BarcodeOptions& options) {
    BarcodeTracker tracker;
    return read_barcodes(frame, options, tracker);
}

}  // namespace paso
