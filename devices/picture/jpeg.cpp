#include <turbojpeg.h>

#include <memory>
#include <utility>

#include "devices/picture/codecs.hpp"

namespace paso {
namespace {

struct Destroy {
    void operator()(void* handle) const { tjDestroy(handle); }
};
struct Free {
    void operator()(unsigned char* bytes) const { tjFree(bytes); }
};
using Handle = std::unique_ptr<void, Destroy>;

const unsigned char* raw(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

std::size_t half(int n) { return (static_cast<std::size_t>(n) + 1) / 2; }

// Planes of any chroma size to 4:2:0, by the mean of the samples that one chroma sample covers.
void to_420(const std::vector<std::uint8_t>& from, int width, int height, int from_width, int from_height,
            std::uint8_t* to) {
    const std::size_t w = half(width);
    const std::size_t h = half(height);
    for (std::size_t y = 0; y < h; ++y) {
        const std::size_t y0 = y * static_cast<std::size_t>(from_height) / h;
        for (std::size_t x = 0; x < w; ++x) {
            const std::size_t x0 = x * static_cast<std::size_t>(from_width) / w;
            to[y * w + x] = from[y0 * static_cast<std::size_t>(from_width) + x0];
        }
    }
}

}  // namespace

Result<Frame> decode_jpeg(ByteView file, const PictureLimits& limits, MonoTime captured, std::uint64_t sequence) {
    const Handle handle{tjInitDecompress()};
    if (!handle) return fail("picture.damaged", "no decoder");
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colours = 0;
    if (tjDecompressHeader3(handle.get(), raw(file), file.size(), &width, &height, &sampling, &colours) != 0) {
        return fail("picture.damaged", tjGetErrorStr2(handle.get()));
    }
    if (const Status s = check_size(width, height, limits); !s) return fail(s.error());
    const bool grey = sampling == TJSAMP_GRAY || colours == TJCS_CMYK || colours == TJCS_YCCK || sampling < 0;
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(width, height, !grey));
    const auto luma = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    int failed = 0;
    if (grey) {
        failed = tjDecompress2(handle.get(), raw(file), file.size(), pixels->data(), width, 0, height, TJPF_GRAY, 0);
    } else {
        const int cw = tjPlaneWidth(1, width, sampling);
        const int ch = tjPlaneHeight(1, height, sampling);
        const int yw = tjPlaneWidth(0, width, sampling);
        const int yh = tjPlaneHeight(0, height, sampling);
        std::vector<std::uint8_t> y(static_cast<std::size_t>(yw) * static_cast<std::size_t>(yh));
        std::vector<std::uint8_t> u(static_cast<std::size_t>(cw) * static_cast<std::size_t>(ch));
        std::vector<std::uint8_t> v(u.size());
        unsigned char* planes[3] = {y.data(), u.data(), v.data()};
        failed = tjDecompressToYUVPlanes(handle.get(), raw(file), file.size(), planes, 0, nullptr, 0, 0);
        for (int row = 0; row < height; ++row) {
            const auto at = static_cast<std::ptrdiff_t>(row);
            std::copy_n(y.begin() + at * yw, width, pixels->begin() + at * width);
        }
        to_420(u, width, height, cw, ch, pixels->data() + luma);
        to_420(v, width, height, cw, ch, pixels->data() + luma + half(width) * half(height));
    }
    // A warning is a picture that is cut off or has stray bytes: what came is not the whole picture.
    if (failed != 0) return fail("picture.truncated", tjGetErrorStr2(handle.get()));
    return Frame(width, height, !grey, std::move(pixels), captured, sequence);
}

Bytes encode_jpeg(const Frame& frame, int quality) {
    const Handle handle{tjInitCompress()};
    if (!handle || frame.empty()) return {};
    unsigned char* out = nullptr;
    unsigned long size = 0;
    const std::uint8_t* base = frame.planes().data();
    const auto luma = static_cast<std::size_t>(frame.width()) * static_cast<std::size_t>(frame.height());
    const std::size_t chroma = half(frame.width()) * half(frame.height());
    int failed = 0;
    if (frame.colour()) {
        const unsigned char* planes[3] = {base, base + luma, base + luma + chroma};
        const auto cw = static_cast<int>(half(frame.width()));
        const int strides[3] = {frame.width(), cw, cw};
        failed = tjCompressFromYUVPlanes(handle.get(), planes, frame.width(), strides, frame.height(), TJSAMP_420, &out,
                                         &size, quality, 0);
    } else {
        failed = tjCompress2(handle.get(), base, frame.width(), 0, frame.height(), TJPF_GRAY, &out, &size, TJSAMP_GRAY,
                             quality, 0);
    }
    const std::unique_ptr<unsigned char, Free> owner{out};
    if (failed != 0) return {};
    const auto* bytes = reinterpret_cast<const std::byte*>(out);
    return {bytes, bytes + size};
}

}  // namespace paso
