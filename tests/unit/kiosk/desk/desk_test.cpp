// The desk over a simulated disk: what kiosks delivered, what officers decide, and what a new start makes of both.
#include "kiosk/desk/desk.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <catch2/catch.hpp>

#include "sync/store/sqlite_store.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;

namespace {

const StationId kiosk = *StationId::parse("uto-001-k1");
const StationId d1 = *StationId::parse("uto-001-d1");

CrossingId crossing(unsigned n) {
    CrossingId id;
    id.bytes[3] = static_cast<std::byte>(n);
    return id;
}

struct Post {
    sim::SimDisk disk{"desk", 1};
    sim::SimDisk store_disk{"desk-store", 1};
    asio::io_context context;
    test::ManualEnv e;
    std::optional<KeyRing> keys;
    std::unique_ptr<SqliteStore> store;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Desk> desk;
    std::uint64_t epoch = 77;  // of the kiosk
    ChainHead head{{77, 0}, {}};

    Post() {
        for (const char* file : {"k/tls.key", "k/tls.crt", "k/ca.crt"}) {
            e.files.content[file] = to_bytes(as_bytes("-----BEGIN X-----\n"));
        }
        keys = std::move(*KeyRing::open(e.env, "k"));
        start();
    }
    // As after a restart of the program: everything from the disk.
    void start() {
        desk.reset();
        journal.reset();
        store.reset();
        store = std::move(*SqliteStore::open({"/desk.db", store_disk.vfs(), false}, e.env, context.get_executor()));
        journal = std::move(*Journal::open({"/journal.db", disk.vfs(), d1, false, 0}, e.env, context.get_executor()));
        desk = std::make_unique<Desk>(e.env, *store, *journal, *keys, d1, std::nullopt, context.get_executor());
        REQUIRE(test::run(context, desk->load()));
    }
    // An inspection as its kiosk delivers it.
    void deliver(unsigned n, Outcome outcome, Ending ending = Ending::awaiting) {
        InspectionRecord r;
        r.inspection.crossing = crossing(n);
        r.inspection.trip.today = {Date{}};
        r.facts = build_facts(r.inspection);
        r.assessment.outcome = outcome;
        r.ending = ending;
        r.token = "K-100" + std::to_string(n);
        ArrivedEvent a;
        a.station = kiosk;
        a.position = {epoch, head.position.sequence + 1};
        a.body = keys->seal_body(encode_inspection(r));
        a.header.station = kiosk;
        a.header.position = a.position;
        a.header.kind = EventKind::inspection;
        a.header.crossing = crossing(n);
        a.header.previous = head.hash;
        a.header.wall = e.clock.wall();
        a.header.body_digest = body_digest(a.salt, a.body);
        a.header_bytes = encode_header(a.header);
        a.received = e.clock.wall();
        head = *follow(head, kiosk, a.header_bytes, a.salt, a.body);
        REQUIRE(test::run(context, store->commit(kiosk, {a}, {})));
        REQUIRE(test::run(context, desk->catch_up()));
    }
    static Decision decision(unsigned n, DecisionKind kind, std::string reason) {
        Decision d;
        d.crossing = crossing(n);
        d.kind = kind;
        d.officer = "officer";
        d.reason = std::move(reason);
        return d;
    }
    std::string decide(unsigned n, DecisionKind kind, std::string reason = "looked at it") {
        const Status done = test::run(context, desk->decide(decision(n, kind, std::move(reason))));
        return done ? "" : std::string{done.error().code};
    }
    [[nodiscard]] Ending ending(unsigned n) const { return desk->projection().find(crossing(n))->state.ending; }
};

}  // namespace

TEST_CASE("who is cleared has passed when the holder was seen, and not twice") {
    Post post;
    post.deliver(1, Outcome::clear);
    CHECK(post.desk->projection().waiting().size() == 1);
    CHECK(post.decide(1, DecisionKind::holder_seen, "").empty());
    CHECK(post.ending(1) == Ending::passed);
    CHECK(post.desk->projection().waiting().empty());
    CHECK(post.decide(1, DecisionKind::holder_seen, "") == "desk.decided");
    CHECK(post.desk->projection().find(crossing(1))->decisions.size() == 1);
}

TEST_CASE("a referral needs an officer's decision with a reason; that the holder was seen is none") {
    Post post;
    post.deliver(1, Outcome::officer);
    CHECK(post.decide(1, DecisionKind::holder_seen) == "desk.decided");
    CHECK(post.decide(1, DecisionKind::admitted, "") == "desk.reason");
    CHECK(post.decide(1, DecisionKind::admitted, std::string(2001, 'x')) == "desk.reason");
    CHECK(post.ending(1) == Ending::awaiting);
    CHECK(post.decide(1, DecisionKind::admitted).empty());
    CHECK(post.ending(1) == Ending::passed);
    CHECK(post.decide(2, DecisionKind::admitted) == "desk.unknown");
}

TEST_CASE("a case that went to the second line is decided there") {
    Post post;
    post.deliver(1, Outcome::officer);
    CHECK(post.decide(1, DecisionKind::to_second_line).empty());
    CHECK(post.ending(1) == Ending::handed_over);
    CHECK(post.decide(1, DecisionKind::admitted).empty());
    CHECK(post.ending(1) == Ending::passed);
    CHECK(post.decide(1, DecisionKind::not_admitted) == "desk.decided");
}

TEST_CASE("who asked for a person waits for one") {
    Post post;
    post.deliver(1, Outcome::officer, Ending::handed_over);
    post.deliver(2, Outcome::clear, Ending::left);
    CHECK(post.desk->projection().waiting().size() == 1);
    CHECK(post.decide(2, DecisionKind::admitted) == "desk.decided");
    CHECK(post.decide(1, DecisionKind::left).empty());
    CHECK(post.ending(1) == Ending::left);
}

TEST_CASE("two officers at the same moment: one decision each, shown once each") {
    using namespace boost::asio::experimental::awaitable_operators;
    Post post;
    post.deliver(1, Outcome::officer);
    post.deliver(2, Outcome::officer);
    const auto [first, second, again] =
        test::run(post.context, post.desk->decide(Post::decision(1, DecisionKind::admitted, "a")) &&
                                    post.desk->decide(Post::decision(2, DecisionKind::admitted, "b")) &&
                                    post.desk->decide(Post::decision(1, DecisionKind::not_admitted, "c")));
    CHECK(first);
    CHECK(second);
    CHECK(again.error().code == "desk.decided");
    CHECK(post.desk->projection().find(crossing(1))->decisions.size() == 1);
    CHECK(post.desk->projection().find(crossing(2))->decisions.size() == 1);
    CHECK(post.desk->projection().figures().passed == 2);
}

TEST_CASE("a new start knows every decision, also those that the journal has let go of") {
    Post post;
    post.deliver(1, Outcome::clear);
    post.deliver(2, Outcome::officer);
    CHECK(post.decide(1, DecisionKind::holder_seen, "").empty());
    CHECK(post.decide(2, DecisionKind::to_second_line).empty());
    post.start();
    CHECK(post.ending(1) == Ending::passed);
    CHECK(post.decide(2, DecisionKind::admitted).empty());

    // Thirty days later the centre has everything, and the journal keeps only what is newer.
    const Position last = post.journal->head();
    REQUIRE(test::run(post.context, post.journal->acknowledged("centre", last)));
    post.e.clock.advance(std::chrono::hours{24 * 31});
    const auto gone = test::run(post.context, post.journal->trim(post.e.clock.wall(), {"centre"}));
    REQUIRE(gone);
    CHECK(*gone > 0);
    post.start();
    CHECK(post.ending(1) == Ending::passed);
    CHECK(post.ending(2) == Ending::passed);
    CHECK(post.desk->projection().waiting().empty());
    post.deliver(3, Outcome::clear);
    CHECK(post.decide(3, DecisionKind::holder_seen, "").empty());
    CHECK(post.ending(3) == Ending::passed);
}

TEST_CASE("a journal that was made anew goes on beside what the store has of the old one") {
    Post post;
    post.deliver(1, Outcome::clear);
    CHECK(post.decide(1, DecisionKind::holder_seen, "").empty());
    post.desk.reset();
    post.journal.reset();
    post.journal = std::move(
        *Journal::open({"/other.db", post.disk.vfs(), d1, false, 0}, post.e.env, post.context.get_executor()));
    post.desk = std::make_unique<Desk>(post.e.env, *post.store, *post.journal, *post.keys, d1, std::nullopt,
                                       post.context.get_executor());
    REQUIRE(test::run(post.context, post.desk->load()));
    CHECK(post.ending(1) == Ending::passed);
    post.deliver(2, Outcome::clear);
    CHECK(post.decide(2, DecisionKind::holder_seen, "").empty());
    CHECK(post.ending(2) == Ending::passed);
}

TEST_CASE("a decision that the store could not take is written, shown later, and made once") {
    Post post;
    post.deliver(1, Outcome::officer);
    post.store_disk.limit(post.store_disk.used());
    const std::string long_reason(1900, 'x');  // more than the free space of a page
    CHECK(post.decide(1, DecisionKind::admitted, long_reason) == "desk.late");
    CHECK(post.ending(1) == Ending::awaiting);
    CHECK(post.decide(1, DecisionKind::not_admitted) == "desk.decided");
    post.store_disk.limit(std::nullopt);
    REQUIRE(test::run(post.context, post.desk->load()));
    CHECK(post.ending(1) == Ending::passed);
    CHECK(post.desk->projection().find(crossing(1))->decisions.size() == 1);
    CHECK(post.decide(1, DecisionKind::not_admitted) == "desk.decided");
}

TEST_CASE("a store that was lost is no reason to show no case") {
    Post post;
    post.deliver(1, Outcome::clear);
    CHECK(post.decide(1, DecisionKind::holder_seen, "").empty());
    REQUIRE(test::run(post.context, post.journal->acknowledged("centre", post.journal->head())));
    post.e.clock.advance(std::chrono::hours{24 * 31});
    REQUIRE(test::run(post.context, post.journal->trim(post.e.clock.wall(), {"centre"})));
    post.desk.reset();
    post.store.reset();
    post.store_disk.remove("/desk.db");
    post.store_disk.remove("/desk.db-wal");
    post.store = std::move(
        *SqliteStore::open({"/desk.db", post.store_disk.vfs(), false}, post.e.env, post.context.get_executor()));
    post.desk = std::make_unique<Desk>(post.e.env, *post.store, *post.journal, *post.keys, d1, std::nullopt,
                                       post.context.get_executor());
    const Status loaded = test::run(post.context, post.desk->load());
    REQUIRE_FALSE(loaded);  // and it is said
    CHECK(loaded.error().code == "journal.trimmed");
    post.head = {{78, 0}, {}};
    post.epoch = 78;
    post.deliver(2, Outcome::clear);
    CHECK(post.desk->projection().waiting().size() == 1);
}

TEST_CASE("a page shows the queue, a case, and what became of an action") {
    Post post;
    post.deliver(1, Outcome::officer);
    DeskSession session(
        *post.desk, {"officer", {}, {}}, [] { return true; }, [] { return UplinkStatus{}; });
    const auto act = [&](std::string action, boost::json::value value) {
        test::run(post.context, [](DeskSession& s, std::string a, boost::json::value v) -> Async<bool> {
            co_await s.act(std::move(a), std::move(v));
            co_return true;
        }(session, std::move(action), std::move(value)));
    };
    CHECK(session.view().state == "queue");
    CHECK(session.view().model.at("waiting").as_array().size() == 1);
    CHECK(session.view().model.at("recent").as_array().empty());
    act("open", boost::json::string(crossing(1).hex()));
    CHECK(session.view().state == "case");
    CHECK(session.view().model.at("case").at("can_decide").as_bool());
    act("decide", {{"id", crossing(1).hex()}, {"kind", "admitted"}, {"reason", ""}});
    CHECK(session.view().model.at("message") == "desk.reason");
    CHECK(session.view().state == "case");
    act("decide", {{"id", crossing(1).hex()}, {"kind", "admitted"}, {"reason", "looked at it"}});
    CHECK(session.view().model.at("message") == "desk.done");
    CHECK(session.view().state == "queue");
    CHECK(session.view().model.at("recent").as_array().size() == 1);
    // What is no action, no id or no value of the right kind changes nothing.
    for (const char* action : {"open", "holder_seen", "decide", "nothing"}) act(action, 7);
    act("open", boost::json::string("zz"));
    CHECK(session.view().state == "queue");
}
