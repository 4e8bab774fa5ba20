#include "core/document/travel_document.hpp"

#include <algorithm>
#include <utility>

#include "core/document/look_alike.hpp"

namespace paso {
namespace {

constexpr std::string_view french = "FRA";

std::string without_fillers(std::string_view text) {
    while (!text.empty() && text.back() == '<') text.remove_suffix(1);
    return std::string{text};
}

// Fillers between words become one space each; leading and trailing ones go.
std::string words(std::string_view text) {
    std::string out;
    std::size_t begin = text.find_first_not_of('<');
    while (begin != std::string_view::npos) {
        const std::size_t end = std::min(text.find('<', begin), text.size());
        if (!out.empty()) out.push_back(' ');
        out.append(text.substr(begin, end - begin));
        begin = text.find_first_not_of('<', end);
    }
    return out;
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
        d_.nationality = d_.format == MrzFormat::french_id ? std::string{french} : code("nationality", l_.nationality);
        number();
        names();
        dates();
        const std::string_view sex = field(lines_, l_.sex);
        d_.sex = sex_of(sex);
        if (d_.sex == Sex::unspecified && !sex.empty() && sex != "<") note("sex", "mrz.sex.unknown", l_.sex);
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
        if (at.length == 0) return {};
        const std::string_view raw = field(lines_, at);
        std::string out = without_fillers(raw);
        const CodeStanding standing = code_standing(raw);
        if (standing == CodeStanding::unknown) note(which, "mrz.code.unknown", at);
        if (standing == CodeStanding::obsolete) note(which, "mrz.code.obsolete", at);
        if (standing == CodeStanding::seen_in_use) note(which, "mrz.code.not_in_standard", at);
        return out;
    }

    void number() {
        const std::string_view optional = field(lines_, l_.optional_1);
        const auto longer = long_number(lines_, d_.format);
        d_.number = Personal{longer ? longer->number : without_fillers(field(lines_, l_.number))};
        d_.optional_1 = without_fillers(longer ? std::string_view{longer->optional} : optional);
        if (d_.number.reveal().empty()) note("number", "mrz.number.empty", l_.number);
        if (d_.number.reveal().find('<') != std::string::npos) note("number", "mrz.number.filler_inside", l_.number);
        look_alike(l_.number, field(lines_, l_.number));
        if (longer) {
            const std::size_t rest = longer->number.size() - static_cast<std::size_t>(l_.number.length);
            look_alike(l_.optional_1, optional.substr(0, rest));
        }
    }

    void look_alike(MrzSpan at, std::string_view cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (digit_like(cells[i]) == 0) continue;
            note("number", "mrz.number.look_alike", {at.row, at.column + static_cast<int>(i), 1});
        }
    }

    void names() {
        const std::string_view all = field(lines_, l_.name);
        std::string_view primary = all;
        std::string_view secondary = field(lines_, l_.given_names);
        d_.name_may_be_truncated = full(all) || full(secondary);
        if (l_.given_names.length == 0) {
            const std::size_t parted = all.find("<<");
            primary = all.substr(0, parted);
            if (parted != std::string_view::npos) secondary = all.substr(parted + 2);
        }
        d_.surname = Personal{words(primary)};
        d_.given_names = Personal{words(secondary)};
        if (d_.surname.reveal().empty() && d_.given_names.reveal().empty()) note("surname", "mrz.name.empty", l_.name);
        const auto digit = [](std::string_view text) {
            return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
        };
        if (digit(all)) note("surname", "mrz.name.digit", l_.name);
        if (l_.given_names.length > 0 && digit(secondary)) note("given_names", "mrz.name.digit", l_.given_names);
    }

    static bool full(std::string_view text) { return !text.empty() && text.back() != '<'; }

    void date_problem(std::string_view which, const MrzDate& date, MrzSpan at) {
        switch (date.state) {
            case DateState::absent:
            case DateState::known:
                return;
            case DateState::partly_unknown:
                return note(which, "mrz.date.partly_unknown", at);
            case DateState::unknown:
                return note(which, "mrz.date.unknown", at);
            case DateState::open:
                return note(which, "mrz.date.no_expiry", at);
            case DateState::not_calendar:
                return note(which, "mrz.date.not_calendar", at);
        }
    }

    void dates() {
        MrzDate birth = birth_date(field(lines_, l_.birth), today_);
        date_problem("birth", birth, l_.birth);
        d_.birth = Personal{std::move(birth)};
        if (l_.expiry.length == 0) return;
        d_.expiry = expiry_date(field(lines_, l_.expiry), today_);
        date_problem("expiry", d_.expiry, l_.expiry);
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
            case MrzFormat::french_id:
                expected = true;  // the format is told by it
                break;
            case MrzFormat::swiss_licence:
                expected = d_.code == "FA" && (d_.issuer == "CHE" || d_.issuer == "LIE");
                break;
        }
        if (!expected) note("code", "mrz.document_code", l_.code);
    }

    const std::vector<std::string>& lines_;
    const MrzLayout& l_;
    Date today_;
    TravelDocument d_;
};

TravelDocument shapeless(const MrzResult& result) {
    TravelDocument d;
    d.format = result.format;
    d.lines = result.lines;
    d.problems.push_back({"lines", "mrz.shape", 0, 0});
    return d;
}

}  // namespace

TravelDocument parse_mrz(const MrzResult& result, Date today) {
    const auto format = format_of(result.lines);
    TravelDocument d = format ? Parser(result.lines, *format, today).parse() : shapeless(result);
    d.state = result.state;
    d.confidence = result.lowest;
    return d;
}

Result<TravelDocument> parse_mrz_lines(const std::vector<std::string>& lines, Date today) {
    const auto format = format_of(lines);
    if (!format)
        return fail("mrz.shape", "an MRZ has 3 lines of 30, or 2 of 36 or 44 characters, a Swiss licence 9, 30 and 30");
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
