// The frames of the benchmark: what lies on the glass, how it lies there and what the camera makes of it, all from a
// seed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
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
// curved: like usual, of a page whose rows bulge by 0.5 to 2.5 mm.
enum class Difficulty : std::uint8_t { sharp, usual, askew, hard, curved };
inline constexpr std::array<std::string_view, 5> difficulty_names{"sharp", "usual", "askew", "hard", "curved"};

inline constexpr std::array<MrzFormat, 5> formats{MrzFormat::td1, MrzFormat::td2, MrzFormat::td3, MrzFormat::mrv_a,
                                                  MrzFormat::mrv_b};

struct Case {
    std::uint64_t seed = 0;
    Set set = Set::tuning;
    MrzFormat format = MrzFormat::td3;
    int turn = 0;  // 0, 90, 180, 270 degrees anticlockwise
    Difficulty difficulty = Difficulty::usual;
    // One scene for the four turns, camera, light and place with it, no larger than fits the frame both ways: what then
    // differs between the turns is the reader's doing, but for noise and the coder's blocks.
    bool whole_scene = false;
};

// What is known of one frame from its making.
struct Sight {
    // Where the rows stand: the middle of a capital's height at their left and right end, frame pixels.
    std::vector<std::pair<cv::Point2f, cv::Point2f>> rows;
    float pitch = 0;
    // What the print alone changes in the luma of each cell, by the frame made once more without it, before noise and
    // JPEG: grey levels at the strongest seventh of the cell. Where light burns the print out it is nothing.
    std::vector<std::vector<float>> contrast;
    float noise = 0;  // standard deviation, grey levels
    // Whether every cell is there to be seen: a contrast of twice the noise and 8 levels. Below, a reader can but
    // guess.
    [[nodiscard]] bool legible() const;
};

// What the frames of one case have in common, and the frames: one visit, the document lies still, the hand moves it by
// a pixel or two, light and noise differ.
struct Visit {
    std::vector<std::string> truth;
    double pixels_a_character = 0;
    Face face = Face::ocr_b;  // of the MRZ
    std::vector<Frame> frames;
    std::vector<Sight> sights;  // one for each frame
    // Whether so many frames show every cell.
    [[nodiscard]] bool legible(int frames) const;
};

inline constexpr double mrz_pitch_mm = 2.54;  // Doc 9303-3: ten characters an inch

// The camera of a case, and of its n-th frame. Placement, light and lens come from the seed alone.
[[nodiscard]] CameraModel camera_of(const Case& c, int frame);
// Errors: those of render_page and of the JPEG encoder.
[[nodiscard]] Result<Visit> render(const Case& c, int frames, const Typefaces& faces, cv::Size size);
// The glass without a document.
[[nodiscard]] Frame empty_frame(Set set, std::uint64_t seed, cv::Size size);

// A page of the claim set: same person and lines as make_specimen gives, drawn in another way; `bare`: without them.
[[nodiscard]] Page claim_page(const SpecimenSpec& spec, const Typefaces& faces, bool bare = false);

}  // namespace paso::bench
