// A drawn face from a seed: ellipses and strokes, nobody's.
#include <algorithm>
#include <array>
#include <cmath>

#include "tests/specimens/page.hpp"
#include "tests/specimens/seeded.hpp"

namespace paso {
namespace {

constexpr std::array<std::array<int, 3>, 6> skins{
    {{198, 216, 244}, {172, 198, 236}, {140, 174, 222}, {104, 142, 198}, {74, 104, 158}, {52, 72, 112}}};
constexpr std::array<std::array<int, 3>, 6> hairs{
    {{28, 26, 30}, {34, 44, 66}, {40, 66, 106}, {84, 136, 180}, {38, 62, 128}, {150, 150, 152}}};
constexpr std::array<std::array<int, 3>, 6> cloths{
    {{92, 60, 36}, {60, 60, 64}, {58, 88, 52}, {48, 44, 112}, {120, 108, 88}, {110, 70, 96}}};

cv::Scalar colour(const std::array<int, 3>& c) { return {double(c[0]), double(c[1]), double(c[2])}; }
Ink shade(const cv::Scalar& c, double factor, double strength = 1) { return {c * factor, strength}; }

// One unit is a hundredth of the picture's height; x 0 is the middle.
struct Head {
    Canvas& canvas;
    double middle;
    cv::Scalar skin, hair, cloth;
    double wide, tall;  // radii of the face
    double top = 45;    // y of the face's centre
    [[nodiscard]] cv::Point2d at(double x, double y) const { return {middle + x, y}; }
};

void shoulders(Head& h, Seeded& rng) {
    h.canvas.ellipse(h.at(0, 112), {42, 30}, shade(h.cloth, 0.85));
    h.canvas.ellipse(h.at(0, 113), {39.5, 28.5}, shade(h.cloth, 1));
    h.canvas.fill({h.at(-9, h.top + 18), h.at(9, h.top + 18), h.at(11, 88), h.at(0, 96), h.at(-11, 88)},
                  shade(h.skin, 0.86));
    const bool collar = rng.chance(0.6);
    if (collar) {
        h.canvas.fill({h.at(-11, 83), h.at(0, 97), h.at(-9, 103), h.at(-19, 87)}, shade(h.cloth, 1.25));
        h.canvas.fill({h.at(11, 83), h.at(0, 97), h.at(9, 103), h.at(19, 87)}, shade(h.cloth, 1.18));
    } else {
        h.canvas.curve(ellipse_points(h.at(0, 84), {12.5, 11}, 0, 10, 170), 2, shade(h.cloth, 0.7));
    }
}

void long_hair(Head& h) {
    h.canvas.ellipse(h.at(0, h.top - 2), {h.wide + 6.5, h.tall + 4}, shade(h.hair, 0.9));
    h.canvas.fill({h.at(-h.wide - 6, h.top), h.at(h.wide + 6, h.top), h.at(h.wide + 7, 84), h.at(h.wide - 4, 90),
                   h.at(-h.wide + 4, 90), h.at(-h.wide - 7, 84)},
                  shade(h.hair, 0.9));
}

void face(Head& h) {
    for (const int side : {-1, 1}) {
        h.canvas.ellipse(h.at(side * (h.wide + 0.6), h.top + 2), {3.2, 5.4}, shade(h.skin, 0.86));
        h.canvas.ellipse(h.at(side * (h.wide + 0.8), h.top + 2), {1.5, 3.2}, shade(h.skin, 0.7, 0.6));
    }
    h.canvas.ellipse(h.at(0, h.top), {h.wide, h.tall}, shade(h.skin, 0.93));
    h.canvas.ellipse(h.at(-1.2, h.top - 0.8), {h.wide - 1.8, h.tall - 2}, shade(h.skin, 1));
    for (const int side : {-1, 1}) {
        h.canvas.ellipse(h.at(side * h.wide * 0.55, h.top + 8), {4.6, 3.4},
                         {h.skin * 0.9 + cv::Scalar(8, 8, 42), 0.35});
    }
}

// The mass of hair behind the face, then the hairline over the forehead.
void back_of_hair(Head& h) {
    auto outer = ellipse_points(h.at(0, h.top - 1), {h.wide + 3, h.tall + 4.5}, 0, 172, 368);
    h.canvas.fill(outer, shade(h.hair, 0.92));
}

void hairline(Head& h, double height, double parting) {
    auto fringe = ellipse_points(h.at(0, h.top), {h.wide + 0.5, h.tall + 0.5}, 0, 186, 354);
    for (int i = 0; i <= 24; ++i) {
        const double t = 1 - i / 12.0;  // right temple to left temple
        const double rise = height * std::sqrt(std::max(0.0, 1 - t * t)) * (1 + 0.18 * std::sin(3 * (t - parting)));
        fringe.push_back(h.at(h.wide * 0.99 * t, h.top - 2 - rise));
    }
    h.canvas.fill(fringe, shade(h.hair, 1));
    h.canvas.curve(ellipse_points(h.at(-2, h.top - 1), {h.wide - 2, h.tall + 1.5}, 0, 215, 300), 1.0,
                   {h.hair * 1.3 + cv::Scalar::all(14), 0.5});
}

void features(Head& h, Seeded& rng) {
    const double eye_x = h.wide * rng.real(0.40, 0.47), eye_y = h.top - rng.real(0, 2);
    const double lift = rng.real(-0.8, 0.8), open = rng.real(2.0, 2.7);
    const std::array<cv::Scalar, 4> irises{{{60, 44, 34}, {40, 70, 96}, {140, 108, 70}, {84, 110, 74}}};
    const cv::Scalar iris = rng.pick(std::span{irises});
    for (const int side : {-1, 1}) {
        const auto eye = h.at(side * eye_x, eye_y);
        h.canvas.ellipse(eye, {4.2, open}, {{246, 248, 250}, 1});
        h.canvas.ellipse(eye, {2.1, 2.1}, {iris, 1});
        h.canvas.ellipse(eye, {1.0, 1.0}, {{16, 14, 14}, 1});
        h.canvas.ellipse({eye.x - 0.7, eye.y - 0.7}, {0.5, 0.5}, {{255, 255, 255}, 1});
        h.canvas.curve(ellipse_points(eye, {4.5, open + 0.3}, 0, 190, 350), 0.8, shade(h.hair, 0.7));
        h.canvas.curve({{eye.x - side * 4.4, eye.y - 5.0 - lift * 0.3},
                        {eye.x, eye.y - 6.3},
                        {eye.x + side * 5, eye.y - 5.2 + lift}},
                       1.5, shade(h.hair, 0.85));
    }
    const double nose = eye_y + rng.real(11, 13.5), nose_w = rng.real(2.6, 4);
    h.canvas.curve({h.at(1.2, eye_y + 2), h.at(2.2, nose - 3), h.at(nose_w, nose - 0.6)}, 0.7, shade(h.skin, 0.76));
    h.canvas.curve(ellipse_points(h.at(0, nose - 0.6), {nose_w, 1.9}, 0, 20, 160), 0.9, shade(h.skin, 0.7));
    const double mouth = nose + rng.real(6, 7.5), mouth_w = rng.real(6, 8);
    h.canvas.ellipse(h.at(0, mouth + 0.5), {mouth_w * 0.86, 1.9}, {h.skin * 0.8 + cv::Scalar(10, 6, 40), 1});
    h.canvas.curve({h.at(-mouth_w, mouth), h.at(-2, mouth + 0.5), h.at(2, mouth + 0.5), h.at(mouth_w, mouth)}, 0.8,
                   shade(h.skin, 0.5));
}

void beard(Head& h) {
    auto outer = ellipse_points(h.at(0, h.top + 1), {h.wide + 0.4, h.tall + 1.2}, 0, 12, 168);
    const auto inner = ellipse_points(h.at(0, h.top + 13), {h.wide * 0.72, 8.5}, 0, 180, 0);
    outer.insert(outer.end(), inner.begin(), inner.end());
    h.canvas.fill(outer, {h.hair, 0.8});
    h.canvas.curve(ellipse_points(h.at(0, h.top + 17.2), {7.4, 3}, 0, 190, 350), 1.8, {h.hair, 0.85});
}

void glasses(Head& h) {
    const Ink frame{{34, 30, 30}, 1};
    for (const int side : {-1, 1}) {
        h.canvas.curve(ellipse_points(h.at(side * h.wide * 0.45, h.top - 0.5), {6.4, 5.4}), 0.9, frame, true);
        h.canvas.curve({h.at(side * (h.wide * 0.45 + 6.4), h.top - 1), h.at(side * h.wide, h.top - 1.5)}, 0.9, frame);
    }
    h.canvas.curve(ellipse_points(h.at(0, h.top), {3, 2}, 0, 200, 340), 0.9, frame);
}

}  // namespace

cv::Mat draw_portrait(std::uint64_t seed, char sex, bool child, double aspect, const Typefaces& faces) {
    Seeded rng(seed, "face");
    Canvas canvas(100 * aspect, 100, 10, faces);
    for (int y = 0; y < canvas.pixels().rows; ++y) {
        const double t = static_cast<double>(y) / canvas.pixels().rows;
        canvas.pixels().row(y).setTo(cv::Scalar(236, 230, 224) * (1 - t) + cv::Scalar(214, 206, 196) * t);
    }
    Head head{canvas,
              50 * aspect,
              colour(rng.pick(std::span{skins})),
              colour(rng.pick(std::span{hairs})),
              colour(rng.pick(std::span{cloths})),
              rng.real(18, 20.5),
              rng.real(24, 27)};
    if (child) {
        head.wide = 20.5;
        head.tall = 23;
        head.top = 50;
    }
    const bool lengthy = sex == 'F' ? rng.chance(0.75) : rng.chance(0.12);
    const bool bald = sex == 'M' && !child && rng.chance(0.15);
    if (lengthy) long_hair(head);
    if (!bald) back_of_hair(head);
    shoulders(head, rng);
    face(head);
    if (sex == 'M' && !child && rng.chance(0.4)) beard(head);
    if (!bald) hairline(head, rng.real(11, 15), rng.real(-0.6, 0.6));
    features(head, rng);
    if (rng.chance(0.25)) glasses(head);
    return canvas.pixels();
}

}  // namespace paso
