#include "sync/ui/ui.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <regex>

#include "core/trust/digest.hpp"
#include "sync/host/host_env.hpp"

using namespace paso;

namespace {

std::string source(const std::string& name) {
    HostFiles files;
    const auto content = files.read(std::string{PASO_SOURCE_DIR} + "/sync/ui/" + name, 1U << 20U);
    REQUIRE(content);
    return std::string{as_text(*content)};
}

std::string asset(const std::string& path) {
    for (const Asset& a : ui_assets()) {
        if (a.path == path) return std::string{as_text(a.content)};
    }
    return {};
}

// Relative luminance of "#rrggbb" and contrast, as WCAG 2 defines them.
double luminance(const std::string& colour) {
    const auto part = [&](std::size_t at) {
        const double c = std::stoi(colour.substr(at, 2), nullptr, 16) / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
double contrast(const std::string& a, const std::string& b) {
    const double x = luminance(a);
    const double y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

struct Pair {
    std::string light;
    std::string dark;
};
// The tokens that are colours, of the first block.
std::map<std::string, Pair> colours() {
    std::map<std::string, Pair> out;
    const std::string css = asset("/ui/tokens.css");
    const std::regex token{R"(--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);)"};
    for (auto at = std::sregex_iterator(css.begin(), css.end(), token); at != std::sregex_iterator(); ++at) {
        out.try_emplace((*at)[1], Pair{(*at)[2], (*at)[3]});
    }
    return out;
}

}  // namespace

TEST_CASE("assets are the files of the folder, byte for byte") {
    const auto all = ui_assets();
    CHECK(all.size() >= 11);
    for (const Asset& a : all) {
        CAPTURE(a.path);
        REQUIRE(a.path.starts_with("/ui/"));
        CHECK(std::string{as_text(a.content)} == source(a.path.substr(4)));
    }
    CHECK(asset("/ui/vendor/preact.mjs").size() > 5000);
}

TEST_CASE("vendored modules are those that their README names") {
    const std::string readme = source("vendor/README.md");
    const std::regex row{R"(\| ([a-z.-]+js) \|[^\n]*\| ([0-9a-f]{64}) \|)"};
    int rows = 0;
    for (auto at = std::sregex_iterator(readme.begin(), readme.end(), row); at != std::sregex_iterator();
         ++at, ++rows) {
        const std::string file = (*at)[1];
        CAPTURE(file);
        CHECK(to_hex(sha256(as_bytes(asset("/ui/vendor/" + file)))) == std::string{(*at)[2]});
    }
    CHECK(rows == 5);
}

TEST_CASE("the import map names files that there are") {
    const std::string map = asset("/ui/importmap.json");
    CHECK(map.find('\n') == std::string::npos);
    const std::regex target{R"#(":"(/ui/[^"]+)")#"};
    int targets = 0;
    for (auto at = std::sregex_iterator(map.begin(), map.end(), target); at != std::sregex_iterator();
         ++at, ++targets) {
        CAPTURE(std::string{(*at)[1]});
        CHECK_FALSE(asset((*at)[1]).empty());
    }
    CHECK(targets >= 7);
}

TEST_CASE("contrast: 7:1 for text, 3:1 for lines and rings, light and dark") {
    const auto c = colours();
    const auto check = [&](const std::string& front, const std::string& back, double least) {
        CAPTURE(front, back);
        REQUIRE(c.contains(front));
        REQUIRE(c.contains(back));
        CHECK(contrast(c.at(front).light, c.at(back).light) >= least);
        CHECK(contrast(c.at(front).dark, c.at(back).dark) >= least);
    };
    for (const char* ground : {"paper", "surface", "sunken"}) {
        for (const char* ink : {"ink", "ink-soft", "accent", "accent-strong"}) check(ink, ground, 7);
        for (const char* part : {"line", "focus", "good", "attention", "problem"}) check(part, ground, 3);
    }
    for (const char* tone : {"good", "attention", "problem"}) {
        check(tone, std::string{tone} + "-soft", 7);
        check("ink", std::string{tone} + "-soft", 7);
    }
    check("on-accent", "accent", 7);
    check("on-accent", "accent-strong", 7);
    check("accent-strong", "accent-soft", 7);
    check("ink", "accent-soft", 7);
    check("focus", "accent-soft", 3);
}

TEST_CASE("styles know no left and right, and colours stand in the tokens alone") {
    for (const char* path : {"/ui/base.css", "/ui/tokens.css"}) {
        const std::string css = asset(path);
        const std::regex physical{
            R"((margin|padding|border|inset)-(left|right|top|bottom)\b|(^|[;{ ])(left|right|width|height)\s*:|text-align:\s*(left|right)|float:)"};
        std::smatch found;
        const bool any = std::regex_search(css, found, physical);
        CAPTURE(path, any ? std::string{found[0]} : "");
        CHECK_FALSE(any);
    }
    CHECK_FALSE(std::regex_search(asset("/ui/base.css"), std::regex{"#[0-9a-fA-F]{3,8}\\b"}));
}
