// Boarding passes made up from a seed: every version, one to four legs, any of the conditional items.
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "core/barcode/boarding_pass.hpp"

namespace paso::made_up {

inline std::string letters_of(std::mt19937& r, std::size_t least, std::size_t most) {
    std::string out(least + r() % (most - least + 1), 'A');
    for (char& c : out) c = static_cast<char>('A' + r() % 26);
    return out;
}
inline std::string digits_of(std::mt19937& r, std::size_t n) {
    std::string out(n, '0');
    for (char& c : out) c = static_cast<char>('0' + r() % 10);
    return out;
}
inline char one_of(std::mt19937& r, std::string_view choices) { return choices[r() % choices.size()]; }

inline LegItems some_items(std::mt19937& r) {
    LegItems i;
    if (r() % 4 != 0) {
        i.airline_number = digits_of(r, 3);
        i.document_number = Personal{digits_of(r, 10)};
        i.selectee = one_of(r, "013 ");
        i.documents_verification = one_of(r, "012 ");
        i.marketing_carrier = letters_of(r, 2, 3);
        if (r() % 2 == 0) i.frequent_flyer_airline = letters_of(r, 2, 3);
        if (r() % 2 == 0) i.frequent_flyer_number = Personal{digits_of(r, 4 + r() % 13)};
        i.id_ad = one_of(r, "0F ");
        if (r() % 2 == 0) i.free_bags = digits_of(r, 2) + "K";
        i.fast_track = one_of(r, "YN ");
    }
    if (r() % 3 == 0) i.airline_use = ">" + letters_of(r, 0, 20) + " ";
    return i;
}

inline BoardingPass some_pass(std::mt19937& r) {
    BoardingPass p;
    p.name = Personal{letters_of(r, 2, 12) + "/" + letters_of(r, 0, 7)};
    p.electronic_ticket = r() % 2 == 0;
    p.version = static_cast<int>(r() % 9);
    if (r() % 3 != 0) {
        p.items.passenger_description = one_of(r, "01234567XU");
        p.items.check_in_source = one_of(r, "WKRMOTV ");
        p.items.issuance_source = one_of(r, "WKRMOTV ");
        p.items.issued = digits_of(r, 1) + "2" + digits_of(r, 2);
        p.items.document_type = one_of(r, "BI");
        p.items.issuer = letters_of(r, 2, 3);
        for (std::size_t n = r() % 4; n > 0; --n) p.items.bag_tags.push_back(digits_of(r, 13));
    }
    for (std::size_t n = 1 + r() % 4; n > 0; --n) {
        FlightLeg l;
        l.record_locator = letters_of(r, 5, 7);
        l.from = letters_of(r, 3, 3);
        l.to = letters_of(r, 3, 3);
        l.carrier = letters_of(r, 2, 3);
        l.flight = digits_of(r, 4) + (r() % 3 == 0 ? "A" : "");
        l.date.day_of_year = static_cast<std::uint16_t>(1 + r() % 365);
        l.compartment = one_of(r, "FJY");
        l.seat = digits_of(r, 3) + "C";
        l.sequence = digits_of(r, 4);
        l.passenger_status = one_of(r, "0123456789");
        l.items = some_items(r);
        p.legs.push_back(std::move(l));
    }
    p.security_data_present = r() % 2 == 0;
    if (p.security_data_present) {
        p.security_type = one_of(r, "13");
        p.security_data = letters_of(r, 0, 100);
    }
    return p;
}

}  // namespace paso::made_up
