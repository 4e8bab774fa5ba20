#include <algorithm>
#include <utility>

#include "core/text/catalogue.hpp"
#include "core/text/utf8.hpp"

namespace paso {
namespace {

constexpr std::size_t most_bytes = 1U << 20U;
constexpr std::size_t most_key = 100;
constexpr std::size_t most_text = 4000;

bool lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool key_character(char c) { return lower_or_digit(c) || c == '_' || c == '-' || c == '.'; }
bool placeholder_character(char c) { return lower_or_digit(c) || c == '_'; }

// Reads one line from left to right. The first thing that is wrong is kept with its column.
class Line {
  public:
    Line(std::string_view text, std::uint32_t number) : text_(text), number_(number) {}

    struct Entry {
        std::string key;
        std::optional<Plural> form;
        TextPieces pieces;
    };

    Result<Entry> read() {
        Entry out;
        while (more() && key_character(text_[at_])) out.key.push_back(text_[at_++]);
        if (out.key.empty() || out.key.size() > most_key)
            return wrong("text.key", "a key is 1 to 100 of a-z 0-9 _ - .");
        if (take('[')) {
            const std::size_t end = std::min(text_.find(']', at_), text_.size());
            out.form = plural_named(text_.substr(at_, end - at_));
            if (!out.form) return wrong("text.plural", "zero, one, two, few, many or other");
            at_ = end;
            if (!take(']')) return wrong("text.syntax", "']' is missing");
        }
        blanks();
        if (!take('=')) return wrong("text.syntax", "key = \"text\"");
        blanks();
        if (!take('"')) return wrong("text.syntax", "the text begins with '\"'");
        if (auto status = text(out.pieces); !status) return fail(std::move(status.error()));
        blanks();
        if (more() && text_[at_] != '#') return wrong("text.syntax", "something stands behind the text");
        return out;
    }

  private:
    static std::optional<Plural> plural_named(std::string_view text) {
        for (std::size_t i = 0; i < plural_count; ++i) {
            if (name(static_cast<Plural>(i)) == text) return static_cast<Plural>(i);
        }
        return std::nullopt;
    }

    bool more() const { return at_ < text_.size(); }
    bool take(char c) {
        if (!more() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void blanks() {
        while (more() && text_[at_] == ' ') ++at_;
    }
    tl::unexpected<Error> wrong(std::string_view code, std::string detail) const {
        return fail(code, std::move(detail), {.line = number_, .column = static_cast<std::uint32_t>(at_ + 1)});
    }

    Status text(TextPieces& out) {
        const std::size_t begin = at_;
        std::string words;
        const auto flush = [&] {
            if (!words.empty()) out.push_back({false, std::exchange(words, {})});
        };
        while (more() && text_[at_] != '"') {
            if (at_ - begin > most_text) return wrong("text.too_long", "a text has at most 4000 bytes");
            const char c = text_[at_++];
            if (c == '\\') {
                constexpr std::string_view escapes = "\"\\{}n";
                if (!more() || escapes.find(text_[at_]) == std::string_view::npos) {
                    return wrong("text.syntax", "\\\", \\\\, \\n, \\{ and \\} are known");
                }
                words.push_back(text_[at_] == 'n' ? '\n' : text_[at_]);
                ++at_;
            } else if (c == '{') {
                flush();
                std::string name;
                while (more() && placeholder_character(text_[at_])) name.push_back(text_[at_++]);
                if (name.empty() || !take('}')) return wrong("text.syntax", "a placeholder is {name}");
                out.push_back({true, std::move(name)});
            } else if (c == '}') {
                return wrong("text.syntax", "'}' without '{'");
            } else {
                words.push_back(c);
            }
        }
        flush();
        if (!take('"')) return wrong("text.syntax", "the text has no end");
        return {};
    }

    std::string_view text_;
    std::uint32_t number_;
    std::size_t at_ = 0;
};

// A whole line must be UTF-8 without control or steering characters.
Status check_characters(std::string_view line, std::uint32_t number) {
    for (std::size_t at = 0; at < line.size();) {
        const Place place{.line = number, .column = static_cast<std::uint32_t>(at + 1)};
        const auto c = utf8_at(line, at);
        if (!c) return fail("text.utf8", "not UTF-8", place);
        if (is_control(c->code) || steers_bidi(c->code))
            return fail("text.control", "a character that is not shown", place);
        at += c->size;
    }
    return {};
}

std::string plain_text(const TextPieces& pieces) {
    return pieces.size() == 1 && !pieces.front().placeholder ? pieces.front().text : std::string{};
}

class Builder {
  public:
    Status add(Line::Entry entry, std::uint32_t line) {
        const Place here{.line = line};
        if (entry.key == "language" || entry.key == "dir") return header(entry, here);
        if (out_.language.empty() || !direction_) return fail("text.language", "language and dir come first", here);
        const auto known = out_.messages.find(entry.key);
        const bool fresh = known == out_.messages.end();
        if (!fresh && !(known->second.plural && entry.form)) return fail("text.duplicate", entry.key, here);
        Message& message = fresh ? out_.messages[entry.key] : known->second;
        const Plural form = entry.form.value_or(Plural::other);
        auto& place = message.forms[static_cast<std::size_t>(form)];
        if (place) return fail("text.duplicate", entry.key, here);
        if (fresh) {
            message.plural = entry.form.has_value();
            lines_[entry.key] = line;
        }
        place = std::move(entry.pieces);
        return {};
    }

    Result<Catalogue> finish() {
        if (out_.language.empty()) return fail("text.language", "no language");
        if (!direction_) return fail("text.dir", "no dir");
        const std::vector<Plural> forms = plural_forms(out_.language);
        for (const auto& [key, message] : out_.messages) {
            if (!message.plural) continue;
            for (std::size_t i = 0; i < plural_count; ++i) {
                const bool wanted = std::find(forms.begin(), forms.end(), static_cast<Plural>(i)) != forms.end();
                if (wanted == message.forms[i].has_value()) continue;
                return fail(
                    "text.plural",
                    key + (wanted ? ": lacks " : ": this language has no ") + std::string{name(static_cast<Plural>(i))},
                    {.line = lines_[key]});
            }
        }
        return std::move(out_);
    }

  private:
    Status header(const Line::Entry& entry, Place here) {
        const std::string value = plain_text(entry.pieces);
        if (entry.key == "dir") {
            if (direction_) return fail("text.duplicate", entry.key, here);
            if (value != "ltr" && value != "rtl") return fail("text.dir", "ltr or rtl", here);
            direction_ = true;
            out_.direction = value == "rtl" ? TextDirection::rtl : TextDirection::ltr;
            return {};
        }
        if (!out_.language.empty()) return fail("text.duplicate", entry.key, here);
        if (plural_forms(value).empty()) return fail("text.language", "no plural rules for this language", here);
        out_.language = value;
        return {};
    }

    Catalogue out_;
    bool direction_ = false;
    std::map<std::string, std::uint32_t, std::less<>> lines_;
};

}  // namespace

Result<Catalogue> parse_catalogue(std::string_view text) {
    if (text.size() > most_bytes) return fail("text.too_long", "a catalogue has at most 1 MiB");
    Builder builder;
    std::uint32_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (auto status = check_characters(line, number); !status) return fail(std::move(status.error()));
        if (line.empty() || line.front() == '#') continue;
        auto entry = Line(line, number).read();
        if (!entry) return fail(std::move(entry.error()));
        if (auto status = builder.add(std::move(*entry), number); !status) return fail(std::move(status.error()));
    }
    return builder.finish();
}

}  // namespace paso
