#include "devices/picture/exif.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace paso {
namespace {

// Numbers at places of a file, in either order of bytes; nothing beyond its end.
class Reader {
  public:
    Reader(ByteView bytes, bool little) : bytes_(bytes), little_(little) {}
    [[nodiscard]] std::optional<std::uint32_t> number(std::size_t at, std::size_t width) const {
        if (at > bytes_.size() || bytes_.size() - at < width) return std::nullopt;
        std::uint32_t out = 0;
        for (std::size_t i = 0; i < width; ++i) {
            const std::size_t k = little_ ? width - 1 - i : i;
            out = out << 8U | std::to_integer<std::uint32_t>(bytes_[at + k]);
        }
        return out;
    }

  private:
    ByteView bytes_;
    bool little_;
};

constexpr std::string_view exif_mark{"Exif\0\0", 6};

// The tag in the first directory of a TIFF header and what follows it.
Orientation in_tiff(ByteView tiff) {
    constexpr std::uint32_t tag = 0x0112, kind_short = 3;
    constexpr std::size_t entry_size = 12;
    const std::string_view text = as_text(tiff);
    const bool little = text.starts_with("II");
    if (!little && !text.starts_with("MM")) return Orientation::top_left;
    const Reader in(tiff, little);
    if (in.number(2, 2) != 42U) return Orientation::top_left;
    const auto directory = in.number(4, 4);
    const std::size_t first = directory.value_or(0);
    const std::size_t count = in.number(first, 2).value_or(0);
    for (std::size_t i = 0; directory && i < count; ++i) {
        const std::size_t at = first + 2 + i * entry_size;
        const auto here = in.number(at, 2);
        if (!here) break;
        if (*here != tag) continue;
        const auto value = in.number(at + 8, 2);
        if (in.number(at + 2, 2) != kind_short || in.number(at + 4, 4) != 1U || !value || *value < 1 || *value > 8)
            break;
        return static_cast<Orientation>(*value);
    }
    return Orientation::top_left;
}

// Segments up to the first scan.
Orientation in_jpeg(ByteView file) {
    constexpr std::uint32_t app1 = 0xFFE1, scan = 0xFFDA;
    const Reader in(file, false);
    for (std::size_t at = 2;;) {
        const auto marker = in.number(at, 2);
        const auto length = in.number(at + 2, 2);
        if (!marker || !length || *marker < 0xFF00 || *marker == scan || *length < 2) return Orientation::top_left;
        if (*marker == app1 && file.size() - at >= std::size_t{2} + *length) {
            const ByteView segment = file.subspan(at + 4, *length - 2);
            if (as_text(segment).starts_with(exif_mark)) return in_tiff(segment.subspan(exif_mark.size()));
        }
        at += 2 + *length;
    }
}

Orientation in_png(ByteView file) {
    const Reader in(file, false);
    for (std::size_t at = 8;;) {
        const auto length = in.number(at, 4);
        if (!length || file.size() - at < 12 || *length > file.size() - at - 12) return Orientation::top_left;
        if (as_text(file.subspan(at + 4, 4)) == "eXIf") return in_tiff(file.subspan(at + 8, *length));
        at += std::size_t{12} + *length;
    }
}

// Which source pixel a target pixel shows: swapped sides first, then mirrored ones.
struct Turn {
    bool swap;
    bool mirror_x;
    bool mirror_y;
};

constexpr Turn turn_of(Orientation o) {
    switch (o) {
        case Orientation::top_left:
            return {false, false, false};
        case Orientation::top_right:
            return {false, true, false};
        case Orientation::bottom_right:
            return {false, true, true};
        case Orientation::bottom_left:
            return {false, false, true};
        case Orientation::left_top:
            return {true, false, false};
        case Orientation::right_top:
            return {true, false, true};
        case Orientation::right_bottom:
            return {true, true, true};
        case Orientation::left_bottom:
            return {true, true, false};
    }
    return {false, false, false};
}

// `width` and `height` of the stored plane.
void turn_plane(const std::uint8_t* from, std::size_t width, std::size_t height, std::uint8_t* to, Turn turn) {
    const std::size_t across = turn.swap ? height : width, down = turn.swap ? width : height;
    for (std::size_t y = 0; y < down; ++y) {
        for (std::size_t x = 0; x < across; ++x) {
            std::size_t sx = turn.swap ? y : x, sy = turn.swap ? x : y;
            if (turn.mirror_x) sx = width - 1 - sx;
            if (turn.mirror_y) sy = height - 1 - sy;
            to[y * across + x] = from[sy * width + sx];
        }
    }
}

}  // namespace

Orientation orientation_of(ByteView file) {
    const std::string_view text = as_text(file);
    if (text.starts_with("\xFF\xD8\xFF")) return in_jpeg(file);
    if (text.starts_with("\x89PNG\r\n\x1A\n")) return in_png(file);
    return Orientation::top_left;
}

Frame turned(const Frame& frame, Orientation orientation) {
    if (orientation == Orientation::top_left || frame.empty()) return frame;
    const Turn turn = turn_of(orientation);
    const auto width = static_cast<std::size_t>(frame.width()), height = static_cast<std::size_t>(frame.height());
    auto out = std::make_shared<std::vector<std::uint8_t>>(frame.planes().size());
    const std::uint8_t* from = frame.planes().data();
    turn_plane(from, width, height, out->data(), turn);
    if (frame.colour()) {
        const std::size_t cw = (width + 1) / 2, ch = (height + 1) / 2;
        for (const std::size_t at : {width * height, width * height + cw * ch})
            turn_plane(from + at, cw, ch, out->data() + at, turn);
    }
    const int w = turn.swap ? frame.height() : frame.width();
    const int h = turn.swap ? frame.width() : frame.height();
    return {w, h, frame.colour(), std::move(out), frame.captured(), frame.sequence()};
}

}  // namespace paso
