// Health certificates: the first byte says whether a symbol's text or the COSE message inside it follows. Nothing that
// a fuzzer makes is signed by the one key on the list.
#include "core/barcode/health_certificate.hpp"
#include "core/encoding/base45.hpp"

namespace {

paso::TrustAnchors one_key() {
    // The generator of P-256, with an identifier that seeds use.
    const auto x = paso::from_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    const auto y = paso::from_hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
    paso::TrustAnchors anchors;
    anchors.health.push_back({paso::Bytes(8, std::byte{0x11}),
                              *paso::PublicKey::from_coordinates(paso::KeyKind::p256, *x, *y),
                              "UT",
                              {},
                              {},
                              {}});
    anchors.as_of = {1'795'000'000'000};
    return anchors;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static const paso::TrustAnchors anchors = one_key();
    const paso::WallTime now{1'795'600'000'000};
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data) + 1, size - 1};
    const auto certificate = data[0] % 2 == 0 ? paso::parse_health_certificate(bytes, anchors, now)
                                              : paso::parse_health_message(bytes, anchors, now);
    if (certificate && certificate->signature == paso::Check::passed) __builtin_trap();
    if (certificate && certificate->content == paso::HealthContent::unknown) __builtin_trap();
    if (const auto packed = paso::from_base45(paso::as_text(bytes))) {
        if (paso::base45(*packed) != paso::as_text(bytes)) __builtin_trap();
    }
    return 0;
}
