// National cards, links and invitations: an error or a claim; after a reading nothing is left of a template.
#include <algorithm>

#include "core/barcode/link_payloads.hpp"
#include "core/barcode/national_card.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const paso::ByteView bytes{reinterpret_cast<const std::byte*>(data), size};
    const bool expected = paso::looks_like_national_card(bytes);
    const paso::Date today = *paso::Date::of(2026, 11, 24);
    paso::Bytes own = paso::to_bytes(bytes);
    const auto card = paso::parse_national_card(own, today);
    if (card) {
        if (!expected) __builtin_trap();
        const auto kept = own.size() - card->cut;
        const auto left = paso::ByteView{own}.subspan(kept);
        if (std::any_of(left.begin(), left.end(), [](std::byte b) { return b != std::byte{0}; })) __builtin_trap();
        if (!std::equal(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(kept), bytes.begin())) __builtin_trap();
        // Reading what was cut says the same of the person.
        const auto again = paso::parse_national_card(own, today);
        if (!again || !(again->number == card->number) || !(again->birth == card->birth)) __builtin_trap();
    }
    if (const auto url = paso::parse_url(bytes); url && (url->host.empty() || url->size != size)) __builtin_trap();
    (void)paso::parse_mdoc(bytes);
    return 0;
}
