// From the bytes of a symbol to what they mean. First version: IATA boarding passes; everything else is kept as Unknown
// with its digest, until its parser is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/date.hpp"
#include "core/base/personal.hpp"
#include "core/base/result.hpp"

namespace paso {

// How much a payload may be believed. Only `chain` and above may ever change an outcome.
enum class Assurance : std::uint8_t { none = 0, structure = 1, signature = 2, chain = 3, chain_and_profile = 4 };
[[nodiscard]] std::string_view name(Assurance a);

// A date made of a day of the year: Doc 792 gives no year, so it is inferred from the reading date.
struct InferredDate {
    std::uint16_t day_of_year = 0;  // 1 to 366; 0 when the pass gives none
    std::optional<Date> date;       // always inferred; nothing when no near year has that day
    bool operator==(const InferredDate&) const = default;
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
    bool operator==(const FlightLeg&) const = default;
};

// IATA Resolution 792, versions 0 to 8, 1 to 4 legs (5 to 9 accepted and flagged).
struct BoardingPass {
    Personal<std::string> name;  // as encoded, trailing spaces removed: at most 20 characters, so it may be cut
    bool electronic_ticket = false;
    int version = 0;  // 0 when there is no conditional part
    std::vector<FlightLeg> legs;
    bool security_data_present = false;      // present, not verified: only airlines have the keys
    std::vector<std::string_view> problems;  // literals: see parse_boarding_pass
    bool operator==(const BoardingPass&) const = default;
};

struct UnknownPayload {
    std::size_t size = 0;
    bool operator==(const UnknownPayload&) const = default;
};

struct BarcodeContent {
    Symbology symbology = Symbology::unknown;
    Assurance assurance = Assurance::none;
    Digest digest{};  // SHA-256 of the payload
    std::variant<UnknownPayload, BoardingPass> what;
    bool operator==(const BarcodeContent&) const = default;
};

// Bytes (never text), told by their content first; symbology is a tie-break. Never fails: what no parser accepts is
// UnknownPayload. `today` is the local date at the post.
[[nodiscard]] BarcodeContent parse_barcode(ByteView payload, Symbology symbology, Date today);

// The door of one parser. The year of the first leg is the first one that puts it on or after the date of issue (less a
// day), where the pass has one, else the one closest to `today`; each later leg follows the one before. What real
// passes get wrong is accepted and stands in `problems`: "bcbp.no_ticket_indicator", "bcbp.ticket_indicator",
// "bcbp.separator", "bcbp.short_leg", "bcbp.shifted_leg", "bcbp.cut", "bcbp.conditional", "bcbp.newer_version",
// "bcbp.issue_date", "bcbp.day", "bcbp.security_size", "bcbp.trailing", "bcbp.many_legs". Errors, with the
// offset in the text without group separators: "bcbp.format", "bcbp.too_long", "bcbp.character", "bcbp.short",
// "bcbp.legs", "bcbp.airport", "bcbp.size".
[[nodiscard]] Result<BoardingPass> parse_boarding_pass(ByteView payload, Date today);

}  // namespace paso
