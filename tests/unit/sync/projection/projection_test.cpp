#include "sync/projection/projection.hpp"

#include <catch2/catch.hpp>

#include "sync/projection/log_check.hpp"
#include "sync/projection/views.hpp"

using namespace paso;

namespace {

const StationId kiosk = *StationId::parse("uto-001-k1");
const StationId desk = *StationId::parse("uto-001-d1");

Result<Bytes> open_body(ByteView sealed) { return to_bytes(sealed); }

CrossingId crossing(unsigned n) {
    CrossingId id;
    id.bytes[3] = static_cast<std::byte>(n);
    return id;
}

// Events of one station, chained.
struct Chain {
    StationId station;
    ChainHead head{{77, 0}, {}};
    std::uint64_t* arrival;

    ArrivedEvent next(EventKind kind, std::optional<CrossingId> id, Bytes body) {
        ArrivedEvent e;
        e.station = station;
        e.position = {77, head.position.sequence + 1};
        e.header = {
            station, e.position,       kind, id, head.hash, {1'795'000'000'000 + static_cast<std::int64_t>(*arrival)},
            {},      ClockState::sure, {},   {}};
        e.salt[0] = std::byte{9};
        e.body = std::move(body);
        e.header.body_digest = body_digest(e.salt, e.body);
        e.header_bytes = encode_header(e.header);
        e.received = e.header.wall;
        e.arrival = ++*arrival;
        const auto followed = follow(head, station, e.header_bytes, e.salt, e.body);
        REQUIRE(followed);
        head = *followed;
        return e;
    }
};

Bytes inspection(unsigned n, Outcome outcome, Ending ending = Ending::awaiting) {
    InspectionRecord r;
    r.inspection.crossing = crossing(n);
    r.inspection.trip.today = {Date{}};
    r.facts = build_facts(r.inspection);
    r.assessment.outcome = outcome;
    if (outcome == Outcome::officer) {
        r.assessment.findings.push_back(
            {"document.expired",
             Truth::yes,
             true,
             "expired",
             "article 1",
             {{"document.expiry", {Date{}}, std::nullopt}, {"trip.today", {}, Cause::clock_unsure}}});
    }
    r.ending = ending;
    r.token = "K-100" + std::to_string(n);
    r.language = "es";
    return encode_inspection(r);
}

Bytes decision(unsigned n, DecisionKind kind) {
    Decision d;
    d.crossing = crossing(n);
    d.kiosk = kiosk;
    d.kind = kind;
    d.officer = "officer1";
    d.reason = "looked at it";
    return encode_decision(d);
}

struct World {
    std::uint64_t arrival = 0;
    Chain k{kiosk, {{77, 0}, {}}, &arrival};
    Chain d{desk, {{77, 0}, {}}, &arrival};
    Projection projection{open_body, 100};
    void inspect(unsigned n, Outcome outcome, Ending ending = Ending::awaiting) {
        projection.apply(k.next(EventKind::inspection, crossing(n), inspection(n, outcome, ending)));
    }
    void decide(unsigned n, DecisionKind kind) {
        projection.apply(d.next(EventKind::decision, crossing(n), decision(n, kind)));
    }
};

}  // namespace

TEST_CASE("crossings wait, pass, leave; only what has passed counts") {
    World w;
    w.inspect(1, Outcome::clear);
    w.inspect(2, Outcome::officer);
    w.inspect(3, Outcome::clear, Ending::left);
    w.inspect(4, Outcome::officer, Ending::handed_over);
    CHECK(w.projection.waiting().size() == 3);
    CHECK(w.projection.waiting().front()->id == crossing(1));
    CHECK(w.projection.figures().passed == 0);
    w.decide(1, DecisionKind::holder_seen);
    w.decide(2, DecisionKind::admitted);
    w.decide(4, DecisionKind::to_second_line);
    CHECK(w.projection.waiting().empty());
    const Figures f = w.projection.figures();
    CHECK(f.passed == 2);
    CHECK(f.left == 1);
    CHECK(f.handed_over == 1);
    CHECK(f.referred == 2);
    CHECK(f.inspections == 4);
    CHECK(w.projection.newest(2).front()->id == crossing(4));
    CHECK(w.projection.stations().size() == 2);
    CHECK(w.projection.last_arrival() == 7);
}

TEST_CASE("a decision that comes before its inspection waits for it") {
    World w;
    const ArrivedEvent late = w.k.next(EventKind::inspection, crossing(1), inspection(1, Outcome::clear));
    w.decide(1, DecisionKind::holder_seen);
    CHECK(w.projection.figures().passed == 0);
    CHECK(w.projection.waiting().empty());
    w.projection.apply(late);
    CHECK(w.projection.figures().passed == 1);
}

TEST_CASE("forks, erased and unreadable bodies make no crossing") {
    World w;
    ArrivedEvent fork = w.k.next(EventKind::inspection, crossing(1), inspection(1, Outcome::clear));
    fork.fork = true;
    w.projection.apply(fork);
    CHECK(w.projection.figures().inspections == 0);
    ArrivedEvent erased = w.k.next(EventKind::inspection, crossing(2), inspection(2, Outcome::clear));
    erased.body.clear();
    w.projection.apply(erased);
    w.projection.apply(w.k.next(EventKind::inspection, crossing(3), to_bytes(as_bytes("nonsense"))));
    CHECK(w.projection.figures().inspections == 0);
    CHECK(w.projection.unread() == 1);
    w.projection.apply(w.k.next(EventKind::incident, std::nullopt, encode_note({"session.interrupted", ""})));
    CHECK(w.projection.stations().front().last_note == "session.interrupted");
}

TEST_CASE("memory is bounded: the oldest crossings go first") {
    World w;
    for (unsigned n = 0; n < 150; ++n) w.inspect(n, Outcome::clear);
    CHECK(w.projection.newest(1000).size() == 100);
    CHECK(w.projection.find(crossing(10)) == nullptr);
    CHECK(w.projection.find(crossing(149)) != nullptr);
}

TEST_CASE("the log check names the first broken link and judges each station by itself") {
    World w;
    std::vector<ArrivedEvent> events;
    for (unsigned n = 0; n < 5; ++n) {
        events.push_back(w.k.next(EventKind::inspection, crossing(n), inspection(n, Outcome::clear)));
        events.push_back(w.d.next(EventKind::decision, crossing(n), decision(n, DecisionKind::holder_seen)));
    }
    const auto run = [](const std::vector<ArrivedEvent>& all) {
        LogCheck check;
        for (const ArrivedEvent& e : all) check.add(e.station, e.position, e.header_bytes, e.salt, e.body);
        return check;
    };
    CHECK(run(events).whole());
    CHECK(run(events).reports().size() == 2);
    auto erased = events;
    erased[2].body.clear();
    CHECK(run(erased).whole());
    auto changed = events;
    changed[4].body.back() ^= std::byte{1};
    const LogCheck broken = run(changed);
    CHECK_FALSE(broken.whole());
    for (const ChainReport& r : broken.reports()) {
        CHECK(r.broken.has_value() == (r.station == kiosk));
        if (r.broken) CHECK(r.broken->code == "chain.body");
        if (r.station == kiosk) CHECK(r.events == 2);
    }
    auto gap = events;
    gap.erase(gap.begin() + 4);
    CHECK_FALSE(run(gap).whole());
    auto late = std::vector<ArrivedEvent>(events.begin() + 2, events.end());
    CHECK_FALSE(run(late).whole());
}

TEST_CASE("what is private stands in no list and at no centre; a list does not tell protection from an officer") {
    World w;
    InspectionRecord r;
    r.inspection.crossing = crossing(3);
    r.inspection.trip.today = {Date{}};
    r.facts = build_facts(r.inspection);
    r.assessment.outcome = Outcome::protection;
    Finding f{.rule = "protection.asked", .value = Truth::yes, .refers = true, .reason = "asked", .basis = "U1"};
    f.then = Outcome::protection;
    f.is_private = true;
    r.assessment.findings = {f};
    r.token = "K-1003";
    w.projection.apply(w.k.next(EventKind::inspection, crossing(3), encode_inspection(r)));
    const CrossingEntry* e = w.projection.find(crossing(3));
    REQUIRE(e != nullptr);
    CHECK(w.projection.figures().referred == 1);
    for (const auto& shown : {crossing_line(*e, {}), crossing_case(*e, {}, Reader::supervisor)}) {
        const auto text = boost::json::serialize(shown);
        CHECK(shown.at("outcome").as_string() == "officer");
        CHECK(text.find("protection") == std::string::npos);
        CHECK(text.find("asked") == std::string::npos);
    }
    const auto official = crossing_case(*e, {}, Reader::official);
    CHECK(official.at("outcome").as_string() == "protection");
    CHECK(boost::json::serialize(official).find("protection.asked") != std::string::npos);
}

TEST_CASE("lists carry no names; cases carry reasons in words and facts with their causes") {
    World w;
    w.inspect(2, Outcome::officer);
    const CrossingEntry* e = w.projection.find(crossing(2));
    REQUIRE(e != nullptr);
    const ReasonWords words = [](std::string_view code) { return std::optional{std::string{code} + " in words"}; };
    const auto line = boost::json::serialize(crossing_line(*e, words));
    CHECK(line.find("expired in words") != std::string::npos);
    CHECK(line.find("surname") == std::string::npos);
    const auto whole = boost::json::serialize(crossing_case(*e, words, Reader::official));
    CHECK(whole.find("unknown: clock_unsure") != std::string::npos);
    CHECK(whole.find("article 1") != std::string::npos);
    CHECK(fact_text({"a", {true}, std::nullopt}) == "yes");
    CHECK(fact_text({"a", {std::int64_t{12}, std::int64_t{112}}, std::nullopt}) == "12 or 112");
}
