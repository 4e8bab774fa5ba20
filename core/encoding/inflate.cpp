#include "core/encoding/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace paso {
namespace {

class Stream {
  public:
    explicit Stream(int window_bits) { good_ = inflateInit2(&z_, window_bits) == Z_OK; }
    ~Stream() { inflateEnd(&z_); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    [[nodiscard]] bool good() const { return good_; }
    z_stream* operator->() { return &z_; }
    z_stream* get() { return &z_; }

  private:
    z_stream z_{};
    bool good_ = false;
};

Result<Bytes> inflated(ByteView stream, std::size_t most, int window_bits) {
    constexpr std::size_t step = 4096;
    Stream z(window_bits);
    if (!z.good() || stream.size() > std::numeric_limits<uInt>::max()) return fail("inflate.format", "not a stream");
    // zlib reads through a pointer that is not const for history's sake.
    z->next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(stream.data()));
    z->avail_in = static_cast<uInt>(stream.size());
    Bytes out;
    int state = Z_OK;
    while (state == Z_OK) {
        const std::size_t begin = out.size();
        out.resize(std::min(begin + step, most + 1));  // one above, to see that there is more
        z->next_out = reinterpret_cast<Bytef*>(out.data() + begin);
        z->avail_out = static_cast<uInt>(out.size() - begin);
        state = inflate(z.get(), Z_NO_FLUSH);
        out.resize(out.size() - z->avail_out);
        if (out.size() > most) return fail("inflate.too_large", "more than " + std::to_string(most) + " bytes");
    }
    const std::size_t read = stream.size() - z->avail_in;
    if (state != Z_STREAM_END) return fail("inflate.format", "not one whole stream", {.offset = read});
    if (read != stream.size()) return fail("inflate.trailing", "bytes follow the stream", {.offset = read});
    return out;
}

}  // namespace

Result<Bytes> inflate_zlib(ByteView stream, std::size_t most) { return inflated(stream, most, MAX_WBITS); }

Result<Bytes> inflate_gzip(ByteView file, std::size_t most) {
    constexpr int gzip = 16;  // zlib.h: added to the window's bits
    return inflated(file, most, gzip + MAX_WBITS);
}

}  // namespace paso
