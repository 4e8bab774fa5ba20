#include "devices/barcode/locate.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <complex>
#include <opencv2/imgproc.hpp>

#include "devices/barcode/rectify.hpp"

namespace paso {
namespace {

constexpr int cell = 4;  // pixels of the searched picture
// Cells. The solid bars and the quiet spaces of a large PDF417 part the smaller window's places.
constexpr std::array windows{5, 9};
// Mean steps between neighbours, in grey levels: from faint print to black on white. A symbol beside text or on
// guilloche comes apart from it at one of them.
constexpr std::array levels{20.0F, 30.0F, 42.0F, 58.0F, 78.0F, 110.0F, 150.0F};
constexpr float faint = 80;
constexpr float wide_from = 35;
constexpr float plateau = 1.7F;
constexpr float least_even = 0.72F;  // of a window; text has 0.3 to 0.65
constexpr float least_order = 0.05F;
constexpr float least_filled = 0.55F;  // of the box
constexpr int least_cells = 16;
constexpr double thin_side = 36;     // pixels of the searched picture; a line of print is thinner
constexpr int most_pixels = 16'000;  // that a direction is taken from

struct Texture {
    cv::Mat strength;  // float, one element a cell: mean step between neighbouring pixels over the window
    cv::Mat even;      // float: 1 where all cells of the window have the same step
};

cv::Mat steps_of(const cv::Mat& picture) {
    cv::Mat dx, dy, ax, ay, steps, cells;
    cv::Sobel(picture, dx, CV_16S, 1, 0);
    cv::Sobel(picture, dy, CV_16S, 0, 1);
    cv::convertScaleAbs(dx, ax, 0.5);
    cv::convertScaleAbs(dy, ay, 0.5);
    cv::add(ax, ay, steps);
    cv::resize(steps(cv::Rect(0, 0, picture.cols / cell * cell, picture.rows / cell * cell)), cells,
               {picture.cols / cell, picture.rows / cell}, 0, 0, cv::INTER_AREA);
    cells.convertTo(cells, CV_32F);
    return cells;
}

Texture texture_of(const cv::Mat& cells, int window) {
    Texture t;
    cv::Mat squares;
    cv::boxFilter(cells, t.strength, -1, {window, window});
    cv::boxFilter(cells.mul(cells), squares, -1, {window, window});
    t.even = t.strength.mul(t.strength) / (squares + 1);
    return t;
}

struct Component {
    cv::Rect cells;
    int area = 0;
    friend bool operator==(const Component&, const Component&) = default;
};

std::vector<Component> components_of(const cv::Mat& labels, int n) {
    struct Ends {
        int left = INT_MAX, top = INT_MAX, right = -1, bottom = -1, area = 0;
    };
    std::vector<Ends> ends(static_cast<std::size_t>(n));
    for (int y = 0; y < labels.rows; ++y) {
        const auto* row = labels.ptr<std::int32_t>(y);
        for (int x = 0; x < labels.cols; ++x) {
            if (row[x] == 0) continue;
            Ends& e = ends[static_cast<std::size_t>(row[x])];
            e.left = std::min(e.left, x);
            e.right = std::max(e.right, x);
            e.top = std::min(e.top, y);
            e.bottom = y;
            ++e.area;
        }
    }
    std::vector<Component> out;
    out.reserve(ends.size());
    for (const Ends& e : ends) {
        out.push_back(
            {e.area == 0 ? cv::Rect() : cv::Rect(cv::Point(e.left, e.top), cv::Point(e.right + 1, e.bottom + 1)),
             e.area});
    }
    return out;
}

struct Directions {
    float degrees = 0;
    float order = 0;
    float bars = 1;
};

// Sums over gradients, in blocks of lanes that the compiler can lay side by side: the fourth power as a complex number,
// its size, and the three products of the two parts.
struct Gradients {
    static constexpr std::size_t lanes = 4, block = 256;
    std::array<float, block> a{}, b{};
    std::size_t n = 0;
    std::array<double, 6> total{};

    void add(int across, int down) {
        a[n] = static_cast<float>(across);
        b[n] = static_cast<float>(down);
        if (++n == block) sum_up();
    }
    void sum_up() {
        for (; n % lanes != 0; ++n) a[n] = b[n] = 0;
        std::array<std::array<float, lanes>, 6> part{};
        for (std::size_t i = 0; i < n; i += lanes) {
            for (std::size_t l = 0; l < lanes; ++l) {
                const float aa = a[i + l] * a[i + l], bb = b[i + l] * b[i + l], ab = a[i + l] * b[i + l];
                const float c2 = aa - bb, s2 = 2 * ab;
                part[0][l] += c2 * c2 - s2 * s2;
                part[1][l] += 2 * c2 * s2;
                part[2][l] += (aa + bb) * (aa + bb);
                part[3][l] += aa;
                part[4][l] += ab;
                part[5][l] += bb;
            }
        }
        for (std::size_t k = 0; k < part.size(); ++k) {
            for (const float p : part[k]) total[k] += p;
        }
        n = 0;
    }
};

// The direction, modulo a right angle, of the edges in the component's cells, from the full picture: the fourth power
// of each gradient as a complex number turns four such directions into one.
Directions directions_of(const cv::Mat& luma, double scale, const cv::Mat& labels, int label, cv::Rect cells) {
    const double side = cell * scale;  // of a cell, pixels of the full picture
    cv::Rect box(cv::Point(cv::Point2d(cells.tl()) * side), cv::Point(cv::Point2d(cells.br()) * side));
    box &= cv::Rect(0, 0, luma.cols, luma.rows);
    const int step = std::max(1, static_cast<int>(std::lround(std::sqrt(box.area() / double{most_pixels}))));
    std::vector<int> column(static_cast<std::size_t>(box.width));
    for (int x = 0; x < box.width; ++x) {
        column[static_cast<std::size_t>(x)] = std::min(static_cast<int>((box.x + x) / side), labels.cols - 1);
    }
    Gradients sums;
    // Every `step`th pixel of every `step`th row, each row from another pixel: a module of just so many pixels would be
    // looked at in its middle alone.
    int rows = 0;
    for (int y = 1; y + 1 < box.height; y += step, ++rows) {
        const auto* mask = labels.ptr<std::int32_t>(std::min(static_cast<int>((box.y + y) / side), labels.rows - 1));
        const auto* above = luma.ptr<std::uint8_t>(box.y + y - 1) + box.x;
        const auto* row = luma.ptr<std::uint8_t>(box.y + y) + box.x;
        const auto* below = luma.ptr<std::uint8_t>(box.y + y + 1) + box.x;
        for (int x = 1 + rows % step; x + 1 < box.width; x += step) {
            if (mask[column[static_cast<std::size_t>(x)]] != label) continue;
            sums.add(above[x + 1] + 2 * row[x + 1] + below[x + 1] - above[x - 1] - 2 * row[x - 1] - below[x - 1],
                     below[x - 1] + 2 * below[x] + below[x + 1] - above[x - 1] - 2 * above[x] - above[x + 1]);
        }
    }
    sums.sum_up();
    const std::complex<double> sum(sums.total[0], sums.total[1]);
    const double all = sums.total[2];
    const std::array tensor{sums.total[3], sums.total[4], sums.total[5]};
    Directions d;
    if (all <= 0) return d;
    const double angle = std::arg(sum) / 4;
    const double c = std::cos(angle), s = std::sin(angle);
    const double across = tensor[0] * c * c + 2 * tensor[1] * c * s + tensor[2] * s * s;
    const double along = tensor[0] * s * s - 2 * tensor[1] * c * s + tensor[2] * c * c;
    d.degrees = static_cast<float>(angle * 180 / CV_PI);
    d.order = static_cast<float>(std::abs(sum) / all);
    d.bars = static_cast<float>(std::sqrt((across + 1) / (along + 1)));
    return d;
}

// The box along the edges' direction that holds the component's cells.
SymbolPlace box_of(const cv::Mat& labels, int label, cv::Rect cells, const Directions& d, double scale) {
    const double c = std::cos(d.degrees * CV_PI / 180), s = std::sin(d.degrees * CV_PI / 180);
    std::vector<float> us, vs;
    for (int y = cells.y; y < cells.br().y; ++y) {
        const auto* row = labels.ptr<std::int32_t>(y);
        for (int x = cells.x; x < cells.br().x; ++x) {
            if (row[x] != label) continue;
            const double px = (x + 0.5) * cell, py = (y + 0.5) * cell;
            us.push_back(static_cast<float>(px * c + py * s));
            vs.push_back(static_cast<float>(py * c - px * s));
        }
    }
    const auto ends = [](std::vector<float>& v) {
        const std::size_t cut = v.size() / 200;
        std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(cut), v.end());
        const float low = v[cut];
        const std::size_t up = v.size() - 1 - cut;
        std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(up), v.end());
        return std::pair{low, v[up]};
    };
    const auto [u0, u1] = ends(us);
    const auto [v0, v1] = ends(vs);
    const double u = (u0 + u1) / 2, v = (v0 + v1) / 2;
    SymbolPlace p;
    p.centre = {static_cast<float>((u * c - v * s) * scale), static_cast<float>((u * s + v * c) * scale)};
    // A window that reaches over the symbol's edge is uneven: the component ends about two cells inside.
    p.size = {static_cast<float>((u1 - u0 + cell) * scale), static_cast<float>((v1 - v0 + cell) * scale)};
    p.degrees = d.degrees;
    p.order = d.order;
    p.bars = d.bars;
    return p;
}

bool same(const SymbolPlace& a, const SymbolPlace& b) {
    const float side = std::min(std::min(a.size.width, a.size.height), std::min(b.size.width, b.size.height));
    const double apart = cv::norm(a.centre - b.centre);
    const float area_a = a.size.area(), area_b = b.size.area();
    return apart < side * 0.2 && std::max(area_a, area_b) < 1.35F * std::min(area_a, area_b);
}

bool overlap(const SymbolPlace& a, const SymbolPlace& b) {
    const float area_a = a.size.area(), area_b = b.size.area();
    const float less = std::min(area_a, area_b), more = std::max(area_a, area_b);
    return cv::norm(a.centre - b.centre) < 0.5 * std::sqrt(static_cast<double>(less)) && more < 3 * less;
}

// A piece of a symbol that is there as a whole: a PDF417 comes apart at its bars, and would take the places of others.
bool piece_of(const SymbolPlace& piece, const SymbolPlace& whole) {
    return whole.holds(piece.centre) && piece.size.area() < whole.size.area();
}

// Order alone would put a bold word before a blurred symbol: a symbol also fills its box, is even, and is no single
// line.
float worth(const SymbolPlace& p, double filled, double even, double scale) {
    const double thin = std::min(p.size.width, p.size.height) / (scale * thin_side);
    return static_cast<float>((0.15 + p.order) * std::pow(std::min(1.0, filled), 3) * std::pow(even, 4) *
                              std::min(1.0, thin * thin));
}

}  // namespace

bool SymbolPlace::holds(cv::Point2f p) const {
    const float turn = degrees * static_cast<float>(CV_PI) / 180;
    const cv::Point2f off = p - centre;
    const float u = off.x * std::cos(turn) + off.y * std::sin(turn),
                v = off.y * std::cos(turn) - off.x * std::sin(turn);
    return 2 * std::abs(u) < size.width && 2 * std::abs(v) < size.height;
}

std::vector<SymbolPlace> locate_symbols(const cv::Mat& luma, std::size_t most, int width) {
    std::vector<std::pair<float, SymbolPlace>> found;
    const double scale = std::max(1.0, static_cast<double>(luma.cols) / width);
    cv::Mat picture = luma;
    if (scale > 1) {
        const int high = std::max(1, static_cast<int>(std::lround(luma.rows / scale)));
        picture = averaged_down(luma, {static_cast<int>(std::lround(luma.cols / scale)), high});
    }
    if (picture.cols < 4 * cell || picture.rows < 4 * cell) return {};
    const cv::Mat cells_steps = steps_of(picture);
    const Texture texture = texture_of(cells_steps, windows[0]), wide = texture_of(cells_steps, windows[1]);
    const cv::Mat even = texture.even > least_even, wide_even = wide.even > least_even;
    std::vector<cv::Mat> masks;
    for (const float level : levels) {
        const cv::Mat over = (texture.strength > level) & even;
        masks.push_back(over);
        // Faint print under bold text and over guilloche is a plateau of its own.
        if (level < faint) masks.push_back(over & (texture.strength < plateau * level));
        if (level > wide_from) masks.push_back((wide.strength > level) & wide_even);
    }
    const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {3, 3});
    std::vector<Component> seen;
    for (cv::Mat& inside : masks) {
        if (cv::countNonZero(inside) < least_cells) continue;
        cv::morphologyEx(inside, inside, cv::MORPH_OPEN, square);
        if (cv::countNonZero(inside) < least_cells) continue;
        cv::Mat labels;
        const int n = cv::connectedComponents(inside, labels, 4);
        const std::vector<Component> components = components_of(labels, n);
        for (int i = 1; i < n; ++i) {
            const Component& component = components[static_cast<std::size_t>(i)];
            const auto& [cells, area] = component;
            if (area < least_cells || std::min(cells.width, cells.height) < 3) continue;
            if (area * 4 < cells.area()) continue;  // even a square on its corner has more
            if (std::find(seen.begin(), seen.end(), component) != seen.end()) continue;  // at another level
            seen.push_back(component);
            const Directions d = directions_of(luma, scale, labels, i, cells);
            if (d.order < least_order) continue;
            SymbolPlace p = box_of(labels, i, cells, d, scale);
            const double pixels = area * std::pow(cell * scale, 2);
            const double filled = pixels / static_cast<double>(p.size.area());
            if (filled < least_filled) continue;
            const double evenness = cv::mean(texture.even(cells), labels(cells) == i)[0];
            const float w = worth(p, filled, evenness, scale);
            p.likely = w;
            p.slack = static_cast<float>(1.5 * cell * scale);
            const auto known =
                std::find_if(found.begin(), found.end(), [&](const auto& f) { return same(p, f.second); });
            if (known == found.end()) {
                found.emplace_back(w, p);
            } else if (w > known->first) {
                *known = {w, p};
            }
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    // Another box of a place that is already there comes after the places that are new.
    std::vector<SymbolPlace> out, again;
    for (const auto& f : found) {
        const bool new_place = std::none_of(out.begin(), out.end(), [&](const SymbolPlace& q) {
            return overlap(f.second, q) || piece_of(f.second, q);
        });
        (new_place ? out : again).push_back(f.second);
    }
    const std::size_t most_new = std::max(most * 2 / 3, most - std::min(most, again.size()));
    if (out.size() > most_new) out.resize(most_new);
    for (std::size_t i = 0; i < again.size() && out.size() < most; ++i) out.push_back(again[i]);
    return out;
}

}  // namespace paso
