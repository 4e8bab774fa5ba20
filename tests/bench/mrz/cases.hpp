// The frames of the benchmark: what lies on the glass, how it lies there and what the camera makes of it, all from a
// seed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "devices/frame/frame.hpp"
#include "tests/specimens/camera_model.hpp"

namespace paso::bench {

// tuning: the pages and the camera of tests/specimens. claim: other cuts of OCR-B in other weights and widths, other
// grounds (claim_page), another table under the page and another lens; the recogniser's training never saw any of it.
enum class Set : std::uint8_t { tuning, claim };

// sharp: fills the frame, level. usual: 10 to 28 pixels a character, up to 6 degrees askew, soft, shaded, JPEG.
// askew: like usual, 6 to 20 degrees. hard: blur, motion, noise, perspective, glare anywhere, the MRZ included.
enum class Difficulty : std::uint8_t { sharp, usual, askew, hard };
inline constexpr std::array<std::string_view, 4> difficulty_names{"sharp", "usual", "askew", "hard"};

inline constexpr std::array<MrzFormat, 5> formats{MrzFormat::td1, MrzFormat::td2, MrzFormat::td3, MrzFormat::mrv_a,
                                                  MrzFormat::mrv_b};

struct Case {
    std::uint64_t seed = 0;
    Set set = Set::tuning;
    MrzFormat format = MrzFormat::td3;
    int turn = 0;  // 0, 90, 180, 270 degrees anticlockwise
    Difficulty difficulty = Difficulty::usual;
};

// What the frames of one case have in common, and the frames: one visit, the document lies still, the hand moves it by
// a pixel or two, light and noise differ.
struct Visit {
    std::vector<std::string> truth;
    double pixels_a_character = 0;
    std::vector<Frame> frames;
};

inline constexpr double mrz_pitch_mm = 2.54;  // Doc 9303-3: ten characters an inch

// The camera of a case, and of its n-th frame. Placement, light and lens come from the seed alone.
[[nodiscard]] CameraModel camera_of(const Case& c, int frame);
// Errors: those of render_page and of the JPEG encoder.
[[nodiscard]] Result<Visit> render(const Case& c, int frames, const Typefaces& faces, cv::Size size);
// The glass without a document.
[[nodiscard]] Frame empty_frame(Set set, std::uint64_t seed, cv::Size size);

// A page of the claim set: same person and lines as make_specimen gives, drawn in another way.
[[nodiscard]] Page claim_page(const SpecimenSpec& spec, const Typefaces& faces);

}  // namespace paso::bench
