// TravelDocument: what the machine readable zone of a travel document says. ICAO Doc 9303 parts 3, 4, 5, 6, 7; the
// French identity card of 1988 to 2021 and the Swiss driving licence. Nothing is guessed: raw text is kept, each check
// digit is reported by itself, every possible century is kept, and what is wrong stands in `problems`. One bad field
// never costs the rest of the record.
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
#include "core/document/codes.hpp"
#include "core/document/mrz_date.hpp"
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

// A remark on one field, for an official: never a reason by itself. `field` is the name of a member below.
struct FieldProblem {
    std::string_view field;
    std::string_view code;  // such as "mrz.date.not_calendar", "mrz.code.unknown", "mrz.number.look_alike"
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
    std::string nationality;                // likewise; empty on a Swiss licence, FRA on a French card (see parse_mrz)
    Personal<std::string> number;           // without fillers; TD1 long numbers joined
    Personal<std::string> surname;          // primary identifier, words parted by spaces
    Personal<std::string> given_names;      // secondary identifier; empty for a single name
    bool name_may_be_truncated = false;     // no filler at the end of the name field
    Personal<MrzDate> birth;
    MrzDate expiry;  // `absent` on a French card and a Swiss licence
    Sex sex = Sex::unspecified;
    std::string optional_1;  // TD3: personal number; TD1: line 1; visas: optional data; else see MrzLayout
    std::string optional_2;  // TD1 line 2
    CheckDigits check_digits;
    std::vector<FieldProblem> problems;
    bool operator==(const TravelDocument&) const = default;
};

// Reads `result.lines` (also when proposed; of an unreadable result only what its lines hold). `today` decides which
// centuries are possible: see MrzDate. A French card names no nationality; it is issued to the French alone, so theirs
// is reported. Remarks on look-alikes name each letter of a number that a digit resembles (O I Z S G B, Q): a hint for
// who types it, for check digits do not tell G from 6.
[[nodiscard]] TravelDocument parse_mrz(const MrzResult& result, Date today);

// Lines of text as typed or stored, in the MRZ alphabet: three rows of 30, two of 36 or 44, or rows of 9, 30 and 30.
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
    std::string expiry;  // YYMMDD; empty where the format has none
    Sex sex = Sex::unspecified;
    std::string optional_1;
    std::string optional_2;
};
// The lines with all check digits. Names that are too long are cut so that the field ends with a letter and some of the
// secondary identifier stays (Doc 9303-4 section 4.2.3). What is empty and what the format lacks stays filler.
// Errors: "mrz.write.character", "mrz.write.too_long" (names the field; also what the format has no field for),
// "mrz.write.format" (the lines would read as another format: code V in a TD3, a TD2 that is a French card too).
[[nodiscard]] Result<std::vector<std::string>> write_mrz(const MrzContent& content);

// What a document says, to be written again, and that in one step: parse_mrz_lines(write_mrz(d)) has the same fields.
[[nodiscard]] MrzContent content_of(const TravelDocument& document);
[[nodiscard]] Result<std::vector<std::string>> write_mrz(const TravelDocument& document);

}  // namespace paso
