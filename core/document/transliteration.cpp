#include "core/document/transliteration.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "core/document/transliteration_table.hpp"

namespace paso {
namespace {

constexpr bool ascending(std::span<const Spelling> table) {
    for (std::size_t i = 1; i < table.size(); ++i) {
        if (table[i - 1].character >= table[i].character) return false;
    }
    return true;
}
static_assert(ascending(latin_spellings) && ascending(cyrillic_spellings) && ascending(arabic_spellings));

constexpr char32_t shadda = 0x0651;  // doubles the letter before it
constexpr char32_t teh_marbuta = 0x0629;
constexpr char32_t bad = 0xFFFFFFFF;

// The next character of UTF-8 text, taken from its front; `bad` when it is none.
char32_t take(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : 0;
    if (length == 0 || text.size() < length) return bad;
    char32_t c = length == 1 ? lead : length == 2 ? lead & 0x1FU : lead & 0x0FU;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return bad;
        c = c << 6U | (byte(i) & 0x3FU);
    }
    text.remove_prefix(length);
    return length == 3 && c < 0x800 ? bad : c;
}

void append(std::string& out, char32_t c) {
    if (c < 0x80) {
        out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        out.push_back(static_cast<char>(0xC0U | c >> 6U));
        out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else {
        out.push_back(static_cast<char>(0xE0U | c >> 12U));
        out.push_back(static_cast<char>(0x80U | (c >> 6U & 0x3FU)));
        out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    }
}

constexpr bool between(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// The capital of a letter of the tables.
char32_t capital(char32_t c) {
    if (between(c, 'a', 'z') || (between(c, 0xE0, 0xFE) && c != 0xF7)) return c - 0x20;
    if (c == 0xDF) return 0x1E9E;
    if (c == 0xFF) return 0x0178;
    const bool even_is_capital = between(c, 0x100, 0x12F) || between(c, 0x132, 0x137) || between(c, 0x14A, 0x177) ||
                                 between(c, 0x218, 0x21B) || between(c, 0x46A, 0x46B) || between(c, 0x474, 0x475) ||
                                 between(c, 0x490, 0x491) || between(c, 0x1EA0, 0x1EF9) || between(c, 0x1A0, 0x1A1);
    if (even_is_capital) return c & ~char32_t{1};
    const bool odd_is_capital = between(c, 0x139, 0x148) || between(c, 0x179, 0x17E) || between(c, 0x1AF, 0x1B0);
    if (odd_is_capital) return c % 2 == 0 ? c - 1 : c;
    if (between(c, 0x430, 0x44F)) return c - 0x20;
    if (between(c, 0x450, 0x45F)) return c - 0x50;
    return c;
}

// Letters that came apart: a letter and the mark that follows it. Other marks are left out with the table's blessing:
// the letter without them is what the table gives.
char32_t composed(char32_t letter, char32_t mark) {
    struct Pair {
        char32_t letter, mark, whole;
    };
    static constexpr std::array pairs{
        Pair{'A', 0x0308, 0xC4},      Pair{'O', 0x0308, 0xD6},      Pair{'U', 0x0308, 0xDC},
        Pair{'N', 0x0303, 0xD1},      Pair{'A', 0x030A, 0xC5},      Pair{0x0418, 0x0306, 0x0419},
        Pair{0x0415, 0x0308, 0x0401}, Pair{0x0406, 0x0308, 0x0407}, Pair{0x0423, 0x0306, 0x040E},
        Pair{0x0413, 0x0301, 0x0403}, Pair{0x041A, 0x0301, 0x040C}, Pair{0x0627, 0x0653, 0x0622},
        Pair{0x0627, 0x0654, 0x0623}, Pair{0x0648, 0x0654, 0x0624}, Pair{0x0627, 0x0655, 0x0625},
        Pair{0x064A, 0x0654, 0x0626}};
    for (const Pair& p : pairs) {
        if (p.letter == letter && p.mark == mark) return p.whole;
    }
    return letter;
}

constexpr bool is_mark(char32_t c) { return between(c, 0x0300, 0x036F) || between(c, 0x0653, 0x0655); }

bool is_apostrophe(char32_t c) {
    return c == '\'' || c == '`' || c == 0xB4 || c == 0x2BC || c == 0x2018 || c == 0x2019;
}

// What parts components: digits and every mark of ASCII, Latin-1 and general punctuation that is no apostrophe.
bool is_parting(char32_t c) {
    return between(c, 0x20, 0x40) || between(c, 0x5B, 0x60) || between(c, 0x7B, 0x7E) || between(c, 0xA0, 0xBF) ||
           between(c, 0x2000, 0x206F);
}

// Vietnamese letters with two marks stand in runs of one base letter.
char vietnamese_base(char32_t c) {
    if (!between(c, 0x1EA0, 0x1EF9)) return 0;
    return c <= 0x1EB7 ? 'A' : c <= 0x1EC7 ? 'E' : c <= 0x1ECB ? 'I' : c <= 0x1EE3 ? 'O' : c <= 0x1EF1 ? 'U' : 'Y';
}

std::span<const Spelling> table_of(Script script) {
    switch (script) {
        case Script::latin:
            return latin_spellings;
        case Script::cyrillic:
            return cyrillic_spellings;
        case Script::arabic:
            return arabic_spellings;
    }
    return latin_spellings;
}

using Texts = std::vector<std::string>;

// How one letter may be spelled; nothing: it is in none of the tables.
std::optional<Texts> spellings(char32_t c) {
    if (between(c, 'A', 'Z')) return Texts{std::string(1, static_cast<char>(c))};
    if (const char base = vietnamese_base(c); base != 0) return Texts{std::string(1, base)};
    for (const Script script : {Script::latin, Script::cyrillic, Script::arabic}) {
        const auto table = table_of(script);
        const auto it = std::lower_bound(table.begin(), table.end(), c,
                                         [](const Spelling& s, char32_t wanted) { return s.character < wanted; });
        if (it == table.end() || it->character != c) continue;
        Texts out;
        for (std::size_t i = 0; i < it->count; ++i) out.emplace_back(it->texts[i]);
        return out;
    }
    return std::nullopt;
}

// Each text so far with each continuation, those with the first continuation first, at most `most`.
void extend(Variants& v, const Texts& continuations, std::size_t most) {
    Texts out;
    for (const std::string& more : continuations) {
        for (const std::string& text : v.texts) {
            if (out.size() == most) {
                v.complete = false;
                break;
            }
            out.push_back(text + more);
        }
    }
    v.texts = std::move(out);
}

void drop_repeated(Texts& texts) {
    Texts out;
    for (std::string& t : texts) {
        if (std::find(out.begin(), out.end(), t) == out.end()) out.push_back(std::move(t));
    }
    texts = std::move(out);
}

// The letters of a name as capitals, composed; a space for what parts components. Nothing: no UTF-8.
std::optional<std::u32string> letters_of(std::string_view utf8, bool& whole) {
    std::u32string out;
    while (!utf8.empty() && out.size() < most_characters) {
        const char32_t raw = take(utf8);
        if (raw == bad) return std::nullopt;
        if (is_apostrophe(raw)) continue;
        if (is_mark(raw)) {
            if (!out.empty()) out.back() = composed(out.back(), raw);
        } else {
            out.push_back(is_parting(raw) ? U' ' : capital(raw));
        }
    }
    whole = utf8.empty();
    return out;
}

// A spelling and the letter that it may come from. `cost` counts what is unusual: another spelling than the
// recommended, a letter outside the core of its script.
struct Token {
    std::string_view text;
    char32_t character;
    int cost;
};

int unusual(char32_t c) {
    const bool core = between(c, 'A', 'Z') || between(c, 0x0410, 0x042F) || between(c, 0x0621, 0x064A);
    return core ? 0 : between(c, 0xC0, 0xFF) ? 1 : 2;
}

std::vector<Token> tokens_of(Script script) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::vector<Token> out;
    for (std::size_t i = 0; script == Script::latin && i < alphabet.size(); ++i) {
        out.push_back({alphabet.substr(i, 1), static_cast<char32_t>(alphabet[i]), 0});
    }
    for (const Spelling& s : table_of(script)) {
        for (std::size_t i = 0; i < s.count; ++i) {
            const int cost = unusual(s.character) + static_cast<int>(i);
            if (!s.texts[i].empty()) out.push_back({s.texts[i], s.character, cost});
        }
    }
    return out;
}

struct Guess {
    std::string text;
    int cost;
};

// The `most` guesses with the fewest unusual letters.
void keep_best(std::vector<Guess>& guesses, std::size_t most, bool& complete) {
    std::stable_sort(guesses.begin(), guesses.end(), [](const Guess& a, const Guess& b) { return a.cost < b.cost; });
    if (guesses.size() <= most) return;
    guesses.resize(most);
    complete = false;
}

}  // namespace

Variants mrz_variants(std::string_view utf8, std::size_t most) {
    Variants v;
    most = std::max<std::size_t>(most, 1);
    const auto letters = letters_of(utf8, v.complete);
    if (!letters) return v;
    v.texts = {""};
    for (std::size_t i = 0; i < letters->size(); ++i) {
        const char32_t c = (*letters)[i];
        const char32_t next = i + 1 < letters->size() ? (*letters)[i + 1] : U' ';
        if (c == U' ') {
            if (!v.texts.front().empty() && v.texts.front().back() != ' ') extend(v, {" "}, most);
            continue;
        }
        if (c == shadda) continue;
        auto more = spellings(c);
        if (!more) return {{}, false};
        if (c == teh_marbuta && next == U' ') std::swap(more->front(), more->back());
        if (next == shadda) {
            const Texts once = *more;
            for (std::string& t : *more) t += t;
            more->insert(more->end(), once.begin(), once.end());
        }
        extend(v, *more, most);
    }
    for (std::string& t : v.texts) {
        while (!t.empty() && t.back() == ' ') t.pop_back();
    }
    drop_repeated(v.texts);
    return v;
}

Variants native_variants(std::string_view mrz, Script script, std::size_t most) {
    Variants v;
    most = std::max<std::size_t>(most, 1);
    if (mrz.size() > most_characters) {
        mrz = mrz.substr(0, most_characters);
        v.complete = false;
    }
    const std::vector<Token> tokens = tokens_of(script);
    const auto parts = [&](std::size_t i) { return mrz[i] == ' ' || mrz[i] == '<'; };
    const auto fits = [&](const Token& t, std::size_t i) { return mrz.substr(i).starts_with(t.text); };
    // From which places the end can be reached, so that no path below is walked in vain.
    std::vector<bool> reaches(mrz.size() + 1, false);
    reaches[mrz.size()] = true;
    for (std::size_t i = mrz.size(); i-- > 0;) {
        reaches[i] = parts(i) ? reaches[i + 1] : std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) {
            return fits(t, i) && reaches[i + t.text.size()];
        });
    }
    std::vector<std::vector<Guess>> until(mrz.size() + 1);  // the names of the first i characters
    if (reaches[0]) until[0] = {{"", 0}};
    const auto add = [&](std::size_t from, std::size_t to, char32_t c, int cost) {
        for (const Guess& g : until[from]) {
            until[to].push_back({g.text, g.cost + cost});
            append(until[to].back().text, c);
        }
    };
    for (std::size_t i = 0; i < mrz.size(); ++i) {
        keep_best(until[i], most, v.complete);
        if (parts(i)) {
            add(i, i + 1, U' ', 0);
            continue;
        }
        for (const Token& t : tokens) {
            const std::size_t end = i + t.text.size();
            if (fits(t, i) && reaches[end]) add(i, end, t.character, t.cost);
        }
    }
    keep_best(until.back(), most, v.complete);
    for (Guess& g : until.back()) v.texts.push_back(std::move(g.text));
    drop_repeated(v.texts);
    return v;
}

}  // namespace paso
