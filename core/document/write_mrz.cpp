#include <algorithm>
#include <utility>

#include "core/document/travel_document.hpp"

namespace paso {
namespace {

struct Failure {
    std::string_view code;
    std::string detail;
};

// Fills the cells of one document. The first thing that does not fit is kept and given at the end.
class Writer {
  public:
    explicit Writer(const MrzContent& content) : c_(content), l_(layout(content.format)) {
        const MrzShape s = shape(content.format);
        lines_.reserve(s.rows);
        for (std::size_t r = 0; r < s.rows; ++r) lines_.emplace_back(columns(content.format, r), '<');
    }

    Result<std::vector<std::string>> write() {
        put("code", l_.code, c_.code);
        put("issuer", l_.issuer, c_.issuer);
        // A French card says nothing of a nationality, but only the French have one.
        const bool told = c_.format != MrzFormat::french_id || c_.nationality != "FRA";
        if (told) put("nationality", l_.nationality, c_.nationality);
        put("birth", l_.birth, c_.birth);
        put("expiry", l_.expiry, c_.expiry);
        put("sex", l_.sex, c_.sex == Sex::female ? "F" : c_.sex == Sex::male ? "M" : "");
        names();
        number_and_optional();
        put("optional_2", l_.optional_2, c_.optional_2);
        if (!long_) check(l_.number_check, l_.number);
        check(l_.birth_check, l_.birth);
        check(l_.expiry_check, l_.expiry);
        if (!c_.optional_1.empty()) check(l_.optional_1_check, l_.optional_1);
        composite();
        if (!failure_ && format_of(lines_) != c_.format) {
            refuse("mrz.write.format", "these lines would be read as another format");
        }
        if (failure_) return fail(failure_->code, failure_->detail);
        return std::move(lines_);
    }

  private:
    void refuse(std::string_view code, std::string detail) {
        if (!failure_) failure_ = Failure{code, std::move(detail)};
    }

    void put(std::string_view name, MrzSpan at, std::string_view text) {
        if (text.empty()) return;
        if (at.length == 0) {
            return refuse("mrz.write.too_long", std::string{name} + ": this format has no such field");
        }
        if (text.size() > static_cast<std::size_t>(at.length)) {
            return refuse("mrz.write.too_long",
                          std::string{name} + ": more than " + std::to_string(at.length) + " characters");
        }
        for (const char c : text) {
            if (mrz_class(c) < 0)
                return refuse("mrz.write.character", std::string{name} + ": only A to Z, 0 to 9 and '<'");
        }
        std::copy(text.begin(), text.end(), cell(at));
    }

    std::string::iterator cell(MrzSpan at) { return lines_[static_cast<std::size_t>(at.row)].begin() + at.column; }

    void check(MrzSpan at, MrzSpan over) {
        if (at.length > 0) *cell(at) = check_digit(field(lines_, over));
    }

    void composite() {
        if (l_.composite_check.length == 0) return;
        std::string all;
        for (const MrzSpan& span : l_.composite) all += field(lines_, span);
        *cell(l_.composite_check) = check_digit(all);
    }

    static std::string fillers_for_spaces(std::string text) {
        std::replace(text.begin(), text.end(), ' ', '<');
        return text;
    }

    void names() {
        const std::string primary = fillers_for_spaces(c_.surname);
        const std::string secondary = fillers_for_spaces(c_.given_names);
        if (l_.given_names.length > 0) {
            put("surname", l_.name, shortened(primary, static_cast<std::size_t>(l_.name.length)));
            put("given_names", l_.given_names, shortened(secondary, static_cast<std::size_t>(l_.given_names.length)));
            return;
        }
        put("name", l_.name, in_one_field(primary, secondary));
    }

    // Primary << secondary; of a primary that fills the field so much is cut that two letters of the secondary stay.
    [[nodiscard]] std::string in_one_field(const std::string& primary, const std::string& secondary) const {
        const auto room = static_cast<std::size_t>(l_.name.length);
        if (secondary.empty()) return shortened(primary, room);
        const std::size_t kept = std::min<std::size_t>(2, secondary.size());
        return shortened(shortened(primary, room - 2 - kept) + "<<" + secondary, room);
    }

    // The text in `room` characters whose last is no filler, if it must be cut: the longest component gives letters up.
    static std::string shortened(std::string text, std::size_t room) {
        while (text.size() > room && text[room - 1] == '<') {
            std::size_t best_end = 0;
            std::size_t best = 0;
            std::size_t run = 0;
            for (std::size_t i = 0; i < room; ++i) {
                run = text[i] == '<' ? 0 : run + 1;
                if (run > best) {
                    best = run;
                    best_end = i;
                }
            }
            if (best < 2) break;
            text.erase(best_end, 1);
        }
        if (text.size() > room) text.resize(room);
        return text;
    }

    void number_and_optional() {
        const auto room = static_cast<std::size_t>(l_.number.length);
        if (c_.format != MrzFormat::td1 || c_.number.size() <= room) {
            put("number", l_.number, c_.number);
            put("optional_1", l_.optional_1, c_.optional_1);
            return;
        }
        long_ = true;
        put("number", l_.number, std::string_view{c_.number}.substr(0, room));
        std::string rest = c_.number.substr(room) + check_digit(c_.number);
        if (!c_.optional_1.empty()) rest += "<" + c_.optional_1;
        put("number", l_.optional_1, rest);
    }

    const MrzContent& c_;
    const MrzLayout& l_;
    std::vector<std::string> lines_;
    std::optional<Failure> failure_;
    bool long_ = false;
};

}  // namespace

Result<std::vector<std::string>> write_mrz(const MrzContent& content) { return Writer(content).write(); }

MrzContent content_of(const TravelDocument& d) {
    return {.format = d.format,
            .code = d.code,
            .issuer = d.issuer,
            .nationality = d.nationality,
            .number = d.number.reveal(),
            .surname = d.surname.reveal(),
            .given_names = d.given_names.reveal(),
            .birth = d.birth.reveal().raw,
            .expiry = d.expiry.raw,
            .sex = d.sex,
            .optional_1 = d.optional_1,
            .optional_2 = d.optional_2};
}

Result<std::vector<std::string>> write_mrz(const TravelDocument& document) { return write_mrz(content_of(document)); }

}  // namespace paso
