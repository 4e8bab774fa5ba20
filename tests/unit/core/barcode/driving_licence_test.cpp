#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "core/barcode/driving_licence.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/vectors.hpp"

using namespace paso;

namespace {

LicenceElement element(const std::string& id, const std::string& value) { return {id, Personal{value}}; }

// A card of the State of Utopia as the standard of 2020 writes it, with an issuer that AAMVA has not given out.
LicenceFile utopian() {
    return {"639999",
            10,
            1,
            {{"DL",
              {element("DAQ", "U12345678"), element("DCS", "ERIKSSON"), element("DDE", "N"), element("DAC", "ANNA"),
               element("DDF", "N"), element("DAD", "MARIA"), element("DDG", "N"), element("DBD", "06062019"),
               element("DBB", "08121974"), element("DBA", "12102027"), element("DBC", "2"),
               element("DAG", "1 HARBOUR ROAD"), element("DAI", "ZENITH"), element("DAJ", "UT"),
               element("DAK", "123450000  "), element("DCF", "24242424"), element("DCG", "USA"), element("DDA", "N"),
               element("DDD", "1")}},
             {"ZU", {element("ZUA", "01")}}}};
}

Bytes written(const LicenceFile& file) {
    const auto bytes = write_driving_licence(file);
    if (!bytes) FAIL(describe(bytes.error()));
    return *bytes;
}

DrivingLicence read(ByteView bytes) {
    const auto licence = parse_driving_licence(bytes);
    if (!licence) FAIL(describe(licence.error()));
    return *licence;
}
DrivingLicence read(const std::string& text) { return read(as_bytes(text)); }

std::string_view error_of(const std::string& text) {
    const auto licence = parse_driving_licence(as_bytes(text));
    REQUIRE_FALSE(licence);
    return licence.error().code;
}

bool noted(const DrivingLicence& l, std::string_view code) {
    return std::find(l.problems.begin(), l.problems.end(), code) != l.problems.end();
}

LicenceFile without_places(LicenceFile file) {
    for (LicenceSubfile& s : file.subfiles) {
        for (LicenceElement& e : s.elements) e.offset = 0;
    }
    return file;
}

// A card of one subfile with these elements.
LicenceFile card(int version, std::vector<LicenceElement> elements, const std::string& issuer = "639999") {
    return {issuer, version, version >= 2 ? std::optional{0} : std::nullopt, {{"DL", std::move(elements)}}};
}

}  // namespace

TEST_CASE("a card of version 10, field by field") {
    const DrivingLicence l = read(written(utopian()));
    CHECK(l.problems.empty());
    CHECK(l.file.issuer == "639999");
    CHECK(l.file.version == 10);
    CHECK(l.file.jurisdiction_version == 1);
    CHECK(l.country == "USA");
    CHECK(l.jurisdiction == "UT");
    CHECK(l.number.reveal() == "U12345678");
    CHECK(l.family_name.reveal() == "ERIKSSON");
    CHECK(l.given_names.reveal() == "ANNA");
    CHECK(l.middle_names.reveal() == "MARIA");
    CHECK(l.suffix.reveal().empty());
    CHECK(l.birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(l.birth.reveal().raw == "08121974");
    CHECK(l.issued.date == Date::of(2019, 6, 6));
    CHECK(l.expiry.date == Date::of(2027, 12, 10));
    CHECK(l.sex == 'F');
    CHECK(l.postal_code.reveal() == "123450000");
    CHECK(l.compliance == 'N');
    CHECK(l.limited_duration);
    CHECK_FALSE(l.credential_present);
    REQUIRE(l.file.subfiles.size() == 2);
    CHECK(l.file.subfiles[1].type == "ZU");
    const Bytes bytes = written(utopian());
    for (const LicenceSubfile& s : l.file.subfiles) {
        for (const LicenceElement& e : s.elements) CHECK(as_text(bytes).substr(e.offset, 3) == e.id);
    }
}

TEST_CASE("dates: month first in the United States, year first in Canada and in version 1") {
    const auto birth = [](int version, const std::string& raw, const std::string& country, const std::string& issuer) {
        LicenceFile f = card(version, {element("DBB", raw)}, issuer);
        if (!country.empty()) f.subfiles[0].elements.push_back(element("DCG", country));
        return read(written(f));
    };
    CHECK(birth(8, "19740812", "CAN", "639999").birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(birth(8, "19740812", "", "636012").birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(birth(8, "19740812", "", "636012").country == "CAN");
    CHECK(birth(1, "19740812", "", "639999").birth.reveal().date == Date::of(1974, 8, 12));
    CHECK_FALSE(noted(birth(1, "19740812", "", "639999"), "aamva.date_order"));
    const DrivingLicence other = birth(8, "19740812", "USA", "639999");  // no month 19: it can only be the other order
    CHECK(other.birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(noted(other, "aamva.date_order"));
    for (const auto* raw : {"02302020", "0812197", "00000000", "ABCDEFGH"}) {
        const DrivingLicence l = birth(8, raw, "USA", "639999");
        CHECK_FALSE(l.birth.reveal().date);
        CHECK(l.birth.reveal().raw == raw);
        CHECK(noted(l, "aamva.date"));
    }
}

TEST_CASE("names of the older versions") {
    DrivingLicence l = read(
        written(card(1, {element("DAA", "ERIKSSON,ANNA,MARIA,JR"), element("DAQ", "1"), element("DBB", "19740812")})));
    CHECK(l.family_name.reveal() == "ERIKSSON");
    CHECK(l.given_names.reveal() == "ANNA");
    CHECK(l.middle_names.reveal() == "MARIA");
    CHECK(l.suffix.reveal() == "JR");
    CHECK(l.problems.empty());
    CHECK(noted(read(written(card(1, {element("DAA", "ANNA MARIA ERIKSSON")}))), "aamva.name_order"));
    l = read(written(card(3, {element("DCS", "ERIKSSON"), element("DCT", "ANNA,MARIA"), element("DAD", "NONE")})));
    CHECK(l.given_names.reveal() == "ANNA,MARIA");
    CHECK(l.middle_names.reveal().empty());
    CHECK(noted(l, "aamva.missing"));
    l = read(written(card(0, {element("DAB", "ERIKSSON"), element("DAC", "ANNA"), element("DAE", "III")})));
    CHECK(l.family_name.reveal() == "ERIKSSON");
    CHECK(l.suffix.reveal() == "III");
}

TEST_CASE("sex, a verifiable credential, a newer version, an element that stands twice") {
    const auto sex = [](const std::string& value) { return read(written(card(8, {element("DBC", value)}))); };
    CHECK(sex("1").sex == 'M');
    CHECK(sex("M").sex == 'M');
    CHECK(sex("9").sex == 'X');
    CHECK(noted(sex("7"), "aamva.sex"));
    LicenceFile f = utopian();
    f.subfiles.push_back({"ZZ", {element("ZZA", "2QZkpgGDGgAA")}});
    CHECK(read(written(f)).credential_present);
    f.version = 12;
    CHECK(noted(read(written(f)), "aamva.newer_version"));
    f = utopian();
    f.subfiles[0].elements.push_back(element("DAQ", "OTHER"));
    CHECK(noted(read(written(f)), "aamva.repeated"));
    CHECK(read(written(f)).number.reveal() == "U12345678");
}

TEST_CASE("offsets that disagree with the content are noted and the separators count") {
    const std::string good{as_text(written(utopian()))};
    const DrivingLicence right = read(good);
    const std::size_t entry = 21;  // header of version 2 and later
    REQUIRE(good.substr(entry, 2) == "DL");
    for (const auto* offset : {"0040", "0042", "0000", "9999"}) {
        std::string text = good;
        text.replace(entry + 2, 4, offset);
        const DrivingLicence l = read(text);
        CHECK(noted(l, "aamva.offset"));
        CHECK(l.file == right.file);
        CHECK(l.birth == right.birth);
    }
    std::string text = good;
    text.replace(entry + 6, 4, "0003");  // a length that would cut all but the first element
    CHECK(noted(read(text), "aamva.offset"));
    CHECK(read(text).file == right.file);
    text = good;
    text.replace(19, 2, "09");  // more subfiles announced than there are
    CHECK(noted(read(text), "aamva.offset"));
    CHECK(read(text).number == right.number);
    text = good + "ZXZXAfoo\r";  // a subfile that no entry announces
    CHECK(noted(read(text), "aamva.offset"));
    CHECK(read(text).file.subfiles.size() == 3);
    text = good;
    text.pop_back();
    CHECK(noted(read(text), "aamva.cut"));
    CHECK(read(text).file == right.file);
    CHECK(read(good + "\r\n").problems.empty());
}

TEST_CASE("separators of the header that some issuers get wrong") {
    std::string text{as_text(written(utopian()))};
    text[2] = '\x1C';
    CHECK(noted(read(text), "aamva.header"));
    CHECK(looks_like_driving_licence(as_bytes(text)));
    text.replace(4, 5, "AAMVA");
    CHECK(read(text).number.reveal() == "U12345678");
}

TEST_CASE("what is no licence is an error with its place") {
    CHECK(error_of("") == "aamva.format");
    CHECK(error_of("@") == "aamva.format");
    CHECK(error_of("@00123@ERIKSSON@ANNA") == "aamva.format");
    CHECK(error_of("@\n\x1E\rANSI ") == "aamva.header");
    CHECK(error_of("@\n\x1E\rANSI 63999910") == "aamva.header");
    CHECK(error_of("@\n\x1E\rANSI 6399X9100102") == "aamva.header");
    CHECK(error_of("@\n\x1E\rANSI 639999100101DL00310010") == "aamva.subfile");
    CHECK(error_of("@\n\x1E\rANSI 639999100100") == "aamva.subfile");
    CHECK(error_of("@" + std::string(9000, '\n')) == "aamva.too_long");
}

TEST_CASE("the Virginia sample of the 2020 standard") {
    const auto file = test::vector_file("aamva/aamva-2020-virginia-sample.bin");
    if (!file) return;
    const std::string text{as_text(*file)};
    const DrivingLicence l = read(text);
    CHECK(l.problems.empty());
    CHECK(l.file.issuer == "636000");
    CHECK(l.file.version == 10);
    CHECK(l.file.jurisdiction_version == 1);
    CHECK(l.number.reveal() == "T64235789");
    CHECK(l.family_name.reveal() == "SAMPLE");
    CHECK(l.given_names.reveal() == "MICHAEL");
    CHECK(l.middle_names.reveal() == "JOHN");
    CHECK(l.suffix.reveal() == "JR");
    CHECK(l.birth.reveal().date == Date::of(1986, 6, 6));
    CHECK(l.issued.date == Date::of(2019, 6, 6));
    CHECK(l.expiry.date == Date::of(2024, 12, 10));
    CHECK(l.sex == 'M');
    CHECK(l.street.reveal() == "2300 WEST BROAD STREET");
    CHECK(l.city.reveal() == "RICHMOND");
    CHECK(l.jurisdiction == "VA");
    CHECK(l.postal_code.reveal() == "232690000");
    CHECK(l.discriminator.reveal() == "2424244747474786102204");
    CHECK(l.compliance == 'F');
    CHECK(l.limited_duration);
    REQUIRE(l.file.subfiles.size() == 2);
    CHECK(l.file.subfiles[0].elements.size() == 28);
    CHECK(l.file.subfiles[1].elements[0] == LicenceElement{"ZVA", Personal{std::string{"01"}}, 321});
    CHECK(as_text(written(l.file)) == text);
}

TEST_CASE("what was written is read again, in every version") {
    std::mt19937 r(2020);
    for (int i = 0; i < test::effort(3000); ++i) {
        LicenceFile f;
        f.issuer = std::to_string(600000 + r() % 99999);
        f.version = static_cast<int>(r() % 12);
        if (f.version >= 2) f.jurisdiction_version = static_cast<int>(r() % 100);
        for (std::size_t n = 1 + r() % 4; n > 0; --n) {
            LicenceSubfile s{f.subfiles.empty() ? "DL" : std::string{'Z', static_cast<char>('A' + r() % 26)}, {}};
            for (std::size_t k = 1 + r() % 25; k > 0; --k) {
                std::string value(r() % 30, ' ');
                for (char& c : value) c = static_cast<char>(' ' + r() % 224);
                std::erase_if(value, [](char c) { return c == '\r' || c == '\n'; });
                s.elements.push_back(
                    element({s.type[0], static_cast<char>('A' + r() % 26), static_cast<char>('A' + r() % 26)}, value));
            }
            f.subfiles.push_back(std::move(s));
        }
        const DrivingLicence l = read(written(f));
        REQUIRE(without_places(l.file) == f);
        REQUIRE_FALSE(noted(l, "aamva.offset"));
        REQUIRE(written(l.file) == written(f));
    }
    LicenceFile wrong = utopian();
    wrong.subfiles[0].elements[0].id = "D1Q";
    CHECK(write_driving_licence(wrong).error().code == "aamva.write");
    wrong = utopian();
    wrong.jurisdiction_version.reset();
    CHECK(write_driving_licence(wrong).error().code == "aamva.write");
    wrong = utopian();
    wrong.subfiles[0].elements[0].value = Personal{std::string{"A\nB"}};
    CHECK(write_driving_licence(wrong).error().code == "aamva.write");
}

TEST_CASE("no bytes crash the reader of licences") {
    std::mt19937 r(3);
    const std::string good{as_text(written(utopian()))};
    for (int i = 0; i < test::effort(20000); ++i) {
        std::string text = good;
        for (int k = 0; k < 4; ++k) text[r() % text.size()] = static_cast<char>(r());
        text.resize(r() % (text.size() + 1));
        if (const auto l = parse_driving_licence(as_bytes(text))) REQUIRE_FALSE(l->file.subfiles.empty());
    }
}
