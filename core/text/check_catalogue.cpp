#include <algorithm>
#include <set>
#include <span>

#include "core/text/catalogue.hpp"
#include "core/text/utf8.hpp"

namespace paso {
namespace {

using Kind = CatalogueFinding::Kind;

// A word, or with '*' at its end every word that begins so.
constexpr std::array<std::string_view, 14> english{"denied",    "refused",   "rejected",   "invalid",     "illegal",
                                                   "illegally", "unlawful",  "alien",      "aliens",      "suspect",
                                                   "suspects",  "suspected", "suspicious", "inadmissible"};
constexpr std::array<std::string_view, 10> spanish{"denegad*",  "rechazad*", "inválid*", "invalido", "invalida",
                                                   "invalidos", "invalidas", "ilegal*",  "sospech*", "inadmisible*"};
// Arabic writes article and particles onto the word: found anywhere in the text.
constexpr std::array<std::string_view, 9> arabic{"مرفوض",    "ممنوع",     "غير صالح", "غير صالحة", "غير قانوني",
                                                 "غير شرعي", "غير مشروع", "مشتبه",    "مشبوه"};

void append(std::string& out, char32_t c) {
    const auto byte = [&out](char32_t value) { out.push_back(static_cast<char>(static_cast<unsigned char>(value))); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0U | (c >> 6U));
        byte(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        byte(0xE0U | (c >> 12U));
        byte(0x80U | ((c >> 6U) & 0x3FU));
        byte(0x80U | (c & 0x3FU));
    } else {
        byte(0xF0U | (c >> 18U));
        byte(0x80U | ((c >> 12U) & 0x3FU));
        byte(0x80U | ((c >> 6U) & 0x3FU));
        byte(0x80U | (c & 0x3FU));
    }
}

// Small letters, without Arabic vowel signs and the stroke that only stretches a word.
std::string folded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = utf8_at(text, at);
        if (!c) break;
        at += c->size;
        if ((c->code >= 0x064B && c->code <= 0x0652) || c->code == 0x0640) continue;
        const bool capital =
            (c->code >= 'A' && c->code <= 'Z') || (c->code >= 0xC0 && c->code <= 0xDE && c->code != 0xD7);
        append(out, capital ? c->code + 0x20 : c->code);
    }
    return out;
}

bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool has_word(std::string_view text, std::string_view word) {
    const bool stem = word.ends_with('*');
    if (stem) word.remove_suffix(1);
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool begins = at == 0 || !in_word(text[at - 1]);
        const bool ends = at + word.size() == text.size() || !in_word(text[at + word.size()]);
        if (begins && (stem || ends)) return true;
    }
    return false;
}

std::set<std::string> placeholders(const Message& message) {
    std::set<std::string> out;
    for (const auto& form : message.forms) {
        if (!form) continue;
        for (const TextPiece& piece : *form) {
            if (piece.placeholder) out.insert(piece.text);
        }
    }
    return out;
}

void compare_message(const std::string& key, const Message& a, const Message& b, std::vector<CatalogueFinding>& out) {
    if (a.plural != b.plural)
        out.push_back({Kind::plural, key, b.plural ? "plain in the reference" : "plain in the other"});
    const auto left = placeholders(a);
    const auto right = placeholders(b);
    std::vector<std::string> different;
    std::set_symmetric_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(different));
    for (std::string& name : different) out.push_back({Kind::placeholders, key, std::move(name)});
}

void find_words(const std::string& key, const std::string& text, std::span<const std::string_view> words, bool anywhere,
                std::vector<CatalogueFinding>& out) {
    for (const std::string_view word : words) {
        const bool found = anywhere ? text.find(word) != std::string::npos : has_word(text, word);
        if (found) out.push_back({Kind::banned_word, key, std::string{word}});
    }
}

}  // namespace

std::string_view name(CatalogueFinding::Kind k) {
    switch (k) {
        case Kind::missing:
            return "missing";
        case Kind::extra:
            return "extra";
        case Kind::placeholders:
            return "placeholders";
        case Kind::plural:
            return "plural";
        case Kind::banned_word:
            return "banned_word";
    }
    return "missing";
}

std::vector<CatalogueFinding> compare(const Catalogue& reference, const Catalogue& other) {
    std::vector<CatalogueFinding> out;
    for (const auto& [key, message] : reference.messages) {
        const auto it = other.messages.find(key);
        if (it == other.messages.end()) {
            out.push_back({Kind::missing, key, {}});
        } else {
            compare_message(key, message, it->second, out);
        }
    }
    for (const auto& [key, message] : other.messages) {
        if (reference.messages.find(key) == reference.messages.end()) out.push_back({Kind::extra, key, {}});
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    return out;
}

std::vector<CatalogueFinding> banned_words(const Catalogue& catalogue) {
    std::vector<CatalogueFinding> out;
    for (const auto& [key, message] : catalogue.messages) {
        for (const auto& form : message.forms) {
            if (!form) continue;
            std::string text;
            for (const TextPiece& piece : *form) text += piece.placeholder ? std::string{" "} : piece.text;
            text = folded(text);
            // English words are looked for in every language: they come in by copying.
            find_words(key, text, english, false, out);
            if (catalogue.language == "es") find_words(key, text, spanish, false, out);
            if (catalogue.language == "ar") find_words(key, text, arabic, true, out);
        }
    }
    return out;
}

}  // namespace paso
