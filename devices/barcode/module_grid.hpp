// A grid of modules laid over a picture: moved until it fits, sampled, and drawn anew without blur, shade and tilt.
#pragma once

#include <array>
#include <opencv2/core.hpp>

namespace paso {

// Grey levels less the mean of the neighbourhood: dark modules below 0. `side`: of the neighbourhood, pixels.
[[nodiscard]] cv::Mat against_neighbours(const cv::Mat& pixels, int side);  // float

// Corners of a square of modules (top left, top right, bottom right, bottom left), pixels.
using Corners = std::array<cv::Point2f, 4>;

// From modules (0 to `size` along both sides) to pixels.
[[nodiscard]] cv::Matx33f grid_map(const Corners& corners, float size);

// Mean distance from the middle grey at the modules' centres: highest where the grid fits. Modules of a square from
// `first` to `last` (both included) of the grid's rows and columns, every `step`th.
[[nodiscard]] float grid_fit(const cv::Mat& relief, const cv::Matx33f& map, int first, int last, int step);

// Moves the corners, each coordinate for itself, by steps of `reach` modules, halved `rounds` times, for a better fit.
[[nodiscard]] Corners better_corners(const cv::Mat& relief, Corners corners, int size, float reach, int rounds);

// The corners of the square of `size` modules, carried outwards by `by` modules on each side.
[[nodiscard]] Corners carried_out(const Corners& corners, int size, float by);

// The modules' values, `size` x `size` floats: each the mean of five points near its centre.
[[nodiscard]] cv::Mat sample_grid(const cv::Mat& relief, const cv::Matx33f& map, int size);

// Dark and light modules, `pixels` wide each, with a light border of `quiet` modules. `sharpen`: how much of its four
// neighbours is taken off each module first (0.25: a blur of half a module).
[[nodiscard]] cv::Mat clean_picture(const cv::Mat& values, float sharpen, int pixels, int quiet);

}  // namespace paso
