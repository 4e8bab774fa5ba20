// The MRZ written from the layouts of Doc 9303: a second implementation on purpose, see specimen.hpp.
#include <string>

#include "tests/specimens/specimen.hpp"

namespace paso {
namespace {

std::string field(std::string_view text, std::size_t width) {
    std::string out;
    for (const char c : text) {
        if (out.size() == width) break;
        out.push_back(c == ' ' || c == '-' ? '<' : c);
    }
    out.resize(width, '<');
    return out;
}

std::string digit(std::string_view text) {
    static constexpr int weight[3] = {7, 3, 1};
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 0;
        sum += value * weight[i % 3];
    }
    return std::to_string(sum % 10);
}

std::string checked(const std::string& text) { return text + digit(text); }

std::string yymmdd(Date d) {
    const std::string iso = d.iso();
    return iso.substr(2, 2) + iso.substr(5, 2) + iso.substr(8, 2);
}

std::string names(const SpecimenSpec& s, std::size_t width) {
    const std::string both = s.given_names.empty() ? s.surname : s.surname + "  " + s.given_names;
    return field(both, width);
}

struct Parts {
    std::string number, birth, expiry, head;
    std::string sex;
};

Parts parts(const SpecimenSpec& s) {
    return {checked(field(s.number, 9)), checked(yymmdd(s.birth)), checked(yymmdd(s.expiry)),
            field(s.code, 2) + field(s.issuer, 3), std::string(1, s.sex)};
}

std::vector<std::string> td3(const SpecimenSpec& s) {
    const Parts p = parts(s);
    const std::string personal = field(s.optional_1, 14);
    const std::string own = s.optional_1.empty() ? "<" : digit(personal);
    const std::string all = digit(p.number + p.birth + p.expiry + personal + own);
    return {p.head + names(s, 39),
            p.number + field(s.nationality, 3) + p.birth + p.sex + p.expiry + personal + own + all};
}

std::vector<std::string> td2(const SpecimenSpec& s) {
    const Parts p = parts(s);
    const std::string optional = field(s.optional_1, 7);
    return {p.head + names(s, 31), p.number + field(s.nationality, 3) + p.birth + p.sex + p.expiry + optional +
                                       digit(p.number + p.birth + p.expiry + optional)};
}

std::vector<std::string> td1(const SpecimenSpec& s) {
    const Parts p = parts(s);
    const bool longer = s.number.size() > 9;
    const std::string number = longer ? s.number.substr(0, 9) + "<" : p.number;
    const std::string first =
        field(longer ? s.number.substr(9) + digit(s.number) + "<" + s.optional_1 : s.optional_1, 15);
    const std::string second = field(s.optional_2, 11);
    return {p.head + number + first,
            p.birth + p.sex + p.expiry + field(s.nationality, 3) + second +
                digit(number + first + p.birth + p.expiry + second),
            names(s, 30)};
}

// The French card of 1988 to 2021: `number` has twelve digits, `optional_1` is department and office of issue.
std::vector<std::string> french(const SpecimenSpec& s) {
    const std::string first = field(s.code, 2) + field(s.issuer, 3) + field(s.surname, 25) + field(s.optional_1, 6);
    const std::string second =
        checked(field(s.number, 12)) + field(s.given_names, 14) + checked(yymmdd(s.birth)) + std::string(1, s.sex);
    return {first, second + digit(first + second)};
}

// The Swiss licence: `number` is that of the blank card with its language, `optional_1` the personal number and
// version.
std::vector<std::string> swiss(const SpecimenSpec& s) {
    return {field(s.number, 9),
            field(s.code, 2) + field(s.issuer, 3) + field(s.optional_1, 12) + "<<" + yymmdd(s.birth) + "<<<<<",
            names(s, 30)};
}

// Visas have no check digit over the whole.
std::vector<std::string> visa(const SpecimenSpec& s, std::size_t width) {
    const Parts p = parts(s);
    return {p.head + names(s, width - 5),
            p.number + field(s.nationality, 3) + p.birth + p.sex + p.expiry + field(s.optional_1, width - 28)};
}

}  // namespace

namespace {

// The place of the number's check digit: row and column.
std::pair<std::size_t, std::size_t> number_digit(MrzFormat f) {
    if (f == MrzFormat::td1) return {0, 14};
    return {1, f == MrzFormat::french_id ? 12 : 9};
}

}  // namespace

std::vector<std::string> printed_lines(const SpecimenSpec& spec) {
    std::vector<std::string> lines = mrz_lines(spec);
    switch (spec.fault) {
        case PrintFault::none:
            return lines;
        case PrintFault::check_digit: {
            const auto [row, column] = number_digit(spec.format);
            char& c = lines[row][column];
            c = c == '9' ? '0' : static_cast<char>(c + 1);
            return lines;
        }
        case PrintFault::tilde: {
            std::string& line = spec.format == MrzFormat::td1 ? lines[2] : lines[0];
            const std::size_t n = line.find('N', spec.format == MrzFormat::td1 ? 0 : 5);
            if (n != std::string::npos) line.replace(n, 1, "\u00d1");
            return lines;
        }
        case PrintFault::missing_filler:
            lines.front().pop_back();
            return lines;
        case PrintFault::single_filler: {
            std::string& line = spec.format == MrzFormat::td1 ? lines[2] : lines[0];
            const std::size_t two = line.find("<<", spec.format == MrzFormat::td1 ? 0 : 5);
            if (two != std::string::npos) line = line.erase(two, 1) + "<";
            return lines;
        }
    }
    return lines;
}

std::vector<std::string> mrz_lines(const SpecimenSpec& spec) {
    switch (spec.format) {
        case MrzFormat::td3:
            return td3(spec);
        case MrzFormat::td2:
            return td2(spec);
        case MrzFormat::td1:
            return td1(spec);
        case MrzFormat::mrv_a:
            return visa(spec, 44);
        case MrzFormat::mrv_b:
            return visa(spec, 36);
        case MrzFormat::french_id:
            return french(spec);
        case MrzFormat::swiss_licence:
            return swiss(spec);
    }
    return {};
}

}  // namespace paso
