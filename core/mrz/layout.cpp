#include "core/mrz/layout.hpp"

#include <algorithm>
#include <array>

namespace paso {
namespace {

constexpr std::array td1_composite{MrzSpan{0, 5, 25}, MrzSpan{1, 0, 7}, MrzSpan{1, 8, 7}, MrzSpan{1, 18, 11}};
constexpr std::array td2_composite{MrzSpan{1, 0, 10}, MrzSpan{1, 13, 7}, MrzSpan{1, 21, 14}};
constexpr std::array td3_composite{MrzSpan{1, 0, 10}, MrzSpan{1, 13, 7}, MrzSpan{1, 21, 22}};

constexpr MrzLayout td1_layout{.code = {0, 0, 2},
                               .issuer = {0, 2, 3},
                               .name = {2, 0, 30},
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

bool only_fillers(std::string_view text) { return text.find_first_not_of('<') == std::string_view::npos; }

Check compare(std::string_view over, char digit) { return check_digit(over) == digit ? Check::passed : Check::failed; }

bool inside(MrzSpan s, int row, int column) {
    return s.length > 0 && row == s.row && column >= s.column && column < s.column + s.length;
}

}  // namespace

char check_digit(std::string_view text) {
    constexpr std::array<int, 3> weights{7, 3, 1};
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 0;
        sum += value * weights[i % 3];
    }
    return static_cast<char>('0' + sum % 10);
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
    }
    return td3_layout;
}

std::string_view field(const std::vector<std::string>& lines, MrzSpan span) {
    if (span.length == 0 || static_cast<std::size_t>(span.row) >= lines.size()) return {};
    const std::string_view line = lines[static_cast<std::size_t>(span.row)];
    if (static_cast<std::size_t>(span.column) > line.size()) return {};
    return line.substr(static_cast<std::size_t>(span.column), static_cast<std::size_t>(span.length));
}

std::optional<MrzFormat> format_of(const std::vector<std::string>& lines) {
    if (lines.empty()) return std::nullopt;
    const std::size_t columns = lines.front().size();
    for (const std::string& line : lines) {
        if (line.size() != columns) return std::nullopt;
    }
    const bool visa = columns != 0 && lines.front().front() == 'V';
    if (lines.size() == 3 && columns == 30) return MrzFormat::td1;
    if (lines.size() == 2 && columns == 36) return visa ? MrzFormat::mrv_b : MrzFormat::td2;
    if (lines.size() == 2 && columns == 44) return visa ? MrzFormat::mrv_a : MrzFormat::td3;
    return std::nullopt;
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
    const auto one = [&](MrzSpan span) { return field(lines, span).empty() ? '<' : field(lines, span).front(); };
    CheckDigits out;
    if (const auto number = long_number(lines, format)) {
        out.number = compare(number->number, number->digit);
    } else {
        out.number = compare(field(lines, l.number), one(l.number_check));
    }
    out.birth = compare(field(lines, l.birth), one(l.birth_check));
    out.expiry = compare(field(lines, l.expiry), one(l.expiry_check));
    if (l.optional_1_check.length > 0) {
        const std::string_view personal = field(lines, l.optional_1);
        const char digit = one(l.optional_1_check);
        out.personal = only_fillers(personal) && digit == '<' ? Check::absent : compare(personal, digit);
    }
    if (l.composite_check.length > 0) {
        std::string all;
        for (const MrzSpan& span : l.composite) all += field(lines, span);
        out.composite = compare(all, one(l.composite_check));
    }
    return out;
}

CellKind cell_kind(MrzFormat format, int row, int column) {
    const MrzLayout& l = layout(format);
    for (const MrzSpan& s :
         {l.birth, l.birth_check, l.expiry, l.expiry_check, l.composite_check, l.number_check, l.optional_1_check}) {
        if (inside(s, row, column)) return CellKind::digit;
    }
    for (const MrzSpan& s : {l.code, l.issuer, l.nationality, l.name, l.sex}) {
        if (inside(s, row, column)) return CellKind::letter;
    }
    return CellKind::any;
}

}  // namespace paso
