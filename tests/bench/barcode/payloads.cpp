#include "tests/bench/barcode/payloads.hpp"

#include <string>

namespace paso::bench {
namespace {

constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";
constexpr std::string_view base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

std::string padded(std::string s, std::size_t width) {
    s.resize(width, ' ');
    return s;
}

// One leg; with airline data up to 158 bytes, as airlines print them.
std::string pass(Seeded& rng) {
    const std::string name{rng.pick(invented_surnames())};
    const std::string given{rng.pick(invented_given_names())};
    std::string out = "M1" + padded(name + "/" + given, 20) + "E" + padded(rng.characters(upper, 6), 7) +
                      rng.characters(upper, 3) + rng.characters(upper, 3) + padded(rng.characters(upper, 2), 3) +
                      padded(rng.characters(digits, 4), 5) + rng.characters(digits, 3) + "Y" +
                      rng.characters(digits, 3) + "C" + padded(rng.characters(digits, 4), 5) + "1";
    if (rng.chance(0.4)) return out + "00";
    const std::string more = rng.characters("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ", 20 + rng.below(78));
    char size[3];
    (void)std::snprintf(size, sizeof size, "%02X", static_cast<unsigned>(more.size()));
    return out + size + more;
}

std::string licence(Seeded& rng) {
    std::string body =
        "DLDAQ" + rng.characters(digits, 8) + "\nDCS" + std::string{rng.pick(invented_surnames())} + "\n";
    while (body.size() < 280) {
        body += "D" + rng.characters("ABCD", 1) + rng.characters(upper, 1) +
                rng.characters("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ", 4 + rng.below(14)) + "\n";
    }
    char size[5];
    (void)std::snprintf(size, sizeof size, "%04u", static_cast<unsigned>(body.size() + 1));
    return "@\n\x1e\rANSI 636000080001DL0031" + std::string{size} + body + "\r";
}

std::string bytes(Seeded& rng, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out.push_back(static_cast<char>(rng.below(256)));
    return out;
}

std::string card(Seeded& rng) {  // Latin-1 with NULs and a binary tail
    std::string out = padded("03" + rng.characters(digits, 8), 24) + "PubDSK_1" + std::string(8, '\0');
    out += rng.characters(digits, 18) + std::string{rng.pick(invented_surnames())} + '\xD1';
    out.resize(168, '\0');
    return out + bytes(rng, 531 - 168);
}

std::string seal(Seeded& rng) { return "\xDC\x03" + bytes(rng, 78 + rng.below(100)); }

}  // namespace

Bytes make_payload(SymbolKind kind, Seeded& rng) {
    const double d = rng.real(0, 1);
    switch (kind) {
        case SymbolKind::pdf417:
            return to_bytes(as_bytes(d < 0.6 ? pass(rng) : d < 0.85 ? licence(rng) : card(rng)));
        case SymbolKind::qr:
            return to_bytes(as_bytes(d < 0.7 ? pass(rng) : "HC1:" + rng.characters(base45, 400 + rng.below(120))));
        case SymbolKind::data_matrix:
            return to_bytes(as_bytes(d < 0.6 ? seal(rng) : pass(rng)));
        case SymbolKind::aztec:
            return to_bytes(as_bytes(d < 0.8 ? pass(rng) : seal(rng)));
        case SymbolKind::none:
            break;
    }
    return {};
}

}  // namespace paso::bench
