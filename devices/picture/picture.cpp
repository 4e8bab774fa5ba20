#include "devices/picture/picture.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "devices/picture/codecs.hpp"
#include "devices/picture/exif.hpp"

namespace paso {
namespace {

// Mean of each target pixel's source box, in one plane.
void scale_plane(const std::uint8_t* from, std::size_t fw, std::size_t fh, std::uint8_t* to, std::size_t tw,
                 std::size_t th) {
    for (std::size_t y = 0; y < th; ++y) {
        const std::size_t y0 = y * fh / th;
        const std::size_t y1 = std::max(y0 + 1, (y + 1) * fh / th);
        for (std::size_t x = 0; x < tw; ++x) {
            const std::size_t x0 = x * fw / tw;
            const std::size_t x1 = std::max(x0 + 1, (x + 1) * fw / tw);
            unsigned sum = 0;
            for (std::size_t yy = y0; yy < y1; ++yy) {
                for (std::size_t xx = x0; xx < x1; ++xx) sum += from[yy * fw + xx];
            }
            const auto count = static_cast<unsigned>((y1 - y0) * (x1 - x0));
            to[y * tw + x] = static_cast<std::uint8_t>((sum + count / 2) / count);
        }
    }
}

}  // namespace

Status check_size(int width, int height, const PictureLimits& limits) {
    const auto pixels = std::int64_t{width} * height;
    if (width > 0 && height > 0 && width <= limits.max_side && height <= limits.max_side && pixels <= limits.max_pixels)
        return {};
    return fail("picture.too_large", std::to_string(width) + " x " + std::to_string(height) + " pixels, at most " +
                                         std::to_string(limits.max_side) + " a side and " +
                                         std::to_string(limits.max_pixels) + " in all");
}

Result<Frame> decode_picture(ByteView file, const PictureLimits& limits, MonoTime captured, std::uint64_t sequence) {
    if (file.size() > limits.max_bytes) {
        return fail("picture.too_large",
                    std::to_string(file.size()) + " bytes, at most " + std::to_string(limits.max_bytes));
    }
    const std::string_view text = as_text(file);
    const auto decode = text.starts_with("\xFF\xD8\xFF")        ? decode_jpeg
                        : text.starts_with("\x89PNG\r\n\x1A\n") ? decode_png
                                                                : nullptr;
    if (decode == nullptr)
        return fail("picture.unknown_format", file.empty() ? "the file is empty" : "neither JPEG nor PNG");
    const auto frame = decode(file, limits, captured, sequence);
    if (!frame) return frame;
    return turned(*frame, orientation_of(file));
}

Frame scaled(const Frame& frame, int width, int height) {
    if (frame.empty() || width < 2 || height < 2) return {};
    const double factor =
        std::min({1.0, static_cast<double>(width) / frame.width(), static_cast<double>(height) / frame.height()});
    const int w = std::max(2, static_cast<int>(frame.width() * factor));
    const int h = std::max(2, static_cast<int>(frame.height() * factor));
    auto out = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(w, h, frame.colour()));
    const auto size = [](int n) { return static_cast<std::size_t>(n); };
    scale_plane(frame.luma().data(), size(frame.width()), size(frame.height()), out->data(), size(w), size(h));
    if (frame.colour()) {
        const std::size_t fw = (size(frame.width()) + 1) / 2;
        const std::size_t fh = (size(frame.height()) + 1) / 2;
        const std::size_t tw = (size(w) + 1) / 2;
        const std::size_t th = (size(h) + 1) / 2;
        const std::uint8_t* cb = frame.planes().data() + size(frame.width()) * size(frame.height());
        scale_plane(cb, fw, fh, out->data() + size(w) * size(h), tw, th);
        scale_plane(cb + fw * fh, fw, fh, out->data() + size(w) * size(h) + tw * th, tw, th);
    }
    return {w, h, frame.colour(), std::move(out), frame.captured(), frame.sequence()};
}

}  // namespace paso
