// Catalogues: the words of one language, and how they are put together. A catalogue is UTF-8 text, one message a line:
//
//     # A comment. Empty lines are allowed.
//     language = "en"
//     dir = "ltr"
//     document.expires = "Your document expires on {date}."
//     party.children[one] = "{n} child"
//     party.children[other] = "{n} children"
//
// Keys: a-z, 0-9, '_', '-' and '.', at most 100 characters. In a text `\"`, `\\`, `\n`, `\{` and `\}` stand for
// themselves and a line end; `{name}` (a-z, 0-9, '_') is a placeholder. A plural message has exactly the forms of its
// language (en, es: one, other; ar: zero, one, two, few, many, other); the argument `n` chooses. `language` and `dir`
// come first. Control characters and those that steer bidirectional text are errors: say() isolates what it puts in.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/date.hpp"
#include "core/base/result.hpp"

namespace paso {

enum class TextDirection : std::uint8_t { ltr, rtl };
[[nodiscard]] constexpr std::string_view name(TextDirection d) { return d == TextDirection::rtl ? "rtl" : "ltr"; }

enum class Plural : std::uint8_t { zero, one, two, few, many, other };
inline constexpr std::size_t plural_count = 6;
[[nodiscard]] std::string_view name(Plural p);
// The form that CLDR's cardinal rules give for n, and the forms that a language has. Empty: no rules for it here.
[[nodiscard]] Plural plural_of(std::string_view language, std::int64_t n);
[[nodiscard]] std::vector<Plural> plural_forms(std::string_view language);

// A run of words, or the name of a placeholder.
struct TextPiece {
    bool placeholder = false;
    std::string text;
    bool operator==(const TextPiece&) const = default;
};
using TextPieces = std::vector<TextPiece>;

// A plain message has the form `other` alone.
struct Message {
    bool plural = false;
    std::array<std::optional<TextPieces>, plural_count> forms;
    bool operator==(const Message&) const = default;
};

struct Catalogue {
    std::string language;  // "en", "es", "ar"
    TextDirection direction = TextDirection::ltr;
    std::map<std::string, Message, std::less<>> messages;
    bool operator==(const Catalogue&) const = default;
};

// Errors, with line and column: "text.syntax", "text.utf8", "text.control", "text.key", "text.duplicate",
// "text.language", "text.dir", "text.plural" (forms that the language lacks or that are missing), "text.too_long".
[[nodiscard]] Result<Catalogue> parse_catalogue(std::string_view text);

// A value for a placeholder. Numbers are written in 0-9, dates as write_date() does.
struct Argument {
    std::string_view name;
    std::variant<std::string, std::int64_t, Date> value;
};
using Arguments = std::vector<Argument>;

// The words of a message with its arguments, each isolated by U+2068 and U+2069 so that a name in another script cannot
// turn the sentence around. Never fails before a traveller: an unknown key gives the key in brackets, an argument that
// is missing leaves its placeholder. compare() and the tests find both before a release.
[[nodiscard]] std::string say(const Catalogue& catalogue, std::string_view key, const Arguments& arguments = {});

// "24 November 2026", "24 de noviembre de 2026", "24 نوفمبر 2026". Months have names: 03/04 means two days.
[[nodiscard]] std::string write_date(std::string_view language, Date date);

// What stands between a catalogue and its release.
struct CatalogueFinding {
    enum class Kind : std::uint8_t { missing, extra, placeholders, plural, banned_word };
    Kind kind;
    std::string key;
    std::string detail;  // the placeholder or the word
    bool operator==(const CatalogueFinding&) const = default;
};
[[nodiscard]] std::string_view name(CatalogueFinding::Kind k);
// Keys that only one of them has, placeholders that differ, plural in one and plain in the other. Ordered by key.
[[nodiscard]] std::vector<CatalogueFinding> compare(const Catalogue& reference, const Catalogue& other);
// Words that no person should read about themselves (law 1): denied, rechazado, مرفوض and their like.
[[nodiscard]] std::vector<CatalogueFinding> banned_words(const Catalogue& catalogue);

}  // namespace paso
