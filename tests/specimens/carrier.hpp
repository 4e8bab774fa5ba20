// render_carrier: what a traveller holds up that has a symbol on it, and other things that have none.
#pragma once

#include <opencv2/core.hpp>

#include <optional>
#include <span>
#include <string_view>

#include "core/barcode/symbol_obstacle.hpp"
#include "tests/specimens/page.hpp"

namespace paso {

enum class CarrierKind : std::uint8_t {
    phone,       // a symbol on a white card on a lit screen
    dark_phone,  // the app's dark mode: light modules on a dark ground
    paper,       // a boarding pass as printed at home
    photo,       // portraits, no symbol
    text,        // a printed letter, no symbol
};
[[nodiscard]] std::string_view name(CarrierKind kind);

struct CarrierSpec {
    std::uint64_t seed = 1;
    CarrierKind kind = CarrierKind::phone;
    SymbolKind symbol = SymbolKind::qr;  // none on those that have none
    Bytes payload;
    double glow = 1;  // of a screen: 0 is off
};

struct Carrier {
    Page page;
    cv::Size2d size;    // mm
    cv::Rect2d symbol;  // mm from the upper left corner; empty without one
    double module = 0;  // mm
};

// Everything from the seed: invented names and text. Errors: "specimen.symbol".
[[nodiscard]] Result<Carrier> render_carrier(const CarrierSpec& spec, const Typefaces& faces);
// A carrier of this kind for the boarding pass of an invented person.
[[nodiscard]] CarrierSpec make_carrier(CarrierKind kind, SymbolKind symbol, std::uint64_t seed, Date today);

// One named thing with a symbol that a person can hold before the demo camera.
struct NamedCarrier {
    std::string_view name;
    std::string_view shows;
    CarrierKind kind = CarrierKind::phone;
    SymbolKind symbol = SymbolKind::qr;
    SymbolObstacle trouble = SymbolObstacle::none;
};
[[nodiscard]] std::span<const NamedCarrier> named_carriers();
[[nodiscard]] std::optional<NamedCarrier> named_carrier(std::string_view name);
// `seed` 0 is the fixed carrier of that name.
[[nodiscard]] CarrierSpec make_carrier(const NamedCarrier& named, std::uint64_t seed, Date today);

}  // namespace paso
