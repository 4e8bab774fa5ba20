#include "core/document/same_person.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/made_up_documents.hpp"

using namespace paso;

namespace {

MrzContent oda() {
    return {.format = MrzFormat::td3,
            .code = "P",
            .issuer = "UTO",
            .nationality = "UTO",
            .number = "C01X0025",
            .surname = "NEBEL",
            .given_names = "ODA CELESTE",
            .birth = "740812",
            .expiry = "300101"};
}

TravelDocument document(const MrzContent& c, MrzState state = MrzState::verified) {
    const auto lines = write_mrz(c);
    REQUIRE(lines);
    TravelDocument d = *parse_mrz_lines(*lines, made_up::today);
    d.state = state;
    return d;
}

PersonLinkResult link(const TravelDocument& a, const TravelDocument& b) {
    const PersonLinkResult one = link_persons(a, b);
    CHECK(link_persons(b, a) == one);
    return one;
}

PersonLinkResult proposal(LinkReason why) { return {PersonLink::proposal, {why}}; }
const PersonLinkResult none{};

}  // namespace

TEST_CASE("the same issuer, number and birth date link two inspections") {
    const PersonLinkResult linked{PersonLink::linked, {LinkReason::same_document}};
    const TravelDocument d = document(oda());
    CHECK(link(d, d) == linked);
    CHECK(link(d, document(oda(), MrzState::single_frame)) == linked);
    MrzContent married = oda();
    married.surname = "THAU";
    CHECK(link(d, document(married)) == linked);
    MrzContent german = oda();
    german.issuer = "D";
    TravelDocument long_code = document(german);
    long_code.issuer = "DEU";
    CHECK(link(document(german), long_code) == linked);
    MrzContent child = oda();
    child.birth = "140203";  // two centuries on both sides: still the same document
    CHECK(link(document(child), document(child)) == linked);
}

TEST_CASE("an unknown part gives a proposal at most") {
    const TravelDocument d = document(oda());
    MrzContent partly = oda();
    partly.birth = "7408<<";
    CHECK(link(d, document(partly)) == proposal(LinkReason::birth_not_whole));
    CHECK(link(document(partly), document(partly)) == proposal(LinkReason::birth_not_whole));
    partly.birth = "<<<<<<";
    CHECK(link(d, document(partly)) == proposal(LinkReason::birth_not_whole));
    CHECK(link(d, document(oda(), MrzState::proposed)) == proposal(LinkReason::not_confirmed));
    TravelDocument failed = d;
    failed.check_digits.number = Check::failed;
    CHECK(link(d, failed) == proposal(LinkReason::not_confirmed));
    std::mt19937 r(2);
    const TravelDocument licence = document(made_up::document(r, MrzFormat::swiss_licence));
    CHECK(link(licence, licence).link == PersonLink::proposal);
}

TEST_CASE("anything weaker is a proposal") {
    const TravelDocument d = document(oda());
    MrzContent typed = oda();
    typed.number = "C0IXO025";
    CHECK(link(d, document(typed)) == proposal(LinkReason::look_alike));
    MrzContent renewed = oda();
    renewed.number = "K77";
    CHECK(link(d, document(renewed)) == proposal(LinkReason::same_name));
    renewed.given_names = "ODA";
    CHECK(link(d, document(renewed)) == proposal(LinkReason::similar_name));
}

TEST_CASE("what contradicts itself is no link") {
    const TravelDocument d = document(oda());
    MrzContent other = oda();
    other.birth = "740813";
    CHECK(link(d, document(other)) == none);
    other = oda();
    other.number = "K77";
    other.surname = "ERIKSSON";
    CHECK(link(d, document(other)) == none);
    other = oda();
    other.number = "K77";
    other.nationality = "BRA";
    CHECK(link(d, document(other)) == none);
    other = oda();
    other.number = "K77";
    other.birth = "<<<<<<";  // a name alone says nothing
    CHECK(link(d, document(other)) == none);
    TravelDocument blank = d;
    blank.number = {};
    CHECK(link(blank, blank) == proposal(LinkReason::same_name));
    CHECK(link(TravelDocument{}, TravelDocument{}) == none);
}
