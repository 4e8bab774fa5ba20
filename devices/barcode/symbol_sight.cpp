#include "devices/barcode/symbol_sight.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "devices/barcode/locate.hpp"
#include "devices/barcode/rectify.hpp"
#include "devices/sight/small.hpp"

namespace paso {

struct SymbolSights::Before {
    cv::Mat luma;      // small, of the frame before
    cv::Mat measured;  // small, of the frame that `sight` was measured in
    std::optional<MonoTime> measured_at;
    SymbolSight sight;
    bool faint = false;                   // and searched for what is hardly seen
    SymbolSight last;                     // of a symbol
    cv::Rect box;                         // where that was, in the small view
    std::optional<MonoTime> last_symbol;  // none yet, or read
    cv::Rect candidate;                   // what looked like one in the frame measured last
    std::optional<MonoTime> candidate_at;
    cv::Rect wide;  // around all that was seen of it since `wide_since`
    MonoTime wide_since{};
};

namespace {

constexpr int same_view = 16;   // grey levels of one pixel of the small view
constexpr float movement = 14;  // grey levels, of the symbol; trembling by half a pixel gives 6
constexpr float quiet = 1.5F;   // grey levels, of the whole view: nothing moves
constexpr std::size_t most_places = 6;
constexpr int half_width = 480, quarter_width = 240, eighth_width = 120;  // pixels
constexpr int fine_width = 1280;
constexpr Duration remembered = std::chrono::seconds{1};  // where a symbol was that moves now
constexpr Duration confirmed_within = std::chrono::milliseconds{250};
constexpr Duration pieces_of_one = std::chrono::milliseconds{500};
constexpr Duration between = std::chrono::milliseconds{80};  // two frames that are measured; movement is in each
constexpr Duration missed = std::chrono::milliseconds{170};  // a symbol that a frame or two do not show

// A piece of a symbol, or all of it.
struct Piece {
    SymbolPlace place;
    float module = 0, contrast = 0, light = 0;
};

int level_below(const cv::Mat& grey, double share) {
    std::array<int, 256> counts{};
    for (int y = 0; y < grey.rows; ++y) {
        const auto* row = grey.ptr<std::uint8_t>(y);
        for (int x = 0; x < grey.cols; ++x) ++counts[row[x]];
    }
    auto left = static_cast<int>(share * static_cast<double>(grey.total()));
    int level = 0;
    while (level < 255 && left >= counts[static_cast<std::size_t>(level)])
        left -= counts[static_cast<std::size_t>(level++)];
    return level;
}

// How a place looks when it is cut out upright and made dark and light by the mean around each pixel.
struct Looks {
    float dark = 0;              // share
    int empty_cells = 0;         // of sixteen, without both dark and light, or without edges
    float across = 0, down = 0;  // edges a pixel
};

Looks looks_of(const cv::Mat& two) {
    constexpr int cells = 4;
    Looks out;
    std::array<int, std::size_t{cells} * cells> dark{}, edges{};
    int across = 0, down = 0;
    const auto cell = [&](int y, int x) {
        const auto row = static_cast<std::size_t>(y * cells / two.rows),
                   column = static_cast<std::size_t>(x * cells / two.cols);
        return row * cells + column;
    };
    for (int y = 1; y < two.rows; ++y) {
        const auto* row = two.ptr<std::uint8_t>(y);
        const auto* above = two.ptr<std::uint8_t>(y - 1);
        for (int x = 1; x < two.cols; ++x) {
            const std::size_t c = cell(y, x);
            dark[c] += row[x] == 0 ? 1 : 0;
            const bool a = row[x] != row[x - 1], d = row[x] != above[x];
            edges[c] += a || d ? 1 : 0;
            across += a ? 1 : 0;
            down += d ? 1 : 0;
        }
    }
    const float pixels = static_cast<float>(two.total());
    const float one = pixels / (cells * cells);
    float all = 0;
    for (std::size_t i = 0; i < dark.size(); ++i) {
        const float share = static_cast<float>(dark[i]) / one;
        all += static_cast<float>(dark[i]);
        const bool empty = share < 0.2F || share > 0.8F || static_cast<float>(edges[i]) < 0.04F * one;
        out.empty_cells += empty ? 1 : 0;
    }
    out.dark = all / pixels;
    out.across = static_cast<float>(across) / pixels;
    out.down = static_cast<float>(down) / pixels;
    return out;
}

// A place cut out upright, as it looks.
struct Cut {
    cv::Mat pixels;
    float scale = 1;  // of its pixels to those of the picture
    float light = 0, contrast = 0;
    Looks looks;
    [[nodiscard]] float module() const { return 0.5F / std::max(0.001F, std::max(looks.across, looks.down)) / scale; }
    // Dark and light in equal shares all over it: print has blank space between its lines and less ink than paper.
    [[nodiscard]] bool chequered() const {
        return looks.empty_cells <= 1 && looks.dark > 0.36F && looks.dark < 0.64F && contrast >= 10;
    }
};

Cut cut_out(const cv::Mat& luma, const SymbolPlace& place) {
    constexpr float most_side = 240;
    Cut out;
    out.scale = std::min(2.0F, most_side / std::max(place.size.width, place.size.height));
    out.pixels = cut(luma, place, 0, out.scale).pixels;
    out.light = static_cast<float>(level_below(out.pixels, 0.9));
    out.contrast = out.light - static_cast<float>(level_below(out.pixels, 0.1));
    const int around = std::max(9, std::min(out.pixels.rows, out.pixels.cols) / 3 | 1);
    out.looks = looks_of(two_levels(out.pixels, around));
    return out;
}

float stripes(const SymbolPlace& p) { return std::max(p.bars, 1 / std::max(0.01F, p.bars)); }

// Whether what can be seen sharply is a symbol or a piece of one. Measured with the specimens: symbols have an order of
// 0.84 and more and 0.82 of their light as contrast, glare apart; text, portraits, stamps and guilloche do not have
// both.
bool plain_to_see(const SymbolPlace& p, const Cut& c) {
    constexpr float least_side = 26, least_module = 2.5F, least_order = 0.8F;
    constexpr float most_stripes = 3.2F, of_large = 4.2F, large = 100;  // smeared print has more
    const float side = std::min(p.size.width, p.size.height);
    if (side < least_side || c.module() < least_module) return false;
    if (p.order < least_order || stripes(p) > (side < large ? most_stripes : of_large)) return false;
    return c.contrast > 0.8F * c.light || (c.light >= 250 && c.contrast > 0.6F * c.light);
}

// The same of a screen that hardly shines.
bool dimly_seen(const SymbolPlace& p, const Cut& c) {
    constexpr float least_side = 40, most_light = 90;
    if (std::min(p.size.width, p.size.height) < least_side || c.light > most_light) return false;
    return p.order > 0.7F && stripes(p) < 3.2F && c.contrast > 0.5F * c.light;
}

// Whether the texture ends at the place, on all of its sides, and fills it: a symbol far away is a grey block with a
// blank space around it. A line of print, or a part of a page, is not.
bool stands_alone(const cv::Mat& luma, const SymbolPlace& place, float contrast) {
    const float side = std::min(place.size.width, place.size.height);
    const cv::Mat around = cut(luma, place, 0.4F * side + 6, 1).pixels;
    cv::Mat wide, mean, squares, deviation;
    around.convertTo(wide, CV_32F);
    cv::boxFilter(wide, mean, -1, {3, 3});
    cv::boxFilter(wide.mul(wide), squares, -1, {3, 3});
    cv::sqrt(cv::max(squares - mean.mul(mean), 0), deviation);
    cv::Mat mask = deviation > 0.15F * contrast;
    cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8U));
    const cv::Point2f centre(static_cast<float>(around.cols) / 2, static_cast<float>(around.rows) / 2);
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(mask, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    return std::any_of(outlines.begin(), outlines.end(), [&](const std::vector<cv::Point>& outline) {
        const cv::Rect box = cv::boundingRect(outline);
        const bool ends = box.x > 0 && box.y > 0 && box.br().x < around.cols && box.br().y < around.rows;
        if (!ends || static_cast<float>(box.area()) < place.size.area() / 2) return false;
        std::vector<cv::Point> hull;
        cv::convexHull(outline, hull);
        const double block = static_cast<double>(cv::minAreaRect(hull).size.area());  // its direction is not known
        return cv::pointPolygonTest(hull, centre, false) > 0 && cv::contourArea(hull) > 0.85 * block &&
               cv::contourArea(outline) > 0.7 * block;
    });
}

bool far_away(const cv::Mat& luma, const SymbolPlace& p, const Cut& c) {
    constexpr float least_side = 18, most_module = 3.2F;
    const float shorter = std::min(p.size.width, p.size.height), longer = std::max(p.size.width, p.size.height);
    if (shorter < least_side || c.module() > most_module || c.contrast < 0.15F * c.light) return false;
    const bool wide = p.size.width > p.size.height;
    const bool square = longer < 1.4F * shorter && stripes(p) < 1.25F;
    const bool bars = longer > 1.8F * shorter && longer < 6 * shorter && (wide ? p.bars : 1 / p.bars) > 1.5F;
    return (square || bars) && stands_alone(luma, p, c.contrast);
}

using Test = bool (*)(const cv::Mat& luma, const SymbolPlace&, const Cut&);

std::vector<Piece> pieces_of(const cv::Mat& luma, std::span<const SymbolPlace> places, Test is_one) {
    std::vector<Piece> out;
    for (const SymbolPlace& p : places) {
        if (std::min(p.size.width, p.size.height) < 8) continue;
        const Cut c = cut_out(luma, p);
        if (c.chequered() && is_one(luma, p, c)) out.push_back({p, c.module(), c.contrast, c.light});
    }
    return out;
}

float area_of(const std::vector<Piece>& pieces) {
    float sum = 0;
    for (const Piece& p : pieces) sum += p.place.size.area();
    return sum;
}

// Over the picture at sizes at which large modules become small: of the sizes that show pieces the one that shows most.
std::vector<Piece> find(const cv::Mat& luma) {
    const Test plain = [](const cv::Mat&, const SymbolPlace& p, const Cut& c) { return plain_to_see(p, c); };
    // At the smallest size a page of smeared print is one texture; it has stripes, and what is so large has few.
    const Test large = [](const cv::Mat&, const SymbolPlace& p, const Cut& c) {
        return stripes(p) < 1.7F && plain_to_see(p, c);
    };
    std::vector<Piece> out;
    for (const int width : {half_width, quarter_width, eighth_width}) {
        const Test& test = width == eighth_width ? large : plain;
        std::vector<Piece> more = pieces_of(luma, locate_symbols(luma, most_places, width), test);
        if (area_of(more) > area_of(out)) out = std::move(more);
    }
    return out;
}

// Of a picture that is still: a dim screen, which has the edges of faint print, or a symbol far away.
std::vector<Piece> find_faint(const cv::Mat& luma) {
    constexpr int bright = 120, gain = 4;
    cv::Mat small;
    cv::resize(luma, small, {half_width, std::max(1, luma.rows * half_width / luma.cols)}, 0, 0, cv::INTER_AREA);
    if (level_below(small, 0.995) < bright) {
        small.convertTo(small, -1, gain);
        std::vector<SymbolPlace> places = locate_symbols(small, most_places, half_width);
        const float up = static_cast<float>(luma.cols) / static_cast<float>(small.cols);
        for (SymbolPlace& p : places) {
            p.centre *= up;
            p.size = {p.size.width * up, p.size.height * up};
            p.slack *= up;
        }
        const Test dim = [](const cv::Mat&, const SymbolPlace& p, const Cut& c) { return dimly_seen(p, c); };
        if (auto out = pieces_of(luma, places, dim); !out.empty()) return out;
    }
    return pieces_of(luma, locate_symbols(luma, most_places, std::min(luma.cols, fine_width)), far_away);
}

cv::Rect box_of(const SymbolPlace& p) { return cv::RotatedRect(p.centre, p.size, p.degrees).boundingRect(); }

// The picture's sides that a box, right but for `slack`, reaches.
std::uint8_t sides_of(const cv::Rect& box, float slack, const cv::Size& picture) {
    const int s = static_cast<int>(slack);
    unsigned sides = 0;
    if (box.x <= s) sides |= 1U;
    if (box.y <= s) sides |= 2U;
    if (box.br().x >= picture.width - s) sides |= 4U;
    if (box.br().y >= picture.height - s) sides |= 8U;
    return static_cast<std::uint8_t>(sides);
}

cv::Rect grown(const cv::Rect& box, double share) {
    const int by = static_cast<int>(share * std::max(box.width, box.height));
    return {box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by};
}

// What is burnt out and what hands cover of a box in the small view.
void cover(const SmallView& small, const cv::Rect& box, SymbolSight& s) {
    constexpr int white = 250;
    const cv::Rect all({0, 0}, small.luma.size());
    const cv::Rect near = box & all;
    if (near.empty()) return;
    // A bright screen is white in all of its light modules: a burnt place is larger than those.
    const int least = std::max(5, static_cast<int>(3 * s.module) / small.factor);
    cv::Mat burnt = small.luma(near) >= white;
    cv::morphologyEx(burnt, burnt, cv::MORPH_OPEN, cv::Mat::ones(least, least, CV_8U));
    const Spot spot = largest_spot(burnt);
    if (spot.area > 0) s.burnt_place = place_in(spot.box + near.tl(), small.luma.size());
    s.burnt = static_cast<float>(spot.area / std::max(1, near.area()));
    if (small.skin.empty()) return;
    const cv::Rect around = grown(box, 0.25) & all;
    cv::Mat region = cv::Mat::zeros(small.luma.size(), CV_8U);
    region(around) = 255;
    const cv::Mat hand = hands_on(small.skin, region);
    s.hand = static_cast<float>(cv::countNonZero(hand)) / static_cast<float>(around.area());
    if (const cv::Rect there = cv::boundingRect(hand); !there.empty())
        s.hand_place = place_in(there, small.luma.size());
}

bool looks_the_same(const cv::Mat& a, const cv::Mat& b) {
    if (a.size() != b.size()) return false;
    double most = 0;
    cv::minMaxLoc(cv::abs(a - b), nullptr, &most);
    return most <= same_view;
}

float change(const cv::Mat& a, const cv::Mat& b, const cv::Rect& box) {
    const cv::Rect where = box & cv::Rect({0, 0}, a.size());
    if (a.size() != b.size() || where.empty()) return 255;
    cv::Mat difference;
    cv::absdiff(a(where), b(where), difference);
    return static_cast<float>(cv::mean(difference)[0]);
}

}  // namespace

SymbolSights::SymbolSights() : before_(std::make_unique<Before>()) {}
SymbolSights::~SymbolSights() = default;
SymbolSights::SymbolSights(SymbolSights&&) noexcept = default;
SymbolSights& SymbolSights::operator=(SymbolSights&&) noexcept = default;

SymbolSight SymbolSights::look(const Frame& frame, std::span<const BarcodeReading> readings) {
    SymbolSight s;
    s.frame = frame.sequence();
    s.captured = frame.captured();
    if (!can_be_judged(frame)) return s;
    Before& b = *before_;
    const SmallView small = small_view(frame);
    const cv::Mat before = std::exchange(b.luma, small.luma);
    const bool known = readings.empty() && looks_the_same(b.measured, small.luma);
    const bool lately = b.measured_at && s.captured >= *b.measured_at && s.captured - *b.measured_at < between;
    if ((known && (b.sight.symbol || b.faint)) || (lately && readings.empty())) {
        s = b.sight;
        s.frame = frame.sequence();
        s.captured = frame.captured();
        s.moved = s.symbol ? change(before, small.luma, b.box) : 0;
        return s;
    }
    b.measured = small.luma;
    b.measured_at = s.captured;
    b.faint = false;
    const cv::Mat luma(frame.height(), frame.width(), CV_8UC1, const_cast<std::uint8_t*>(frame.luma().data()));
    if (!readings.empty()) {
        s.symbol = s.read = true;
        b.last_symbol.reset();
        return b.sight = s;
    }
    const Duration since = b.last_symbol ? s.captured - *b.last_symbol : Duration::max();
    std::vector<Piece> pieces = find(luma);
    if (pieces.empty() && change(before, small.luma, {{0, 0}, small.luma.size()}) < quiet) {
        pieces = find_faint(luma);
        b.faint = true;
    }
    if (pieces.empty()) {
        const float moved = since < remembered ? change(before, small.luma, grown(b.box, 0.5)) : 0;
        if (since < missed && moved <= movement) {
            s = b.last;
            s.frame = frame.sequence();
            s.captured = frame.captured();
            s.moved = moved;
        } else if (moved > movement) {  // too smeared to look like a symbol
            s.symbol = true;
            s.moved = moved;
            s.place = place_in(b.box, small.luma.size());
        }
        return b.sight = s;
    }
    cv::Rect box;
    for (const Piece& p : pieces) box |= box_of(p.place);
    const cv::Rect in_view(box.tl() / small.factor, box.size() / small.factor);
    // Print may look like a symbol in one frame; the next is measured at once, and must too.
    const bool twice = b.candidate_at && s.captured - *b.candidate_at < confirmed_within &&
                       4 * (in_view & b.candidate).area() > std::min(in_view.area(), b.candidate.area());
    b.candidate = in_view;
    b.candidate_at = s.captured;
    if (since >= remembered && !twice) {
        b.measured.release();
        b.measured_at.reset();
        return b.sight = s;
    }
    s.symbol = true;
    const Piece& largest = *std::max_element(pieces.begin(), pieces.end(), [](const Piece& x, const Piece& y) {
        return x.place.size.area() < y.place.size.area();
    });
    s.module = largest.module;
    s.contrast = largest.contrast;
    s.light = largest.light;
    s.sides = sides_of(box, largest.place.slack, luma.size());
    s.place = place_in(box & cv::Rect({0, 0}, luma.size()), luma.size());
    b.box = in_view;
    b.last_symbol = s.captured;
    s.moved = before.empty() ? 0 : change(before, small.luma, b.box);
    // Light or a hand parts a symbol into pieces of which not every frame shows the same.
    if (since >= missed || s.moved > movement || s.captured - b.wide_since >= pieces_of_one) {
        b.wide = b.box;
        b.wide_since = s.captured;
    }
    b.wide |= b.box;
    cover(small, b.wide, s);
    b.last = s;
    return b.sight = s;
}

}  // namespace paso
