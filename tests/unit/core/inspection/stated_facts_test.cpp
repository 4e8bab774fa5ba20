// Facts that do not come from the document: seals, certificates, and what somebody states.
#include <algorithm>
#include <catch2/catch.hpp>

#include "core/inspection/fact_schema.hpp"
#include "core/inspection/inspection.hpp"
#include "tests/support/utopian_visa.hpp"

using namespace paso;

namespace {

const Date today = *Date::parse("2026-05-24");

TravelDocument document(const std::string& code = "P", const std::string& birth = "740812") {
    MrzContent c;
    c.code = code;
    c.issuer = "UTO";
    c.nationality = "UTO";
    c.number = "P1234567";
    c.surname = "MUSTERFRAU";
    c.given_names = "ERIKA";
    c.birth = birth;
    c.expiry = "310415";
    c.sex = Sex::female;
    if (code != "P") c.format = MrzFormat::td1;
    const auto lines = write_mrz(c);
    if (!lines) FAIL(describe(lines.error()));
    MrzResult m;
    m.state = MrzState::verified;
    m.format = c.format;
    m.lines = *lines;
    return parse_mrz(m, today);
}

Inspection with(BarcodeContent symbol) {
    Inspection in;
    in.trip.state = "UTO";
    in.trip.today = {today};
    in.document = document();
    in.barcodes = {std::move(symbol)};
    return in;
}

BarcodeContent visa(Assurance assurance) {
    VisibleSeal seal;
    seal.document = "visa";
    seal.reading.header = test::utopian_visa_header();
    seal.reading.features = test::utopian_visa();
    return {Symbology::data_matrix, assurance, {}, seal};
}

BarcodeContent vaccination(Assurance assurance, std::string_view born, VaccineTarget target) {
    HealthCertificate c;
    c.content = HealthContent::vaccination_record;
    c.entry.target = target;
    c.entry.date = {"2025-01-10", Date::parse("2025-01-10")};
    c.person.birth = Personal{HealthDate{std::string{born}, Date::parse(born)}};
    return {Symbology::qr, assurance, {}, c};
}

std::vector<FactValue> values(const Facts& f, std::string_view name) { return f.find(name)->values; }
Cause cause(const Facts& f, std::string_view name) { return f.find(name)->cause; }

}  // namespace

TEST_CASE("a visa's seal counts where its chain holds and it says the number of this document") {
    const Facts sealed = build_facts(with(visa(Assurance::chain)));
    CHECK(values(sealed, "visa.present") == std::vector<FactValue>{true});
    CHECK(values(sealed, "visa.until") == std::vector<FactValue>{*Date::parse("2026-06-30")});
    CHECK(cause(build_facts(with(visa(Assurance::signature))), "visa.present") == Cause::not_asked);
    Inspection other = with(visa(Assurance::chain));
    other.document->number = Personal<std::string>{"P7654321"};
    CHECK(cause(build_facts(other), "visa.present") == Cause::not_asked);
    CHECK(values(build_facts(other), "visa.present").empty());
}

TEST_CASE("a certificate against yellow fever counts for who was born on that day, and only if its chain holds") {
    const auto facts = [](Assurance a, std::string_view born, VaccineTarget target) {
        return build_facts(with(vaccination(a, born, target)));
    };
    const Facts good = facts(Assurance::chain, "1974-08-12", VaccineTarget::yellow_fever);
    CHECK(values(good, "health.yellow_fever") == std::vector<FactValue>{true});
    CHECK(values(good, "health.yellow_fever_day") == std::vector<FactValue>{*Date::parse("2025-01-10")});
    for (const Facts& f : {facts(Assurance::signature, "1974-08-12", VaccineTarget::yellow_fever),
                           facts(Assurance::chain, "1974-08-13", VaccineTarget::yellow_fever),
                           facts(Assurance::chain, "1974-08-12", VaccineTarget::covid19)}) {
        CHECK(values(f, "health.yellow_fever").empty());
    }
}

TEST_CASE("what is stated counts, but nobody states what the document, the clock or the post file says") {
    Inspection in = with(visa(Assurance::none));
    in.stated.set("officer.consent", std::string{"both_parents"});
    in.stated.set("list.age", std::int64_t{12});
    in.stated.set_unknown("stay.used", Cause::history_incomplete);
    in.stated.set("holder.verified", true);
    in.stated.set("person.national", false);
    in.stated.set("trip.demo", false);
    in.stated.set("officer.parents", std::string{"many"});  // never has this value
    in.stated.set("stay.planned", std::string{"nine"});     // nor this type
    in.stated.set("nobody.knows", true);
    const Facts f = build_facts(in);
    CHECK(values(f, "officer.consent") == std::vector<FactValue>{std::string{"both_parents"}});
    CHECK(values(f, "list.age") == std::vector<FactValue>{std::int64_t{12}});
    CHECK(cause(f, "stay.used") == Cause::history_incomplete);
    CHECK(values(f, "holder.verified") == std::vector<FactValue>{true});
    CHECK(values(f, "person.national") == std::vector<FactValue>{true});
    CHECK(values(f, "trip.demo") == std::vector<FactValue>{true});
    CHECK(cause(f, "officer.parents") == Cause::not_asked);
    CHECK(cause(f, "stay.planned") == Cause::not_asked);
    CHECK(f.find("nobody.knows") == nullptr);
}

TEST_CASE("kinds of documents by the first letter of the code, and months of age") {
    for (const auto& [code, kind] : {std::pair{"P", "passport"},
                                     {"I", "identity_card"},
                                     {"ID", "identity_card"},
                                     {"A", "identity_card"},
                                     {"AC", "crew"},
                                     {"C", "identity_card"}}) {
        Inspection in = with(visa(Assurance::none));
        in.document = document(code);
        INFO(code);
        CHECK(values(build_facts(in), "document.kind") == std::vector<FactValue>{std::string{kind}});
    }
    Inspection child = with(visa(Assurance::none));
    child.document = document("P", "250824");
    CHECK(values(build_facts(child), "person.age_months").front() == FactValue{std::int64_t{9}});
    child.document = document("P", "250825");
    CHECK(values(build_facts(child), "person.age_months").front() == FactValue{std::int64_t{8}});
}

TEST_CASE("each fact says who says it; what is protected is personal; numbers have a unit and a range") {
    for (const FactDeclaration& d : schema().facts()) {
        INFO(d.name);
        CHECK(std::find(fact::sources.begin(), fact::sources.end(), d.source) != fact::sources.end());
        if (d.protection) CHECK((d.personal && d.optional));
        CHECK((d.type == FactType::integer) == !d.unit.empty());
        CHECK((d.type == FactType::integer) == d.range.has_value());
        if (d.name.starts_with("officer.")) CHECK((d.optional && d.source == fact::officer));
    }
}
