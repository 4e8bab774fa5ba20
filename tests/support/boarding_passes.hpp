// Boarding passes made up from a seed: every version, one to four legs, any of the conditional items.
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "core/barcode/boarding_pass.hpp"
#include "tests/support/made_up_text.hpp"

namespace paso::made_up {

inline char one_of(std::mt19937& r, std::string_view choices) { return choices[r() % choices.size()]; }

inline LegItems some_items(std::mt19937& r) {
    LegItems i;
    if (r() % 4 != 0) {
        i.airline_number = some(r, 3, 3, digits);
        i.document_number = Personal{some(r, 10, 10, digits)};
        i.selectee = one_of(r, "013 ");
        i.documents_verification = one_of(r, "012 ");
        i.marketing_carrier = some(r, 2, 3, letters);
        if (r() % 2 == 0) i.frequent_flyer_airline = some(r, 2, 3, letters);
        if (r() % 2 == 0) i.frequent_flyer_number = Personal{some(r, 4, 16, digits)};
        i.id_ad = one_of(r, "0F ");
        if (r() % 2 == 0) i.free_bags = some(r, 2, 2, digits) + "K";
        i.fast_track = one_of(r, "YN ");
    }
    if (r() % 3 == 0) i.airline_use = ">" + some(r, 0, 20, letters) + " ";
    return i;
}

inline BoardingPass some_pass(std::mt19937& r) {
    BoardingPass p;
    p.name = Personal{some(r, 2, 12, letters) + "/" + some(r, 0, 7, letters)};
    p.electronic_ticket = r() % 2 == 0;
    p.version = static_cast<int>(r() % 9);
    if (r() % 3 != 0) {
        p.items.passenger_description = one_of(r, "01234567XU");
        p.items.check_in_source = one_of(r, "WKRMOTV ");
        p.items.issuance_source = one_of(r, "WKRMOTV ");
        p.items.issued = some(r, 1, 1, digits) + "2" + some(r, 2, 2, digits);
        p.items.document_type = one_of(r, "BI");
        p.items.issuer = some(r, 2, 3, letters);
        for (std::size_t n = r() % 4; n > 0; --n) p.items.bag_tags.push_back(some(r, 13, 13, digits));
    }
    for (std::size_t n = 1 + r() % 4; n > 0; --n) {
        FlightLeg l;
        l.record_locator = some(r, 5, 7, letters);
        l.from = some(r, 3, 3, letters);
        l.to = some(r, 3, 3, letters);
        l.carrier = some(r, 2, 3, letters);
        l.flight = some(r, 4, 4, digits) + (r() % 3 == 0 ? "A" : "");
        l.date.day_of_year = static_cast<std::uint16_t>(1 + r() % 365);
        l.compartment = one_of(r, "FJY");
        l.seat = some(r, 3, 3, digits) + "C";
        l.sequence = some(r, 4, 4, digits);
        l.passenger_status = one_of(r, "0123456789");
        l.items = some_items(r);
        p.legs.push_back(std::move(l));
    }
    p.security_data_present = r() % 2 == 0;
    if (p.security_data_present) {
        p.security_type = one_of(r, "13");
        p.security_data = some(r, 0, 100, letters);
    }
    return p;
}

}  // namespace paso::made_up
