// Frames for the benchmark of symbols, each from its seed: a symbol on a white label, screen or card before the clutter
// of a document (guilloche, text, MRZ, portrait), as a 1080p camera sees it.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "core/barcode/symbol.hpp"
#include "core/base/result.hpp"
#include "devices/frame/frame.hpp"
#include "tests/specimens/specimen.hpp"

namespace paso::bench {

enum class Condition : std::uint8_t {
    clean,
    off_centre,
    turned_5,
    turned_15,
    turned_30,
    turned_45,
    turned_90,
    blur,
    blur_more,
    low_contrast,
    noise,
    perspective,
    shade,
    inverted,
    kiosk,
    blur_most,
    curved,
    curved_more
};
inline constexpr std::array all_conditions{
    Condition::clean,     Condition::off_centre,  Condition::turned_5,   Condition::turned_15, Condition::turned_30,
    Condition::turned_45, Condition::turned_90,   Condition::blur,       Condition::blur_more, Condition::low_contrast,
    Condition::noise,     Condition::perspective, Condition::shade,      Condition::inverted,  Condition::kiosk,
    Condition::blur_most, Condition::curved,      Condition::curved_more};
[[nodiscard]] std::string_view name(Condition c);
// Not counted against the goals: a blur of 0.7 module, a PDF417 in reverse, paper that is bent (which has a goal of its
// own: of PDF417 with a radius of 60 to 150 mm 92 %).
[[nodiscard]] bool beyond_goal(Condition c, SymbolKind kind);

// Pixels a module: small, medium, large.
[[nodiscard]] std::array<double, 3> module_sizes(SymbolKind kind);

struct Placed {
    Symbology symbology;
    Bytes payload;
    std::array<cv::Point2f, 4> corners;  // of the symbol without its quiet zone, from its upper left, clockwise
};
struct Scene {
    Frame frame;
    std::vector<Placed> symbols;
};

// Draws symbols by ZXing's writer and, where the program `zint` is there, every second one by it.
class Scenes {
  public:
    // The documents behind the symbols come from `seed`. Errors: "specimen.*".
    [[nodiscard]] static Result<Scenes> open(std::uint64_t seed);
    [[nodiscard]] Result<Scene> one(SymbolKind kind, Condition condition, int size, std::uint64_t seed) const;
    // PDF417, QR, Aztec and DataMatrix at once.
    [[nodiscard]] Result<Scene> four(std::uint64_t seed) const;
    // Clutter without a symbol, or (every second) the empty glass.
    [[nodiscard]] Scene none(std::uint64_t seed) const;
    [[nodiscard]] bool has_zint() const { return zint_; }

  private:
    std::vector<cv::Mat> pages_;  // luma of documents, 1920 x 1080
    std::vector<cv::Mat> glass_;
    bool zint_ = false;
};

}  // namespace paso::bench
