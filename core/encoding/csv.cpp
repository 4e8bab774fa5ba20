#include "core/encoding/csv.hpp"

#include <utility>

#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

class CsvParser {
  public:
    CsvParser(std::string_view text, const CsvLimits& limits) : text_(text), limits_(limits) {}

    Result<std::vector<CsvRecord>> all() {
        std::vector<CsvRecord> out;
        while (at_ < text_.size()) {
            if (out.size() >= limits_.records) return wrong("csv.too_large", "too many records");
            const std::uint32_t line = line_;
            auto r = record();
            if (!r) return fail(r.error());
            const std::size_t wanted = out.empty() ? r->fields.size() : out.front().fields.size();
            if (r->fields.size() != wanted) {
                return fail(
                    "csv.fields",
                    std::to_string(r->fields.size()) + " fields where the first record has " + std::to_string(wanted),
                    {.line = line, .column = 1});
            }
            out.push_back(std::move(*r));
        }
        return out;
    }

  private:
    tl::unexpected<Error> wrong(std::string_view code, std::string detail) const {
        return fail(code, std::move(detail),
                    {.line = line_, .column = static_cast<std::uint32_t>(at_ - line_begin_ + 1)});
    }

    bool accept(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool at_line_end() const { return text_.substr(at_, 1) == "\n" || text_.substr(at_, 2) == "\r\n"; }
    void new_line() {
        ++line_;
        line_begin_ = at_;
    }

    Result<CsvRecord> record() {
        CsvRecord r{{}, line_};
        if (at_line_end()) return wrong("csv.fields", "an empty line");
        do {
            if (r.fields.size() >= limits_.fields) return wrong("csv.too_large", "too many fields");
            auto f = accept('"') ? quoted() : plain();
            if (!f) return fail(f.error());
            r.fields.push_back(std::move(*f));
        } while (accept(','));
        if (at_ == text_.size()) return r;
        if (!at_line_end()) return wrong("csv.quote", "text after a closing quote");
        accept('\r');
        accept('\n');
        new_line();
        return r;
    }

    Result<std::string> plain() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] != ',' && !at_line_end()) {
            const auto c = static_cast<unsigned char>(text_[at_]);
            if (c == '"') return wrong("csv.quote", "a quote inside a field without quotes");
            if ((c < 0x20 && c != '\t') || c == 0x7F) return wrong("csv.character", "a control character");
            ++at_;
        }
        return std::string{text_.substr(begin, at_ - begin)};
    }

    // After the opening quote: to the quote that is not doubled; line ends belong to the field.
    Result<std::string> quoted() {
        std::string out;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '"' && !accept('"')) return out;
            if (c == '\0') return --at_, wrong("csv.character", "a control character");
            out.push_back(c);
            if (c == '\n') new_line();
        }
        return wrong("csv.quote", "a quote is not closed");
    }

    std::string_view text_;
    CsvLimits limits_;
    std::size_t at_ = 0;
    std::size_t line_begin_ = 0;
    std::uint32_t line_ = 1;
};

}  // namespace

Result<std::vector<CsvRecord>> parse_csv(std::string_view text, const CsvLimits& limits) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (!is_utf8(text)) return fail("csv.utf8", "not UTF-8", first_not_utf8(text));
    return CsvParser(text, limits).all();
}

}  // namespace paso
