// Visible digital seals: whatever bytes come, an error or readings whose features lie inside of them, and what is read
// can be written and read again.
#include "core/barcode/visible_seal.hpp"

namespace {

void check(const paso::SealReading& r, paso::ByteView bytes) {
    if (r.signed_size + r.signature.size() > bytes.size() || r.features.size() > 64) __builtin_trap();
    for (const paso::SealFeature& f : r.features)
        if (f.offset + f.size > r.signed_size) __builtin_trap();
    const auto again = paso::write_visible_seal(r.header, r.features, [&r](paso::ByteView) { return r.signature; });
    if (!again) __builtin_trap();
    const auto read = paso::parse_visible_seal(*again, {}, paso::WallTime{});
    if (!read) __builtin_trap();
    bool found = read->reading.header == r.header;
    for (const paso::SealReading& o : read->others) found = found || o.header == r.header;
    if (!found) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    const auto seal = paso::parse_visible_seal(bytes, {}, paso::WallTime{});
    if (!seal) return 0;
    if (!paso::looks_like_visible_seal(bytes) || seal->trust.assurance != paso::Assurance::structure) __builtin_trap();
    check(seal->reading, bytes);
    for (const paso::SealReading& r : seal->others) check(r, bytes);
    return 0;
}
