// TravelDocument: what the machine readable zone of a travel document says. ICAO Doc 9303 parts 3, 4, 5, 6, 7.
// Nothing is guessed: raw text is kept, each check digit is reported by itself, every possible century is kept, and
// what is wrong stands in `problems`. One bad field never costs the rest of the record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/date.hpp"
#include "core/base/personal.hpp"
#include "core/base/result.hpp"
#include "core/mrz/layout.hpp"
#include "core/mrz/reading.hpp"

namespace paso {

enum class Sex : std::uint8_t { unspecified = 0, female = 1, male = 2 };
[[nodiscard]] constexpr std::string_view name(Sex s) {
    switch (s) {
        case Sex::unspecified:
            return "unspecified";
        case Sex::female:
            return "female";
        case Sex::male:
            return "male";
    }
    return "unspecified";
}

// A date of an MRZ: six characters and every calendar date that they can mean on the reading date. Empty `candidates`:
// the field is blank, partly unknown (`<<`) or not a date; `raw` tells.
struct MrzDate {
    std::string raw;               // six characters, YYMMDD
    std::vector<Date> candidates;  // ascending
    bool operator==(const MrzDate&) const = default;
};

// The standing of a three-letter code: ISO 3166-1 alpha-3 or one of Doc 9303-3 section 5.
enum class CodeStanding : std::uint8_t {
    state,        // ISO 3166-1
    icao,         // Doc 9303: D, GBD, UNO, EUE, XOM, ...
    stateless,    // XXA, 1954 convention
    refugee,      // XXB, XXC
    unspecified,  // XXX
    specimen,     // UTO
    obsolete,     // ANT, NTZ, ...
    seen_in_use,  // RKS, XXK, ...
    unknown,      // none of these
};
[[nodiscard]] CodeStanding code_standing(std::string_view code);  // "D" or "D<<" both mean Germany
[[nodiscard]] std::string_view name(CodeStanding s);

// A remark on one field, for an official: never a reason by itself. `field` is the name of a member below.
struct FieldProblem {
    std::string_view field;
    std::string_view code;  // such as "mrz.date.not_calendar", "mrz.code.unknown", "mrz.check_digit"
    int row = 0;            // place in the MRZ, from 0
    int column = 0;
    bool operator==(const FieldProblem&) const = default;
};

struct TravelDocument {
    MrzFormat format = MrzFormat::td3;
    MrzState state = MrzState::unreadable;  // how sure the reading is
    float confidence = 0;                   // smallest posterior of all cells
    std::vector<std::string> lines;         // as read
    std::string code;                       // document code without fillers: "P", "PP", "I", "V"
    std::string issuer;                     // three-letter code without fillers: "UTO", "D"
    std::string nationality;                // likewise
    Personal<std::string> number;           // without fillers; TD1 long numbers joined
    Personal<std::string> surname;          // primary identifier, words parted by spaces
    Personal<std::string> given_names;      // secondary identifier; empty for a single name
    bool name_may_be_truncated = false;     // no filler at the end of the name field
    Personal<MrzDate> birth;
    MrzDate expiry;
    Sex sex = Sex::unspecified;
    std::string optional_1;  // TD3: personal number; TD1: line 1; visas: optional data
    std::string optional_2;  // TD1 line 2
    CheckDigits check_digits;
    std::vector<FieldProblem> problems;
    bool operator==(const TravelDocument&) const = default;
};

// Reads `result.lines` (also when proposed; of an unreadable result only what its lines hold). `today` decides which
// centuries are possible: birth = every century with age 0 to 120, expiry = within -50 and +49 years.
[[nodiscard]] TravelDocument parse_mrz(const MrzResult& result, Date today);

// Lines of text as typed or stored: two or three rows of 30, 36 or 44 characters of the MRZ alphabet.
// Errors: "mrz.shape" (rows or lengths), "mrz.character" (place: line and column).
[[nodiscard]] Result<TravelDocument> parse_mrz_lines(const std::vector<std::string>& lines, Date today);

// What to write into an MRZ. Names in A-Z, spaces between words; dates as raw YYMMDD.
struct MrzContent {
    MrzFormat format = MrzFormat::td3;
    std::string code = "P";
    std::string issuer;
    std::string nationality;
    std::string number;
    std::string surname;
    std::string given_names;
    std::string birth;   // YYMMDD, parts may be "<<"
    std::string expiry;  // YYMMDD
    Sex sex = Sex::unspecified;
    std::string optional_1;
    std::string optional_2;
};
// The lines with all check digits; names too long are truncated as Doc 9303-4 section 4.2.3 says.
// Errors: "mrz.write.character", "mrz.write.too_long" (names the field).
[[nodiscard]] Result<std::vector<std::string>> write_mrz(const MrzContent& content);

}  // namespace paso
