// The bar coded boarding pass of IATA Resolution 792: what an airline says about a journey. Nothing of it is signed
// with a key that a border post has, so all of it is claimed data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/date.hpp"
#include "core/base/personal.hpp"
#include "core/base/result.hpp"

namespace paso {

// A date made of a day of the year: Doc 792 gives no year, so it is inferred from the reading date.
struct InferredDate {
    std::uint16_t day_of_year = 0;  // 1 to 366; 0 when the pass gives none
    std::optional<Date> date;       // always inferred; nothing when no near year has that day
    bool operator==(const InferredDate&) const = default;
};

// The conditional items of a leg (size in item 17). Texts without the blanks around them; ' ' or empty: not given.
struct LegItems {
    std::string airline_number;                   // item 142, three digits
    Personal<std::string> document_number;        // item 143, the ticket's serial number
    char selectee = ' ';                          // item 18: 0 no, 1 selected for more screening, 3 known traveller
    char documents_verification = ' ';            // item 108: 0 not needed, 1 needed, 2 done
    std::string marketing_carrier;                // item 19
    std::string frequent_flyer_airline;           // item 20
    Personal<std::string> frequent_flyer_number;  // item 236
    char id_ad = ' ';                             // item 89, a reduced fare of airline staff
    std::string free_bags;                        // item 118: "20K", "2PC"
    char fast_track = ' ';                        // item 254: Y or N, from version 4 on
    std::string airline_use;                      // item 4, as it stands, blanks too
    bool operator==(const LegItems&) const = default;
};

struct FlightLeg {
    std::string record_locator;
    std::string from;  // three-letter airport codes
    std::string to;
    std::string carrier;  // operating carrier designator
    std::string flight;   // "0834" or "0834A", leading zeros kept
    InferredDate date;
    char compartment = ' ';
    std::string seat;
    std::string sequence;
    char passenger_status = ' ';
    LegItems items;
    // Where the 37 characters begin, in the text without group separators; each item stands at a fixed place after it.
    std::uint16_t offset = 0;
    bool operator==(const FlightLeg&) const = default;
};

// The conditional items that stand once, in the first leg's field after '>' and version (size in item 10).
struct PassItems {
    char passenger_description = ' ';   // item 15: 0 adult, 1 male, 2 female, 3 child, 4 infant, X, U, ...
    char check_in_source = ' ';         // item 12: W web, K kiosk, R remote, M mobile, O airport agent, ...
    char issuance_source = ' ';         // item 14, the same letters
    std::string issued;                 // item 22, last digit of the year and day of it
    std::optional<Date> issue_date;     // the latest date with these digits, up to tomorrow
    char document_type = ' ';           // item 16: B boarding pass, I itinerary receipt
    std::string issuer;                 // item 21, airline designator
    std::vector<std::string> bag_tags;  // items 23, 31, 32: at most 3, 13 digits each
    bool operator==(const PassItems&) const = default;
};

// IATA Resolution 792, versions 0 to 8, 1 to 4 legs (5 to 9 accepted and flagged).
struct BoardingPass {
    Personal<std::string> name;  // as encoded, trailing spaces removed: at most 20 characters, so it may be cut
    bool electronic_ticket = false;
    int version = 0;  // 0 when there is no conditional part
    PassItems items;
    std::vector<FlightLeg> legs;
    bool security_data_present = false;      // present, not verified: only airlines have the keys
    char security_type = ' ';                // item 28
    std::string security_data;               // item 30, as long as it is there
    std::vector<std::string_view> problems;  // literals: see parse_boarding_pass
    bool operator==(const BoardingPass&) const = default;
};

// Cheap, for choosing a parser: 'M', a number of legs and enough characters for one.
[[nodiscard]] bool looks_like_boarding_pass(ByteView payload);

// The year of the first leg is the first one that puts it on or after the date of issue (less a day), where the pass
// has one, else the one closest to `today`; each later leg follows the one before. What real passes get wrong is
// accepted and stands in `problems`: "bcbp.no_ticket_indicator", "bcbp.ticket_indicator", "bcbp.separator",
// "bcbp.short_leg", "bcbp.shifted_leg", "bcbp.cut", "bcbp.conditional", "bcbp.newer_version", "bcbp.issue_date",
// "bcbp.day", "bcbp.security_size", "bcbp.trailing", "bcbp.many_legs". Errors, with the offset in the text without
// group separators: "bcbp.format", "bcbp.too_long", "bcbp.character", "bcbp.short", "bcbp.legs", "bcbp.airport",
// "bcbp.size".
[[nodiscard]] Result<BoardingPass> parse_boarding_pass(ByteView payload, Date today);

// The text of a pass: parse_boarding_pass gives the same values again. Dates are written as days of the year and
// `issued` as it is; problems are not written. Errors: "bcbp.write" when a value does not fit its field.
[[nodiscard]] Result<std::string> write_boarding_pass(const BoardingPass& pass);

}  // namespace paso
