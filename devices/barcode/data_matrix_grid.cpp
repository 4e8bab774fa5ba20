#include "devices/barcode/data_matrix_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <span>
#include <vector>

namespace paso {
namespace {

constexpr std::array sizes{10, 12, 14, 16, 18, 20, 22, 24, 26, 32, 36, 40, 44, 48, 52, 64};
constexpr int largest_grid = 76;
constexpr int bands = 5;
constexpr int most_pitches = 200;
constexpr std::size_t most_seeds = 5;
constexpr float smallest_module = 2.2F;  // pixels
constexpr float least_finder = 0.86F;    // share of the finder's modules that are as they must be
constexpr float faint_finder = 0.76F;    // of a grid that may be laid askew

// How strongly edges across x come back every `module` pixels, summed over bands so that a slant hides little.
void add_power(const cv::Mat& pixels, const std::vector<float>& modules, std::vector<float>& power) {
    cv::Mat step;
    cv::Sobel(pixels, step, CV_32F, 1, 0);
    step = cv::abs(step);
    const int inset = pixels.rows / 6;
    const int high = (pixels.rows - 2 * inset) / bands;
    if (high < 2) return;
    for (int b = 0; b < bands; ++b) {
        cv::Mat mean;
        cv::reduce(step.rowRange(inset + b * high, inset + (b + 1) * high), mean, 0, cv::REDUCE_AVG, CV_32F);
        const int from = mean.cols / 6, to = mean.cols - from;
        const auto* p = mean.ptr<float>(0);
        float level = 0;
        for (int x = from; x < to; ++x) level += p[x];
        level /= static_cast<float>(to - from);
        for (std::size_t k = 0; k < modules.size(); ++k) {
            const float turn = 2 * static_cast<float>(CV_PI) / modules[k];
            const float c = std::cos(turn), s = std::sin(turn);
            float re = 1, im = 0, sum_re = 0, sum_im = 0;
            for (int x = from; x < to; ++x) {
                sum_re += (p[x] - level) * re;
                sum_im += (p[x] - level) * im;
                const float next = re * c - im * s;
                im = re * s + im * c;
                re = next;
            }
            power[k] += sum_re * sum_re + sum_im * sum_im;
        }
    }
}

// How far each stands out from its neighbours, by the logarithm: modules in no order have the more power the larger
// the pitch.
std::vector<float> standing_out(const std::vector<float>& power) {
    constexpr std::ptrdiff_t reach = 16;
    const auto n = static_cast<std::ptrdiff_t>(power.size());
    std::vector<float> out;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
        std::vector<float> near(power.begin() + std::max<std::ptrdiff_t>(0, i - reach),
                                power.begin() + std::min(n, i + reach + 1));
        const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
        std::nth_element(near.begin(), middle, near.end());
        out.push_back(std::log((power[static_cast<std::size_t>(i)] + 1e-6F) / (*middle + 1e-6F)));
    }
    return out;
}

// What may be the pitch of the modules, pixels, likeliest first: the one that stands out, and the strongest. Nothing
// where the crop is too small to say.
std::vector<float> modules_of(const cv::Mat& pixels, float side) {
    std::vector<float> modules;
    const float smallest = std::max(smallest_module, side / 80);
    for (int i = 0; i < most_pitches; ++i) {
        const float m = smallest * std::pow(1.015F, static_cast<float>(i));
        if (m >= side / 8) break;
        modules.push_back(m);
    }
    if (modules.empty()) return {};
    std::vector<float> power(modules.size());
    cv::Mat turned;
    cv::transpose(pixels, turned);
    add_power(pixels, modules, power);
    add_power(turned, modules, power);
    const auto most = [&](const std::vector<float>& of) {
        return modules[static_cast<std::size_t>(std::max_element(of.begin(), of.end()) - of.begin())];
    };
    const float first = most(standing_out(power)), strongest = most(power);
    return strongest == first ? std::vector{first} : std::vector{first, strongest};
}

Corners square_at(cv::Point2f centre, float half, float degrees) {
    const float turn = degrees * static_cast<float>(CV_PI) / 180;
    const cv::Point2f x = cv::Point2f(std::cos(turn), std::sin(turn)) * half, y(-x.y, x.x);
    return {centre - x - y, centre + x - y, centre + x + y, centre - x + y};
}

// Some modules about a place, shifted by parts of a module and turned by what the box may be out by, to where they fit
// best.
Corners seed_at(const cv::Mat& relief, cv::Point2f middle, float module, int seed) {
    const float half = static_cast<float>(seed) / 2 * module;
    Corners best{};
    float most = -1;
    for (const float degrees : {0.0F, -2.0F, 2.0F, -4.0F, 4.0F}) {
        for (int i = 0; i < 25; ++i) {
            const int down = i / 5 - 2;
            const cv::Point2f shift(static_cast<float>(i % 5 - 2) * 0.2F * module,
                                    static_cast<float>(down) * 0.2F * module);
            const Corners c = square_at(middle + shift, half, degrees);
            const float fit = grid_fit(relief, grid_map(c, static_cast<float>(seed)), 0, seed - 1, 1);
            if (fit > most) {
                most = fit;
                best = c;
            }
        }
    }
    return better_corners(relief, best, seed, 0.25F, 3);
}

struct Window {
    int x = 0, y = 0, size = 0, turns = 0;  // turns: quarter turns clockwise that bring the L to the left and below
    float score = 0;
};

// Sums along rows and columns of dark modules, and of modules that agree with a chequered pattern.
class Lines {
  public:
    explicit Lines(const cv::Mat& dark) : n_(dark.cols), rows_(table()), columns_(table()) {
        for (int y = 0; y < n_; ++y) {
            for (int x = 0; x < n_; ++x) {
                const int d = dark.at<std::uint8_t>(y, x) != 0 ? 1 : 0;
                const int even = (x + y) % 2 == 0 ? d : 1 - d;
                row(0, y)[x + 1] = row(0, y)[x] + d;
                row(1, y)[x + 1] = row(1, y)[x] + even;
                column(0, x)[y + 1] = column(0, x)[y] + d;
                column(1, x)[y + 1] = column(1, x)[y] + even;
            }
        }
    }
    struct Side {
        int solid, dotted, light;  // dotted: agreeing with dark at its first module
    };
    [[nodiscard]] Side across(int y, int x, int size) const { return side(rows_, y, x, size); }
    [[nodiscard]] Side down(int x, int y, int size) const { return side(columns_, x, y, size); }

  private:
    [[nodiscard]] std::vector<int> table() const {
        return std::vector<int>(std::size_t{2} * static_cast<std::size_t>(n_) * (static_cast<std::size_t>(n_) + 1));
    }
    [[nodiscard]] std::size_t index(int kind, int line) const {
        return (static_cast<std::size_t>(kind) * static_cast<std::size_t>(n_) + static_cast<std::size_t>(line)) *
               (static_cast<std::size_t>(n_) + 1);
    }
    int* row(int kind, int y) { return rows_.data() + index(kind, y); }
    int* column(int kind, int x) { return columns_.data() + index(kind, x); }
    [[nodiscard]] Side side(const std::vector<int>& t, int line, int from, int size) const {
        const int* d = t.data() + index(0, line);
        const int* e = t.data() + index(1, line);
        const int dark = d[from + size] - d[from];
        const int even = e[from + size] - e[from];
        const bool starts_even = (line + from) % 2 == 0;
        return {dark, starts_even ? even : size - even, size - dark};
    }
    int n_;
    std::vector<int> rows_, columns_;
};

// The square whose two sides are solid and two dotted, in any of four turns.
Window find_window(const cv::Mat& dark, float likely) {
    const Lines lines(dark);
    const int n = dark.cols;
    Window best;
    for (const int size : sizes) {
        if (static_cast<float>(size) < likely * 0.7F || static_cast<float>(size) > likely * 1.3F) continue;
        for (int y = 0; y + size <= n; ++y) {
            const int bottom = y + size - 1;
            for (int x = 0; x + size <= n; ++x) {
                const int right = x + size - 1;
                const Lines::Side l = lines.down(x, y, size), r = lines.down(right, y, size);
                const Lines::Side t = lines.across(y, x, size), b = lines.across(bottom, x, size);
                // A dotted side is dark where it meets the L and light at its other end.
                const std::array scores{l.solid + b.solid + t.dotted + (size - r.dotted),
                                        l.solid + t.solid + b.dotted + r.dotted,
                                        r.solid + t.solid + (size - b.dotted) + l.dotted,
                                        r.solid + b.solid + (size - t.dotted) + (size - l.dotted)};
                for (std::size_t k = 0; k < scores.size(); ++k) {
                    const float score = static_cast<float>(scores[k]) / static_cast<float>(4 * size);
                    if (score > best.score) best = {x, y, size, static_cast<int>(k), score};
                }
            }
        }
    }
    return best;
}

// The finder as it must be: errors in it are no errors of the data.
void draw_finder(cv::Mat& modules) {
    const int n = modules.cols;
    for (int i = 0; i < n; ++i) {
        modules.at<std::uint8_t>(0, i) = i % 2 == 0 ? 0 : 255;
        modules.at<std::uint8_t>(n - 1 - i, n - 1) = i % 2 == 0 ? 0 : 255;
    }
    for (int i = 0; i < n; ++i) {
        modules.at<std::uint8_t>(i, 0) = 0;
        modules.at<std::uint8_t>(n - 1, i) = 0;
    }
}

// A square of modules laid over the picture, and what they show.
struct Grid {
    Corners corners{};
    int size = 0;
    [[nodiscard]] cv::Matx33f map() const { return grid_map(corners, static_cast<float>(size)); }
    [[nodiscard]] Grid wider(int by) const {
        return {carried_out(corners, size, static_cast<float>(by)), size + 2 * by};
    }
    [[nodiscard]] Grid part(const Window& w) const {
        Grid out;
        out.size = w.size;
        const cv::Matx33f from = map();
        for (std::size_t i = 0; i < 4; ++i) {
            const cv::Vec3f p = from * cv::Vec3f(static_cast<float>(w.x + (i == 1 || i == 2 ? w.size : 0)),
                                                 static_cast<float>(w.y + (i >= 2 ? w.size : 0)), 1);
            out.corners[i] = {p[0] / p[2], p[1] / p[2]};
        }
        return out;
    }
};

// Fitted from a place in the symbol on as far as it surely reaches, and carried on from there to more than it may have.
Grid grid_over(const cv::Mat& relief, cv::Point2f middle, float module, float likely) {
    const int seed = std::clamp(2 * static_cast<int>(0.3F * likely), 8, 16);
    Grid g{seed_at(relief, middle, module, seed), seed};
    while (static_cast<float>(g.size + 4) < 0.8F * likely) {
        g = g.wider(2);
        g.corners = better_corners(relief, g.corners, g.size, 0.25F, 2);
    }
    const int all = std::min(static_cast<int>(likely * 1.3F) + 6, largest_grid);
    return g.wider(std::max(0, (all - g.size) / 2));
}

struct Seen {
    Window window;
    cv::Mat dark;
};

// The finder in a grid, by two ways to sharpen it and either way round.
Seen look_for_finder(const cv::Mat& relief, const Grid& g, float likely) {
    const cv::Mat values = sample_grid(relief, g.map(), g.size);
    Seen best;
    for (const float sharpen : {0.1F, 0.22F}) {
        const cv::Mat light = clean_picture(values, sharpen, 1, 0);
        for (const bool inverted : {false, true}) {
            const cv::Mat dark = inverted ? light : cv::Mat(255 - light);
            const Window w = find_window(dark, likely);
            if (w.score > best.window.score) best = {w, dark};
        }
        if (best.window.score >= least_finder) break;
    }
    return best;
}

// What looks like one is fitted again, now that it is known where it ends.
void refit(const cv::Mat& relief, Grid& grid, Seen& seen) {
    for (int again = 0; again < 2; ++again) {
        Grid fitted = grid.part(seen.window);
        fitted.corners = better_corners(relief, fitted.corners, fitted.size, 0.25F, 3);
        fitted = fitted.wider(2);
        Seen other = look_for_finder(relief, fitted, static_cast<float>(fitted.size - 4));
        if (other.window.score <= seen.window.score) return;
        grid = fitted;
        seen = std::move(other);
    }
}

DataMatrixGrid cut_out(const Grid& g, const Seen& seen) {
    const Window& w = seen.window;
    DataMatrixGrid out;
    out.modules = 255 - seen.dark(cv::Rect(w.x, w.y, w.size, w.size));
    const Corners corners = g.part(w).corners;
    for (std::size_t i = 0; i < 4; ++i) out.corners[(i + static_cast<std::size_t>(w.turns)) % 4] = corners[i];
    // The L lies left and below after `turns`: 0 there already, 1 above and left, 2 above and right, 3 below and right.
    if (w.turns == 1) cv::rotate(out.modules, out.modules, cv::ROTATE_90_COUNTERCLOCKWISE);
    if (w.turns == 2) cv::rotate(out.modules, out.modules, cv::ROTATE_180);
    if (w.turns == 3) cv::rotate(out.modules, out.modules, cv::ROTATE_90_CLOCKWISE);
    draw_finder(out.modules);
    return out;
}

// `seeds`: places that a grid is begun from, the middle first; at most `most_seeds`.
std::optional<DataMatrixGrid> find_with(const cv::Mat& pixels, float side, float module, std::size_t seeds) {
    const float likely = side / module;
    const cv::Mat relief = against_neighbours(pixels, static_cast<int>(std::max(side / 4, 7 * module)));
    const cv::Point2f middle(static_cast<float>(relief.cols) / 2, static_cast<float>(relief.rows) / 2);
    const float off = 0.15F * side;
    const std::array<cv::Point2f, most_seeds> shifts{cv::Point2f{}, {off, 0}, {-off, 0}, {0, off}, {0, -off}};
    for (const cv::Point2f& shift : std::span(shifts).first(seeds)) {
        Grid grid = grid_over(relief, middle + shift, module, likely);
        Seen seen = look_for_finder(relief, grid, likely);
        if (seen.window.score < faint_finder) return std::nullopt;
        refit(relief, grid, seen);
        if (seen.window.score >= least_finder) return cut_out(grid, seen);
    }
    return std::nullopt;
}

}  // namespace

std::optional<DataMatrixGrid> find_data_matrix(const cv::Mat& pixels, float side) {
    std::size_t seeds = most_seeds;
    for (const float module : modules_of(pixels, side)) {
        if (auto grid = find_with(pixels, side, module, seeds)) return grid;
        seeds = 1;
    }
    return std::nullopt;
}

}  // namespace paso
