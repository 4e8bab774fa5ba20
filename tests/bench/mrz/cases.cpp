#include "tests/bench/mrz/cases.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "tests/specimens/picture_file.hpp"
#include "tests/specimens/seeded.hpp"

namespace paso::bench {
namespace {

const Date today = Date::from_days(20'781);  // 24 November 2026

// The largest scale at which a page turned by `degrees` stays in the frame.
double filling(MrzFormat format, cv::Size size, double degrees) {
    const cv::Size2d mm = page_size(format);
    const double c = std::abs(std::cos(degrees * CV_PI / 180)), s = std::abs(std::sin(degrees * CV_PI / 180));
    const double margin = size.height * 0.012;
    return std::min((size.width - 2 * margin) / (mm.width * c + mm.height * s),
                    (size.height - 2 * margin) / (mm.width * s + mm.height * c));
}

void soften(CameraModel& m, Seeded& rng) {
    m.blur = rng.real(0.3, 1.0);
    m.tilt_x = rng.real(-0.03, 0.03);
    m.tilt_y = rng.real(-0.03, 0.03);
    m.exposure = rng.real(0.75, 1.1);
    m.shade = rng.real(0, 0.3);
    m.shade_degrees = rng.real(0, 360);
    m.noise = rng.real(1.5, 5);
    m.jpeg_quality = rng.chance(0.7) ? 55 + rng.below(41) : 0;
}

void harden(CameraModel& m, Seeded& rng) {
    m.tilt_x = rng.real(-0.08, 0.08);
    m.tilt_y = rng.real(-0.08, 0.08);
    m.blur = rng.real(0.6, 1.6);
    m.motion = rng.chance(0.3) ? rng.real(2, 6) : 0;
    m.motion_degrees = rng.real(0, 180);
    m.exposure = rng.real(0.6, 1.15);
    m.shade = rng.real(0.1, 0.5);
    m.glare = rng.chance(0.5) ? rng.real(0.2, 0.9) : 0;
    m.glare_x = rng.real(0.2, 0.8);
    m.glare_y = rng.real(0.2, 0.8);
    m.glare_radius = rng.real(0.05, 0.14);
    m.noise = rng.real(3, 9);
    m.jpeg_quality = 40 + rng.below(55);
}

// The place of the page's centre: anywhere that keeps the whole page in view, or in the frame's middle square.
void place(CameraModel& m, MrzFormat format, Seeded& rng, bool in_square = false) {
    const cv::Size2d mm = page_size(format);
    const double c = std::abs(std::cos(m.degrees * CV_PI / 180)), s = std::abs(std::sin(m.degrees * CV_PI / 180));
    const double wide = (mm.width * c + mm.height * s) * m.pixels_per_mm / m.width;
    const double high = (mm.width * s + mm.height * c) * m.pixels_per_mm / m.height;
    const double room = in_square ? static_cast<double>(m.height) / m.width : 1.0;
    m.shift_x = rng.real(-0.5, 0.5) * std::max(0.0, 0.96 * room - wide);
    m.shift_y = rng.real(-0.5, 0.5) * std::max(0.0, 0.96 - high);
}

// The scene turned anticlockwise around the frame's middle, light and all; what stands in its middle square stays in
// view. Along a half turn a smear has no sense.
void turn_scene(CameraModel& m, int degrees) {
    const double c = std::cos(degrees * CV_PI / 180), s = std::sin(degrees * CV_PI / 180);
    const double tall = static_cast<double>(m.height) / m.width;
    const auto turned = [&](double& x, double& y) {  // shares of the frame's width and height from its middle
        const double across = x * c + y * tall * s, down = -x * s + y * tall * c;
        x = across;
        y = down / tall;
    };
    turned(m.shift_x, m.shift_y);
    m.glare_x -= 0.5, m.glare_y -= 0.5;
    m.glare_x *= tall;  // into the square
    turned(m.glare_x, m.glare_y);
    m.glare_x += 0.5, m.glare_y += 0.5;
    m.degrees += degrees;
    m.glare_degrees += degrees;
    m.shade_degrees -= degrees;
    m.motion_degrees -= degrees;
}

// The table of the claim set: a grey desk with stripes, or a bright light box.
Planes other_table(std::uint64_t seed, cv::Size size) {
    Seeded rng(seed, "table");
    Planes out;
    const double level = rng.real(40, 230), period = rng.real(40, 200), depth = rng.real(0, 25);
    cv::Mat line(1, size.width, CV_8UC1);
    for (int x = 0; x < size.width; ++x) {
        line.at<std::uint8_t>(0, x) = cv::saturate_cast<std::uint8_t>(level + depth * std::sin(x * 2 * CV_PI / period));
    }
    cv::repeat(line, size.height, 1, out.y);
    out.uv = cv::Mat((size.height + 1) / 2, (size.width + 1) / 2, CV_8UC2, cv::Scalar(126, 131));
    return out;
}

// The lens of the claim set: a blur like a disc, the halo of a camera that sharpens, a curve of tones.
void other_lens(cv::Mat& luma, Seeded rng) {
    const int across = rng.chance(0.4) ? 3 : 1;
    if (across > 1) {
        const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {across, across});
        cv::Mat kernel;
        disc.convertTo(kernel, CV_32F, 1.0 / cv::sum(disc)[0]);
        cv::filter2D(luma, luma, -1, kernel);
    }
    if (rng.chance(0.5)) {
        cv::Mat soft;
        cv::GaussianBlur(luma, soft, {}, 1.4);
        const double halo = rng.real(0.2, 0.8);
        cv::addWeighted(luma, 1 + halo, soft, -halo, 0, luma);
    }
    const double gamma = rng.real(0.8, 1.25);
    cv::Mat table(1, 256, CV_8U);
    for (int i = 0; i < 256; ++i) {
        table.at<std::uint8_t>(0, i) = cv::saturate_cast<std::uint8_t>(255 * std::pow(i / 255.0, gamma));
    }
    cv::LUT(luma, table, luma);
}

const NoiseBank& noise_bank(double deviation, cv::Size size) {
    // Eight banks are enough: each frame takes its own part of one.
    thread_local std::vector<std::pair<int, NoiseBank>> banks;
    const int key = static_cast<int>(std::lround(deviation)) + 16 * size.width;
    for (const auto& [known, bank] : banks) {
        if (known == key) return bank;
    }
    banks.emplace_back(key, NoiseBank(static_cast<std::uint64_t>(key), std::round(deviation), size.width, size.height));
    return banks.back().second;
}

void optics(Planes& picture, const Case& c, const CameraModel& m) {
    through_lens(picture, m);
    if (c.set == Set::claim) other_lens(picture.y, Seeded(c.seed, "lens"));
}

Frame develop(Planes picture, const Case& c, const CameraModel& m, std::uint64_t sequence) {
    const std::uint64_t draw = c.seed * 64 + sequence;
    if (m.noise >= 0.5) noise_bank(m.noise, picture.y.size()).add(picture.y, draw);
    Frame frame = to_frame(picture, {}, sequence);
    if (m.jpeg_quality == 0) return frame;
    const auto coded = through_jpeg(frame, m.jpeg_quality);
    return coded ? coded->with({}, sequence) : frame;
}

// The strongest seventh of what differs between two pictures in a cell of a row.
float contrast_of(const cv::Mat& with, const cv::Mat& without, const std::vector<cv::Point2f>& places) {
    std::vector<int> differences;
    for (const cv::Point2f& p : places) {
        const cv::Point at(cvRound(p.x), cvRound(p.y));
        if (!cv::Rect({}, with.size()).contains(at)) return 0;
        differences.push_back(std::abs(with.at<std::uint8_t>(at) - without.at<std::uint8_t>(at)));
    }
    const auto strong = differences.end() - static_cast<std::ptrdiff_t>(differences.size() / 7);
    std::nth_element(differences.begin(), strong, differences.end());
    float sum = 0;
    for (auto it = strong; it != differences.end(); ++it) sum += static_cast<float>(*it);
    return sum / static_cast<float>(differences.end() - strong);
}

// Places all over a cell, mm on the page.
std::vector<cv::Point2d> over_cell(const PrintedRow& row, std::size_t column) {
    constexpr int across = 12, down = 14;
    std::vector<cv::Point2d> out;
    for (int y = 0; y < down; ++y) {
        for (int x = 0; x < across; ++x)
            out.push_back(row.foot + cv::Point2d((static_cast<double>(column) + (x + 0.5) / across) * row.pitch,
                                                 -row.capital * (y + 0.5) / down));
    }
    return out;
}

Sight sight_of(const Page& page, const CameraModel& m, const cv::Mat& with, const cv::Mat& without) {
    const cv::Size2d size{page.bgr.cols / page.pixels_per_mm, page.bgr.rows / page.pixels_per_mm};
    Sight out;
    out.noise = static_cast<float>(m.noise);
    for (const PrintedRow& row : page.rows) {
        const cv::Point2d middle = row.foot - cv::Point2d(0, row.capital / 2);
        const cv::Point2d length(static_cast<double>(row.columns) * row.pitch, 0);
        const auto ends = seen_at({middle, middle + length}, size, m);
        out.rows.emplace_back(ends[0], ends[1]);
        out.pitch = static_cast<float>(cv::norm(ends[1] - ends[0])) / static_cast<float>(row.columns);
        out.contrast.emplace_back();
        for (std::size_t k = 0; k < row.columns; ++k)
            out.contrast.back().push_back(contrast_of(with, without, seen_at(over_cell(row, k), size, m)));
    }
    return out;
}

}  // namespace

bool Sight::legible() const {
    const float least = std::max(8.0F, 2 * noise);
    return std::all_of(contrast.begin(), contrast.end(), [&](const auto& row) {
        return std::all_of(row.begin(), row.end(), [&](float c) { return c >= least; });
    });
}

bool Visit::legible(int least) const {
    return std::count_if(sights.begin(), sights.end(), [](const Sight& s) { return s.legible(); }) >= least;
}

CameraModel camera_of(const Case& c, int frame) {
    const cv::Size size{1920, 1080};
    Seeded rng(c.seed, c.set == Set::claim ? "claim camera" : "tuning camera");
    CameraModel m = upright_sharp(c.seed, c.format, size.width, size.height);
    if (c.difficulty == Difficulty::sharp) {
        m.degrees += c.whole_scene ? 0 : c.turn;
        m.pixels_per_mm = std::min(m.pixels_per_mm, filling(c.format, size, m.degrees));
        place(m, c.format, rng);
    } else {
        const double askew = c.difficulty == Difficulty::askew  ? rng.real(6, 20) * (rng.chance(0.5) ? 1 : -1)
                             : c.difficulty == Difficulty::hard ? rng.real(-12, 12)
                                                                : rng.real(-6, 6);
        m.degrees = (c.whole_scene ? 0 : c.turn) + askew;
        const double most =
            filling(c.format, c.whole_scene ? cv::Size{size.height, size.height} : size, m.degrees) * 0.97;
        const double least = std::min(most, (c.difficulty == Difficulty::hard ? 9 : 10.2) / mrz_pitch_mm);
        m.pixels_per_mm = std::min(rng.real(least, most * 1.1), most);
        if (c.difficulty == Difficulty::hard) {
            harden(m, rng);
        } else {
            soften(m, rng);
        }
        place(m, c.format, rng, c.whole_scene);
        if (c.difficulty == Difficulty::curved) m.bend = rng.real(0.5, 2.5) * (rng.chance(0.5) ? 1 : -1);
    }
    Seeded hand(c.seed * 64 + static_cast<std::uint64_t>(frame), "hand");
    m.shift_x += hand.real(-2, 2) / m.width;
    m.shift_y += hand.real(-2, 2) / m.height;
    m.degrees += hand.real(-0.15, 0.15);
    m.exposure *= hand.real(0.97, 1.03);
    if (m.glare > 0) m.glare_x += hand.real(-0.02, 0.02);
    if (c.whole_scene) turn_scene(m, c.turn);
    return m;
}

Result<Visit> render(const Case& c, int frames, const Typefaces& faces, cv::Size size) {
    const SpecimenSpec spec = make_specimen(c.format, c.seed, today);
    const auto paper = [&](bool bare) {
        return c.set == Set::claim ? Result<Page>{claim_page(spec, faces, bare)} : render_page(spec, faces, bare);
    };
    const auto page = paper(false), bare = paper(true);
    if (!page) return fail(page.error());
    if (!bare) return fail(bare.error());
    Visit out;
    out.truth = mrz_lines(spec);
    out.face = page->rows.front().face;
    CameraModel first = camera_of(c, 0);
    out.pixels_a_character = first.pixels_per_mm * mrz_pitch_mm * size.width / first.width;
    const double shrink = static_cast<double>(size.width) / first.width;
    const Sheet sheet = make_sheet(*page, first.pixels_per_mm * shrink);
    const Sheet bare_sheet = make_sheet(*bare, first.pixels_per_mm * shrink);
    const Planes table = c.set == Set::claim ? other_table(c.seed, size) : empty_glass(c.seed, size.width, size.height);
    for (int i = 0; i < frames; ++i) {
        CameraModel m = camera_of(c, i);
        m.width = size.width;
        m.height = size.height;
        m.pixels_per_mm *= shrink;
        Planes picture{table.y.clone(), table.uv.clone()}, without{table.y.clone(), table.uv.clone()};
        lay_on(picture, sheet, m);
        optics(picture, c, m);
        lay_on(without, bare_sheet, m);
        optics(without, c, m);
        out.sights.push_back(sight_of(*page, m, picture.y, without.y));
        out.frames.push_back(develop(std::move(picture), c, m, static_cast<std::uint64_t>(i) + 1));
    }
    return out;
}

Frame empty_frame(Set set, std::uint64_t seed, cv::Size size) {
    CameraModel m;
    m.noise = 3;
    Case c;
    c.seed = seed;
    c.set = set;
    Planes glass = set == Set::claim ? other_table(seed, size) : empty_glass(seed, size.width, size.height);
    optics(glass, c, m);
    return develop(std::move(glass), c, m, 1);
}

}  // namespace paso::bench
