// Documents made up from a seed, in every format, and lines that look like theirs.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "core/document/travel_document.hpp"
#include "tests/support/made_up_text.hpp"

namespace paso::made_up {

inline const Date today = *Date::parse("2026-11-24");

inline std::string six(Date d) {
    const std::string iso = d.iso();
    return iso.substr(2, 2) + iso.substr(5, 2) + iso.substr(8, 2);
}

// Sometimes with names that are too long, an unknown part of the birth date, a document without expiry.
inline MrzContent document(std::mt19937& r, MrzFormat format) {
    const bool visa = format == MrzFormat::mrv_a || format == MrzFormat::mrv_b;
    const MrzLayout& l = layout(format);
    MrzContent c;
    c.format = format;
    c.code = visa ? "V" : format == MrzFormat::td3 ? "P" : "I";
    c.issuer = r() % 4 == 0 ? "D" : "UTO";
    c.nationality = r() % 4 == 0 ? "XXB" : "BRA";
    c.number = some(r, 1, format == MrzFormat::td1 && r() % 3 == 0 ? 20 : 9, both);
    const std::size_t longest = r() % 8 == 0 ? 30 : 9;
    c.surname = some(r, 1, longest, letters) + (r() % 2 == 0 ? " " + some(r, 1, longest / 2, letters) : "");
    if (r() % 5 != 0) c.given_names = some(r, 1, longest, letters) + (r() % 4 == 0 ? " " + some(r, 1, 9, letters) : "");
    c.birth = six(Date::from_days(static_cast<int>(r() % 9000)));
    if (r() % 8 == 0) c.birth.replace(r() % 2 == 0 ? 2 : 4, 2, "<<");
    c.expiry = r() % 8 == 0 ? "999999" : six(Date::from_days(20500 + static_cast<int>(r() % 9000)));
    c.sex = static_cast<Sex>(r() % 3);
    if (r() % 2 == 0) c.optional_1 = some(r, 1, format == MrzFormat::td1 ? 1 : 6, both);
    if (format == MrzFormat::td1 && r() % 2 == 0) c.optional_2 = some(r, 1, 11, both);
    if (format == MrzFormat::french_id) {
        c.code = "ID";
        c.issuer = c.nationality = "FRA";
        c.number = some(r, 12, 12, digits);
    }
    if (format == MrzFormat::swiss_licence) {
        c.code = "FA";
        c.issuer = r() % 2 == 0 ? "CHE" : "LIE";
        c.nationality.clear();
        c.number = some(r, 3, 3, letters) + some(r, 3, 3, digits) + "D";
        c.optional_1 = some(r, 12, 12, digits);
        c.sex = Sex::unspecified;
    }
    if (l.expiry.length == 0) c.expiry.clear();
    return c;
}

inline std::vector<std::string> lines(std::mt19937& r) {
    const auto written = write_mrz(document(r, mrz_formats[r() % mrz_formats.size()]));
    return written.value_or(std::vector<std::string>(2, std::string(36, '<')));  // a French TD2 look-alike
}

}  // namespace paso::made_up
