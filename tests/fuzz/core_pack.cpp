// Rule packs: whatever text comes, an error or a pack, never a crash.
#include "core/inspection/inspection.hpp"
#include "core/rules/checks.hpp"
#include "core/rules/pack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    if (const auto pack = paso::parse_draft(bytes, paso::schema())) {
        (void)paso::run_pack_tests(*pack);
        (void)paso::check_pack(*pack, paso::schema(), {.evaluations = 300, .pairs = 20, .pair_evaluations = 50});
    }
    return 0;
}
