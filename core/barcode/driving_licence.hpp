// Driving licences and identification cards of the United States and Canada: the PDF417 of the AAMVA DL/ID Card Design
// Standard, annex D, versions 00 to 11. It is signed by nobody, so all of it is claimed data; an enhanced licence
// proves citizenship by its MRZ and chip, not by this.
#pragma once

#include <cstddef>
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

// One data element: "DAQ" and what follows it, as it stands.
struct LicenceElement {
    std::string id;
    Personal<std::string> value;
    std::uint32_t offset = 0;  // of the id, from the '@'
    bool operator==(const LicenceElement&) const = default;
};

struct LicenceSubfile {
    std::string type;  // "DL", "ID", "EN" or 'Z' and a letter of the jurisdiction
    std::vector<LicenceElement> elements;
    bool operator==(const LicenceSubfile&) const = default;
};

// What the symbol holds, before anybody says what it means.
struct LicenceFile {
    std::string issuer;                       // IIN, six digits
    int version = 0;                          // of the standard
    std::optional<int> jurisdiction_version;  // from version 2 on
    std::vector<LicenceSubfile> subfiles;
    bool operator==(const LicenceFile&) const = default;
};

// Month first in the United States, year first in Canada and in version 1.
struct LicenceDate {
    std::string raw;
    std::optional<Date> date;  // nothing when no calendar has it
    bool operator==(const LicenceDate&) const = default;
};

// Each field names the elements that it comes from; empty or ' ' when there is none, or when it says NONE or UNAVL.
struct DrivingLicence {
    LicenceFile file;
    std::string country;                     // DCG ("USA", "CAN", "MEX"), else told by the issuer
    std::string jurisdiction;                // DAJ
    Personal<std::string> number;            // DAQ
    Personal<std::string> family_name;       // DCS, DAB, or the first part of DAA
    Personal<std::string> given_names;       // DAC, DCT, or the second part of DAA
    Personal<std::string> middle_names;      // DAD, or the third part of DAA
    Personal<std::string> suffix;            // DCU, DAE, or the fourth part of DAA
    Personal<LicenceDate> birth;             // DBB
    LicenceDate expiry;                      // DBA
    LicenceDate issued;                      // DBD
    char sex = ' ';                          // DBC: M, F or X
    Personal<std::string> street;            // DAG
    Personal<std::string> city;              // DAI
    Personal<std::string> postal_code;       // DAK
    Personal<std::string> discriminator;     // DCF, DCK where there is none
    char compliance = ' ';                   // DDA: F fully, N not compliant with the REAL ID act
    bool limited_duration = false;           // DDD: the stay of the holder is limited
    bool credential_present = false;         // element ZZA: a W3C verifiable credential, recognised and not verified
    std::vector<std::string_view> problems;  // literals: see parse_driving_licence
    bool operator==(const DrivingLicence&) const = default;
};

// Cheap, for choosing a parser: '@', separators and "ANSI " or "AAMVA".
[[nodiscard]] bool looks_like_driving_licence(ByteView payload);

// Subfiles are found by the offsets of the header where these agree with what stands there, else by their separators.
// What real cards get wrong is accepted and stands in `problems`: "aamva.header" (separators), "aamva.newer_version",
// "aamva.offset" (offsets and content disagree: found by scanning), "aamva.cut" (the last separator is missing),
// "aamva.element" (something that is no data element), "aamva.repeated" (an element that stands twice, the first
// counts), "aamva.missing" (no number, family name or date of birth), "aamva.date", "aamva.date_order" (the other order
// of day and year), "aamva.name_order" (a full name whose parts nothing separates), "aamva.sex". Errors:
// "aamva.format", "aamva.too_long", "aamva.header" (issuer, version or number of subfiles), "aamva.subfile" (none to be
// found).
[[nodiscard]] Result<DrivingLicence> parse_driving_licence(ByteView payload);

// The payload with right offsets: parse_driving_licence(...).file is the same again. Error: "aamva.write" when a value
// does not fit.
[[nodiscard]] Result<Bytes> write_driving_licence(const LicenceFile& file);

}  // namespace paso
