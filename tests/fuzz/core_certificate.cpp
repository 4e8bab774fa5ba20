// Certificates, keys and master lists: whatever bytes come, an error or a value.
#include "core/trust/certificate.hpp"
#include "core/trust/master_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    if (const auto c = paso::parse_certificate(bytes)) {
        (void)paso::is_signed_by(*c, *c);
        if (paso::to_bytes(bytes) != c->der || c->serial.empty()) __builtin_trap();
        if (c->key) (void)paso::verify_raw(*c->key, bytes, bytes.first(size < 64 ? size : 64));
    }
    (void)paso::PublicKey::from_spki(bytes);
    const auto list = paso::open_master_list(bytes, {}, paso::WallTime{1'790'000'000'000});
    if (list && list->anchored) __builtin_trap();  // nothing was given to anchor it
    return 0;
}
