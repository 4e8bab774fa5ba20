#include "core/document/travel_document.hpp"

#include <algorithm>
#include <utility>

namespace paso {
namespace {

constexpr int oldest = 120;        // years of age that a birth date may mean
constexpr int expiry_past = 50;    // years that an expiry may lie behind
constexpr int expiry_future = 49;  // and ahead

std::string without_fillers(std::string_view text) {
    while (!text.empty() && text.back() == '<') text.remove_suffix(1);
    return std::string{text};
}

// Fillers between words become one space each; leading and trailing ones go.
std::string words(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != '<') {
            out.push_back(c);
        } else if (!out.empty() && out.back() != ' ') {
            out.push_back(' ');
        }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

int two_digits(std::string_view text) {
    const bool digits = text.size() == 2 && text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
    return digits ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

template <class Accept>
MrzDate date_with(std::string_view raw, Date today, Accept accept) {
    MrzDate out;
    out.raw = raw;
    if (raw.size() != 6) return out;
    const int year = two_digits(raw.substr(0, 2));
    const int month = two_digits(raw.substr(2, 2));
    const int day = two_digits(raw.substr(4, 2));
    if (year < 0 || month < 0 || day < 0) return out;
    const int first = (today.year() / 100 - 2) * 100;
    for (int century = first; century <= first + 300; century += 100) {
        const auto date = Date::of(century + year, static_cast<unsigned>(month), static_cast<unsigned>(day));
        if (date && accept(*date)) out.candidates.push_back(*date);
    }
    return out;
}

MrzDate birth_date(std::string_view raw, Date today) {
    return date_with(raw, today, [today](Date d) { return d <= today && age_on(d, today) <= oldest; });
}

MrzDate expiry_date(std::string_view raw, Date today) {
    return date_with(raw, today, [today](Date d) {
        const int years = d.year() - today.year();
        return years >= -expiry_past && years <= expiry_future;
    });
}

Sex sex_of(std::string_view text) {
    if (text == "F") return Sex::female;
    if (text == "M") return Sex::male;
    return Sex::unspecified;
}

// Reads one document field by field; what is wrong is noted, nothing is thrown away.
class Parser {
  public:
    Parser(const std::vector<std::string>& lines, MrzFormat format, Date today)
        : lines_(lines), l_(layout(format)), today_(today) {
        d_.format = format;
        d_.lines = lines;
    }

    TravelDocument parse() {
        d_.code = without_fillers(field(lines_, l_.code));
        d_.issuer = code("issuer", l_.issuer);
        d_.nationality = code("nationality", l_.nationality);
        number();
        names();
        dates();
        d_.sex = sex_of(field(lines_, l_.sex));
        if (d_.sex == Sex::unspecified && field(lines_, l_.sex) != "<") note("sex", "mrz.sex.unknown", l_.sex);
        if (l_.optional_2.length > 0) d_.optional_2 = without_fillers(field(lines_, l_.optional_2));
        digits();
        document_code();
        return std::move(d_);
    }

  private:
    void note(std::string_view which, std::string_view what, MrzSpan at) {
        d_.problems.push_back({which, what, at.row, at.column});
    }

    std::string code(std::string_view which, MrzSpan at) {
        const std::string_view raw = field(lines_, at);
        std::string out = without_fillers(raw);
        const CodeStanding standing = code_standing(raw);
        if (standing == CodeStanding::unknown) note(which, "mrz.code.unknown", at);
        if (standing == CodeStanding::obsolete) note(which, "mrz.code.obsolete", at);
        if (standing == CodeStanding::seen_in_use) note(which, "mrz.code.not_in_standard", at);
        return out;
    }

    void number() {
        std::string_view optional = field(lines_, l_.optional_1);
        const auto longer = long_number(lines_, d_.format);
        d_.number = Personal{longer ? longer->number : without_fillers(field(lines_, l_.number))};
        d_.optional_1 = without_fillers(longer ? std::string_view{longer->optional} : optional);
        if (d_.number.reveal().empty()) note("number", "mrz.number.empty", l_.number);
        if (d_.number.reveal().find('<') != std::string::npos) note("number", "mrz.number.filler_inside", l_.number);
    }

    void names() {
        const std::string_view all = field(lines_, l_.name);
        const std::size_t parted = all.find("<<");
        const std::string_view primary = all.substr(0, parted);
        const std::string_view secondary =
            parted == std::string_view::npos ? std::string_view{} : all.substr(parted + 2);
        d_.surname = Personal{words(primary)};
        d_.given_names = Personal{words(secondary)};
        d_.name_may_be_truncated = !all.empty() && all.back() != '<';
        if (words(all).empty()) note("surname", "mrz.name.empty", l_.name);
        if (std::any_of(all.begin(), all.end(), [](char c) { return c >= '0' && c <= '9'; })) {
            note("surname", "mrz.name.digit", l_.name);
        }
    }

    void dates() {
        MrzDate birth = birth_date(field(lines_, l_.birth), today_);
        if (birth.candidates.empty()) {
            const bool partly = birth.raw.find('<') != std::string::npos;
            note("birth", partly ? "mrz.date.partly_unknown" : "mrz.date.not_calendar", l_.birth);
        }
        d_.birth = Personal{std::move(birth)};
        d_.expiry = expiry_date(field(lines_, l_.expiry), today_);
        if (d_.expiry.candidates.empty()) {
            const bool open = d_.expiry.raw == "<<<<<<" || d_.expiry.raw == "999999";
            note("expiry", open ? "mrz.date.no_expiry" : "mrz.date.not_calendar", l_.expiry);
        }
    }

    void digits() {
        d_.check_digits = check_digits(lines_, d_.format);
        const CheckDigits& c = d_.check_digits;
        const auto failed = [this](Check check, std::string_view which, MrzSpan at) {
            if (check == Check::failed) note(which, "mrz.check_digit", at);
        };
        failed(c.number, "number", l_.number_check);
        failed(c.birth, "birth", l_.birth_check);
        failed(c.expiry, "expiry", l_.expiry_check);
        failed(c.personal, "optional_1", l_.optional_1_check);
        failed(c.composite, "composite", l_.composite_check);
    }

    void document_code() {
        const char first = d_.code.empty() ? '<' : d_.code.front();
        bool expected = false;
        switch (d_.format) {
            case MrzFormat::td1:
            case MrzFormat::td2:
                expected = first == 'A' || first == 'C' || first == 'I';
                break;
            case MrzFormat::td3:
                expected = first == 'P';
                break;
            case MrzFormat::mrv_a:
            case MrzFormat::mrv_b:
                expected = first == 'V';
                break;
        }
        if (!expected) note("code", "mrz.document_code", l_.code);
    }

    const std::vector<std::string>& lines_;
    const MrzLayout& l_;
    Date today_;
    TravelDocument d_;
};

}  // namespace

TravelDocument parse_mrz(const MrzResult& result, Date today) {
    const auto format = format_of(result.lines);
    TravelDocument d;
    if (format) {
        d = Parser(result.lines, *format, today).parse();
    } else {
        d.format = result.format;
        d.lines = result.lines;
        d.problems.push_back({"lines", "mrz.shape", 0, 0});
    }
    d.state = result.state;
    d.confidence = result.lowest;
    return d;
}

Result<TravelDocument> parse_mrz_lines(const std::vector<std::string>& lines, Date today) {
    const auto format = format_of(lines);
    if (!format) return fail("mrz.shape", "an MRZ has 3 lines of 30, or 2 of 36 or 44 characters");
    for (std::size_t r = 0; r < lines.size(); ++r) {
        for (std::size_t c = 0; c < lines[r].size(); ++c) {
            if (mrz_class(lines[r][c]) >= 0) continue;
            return fail("mrz.character", "only A to Z, 0 to 9 and '<' stand in an MRZ",
                        {.line = static_cast<std::uint32_t>(r + 1), .column = static_cast<std::uint32_t>(c + 1)});
        }
    }
    TravelDocument d = Parser(lines, *format, today).parse();
    d.state = d.check_digits.all_hold() ? MrzState::single_frame : MrzState::proposed;
    d.confidence = 1;
    return d;
}

}  // namespace paso
