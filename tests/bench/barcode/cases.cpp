#include "tests/bench/barcode/cases.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <string>

#include "tests/bench/barcode/payloads.hpp"
#include "tests/specimens/camera_model.hpp"
#include "tests/specimens/curved_paper.hpp"
#include "tests/specimens/page.hpp"
#include "tests/specimens/symbol.hpp"

namespace paso::bench {
namespace {

constexpr int width = 1920;
constexpr int height = 1080;
constexpr int pages = 8;
const Date today = Date::from_days(20'781);  // 24 November 2026

Symbology symbology_of(SymbolKind kind) {
    switch (kind) {
        case SymbolKind::pdf417:
            return Symbology::pdf417;
        case SymbolKind::qr:
            return Symbology::qr;
        case SymbolKind::aztec:
            return Symbology::aztec;
        case SymbolKind::data_matrix:
            return Symbology::data_matrix;
        case SymbolKind::none:
            break;
    }
    return Symbology::unknown;
}

// zint writes rows of hexadecimal digits, four modules each, to its output; modules dark are 1.
cv::Mat drawn_by_zint(SymbolKind kind, const Bytes& payload) {
    const int code = kind == SymbolKind::pdf417  ? 55
                     : kind == SymbolKind::qr    ? 58
                     : kind == SymbolKind::aztec ? 92
                                                 : 71;
    const std::string file = "/tmp/paso-bench-barcode." + std::to_string(::getpid());
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(payload.data()), static_cast<std::streamsize>(payload.size()));
    const std::string command =
        "zint --barcode=" + std::to_string(code) + " --binary --square --dump -i " + file + " 2>/dev/null";
    std::vector<std::string> rows(1);
    if (FILE* out = ::popen(command.c_str(), "r")) {
        for (int c = std::fgetc(out); c != EOF; c = std::fgetc(out)) {
            if (c == '\n') {
                rows.emplace_back();
            } else if (c != ' ') {
                rows.back().push_back(static_cast<char>(c));
            }
        }
        ::pclose(out);
    }
    ::unlink(file.c_str());
    while (!rows.empty() && rows.back().empty()) rows.pop_back();
    if (rows.size() < 3) return {};
    const int high = static_cast<int>(rows.size());
    // A square symbol is as wide as high; a row of PDF417 is 17 modules a column and 69 more, and ends in a bar.
    int wide = high;
    if (kind == SymbolKind::pdf417) {
        wide = static_cast<int>(rows[0].size()) * 4;
        wide = (wide - 69) / 17 * 17 + 69;
    }
    cv::Mat m(high, wide, CV_8UC1);
    for (int y = 0; y < high; ++y) {
        for (int x = 0; x < wide; ++x) {
            const char c = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x / 4)];
            const int v = c <= '9' ? c - '0' : c - 'A' + 10;
            m.at<std::uint8_t>(y, x) = (v >> (3 - x % 4) & 1) != 0 ? 0 : 255;
        }
    }
    if (kind == SymbolKind::pdf417) cv::resize(m, m, {wide, high * 3}, 0, 0, cv::INTER_NEAREST);
    return m;
}

// How a symbol lies in the frame and what it is printed on.
struct Laid {
    double module = 4;   // pixels
    double degrees = 0;  // anticlockwise
    double x = 0.5, y = 0.5;
    double tilt_x = 0, tilt_y = 0;  // how much smaller the far edge is, share
    double ink = 25, paper = 235;
    bool inverted = false;
};

struct Optics {
    double blur = 0;  // sigma, pixels
    double shade = 0, shade_degrees = 0;
    double noise = 2;
};

using Corners = std::array<cv::Point2f, 4>;

Corners corners_in_frame(cv::Size2d modules, const Laid& l) {
    const double c = std::cos(l.degrees * CV_PI / 180), s = std::sin(l.degrees * CV_PI / 180);
    Corners out;
    for (int i = 0; i < 4; ++i) {
        const double u = i == 0 || i == 3 ? -0.5 : 0.5, v = i < 2 ? -0.5 : 0.5;
        const double z = 1 + l.tilt_x * u + l.tilt_y * v;
        const double x = u * modules.width * l.module * z, y = v * modules.height * l.module * z;
        out[static_cast<std::size_t>(i)] = {static_cast<float>(l.x * width + x * c + y * s),
                                            static_cast<float>(l.y * height - x * s + y * c)};
    }
    return out;
}

// Lays the symbol with its quiet zone and label into the picture, three times finer than pixels, then averaged.
Corners lay(cv::Mat& picture, const cv::Mat& modules, int quiet, const Laid& l) {
    constexpr int fine = 4;  // of the drawing, a module
    constexpr int over = 3;  // of the warp, a pixel
    const Corners inside = corners_in_frame({static_cast<double>(modules.cols), static_cast<double>(modules.rows)}, l);
    cv::Mat drawn;
    cv::resize(modules, drawn, {}, fine, fine, cv::INTER_NEAREST);
    if (l.inverted) drawn = 255 - drawn;
    const int edge = quiet * fine;
    cv::copyMakeBorder(drawn, drawn, edge, edge, edge, edge, cv::BORDER_CONSTANT, cv::Scalar(l.inverted ? 0 : 255));
    cv::Mat shades;
    drawn.convertTo(shades, CV_8U, (l.paper - l.ink) / 255.0, l.ink);
    const auto e = static_cast<float>(edge);
    const auto w = static_cast<float>(modules.cols * fine), h = static_cast<float>(modules.rows * fine);
    const std::vector<cv::Point2f> from{{e, e}, {e + w, e}, {e + w, e + h}, {e, e + h}};
    const cv::Mat there = cv::getPerspectiveTransform(from, std::vector<cv::Point2f>(inside.begin(), inside.end()));
    const auto fw = static_cast<float>(shades.cols), fh = static_cast<float>(shades.rows);
    std::vector<cv::Point2f> label;
    cv::perspectiveTransform(std::vector<cv::Point2f>{{0, 0}, {fw, 0}, {fw, fh}, {0, fh}}, label, there);
    const cv::Rect box = (cv::boundingRect(label) + cv::Size(4, 4) - cv::Point(2, 2)) & cv::Rect(0, 0, width, height);
    if (box.empty()) return inside;
    const cv::Mat shift = (cv::Mat_<double>(3, 3) << over, 0, -over * box.x, 0, over, -over * box.y, 0, 0, 1);
    const cv::Mat to = shift * there;
    cv::Mat big, mask, small, share;
    cv::warpPerspective(shades, big, to, box.size() * over, cv::INTER_LINEAR);
    cv::warpPerspective(cv::Mat(shades.size(), CV_8UC1, cv::Scalar(255)), mask, to, box.size() * over,
                        cv::INTER_NEAREST);
    cv::resize(big, small, box.size(), 0, 0, cv::INTER_AREA);
    cv::resize(mask, share, box.size(), 0, 0, cv::INTER_AREA);
    small.copyTo(picture(box), share > 127);
    return inside;
}

Frame seen(cv::Mat luma, const Optics& o, std::uint64_t seed) {
    if (o.blur > 0.05) cv::GaussianBlur(luma, luma, {}, o.blur);
    if (o.shade > 0) {
        const double c = std::cos(o.shade_degrees * CV_PI / 180), s = std::sin(o.shade_degrees * CV_PI / 180);
        for (int y = 0; y < height; ++y) {
            auto* row = luma.ptr<std::uint8_t>(y);
            for (int x = 0; x < width; ++x) {
                const double along = ((x - width / 2.0) * c + (y - height / 2.0) * s) / (height * 0.5);
                const double gain = 1 - o.shade * (0.5 + 0.5 * std::tanh(2 * along));
                row[x] = static_cast<std::uint8_t>(std::lround(row[x] * gain));
            }
        }
    }
    cv::Mat noise(luma.size(), CV_16SC1);
    cv::RNG rng(seed * 2 + 1);
    rng.fill(noise, cv::RNG::NORMAL, 0, o.noise);
    cv::add(luma, noise, luma, cv::noArray(), CV_8U);
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(luma.datastart, luma.dataend);
    return {width, height, false, std::move(pixels), MonoTime{static_cast<std::int64_t>(seed)}, seed};
}

Laid laid_of(Condition condition, Seeded& rng, Optics& o) {
    Laid l;
    l.degrees = rng.real(-1, 1);
    l.x = rng.real(0.35, 0.65);
    l.y = rng.real(0.35, 0.65);
    l.ink = rng.real(15, 50);
    l.paper = rng.real(190, 245);
    const double side = rng.chance(0.5) ? 1 : -1;
    switch (condition) {
        case Condition::clean:
            l.x = rng.real(0.49, 0.51);
            l.y = rng.real(0.49, 0.51);
            break;
        case Condition::off_centre:
            l.x = rng.real(0.05, 0.95);
            l.y = rng.real(0.05, 0.95);
            break;
        case Condition::turned_5:
            l.degrees = 5 * side;
            break;
        case Condition::turned_15:
            l.degrees = 15 * side;
            break;
        case Condition::turned_30:
            l.degrees = 30 * side;
            break;
        case Condition::turned_45:
            l.degrees = 45 * side;
            break;
        case Condition::turned_90:
            l.degrees += 90 * side;
            break;
        case Condition::blur:
            o.blur = 0.35;
            break;
        case Condition::blur_more:
            o.blur = 0.5;
            break;
        case Condition::blur_most:
            o.blur = 0.7;
            break;
        case Condition::curved:
        case Condition::curved_more:
            o.blur = rng.real(0.1, 0.35);
            o.noise = rng.real(2, 6);
            o.shade = rng.real(0, 0.4);
            o.shade_degrees = rng.real(0, 360);
            break;
        case Condition::low_contrast:
            l.ink = rng.real(90, 120);
            l.paper = l.ink + rng.real(45, 70);
            break;
        case Condition::noise:
            o.noise = 16;
            break;
        case Condition::perspective:
            l.tilt_x = side * rng.real(0.08, 0.2);
            l.tilt_y = rng.real(-0.15, 0.15);
            l.degrees = rng.real(-8, 8);
            break;
        case Condition::shade:
            o.shade = rng.real(0.5, 0.7);
            o.shade_degrees = rng.real(0, 360);
            break;
        case Condition::inverted:
            l.inverted = true;
            break;
        case Condition::kiosk:
            l.x = rng.real(0.25, 0.75);
            l.y = rng.real(0.25, 0.75);
            l.degrees = 90 * rng.below(4) + rng.real(-15, 15);
            l.tilt_x = rng.real(-0.08, 0.08);
            l.tilt_y = rng.real(-0.08, 0.08);
            l.paper = rng.real(130, 240);
            l.ink = l.paper * rng.real(0.1, 0.45);
            o.blur = rng.real(0.1, 0.45);
            o.noise = rng.real(3, 9);
            o.shade = rng.real(0, 0.4);
            o.shade_degrees = rng.real(0, 360);
            break;
    }
    return l;
}

bool is_curved(Condition c) { return c == Condition::curved || c == Condition::curved_more; }

// A boarding pass in a hand: modules of a third of a millimetre, mostly bent along its rows or across them.
Corners lay_bent(cv::Mat& picture, const cv::Mat& modules, int quiet, const Laid& l, Condition condition, Seeded& rng) {
    constexpr double module_mm = 0.33;
    constexpr int fine = 4;  // of the drawing, a module
    CurvedPaper how;
    how.radius_mm = condition == Condition::curved ? 60 * std::pow(2.5, rng.real(0, 1)) : rng.real(40, 60);
    const double axis = rng.real(0, 1);
    how.axis_degrees = axis < 0.45 ? 90 + rng.real(-5, 5) : axis < 0.8 ? rng.real(-5, 5) : rng.real(0, 180);
    how.hollow = rng.chance(0.3);
    how.degrees = l.degrees + 90 * rng.below(4) + rng.real(-10, 10);
    how.pitch_degrees = rng.real(-12, 12);
    how.yaw_degrees = rng.real(-12, 12);
    how.distance_mm = rng.real(200, 350);
    how.pixels_per_mm = l.module / module_mm;
    how.centre = {l.x * width, l.y * height};
    cv::Mat drawn;
    cv::resize(modules, drawn, {}, fine, fine, cv::INTER_NEAREST);
    const int edge = quiet * fine;
    cv::copyMakeBorder(drawn, drawn, edge, edge, edge, edge, cv::BORDER_CONSTANT, cv::Scalar(255));
    drawn.convertTo(drawn, CV_8U, (l.paper - l.ink) / 255.0, l.ink);
    lay_curved(picture, drawn, fine / module_mm, how);
    Corners out;
    for (int i = 0; i < 4; ++i) {
        const double u = i == 0 || i == 3 ? -0.5 : 0.5, v = i < 2 ? -0.5 : 0.5;
        out[static_cast<std::size_t>(i)] = how.seen({u * modules.cols * module_mm, v * modules.rows * module_mm});
    }
    return out;
}

int quiet_of(SymbolKind kind) { return kind == SymbolKind::qr ? 4 : kind == SymbolKind::pdf417 ? 3 : 2; }

// Moves the symbol into the frame, and makes it smaller where the frame cannot hold it.
void fit(Laid& l, cv::Size modules, int quiet) {
    const cv::Size2d all{modules.width + 2.0 * quiet, modules.height + 2.0 * quiet};
    for (int i = 0; i < 40; ++i) {
        const Corners c = corners_in_frame(all, l);
        const cv::Rect2f box = cv::boundingRect(std::vector<cv::Point2f>(c.begin(), c.end()));
        if (box.width > width - 8 || box.height > height - 8) {
            l.module *= 0.95;
            continue;
        }
        if (box.x < 4) l.x += (4 - box.x) / width;
        if (box.y < 4) l.y += (4 - box.y) / height;
        if (box.br().x > width - 4) l.x -= (box.br().x - (width - 4)) / width;
        if (box.br().y > height - 4) l.y -= (box.br().y - (height - 4)) / height;
        return;
    }
}

// ZXing 1.4 writes some binary payloads into Aztec with a byte that differs; zint does not.
bool miswritten(SymbolKind kind, const Bytes& payload) {
    return kind == SymbolKind::aztec && payload[0] == std::byte{0xDC};
}

Result<cv::Mat> drawn(SymbolKind kind, const Bytes& payload, bool by_zint) {
    if (by_zint) {
        cv::Mat m = drawn_by_zint(kind, payload);
        if (!m.empty()) return m;
    }
    return draw_symbol(kind, payload);
}

}  // namespace

std::string_view name(Condition c) {
    switch (c) {
        case Condition::clean:
            return "clean";
        case Condition::off_centre:
            return "off centre";
        case Condition::turned_5:
            return "turned 5";
        case Condition::turned_15:
            return "turned 15";
        case Condition::turned_30:
            return "turned 30";
        case Condition::turned_45:
            return "turned 45";
        case Condition::turned_90:
            return "turned 90";
        case Condition::blur:
            return "blur 0.35";
        case Condition::blur_more:
            return "blur 0.5";
        case Condition::low_contrast:
            return "low contrast";
        case Condition::noise:
            return "noise";
        case Condition::perspective:
            return "perspective";
        case Condition::shade:
            return "shade";
        case Condition::inverted:
            return "inverted";
        case Condition::kiosk:
            return "kiosk mix";
        case Condition::blur_most:
            return "blur 0.7";
        case Condition::curved:
            return "curved 60-150";
        case Condition::curved_more:
            return "curved 40-60";
    }
    return "";
}

bool beyond_goal(Condition c, SymbolKind kind) {
    return c == Condition::blur_most || is_curved(c) || (c == Condition::inverted && kind == SymbolKind::pdf417);
}

std::array<double, 3> module_sizes(SymbolKind kind) {
    if (kind == SymbolKind::pdf417) return {2.4, 3.0, 4.0};
    return {3.2, 4.5, 6.5};
}

Result<Scenes> Scenes::open(std::uint64_t seed) {
    auto faces = Typefaces::open();
    if (!faces) return fail(faces.error());
    Scenes out;
    for (std::uint64_t i = 0; i < pages; ++i) {
        const std::uint64_t s = seed * 1000 + i;
        Seeded rng(s, "page");
        const MrzFormat format = i % 2 == 0 ? MrzFormat::td3 : MrzFormat::td1;
        auto page = render_page(make_specimen(format, s, today), *faces);
        if (!page) return fail(page.error());
        CameraModel model = upright_sharp(s, format, width, height);
        model.degrees = rng.real(-8, 8);
        Planes glass = empty_glass(s, width, height);
        out.glass_.push_back(glass.y.clone());
        lay_on(glass, make_sheet(*page, model.pixels_per_mm), model);
        out.pages_.push_back(glass.y.clone());
    }
    out.zint_ = std::system("zint --version >/dev/null 2>&1") == 0;
    return out;
}

Result<Scene> Scenes::one(SymbolKind kind, Condition condition, int size, std::uint64_t seed) const {
    const bool bent = is_curved(condition);
    Seeded rng(seed * 64 + static_cast<std::uint64_t>(condition) * 4 + static_cast<std::uint64_t>(kind),
               bent ? "bent" : "barcode");
    Bytes payload = make_payload(kind, rng);
    if (bent && payload.size() > 170) payload.resize(170);  // what is printed on a pass
    const auto modules = drawn(kind, payload, zint_ && (rng.chance(0.5) || miswritten(kind, payload)));
    if (!modules) return fail(modules.error());
    Optics o;
    Laid l = laid_of(condition, rng, o);
    l.module = module_sizes(kind)[static_cast<std::size_t>(size)];
    fit(l, modules->size(), quiet_of(kind) + 2);
    o.blur *= l.module;
    cv::Mat luma = pages_[static_cast<std::size_t>(rng.below(pages))].clone();
    const Corners at =
        bent ? lay_bent(luma, *modules, quiet_of(kind), l, condition, rng) : lay(luma, *modules, quiet_of(kind), l);
    return Scene{seen(luma, o, rng.next() >> 8U), {{symbology_of(kind), payload, at}}};
}

Result<Scene> Scenes::four(std::uint64_t seed) const {
    Seeded rng(seed, "four");
    cv::Mat luma = pages_[static_cast<std::size_t>(rng.below(pages))].clone();
    Scene scene;
    constexpr std::array kinds{SymbolKind::pdf417, SymbolKind::qr, SymbolKind::aztec, SymbolKind::data_matrix};
    const int first = rng.below(4);
    for (int i = 0; i < 4; ++i) {
        const SymbolKind kind = kinds[static_cast<std::size_t>((i + first) % 4)];
        Bytes payload = make_payload(kind, rng);
        if (payload.size() > 170) payload.resize(170);
        const auto modules = drawn(kind, payload, zint_ && (rng.chance(0.5) || miswritten(kind, payload)));
        if (!modules) return fail(modules.error());
        Laid l;
        l.module = kind == SymbolKind::pdf417 ? 3.0 : 4.5;
        l.degrees = rng.real(-10, 10);
        l.x = i % 2 == 0 ? 0.27 : 0.75;
        l.y = i < 2 ? 0.26 : 0.76;
        l.ink = rng.real(15, 50);
        l.paper = rng.real(190, 245);
        fit(l, modules->size(), quiet_of(kind));
        scene.symbols.push_back({symbology_of(kind), payload, lay(luma, *modules, quiet_of(kind), l)});
    }
    scene.frame = seen(luma, {0.8, 0.2, 30, 3}, rng.next() >> 8U);
    return scene;
}

Scene Scenes::none(std::uint64_t seed) const {
    Seeded rng(seed, "none");
    const auto& from = rng.chance(0.5) ? pages_ : glass_;
    cv::Mat luma = from[static_cast<std::size_t>(rng.below(pages))].clone();
    return {seen(luma, {0.6, 0.2, rng.real(0, 360), 3}, rng.next() >> 8U), {}};
}

}  // namespace paso::bench
