// PNG by libpng's simplified interface: no longjmp crosses our frames, any depth and palette comes as RGB, alpha over
// white.
#include <png.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "devices/picture/codecs.hpp"

namespace paso {
namespace {

struct Image : png_image {
    Image() : png_image{} { version = PNG_IMAGE_VERSION; }
    ~Image() { png_image_free(this); }
    Image(const Image&) = delete;
    Image& operator=(const Image&) = delete;
};

std::uint8_t clamp(int v) { return static_cast<std::uint8_t>(std::clamp(v, 0, 255)); }

}  // namespace

Result<Frame> decode_png(ByteView file, const PictureLimits& limits, MonoTime captured, std::uint64_t sequence) {
    Image image;
    if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0)
        return fail("picture.damaged", image.message);
    const auto side = [](png_uint_32 n) { return static_cast<int>(std::min<png_uint_32>(n, 1U << 30U)); };
    const int width = side(image.width);
    const int height = side(image.height);
    if (const Status s = check_size(width, height, limits); !s) return fail(s.error());
    const bool colour = (image.format & PNG_FORMAT_FLAG_COLOR) != 0;
    image.format = colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    png_color white{255, 255, 255};
    std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image));
    if (png_image_finish_read(&image, &white, pixels.data(), 0, nullptr) == 0)
        return fail("picture.truncated", image.message);
    if (colour) return frame_from_rgb(pixels, width, height, captured, sequence);
    return Frame(width, height, false, std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels)), captured,
                 sequence);
}

Frame frame_from_rgb(std::span<const std::uint8_t> rgb, int width, int height, MonoTime captured,
                     std::uint64_t sequence) {
    auto out = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(width, height, true));
    const auto w = static_cast<std::size_t>(width);
    const auto h = static_cast<std::size_t>(height);
    const std::size_t cw = (w + 1) / 2;
    std::uint8_t* cb = out->data() + w * h;
    std::uint8_t* cr = cb + cw * ((h + 1) / 2);
    for (std::size_t y = 0; y < h; ++y) {
        for (std::size_t x = 0; x < w; ++x) {
            const std::uint8_t* p = rgb.data() + 3 * (y * w + x);
            const int r = p[0];
            const int g = p[1];
            const int b = p[2];
            (*out)[y * w + x] = clamp((19595 * r + 38470 * g + 7471 * b + 32768) >> 16);
            if (y % 2 == 0 && x % 2 == 0) {
                cb[y / 2 * cw + x / 2] = clamp(128 + ((-11059 * r - 21709 * g + 32768 * b + 32768) >> 16));
                cr[y / 2 * cw + x / 2] = clamp(128 + ((32768 * r - 27439 * g - 5329 * b + 32768) >> 16));
            }
        }
    }
    return {width, height, true, std::move(out), captured, sequence};
}

Bytes encode_png(const Frame& frame) {
    if (frame.empty()) return {};
    const auto w = static_cast<std::size_t>(frame.width());
    const auto h = static_cast<std::size_t>(frame.height());
    std::vector<std::uint8_t> pixels;
    if (frame.colour()) {
        const std::size_t cw = (w + 1) / 2;
        const std::uint8_t* luma = frame.planes().data();
        const std::uint8_t* cb = luma + w * h;
        const std::uint8_t* cr = cb + cw * ((h + 1) / 2);
        pixels.reserve(w * h * 3);
        for (std::size_t y = 0; y < h; ++y) {
            for (std::size_t x = 0; x < w; ++x) {
                const int l = luma[y * w + x];
                const int u = cb[y / 2 * cw + x / 2] - 128;
                const int v = cr[y / 2 * cw + x / 2] - 128;
                pixels.push_back(clamp(l + ((91881 * v + 32768) >> 16)));
                pixels.push_back(clamp(l - ((22554 * u + 46802 * v + 32768) >> 16)));
                pixels.push_back(clamp(l + ((116130 * u + 32768) >> 16)));
            }
        }
    } else {
        pixels.assign(frame.luma().begin(), frame.luma().end());
    }
    Image image;
    image.width = static_cast<png_uint_32>(w);
    image.height = static_cast<png_uint_32>(h);
    image.format = frame.colour() ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    png_alloc_size_t size = 0;
    if (png_image_write_get_memory_size(image, size, 0, pixels.data(), 0, nullptr) == 0) return {};
    Bytes out(size);
    if (png_image_write_to_memory(&image, out.data(), &size, 0, pixels.data(), 0, nullptr) == 0) return {};
    out.resize(size);
    return out;
}

}  // namespace paso
