#include "devices/barcode/vote.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace paso {
namespace {

constexpr Duration within = std::chrono::seconds{1};
constexpr std::size_t most = 16;

}  // namespace

bool proves_itself(ByteView payload) {
    if (payload.empty()) return false;
    if (payload[0] == std::byte{0xDC}) return true;
    const std::string_view text = as_text(payload);
    if (text.starts_with("HC1:") || text.starts_with("RDB1") || text.starts_with("NDB1")) return true;
    return (text[0] == '{' || text[0] == '[') && text.find("\"sig\"") != std::string_view::npos;
}

bool BarcodeVote::add(const BarcodeReading& reading) {
    if (proves_itself(reading.bytes)) return true;
    std::erase_if(seen_, [&](const Seen& s) { return reading.captured - s.at > within; });
    const auto same = std::find_if(seen_.begin(), seen_.end(), [&](const Seen& s) {
        return s.symbology == reading.symbology && s.bytes == reading.bytes;
    });
    if (same == seen_.end()) {
        if (seen_.size() >= most) seen_.erase(seen_.begin());
        seen_.push_back({reading.symbology, reading.bytes, reading.captured, reading.frame});
        return false;
    }
    const bool another_frame = same->frame != reading.frame;
    if (another_frame) {
        same->at = reading.captured;
        same->frame = reading.frame;
    }
    return another_frame;
}

}  // namespace paso
