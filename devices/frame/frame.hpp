// Frame: one picture from a camera. Pixels are shared and const, so passing a frame costs a pointer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/time.hpp"

namespace paso {

// 8-bit planes without padding: luma width*height, then (in colour frames) Cb and Cr of ceil(width/2)*ceil(height/2)
// each, as in I420, full range (JFIF).
class Frame {
  public:
    using Pixels = std::shared_ptr<const std::vector<std::uint8_t>>;
    Frame() = default;
    Frame(int width, int height, bool colour, Pixels pixels, MonoTime captured, std::uint64_t sequence)
        : width_(width),
          height_(height),
          colour_(colour),
          pixels_(std::move(pixels)),
          captured_(captured),
          sequence_(sequence) {}

    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }
    [[nodiscard]] bool colour() const { return colour_; }
    [[nodiscard]] bool empty() const { return pixels_ == nullptr; }
    [[nodiscard]] MonoTime captured() const { return captured_; }
    [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
    // width*height bytes, row after row.
    [[nodiscard]] std::span<const std::uint8_t> luma() const {
        return {pixels_->data(), static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)};
    }
    // All planes.
    [[nodiscard]] std::span<const std::uint8_t> planes() const { return {pixels_->data(), pixels_->size()}; }
    // The same picture with another time and number.
    [[nodiscard]] Frame with(MonoTime captured, std::uint64_t sequence) const {
        return {width_, height_, colour_, pixels_, captured, sequence};
    }
    [[nodiscard]] static std::size_t bytes_needed(int width, int height, bool colour) {
        const auto w = static_cast<std::size_t>(width);
        const auto h = static_cast<std::size_t>(height);
        return w * h + (colour ? 2 * ((w + 1) / 2) * ((h + 1) / 2) : 0);
    }

  private:
    int width_ = 0;
    int height_ = 0;
    bool colour_ = false;
    Pixels pixels_;
    MonoTime captured_{};
    std::uint64_t sequence_ = 0;
};

}  // namespace paso
