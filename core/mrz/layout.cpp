#include "core/mrz/layout.hpp"

#include <algorithm>
#include <array>

namespace paso {
namespace {

constexpr std::array td1_composite{MrzSpan{0, 5, 25}, MrzSpan{1, 0, 7}, MrzSpan{1, 8, 7}, MrzSpan{1, 18, 11}};
constexpr std::array td2_composite{MrzSpan{1, 0, 10}, MrzSpan{1, 13, 7}, MrzSpan{1, 21, 14}};
constexpr std::array french_composite{MrzSpan{0, 0, 36}, MrzSpan{1, 0, 35}};
constexpr std::array td3_composite{MrzSpan{1, 0, 10}, MrzSpan{1, 13, 7}, MrzSpan{1, 21, 22}};

constexpr MrzLayout td1_layout{.code = {0, 0, 2},
                               .issuer = {0, 2, 3},
                               .name = {2, 0, 30},
                               .given_names = {},
                               .number = {0, 5, 9},
                               .number_check = {0, 14, 1},
                               .nationality = {1, 15, 3},
                               .birth = {1, 0, 6},
                               .birth_check = {1, 6, 1},
                               .sex = {1, 7, 1},
                               .expiry = {1, 8, 6},
                               .expiry_check = {1, 14, 1},
                               .optional_1 = {0, 15, 15},
                               .optional_1_check = {},
                               .optional_2 = {1, 18, 11},
                               .composite_check = {1, 29, 1},
                               .composite = td1_composite};

// Two-row documents differ in the length of the name and in what follows the expiry.
constexpr MrzLayout two_rows(int name_length) {
    return {.code = {0, 0, 2},
            .issuer = {0, 2, 3},
            .name = {0, 5, name_length},
            .given_names = {},
            .number = {1, 0, 9},
            .number_check = {1, 9, 1},
            .nationality = {1, 10, 3},
            .birth = {1, 13, 6},
            .birth_check = {1, 19, 1},
            .sex = {1, 20, 1},
            .expiry = {1, 21, 6},
            .expiry_check = {1, 27, 1},
            .optional_1 = {},
            .optional_1_check = {},
            .optional_2 = {},
            .composite_check = {},
            .composite = {}};
}
constexpr MrzLayout td2_layout = [] {
    MrzLayout l = two_rows(31);
    l.optional_1 = {1, 28, 7};
    l.composite_check = {1, 35, 1};
    l.composite = td2_composite;
    return l;
}();
constexpr MrzLayout td3_layout = [] {
    MrzLayout l = two_rows(39);
    l.optional_1 = {1, 28, 14};
    l.optional_1_check = {1, 42, 1};
    l.composite_check = {1, 43, 1};
    l.composite = td3_composite;
    return l;
}();
constexpr MrzLayout mrv_a_layout = [] {
    MrzLayout l = two_rows(39);
    l.optional_1 = {1, 28, 16};
    return l;
}();
constexpr MrzLayout mrv_b_layout = [] {
    MrzLayout l = two_rows(31);
    l.optional_1 = {1, 28, 8};
    return l;
}();

// Line 1: surname, then department and office of issue. Line 2: number (year and month of issue, department, serial),
// given names, birth. The last digit is over all that stands before it.
constexpr MrzLayout french_id_layout{.code = {0, 0, 2},
                                     .issuer = {0, 2, 3},
                                     .name = {0, 5, 25},
                                     .given_names = {1, 13, 14},
                                     .number = {1, 0, 12},
                                     .number_check = {1, 12, 1},
                                     .nationality = {},
                                     .birth = {1, 27, 6},
                                     .birth_check = {1, 33, 1},
                                     .sex = {1, 34, 1},
                                     .expiry = {},
                                     .expiry_check = {},
                                     .optional_1 = {0, 30, 6},
                                     .optional_1_check = {},
                                     .optional_2 = {},
                                     .composite_check = {1, 35, 1},
                                     .composite = french_composite};
// Line 1: number of the blank card and language. Line 2: personal number and version, birth. No check digits.
constexpr MrzLayout swiss_licence_layout{.code = {1, 0, 2},
                                         .issuer = {1, 2, 3},
                                         .name = {2, 0, 30},
                                         .given_names = {},
                                         .number = {0, 0, 9},
                                         .number_check = {},
                                         .nationality = {},
                                         .birth = {1, 19, 6},
                                         .birth_check = {},
                                         .sex = {},
                                         .expiry = {},
                                         .expiry_check = {},
                                         .optional_1 = {1, 5, 12},
                                         .optional_1_check = {},
                                         .optional_2 = {},
                                         .composite_check = {},
                                         .composite = {}};

bool only_fillers(std::string_view text) { return text.find_first_not_of('<') == std::string_view::npos; }

// The value of a character by Doc 9303-3 section 4.9: digits their own, A is 10, all else 0.
constexpr auto values = [] {
    std::array<std::uint8_t, 256> out{};
    for (unsigned i = 0; i < 10; ++i) out['0' + i] = static_cast<std::uint8_t>(i);
    for (unsigned i = 0; i < 26; ++i) out['A' + i] = static_cast<std::uint8_t>(10 + i);
    return out;
}();

// The weighted sum over several runs of characters, as if they were one.
class CheckSum {
  public:
    void add(std::string_view text) {
        for (const char c : text) {
            sum_ += values[static_cast<unsigned char>(c)] * weight_;
            weight_ = weight_ == 7 ? 3 : weight_ == 3 ? 1 : 7;
        }
    }
    [[nodiscard]] char digit() const { return static_cast<char>('0' + sum_ % 10); }

  private:
    unsigned sum_ = 0;
    unsigned weight_ = 7;
};

Check compare(std::string_view over, char digit) { return check_digit(over) == digit ? Check::passed : Check::failed; }

bool inside(MrzSpan s, int row, int column) {
    return s.length > 0 && row == s.row && column >= s.column && column < s.column + s.length;
}

}  // namespace

char check_digit(std::string_view text) {
    CheckSum sum;
    sum.add(text);
    return sum.digit();
}

const MrzLayout& layout(MrzFormat format) {
    switch (format) {
        case MrzFormat::td1:
            return td1_layout;
        case MrzFormat::td2:
            return td2_layout;
        case MrzFormat::td3:
            return td3_layout;
        case MrzFormat::mrv_a:
            return mrv_a_layout;
        case MrzFormat::mrv_b:
            return mrv_b_layout;
        case MrzFormat::french_id:
            return french_id_layout;
        case MrzFormat::swiss_licence:
            return swiss_licence_layout;
    }
    return td3_layout;
}

std::string_view field(const std::vector<std::string>& lines, MrzSpan span) {
    if (span.length == 0 || static_cast<std::size_t>(span.row) >= lines.size()) return {};
    const std::string_view line = lines[static_cast<std::size_t>(span.row)];
    if (static_cast<std::size_t>(span.column) > line.size()) return {};
    return line.substr(static_cast<std::size_t>(span.column), static_cast<std::size_t>(span.length));
}

namespace {

MrzFormat french_or_td2(const std::vector<std::string>& lines) {
    if (!lines.front().starts_with("IDFRA")) return MrzFormat::td2;
    if (check_digits(lines, MrzFormat::french_id).all_hold()) return MrzFormat::french_id;
    return check_digits(lines, MrzFormat::td2).all_hold() ? MrzFormat::td2 : MrzFormat::french_id;
}

}  // namespace

std::optional<MrzFormat> format_of(const std::vector<std::string>& lines) {
    if (lines.size() != 2 && lines.size() != 3) return std::nullopt;
    const std::size_t first = lines.front().size();
    const std::size_t last = lines.back().size();
    if (lines.size() == 3) {
        if (last != 30 || lines[1].size() != 30) return std::nullopt;
        if (first == 9) return MrzFormat::swiss_licence;
        return first == 30 ? std::optional{MrzFormat::td1} : std::nullopt;
    }
    if (first != last) return std::nullopt;
    const bool visa = first != 0 && lines.front().front() == 'V';
    if (first == 36) return visa ? MrzFormat::mrv_b : french_or_td2(lines);
    if (first == 44) return visa ? MrzFormat::mrv_a : MrzFormat::td3;
    return std::nullopt;
}

bool is_swiss_licence(const std::vector<std::string>& lines) {
    if (format_of(lines) != MrzFormat::swiss_licence) return false;
    const std::string& second = lines[1];
    if (!second.starts_with("FACHE") && !second.starts_with("FALIE")) return false;
    const std::string_view birth = field(lines, layout(MrzFormat::swiss_licence).birth);
    return second.substr(17, 2) == "<<" && second.ends_with("<<<<<") &&
           std::all_of(birth.begin(), birth.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<LongNumber> long_number(const std::vector<std::string>& lines, MrzFormat format) {
    if (format != MrzFormat::td1) return std::nullopt;
    const MrzLayout& l = layout(format);
    const std::string_view optional = field(lines, l.optional_1);
    if (field(lines, l.number_check) != "<" || optional.empty() || optional.front() == '<') return std::nullopt;
    const std::size_t end =
        std::min(optional.find('<'), optional.size());  // the rest of the number, then its check digit
    if (end < 2) return std::nullopt;
    LongNumber out;
    out.number = std::string{field(lines, l.number)} + std::string{optional.substr(0, end - 1)};
    out.digit = optional[end - 1];
    out.optional = end < optional.size() ? std::string{optional.substr(end + 1)} : std::string{};
    return out;
}

CheckDigits check_digits(const std::vector<std::string>& lines, MrzFormat format) {
    const MrzLayout& l = layout(format);
    const auto one = [&](MrzSpan span) {
        const std::string_view text = field(lines, span);
        return text.empty() ? '<' : text.front();
    };
    // `absent` when the format has no such digit.
    const auto held = [&](MrzSpan over, MrzSpan digit) {
        return digit.length == 0 ? Check::absent : compare(field(lines, over), one(digit));
    };
    CheckDigits out;
    if (const auto number = long_number(lines, format)) {
        out.number = compare(number->number, number->digit);
    } else {
        out.number = held(l.number, l.number_check);
    }
    out.birth = held(l.birth, l.birth_check);
    out.expiry = held(l.expiry, l.expiry_check);
    const bool empty = only_fillers(field(lines, l.optional_1)) && one(l.optional_1_check) == '<';
    out.personal = empty ? Check::absent : held(l.optional_1, l.optional_1_check);
    if (l.composite_check.length > 0) {
        CheckSum all;
        for (const MrzSpan& span : l.composite) all.add(field(lines, span));
        out.composite = all.digit() == one(l.composite_check) ? Check::passed : Check::failed;
    }
    return out;
}

bool expected(CellKind kind, char c) {
    const bool digit = c >= '0' && c <= '9';
    switch (kind) {
        case CellKind::any:
            return true;
        case CellKind::letter:
            return !digit;
        case CellKind::digit:
            return digit || c == '<';
        case CellKind::sex:
            return c == 'M' || c == 'F' || c == 'X' || c == '<';
    }
    return true;
}

CellKind cell_kind(MrzFormat format, int row, int column) {
    const MrzLayout& l = layout(format);
    for (const MrzSpan& s :
         {l.birth, l.birth_check, l.expiry, l.expiry_check, l.composite_check, l.number_check, l.optional_1_check}) {
        if (inside(s, row, column)) return CellKind::digit;
    }
    const bool numeric = format == MrzFormat::french_id && inside(l.number, row, column);
    if (numeric) return CellKind::digit;
    if (inside(l.sex, row, column)) return CellKind::sex;
    for (const MrzSpan& s : {l.code, l.issuer, l.nationality, l.name, l.given_names}) {
        if (inside(s, row, column)) return CellKind::letter;
    }
    return CellKind::any;
}

}  // namespace paso
