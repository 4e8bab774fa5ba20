// Names of stations, crossings and places in a station's log.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace paso {

// A station's id: 1 to 32 characters of a-z, 0-9 and '-', for example "uto-001-k1".
class StationId {
  public:
    StationId() = default;
    [[nodiscard]] static std::optional<StationId> parse(std::string_view text) {
        if (text.empty() || text.size() > 32) return std::nullopt;
        for (const char c : text) {
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return std::nullopt;
        }
        StationId id;
        id.text_ = text;
        return id;
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    auto operator<=>(const StationId&) const = default;

  private:
    std::string text_;
};

// Sixteen random bytes: names one inspection from first touch to last decision. Says nothing about the person.
struct CrossingId {
    std::array<std::byte, 16> bytes{};
    auto operator<=>(const CrossingId&) const = default;
    [[nodiscard]] std::string hex() const { return to_hex(bytes); }
};
[[nodiscard]] inline std::optional<CrossingId> crossing_id_from(ByteView bytes) {
    CrossingId id;
    if (bytes.size() != id.bytes.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return id;
}

// A place in one station's log. `epoch` is a random number drawn when the journal's database is made, below 2^63;
// `sequence` counts from 1 within it.
struct Position {
    std::uint64_t epoch = 0;
    std::uint64_t sequence = 0;
    auto operator<=>(const Position&) const = default;
};

}  // namespace paso
