// Who and what stands on specimens: invented people, sane dates, the named table, boarding passes.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "tests/specimens/specimen.hpp"

using namespace paso;

namespace {

const Date today = *Date::of(2026, 11, 24);

bool listed(std::span<const std::string_view> list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

TEST_CASE("names come from the invented lists alone, which hold what an MRZ can carry") {
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        const SpecimenSpec s = make_specimen(MrzFormat::td3, seed, today);
        REQUIRE(listed(invented_surnames(), s.surname));
        std::istringstream words(s.given_names);
        int count = 0;
        for (std::string word; words >> word; ++count) REQUIRE(listed(invented_given_names(), word));
        REQUIRE(count >= 1);
        REQUIRE(s.issuer == "UTO");
        REQUIRE(s.nationality == "UTO");
    }
    for (const auto list : {invented_surnames(), invented_given_names()}) {
        CHECK(std::set<std::string_view>(list.begin(), list.end()).size() == list.size());
        for (const auto name : list) {
            CHECK(std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; }));
        }
    }
}

TEST_CASE("holders are adults whose birth year has one possible century, documents last three years or more") {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        const SpecimenSpec s = make_specimen(MrzFormat::td2, seed, today);
        const int age = age_on(s.birth, today);
        REQUIRE(age >= 25);
        REQUIRE(age <= 70);
        REQUIRE(s.expiry >= today.plus_months(36));
        REQUIRE(s.expiry < today.plus_months(12 * 49));
        REQUIRE(s.issued <= today);
    }
}

TEST_CASE("changed documents keep their person and change what they say") {
    const SpecimenSpec s = make_specimen(MrzFormat::td3, 7, today);
    CHECK(expired(s, today).expiry == *Date::of(2024, 11, 24));
    CHECK(expired(s, today).surname == s.surname);
    CHECK(ends_soon(s, today).expiry == *Date::of(2027, 3, 24));
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const SpecimenSpec child = minor(make_specimen(MrzFormat::td3, seed, today), today);
        REQUIRE(age_on(child.birth, today) == 12);
        REQUIRE(child.expiry >= today.plus_months(36));
        REQUIRE(child.issued > child.birth);
    }
}

TEST_CASE("every name of the table gives a specimen; a seed gives another person") {
    std::set<std::string_view> names;
    for (const NamedSpecimen& n : named_specimens()) {
        CAPTURE(n.name);
        names.insert(n.name);
        const auto fixed = named_specimen(n.name, 0, today);
        const auto other = named_specimen(n.name, 55, today);
        REQUIRE(fixed);
        REQUIRE(other);
        CHECK(mrz_lines(*fixed) != mrz_lines(*other));
    }
    CHECK(names.size() == named_specimens().size());
    for (const auto name :
         {"clear", "expired", "minor", "damaged", "wrong-page", "td1", "td2", "mrva", "mrvb", "barcode"}) {
        CHECK(names.contains(name));
    }
    CHECK_FALSE(named_specimen("nobody", 0, today));
    CHECK(named_specimen("expired", 0, today)->expiry < today);
    CHECK(named_specimen("damaged", 0, today)->damaged);
    CHECK(named_specimen("wrong-page", 0, today)->page == PageKind::stamps_page);
    CHECK(named_specimen("barcode", 0, today)->symbol == SymbolKind::qr);
}

TEST_CASE("a boarding pass has the sixty mandatory characters of IATA 792 and names its holder") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const SpecimenSpec s = make_specimen(MrzFormat::td3, seed, today);
        const std::string pass = boarding_pass(s, today);
        REQUIRE(pass.size() == 60);
        REQUIRE(pass.substr(0, 2) == "M1");
        std::string surname = s.surname;
        std::erase(surname, '-');
        REQUIRE(pass.substr(2, surname.size() + 1) == surname + "/");
        REQUIRE(pass[22] == 'E');
        REQUIRE(pass.substr(44, 3) == "328");  // 24 November
        REQUIRE(pass.substr(58, 2) == "00");
    }
    CHECK(boarding_pass(make_specimen(MrzFormat::td3, 1, today), *Date::of(2026, 1, 1)).substr(44, 3) == "001");
    CHECK(boarding_pass(make_specimen(MrzFormat::td3, 1, today), *Date::of(2028, 12, 31)).substr(44, 3) == "366");
}

TEST_CASE("formats and symbols are found by their names") {
    CHECK(specimen_format("mrv-a") == MrzFormat::mrv_a);
    CHECK(specimen_format("MRVB") == MrzFormat::mrv_b);
    CHECK(specimen_format("TD1") == MrzFormat::td1);
    CHECK_FALSE(specimen_format("TD4"));
    CHECK_FALSE(specimen_format(""));
    for (const SymbolKind k :
         {SymbolKind::none, SymbolKind::pdf417, SymbolKind::qr, SymbolKind::aztec, SymbolKind::data_matrix}) {
        CHECK(symbol_kind(name(k)) == k);
    }
    CHECK_FALSE(symbol_kind("code39"));
}
