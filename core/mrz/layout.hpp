// Where each field stands in the five formats of Doc 9303 (parts 4 to 7) and in two national ones, and the check digits
// over them. The French card and the Swiss licence are described by their issuers alone; the places here are those that
// independent readers agree on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.hpp"
#include "core/mrz/reading.hpp"

namespace paso {

// The 7-3-1 check digit of Doc 9303-3 section 4.9, '0' to '9'; `text` in the MRZ alphabet.
[[nodiscard]] char check_digit(std::string_view text);

// A run of cells in one row.
struct MrzSpan {
    int row = 0;
    int column = 0;
    int length = 0;
};

// Where the fields of a format stand. A length of 0: the format has no such field.
struct MrzLayout {
    MrzSpan code;
    MrzSpan issuer;
    MrzSpan name;         // both identifiers, parted by two fillers; on a French card the surname alone
    MrzSpan given_names;  // French card
    MrzSpan number;
    MrzSpan number_check;
    MrzSpan nationality;
    MrzSpan birth;
    MrzSpan birth_check;
    MrzSpan sex;
    MrzSpan expiry;
    MrzSpan expiry_check;
    MrzSpan optional_1;        // French card: department and office; Swiss licence: personal number and version
    MrzSpan optional_1_check;  // TD3's personal number
    MrzSpan optional_2;
    MrzSpan composite_check;
    std::span<const MrzSpan> composite;  // what the composite digit is over, in order
};
[[nodiscard]] const MrzLayout& layout(MrzFormat format);

[[nodiscard]] std::string_view field(const std::vector<std::string>& lines, MrzSpan span);

// The format of two or three lines by their shape and first characters; nothing for other shapes. Two rows of 36 that
// begin with IDFRA are the French card, for France issues no TD2 with that code; only when the check digits of the
// French card do not hold and all of TD2's do is it read as TD2.
[[nodiscard]] std::optional<MrzFormat> format_of(const std::vector<std::string>& lines);

// Whether three lines are those of a Swiss licence as far as its print is always the same: code, State, fillers and
// digits of the birth. It has no check digits that could tell.
[[nodiscard]] bool is_swiss_licence(const std::vector<std::string>& lines);

struct CheckDigits {
    Check number = Check::absent;
    Check birth = Check::absent;
    Check expiry = Check::absent;     // absent on a French card
    Check personal = Check::absent;   // TD3 only; `absent` when the field is empty and its digit is '<'
    Check composite = Check::absent;  // absent on visas
    bool operator==(const CheckDigits&) const = default;
    // Whether the format has any: a Swiss licence has none, so nothing in it can be confirmed.
    [[nodiscard]] bool any() const {
        for (const Check c : {number, birth, expiry, personal, composite}) {
            if (c != Check::absent) return true;
        }
        return false;
    }
    // True when there are some and none failed.
    [[nodiscard]] bool all_hold() const {
        for (const Check c : {number, birth, expiry, personal, composite}) {
            if (c == Check::failed || c == Check::unknown) return false;
        }
        return any();
    }
};
// `lines` must have the shape of the format.
[[nodiscard]] CheckDigits check_digits(const std::vector<std::string>& lines, MrzFormat format);

// A document number of TD1 that is longer than nine characters goes on in the first optional field (Doc 9303-5, note
// j).
struct LongNumber {
    std::string number;    // without fillers
    std::string optional;  // what is left of the optional field
    char digit = '<';
};
[[nodiscard]] std::optional<LongNumber> long_number(const std::vector<std::string>& lines, MrzFormat format);

// What may stand in a cell by the grammar of the format: letters, digits, either, filler allowed; or M, F, X or filler.
enum class CellKind : std::uint8_t { any, letter, digit, sex };
[[nodiscard]] bool expected(CellKind kind, char c);
[[nodiscard]] CellKind cell_kind(MrzFormat format, int row, int column);

}  // namespace paso
