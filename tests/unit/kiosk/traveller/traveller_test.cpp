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

TEST_CASE("every hint has words in each language, and a place where there is one") {
    const Catalogues catalogues = traveller_catalogues();
    for (const auto& [language, catalogue] : catalogues) {
        for (const DocumentHint h : document_hints) {
            CAPTURE(language, name(h));
            CHECK(catalogue.messages.contains("document." + std::string{name(h)}));
        }
        for (const DocumentHint h : symbol_hints) {
            CAPTURE(language, name(h));
            CHECK(catalogue.messages.contains("boarding_pass." + std::string{name(h)}));
        }
    }
    Session s = session();
    MonoTime now{1'000'000'000};
    const auto pages = {PageInput{"start", ""}, {"language", "ar"}, {"agree", ""}, {"party", "1,0"}};
    for (const PageInput& in : pages) (void)s.handle(in, now);
    (void)s.handle(link::GlassSeen{.something_there = true, .still = true}, now);
    CHECK_FALSE(traveller_view(s, catalogues).model.contains("hint_place"));
    MrzSight sight;
    sight.page = true;
    sight.burnt = 0.02F;
    sight.burnt_place = {0.25F, 0.5F, 0.125F, 0.0625F};
    for (int i = 0; i < 9; ++i) {
        now = now + std::chrono::milliseconds{33};
        sight.captured = now;
        (void)s.handle(link::SightSeen{sight}, now);
    }
    const PageView view = traveller_view(s, catalogues);
    CHECK(view.model.at("hint").as_string() == "glare");
    CHECK(view.model.at("hint_place").at("width").to_number<double>() == Approx(0.125));
    CHECK(text_of(view, "glare") == "عليها ضوء لامع. حركها قليلا.");
}

namespace {

// The last screen of somebody whose document cannot be read, and of whom one rule alone speaks.
PageView last_screen(const std::string& manner) {
    static Zero entropy;
    const std::string pack =
        "id = 'p'\nversion = '1'\n[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\n"
        "when = '!document.present'\nunknown = 'refer'\n" +
        manner + "[[reason]]\ncode = 'r'\nen = { traveller = 'Its own words.', officer = 'why' }\n";
    SessionSettings s;
    s.pack = *parse_draft(as_bytes(pack), schema());
    s.desk = "3";
    s.trip.state = "UTO";
    Session session(std::move(s), entropy);
    session.set_day({*Date::parse("2026-11-24")}, ClockState::sure, {1'795'000'000'000});
    MonoTime now{1'000'000'000};
    const auto pages = {PageInput{"start", ""}, {"language", "en"}, {"agree", ""}, {"party", "1,0"}};
    for (const PageInput& in : pages) (void)session.handle(in, now);
    for (int i = 0; i < 10 && session.state() == SessionState::document; ++i) {
        (void)session.handle(link::GlassSeen{}, now);
        (void)session.handle(link::GlassSeen{.something_there = true, .still = true}, now);
        (void)session.handle(link::GlassSeen{.something_there = true, .still = true}, now);
        now = session.deadline();
        (void)session.handle(TimePassed{}, now);
    }
    (void)session.handle(Stored{true}, now);
    return traveller_view(session, traveller_catalogues());
}

bool says(const PageView& view, std::string_view words) {
    return boost::json::serialize(view.model).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("others read the screen too: of what is private it says nothing, of what is silent not even that") {
    const PageView plain = last_screen("");
    REQUIRE(plain.state == "result");
    CHECK(plain.model.at("kind").as_string() == "officer");
    CHECK(says(plain, "Its own words."));
    const PageView discreet = last_screen("private = true\n");
    CHECK(discreet.model.at("kind").as_string() == "officer");
    CHECK_FALSE(says(discreet, "Its own words."));
    CHECK_FALSE(discreet.model.at("lines").as_array().empty());
    const PageView protection = last_screen("private = true\nthen = 'protection'\n");
    CHECK(protection.model == discreet.model);  // nobody can tell them apart
    const PageView silent = last_screen("silent = true\n");
    CHECK(silent.model.at("kind").as_string() == "done");
    CHECK_FALSE(says(silent, "Its own words."));
    const PageView health = last_screen("then = 'health'\n");
    CHECK(health.model == plain.model);  // as calm; the words are the rule's
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
