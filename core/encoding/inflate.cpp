#include "core/encoding/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace paso {
namespace {

// inflateEnd on every way out.
class Stream {
  public:
    Stream() : open_(inflateInit(&z_) == Z_OK) {}
    ~Stream() {
        if (open_) (void)inflateEnd(&z_);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    [[nodiscard]] bool open() const { return open_; }
    z_stream& get() { return z_; }

  private:
    z_stream z_{};
    bool open_;
};

}  // namespace

Result<Bytes> inflate_zlib(ByteView compressed, std::size_t most) {
    if (compressed.size() > std::numeric_limits<uInt>::max()) return fail("inflate.too_large", "input above 4 GiB");
    Stream stream;
    if (!stream.open()) return fail("inflate.format", "zlib cannot start");
    z_stream& z = stream.get();
    z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(compressed.data()));  // zlib's const is optional
    z.avail_in = static_cast<uInt>(compressed.size());
    Bytes out(std::min<std::size_t>(most, 4096));
    for (;;) {
        const auto done = static_cast<std::size_t>(z.total_out);
        if (done == out.size() && out.size() < most) out.resize(std::min(most, out.size() * 2));
        std::byte beyond{};  // where the one byte too many goes
        const bool full = done == out.size();
        z.next_out = reinterpret_cast<Bytef*>(full ? &beyond : out.data() + done);
        z.avail_out = static_cast<uInt>(full ? 1 : out.size() - done);
        const int status = inflate(&z, Z_NO_FLUSH);
        if (z.total_out > out.size()) return fail("inflate.too_large", "it holds more than it may");
        const std::size_t at = compressed.size() - z.avail_in;
        if (status == Z_STREAM_END) {
            if (z.avail_in != 0) return fail("inflate.format", "bytes follow the stream", {.offset = at});
            break;
        }
        if (status == Z_BUF_ERROR || (status == Z_OK && z.avail_in == 0 && z.avail_out != 0)) {
            return fail("inflate.truncated", "the stream is cut off", {.offset = at});
        }
        if (status != Z_OK) return fail("inflate.format", "no zlib stream", {.offset = at});
    }
    out.resize(static_cast<std::size_t>(z.total_out));
    return out;
}

}  // namespace paso
