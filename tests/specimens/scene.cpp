#include "tests/specimens/scene.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "tests/specimens/seeded.hpp"

namespace paso {
namespace {

constexpr double noise_deviation = 2.2;

double eased(double t) { return t * t * (3 - 2 * t); }

// The document fills less of the frame than in a still: a hand does not aim.
CameraModel resting_place(const SceneOptions& o, cv::Size2d mm, std::uint64_t draw) {
    Seeded rng(o.seed * 1000003 + draw, "resting place");
    CameraModel m;
    m.seed = o.seed;
    m.width = o.width;
    m.height = o.height;
    m.degrees = rng.real(-2.5, 2.5);
    const double c = std::abs(std::cos(m.degrees * CV_PI / 180)), s = std::abs(std::sin(m.degrees * CV_PI / 180));
    const double fit =
        std::min(o.width * 0.96 / (mm.width * c + mm.height * s), o.height * 0.96 / (mm.width * s + mm.height * c));
    m.pixels_per_mm = std::min(fit, o.height / 82.0);  // small cards do not come nearer to the glass
    m.shift_x = rng.real(-0.015, 0.015);
    const double spare = (o.height - m.pixels_per_mm * (mm.width * s + mm.height * c)) / o.height / 2;
    m.shift_y = rng.real(-1, 1) * std::clamp(spare - 0.01, 0.0, 0.03);
    m.tilt_x = rng.real(-0.008, 0.008);
    m.tilt_y = rng.real(-0.008, 0.008);
    m.blur = 0.35;
    m.shade = rng.real(0.02, 0.10);
    m.shade_degrees = rng.real(0, 360);
    m.noise = noise_deviation;
    return m;
}

// Where a place of the page, in shares of its width and height, comes to lie in the picture.
cv::Point2d seen_at(cv::Size2d mm, const CameraModel& m, double u, double v) {
    const Quad q = corners_of(mm, m);
    const auto mix = [&](float Point::*c) {
        return (q[0].*c * (1 - u) + q[1].*c * u) * (1 - v) + (q[3].*c * (1 - u) + q[2].*c * u) * v;
    };
    return {mix(&Point::x), mix(&Point::y)};
}

constexpr double mrz_middle = 12;  // mm from the lower edge
constexpr double over_mrz = 0.08;  // of a hand: how much farther in than one that lays a page down

// The same place, so that the reader has this obstacle. Two ways of each where there are two.
void make_trouble(CameraModel& m, MrzObstacle trouble, cv::Size2d mm, std::uint64_t draw) {
    Seeded rng(m.seed * 1000003 + draw, "trouble");
    const bool one_way = rng.chance(0.5);
    const double way = rng.chance(0.5) ? 1 : -1;
    const double pixel = m.height / 720.0;
    switch (trouble) {
        case MrzObstacle::none:
        case MrzObstacle::upside_down:
        case MrzObstacle::wrong_page:
        case MrzObstacle::moving:   // see resting()
        case MrzObstacle::covered:  // see resting()
            return;
        case MrzObstacle::too_far:
            m.pixels_per_mm = rng.real(1.2, 1.45);  // 3 to 3.7 pixels a character
            m.shift_x = rng.real(-0.2, 0.2);
            m.shift_y = rng.real(-0.2, 0.2);
            return;
        case MrzObstacle::too_near:
            m.pixels_per_mm = m.width * rng.real(1.25, 1.45) / mm.width;
            m.shift_y = -rng.real(0.2, 0.3);
            return;
        case MrzObstacle::cut_off:
            if (one_way) {
                const double outside = rng.real(0.3, 0.4);  // of the page's width
                m.shift_x = way * (0.5 + (outside - 0.5) * m.pixels_per_mm * mm.width / m.width);
            } else {
                m.shift_y = 0.5 + (22 - mm.height / 2) * m.pixels_per_mm / m.height;
            }
            return;
        case MrzObstacle::tilt:
            if (one_way) {
                m.degrees = way * rng.real(26, 40);
                const double turn = std::abs(m.degrees) * CV_PI / 180;
                m.pixels_per_mm = 0.9 * m.height / (mm.width * std::sin(turn) + mm.height * std::cos(turn));
            } else {
                m.tilt_x = way * rng.real(0.4, 0.5);  // a long side is lifted: it is twice as high as the other
                m.pixels_per_mm = 0.85 * m.height * (1 - std::abs(m.tilt_x)) / mm.height;
                m.shift_x = -way * 0.1;
                m.shift_y = 0;
            }
            return;
        case MrzObstacle::glare: {
            const cv::Point2d at = seen_at(mm, m, rng.real(0.3, 0.7), 1 - mrz_middle / mm.height);
            m.glare = rng.real(1.0, 1.6);
            m.glare_x = at.x / m.width;
            m.glare_y = at.y / m.height;
            m.glare_radius = rng.real(0.07, 0.12);
            return;
        }
        case MrzObstacle::blur:
            m.blur = rng.real(7, 9) * pixel;
            return;
    }
}

// The picture's place of a point of the carrier, mm from its upper left corner.
cv::Point2d place_in_picture(const Carrier& c, const CameraModel& m, cv::Point2d mm) {
    return seen_at(c.size, m, mm.x / c.size.width, mm.y / c.size.height);
}

// Moves the carrier so that a point of it is seen at this place of the picture.
void move_to(CameraModel& m, const Carrier& c, cv::Point2d mm, cv::Point2d picture) {
    const cv::Point2d off = picture - place_in_picture(c, m, mm);
    m.shift_x += off.x / m.width;
    m.shift_y += off.y / m.height;
}

// The carrier held so that its symbol has this obstacle.
void make_trouble(CameraModel& m, SymbolObstacle trouble, const Carrier& c, std::uint64_t draw) {
    Seeded rng(m.seed * 1000003 + draw, "symbol trouble");
    const cv::Point2d middle{c.symbol.x + c.symbol.width / 2, c.symbol.y + c.symbol.height / 2};
    const double way = rng.chance(0.5) ? 1 : -1;
    switch (trouble) {
        case SymbolObstacle::none:
        case SymbolObstacle::moving:    // see resting()
        case SymbolObstacle::covered:   // see resting()
        case SymbolObstacle::too_dark:  // see CarrierSpec::glow
            return;
        case SymbolObstacle::glare: {
            const cv::Point2d at = place_in_picture(c, m, middle);
            m.glare = rng.real(1.0, 1.6);
            m.glare_x = at.x / m.width;
            m.glare_y = at.y / m.height;
            m.glare_radius = rng.real(0.35, 0.5) * c.symbol.height * m.pixels_per_mm / m.width;
            return;
        }
        case SymbolObstacle::too_near: {
            const double shorter = std::min(c.symbol.width, c.symbol.height);
            const bool wide = c.symbol.width > 2 * shorter;
            m.pixels_per_mm =
                wide ? m.width * rng.real(1.25, 1.5) / c.symbol.width : m.height * rng.real(1.3, 1.6) / shorter;
            m.blur = rng.real(1.5, 3);
            move_to(m, c, middle, {m.width / 2.0, m.height / 2.0});
            return;
        }
        case SymbolObstacle::cut_off: {
            const double outside = rng.real(0.4, 0.6);  // of the symbol's width
            const cv::Point2d edge{c.symbol.x + c.symbol.width * (way > 0 ? 1 - outside : outside), middle.y};
            move_to(m, c, edge, {way > 0 ? static_cast<double>(m.width) : 0.0, m.height * rng.real(0.4, 0.6)});
            return;
        }
        case SymbolObstacle::too_far:
            m.pixels_per_mm = rng.real(1.0, 1.2) / c.module;
            m.shift_x = rng.real(-0.2, 0.2);
            m.shift_y = rng.real(-0.2, 0.2);
            return;
    }
}

}  // namespace

std::string_view name(ScenePhase phase) {
    switch (phase) {
        case ScenePhase::empty:
            return "empty";
        case ScenePhase::entering:
            return "entering";
        case ScenePhase::tilted:
            return "tilted";
        case ScenePhase::settling:
            return "settling";
        case ScenePhase::settled:
            return "settled";
        case ScenePhase::leaving:
            return "leaving";
    }
    return "empty";
}

Scene::Scene(const SceneOptions& options)
    : options_(options),
      glass_(empty_glass(options.seed, options.width, options.height)),
      noise_(options.seed, noise_deviation, options.width, options.height) {}

int Scene::frames_of(ScenePhase phase) const {
    const double seconds = phase == ScenePhase::entering   ? 0.7
                           : phase == ScenePhase::tilted   ? 0.45
                           : phase == ScenePhase::settling ? 0.55
                           : phase == ScenePhase::leaving  ? 0.8
                                                           : 0.0;
    return std::max(2, static_cast<int>(std::lround(seconds * options_.frames_per_second)));
}

void Scene::bring(Laid next) {
    if (phase_ == ScenePhase::empty) {
        laid_ = std::move(next);
        start(ScenePhase::entering);
        return;
    }
    waiting_ = std::move(next);
    if (phase_ != ScenePhase::leaving) start(ScenePhase::leaving);
}

void Scene::lay(const Page& page, cv::Size2d size_mm, MrzObstacle trouble) {
    Laid next;
    next.restless = trouble == MrzObstacle::moving;
    next.model = resting_place(options_, size_mm, ++laid_count_);
    make_trouble(next.model, trouble, size_mm, laid_count_);
    if (trouble == MrzObstacle::covered) next.hand_at = palm(-over_mrz, side());
    next.sheet = make_sheet(page, next.model.pixels_per_mm);
    bring(std::move(next));
}

void Scene::lay(const Carrier& carrier, SymbolObstacle trouble) {
    Laid next;
    next.restless = next.circling = trouble == SymbolObstacle::moving;
    next.model = resting_place(options_, carrier.size, ++laid_count_);
    make_trouble(next.model, trouble, carrier, laid_count_);
    if (trouble == SymbolObstacle::covered) {
        const cv::Rect2d& s = carrier.symbol;
        const cv::Point2d finger = place_in_picture(carrier, next.model, {s.x + s.width / 2, s.y + s.height * 0.4});
        next.hand_at = finger + cv::Point2d(0, options_.height * 0.18);
    }
    next.sheet = make_sheet(carrier.page, next.model.pixels_per_mm);
    bring(std::move(next));
}

void Scene::settle() {
    if (waiting_) laid_ = std::exchange(waiting_, std::nullopt);
    if (laid_) start(ScenePhase::settled);
}

void Scene::remove() {
    waiting_.reset();
    if (phase_ != ScenePhase::empty && phase_ != ScenePhase::leaving) start(ScenePhase::leaving);
}

void Scene::start(ScenePhase phase) {
    phase_ = phase;
    frame_in_phase_ = 0;
    rest_.reset();
}

// Goes on to the next phase when this one has had its frames; empty and settled stay.
void Scene::advance() {
    if (phase_ == ScenePhase::empty || phase_ == ScenePhase::settled) {
        if (phase_ == ScenePhase::empty && waiting_ && frame_in_phase_ >= frames_of(ScenePhase::empty)) {
            laid_ = std::exchange(waiting_, std::nullopt);
            start(ScenePhase::entering);
        }
        return;
    }
    if (frame_in_phase_ < frames_of(phase_)) return;
    if (phase_ == ScenePhase::leaving) {
        laid_.reset();
        start(ScenePhase::empty);
        return;
    }
    start(phase_ == ScenePhase::entering ? ScenePhase::tilted
          : phase_ == ScenePhase::tilted ? ScenePhase::settling
                                         : ScenePhase::settled);
}

// `away` 0 holds the page, 1 is out of the picture.
cv::Point2d Scene::palm(double away, double side) const {
    return {options_.width * (0.5 + 0.24 * side), options_.height * (0.86 + 0.75 * away)};
}

// A forearm from below, a palm and four fingers.
void Scene::draw_hand(Planes& picture, cv::Point2d palm, double side) const {
    const double h = options_.height, w = options_.width;
    const double x = palm.x, y = palm.y;
    const auto draw = [&](cv::Mat& plane, double k, const cv::Scalar& light, const cv::Scalar& dark) {
        const auto at = [k](double px, double py) {
            return cv::Point(static_cast<int>(std::lround(px * k)), static_cast<int>(std::lround(py * k)));
        };
        const auto thick = [k](double t) { return std::max(1, static_cast<int>(std::lround(t * k))); };
        cv::line(plane, at(x + side * w * 0.03, y + h * 0.16), at(x + side * w * 0.10, y + h * 0.9), dark,
                 thick(h * 0.20));
        cv::ellipse(plane, at(x, y + h * 0.10), {thick(h * 0.135), thick(h * 0.16)}, 0, 0, 360, light, cv::FILLED);
        for (int i = 0; i < 4; ++i) {
            const double fx = x + (i - 1.5) * h * 0.068, reach = h * (i == 0 || i == 3 ? 0.13 : 0.18);
            cv::line(plane, at(fx, y + h * 0.02), at(fx + side * h * 0.012 * (i - 1), y - reach),
                     i % 2 == 0 ? light : dark, thick(h * 0.058));
        }
        cv::line(plane, at(x - side * h * 0.10, y + h * 0.10), at(x - side * h * 0.19, y - h * 0.02), dark,
                 thick(h * 0.064));
    };
    draw(picture.y, 1, cv::Scalar(112), cv::Scalar(100));
    draw(picture.uv, 0.5, cv::Scalar(112, 149), cv::Scalar(111, 151));
}

Planes Scene::moving() {
    Planes picture{glass_.y.clone(), glass_.uv.clone()};
    Seeded rng(options_.seed + count_, "moving");
    CameraModel m = laid_->model;
    const double t = static_cast<double>(frame_in_phase_ + 1) / frames_of(phase_);
    const double side = this->side();
    double hand = 0;
    if (phase_ == ScenePhase::entering || phase_ == ScenePhase::leaving) {
        const double out = phase_ == ScenePhase::entering ? 1 - eased(t) : eased(t);
        m.shift_y += 1.15 * out;
        m.shift_x += side * 0.10 * out;
        m.degrees += side * (7 + 9 * out);
        m.tilt_y += 0.10;
        m.motion = options_.height * 0.05 * (0.25 + std::sin(CV_PI * t));
        hand = out * 1.2;
    } else if (phase_ == ScenePhase::tilted) {
        m.degrees += side * 7 * (1 - t) + rng.real(-0.4, 0.4);
        m.tilt_y += 0.10 * (1 - t * 0.8);
        m.tilt_x += 0.03 * (1 - t);
        m.shift_y += 0.006 * (1 - t);
        m.blur = 1.2;
        m.motion = options_.height * 0.010 * (1 - t * 0.7);
    } else {  // settling: the hand goes, the page is nudged
        m.degrees += side * 0.5 * (1 - t);
        m.shift_x += rng.real(-0.0006, 0.0006);
        m.shift_y += rng.real(-0.0006, 0.0006);
        hand = eased(t) * 1.3;
    }
    lay_on(picture, laid_->sheet, m);
    const double stays = phase_ == ScenePhase::settling ? 0 : hand;
    draw_hand(picture, laid_->hand_at ? *laid_->hand_at + palm(stays, side) - palm(0, side) : palm(hand, side), side);
    through_lens(picture, m);
    return picture;
}

// Nearly still: in its first second it still trembles by parts of a pixel, then only the noise changes. Who does not
// hold it still moves it twice a second by a sixth of the picture.
const Planes& Scene::resting() {
    const bool restless = laid_->restless;
    const bool trembles = restless || frame_in_phase_ < static_cast<int>(options_.frames_per_second);
    if (rest_ && !trembles && frame_in_phase_ != static_cast<int>(options_.frames_per_second)) return *rest_;
    Planes picture{glass_.y.clone(), glass_.uv.clone()};
    CameraModel m = laid_->model;
    if (trembles) {
        Seeded rng(options_.seed + count_, "tremble");
        m.shift_x += rng.real(-0.4, 0.4) / options_.width;
        m.shift_y += rng.real(-0.4, 0.4) / options_.height;
    }
    if (restless) {
        const double turn = 4 * CV_PI * frame_in_phase_ / options_.frames_per_second;
        const double across = 0.08 * options_.width;  // pixels
        m.shift_x += across / options_.width * std::sin(turn);
        m.shift_y += (laid_->circling ? across : 0.03 * options_.height) / options_.height * std::cos(turn);
        m.motion = across * 4 * CV_PI / options_.frames_per_second * (laid_->circling ? 0.35 : 0.7);
        m.motion_degrees = laid_->circling ? turn * 180 / CV_PI : 0;
    }
    lay_on(picture, laid_->sheet, m);
    if (laid_->hand_at) draw_hand(picture, *laid_->hand_at, side());
    through_lens(picture, m);
    rest_ = std::move(picture);
    return *rest_;
}

Frame Scene::next() {
    advance();
    Planes picture;
    if (phase_ == ScenePhase::empty || !laid_) {
        picture = {glass_.y.clone(), glass_.uv};
    } else if (phase_ == ScenePhase::settled) {
        const Planes& rest = resting();
        picture = {rest.y.clone(), rest.uv};
    } else {
        picture = moving();
    }
    noise_.add(picture.y, options_.seed + count_);
    shown_ = phase_;
    ++frame_in_phase_;
    const auto at = static_cast<std::int64_t>(static_cast<double>(count_) * 1e9 / options_.frames_per_second);
    return to_frame(picture, MonoTime{at}, count_++);
}

std::vector<PlayedFrame> play(const Page& page, cv::Size2d size_mm, const SceneOptions& options, int settled_frames,
                              MrzObstacle trouble) {
    Scene scene(options);
    std::vector<PlayedFrame> out;
    const auto take = [&](int frames) {
        for (int i = 0; i < frames; ++i) {
            Frame frame = scene.next();
            out.push_back({std::move(frame), scene.phase()});
        }
    };
    take(3);
    scene.lay(page, size_mm, trouble);
    while (scene.phase() != ScenePhase::settled) take(1);
    take(std::max(0, settled_frames - 1));
    scene.remove();
    while (scene.phase() != ScenePhase::empty) take(1);
    take(2);
    return out;
}

}  // namespace paso
