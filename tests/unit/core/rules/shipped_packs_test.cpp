// Every pack of deploy/packs: whole, sourced, tested, without a finding, in words that nobody is hurt by.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/inspection/inspection.hpp"
#include "core/rules/checks.hpp"
#include "core/rules/pack.hpp"
#include "core/rules/pack_body.hpp"
#include "core/trust/digest.hpp"

using namespace paso;

namespace {

const std::filesystem::path folder = std::filesystem::path{PASO_SOURCE_DIR} / "deploy/packs";

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> packs() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".toml") out.push_back(entry.path());
    }
    std::sort(out.begin(), out.end());
    return out;
}

Pack open_draft(const std::filesystem::path& path) {
    const std::string text = text_of(path);
    std::vector<PackFile> files;
    const auto missing = missing_files(as_bytes(text));
    if (!missing) FAIL(describe(missing.error()));
    for (const std::string& name : *missing) files.push_back({name, text_of(folder / name)});
    const auto pack = parse_draft(as_bytes(text), schema(), files);
    if (!pack) FAIL(path.filename().string() << ": " << describe(pack.error()));
    return *pack;
}

bool reads(const Rule& rule, std::string_view begin) {
    return std::any_of(rule.facts.begin(), rule.facts.end(),
                       [&](const FactSlot& f) { return f.name.starts_with(begin); });
}

// Stems of what no text says of a person, in the languages of the packs.
constexpr std::array<std::string_view, 18> stems{"denie", "deny",    "refus",  "reject", "invalid", "illegal",
                                                 "alien", "suspect", "rechaz", "negad",  "inválid", "ilegal",
                                                 "sospe", "recus",   "suspei", "illég",  "rejet",   "irregular"};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

TEST_CASE("every shipped pack passes its own tests and the checks, and is marked as a sample") {
    CHECK(packs().size() == 10);
    for (const auto& path : packs()) {
        INFO(path.filename().string());
        const Pack pack = open_draft(path);
        CHECK(pack.body().sample);
        CHECK(path.stem().string() == pack.identity().id);
        CHECK(run_pack_tests(pack).size() >= pack.body().rules.size());
        for (const PackTestResult& r : run_pack_tests(pack)) {
            INFO(r.name << ": " << r.explanation);
            CHECK(r.passed);
        }
        for (const CheckFinding& f : check_pack(pack, schema()))
            FAIL_CHECK(name(f.check) << " " << f.rule << ": " << f.message << " " << name(f.certainty));
    }
}

TEST_CASE("each rule of a shipped pack has a source, and visitors' rules exempt nationals and residents") {
    for (const auto& path : packs()) {
        if (path.stem() == "uto-demo") continue;
        const Pack pack = open_draft(path);
        for (const Rule& rule : pack.body().rules) {
            INFO(path.filename().string() << " " << rule.id);
            CHECK_FALSE(rule.source.empty());
            // That a document is past its last day is said of everybody: it exempts nobody from a look at it.
            const bool of_visitors = reads(rule, "stay.") || reads(rule, "visa.") || reads(rule, "document.issued") ||
                                     (reads(rule, "document.expiry") && rule.id != "document.expired");
            if (!of_visitors) continue;
            REQUIRE(rule.unless);
            CHECK_FALSE(rule.unless_basis.empty());
            Assessor assessor(pack);
            const auto number = static_cast<std::size_t>(&rule - pack.body().rules.data());
            for (const PackTest& test : pack.body().tests) {
                for (const char* who : {"person.national", "answer.resident"}) {
                    Facts exempt = test.facts;
                    exempt.set(who, true);
                    assessor.bind(exempt);
                    CHECK(assessor.results()[number].value == Truth::no);
                }
            }
        }
    }
}

TEST_CASE("each reason of a shipped pack has words in four languages, calm ones") {
    for (const auto& path : packs()) {
        const Pack pack = open_draft(path);
        for (const auto& [code, words] : pack.body().reasons) {
            INFO(path.filename().string() << " " << code);
            const bool demo = path.stem() == "uto-demo";
            for (const char* language : {"en", "es", demo ? "ar" : "pt", demo ? "ar" : "fr"})
                CHECK(words.contains(language));
            for (const auto& [language, text] : words) {
                for (const std::string_view stem : stems) {
                    CHECK(lower(text.traveller).find(stem) == std::string::npos);
                    CHECK(lower(text.officer).find(stem) == std::string::npos);
                }
                CHECK(text.traveller.find('!') == std::string::npos);
            }
        }
    }
}

TEST_CASE("a code that no MRZ writes is found where a rule or a group names it") {
    const auto codes = [](const std::string& when, const std::string& groups = "group,member\nX,BRA\n") {
        const std::string text =
            "id = 'p'\nversion = '1'\n[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + when +
            "\"\nunknown = 'refer'\n[[reason]]\ncode = 'r'\nen = { traveller = 'x', officer = 'y' }\n" +
            "[[table]]\nname = 'groups'\ngroups = true\nfile = 'g.csv'\nkey = ['group', 'member']\nsha256 = '" +
            to_hex(sha256(as_bytes(groups))) +
            "'\ncolumns = [{ name = 'group', kind = 'text' }, { name = 'member', kind = 'state' }]\n";
        const auto pack = parse_draft(as_bytes(text), schema(), {{"g.csv", groups}});
        if (!pack) FAIL(describe(pack.error()));
        std::string found;
        for (const CheckFinding& f : check_pack(*pack, schema())) {
            if (f.check == PackCheck::code_unknown) found += f.message.substr(f.message.find('\''), 5);
        }
        return found;
    };
    CHECK(codes("document.nationality == 'D'").empty());
    CHECK(codes("document.nationality == 'DEU'") == "'DEU'");
    CHECK(codes("!(document.issuer in ['BRA', 'QQQ', 'GBN', 'ROM', 'XXA'])") == "'QQQ'");
    CHECK(codes("'QQZ' != trip.state") == "'QQZ'");
    CHECK(codes("document.code == 'DEU'").empty());
    CHECK(codes("document.nationality in group('X')").empty());
    CHECK(codes("document.nationality in group('X')", "group,member\nX,BRA\nX,DEU\n") == "'DEU'");
}
