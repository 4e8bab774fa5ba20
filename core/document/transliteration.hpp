// Names between their own letters and the A to Z of an MRZ, as sets of spellings: one letter has several (Doc 9303-3
// section 6: Ä is AE or A, Ñ is N or NXX), and one MRZ spelling comes from several letters. Pure tables, no language is
// guessed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace paso {

enum class Script : std::uint8_t { latin, cyrillic, arabic };

inline constexpr std::size_t most_variants = 64;
inline constexpr std::size_t most_characters = 128;  // of a name that is looked at; the rest is ignored

struct Variants {
    std::vector<std::string> texts;  // different from each other, the recommended spelling first
    bool complete = true;            // false: there are more, or the name was longer than is looked at
};

// The MRZ spellings (A to Z, one space between components) of a name in UTF-8, in Latin, Cyrillic or Arabic letters of
// either case. Apostrophes and vowel signs are left out, hyphens and other marks part components (Doc 9303-3 section
// 4.6). Empty `texts`: a letter of another script stands in it, or bytes that are no UTF-8. `most` is at least 1.
[[nodiscard]] Variants mrz_variants(std::string_view utf8, std::size_t most = most_variants);

// The names in letters of `script`, as capital letters in UTF-8, whose MRZ spelling may be `mrz` (A to Z, spaces or
// fillers between components). Usual letters come first: Latin begins with `mrz` itself. What an MRZ leaves out (vowel
// signs, the soft sign, doubling) does not come back. Empty `texts`: the script cannot give these letters.
[[nodiscard]] Variants native_variants(std::string_view mrz, Script script, std::size_t most = most_variants);

}  // namespace paso
