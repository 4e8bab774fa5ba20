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
        lines_.assign(s.rows, std::string(s.columns, '<'));
    }

    Result<std::vector<std::string>> write() {
        put("code", l_.code, c_.code);
        put("issuer", l_.issuer, c_.issuer);
        put("nationality", l_.nationality, c_.nationality);
        put("birth", l_.birth, c_.birth);
        put("expiry", l_.expiry, c_.expiry);
        put("sex", l_.sex, c_.sex == Sex::female ? "F" : c_.sex == Sex::male ? "M" : "<");
        put("name", l_.name, names());
        number_and_optional();
        if (l_.optional_2.length > 0) {
            put("optional_2", l_.optional_2, c_.optional_2);
        } else if (!c_.optional_2.empty()) {
            refuse("mrz.write.too_long", "optional_2: this format has no such field");
        }
        check(l_.number_check, long_ ? "" : std::string{field(lines_, l_.number)});
        check(l_.birth_check, std::string{field(lines_, l_.birth)});
        check(l_.expiry_check, std::string{field(lines_, l_.expiry)});
        if (l_.optional_1_check.length > 0 && !c_.optional_1.empty()) {
            check(l_.optional_1_check, std::string{field(lines_, l_.optional_1)});
        }
        if (l_.composite_check.length > 0) {
            std::string all;
            for (const MrzSpan& span : l_.composite) all += field(lines_, span);
            check(l_.composite_check, all);
        }
        if (failure_) return fail(failure_->code, failure_->detail);
        return std::move(lines_);
    }

  private:
    void refuse(std::string_view code, std::string detail) {
        if (!failure_) failure_ = Failure{code, std::move(detail)};
    }

    void put(std::string_view name, MrzSpan at, std::string_view text) {
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

    // An empty text leaves the filler: the digit stands elsewhere or the format has none.
    void check(MrzSpan at, const std::string& over) {
        if (at.length > 0 && !over.empty()) *cell(at) = check_digit(over);
    }

    static std::string fillers_for_spaces(std::string text) {
        std::replace(text.begin(), text.end(), ' ', '<');
        return text;
    }

    // Primary << secondary; too long a name is cut at the end of the field (Doc 9303-4 section 4.2.3).
    std::string names() const {
        std::string all = fillers_for_spaces(c_.surname);
        if (!c_.given_names.empty()) all += "<<" + fillers_for_spaces(c_.given_names);
        const auto room = static_cast<std::size_t>(l_.name.length);
        if (all.size() > room) all.resize(room);
        return all;
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

}  // namespace paso
