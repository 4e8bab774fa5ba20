// Three-letter codes of States, organisations and persons as dated data: ISO 3166-1 alpha-3, the additions of Doc
// 9303-3 section 5, and codes that are obsolete or only seen in use. A stateless person or a refugee is a traveller
// with a standing of their own, never an unknown country.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paso {

enum class CodeStanding : std::uint8_t {
    state,        // ISO 3166-1
    icao,         // Doc 9303: D, GBD, UNO, EUE, XOM, ...
    stateless,    // XXA, 1954 convention
    refugee,      // XXB, XXC
    unspecified,  // XXX
    specimen,     // UTO
    obsolete,     // ANT, NTZ, ...
    seen_in_use,  // RKS, XXK, ...
    unknown,      // none of these
};
[[nodiscard]] std::string_view name(CodeStanding s);

enum class NameLanguage : std::uint8_t { en = 0, es = 1, pt = 2, fr = 3 };

struct CodeEntry {
    std::string_view code;     // as in an MRZ, without fillers: "BRA", "D", "XXB"
    std::string_view alpha_2;  // as a certificate carries it; empty: there is none
    CodeStanding standing = CodeStanding::unknown;
    std::int16_t since = 0;  // year in which it came into force; 0: before machine readable documents
    std::int16_t until = 0;  // year in which it was withdrawn; 0: in force
    std::array<std::string_view, 4> names;
    [[nodiscard]] constexpr std::string_view name(NameLanguage l) const { return names[static_cast<std::size_t>(l)]; }
    [[nodiscard]] constexpr bool in_force(int year) const {
        return (since == 0 || year >= since) && (until == 0 || year <= until);
    }
};

// All codes, ascending.
[[nodiscard]] std::span<const CodeEntry> all_codes();
// The entry of a code, fillers at its end ignored ("D" and "D<<" are Germany); null: none. O(log n).
[[nodiscard]] const CodeEntry* find_code(std::string_view code);
[[nodiscard]] CodeStanding code_standing(std::string_view code);

// The bridge between MRZ and certificates (TR-03135-1 section 4.6.4.5): "D" and "DEU" give "DE", "GBN" gives "GB",
// "EUE" gives "EU". Empty: no such code, or it has none.
[[nodiscard]] std::string_view alpha_2_of(std::string_view code);
// The State of ISO 3166-1 with this alpha-2: "DE" gives "DEU"; empty: none. O(log n).
[[nodiscard]] std::string_view alpha_3_of(std::string_view alpha_2);
// What that State writes into an MRZ: "DE" gives "D", "BR" gives "BRA".
[[nodiscard]] std::string_view mrz_code_of(std::string_view alpha_2);

// The codes by which the State of a document's code may stand in a certificate: "D" gives D, DEU and DE; "UTO" gives
// UTO and UT; a code that no list has gives itself. Fillers and blanks at the end do not count.
[[nodiscard]] std::vector<std::string> certificate_countries(std::string_view code);

// Whether two codes mean the same State: "D" and "DEU" do, "GBR" and "GBN" are two classes of nationality.
[[nodiscard]] bool same_code(std::string_view a, std::string_view b);

}  // namespace paso
