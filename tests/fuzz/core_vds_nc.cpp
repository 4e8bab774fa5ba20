// Signed JSON: whatever bytes come, an error or values whose canonical form reads to itself.
#include "core/barcode/vds_nc.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto value = paso::parse_json(text)) {
        const std::string once = paso::canonical_json(*value);
        const auto again = paso::parse_json(once, {.bytes = 10 * 65'536});
        if (!again || paso::canonical_json(*again) != once) __builtin_trap();
    }
    const auto all = paso::parse_vds_nc(paso::as_bytes(text), {}, paso::WallTime{});
    if (!all) return 0;
    for (const paso::VdsNcSeal& seal : all->seals) {
        if (seal.trust.assurance > paso::Assurance::signature) __builtin_trap();
        for (const paso::VdsNcField& f : seal.fields)
            if (f.pointer.find("/data/msg/") == std::string::npos) __builtin_trap();
    }
    return 0;
}
