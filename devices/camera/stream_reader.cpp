#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "devices/camera/drivers.hpp"
#include "devices/picture/picture.hpp"

namespace paso {
namespace {

constexpr std::size_t max_unit = 16UL << 20U;  // bytes of one picture
constexpr int max_side = 8192;

// Where the JPEG that begins at 0 ends, by its markers: a thumbnail inside a segment cannot end it. Nothing: not all
// there yet; 0: these bytes are no JPEG.
std::optional<std::size_t> jpeg_end(ByteView b) {
    const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(b[i]); };
    std::size_t i = 2;
    while (true) {
        if (i + 4 > b.size()) return std::nullopt;
        if (at(i) != 0xFF) return 0;
        const unsigned marker = at(i + 1);
        if (marker == 0xFF) {
            ++i;  // fill byte
            continue;
        }
        if (marker == 0xD9) return i + 2;
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
            i += 2;
            continue;
        }
        const std::size_t length = at(i + 2) * 256 + at(i + 3);
        if (length < 2) return 0;
        i += 2 + length;
        if (marker != 0xDA) continue;
        // Entropy-coded data: to the next marker that is neither stuffing nor a restart.
        while (true) {
            if (i + 1 >= b.size()) return std::nullopt;
            if (at(i) == 0xFF && at(i + 1) != 0 && (at(i + 1) < 0xD0 || at(i + 1) > 0xD7) && at(i + 1) != 0xFF) break;
            ++i;
        }
        if (at(i + 1) == 0xD9) return i + 2;
    }
}

}  // namespace

bool StreamReader::push(ByteView bytes) {
    if (lost_) return false;
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    while (!lost_ && step()) {
    }
    if (buffer_.size() > max_unit) {
        hub_.say(CameraState::garbage, "camera.frame_too_large");
        lost_ = true;
    }
    return !lost_;
}

bool StreamReader::step() {
    if (kind_ == Kind::unknown) {
        if (buffer_.size() < 10) return false;
        const std::string_view text = as_text(buffer_);
        kind_ = text.starts_with("YUV4MPEG2 ") ? Kind::y4m : Kind::jpeg;
    }
    return kind_ == Kind::jpeg ? step_jpeg() : step_y4m();
}

bool StreamReader::step_jpeg() {
    static constexpr std::string_view start = "\xFF\xD8\xFF";
    const std::size_t at = as_text(buffer_).find(start);
    if (at == std::string_view::npos) {
        // Keep the last two bytes: they may be the beginning of a start.
        if (buffer_.size() > 2) {
            hub_.say(CameraState::garbage, "camera.no_picture");
            buffer_.erase(buffer_.begin(), buffer_.end() - 2);
        }
        return false;
    }
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at));
    const auto end = jpeg_end(buffer_);
    if (!end) return false;
    if (*end == 0) {
        ++damaged_;
        hub_.say(CameraState::garbage, "camera.damaged_picture");
        buffer_.erase(buffer_.begin(), buffer_.begin() + 2);
        return true;
    }
    const auto frame = decode_picture(ByteView{buffer_}.first(*end), {.max_side = max_side}, {}, 0);
    if (frame) {
        hub_.put(*frame);
    } else {
        ++damaged_;
        hub_.say(CameraState::garbage, "camera.damaged_picture");
    }
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(*end));
    return true;
}

bool StreamReader::read_y4m_header(std::string_view line) {
    const auto number = [](std::string_view s) {
        int n = 0;
        const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), n);
        return error == std::errc{} && end == s.data() + s.size() ? n : -1;
    };
    while (!line.empty()) {
        const std::size_t space = std::min(line.find(' '), line.size());
        const std::string_view word = line.substr(0, space);
        line.remove_prefix(std::min(space + 1, line.size()));
        if (word.starts_with('W')) width_ = number(word.substr(1));
        if (word.starts_with('H')) height_ = number(word.substr(1));
        if (word.starts_with('C')) {
            colour_ = word != "Cmono";
            if (colour_ && word != "C420" && word != "C420jpeg" && word != "C420mpeg2" && word != "C420paldv")
                return false;
        }
    }
    return width_ >= 16 && height_ >= 16 && width_ <= max_side && height_ <= max_side;
}

bool StreamReader::step_y4m() {
    const std::string_view text = as_text(buffer_);
    const std::size_t line = text.substr(0, 256).find('\n');
    if (line == std::string_view::npos) {
        lost_ = text.size() >= 256;
        if (lost_) hub_.say(CameraState::garbage, "camera.stream_header");
        return false;
    }
    if (!header_read_) {
        header_read_ = read_y4m_header(text.substr(0, line));
        if (!header_read_ || Frame::bytes_needed(width_, height_, colour_) > max_unit) {
            hub_.say(CameraState::garbage, "camera.stream_header");
            lost_ = true;
            return false;
        }
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(line + 1));
        return true;
    }
    if (!text.starts_with("FRAME")) {
        hub_.say(CameraState::garbage, "camera.stream_frame");
        lost_ = true;
        return false;
    }
    const std::size_t bytes = Frame::bytes_needed(width_, height_, colour_);
    if (buffer_.size() < line + 1 + bytes) return false;
    auto pixels = hub_.buffer(bytes);
    const auto* from = reinterpret_cast<const std::uint8_t*>(buffer_.data()) + line + 1;
    std::copy_n(from, bytes, pixels->begin());
    hub_.put(width_, height_, colour_, std::move(pixels));
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(line + 1 + bytes));
    return true;
}

}  // namespace paso
