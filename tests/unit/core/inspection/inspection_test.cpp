#include "core/inspection/inspection.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using namespace paso;

namespace {

const Date today = *Date::parse("2026-11-24");

MrzContent adult() {
    MrzContent c;
    c.issuer = "UTO";
    c.nationality = "UTO";
    c.number = "L898902C3";
    c.surname = "ERIKSSON";
    c.given_names = "ANNA MARIA";
    c.birth = "850812";
    c.expiry = "310415";
    c.sex = Sex::female;
    return c;
}

TravelDocument document(const MrzContent& content, MrzState state = MrzState::verified) {
    const auto lines = write_mrz(content);
    if (!lines) FAIL(describe(lines.error()));
    MrzResult m;
    m.state = state;
    m.format = content.format;
    m.lines = *lines;
    m.lowest = 0.99F;
    return parse_mrz(m, today);
}

Inspection at_the_post(std::optional<TravelDocument> d) {
    Inspection in;
    in.trip.state = "UTO";
    in.trip.post = "Puente Nuevo";
    in.trip.today = {today};
    in.document = std::move(d);
    return in;
}

// The one value of a fact; fails when it has none or several.
FactValue one(const Facts& facts, std::string_view name) {
    const FactEntry* e = facts.find(name);
    REQUIRE(e != nullptr);
    INFO(name);
    REQUIRE(e->values.size() == 1);
    return e->values.front();
}

std::vector<FactValue> all(const Facts& facts, std::string_view name) {
    const FactEntry* e = facts.find(name);
    REQUIRE(e != nullptr);
    return e->values;
}

Cause why_unknown(const Facts& facts, std::string_view name) {
    const FactEntry* e = facts.find(name);
    REQUIRE(e != nullptr);
    INFO(name);
    REQUIRE(e->values.empty());
    return e->cause;
}

bool yes(const FactValue& v) { return std::get<bool>(v); }
std::string text(const FactValue& v) { return std::get<std::string>(v); }

}  // namespace

TEST_CASE("the schema names each fact once, with a meaning, and every fact that is built is in it with its type") {
    std::set<std::string_view> names;
    for (const FactDeclaration& f : schema().facts()) {
        CHECK(names.insert(f.name).second);
        CHECK_FALSE(f.meaning.empty());
        CHECK(schema().find(f.name) == &f);
    }
    CHECK(schema().find("person.name") == nullptr);  // no rule may ask for a name
    CHECK(schema().find(schema().day())->type == FactType::date);
    for (const char* personal : {"document.number", "person.age", "person.sex", "person.national", "answer.resident"}) {
        CHECK(schema().find(personal)->personal);
    }
    Inspection full = at_the_post(document(adult()));
    full.party = Party{};
    full.answers = {{"resident", Known<bool>{true}}};
    full.lists = {{"number", Known<bool>{false}}};
    for (const Inspection& in : {Inspection{}, full}) {
        const Facts facts = build_facts(in);
        CHECK(facts.entries().size() == schema().facts().size());
        for (const FactEntry& e : facts.entries()) {
            const FactDeclaration* declared = schema().find(e.name);
            REQUIRE(declared != nullptr);
            for (const FactValue& v : e.values) CHECK(type_of(v) == declared->type);
        }
    }
}

TEST_CASE("a verified passport gives its facts") {
    const Facts f = build_facts(at_the_post(document(adult())));
    CHECK(yes(one(f, "document.present")));
    CHECK(text(one(f, "document.reading")) == "verified");
    CHECK(text(one(f, "document.format")) == "TD3");
    CHECK(yes(one(f, "document.check_digits_hold")));
    CHECK(text(one(f, "document.number")) == "L898902C3");
    CHECK(yes(one(f, "document.specimen")));
    CHECK(text(one(f, "document.issuer_standing")) == "specimen");
    CHECK(yes(one(f, "document.has_expiry")));
    CHECK(std::get<Date>(one(f, "document.expiry")) == *Date::parse("2031-04-15"));
    CHECK(std::get<std::int64_t>(one(f, "person.age")) == 41);
    CHECK(text(one(f, "person.sex")) == "female");
    CHECK(yes(one(f, "person.national")));
    CHECK(std::get<Date>(one(f, "trip.today")) == today);
}

TEST_CASE("nationality and issuer are two things") {
    MrzContent c = adult();
    c.nationality = "BRA";
    const Facts f = build_facts(at_the_post(document(c)));
    CHECK_FALSE(yes(one(f, "person.national")));
    CHECK(yes(one(f, "document.specimen")));
    c.nationality = "UTO";
    c.issuer = "BRA";
    const Facts g = build_facts(at_the_post(document(c)));
    CHECK(yes(one(g, "person.national")));
    CHECK_FALSE(yes(one(g, "document.specimen")));
}

TEST_CASE("nothing read: no fact of the document is made up") {
    for (const Inspection& in : {at_the_post(std::nullopt), at_the_post(document(adult(), MrzState::unreadable))}) {
        const Facts f = build_facts(in);
        CHECK_FALSE(yes(one(f, "document.present")));
        for (const FactDeclaration& d : schema().facts()) {
            const bool of_document = d.name.starts_with("document.") || d.name.starts_with("person.");
            if (of_document && !d.optional && d.name != "document.present")
                CHECK(why_unknown(f, d.name) == Cause::not_read);
        }
    }
}

TEST_CASE("a check digit that does not hold is a fact") {
    const auto lines = write_mrz(adult());
    REQUIRE(lines);
    MrzResult m;
    m.state = MrzState::proposed;
    m.lines = *lines;
    m.lines[1][9] = m.lines[1][9] == '1' ? '2' : '1';  // of the number
    const Facts f = build_facts(at_the_post(parse_mrz(m, today)));
    CHECK_FALSE(yes(one(f, "document.check_digits_hold")));
    CHECK(text(one(f, "document.reading")) == "proposed");
}

TEST_CASE("both centuries of a birth stay possible ages") {
    MrzContent c = adult();
    c.birth = "140812";
    const auto values = all(build_facts(at_the_post(document(c))), "person.age");
    CHECK(values == std::vector<FactValue>{std::int64_t{12}, std::int64_t{112}});
}

TEST_CASE("a partly unknown birth date gives every age that it may mean; an unknown one none") {
    MrzContent c = adult();
    c.birth = "85<<<<";
    CHECK(all(build_facts(at_the_post(document(c))), "person.age") ==
          std::vector<FactValue>{std::int64_t{40}, std::int64_t{41}});
    c.birth = "8510<<";
    CHECK(std::get<std::int64_t>(one(build_facts(at_the_post(document(c))), "person.age")) == 41);
    c.birth = "14<<<<";
    CHECK(all(build_facts(at_the_post(document(c))), "person.age") ==
          std::vector<FactValue>{std::int64_t{11}, std::int64_t{12}, std::int64_t{111}, std::int64_t{112}});
    c.birth = "<<<<<<";
    CHECK(why_unknown(build_facts(at_the_post(document(c))), "person.age") == Cause::not_supported);
    c.birth = "850230";
    CHECK(why_unknown(build_facts(at_the_post(document(c))), "person.age") == Cause::not_read);
    Inspection dayless = at_the_post(document(adult()));
    dayless.document->birth = Personal{birth_date("85<<<<", today)};
    dayless.trip.today.clear();
    CHECK(why_unknown(build_facts(dayless), "person.age") == Cause::clock_unsure);
}

TEST_CASE("an unsure clock gives several days and, at a birthday, several ages") {
    MrzContent c = adult();
    c.birth = "851124";
    Inspection in = at_the_post(document(c));
    in.trip.clock = ClockState::unsure;
    in.trip.today = {today.plus_days(1), today, today.plus_days(-1), today};
    const Facts f = build_facts(in);
    CHECK(all(f, "trip.today") == std::vector<FactValue>{today.plus_days(-1), today, today.plus_days(1)});
    CHECK(all(f, "person.age") == std::vector<FactValue>{std::int64_t{40}, std::int64_t{41}});
    in.trip.today.clear();
    CHECK(why_unknown(build_facts(in), "trip.today") == Cause::clock_unsure);
    CHECK(why_unknown(build_facts(in), "person.age") == Cause::clock_unsure);
}

TEST_CASE("a document without an expiry date is told from one whose date cannot be read") {
    MrzContent c = adult();
    c.expiry = "999999";
    const Facts open = build_facts(at_the_post(document(c)));
    CHECK_FALSE(yes(one(open, "document.has_expiry")));
    CHECK(why_unknown(open, "document.expiry") == Cause::not_supported);
    c.expiry = "3104<<";
    const Facts partly = build_facts(at_the_post(document(c)));
    CHECK(yes(one(partly, "document.has_expiry")));
    CHECK(why_unknown(partly, "document.expiry") == Cause::ambiguous);
    c.expiry = "311340";  // no month 13
    const Facts wrong = build_facts(at_the_post(document(c)));
    CHECK(yes(one(wrong, "document.has_expiry")));
    CHECK(why_unknown(wrong, "document.expiry") == Cause::not_read);
}

TEST_CASE("a French card does not tell its expiry; its nationality is French") {
    MrzContent c = adult();
    c.format = MrzFormat::french_id;
    c.code = "ID";
    c.issuer = "FRA";
    c.nationality = "FRA";
    c.number = "050292100001";
    c.expiry.clear();
    Inspection in = at_the_post(document(c));
    in.trip.state = "FRA";
    const Facts f = build_facts(in);
    CHECK(text(one(f, "document.format")) == "FR-ID");
    CHECK(yes(one(f, "document.check_digits_hold")));
    CHECK(why_unknown(f, "document.has_expiry") == Cause::not_supported);
    CHECK(why_unknown(f, "document.expiry") == Cause::not_supported);
    CHECK(text(one(f, "document.nationality")) == "FRA");
    CHECK(text(one(f, "document.nationality_standing")) == "state");
    CHECK(yes(one(f, "person.national")));
}

TEST_CASE("a Swiss licence says nothing of nationality, sex and expiry, and confirms nothing") {
    MrzContent c = adult();
    c.format = MrzFormat::swiss_licence;
    c.code = "FA";
    c.issuer = "CHE";
    c.nationality.clear();
    c.number = "ABC001D";
    c.expiry.clear();
    c.sex = Sex::unspecified;
    const Facts f = build_facts(at_the_post(document(c)));
    for (const char* none :
         {"document.has_expiry", "document.expiry", "document.nationality", "document.nationality_standing",
          "person.national", "person.sex", "document.check_digits_hold"}) {
        CHECK(why_unknown(f, none) == Cause::not_supported);
    }
    CHECK(std::get<std::int64_t>(one(f, "person.age")) == 41);
}

TEST_CASE("a national of Germany is one at a German post, whose own code has three letters") {
    MrzContent c = adult();
    c.nationality = "D";
    Inspection in = at_the_post(document(c));
    in.trip.state = "DEU";
    CHECK(yes(one(build_facts(in), "person.national")));
}

TEST_CASE("stateless persons and refugees have a standing of their own") {
    MrzContent c = adult();
    for (const auto& [code, standing] : {std::pair{"XXA", "stateless"}, {"XXB", "refugee"}, {"XXC", "refugee"}}) {
        c.nationality = code;
        CHECK(text(one(build_facts(at_the_post(document(c))), "document.nationality_standing")) == standing);
    }
}

TEST_CASE("without a party it is unknown who travels along") {
    Inspection in = at_the_post(document(adult()));
    for (const char* name : {"party.alone", "party.adults", "party.children"}) {
        CHECK(why_unknown(build_facts(in), name) == Cause::not_asked);
    }
    in.party = Party{false, 2, 1};
    CHECK_FALSE(yes(one(build_facts(in), "party.alone")));
    CHECK(std::get<std::int64_t>(one(build_facts(in), "party.adults")) == 2);
    CHECK(std::get<std::int64_t>(one(build_facts(in), "party.children")) == 1);
}

TEST_CASE("answers: not asked, not sure, yes, no; the last one counts") {
    Inspection in = at_the_post(std::nullopt);
    CHECK(why_unknown(build_facts(in), "answer.resident") == Cause::not_asked);
    in.answers = {{"other", Known<bool>{true}}};
    CHECK(why_unknown(build_facts(in), "answer.resident") == Cause::not_asked);
    in.answers.push_back({"resident", Known<bool>{Cause::not_read}});
    CHECK(why_unknown(build_facts(in), "answer.resident") == Cause::not_read);
    in.answers.push_back({"resident", Known<bool>{true}});
    CHECK(yes(one(build_facts(in), "answer.resident")));
    in.answers.push_back({"resident", Known<bool>{false}});
    CHECK_FALSE(yes(one(build_facts(in), "answer.resident")));
}

TEST_CASE("one list that has the number decides; one that cannot be asked leaves it unknown") {
    const Known<bool> hit{true};
    const Known<bool> none{false};
    const Known<bool> stale{Cause::list_stale};
    const auto fact = [](std::vector<Known<bool>> said) {
        Inspection in;
        for (const auto& s : said) in.lists.push_back({"number", s});
        return build_facts(in);
    };
    CHECK(why_unknown(fact({}), "list.number") == Cause::offline);
    CHECK_FALSE(yes(one(fact({none}), "list.number")));
    CHECK_FALSE(yes(one(fact({none, none}), "list.number")));
    for (const auto& said : {std::vector{hit}, {hit, none}, {none, hit}, {stale, hit}, {hit, stale}}) {
        CHECK(yes(one(fact(said), "list.number")));
    }
    for (const auto& said : {std::vector{stale}, {stale, none}, {none, stale}}) {
        CHECK(why_unknown(fact(said), "list.number") == Cause::list_stale);
    }
    Inspection other;
    other.lists = {{"somebody else's", hit}};
    CHECK(why_unknown(build_facts(other), "list.number") == Cause::offline);
}

TEST_CASE("boarding passes: present, and the day of the last leg") {
    Inspection in = at_the_post(std::nullopt);
    in.barcodes.push_back({Symbology::qr, Assurance::none, {}, UnknownPayload{3}});
    CHECK_FALSE(yes(one(build_facts(in), "boarding_pass.present")));
    BoardingPass pass;
    pass.legs.resize(2);
    pass.legs[0].date = {327, today.plus_days(-1)};
    pass.legs[1].date = {328, today};
    in.barcodes.push_back({Symbology::pdf417, Assurance::structure, {}, pass});
    CHECK(yes(one(build_facts(in), "boarding_pass.present")));
    CHECK(std::get<Date>(one(build_facts(in), "boarding_pass.date")) == today);
    pass.legs[1].date = {329, today.plus_days(1)};
    in.barcodes.push_back({Symbology::pdf417, Assurance::structure, {}, pass});
    CHECK(all(build_facts(in), "boarding_pass.date").size() == 2);
    pass.legs.clear();
    in.barcodes = {{Symbology::pdf417, Assurance::structure, {}, pass}};
    CHECK(why_unknown(build_facts(in), "boarding_pass.date") == Cause::not_read);
}

TEST_CASE("whether the bearer is the holder is unknown until somebody says so") {
    CHECK(why_unknown(build_facts(at_the_post(document(adult()))), "holder.verified") == Cause::not_supported);
}

TEST_CASE("the same inspection gives the same bytes of facts") {
    const Inspection in = at_the_post(document(adult()));
    CHECK(encode_facts(build_facts(in)) == encode_facts(build_facts(in)));
}

TEST_CASE("blank codes are not read, never codes that nobody has") {
    TravelDocument d = document(adult());
    d.issuer.clear();
    d.nationality.clear();
    const Facts f = build_facts(at_the_post(d));
    for (const char* none : {"document.issuer", "document.issuer_standing", "document.specimen", "document.nationality",
                             "document.nationality_standing", "person.national"}) {
        CHECK(why_unknown(f, none) == Cause::not_read);
    }
}

TEST_CASE("every value of an enum that a fact can take is declared") {
    const auto declared = [](std::string_view fact, std::string_view value) {
        const auto& values = schema().find(fact)->values;
        INFO(fact << " " << value);
        CHECK(std::find(values.begin(), values.end(), value) != values.end());
    };
    for (const auto m : {TravelMode::air, TravelMode::land, TravelMode::sea}) declared("trip.mode", name(m));
    for (const auto d : {Direction::entry, Direction::exit}) declared("trip.direction", name(d));
    for (int i = 0; i <= static_cast<int>(last_mrz_format); ++i) {
        declared("document.format", name(static_cast<MrzFormat>(i)));
    }
    for (const auto s : {MrzState::verified, MrzState::single_frame, MrzState::proposed, MrzState::unreadable}) {
        declared("document.reading", name(s));
    }
    for (int i = 0; i <= static_cast<int>(CodeStanding::unknown); ++i) {
        declared("document.issuer_standing", name(static_cast<CodeStanding>(i)));
        declared("document.nationality_standing", name(static_cast<CodeStanding>(i)));
    }
    for (const auto s : {Sex::unspecified, Sex::female, Sex::male}) declared("person.sex", name(s));
}
