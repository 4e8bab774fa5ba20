#include "kiosk/traveller/traveller.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace paso;

namespace {

class Zero final : public Entropy {
  public:
    void fill(std::span<std::byte> out) override { std::fill(out.begin(), out.end(), std::byte{7}); }
};

Session session() {
    static Zero entropy;
    std::ifstream in(std::string{PASO_SOURCE_DIR} + "/deploy/packs/uto-demo.toml", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    SessionSettings s;
    s.pack = *parse_draft(as_bytes(text), schema());
    s.desk = "3";
    s.trip.state = "UTO";
    Session out(std::move(s), entropy);
    out.set_day({*Date::parse("2026-11-24")}, ClockState::sure, {1'795'000'000'000});
    return out;
}

std::string text_of(const PageView& view, std::string_view key) {
    const auto& text = view.model.at("text").as_object();
    return text.contains(key) ? std::string{text.at(key).as_string()} : std::string{};
}

}  // namespace

TEST_CASE("the catalogues say the same things in every language, in words that nobody is hurt by") {
    const Catalogues catalogues = traveller_catalogues();
    REQUIRE(catalogues.size() == 3);
    for (const auto& [language, catalogue] : catalogues) {
        for (const CatalogueFinding& f : compare(catalogues.at("en"), catalogue))
            FAIL(language << ": " << name(f.kind) << " " << f.key);
        for (const CatalogueFinding& f : banned_words(catalogue)) FAIL(language << ": " << f.key << ": " << f.detail);
    }
    CHECK(catalogues.at("ar").direction == TextDirection::rtl);
}

TEST_CASE("each view has its words, its actions and the way to a person") {
    const Catalogues catalogues = traveller_catalogues();
    Session s = session();
    const auto step = [&](const char* action, const char* value) {
        (void)s.handle(PageInput{action, value}, {1'000'000'000});
    };
    PageView view = traveller_view(s, catalogues);
    CHECK(view.state == "idle");
    CHECK(view.actions == std::vector<std::string>{"start"});
    CHECK(view.model.at("languages").as_array().size() == 3);
    step("start", "");
    step("language", "ar");
    view = traveller_view(s, catalogues);
    CHECK(view.state == "notice");
    CHECK(view.model.at("dir").as_string() == "rtl");
    CHECK(text_of(view, "agree") == "فهمت");
    CHECK(std::find(view.actions.begin(), view.actions.end(), "officer") != view.actions.end());
    step("agree", "");
    step("party", "1,0");
    view = traveller_view(s, catalogues);
    CHECK(view.model.at("hint").as_string() == "place");
    step("officer", "");
    CHECK(traveller_view(s, catalogues).state == "saving");
    (void)s.handle(Stored{true}, {1'000'000'001});
    view = traveller_view(s, catalogues);
    CHECK(view.state == "result");
    CHECK(view.model.at("kind").as_string() == "officer");
    CHECK(std::string_view{view.model.at("token").as_string()}.starts_with("K-"));
    CHECK(view.actions == std::vector<std::string>{"done"});
}

TEST_CASE("every state's page is among the assets, and no page carries words of its own") {
    for (const Asset& a : traveller_assets()) {
        if (a.path != "/traveller.js") continue;
        const std::string_view js = as_text(a.content);
        for (const char* state : {"idle", "language", "notice", "party", "document", "confirm", "boarding_pass",
                                  "question", "saving", "result", "out_of_service"}) {
            CHECK(js.find(state) != std::string_view::npos);
        }
    }
    CHECK(import_map_hash(traveller_assets()).size() > 40);
}
