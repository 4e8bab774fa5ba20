// The lists of invented names. Made up syllable by syllable; a likeness to anybody is chance.
#include <array>

#include "tests/specimens/specimen.hpp"

namespace paso {

std::span<const std::string_view> invented_surnames() {
    static constexpr std::array<std::string_view, 60> list{
        "QUELVORA",   "TRANDIVEL",  "OSTRAMIR",     "BELQUIST",   "VARUNDEL",    "KESTROVAN",  "MIRANDOLET",
        "FALQUERRA",  "ZEPHRANDO",  "TOLVAREZKA",   "HARNIQUE",   "LUMBRASTO",   "PRENDOVIC",  "SOLTAVAIN",
        "GRIMALDEK",  "YSTRADOR",   "CORVALENTA",   "DUNMARESK",  "EVANTIL",     "WEXOLDA",    "IRISTANE",
        "JORVENDAL",  "NAVASTRO",   "RUMBELAIN",    "ULVEREST",   "AXTERMANE",   "BROCADIEL",  "CINDOVAR",
        "DRAVELLIN",  "ESKORINTH",  "FENDRIQUEZ",   "GALUMPESI",  "HOLVASTIQUE", "INDARVELL",  "KRAVENMOOT",
        "LORIQUAND",  "MESTRAVOLO", "NIMBRANDT",    "OQUENDRIS",  "PALVERDIN",   "QUASTERMO",  "RIVENDOLA",
        "SARNOVELT",  "TIMBRASKE",  "URSINDAL",     "VOLQUARIN",  "WYNDRASTO",   "XANDOVERI",  "YELVARTO",
        "ZORINQUEST", "OSTRA-VELM", "DEL-QUINDARO", "BRAVANTISK", "CALDREMONT",  "DOVRASTELL", "ERMOLVANE",
        "FJALQUIST",  "GRENOLTRA",  "HESPERANDIEL", "VAN-TOLDREK"};
    return list;
}

std::span<const std::string_view> invented_given_names() {
    static constexpr std::array<std::string_view, 48> list{
        "ALVENA",   "BRINDO",   "CELISTRA", "DARVEN",  "ELOWIND",   "FENDRA",   "GALIVAN",  "HESPRA",
        "ILVARO",   "JESTRIN",  "KALVETTE", "LORVAN",  "MIRQUEL",   "NAVELLE",  "ORSINDA",  "PELVIRA",
        "QUENDAL",  "RISALDA",  "SAVRIL",   "TAVENDO", "ULMARA",    "VESTRIN",  "WILDARA",  "XAVINDEL",
        "YSOLDRA",  "ZEFINDO",  "ARQUILA",  "BELVINE", "CORDELLO",  "DULVINIA", "ESPRANDO", "FLORVAN",
        "GRISALVA", "HARVINDE", "INDRELLA", "JOVARIN", "KESTRELLA", "LUMINDO",  "MALVENA",  "NORQUIN",
        "OLVANDRA", "PRISMIEL", "QUIVELLA", "ROVANDO", "SILVANTE",  "TRISMERA", "UVALDIN",  "VANDRIEL"};
    return list;
}

}  // namespace paso
