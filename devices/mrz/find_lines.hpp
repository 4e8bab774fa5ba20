// Finding the rows of a machine readable zone: dark text of even height, in two or three parallel rows of equal length.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace paso {

// A row of text in frame pixels: from the middle of its left edge to the middle of its right edge, as its reader sees
// them. It may run in any direction.
struct TextRow {
    cv::Point2f left;
    cv::Point2f right;
    float height = 0;    // rough height of its characters
    bool light = false;  // light text on a darker ground, as a laser engraves it
    float bend = 0;      // how far its middle hangs below the line from left to right, as on a page that bulges
    float lean = 0;      // how far a letter's head stands right of its foot, by its height
    [[nodiscard]] float length() const { return static_cast<float>(cv::norm(right - left)); }
};

using RowGroup = std::vector<TextRow>;  // two or three rows, top to bottom

// The same rows for a reader who stands on the other side.
[[nodiscard]] RowGroup turned_over(const RowGroup& group);

// One way to look at the picture.
struct RowPass {
    bool upended = false;  // rows run from the bottom to the top (or from the top to the bottom: see turned_over)
    float slope = 0;       // down by right; rows within 0.15 of it are found
    bool light = false;
    bool operator==(const RowPass&) const = default;
};

// What print stands on. On a busy ground, of lines that are as dark as the strokes, rows are what is denser than all
// that is around them; faint print beside bold is lost by that.
enum class Ground : std::uint8_t { quiet, busy };

// What every pass over one picture shares. `luma` is an 8-bit grey picture, kept by reference.
class RowFinder {
  public:
    // `side`: the picture is searched at a size whose longer side has so many pixels; characters must be 5 to 20 high
    // there.
    explicit RowFinder(const cv::Mat& luma, int side = 960, Ground ground = Ground::quiet);
    // Groups that may be an MRZ, the longest rows first, at most six.
    [[nodiscard]] std::vector<RowGroup> groups(const RowPass& pass);
    [[nodiscard]] Ground ground() const { return ground_; }

  private:
    [[nodiscard]] const cv::Mat& mask(const RowPass& pass);
    Ground ground_;
    cv::Mat grey_;
    float scale_ = 1;      // picture pixels a pixel of grey_
    cv::Mat masks_[2][2];  // dark and light text; level and upended
};

// The first pass alone, for rows that lie level.
[[nodiscard]] std::vector<RowGroup> find_row_groups(const cv::Mat& luma, float slope = 0);

}  // namespace paso
