#include "core/encoding/der.hpp"

#include <string>

namespace paso {

Result<DerItem> DerReader::next() {
    const std::size_t begin = at_;
    const ByteView rest = bytes_.subspan(at_);
    if (rest.size() < 2) return fail("der.truncated", "an item is missing", {.offset = begin});
    const auto tag = std::to_integer<std::uint8_t>(rest[0]);
    if ((tag & 31U) == 31U) return fail("der.tag", "a tag above 30", {.offset = begin});
    const auto first = std::to_integer<std::size_t>(rest[1]);
    std::size_t size = first;
    std::size_t head = 2;
    if (first >= 0x80) {
        const std::size_t width = first - 0x80;
        if (width == 0 || width > 4) return fail("der.length", "indefinite or above 4 GiB", {.offset = begin + 1});
        if (rest.size() < 2 + width) return fail("der.truncated", "a length is cut off", {.offset = begin});
        size = 0;
        for (std::size_t i = 0; i < width; ++i) size = size << 8U | std::to_integer<std::size_t>(rest[2 + i]);
        if (size < 0x80 || size >> (8 * (width - 1)) == 0)
            return fail("der.length", "longer than it needs to be", {.offset = begin + 1});
        head += width;
    }
    if (size > rest.size() - head) {
        return fail("der.truncated", std::to_string(size) + " bytes are announced", {.offset = begin});
    }
    at_ += head + size;
    return DerItem{tag, rest.subspan(head, size), rest.first(head + size)};
}

Result<DerItem> DerReader::next(std::uint8_t tag) {
    const std::size_t begin = at_;
    auto item = next();
    if (item && item->tag != tag) {
        at_ = begin;
        return fail("der.tag", "tag " + std::to_string(item->tag) + " where " + std::to_string(tag) + " should be",
                    {.offset = begin});
    }
    return item;
}

}  // namespace paso
