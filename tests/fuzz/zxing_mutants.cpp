#include "tests/fuzz/zxing_mutants.hpp"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "tests/specimens/seeded.hpp"
#include "tests/specimens/symbol.hpp"

namespace paso::fuzz {
namespace {

constexpr int largest = 900;  // pixels

Bytes payload_of(SymbolKind kind, Seeded& rng) {
    const int most = kind == SymbolKind::pdf417 ? 500 : kind == SymbolKind::qr ? 700 : 250;
    const bool small = rng.chance(0.5);
    const int size = 1 + rng.below(small ? 30 : most);
    const bool any = rng.chance(0.4);
    std::string s;
    for (int i = 0; i < size; ++i) s.push_back(static_cast<char>(any ? rng.below(256) : 32 + rng.below(90)));
    return to_bytes(as_bytes(s));
}

cv::Rect some_block(const cv::Mat& m, Seeded& rng, int most) {
    const int w = 1 + rng.below(std::min(most, m.cols)), h = 1 + rng.below(std::min(most, m.rows));
    return {rng.below(m.cols - w + 1), rng.below(m.rows - h + 1), w, h};
}

void flip_modules(cv::Mat& m, Seeded& rng) {
    constexpr std::array shares{0.002, 0.01, 0.04, 0.1, 0.3};
    const auto flips = static_cast<int>(static_cast<double>(m.total()) * rng.pick(std::span{shares}));
    for (int i = 0; i <= flips; ++i) {
        auto& v = m.at<std::uint8_t>(rng.below(m.rows), rng.below(m.cols));
        v = static_cast<std::uint8_t>(255 - v);
    }
}

// Rows or columns taken out of the middle, or doubled.
void cut_lines(cv::Mat& m, Seeded& rng) {
    if (m.rows < 4 || m.cols < 4) return;
    const bool rows = rng.chance(0.5);
    cv::Mat t = rows ? m : cv::Mat(m.t());
    const int at = 1 + rng.below(t.rows - 2), count = 1 + rng.below(std::min(6, t.rows - at));
    cv::Mat out;
    if (rng.chance(0.5)) {
        if (at + count >= t.rows) return;
        cv::vconcat(t.rowRange(0, at), t.rowRange(at + count, t.rows), out);
    } else {
        cv::vconcat(std::vector<cv::Mat>{t.rowRange(0, at + count), t.rowRange(at, t.rows)}, out);
    }
    m = rows ? out : cv::Mat(out.t());
}

void move_blocks(cv::Mat& m, Seeded& rng) {
    for (int i = rng.below(4); i >= 0; --i) {
        const cv::Rect from = some_block(m, rng, 24);
        const cv::Rect to(rng.below(m.cols - from.width + 1), rng.below(m.rows - from.height + 1), from.width,
                          from.height);
        m(from).clone().copyTo(m(to));
    }
}

void blot(cv::Mat& m, Seeded& rng) { m(some_block(m, rng, 12)).setTo(rng.chance(0.5) ? 0 : 255); }

// One of the other half of the symbol, or of another symbol of its kind.
Result<void> joined(cv::Mat& m, SymbolKind kind, Seeded& rng) {
    const auto other = draw_symbol(kind, payload_of(kind, rng));
    if (!other) return fail(other.error());
    const int w = std::min(m.cols, other->cols), h = std::min(m.rows, other->rows);
    const cv::Rect part(0, 0, std::max(1, rng.chance(0.5) ? w / 2 : w), std::max(1, h / 2));
    (*other)(part).copyTo(m(part));
    return {};
}

// Modules to pixels: a whole number of pixels each, or not.
cv::Mat drawn(const cv::Mat& m, Seeded& rng) {
    cv::Mat out;
    const int edge = rng.below(6);
    cv::copyMakeBorder(m, out, edge, edge, edge, edge, cv::BORDER_CONSTANT, cv::Scalar(rng.chance(0.9) ? 255 : 0));
    const double most = std::min(6.0, static_cast<double>(largest) / std::max(out.cols, out.rows));
    const bool whole = rng.chance(0.5);
    double x = rng.real(1, std::max(1.01, most)), y = rng.chance(0.8) ? x : rng.real(1, std::max(1.01, most));
    if (whole) x = y = std::max(1.0, std::floor(x));
    cv::resize(out, out, {}, x, y, whole ? cv::INTER_NEAREST : cv::INTER_LINEAR);
    return out;
}

void tilt(cv::Mat& p, Seeded& rng) {
    const auto w = static_cast<float>(p.cols), h = static_cast<float>(p.rows);
    const double reach = rng.real(0, 0.25);
    const auto off = [&](float side) {
        return static_cast<float>(rng.real(-reach, reach) * static_cast<double>(side));
    };
    const std::vector<cv::Point2f> from{{0, 0}, {w, 0}, {w, h}, {0, h}};
    std::vector<cv::Point2f> to;
    to.reserve(from.size());
    for (const auto& c : from) to.emplace_back(c.x + off(w), c.y + off(h));
    cv::warpPerspective(p, p, cv::getPerspectiveTransform(from, to), p.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT,
                        cv::Scalar(rng.chance(0.8) ? 255 : 0));
}

// A sliver, a corner, a few pixels: where loops over finder patterns meet the picture's edge.
void crop(cv::Mat& p, Seeded& rng) {
    cv::Rect r(0, 0, p.cols, p.rows);
    switch (rng.below(4)) {
        case 0:
            r = some_block(p, rng, 24);
            break;
        case 1:
            r.width = 1 + rng.below(p.cols);
            r.x = rng.below(p.cols - r.width + 1);
            break;
        case 2:
            r.height = 1 + rng.below(p.rows);
            r.y = rng.below(p.rows - r.height + 1);
            break;
        default:
            r = some_block(p, rng, largest);
            break;
    }
    p = p(r).clone();
}

void worn(cv::Mat& p, Seeded& rng) {
    if (rng.chance(0.3)) cv::GaussianBlur(p, p, {}, rng.real(0.3, 2.5));
    if (rng.chance(0.2)) p.convertTo(p, CV_8U, rng.real(0.1, 0.9), rng.real(0, 80));
    if (rng.chance(0.3)) {
        cv::Mat noise(p.size(), CV_16SC1);
        cv::RNG fill(rng.next());
        fill.fill(noise, cv::RNG::NORMAL, 0, rng.real(2, 60));
        cv::add(p, noise, p, cv::noArray(), CV_8U);
    }
    if (rng.chance(0.1)) p = 255 - p;
}

}  // namespace

Result<Mutant> make_mutant(std::uint64_t number) {
    constexpr std::array kinds{SymbolKind::pdf417, SymbolKind::qr, SymbolKind::aztec, SymbolKind::data_matrix};
    Seeded rng(number, "mutant");
    Mutant out;
    out.kind = kinds[static_cast<std::size_t>(rng.below(4))];
    auto modules = draw_symbol(out.kind, payload_of(out.kind, rng));
    if (!modules) return fail(modules.error());
    cv::Mat m = *modules;
    for (int i = rng.below(4); i > 0; --i) {
        switch (rng.below(5)) {
            case 0:
                flip_modules(m, rng);
                break;
            case 1:
                cut_lines(m, rng);
                break;
            case 2:
                move_blocks(m, rng);
                break;
            case 3:
                if (auto done = joined(m, out.kind, rng); !done) return fail(done.error());
                break;
            default:
                blot(m, rng);
                break;
        }
    }
    cv::Mat p = drawn(m, rng);
    if (rng.chance(0.3)) tilt(p, rng);
    if (rng.chance(0.2)) cv::rotate(p, p, rng.below(3));
    worn(p, rng);
    if (rng.chance(0.35)) crop(p, rng);
    out.pixels = p;
    return out;
}

}  // namespace paso::fuzz
