// What the visa seal of the State of Utopia says, to be signed by the keys of a test.
#pragma once

#include <string>
#include <vector>

#include "core/barcode/visible_seal.hpp"

namespace paso::test {

inline SealHeader utopian_visa_header() {
    return {.country = "UTO",
            .signer = "UTTS",
            .certificate_reference = "5B",
            .issued = Date::of(2026, 2, 1).value(),
            .signed_on = Date::of(2026, 2, 2).value(),
            .definition = 0x5D,
            .category = 0x01};
}

inline std::vector<SealFeature> utopian_visa() {
    return {{1, SealMeaning::mrz,
             Personal{MrzRows{{"VCUTOMUSTERFRAU<<ERIKA<<<<<<<<<<<<<<<<<<<<<<", "V123456784UTO7408122F2606309"}}}},
            {3, SealMeaning::entries, std::uint8_t{2}},
            {4, SealMeaning::stay, StayDuration{90, 1, 0}},
            {5, SealMeaning::passport_number, Personal{std::string{"P1234567"}}}};
}

}  // namespace paso::test
