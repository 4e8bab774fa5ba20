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
#include "devices/barcode/pdf417_unbend.hpp"
#include "devices/barcode/rectify.hpp"
#include "devices/barcode/zxing_decode.hpp"

namespace paso {
namespace {

constexpr std::size_t most_places = 8;
constexpr int view_width = 64, view_height = 36;
constexpr int moved = 6;  // grey levels of one of the view's means
constexpr Duration search_again = std::chrono::milliseconds{500};
constexpr int most_of_a_crop = 800;  // pixels
// Small symbols blurred by half a module come down to the first; print reaches 0.2, seldom more.
constexpr float least_likely = 0.07F, likely_text = 0.2F, likely_light = 0.3F;
constexpr int most_doubtful = 4;  // of the others so many are looked at
// Of a symbol about half is dark; print on paper is dark in a tenth to a third.
constexpr float least_dark = 0.25F;
constexpr float least_pdf417 = 90;      // pixels across its bars, of a place that is doubtful
constexpr std::size_t most_helped = 1;  // PDF417 that are tried in every way
constexpr double least_part = 0.1;      // of a box of print: a symbol that makes it look like one

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

    // Whether a symbol that was read lies about the middle of the place, or is what made a larger place of print
    // likely.
    [[nodiscard]] bool covers(const SymbolPlace& place) const {
        const auto is_of = [&](const Quad& corners) {
            std::vector<cv::Point2f> quad;
            cv::Point2f middle;
            for (const Point& p : corners) {
                quad.emplace_back(p.x, p.y);
                middle += quad.back() * 0.25F;
            }
            if (cv::pointPolygonTest(quad, place.centre, false) >= 0) return true;
            return place.holds(middle) && cv::contourArea(quad) > least_part * static_cast<double>(place.size.area());
        };
        return std::any_of(out_.begin(), out_.end(), [&](const BarcodeReading& b) { return is_of(b.corners); }) ||
               std::any_of(parts_.begin(), parts_.end(), is_of);
    }

    bool take(const std::vector<Decoded>& found, const Crop& crop);

    // Whether a PDF417 that lies as this one does was tried before: several boxes of the locator lead to one symbol.
    bool tried(const Crop& straight) {
        const auto w = static_cast<float>(straight.pixels.cols), h = static_cast<float>(straight.pixels.rows);
        const Quad now{straight.at(0, 0), straight.at(w, 0), straight.at(w, h), straight.at(0, h)};
        const auto near = [&](const Quad& before) {
            const float reach = 0.03F * std::hypot(now[1].x - now[3].x, now[1].y - now[3].y);
            return std::equal(now.begin(), now.end(), before.begin(),
                              [&](const Point& a, const Point& b) { return std::hypot(a.x - b.x, a.y - b.y) < reach; });
        };
        if (std::any_of(tried_.begin(), tried_.end(), near)) return true;
        tried_.push_back(now);
        return false;
    }

    // Whether this PDF417 may be tried in every way, which costs up to 200 ms.
    [[nodiscard]] bool patient() const { return tried_.size() <= most_helped; }
    [[nodiscard]] bool time_left() const {
        return options_.most_time == Duration{0} || std::chrono::steady_clock::now() - begun_ < options_.most_time;
    }

  private:
    const Frame& frame_;
    const BarcodeOptions& options_;
    BarcodeTracker& tracker_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::vector<BarcodeReading> out_;
    std::vector<Quad> parts_;  // where parts of sequences are
    std::vector<Quad> tried_;  // where straightened PDF417 are
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

// Attempts at one PDF417. The correction of a poor picture's faults may end in another payload (of 9,408 symbols that
// one attempt was trusted with, one did): two attempts must agree.
class Pdf417Attempts {
  public:
    explicit Pdf417Attempts(FrameSearch& reading) : reading_(reading) {}
    // One more attempt. `flat`: level, its quiet zone four modules. True when one before read the same: it is taken.
    template <class ToCrop>
    bool agree(const cv::Mat& flat, Threshold threshold, const Crop& crop, const ToCrop& to_crop) {
        if (!reading_.time_left()) return false;
        for (Decoded& d : decode_by_zxing(flat, Kinds::pdf417, threshold, Look::upright)) {
            const bool again = std::any_of(before_.begin(), before_.end(), [&](const Decoded& b) {
                return b.bytes == d.bytes && b.sequence == d.sequence && b.index == d.index && b.parts == d.parts;
            });
            before_.push_back(d);
            if (!again) continue;
            for (cv::Point2f& c : d.corners) c = to_crop(c);
            if (reading_.take({d}, crop)) return true;
        }
        return false;
    }
    [[nodiscard]] bool any() const { return !before_.empty(); }

  private:
    FrameSearch& reading_;
    std::vector<Decoded> before_;
};

cv::Mat stretched_within(const cv::Mat& pixels, float module) {
    const int quiet = static_cast<int>(4 * module);
    return stretched(pixels, {quiet, quiet, pixels.cols - 2 * quiet, pixels.rows - 2 * quiet});
}

// The paper may be bent.
bool read_bent_pdf417(Pdf417Attempts& attempts, const cv::Mat& luma, const StraightPdf417& straight) {
    const auto bent = unbend_pdf417(luma, straight);
    if (!bent) return false;
    const cv::Mat plain = stretched_within(bent->pixels, bent->module);
    const Crop whole{luma, cv::Matx33f::eye()};
    const auto to_luma = [&](cv::Point2f p) {
        const int x = std::clamp(static_cast<int>(std::lround(p.x)), 0, bent->to_luma.cols - 1);
        const int y = std::clamp(static_cast<int>(std::lround(p.y)), 0, bent->to_luma.rows - 1);
        const auto v = bent->to_luma.at<cv::Vec2f>(y, x);
        return cv::Point2f{v[0], v[1]};
    };
    if (attempts.agree(plain, Threshold::local, whole, to_luma)) return true;
    if (attempts.agree(plain, Threshold::by_line, whole, to_luma)) return true;
    const cv::Mat sharp = sharpened(plain, 0.8 * bent->module, 1.5);
    return attempts.agree(sharp, Threshold::local, whole, to_luma) ||
           attempts.agree(sharp, Threshold::by_line, whole, to_luma);
}

bool read_dark_pdf417(FrameSearch& reading, const cv::Mat& luma, const SymbolPlace& place) {
    const auto straight = straighten_pdf417(luma, place);
    if (!straight || reading.tried(straight->crop)) return false;
    const cv::Mat plain = stretched_within(straight->crop.pixels, straight->module);
    Pdf417Attempts attempts(reading);
    const auto as_it_is = [](cv::Point2f p) { return p; };
    if (attempts.agree(plain, Threshold::local, straight->crop, as_it_is)) return true;
    if (attempts.agree(plain, Threshold::by_line, straight->crop, as_it_is)) return true;
    if (!reading.patient()) return false;
    if (read_bent_pdf417(attempts, luma, *straight)) return true;
    for (const auto& [sigma, amount] : {std::pair{0.8, 1.5}, {0.6, 2.0}, {1.0, 1.2}}) {
        const cv::Mat sharp = sharpened(plain, sigma * straight->module, amount);
        if (attempts.agree(sharp, Threshold::local, straight->crop, as_it_is)) return true;
        if (attempts.agree(sharp, Threshold::by_line, straight->crop, as_it_is)) return true;
        if (!attempts.any()) return false;
    }
    return false;
}

bool read_pdf417(FrameSearch& reading, const cv::Mat& luma, const SymbolPlace& place) {
    if (read_dark_pdf417(reading, luma, place)) return true;
    // A phone's dark mode shows light bars; print is never so.
    return place.likely >= likely_light && reading.time_left() && read_dark_pdf417(reading, 255 - luma, place);
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

// A box that is twice as long as high holds no square symbol: Aztec and the grids of DataMatrix are not looked for.
bool read_matrix(FrameSearch& reading, const cv::Mat& luma, const SymbolPlace& place) {
    const bool square =
        std::max(place.size.width, place.size.height) < 2 * std::min(place.size.width, place.size.height);
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
        return reading.time_left() && reading.take(decode_by_zxing(pixels, Kinds::matrix, t, Look::hard), crop);
    };
    if (attempt(plain, Threshold::local)) return true;
    if (square && read_aztec(reading, crop, std::sqrt(place.size.area()) * scale)) return true;
    if (attempt(plain, Threshold::middle)) return true;
    if (attempt(255 - plain, Threshold::local)) return true;
    if (attempt(sharpened(plain, 1.3 * scale, 2.5), Threshold::middle)) return true;
    if (attempt(sharpened(plain, 3 * scale, 2.5), Threshold::middle)) return true;
    return square && read_data_matrix(reading, crop, std::sqrt(place.size.area()) * scale);
}

// The share that is darker than the threshold that parts the box's grey levels best (Otsu's).
float dark_share(const cv::Mat& luma, const SymbolPlace& place) {
    constexpr int side = 48;  // samples
    const float c = std::cos(place.degrees * static_cast<float>(CV_PI) / 180);
    const float s = std::sin(place.degrees * static_cast<float>(CV_PI) / 180);
    cv::Mat samples(side, side, CV_8UC1);
    for (int j = 0; j < side; ++j) {
        for (int i = 0; i < side; ++i) {
            const float u = ((static_cast<float>(i) + 0.5F) / side - 0.5F) * place.size.width;
            const float v = ((static_cast<float>(j) + 0.5F) / side - 0.5F) * place.size.height;
            const int x = std::clamp(static_cast<int>(place.centre.x + u * c - v * s), 0, luma.cols - 1);
            const int y = std::clamp(static_cast<int>(place.centre.y + u * s + v * c), 0, luma.rows - 1);
            samples.at<std::uint8_t>(j, i) = luma.at<std::uint8_t>(y, x);
        }
    }
    cv::threshold(samples, samples, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    return 1 - static_cast<float>(cv::countNonZero(samples)) / (side * side);
}

// A box that is not quite square holds a square symbol and a piece of what lies beside it.
bool read_either_end(FrameSearch& reading, const cv::Mat& luma, const SymbolPlace& place) {
    const bool wide = place.size.width > place.size.height;
    const float side = std::min(place.size.width, place.size.height);
    const float off = (std::max(place.size.width, place.size.height) - side) / 2;
    const float turn = (place.degrees + (wide ? 0.0F : 90.0F)) * static_cast<float>(CV_PI) / 180;
    for (const float way : {-1.0F, 1.0F}) {
        SymbolPlace end = place;
        end.centre += cv::Point2f(std::cos(turn), std::sin(turn)) * (way * off);
        end.size = {side, side};
        const float scale = side < 260 ? 2 : 1;
        const Crop crop = cut(luma, end, end.slack + 0.11F * side, scale);
        if (read_aztec(reading, crop, side * scale) || read_data_matrix(reading, crop, side * scale)) return true;
    }
    return false;
}

// What a place may hold, by its box and its edges.
struct Shape {
    float bars = 1;  // how much stronger the edges are one way than the other
    bool stripes = false, square = false, oblong = false, nearly_square = false;
    [[nodiscard]] bool any() const { return stripes || square || oblong; }
};

Shape shape_of(const SymbolPlace& place) {
    const float longer = std::max(place.size.width, place.size.height),
                shorter = std::min(place.size.width, place.size.height);
    const bool doubtful = place.likely < likely_text;
    Shape s;
    s.bars = std::max(place.bars, 1 / place.bars);
    // A PDF417 has 1.5 to 2.5. Of print's small pieces many have as much, and are narrower than a PDF417 can be.
    const float across = place.bars > 1 ? place.size.width : place.size.height;
    s.stripes = s.bars > (doubtful ? 1.3F : 1.1F) && !(doubtful && across < least_pdf417);
    s.square = longer < 1.5F * shorter && s.bars < (doubtful ? 1.25F : 1.7F);  // others have 0.9 to 1.1
    // DataMatrix may be up to four times as long as high.
    s.oblong = !s.square && longer < 4.5F * shorter && s.bars < 1.5F && !doubtful;
    s.nearly_square = longer > 1.15F * shorter && longer < 2 * shorter && !doubtful;
    return s;
}

bool read_place(FrameSearch& reading, const cv::Mat& luma, const SymbolPlace& place) {
    if (!reading.time_left()) return false;
    const Shape shape = shape_of(place);
    if (shape.bars > 1.35F)
        return (shape.stripes && read_pdf417(reading, luma, place)) ||
               (shape.square && read_matrix(reading, luma, place));
    if ((shape.square || shape.oblong) && read_matrix(reading, luma, place)) return true;
    if ((shape.square || shape.oblong) && shape.nearly_square && read_either_end(reading, luma, place)) return true;
    return shape.stripes && read_pdf417(reading, luma, place);
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
    // A view whose symbol was read where it was is searched for another that is as plain, not for a doubtful one.
    const int most = again.empty() ? most_doubtful : 0;
    // Half of 1080p's size first; where nothing was read, smaller, for symbols held close or pictures of a few hundred
    // pixels.
    const int half = std::min(960, luma.cols);
    for (const int width : {half, half / 2}) {
        int doubtful = 0;
        for (const SymbolPlace& place : locate_symbols(luma, most_places, std::max(1, width))) {
            if (covers(place) || place.likely < least_likely || !shape_of(place).any()) continue;
            if (place.likely < likely_text && (doubtful++ >= most || dark_share(luma, place) < least_dark)) continue;
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
