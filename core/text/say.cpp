#include <algorithm>
#include <cstdint>

#include "core/text/catalogue.hpp"
#include "core/text/utf8.hpp"

namespace paso {
namespace {

constexpr std::string_view first_strong_isolate = "\u2068";
constexpr std::string_view pop_isolate = "\u2069";

using Months = std::array<std::string_view, 12>;
constexpr Months english{"January", "February", "March",     "April",   "May",      "June",
                         "July",    "August",   "September", "October", "November", "December"};
constexpr Months spanish{"enero", "febrero", "marzo",      "abril",   "mayo",      "junio",
                         "julio", "agosto",  "septiembre", "octubre", "noviembre", "diciembre"};
constexpr Months arabic{"يناير", "فبراير", "مارس",   "أبريل",  "مايو",   "يونيو",
                        "يوليو", "أغسطس",  "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"};

// What a value may bring into a sentence: whole characters that are seen, nothing that steers.
std::string harmless(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = utf8_at(text, at);
        if (!c) {
            out += "\uFFFD";
            ++at;
            continue;
        }
        if (!is_control(c->code) && !steers_bidi(c->code)) out += text.substr(at, c->size);
        at += c->size;
    }
    return out;
}

std::string written(std::string_view language, const Argument& argument) {
    if (const auto* text = std::get_if<std::string>(&argument.value)) return harmless(*text);
    if (const auto* number = std::get_if<std::int64_t>(&argument.value)) return std::to_string(*number);
    return write_date(language, *std::get_if<Date>(&argument.value));
}

const Argument* find(const Arguments& arguments, std::string_view name) {
    const auto it = std::find_if(arguments.begin(), arguments.end(), [&](const Argument& a) { return a.name == name; });
    return it == arguments.end() ? nullptr : &*it;
}

const TextPieces* form_for(const Catalogue& catalogue, const Message& message, const Arguments& arguments) {
    Plural form = Plural::other;
    if (message.plural) {
        const Argument* n = find(arguments, "n");
        const auto* number = n != nullptr ? std::get_if<std::int64_t>(&n->value) : nullptr;
        if (number != nullptr) form = plural_of(catalogue.language, *number);
    }
    const auto& chosen = message.forms[static_cast<std::size_t>(form)];
    const auto& other = message.forms[static_cast<std::size_t>(Plural::other)];
    return chosen ? &*chosen : other ? &*other : nullptr;
}

Plural arabic_plural(std::uint64_t n) {
    if (n == 0) return Plural::zero;
    if (n == 1) return Plural::one;
    if (n == 2) return Plural::two;
    const std::uint64_t rest = n % 100;
    if (rest >= 3 && rest <= 10) return Plural::few;
    return rest >= 11 ? Plural::many : Plural::other;
}

}  // namespace

std::string_view name(Plural p) {
    switch (p) {
        case Plural::zero:
            return "zero";
        case Plural::one:
            return "one";
        case Plural::two:
            return "two";
        case Plural::few:
            return "few";
        case Plural::many:
            return "many";
        case Plural::other:
            return "other";
    }
    return "other";
}

Plural plural_of(std::string_view language, std::int64_t n) {
    const std::uint64_t size = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
    if (language == "ar") return arabic_plural(size);
    return size == 1 ? Plural::one : Plural::other;
}

std::vector<Plural> plural_forms(std::string_view language) {
    if (language == "en" || language == "es") return {Plural::one, Plural::other};
    if (language == "ar") return {Plural::zero, Plural::one, Plural::two, Plural::few, Plural::many, Plural::other};
    return {};
}

std::string write_date(std::string_view language, Date date) {
    const auto month = static_cast<std::size_t>(date.month() - 1);
    const std::string day = std::to_string(date.day());
    const std::string year = std::to_string(date.year());
    if (language == "es") return day + " de " + std::string{spanish[month]} + " de " + year;
    return day + " " + std::string{language == "ar" ? arabic[month] : english[month]} + " " + year;
}

std::string say(const Catalogue& catalogue, std::string_view key, const Arguments& arguments) {
    const auto message = catalogue.messages.find(key);
    const TextPieces* pieces =
        message == catalogue.messages.end() ? nullptr : form_for(catalogue, message->second, arguments);
    if (pieces == nullptr) return "[" + std::string{key} + "]";
    std::string out;
    for (const TextPiece& piece : *pieces) {
        if (!piece.placeholder) {
            out += piece.text;
        } else if (const Argument* argument = find(arguments, piece.text)) {
            out += first_strong_isolate;
            out += written(catalogue.language, *argument);
            out += pop_isolate;
        } else {
            out += "{" + piece.text + "}";
        }
    }
    return out;
}

}  // namespace paso
