// The data of transliteration.hpp: Doc 9303-3 section 6 (8th edition, 2021). The recommended spelling comes first, then
// the language exceptions of the table and spellings that issuers are known to use. Ascending by character.
#pragma once

#include <array>
#include <string_view>

namespace paso {

struct Spelling {
    char32_t character;                     // capital letter, or a letter that has no case
    std::array<std::string_view, 3> texts;  // as many as there are; a letter that is left out has one empty text
    std::size_t count;
};

template <class... Text>
constexpr Spelling spelled(char32_t character, Text... texts) {
    return {character, {std::string_view{texts}...}, sizeof...(texts)};
}

// Table A, and at its end letters of Romanian and Vietnamese that it lacks.
inline constexpr auto latin_spellings = std::to_array<Spelling>({
    spelled(0x00C0, "A"),       spelled(0x00C1, "A"),
    spelled(0x00C2, "A"),       spelled(0x00C3, "A"),
    spelled(0x00C4, "AE", "A"), spelled(0x00C5, "AA", "A"),
    spelled(0x00C6, "AE"),      spelled(0x00C7, "C"),
    spelled(0x00C8, "E"),       spelled(0x00C9, "E"),
    spelled(0x00CA, "E"),       spelled(0x00CB, "E"),
    spelled(0x00CC, "I"),       spelled(0x00CD, "I"),
    spelled(0x00CE, "I"),       spelled(0x00CF, "I"),
    spelled(0x00D0, "D"),       spelled(0x00D1, "N", "NXX"),
    spelled(0x00D2, "O"),       spelled(0x00D3, "O"),
    spelled(0x00D4, "O"),       spelled(0x00D5, "O"),
    spelled(0x00D6, "OE", "O"), spelled(0x00D8, "OE", "O"),
    spelled(0x00D9, "U"),       spelled(0x00DA, "U"),
    spelled(0x00DB, "U"),       spelled(0x00DC, "UE", "UXX", "U"),
    spelled(0x00DD, "Y"),       spelled(0x00DE, "TH"),
    spelled(0x0100, "A"),       spelled(0x0102, "A"),
    spelled(0x0104, "A"),       spelled(0x0106, "C"),
    spelled(0x0108, "C"),       spelled(0x010A, "C"),
    spelled(0x010C, "C"),       spelled(0x010E, "D"),
    spelled(0x0110, "D"),       spelled(0x0112, "E"),
    spelled(0x0114, "E"),       spelled(0x0116, "E"),
    spelled(0x0118, "E"),       spelled(0x011A, "E"),
    spelled(0x011C, "G"),       spelled(0x011E, "G"),
    spelled(0x0120, "G"),       spelled(0x0122, "G"),
    spelled(0x0124, "H"),       spelled(0x0126, "H"),
    spelled(0x0128, "I"),       spelled(0x012A, "I"),
    spelled(0x012C, "I"),       spelled(0x012E, "I"),
    spelled(0x0130, "I"),       spelled(0x0131, "I"),
    spelled(0x0132, "IJ"),      spelled(0x0134, "J"),
    spelled(0x0136, "K"),       spelled(0x0139, "L"),
    spelled(0x013B, "L"),       spelled(0x013D, "L"),
    spelled(0x013F, "L"),       spelled(0x0141, "L"),
    spelled(0x0143, "N"),       spelled(0x0145, "N"),
    spelled(0x0147, "N"),       spelled(0x014A, "N"),
    spelled(0x014C, "O"),       spelled(0x014E, "O"),
    spelled(0x0150, "O"),       spelled(0x0152, "OE"),
    spelled(0x0154, "R"),       spelled(0x0156, "R"),
    spelled(0x0158, "R"),       spelled(0x015A, "S"),
    spelled(0x015C, "S"),       spelled(0x015E, "S"),
    spelled(0x0160, "S"),       spelled(0x0162, "T"),
    spelled(0x0164, "T"),       spelled(0x0166, "T"),
    spelled(0x0168, "U"),       spelled(0x016A, "U"),
    spelled(0x016C, "U"),       spelled(0x016E, "U"),
    spelled(0x0170, "U"),       spelled(0x0172, "U"),
    spelled(0x0174, "W"),       spelled(0x0176, "Y"),
    spelled(0x0178, "Y"),       spelled(0x0179, "Z"),
    spelled(0x017B, "Z"),       spelled(0x017D, "Z"),
    spelled(0x01A0, "O"),       spelled(0x01AF, "U"),
    spelled(0x0218, "S"),       spelled(0x021A, "T"),
    spelled(0x1E9E, "SS"),
});

// Table B. Exceptions: Belarusian (H, IO), Serbian (H, Z, C, S, DJ), Macedonian (GJ, KJ, DJ, H, C), Bulgarian (SHT),
// Ukrainian (H, Y).
inline constexpr auto cyrillic_spellings = std::to_array<Spelling>({
    spelled(0x0401, "E", "IO"),  spelled(0x0402, "D", "DJ"),
    spelled(0x0403, "G", "GJ"),  spelled(0x0404, "IE", "YE", "E"),
    spelled(0x0405, "DZ"),       spelled(0x0406, "I"),
    spelled(0x0407, "I", "YI"),  spelled(0x0408, "J"),
    spelled(0x0409, "LJ"),       spelled(0x040A, "NJ"),
    spelled(0x040B, "C"),        spelled(0x040C, "K", "KJ"),
    spelled(0x040E, "U"),        spelled(0x040F, "DZ", "DJ"),
    spelled(0x0410, "A"),        spelled(0x0411, "B"),
    spelled(0x0412, "V"),        spelled(0x0413, "G", "H"),
    spelled(0x0414, "D"),        spelled(0x0415, "E"),
    spelled(0x0416, "ZH", "Z"),  spelled(0x0417, "Z"),
    spelled(0x0418, "I", "Y"),   spelled(0x0419, "I", "Y"),
    spelled(0x041A, "K"),        spelled(0x041B, "L"),
    spelled(0x041C, "M"),        spelled(0x041D, "N"),
    spelled(0x041E, "O"),        spelled(0x041F, "P"),
    spelled(0x0420, "R"),        spelled(0x0421, "S"),
    spelled(0x0422, "T"),        spelled(0x0423, "U"),
    spelled(0x0424, "F"),        spelled(0x0425, "KH", "H"),
    spelled(0x0426, "TS", "C"),  spelled(0x0427, "CH", "C"),
    spelled(0x0428, "SH", "S"),  spelled(0x0429, "SHCH", "SHT"),
    spelled(0x042A, "IE"),       spelled(0x042B, "Y"),
    spelled(0x042C, ""),         spelled(0x042D, "E"),
    spelled(0x042E, "IU", "YU"), spelled(0x042F, "IA", "YA"),
    spelled(0x046A, "U"),        spelled(0x0474, "Y"),
    spelled(0x0490, "G"),
});

// Table C. Teh marbuta (0629) is XAH at the end of a component and XTA elsewhere; vowel signs are left out.
inline constexpr auto arabic_spellings = std::to_array<Spelling>({
    spelled(0x0621, "XE"),         spelled(0x0622, "XAA"), spelled(0x0623, "XAE"), spelled(0x0624, "U", "XW"),
    spelled(0x0625, "I"),          spelled(0x0626, "XI"),  spelled(0x0627, "A"),   spelled(0x0628, "B"),
    spelled(0x0629, "XTA", "XAH"), spelled(0x062A, "T"),   spelled(0x062B, "XTH"), spelled(0x062C, "J"),
    spelled(0x062D, "XH"),         spelled(0x062E, "XKH"), spelled(0x062F, "D"),   spelled(0x0630, "XDH"),
    spelled(0x0631, "R"),          spelled(0x0632, "Z"),   spelled(0x0633, "S"),   spelled(0x0634, "XSH"),
    spelled(0x0635, "XSS"),        spelled(0x0636, "XDZ"), spelled(0x0637, "XTT"), spelled(0x0638, "XZZ"),
    spelled(0x0639, "E"),          spelled(0x063A, "G"),   spelled(0x0640, ""),    spelled(0x0641, "F"),
    spelled(0x0642, "Q"),          spelled(0x0643, "K"),   spelled(0x0644, "L"),   spelled(0x0645, "M"),
    spelled(0x0646, "N"),          spelled(0x0647, "H"),   spelled(0x0648, "W"),   spelled(0x0649, "XAY"),
    spelled(0x064A, "Y"),          spelled(0x064B, ""),    spelled(0x064C, ""),    spelled(0x064D, ""),
    spelled(0x064E, ""),           spelled(0x064F, ""),    spelled(0x0650, ""),    spelled(0x0652, ""),
    spelled(0x0670, ""),           spelled(0x0671, "XXA"), spelled(0x0679, "XXT"), spelled(0x067C, "XRT"),
    spelled(0x067E, "P"),          spelled(0x0681, "XKE"), spelled(0x0685, "XXH"), spelled(0x0686, "XC"),
    spelled(0x0688, "XXD"),        spelled(0x0689, "XDR"), spelled(0x0691, "XXR"), spelled(0x0693, "XRR"),
    spelled(0x0696, "XRX"),        spelled(0x0698, "XJ"),  spelled(0x069A, "XXS"), spelled(0x06A9, "XKK"),
    spelled(0x06AB, "XXK"),        spelled(0x06AD, "XNG"), spelled(0x06AF, "XGG"), spelled(0x06BA, "XNN"),
    spelled(0x06BC, "XXN"),        spelled(0x06BE, "XDO"), spelled(0x06C0, "XYH"), spelled(0x06C1, "XXG"),
    spelled(0x06C2, "XGE"),        spelled(0x06C3, "XTG"), spelled(0x06CC, "XYA"), spelled(0x06CD, "XXY"),
    spelled(0x06D0, "Y"),          spelled(0x06D2, "XYB"), spelled(0x06D3, "XBE"),
});

}  // namespace paso
