#include "devices/barcode/parts.hpp"

#include <algorithm>
#include <utility>

namespace paso {
namespace {

constexpr Duration keep = std::chrono::seconds{10};
constexpr std::size_t most_sequences = 4;
constexpr int most_parts = 64;
constexpr std::size_t most_bytes = std::size_t{64} << 10U;

bool fits_id(Symbology symbology, const std::string& id, const Bytes& whole) {
    if (symbology != Symbology::qr) return true;
    std::byte all{};
    for (const std::byte b : whole) all ^= b;
    return std::to_string(std::to_integer<int>(all)) == id;
}

}  // namespace

std::optional<Bytes> PartCollector::add(SymbolPart part, MonoTime now) {
    std::erase_if(sequences_, [now](const auto& s) { return now - s.second.newest > keep; });
    if (part.index < 0 || part.index >= most_parts || part.count > most_parts) return std::nullopt;
    const auto key = std::pair{part.symbology, part.id};
    if (!sequences_.contains(key) && sequences_.size() >= most_sequences) {
        sequences_.erase(std::min_element(sequences_.begin(), sequences_.end(), [](const auto& a, const auto& b) {
            return a.second.newest < b.second.newest;
        }));
    }
    Sequence& s = sequences_[key];
    const auto known = s.parts.find(part.index);
    const bool other = (known != s.parts.end() && known->second != part.bytes) ||
                       (part.count > 0 && s.count > 0 && part.count != s.count);
    if (other) s = {};  // the same id on another set of symbols
    s.newest = now;
    if (part.count > 0) s.count = part.count;
    s.parts[part.index] = std::move(part.bytes);
    if (s.count == 0 || static_cast<int>(s.parts.size()) < s.count) return std::nullopt;
    Bytes whole;
    for (const auto& [index, bytes] : s.parts) {
        if (index >= s.count) return std::nullopt;
        whole.insert(whole.end(), bytes.begin(), bytes.end());
    }
    const Symbology symbology = key.first;
    sequences_.erase(key);
    if (whole.size() > most_bytes || !fits_id(symbology, key.second, whole)) return std::nullopt;
    return whole;
}

}  // namespace paso
