// Doc 9303-3 section 6, tables A, B and C. The names are made up.
#include "core/document/transliteration.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "core/document/transliteration_table.hpp"
#include "tests/support/effort.hpp"

using namespace paso;

namespace {

using Texts = std::vector<std::string>;

std::string first(std::string_view utf8) {
    const Variants v = mrz_variants(utf8);
    REQUIRE_FALSE(v.texts.empty());
    return v.texts.front();
}

bool has(const Variants& v, std::string_view text) {
    return std::find(v.texts.begin(), v.texts.end(), text) != v.texts.end();
}

std::string utf8(char32_t c) {
    if (c < 0x800) return {static_cast<char>(0xC0U | c >> 6U), static_cast<char>(0x80U | (c & 0x3FU))};
    return {static_cast<char>(0xE0U | c >> 12U), static_cast<char>(0x80U | (c >> 6U & 0x3FU)),
            static_cast<char>(0x80U | (c & 0x3FU))};
}

}  // namespace

TEST_CASE("table A: Latin letters in either case, the recommended spelling first") {
    CHECK(mrz_variants("Müller").texts == Texts{"MUELLER", "MUXXLLER", "MULLER"});
    CHECK(mrz_variants("MÜLLER").texts == mrz_variants("müller").texts);
    CHECK(mrz_variants("Peña").texts == Texts{"PENA", "PENXXA"});
    CHECK(mrz_variants("Åberg").texts == Texts{"AABERG", "ABERG"});
    CHECK(mrz_variants("Straße").texts == Texts{"STRASSE"});
    CHECK(first("Øst") == "OEST");
    CHECK(first("Þór") == "THOR");
    CHECK(first("Łukasz Żółć") == "LUKASZ ZOLC");
    CHECK(first("Şahin İğde") == "SAHIN IGDE");
    CHECK(first("Nguyễn Ước") == "NGUYEN UOC");
    CHECK(first("Țurcanu Știr") == "TURCANU STIR");
    CHECK(first("ÿĳŸ") == "YIJY");
    CHECK(mrz_variants("U\xCC\x88").texts == mrz_variants("Ü").texts);  // a letter and its mark
    CHECK(first("e\xCC\x81") == "E");
}

TEST_CASE("section 4.6: apostrophes are left out, hyphens and other marks part components") {
    CHECK(mrz_variants("D'Artois-Neb").texts == Texts{"DARTOIS NEB"});
    CHECK(mrz_variants("O’Hara").texts == Texts{"OHARA"});
    CHECK(mrz_variants("  St.  Neb , ").texts == Texts{"ST NEB"});
    CHECK(mrz_variants("").texts == Texts{""});
    CHECK(mrz_variants("'").texts == Texts{""});
}

TEST_CASE("table B: Cyrillic, with its exceptions as further spellings") {
    CHECK(first("Щербаня Жукъ") == "SHCHERBANIA ZHUKIE");
    CHECK(has(mrz_variants("Щаня"), "SHTANIA"));  // Bulgarian
    CHECK(has(mrz_variants("Гнат"), "HNAT"));     // Ukrainian, Belarusian
    CHECK(has(mrz_variants("Ёжа"), "IOZHA"));     // Belarusian
    CHECK(has(mrz_variants("Ћирша"), "CIRSA"));   // Serbian
    CHECK(has(mrz_variants("Ѓоќ"), "GJOKJ"));     // Macedonian
    CHECK(first("Ольга") == "OLGA");              // the soft sign is left out
    CHECK(first("Й\xD0\xB8\xCC\x86") == "II");    // composed and not
    CHECK(mrz_variants("Єва").texts == Texts{"IEVA", "YEVA", "EVA"});
}

TEST_CASE("table C: Arabic; teh marbuta by its place, the sign of doubling, no vowel signs") {
    CHECK(first("محمود عبدالرحيم") == "MXHMWD EBDALRXHYM");
    CHECK(first("فاطمة") == "FAXTTMXAH");
    CHECK(first("ةب") == "XTAB");
    CHECK(mrz_variants("فضّة").texts.front() == "FXDZXDZXAH");
    CHECK(first("مُحَمَد") == "MXHMD");
    CHECK(first("پ چ گ ژ") == "P XC XGG XJ");
}

TEST_CASE("letters of no table, and bytes that are no UTF-8, give nothing") {
    for (const char* text : {"Ωμέγα", "山田", "A\xFF", "\xC3", "\xE2\x82", "\xC0\x80", "\xF0\x9F\x98\x80", "\xED"}) {
        INFO(text);
        CHECK(mrz_variants(text).texts.empty());
    }
}

TEST_CASE("the number of variants is bounded, and the recommended one is among them") {
    const Variants v = mrz_variants("ÜÜÜÜÜÜÜÜÜÜ");
    CHECK(v.texts.size() == most_variants);
    CHECK(v.texts.front() == "UEUEUEUEUEUEUEUEUEUE");
    CHECK_FALSE(v.complete);
    CHECK(mrz_variants("ÄÖ", 1).texts == Texts{"AEOE"});
    CHECK(mrz_variants("ÄÖ", 0).texts == Texts{"AEOE"});
    std::string long_name;
    for (int i = 0; i < 3000; ++i) long_name += "Ä";
    CHECK(mrz_variants(long_name).texts.front().size() == 2 * most_characters);
    CHECK_FALSE(mrz_variants(long_name).complete);
    const Variants back = native_variants(std::string(5000, 'A'), Script::latin);
    CHECK(back.texts.size() == most_variants);
    CHECK_FALSE(back.complete);
}

TEST_CASE("back into their own letters") {
    CHECK(native_variants("MUELLER", Script::latin).texts.front() == "MUELLER");
    CHECK(has(native_variants("MUE", Script::latin), "MÜ"));
    CHECK(has(native_variants("PENXXA", Script::latin, 4096), "PEÑA"));
    CHECK(native_variants("SHCHUKIN", Script::cyrillic).texts.front() == "ЩУКИН");
    CHECK(has(native_variants("SHCHUKIN", Script::cyrillic), "ШЧУКИН"));
    CHECK(native_variants("MXHMWD", Script::arabic).texts == Texts{"محمود"});
    CHECK(has(native_variants("NEB<IL", Script::cyrillic), "НЕБ ИЛ"));
    CHECK(native_variants("XWQ", Script::cyrillic).texts.empty());
    CHECK(native_variants("A1", Script::latin).texts.empty());
    CHECK(native_variants("", Script::arabic).texts == Texts{""});
}

TEST_CASE("every letter of the tables comes back from each of its spellings") {
    const auto check = [](const auto& table, Script script) {
        for (const Spelling& s : table) {
            const Variants v = mrz_variants(utf8(s.character));
            for (std::size_t i = 0; i < s.count; ++i) {
                INFO(s.texts[i]);
                CHECK(has(v, s.texts[i]));
                if (s.texts[i].empty()) continue;
                CHECK(has(native_variants(s.texts[i], script, 4096), utf8(s.character)));
            }
        }
    };
    check(latin_spellings, Script::latin);
    check(cyrillic_spellings, Script::cyrillic);
    check(arabic_spellings, Script::arabic);
}

TEST_CASE("a name is among the names that its spellings come from") {
    std::mt19937 r(5);
    const auto check = [&r](const auto& table, Script script) {
        for (int i = 0; i < test::effort(200); ++i) {
            std::string name;
            for (std::size_t n = 1 + r() % 2; n > 0; --n) {
                const Spelling& s = table[r() % table.size()];
                if (!s.texts[0].empty()) name += utf8(s.character);
            }
            for (const std::string& spelled : mrz_variants(name).texts) {
                const Variants back = native_variants(spelled, script, 200'000);
                REQUIRE(back.complete);
                REQUIRE(has(back, name));
            }
        }
    };
    check(latin_spellings, Script::latin);
    check(cyrillic_spellings, Script::cyrillic);
    check(arabic_spellings, Script::arabic);
}
