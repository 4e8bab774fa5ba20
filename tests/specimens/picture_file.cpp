#include "tests/specimens/picture_file.hpp"

#include <png.h>
#include <turbojpeg.h>

#include <memory>
#include <utility>

#include "tests/specimens/camera_model.hpp"

namespace paso {
namespace {

struct CloseJpeg {
    void operator()(void* handle) const { tjDestroy(handle); }
};
using Jpeg = std::unique_ptr<void, CloseJpeg>;

bool suits(const Frame& f) {
    return !f.empty() && f.colour() && f.width() > 0 && f.width() % 2 == 0 && f.height() > 0 && f.height() % 2 == 0;
}

}  // namespace

Result<Bytes> jpeg_file(const Frame& frame, int quality) {
    if (!suits(frame)) return fail("specimen.picture", "colour frames of even size only");
    const Jpeg jpeg{tjInitCompress()};
    const auto* data = frame.planes().data();
    const int w = frame.width(), h = frame.height();
    const auto luma = static_cast<std::size_t>(w) * static_cast<std::size_t>(h);
    const unsigned char* planes[3] = {data, data + luma, data + luma + luma / 4};
    const int strides[3] = {w, w / 2, w / 2};
    unsigned char* out = nullptr;
    unsigned long size = 0;  // NOLINT(google-runtime-int): turbojpeg's type
    const int rc = tjCompressFromYUVPlanes(jpeg.get(), planes, w, strides, h, TJSAMP_420, &out, &size, quality, 0);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned{out, tjFree};
    if (rc != 0) return fail("specimen.picture", tjGetErrorStr2(jpeg.get()));
    const auto* bytes = reinterpret_cast<const std::byte*>(out);
    return Bytes(bytes, bytes + size);
}

Result<Bytes> png_file(const Frame& frame) {
    if (!suits(frame)) return fail("specimen.picture", "colour frames of even size only");
    const cv::Mat bgr = to_bgr(frame);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(bgr.cols);
    image.height = static_cast<png_uint_32>(bgr.rows);
    image.format = PNG_FORMAT_BGR;
    image.flags = PNG_IMAGE_FLAG_FAST;
    Bytes out(PNG_IMAGE_PNG_SIZE_MAX(image));
    png_alloc_size_t size = out.size();
    if (png_image_write_to_memory(&image, out.data(), &size, 0, bgr.data, 0, nullptr) == 0) {
        return fail("specimen.picture", image.message);
    }
    out.resize(size);
    return out;
}

Result<Frame> through_jpeg(const Frame& frame, int quality) {
    const auto file = jpeg_file(frame, quality);
    if (!file) return fail(file.error());
    const Jpeg jpeg{tjInitDecompress()};
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(frame.planes().size());
    const int w = frame.width(), h = frame.height();
    const auto luma = static_cast<std::size_t>(w) * static_cast<std::size_t>(h);
    unsigned char* planes[3] = {pixels->data(), pixels->data() + luma, pixels->data() + luma + luma / 4};
    int strides[3] = {w, w / 2, w / 2};
    if (tjDecompressToYUVPlanes(jpeg.get(), reinterpret_cast<const unsigned char*>(file->data()),
                                static_cast<unsigned long>(file->size()), planes, w, strides, h, 0) != 0) {
        return fail("specimen.picture", tjGetErrorStr2(jpeg.get()));
    }
    return Frame{w, h, true, std::move(pixels), frame.captured(), frame.sequence()};
}

}  // namespace paso
