#include "core/document/names.hpp"

#include <algorithm>
#include <optional>

#include "core/document/transliteration.hpp"

namespace paso {
namespace {

constexpr std::size_t spellings_compared = 16;  // of each identifier: pairs of them are looked at

using Words = std::vector<std::string>;

Words words_of(std::string_view text) {
    Words out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

// One identifier in all its spellings; the first is the recommended one. At least one, maybe without a word.
struct Identifier {
    std::vector<Words> spellings;
    bool readable = true;
};

Identifier identifier_of(std::string_view text) {
    const Variants v = mrz_variants(text, spellings_compared);
    if (v.texts.empty()) return {{{}}, false};
    Identifier out;
    for (const std::string& t : v.texts) out.spellings.push_back(words_of(t));
    return out;
}

struct Name {
    Identifier primary;
    Identifier secondary;
    bool cut = false;
    bool arabic = false;
    [[nodiscard]] bool empty() const {
        return primary.spellings.front().empty() && secondary.spellings.front().empty();
    }
};

// Arabic letters in UTF-8 begin with the bytes D8 to DB.
bool has_arabic(std::string_view utf8) {
    return std::any_of(utf8.begin(), utf8.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0xD8 && byte <= 0xDB;
    });
}

Name name_in(const PersonName& n) {
    const std::string& primary = n.primary.reveal();
    const std::string& secondary = n.secondary.reveal();
    return {identifier_of(primary), identifier_of(secondary), n.may_be_truncated,
            has_arabic(primary) || has_arabic(secondary)};
}

// Whether every word of `part`, in order, begins a word of `whole`; words of `whole` may be left out.
bool cut_from(const Words& part, const Words& whole) {
    std::size_t at = 0;
    for (const std::string& word : part) {
        while (at < whole.size() && !whole[at].starts_with(word)) ++at;
        if (at == whole.size()) return false;
        ++at;
    }
    return true;
}

bool within(const Words& part, const Words& whole) {
    std::size_t at = 0;
    for (const std::string& word : part) {
        while (at < whole.size() && whole[at] != word) ++at;
        if (at == whole.size()) return false;
        ++at;
    }
    return true;
}

// Of two names that may both be cut: word for word one begins the other, as far as both go.
bool both_cut(const Words& a, const Words& b) {
    const std::size_t n = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < n; ++i) {
        if (!a[i].starts_with(b[i]) && !b[i].starts_with(a[i])) return false;
    }
    return true;
}

// Whether some spelling of one and some of the other go together.
template <class Together>
bool any_pair(const Identifier& a, const Identifier& b, Together together) {
    for (const Words& x : a.spellings) {
        for (const Words& y : b.spellings) {
            if (together(x, y)) return true;
        }
    }
    return false;
}

bool equal(const Identifier& a, const Identifier& b) {
    return any_pair(a, b, [](const Words& x, const Words& y) { return x == y; });
}

bool truncation(const Name& a, const Name& b, const Identifier Name::*which) {
    return any_pair(a.*which, b.*which, [&](const Words& x, const Words& y) {
        return (a.cut && cut_from(x, y)) || (b.cut && cut_from(y, x)) || (a.cut && b.cut && both_cut(x, y));
    });
}

// All words of a name, in order of the alphabet, in the recommended spelling.
Words sorted_words(const Name& n) {
    Words out = n.primary.spellings.front();
    const Words& more = n.secondary.spellings.front();
    out.insert(out.end(), more.begin(), more.end());
    std::sort(out.begin(), out.end());
    return out;
}

NameComparison may_be(NameReason why) { return {NameMatch::may_be_same, {why}}; }

// Something that keeps the two from being compared letter by letter.
std::optional<NameReason> not_comparable(const Name& a, const Name& b) {
    if (!a.primary.readable || !a.secondary.readable || !b.primary.readable || !b.secondary.readable) {
        return NameReason::script;
    }
    if (a.empty() || b.empty()) return NameReason::empty;
    return std::nullopt;
}

}  // namespace

PersonName name_of(const TravelDocument& d) { return {d.surname, d.given_names, d.name_may_be_truncated}; }

NameComparison compare_names(const PersonName& first, const PersonName& second) {
    const Name a = name_in(first);
    const Name b = name_in(second);
    if (const auto why = not_comparable(a, b)) return may_be(*why);
    const bool primary = equal(a.primary, b.primary);
    const bool secondary = equal(a.secondary, b.secondary);
    if (primary && secondary) {
        const bool letter_for_letter = a.primary.spellings.front() == b.primary.spellings.front() &&
                                       a.secondary.spellings.front() == b.secondary.spellings.front();
        if (letter_for_letter) return {NameMatch::same, {}};
        return {NameMatch::same, {NameReason::spelling}};
    }
    const auto one_within = [](const Words& x, const Words& y) { return within(x, y) || within(y, x); };
    if (primary && any_pair(a.secondary, b.secondary, one_within)) return may_be(NameReason::fewer_given_names);
    const bool primary_cut = primary || truncation(a, b, &Name::primary);
    const bool secondary_cut = secondary || truncation(a, b, &Name::secondary);
    if (primary_cut && secondary_cut) return may_be(NameReason::truncated);
    if (sorted_words(a) == sorted_words(b)) return may_be(NameReason::parted_otherwise);
    if (a.arabic != b.arabic) return may_be(NameReason::transcription);
    NameComparison out{NameMatch::different, {}};
    if (!primary_cut) out.reasons.push_back(NameReason::primary_differs);
    if (!secondary_cut) out.reasons.push_back(NameReason::secondary_differs);
    return out;
}

std::string_view name(NameMatch m) {
    switch (m) {
        case NameMatch::same:
            return "same";
        case NameMatch::may_be_same:
            return "may_be_same";
        case NameMatch::different:
            return "different";
    }
    return "may_be_same";
}

std::string_view name(NameReason r) {
    switch (r) {
        case NameReason::empty:
            return "empty";
        case NameReason::script:
            return "script";
        case NameReason::transcription:
            return "transcription";
        case NameReason::spelling:
            return "spelling";
        case NameReason::truncated:
            return "truncated";
        case NameReason::fewer_given_names:
            return "fewer_given_names";
        case NameReason::parted_otherwise:
            return "parted_otherwise";
        case NameReason::primary_differs:
            return "primary_differs";
        case NameReason::secondary_differs:
            return "secondary_differs";
    }
    return "script";
}

}  // namespace paso
