// Three-letter codes of States and persons, as dated data: ISO 3166-1 (2024), Doc 9303-3 section 5 (8th edition, 2021),
// and codes that are obsolete or only seen in use.
#include <algorithm>
#include <array>
#include <string>

#include "core/document/travel_document.hpp"

namespace paso {
namespace {

constexpr std::string_view iso_3166 =
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM "
    "BLR BLZ "
    "BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP "
    "CZE DEU "
    "DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB "
    "GNQ GRC "
    "GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN "
    "KGZ KHM "
    "KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR "
    "MNE MNG "
    "MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW "
    "PNG POL "
    "PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR "
    "SVK SVN "
    "SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT "
    "VEN VGB "
    "VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE ";

struct Special {
    std::string_view code;
    CodeStanding standing;
};
constexpr std::array specials{
    Special{"D", CodeStanding::icao},          Special{"EUE", CodeStanding::icao},
    Special{"GBD", CodeStanding::icao},        Special{"GBN", CodeStanding::icao},
    Special{"GBO", CodeStanding::icao},        Special{"GBP", CodeStanding::icao},
    Special{"GBS", CodeStanding::icao},        Special{"UNO", CodeStanding::icao},
    Special{"UNA", CodeStanding::icao},        Special{"UNK", CodeStanding::obsolete},
    Special{"XBA", CodeStanding::icao},        Special{"XIM", CodeStanding::icao},
    Special{"XCC", CodeStanding::icao},        Special{"XCE", CodeStanding::icao},
    Special{"XCO", CodeStanding::icao},        Special{"XDC", CodeStanding::icao},
    Special{"XEC", CodeStanding::icao},        Special{"XES", CodeStanding::icao},
    Special{"XMP", CodeStanding::icao},        Special{"XOM", CodeStanding::icao},
    Special{"XPO", CodeStanding::icao},        Special{"XXA", CodeStanding::stateless},
    Special{"XXB", CodeStanding::refugee},     Special{"XXC", CodeStanding::refugee},
    Special{"XXX", CodeStanding::unspecified}, Special{"UTO", CodeStanding::specimen},
    Special{"ANT", CodeStanding::obsolete},    Special{"NTZ", CodeStanding::obsolete},
    Special{"RKS", CodeStanding::seen_in_use}, Special{"XXK", CodeStanding::seen_in_use},
    Special{"IAO", CodeStanding::seen_in_use}, Special{"WSA", CodeStanding::seen_in_use},
    Special{"INP", CodeStanding::seen_in_use},
};

}  // namespace

CodeStanding code_standing(std::string_view code) {
    while (!code.empty() && code.back() == '<') code.remove_suffix(1);
    for (const Special& s : specials) {
        if (s.code == code) return s.standing;
    }
    if (code.size() != 3) return CodeStanding::unknown;
    for (std::size_t at = 0; at + 3 < iso_3166.size(); at += 4) {
        if (iso_3166.substr(at, 3) == code) return CodeStanding::state;
    }
    return CodeStanding::unknown;
}

std::string_view name(CodeStanding s) {
    switch (s) {
        case CodeStanding::state:
            return "state";
        case CodeStanding::icao:
            return "icao";
        case CodeStanding::stateless:
            return "stateless";
        case CodeStanding::refugee:
            return "refugee";
        case CodeStanding::unspecified:
            return "unspecified";
        case CodeStanding::specimen:
            return "specimen";
        case CodeStanding::obsolete:
            return "obsolete";
        case CodeStanding::seen_in_use:
            return "seen_in_use";
        case CodeStanding::unknown:
            return "unknown";
    }
    return "unknown";
}

}  // namespace paso
