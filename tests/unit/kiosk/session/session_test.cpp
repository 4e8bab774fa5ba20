// The session as a machine: every state, every way out, and what is written down.
#include "kiosk/session/session.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>

#include "core/trust/digest.hpp"
#include "kiosk/session/times.hpp"
#include "tests/support/national_cards.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

const Date today = *Date::parse("2026-11-24");

class Counting final : public Entropy {
  public:
    void fill(std::span<std::byte> out) override {
        for (std::byte& b : out) b = static_cast<std::byte>(++next_ * 37);
    }

  private:
    unsigned next_ = 0;
};

Pack sample_pack() {
    std::ifstream in(std::string{PASO_SOURCE_DIR} + "/deploy/packs/uto-demo.toml", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto pack = parse_draft(as_bytes(text), schema());
    REQUIRE(pack);
    return *pack;
}

std::vector<std::string> lines_of(const std::string& birth, const std::string& expiry,
                                  const std::string& number = "C01X00077", const std::string& nationality = "XXB") {
    const auto lines = write_mrz({.format = MrzFormat::td3,
                                  .code = "P",
                                  .issuer = "UTO",
                                  .nationality = nationality,
                                  .number = number,
                                  .surname = "NEBEL",
                                  .given_names = "ODA",
                                  .birth = birth,
                                  .expiry = expiry,
                                  .sex = Sex::female});
    REQUIRE(lines);
    return *lines;
}

MrzReading reading(const std::vector<std::string>& lines, std::uint64_t frame) {
    MrzReading r;
    for (const std::string& line : lines) {
        MrzRow row;
        for (const char c : line) {
            MrzCell cell;
            cell.fill(std::log(0.0005F / 36));
            cell[static_cast<std::size_t>(mrz_class(c))] = std::log(0.9995F);
            row.cells.push_back(cell);
        }
        r.rows.push_back(std::move(row));
    }
    r.frame = frame;
    return r;
}

// A session with its effects in view.
struct Bench {
    Counting entropy;
    SessionSettings settings;
    std::optional<Session> session;
    MonoTime now{1'000'000'000'000};
    std::vector<InspectionRecord> written;
    std::optional<link::Watch> watch;
    std::optional<bool> marked;
    std::uint64_t frame = 0;

    explicit Bench(TravelMode mode = TravelMode::land) {
        settings.trip.state = "UTO";
        settings.trip.post = "Puente Nuevo";
        settings.trip.mode = mode;
        settings.desk = "3";
        settings.pack = sample_pack();
        settings.check_list = [](const std::string&) { return ListCheck{"number", Known<bool>{false}}; };
        open();
    }
    void open() { session.emplace(settings, entropy); }
    std::pair<std::vector<Date>, ClockState> day{{today}, ClockState::sure};
    void give(const SessionInput& in) {
        session->set_day(day.first, day.second, {1'795'000'000'000});  // as the driver does before each input
        for (const SessionEffect& e : session->handle(in, now)) {
            if (const auto* w = std::get_if<link::Watch>(&e)) watch = *w;
            if (const auto* a = std::get_if<AppendInspection>(&e)) written.push_back(a->record);
            if (const auto* m = std::get_if<MarkOpen>(&e)) marked = m->open;
        }
    }
    void touch(const std::string& action, const std::string& value = "") { give(PageInput{action, value}); }
    void pass(Duration time) {
        now = now + time;
        give(TimePassed{});
    }
    void glass(bool there, bool still) { give(link::GlassSeen{there, still, ++frame}); }
    void see(const std::vector<std::string>& lines) { give(link::MrzSeen{reading(lines, ++frame)}); }
    [[nodiscard]] SessionState state() const { return session->state(); }

    void to_document(const std::string& party = "1,0") {
        touch("start");
        touch("language", "es");
        touch("agree");
        touch("party", party);
        REQUIRE(state() == SessionState::document);
    }
    void to_confirm(const std::vector<std::string>& lines, const std::string& party = "1,0") {
        to_document(party);
        glass(true, true);
        see(lines);
        see(lines);
    }
};

const std::vector<std::string>& adult() {
    static const auto lines = lines_of("850412", "330101");
    return lines;
}

}  // namespace

TEST_CASE("a clear traveller, from the first touch to the last screen") {
    Bench b;
    CHECK(b.state() == SessionState::idle);
    b.touch("start");
    CHECK(b.state() == SessionState::language);
    b.touch("language", "ar");
    CHECK(b.state() == SessionState::notice);
    CHECK(b.session->language() == "ar");
    CHECK_FALSE(b.marked);
    b.touch("agree");
    CHECK(b.state() == SessionState::party);
    CHECK(b.marked == true);
    b.touch("party", "1,0");
    CHECK(b.state() == SessionState::document);
    REQUIRE(b.watch);
    CHECK(b.watch->mrz);
    CHECK(b.watch->preview);
    b.glass(true, true);
    CHECK(b.session->hint() == DocumentHint::reading);
    b.see(adult());
    CHECK(b.state() == SessionState::document);  // one frame is not enough
    b.see(adult());
    CHECK(b.state() == SessionState::confirm);
    CHECK_FALSE(b.watch->mrz);
    CHECK(b.session->document()->surname.reveal() == "NEBEL");
    b.touch("right");
    CHECK(b.state() == SessionState::saving);
    REQUIRE(b.written.size() == 1);
    CHECK(b.written[0].assessment.outcome == Outcome::clear);
    CHECK(b.written[0].ending == Ending::awaiting);
    CHECK(b.written[0].language == "ar");
    b.give(Stored{true});
    CHECK(b.state() == SessionState::result);
    CHECK(b.marked == false);
    b.pass(9s);
    CHECK(b.state() == SessionState::result);
    b.pass(2s);
    CHECK(b.state() == SessionState::idle);
    CHECK_FALSE(b.session->document());
    CHECK_FALSE(b.session->finished());
    CHECK(b.session->language() == "en");
}

TEST_CASE("the last screen waits for the disk, and a full one is said") {
    Bench b;
    b.to_confirm(adult());
    b.touch("right");
    b.pass(5s);
    CHECK(b.state() == SessionState::saving);
    b.give(Stored{false});
    CHECK(b.state() == SessionState::out_of_service);
    b.touch("start");
    CHECK(b.state() == SessionState::out_of_service);
    b.give(Health{true, true});
    CHECK(b.state() == SessionState::idle);
}

TEST_CASE("an expired document, and a child alone, see an officer") {
    Bench b;
    b.to_confirm(lines_of("850412", "240101"));
    b.touch("right");
    REQUIRE(b.written.size() == 1);
    CHECK(b.written[0].assessment.outcome == Outcome::officer);
    b.give(Stored{true});
    b.touch("done");
    b.to_confirm(lines_of("140412", "330101"));
    b.touch("right");
    CHECK(b.written.at(1).assessment.outcome == Outcome::officer);
    b.give(Stored{true});
    b.touch("done");
    b.to_confirm(lines_of("140412", "330101", "C01X00078"), "2,1");
    b.touch("right");
    CHECK(b.written.at(2).assessment.outcome == Outcome::clear);
}

TEST_CASE("a question is asked only when an answer matters") {
    Bench b;
    b.to_confirm(lines_of("850412", "270301"));  // four months left
    b.touch("right");
    CHECK(b.state() == SessionState::question);
    SECTION("yes") {
        b.touch("answer", "yes");
        CHECK(b.written.at(0).assessment.outcome == Outcome::clear);
    }
    SECTION("no") {
        b.touch("answer", "no");
        CHECK(b.written.at(0).assessment.outcome == Outcome::officer);
    }
    SECTION("not sure leads to a person") {
        b.touch("answer", "unsure");
        CHECK(b.written.at(0).assessment.outcome == Outcome::officer);
    }
    SECTION("anything else is no answer") {
        b.touch("answer", "perhaps");
        CHECK(b.state() == SessionState::question);
    }
}

TEST_CASE("by air a boarding pass is asked for, and not having one is normal") {
    Bench b(TravelMode::air);
    b.to_confirm(adult());
    b.touch("right");
    CHECK(b.state() == SessionState::boarding_pass);
    SECTION("none") { b.touch("none"); }
    SECTION("scanned") {
        BarcodeReading r;
        r.symbology = Symbology::pdf417;
        r.bytes = to_bytes(as_bytes("M1NEBEL/ODA           EABC123 UTAUTBUT 0834 328Y012A0042 100"));
        b.give(link::BarcodeSeen{r, true});
    }
    CHECK(b.state() == SessionState::saving);
    CHECK(b.written.at(0).inspection.barcodes.size() <= 1);
}

TEST_CASE("a person can be asked for from each state, and it is written down") {
    for (const int steps : {1, 2, 3, 4, 5, 6}) {
        Bench b(TravelMode::air);
        if (steps >= 1) b.touch("start");
        if (steps >= 2) b.touch("language", "en");
        if (steps >= 3) b.touch("agree");
        if (steps >= 4) b.touch("party", "1,0");
        if (steps >= 5) {
            b.see(adult());
            b.see(adult());
        }
        if (steps >= 6) b.touch("right");
        b.touch("officer");
        INFO(steps);
        CHECK(b.state() == SessionState::saving);
        REQUIRE(b.written.size() == 1);
        CHECK(b.written[0].ending == Ending::handed_over);
        b.give(Stored{true});
        CHECK(b.state() == SessionState::result);
    }
}

TEST_CASE("a wrong name leads to a person") {
    Bench b;
    b.to_confirm(adult());
    b.touch("wrong");
    CHECK(b.written.at(0).ending == Ending::handed_over);
}

TEST_CASE("who walks away is warned, then the session closes") {
    Bench b;
    b.to_document();
    b.pass(59s);
    CHECK_FALSE(b.session->warned());
    b.pass(2s);
    CHECK(b.session->warned());
    b.touch("more_time");
    CHECK_FALSE(b.session->warned());
    b.pass(61s);
    CHECK(b.session->warned());
    b.pass(30s);
    REQUIRE(b.written.size() == 1);
    CHECK(b.written[0].ending == Ending::left);
    b.give(Stored{true});
    CHECK(b.state() == SessionState::idle);
}

TEST_CASE("before the notice is agreed to nothing is written") {
    Bench b;
    b.touch("start");
    b.touch("language", "en");
    b.pass(91s);
    CHECK(b.state() == SessionState::idle);
    CHECK(b.written.empty());
    b.touch("start");
    b.touch("cancel");
    CHECK(b.state() == SessionState::idle);
    CHECK(b.written.empty());
}

TEST_CASE("a page that cannot be read: once it is turned, then a person looks") {
    Bench b;
    b.to_document();
    b.glass(true, true);
    b.pass(9s);
    CHECK(b.session->hint() == DocumentHint::turn_over);
    CHECK(b.session->attempts() == 1);
    b.glass(true, true);
    CHECK(b.session->hint() == DocumentHint::turn_over);  // it must leave the glass first
    b.glass(false, true);
    b.glass(true, false);
    CHECK(b.session->hint() == DocumentHint::hold_still);
    b.glass(true, true);
    b.pass(9s);
    REQUIRE(b.written.size() == 1);
    CHECK(b.written[0].assessment.outcome == Outcome::officer);
    CHECK(b.written[0].ending == Ending::awaiting);
    CHECK_FALSE(b.written[0].inspection.document);
}

TEST_CASE("check digits that do not hold go along as proposed, to a person") {
    Bench b;
    auto lines = adult();
    lines[1][9] = lines[1][9] == '0' ? '1' : '0';
    b.to_document();
    for (int attempt = 0; attempt < 2; ++attempt) {
        b.glass(false, true);
        b.glass(true, true);
        b.see(lines);
        b.see(lines);
        CHECK(b.state() == SessionState::document);
        b.pass(9s);
    }
    REQUIRE(b.written.size() == 1);
    REQUIRE(b.written[0].inspection.document);
    CHECK(b.written[0].inspection.document->state == MrzState::proposed);
    CHECK(b.written[0].assessment.outcome == Outcome::officer);
}

TEST_CASE("the same document within ten minutes gets the same answer and no second crossing") {
    Bench b;
    b.to_confirm(adult());
    b.touch("right");
    b.give(Stored{true});
    const std::string token = b.session->finished()->token;
    b.touch("done");
    b.pass(300s);
    b.to_confirm(adult());
    CHECK(b.state() == SessionState::result);
    CHECK(b.session->seen_before());
    CHECK(b.session->finished()->token == token);
    CHECK(b.written.size() == 1);
    b.touch("done");
    b.pass(601s);
    b.to_confirm(adult());
    CHECK(b.state() == SessionState::confirm);
}

TEST_CASE("without the reader the kiosk says so, and hands over when it stays away") {
    Bench b;
    b.to_document();
    b.give(Health{true, false});
    CHECK(b.session->hint() == DocumentHint::reader_away);
    b.pass(5s);
    CHECK(b.state() == SessionState::document);
    b.give(Health{true, true});
    CHECK(b.session->hint() == DocumentHint::place);
    CHECK(b.watch->mrz);  // the new reader is told what to look for
    b.give(Health{true, false});
    b.pass(16s);
    CHECK(b.written.at(0).ending == Ending::handed_over);
    b.give(Stored{true});
    b.touch("done");
    b.pass(1s);
    CHECK(b.state() == SessionState::out_of_service);
    b.give(Health{true, true});
    CHECK(b.state() == SessionState::idle);
}

TEST_CASE("without rules the kiosk is out of service") {
    Bench b;
    b.settings.pack.reset();
    b.open();
    CHECK(b.state() == SessionState::out_of_service);
    b.touch("start");
    b.give(Health{true, true});
    CHECK(b.state() == SessionState::out_of_service);
}

TEST_CASE("an unsure clock makes the day a set, and only a difference refers") {
    Bench b;
    b.day = {{today, today.plus_days(-1), today.plus_days(1)}, ClockState::unsure};
    b.touch("start");
    b.touch("language", "en");
    b.touch("agree");
    b.touch("party", "1,0");
    b.see(adult());
    b.see(adult());
    b.touch("right");
    REQUIRE(b.written.size() == 1);
    CHECK(b.written[0].inspection.trip.today.size() == 3);
    CHECK(b.written[0].inspection.trip.clock == ClockState::unsure);
    CHECK(b.written[0].assessment.outcome == Outcome::clear);
}

TEST_CASE("a list that is away or old refers") {
    Bench b;
    b.settings.check_list = [](const std::string&) { return ListCheck{"number", Known<bool>{Cause::list_stale}}; };
    b.open();
    b.to_confirm(adult());
    b.touch("right");
    CHECK(b.written.at(0).assessment.outcome == Outcome::officer);
}

TEST_CASE("lists are asked for letters and digits; an empty number is not read") {
    Bench b;
    std::vector<std::string> asked;
    b.settings.check_list = [&](const std::string& n) {
        asked.push_back(n);
        return ListCheck{"number", Known<bool>{n == "AB12345"}};
    };
    b.open();
    SECTION("a filler stands inside") {
        b.to_confirm(lines_of("850412", "330101", "AB<12345"));
        b.touch("right");
        CHECK(asked.back() == "AB12345");
        CHECK(b.written.at(0).assessment.outcome == Outcome::officer);
    }
    SECTION("there is none") {
        b.to_confirm(lines_of("850412", "330101", ""));
        b.touch("right");
        CHECK(asked.empty());
        CHECK(b.written.at(0).assessment.outcome == Outcome::officer);
    }
}

TEST_CASE("templates of fingers on a national card are gone before anything is made of it") {
    Bench b;
    b.to_document("1,0");
    BarcodeReading r;
    r.symbology = Symbology::pdf417;
    r.bytes = to_bytes(as_bytes(test::colombia_card({})));
    b.give(link::BarcodeSeen{r, true});
    b.glass(true, true);
    b.see(adult());
    b.see(adult());
    b.touch("right");
    REQUIRE(b.written.at(0).inspection.barcodes.size() == 1);
    const auto begin = r.bytes.begin() + static_cast<std::ptrdiff_t>(test::colombia_template_begin);
    std::fill(begin, r.bytes.end(), std::byte{0});
    CHECK(b.written.at(0).inspection.barcodes.front().digest == sha256(r.bytes));
}

TEST_CASE("touches that do not belong to the state change nothing") {
    Bench b;
    for (const char* action : {"agree", "right", "done", "answer", "party", "none", "nonsense", "officer", "cancel"})
        b.touch(action, "x");
    CHECK(b.state() == SessionState::idle);
    b.touch("start");
    b.touch("language", "tlh");
    CHECK(b.state() == SessionState::language);
    b.touch("language", "en");
    b.touch("agree");
    for (const char* party : {"", "x", "9,9", "-1,2", "0,0", "1", "1,", "1,0,0", "1,0x"}) b.touch("party", party);
    CHECK(b.state() == SessionState::party);
    CHECK(b.written.empty());
}

TEST_CASE("every state has a deadline in reach") {
    Bench b(TravelMode::air);
    const auto near = [&] { return b.session->deadline() - b.now <= 91s; };
    CHECK(near());
    for (const auto& [action, value] : {std::pair{"start", ""}, {"language", "en"}, {"agree", ""}, {"party", "1,0"}}) {
        b.touch(action, value);
        CHECK(near());
    }
    b.glass(true, true);
    CHECK(b.session->deadline() - b.now <= attempt_time);
}

namespace {

// Half a second of frames that show the same.
void look(Bench& b, MrzSight sight) {
    for (int i = 0; i < 15; ++i) {
        b.pass(33ms);
        sight.captured = b.now;
        b.give(link::SightSeen{sight});
    }
}

}  // namespace

TEST_CASE("what hinders the reading is said while a document lies there, and with it where") {
    Bench b;
    b.to_document();
    MrzSight dazzled;
    dazzled.page = true;
    dazzled.burnt = 0.05F;
    dazzled.burnt_place = {0.4F, 0.7F, 0.1F, 0.1F};
    look(b, dazzled);
    CHECK(b.session->hint() == DocumentHint::place);  // the glass is empty
    b.glass(true, true);
    look(b, dazzled);
    CHECK(b.session->hint() == DocumentHint::glare);
    CHECK(b.session->hint_place() == dazzled.burnt_place);
    MrzSight far;
    far.page = true;
    far.character = 4;
    far.page_place = {0.4F, 0.4F, 0.1F, 0.1F};
    look(b, far);
    look(b, far);
    CHECK(b.session->hint() == DocumentHint::too_far);
    CHECK(b.session->hint_place() == PicturePlace{});
    b.glass(false, true);
    CHECK(b.session->hint() == DocumentHint::place);
    b.glass(true, true);
    CHECK(b.session->hint() == DocumentHint::reading);
}

namespace {

void look(Bench& b, SymbolSight sight) {
    for (int i = 0; i < 15; ++i) {
        b.pass(33ms);
        sight.captured = b.now;
        b.give(link::SymbolSightSeen{sight});
    }
}

SymbolSight covered_symbol() {
    SymbolSight s;
    s.symbol = true;
    s.module = 6;
    s.contrast = 180;
    s.light = 220;
    s.hand = 0.2F;
    s.hand_place = {0.3F, 0.4F, 0.2F, 0.2F};
    return s;
}

}  // namespace

TEST_CASE("of rows and a symbol that are both not read the rows are spoken of, of a symbol alone the symbol") {
    Bench b;
    b.to_document();
    b.glass(true, true);
    look(b, covered_symbol());
    CHECK(b.session->hint() == DocumentHint::covered);
    CHECK(b.session->hint_place() == covered_symbol().hand_place);
    MrzSight soft;
    soft.page = soft.rows = true;
    soft.character = 18;
    soft.softness = 4;
    look(b, soft);
    look(b, covered_symbol());
    look(b, soft);
    CHECK(b.session->hint() == DocumentHint::blur);
    MrzSight page;  // and a page without rows gives way to the symbol on it
    page.page = true;
    page.print = 0.3F;
    look(b, page);
    look(b, page);
    look(b, page);
    look(b, covered_symbol());
    CHECK(b.session->hint() == DocumentHint::covered);
    SymbolSight read = covered_symbol();
    read.read = true;
    look(b, read);
    CHECK(b.session->hint() == DocumentHint::wrong_page);
    b.glass(false, true);
    CHECK(b.session->hint() == DocumentHint::place);
}

TEST_CASE("while a boarding pass is waited for, what hinders its symbol is said, and nothing over an empty glass") {
    Bench b(TravelMode::air);
    b.to_confirm(adult());
    b.touch("right");
    REQUIRE(b.state() == SessionState::boarding_pass);
    CHECK(b.session->hint() == DocumentHint::place);
    b.glass(true, true);
    CHECK(b.session->hint() == DocumentHint::place);
    SymbolSight dim = covered_symbol();
    dim.hand = 0;
    dim.light = 30;
    dim.contrast = 18;
    look(b, dim);
    CHECK(b.session->hint() == DocumentHint::too_dark);
    look(b, covered_symbol());
    look(b, covered_symbol());
    CHECK(b.session->hint() == DocumentHint::covered);
    CHECK(b.session->hint_place() == covered_symbol().hand_place);
    b.glass(false, true);
    CHECK(b.session->hint() == DocumentHint::place);
}

TEST_CASE("a document that could not be read is turned, whatever hindered the reading") {
    Bench b;
    b.to_document();
    b.glass(true, true);
    MrzSight other;
    other.page = true;
    other.print = 0.3F;
    look(b, other);
    CHECK(b.session->hint() == DocumentHint::wrong_page);
    b.pass(9s);
    CHECK(b.session->hint() == DocumentHint::turn_over);
    look(b, other);
    CHECK(b.session->hint() == DocumentHint::turn_over);
}

TEST_CASE("a document that was left behind is no sign of its owner") {
    Bench b;
    b.to_document();
    b.glass(true, true);
    b.pass(9s);
    CHECK(b.session->hint() == DocumentHint::turn_over);
    for (int second = 0; second < 100 && b.state() == SessionState::document; ++second) {
        b.glass(true, true);
        b.pass(1s);
    }
    REQUIRE(b.written.size() == 1);
    CHECK(b.written[0].ending == Ending::left);
}

TEST_CASE("a hand on the glass keeps the session, and ends a warning") {
    Bench b;
    b.to_document();
    b.pass(61s);
    CHECK(b.session->warned());
    b.glass(true, false);
    CHECK_FALSE(b.session->warned());
    b.pass(59s);
    CHECK(b.state() == SessionState::document);
    CHECK_FALSE(b.session->warned());
}

TEST_CASE("time without the reader is no failed attempt, and its end is a deadline") {
    Bench b;
    b.to_document();
    b.glass(true, true);
    b.give(Health{true, false});
    CHECK(b.session->deadline() == b.now + devices_patience);
    b.pass(attempt_time + 1s);
    CHECK(b.session->attempts() == 0);
    CHECK(b.session->hint() == DocumentHint::reader_away);
}

TEST_CASE("what is remembered of a crossing names nobody") {
    Bench b;
    b.to_confirm(lines_of("850412", "240101"));
    b.touch("right");
    b.give(Stored{true});
    REQUIRE(b.session->finished()->inspection.document);
    b.touch("done");
    b.to_confirm(lines_of("850412", "240101"));
    REQUIRE(b.session->seen_before());
    const InspectionRecord& again = *b.session->finished();
    CHECK_FALSE(again.inspection.document);
    CHECK(again.facts.entries().empty());
    CHECK(again.assessment.outcome == Outcome::officer);
    bool told = false;
    for (const Finding& f : again.assessment.findings) {
        CHECK(f.facts.empty());
        told = told || f.reason == "expired";
    }
    CHECK(told);
}

TEST_CASE("ten minutes are ten minutes, whether or not the clock was looked at in between") {
    Bench b;
    b.to_confirm(adult());
    b.touch("right");
    b.give(Stored{true});
    b.touch("done");
    b.session->set_day({today}, ClockState::sure, {1'795'000'000'000});
    b.to_document();
    b.see(adult());
    b.now = b.now + recent_time + 1s;
    b.see(adult());
    CHECK(b.state() == SessionState::confirm);
    CHECK_FALSE(b.session->seen_before());
}
