#include "tests/specimens/carrier.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "tests/specimens/seeded.hpp"
#include "tests/specimens/symbol.hpp"

namespace paso {
namespace {

constexpr double quiet = 4;  // modules
const cv::Size2d phone_size{138, 70};
const cv::Size2d paper_size{140, 76};

struct Shades {
    cv::Scalar ground, card, text;
    bool inverted = false;
};

Shades shades_of(CarrierKind kind) {
    if (kind == CarrierKind::phone) return {{244, 240, 236}, {255, 255, 255}, {60, 60, 60}};
    if (kind == CarrierKind::dark_phone) return {{24, 20, 20}, {24, 20, 20}, {200, 200, 200}, true};
    return {{238, 243, 244}, {238, 243, 244}, {40, 40, 40}};
}

// The modules, as many whole pixels each as the place allows, with their quiet zone.
Status draw(Canvas& c, const CarrierSpec& s, const Shades& shades, cv::Rect2d place, Carrier& out) {
    auto modules = draw_symbol(s.symbol, s.payload);
    if (!modules) return fail(modules.error());
    const double fit = std::min(place.width / (modules->cols + 2 * quiet), place.height / (modules->rows + 2 * quiet));
    const int pixels = static_cast<int>(std::floor(fit * c.scale()));
    if (pixels < 2) return fail("specimen.symbol", "payload too long for its place");
    cv::Mat big;
    cv::resize(*modules, big, {}, pixels, pixels, cv::INTER_NEAREST);
    if (shades.inverted) big = 255 - big;
    const cv::Scalar dark = shades.inverted ? shades.ground : cv::Scalar{22, 20, 20};
    const cv::Scalar light = shades.inverted ? cv::Scalar{235, 235, 235} : shades.card;
    out.module = pixels / c.scale();
    const double width = modules->cols * out.module, height = modules->rows * out.module;
    out.symbol = {place.x + (place.width - width) / 2, place.y + (place.height - height) / 2, width, height};
    const double edge = quiet * out.module;
    c.rectangle({out.symbol.x - edge, out.symbol.y - edge, width + 2 * edge, height + 2 * edge}, {shades.card, 1});
    cv::Mat part = c.pixels()(cv::Rect(c.area(out.symbol).tl(), big.size()));
    part.setTo(dark, big < 128);
    part.setTo(light, big >= 128);
    return {};
}

void lines(Canvas& c, Seeded& rng, cv::Rect2d place, double em, const cv::Scalar& ink) {
    static constexpr std::array<std::string_view, 8> words{"PUERTA", "GATE",  "ASIENTO", "SEAT",
                                                           "GRUPO",  "VUELO", "UTOPÍA",  "ALTAMAREA"};
    for (double y = place.y + em; y < place.y + place.height; y += em * 1.7) {
        std::string line{rng.pick(std::span{words})};
        while (c.text_width(line + " 00000000", {Face::sans, em}) < place.width * rng.real(0.75, 1))
            line += " " + (rng.chance(0.5) ? std::string{rng.pick(std::span{words})} : rng.characters("0123456789", 4));
        c.text({place.x, y}, line, {rng.chance(0.3) ? Face::sans_bold : Face::sans, em}, {ink, 0.95});
    }
}

Result<Carrier> phone(const CarrierSpec& s, const Typefaces& faces) {
    Seeded rng(s.seed, "phone");
    const Shades shades = shades_of(s.kind);
    Canvas c(phone_size.width, phone_size.height, page_pixels_per_mm, faces);
    Carrier out;
    out.size = phone_size;
    c.rectangle({0, 0, out.size.width, out.size.height}, {shades.ground, 1});
    const bool wide = s.symbol == SymbolKind::pdf417;
    const cv::Rect2d place = wide ? cv::Rect2d{22, 12, 94, 46} : cv::Rect2d{42, 8, 54, 54};
    if (const Status done = draw(c, s, shades, place, out); !done) return fail(done.error());
    lines(c, rng, wide ? cv::Rect2d{26, 4, 80, 7} : cv::Rect2d{10, 10, 27, 48}, 2.6, shades.text);
    if (!wide) lines(c, rng, {101, 10, 27, 48}, 2.6, shades.text);
    // What the screen does not light is black, and so is its frame.
    cv::Mat lit;
    c.pixels().convertTo(lit, -1, s.glow, 9);
    lit.copyTo(c.pixels());
    for (const cv::Rect2d edge : {cv::Rect2d{0, 0, out.size.width, 3},
                                  {0, out.size.height - 3, out.size.width, 3},
                                  {0, 0, 7, out.size.height},
                                  {out.size.width - 7, 0, 7, out.size.height}})
        c.rectangle(edge, {{14, 13, 13}, 1});
    out.page = {c.pixels(), page_pixels_per_mm, 8, {}};
    return out;
}

Result<Carrier> paper(const CarrierSpec& s, const Typefaces& faces) {
    Seeded rng(s.seed, "paper");
    const Shades shades = shades_of(s.kind);
    Canvas c(paper_size.width, paper_size.height, page_pixels_per_mm, faces);
    Carrier out;
    out.size = paper_size;
    c.rectangle({0, 0, out.size.width, out.size.height}, {shades.ground, 1});
    c.rectangle({0, 0, out.size.width, 9}, {{140, 70, 30}, 1});
    c.text({5, 6.4}, "TARJETA DE EMBARQUE / BOARDING PASS", {Face::sans_bold, 4}, {{255, 255, 255}, 1});
    const bool wide = s.symbol == SymbolKind::pdf417;
    const cv::Rect2d place = wide ? cv::Rect2d{24, 44, 92, 28} : cv::Rect2d{98, 20, 38, 38};
    if (const Status done = draw(c, s, shades, place, out); !done) return fail(done.error());
    lines(c, rng, {6, 14, wide ? 126.0 : 84.0, wide ? 26.0 : 54.0}, 3.2, shades.text);
    out.page = {c.pixels(), page_pixels_per_mm, 0.5, {}};
    return out;
}

Carrier without_symbol(const CarrierSpec& s, const Typefaces& faces) {
    Seeded rng(s.seed, "no symbol");
    Canvas c(paper_size.width, paper_size.height, page_pixels_per_mm, faces);
    Carrier out;
    out.size = paper_size;
    c.rectangle({0, 0, out.size.width, out.size.height}, {{232, 238, 240}, 1});
    if (s.kind == CarrierKind::text) {
        lines(c, rng, {8, 6, 124, 64}, rng.real(2.0, 4.2), {40, 40, 40});
    } else {
        for (const double x : {8.0, 78.0})
            c.picture({x, 6, 54, 64}, draw_portrait(rng.next() >> 40U, x < 50 ? 'F' : 'M', false, 0.84, faces), 1);
    }
    out.page = {c.pixels(), page_pixels_per_mm, 0.5, {}};
    return out;
}

}  // namespace

std::string_view name(CarrierKind kind) {
    switch (kind) {
        case CarrierKind::phone:
            return "phone";
        case CarrierKind::dark_phone:
            return "dark phone";
        case CarrierKind::paper:
            return "paper";
        case CarrierKind::photo:
            return "photo";
        case CarrierKind::text:
            return "text";
    }
    return "phone";
}

Result<Carrier> render_carrier(const CarrierSpec& spec, const Typefaces& faces) {
    switch (spec.kind) {
        case CarrierKind::phone:
        case CarrierKind::dark_phone:
            return phone(spec, faces);
        case CarrierKind::paper:
            return paper(spec, faces);
        case CarrierKind::photo:
        case CarrierKind::text:
            return without_symbol(spec, faces);
    }
    return fail("specimen.symbol", "no such carrier");
}

CarrierSpec make_carrier(CarrierKind kind, SymbolKind symbol, std::uint64_t seed, Date today) {
    CarrierSpec out;
    out.seed = seed;
    out.kind = kind;
    if (kind == CarrierKind::photo || kind == CarrierKind::text) return out.symbol = SymbolKind::none, out;
    out.symbol = symbol;
    out.payload = to_bytes(as_bytes(boarding_pass(make_specimen(MrzFormat::td3, seed, today), today)));
    return out;
}

std::span<const NamedCarrier> named_carriers() {
    using enum SymbolObstacle;
    static constexpr std::array<NamedCarrier, 10> table{{
        {"phone", "boarding pass on a phone"},
        {"phone-dark", "the same in dark mode", CarrierKind::dark_phone, SymbolKind::aztec},
        {"paper-pass", "boarding pass on paper", CarrierKind::paper, SymbolKind::pdf417},
        {"phone-far", "phone that is held too far away", CarrierKind::phone, SymbolKind::aztec, too_far},
        {"phone-near", "phone that is held too near", CarrierKind::phone, SymbolKind::qr, too_near},
        {"phone-cut", "phone half of whose code is seen", CarrierKind::phone, SymbolKind::qr, cut_off},
        {"phone-glare", "phone with a lamp's light on the code", CarrierKind::phone, SymbolKind::qr, glare},
        {"phone-dim", "phone whose screen is too dark", CarrierKind::phone, SymbolKind::qr, too_dark},
        {"phone-moving", "phone that is never still", CarrierKind::phone, SymbolKind::qr, moving},
        {"phone-hand", "phone with a hand over the code", CarrierKind::phone, SymbolKind::qr, covered},
    }};
    return table;
}

std::optional<NamedCarrier> named_carrier(std::string_view name) {
    for (const NamedCarrier& c : named_carriers()) {
        if (c.name == name) return c;
    }
    return std::nullopt;
}

CarrierSpec make_carrier(const NamedCarrier& named, std::uint64_t seed, Date today) {
    CarrierSpec out = make_carrier(named.kind, named.symbol, seed == 0 ? 9001 : seed, today);
    if (named.trouble == SymbolObstacle::too_dark) out.glow = 0.08;
    return out;
}

}  // namespace paso
