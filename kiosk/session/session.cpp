// Over 400 lines with session_document.cpp: one machine, its states in the order in which a traveller meets them.
#include "kiosk/session/session.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/inspection/fact_schema.hpp"
#include "core/trust/digest.hpp"
#include "kiosk/session/times.hpp"

namespace paso {

namespace {

// What the same document is told within ten minutes: its token and the reasons, without what was read.
InspectionRecord without_person(const InspectionRecord& record) {
    InspectionRecord out;
    out.ending = record.ending;
    out.token = record.token;
    out.assessment = record.assessment;
    for (Finding& finding : out.assessment.findings) finding.facts.clear();
    return out;
}

}  // namespace

std::string_view name(SessionState s) {
    switch (s) {
        case SessionState::out_of_service:
            return "out_of_service";
        case SessionState::idle:
            return "idle";
        case SessionState::language:
            return "language";
        case SessionState::notice:
            return "notice";
        case SessionState::party:
            return "party";
        case SessionState::document:
            return "document";
        case SessionState::confirm:
            return "confirm";
        case SessionState::boarding_pass:
            return "boarding_pass";
        case SessionState::question:
            return "question";
        case SessionState::saving:
            return "saving";
        case SessionState::result:
            return "result";
    }
    return "idle";
}

Session::Session(SessionSettings settings, Entropy& entropy) : settings_(std::move(settings)), entropy_(entropy) {
    entropy_.fill(salt_);
    if (!settings_.pack) state_ = SessionState::out_of_service;
}

void Session::set_day(std::vector<Date> today, ClockState clock, WallTime now) {
    // A session keeps the day that it began with: an answer must not change under somebody's hands at midnight.
    if (active() && !today_.empty()) return;
    today_ = std::move(today);
    clock_ = clock;
    wall_ = now;
}

bool Session::active() const {
    switch (state_) {
        case SessionState::out_of_service:
        case SessionState::idle:
        case SessionState::saving:
        case SessionState::result:
            return false;
        case SessionState::language:
        case SessionState::notice:
        case SessionState::party:
        case SessionState::document:
        case SessionState::confirm:
        case SessionState::boarding_pass:
        case SessionState::question:
            return true;
    }
    return false;
}

MonoTime Session::deadline() const {
    const bool reads = state_ == SessionState::document || state_ == SessionState::boarding_pass;
    if (reads && devices_away_.ns != 0) return std::min(devices_away_ + devices_patience, idle_deadline());
    switch (state_) {
        case SessionState::result:
            return entered_ + result_time;
        case SessionState::document:
            if (placed_.ns != 0 && hint_ != DocumentHint::turn_over)
                return std::min(placed_ + attempt_time, idle_deadline());
            break;
        case SessionState::idle:
        case SessionState::out_of_service:
        case SessionState::saving:
            return now_ + idle_check;
        case SessionState::language:
        case SessionState::notice:
        case SessionState::party:
        case SessionState::confirm:
        case SessionState::boarding_pass:
        case SessionState::question:
            break;
    }
    return idle_deadline();
}

MonoTime Session::idle_deadline() const { return touched_ + (warned_ ? warn_time + leave_time : warn_time); }

void Session::sign() {
    touched_ = now_;
    warned_ = false;
}

std::vector<SessionEffect> Session::handle(const SessionInput& input, MonoTime now) {
    now_ = now;
    forget_old();
    Effects out;
    if (const auto* page = std::get_if<PageInput>(&input)) on_page(*page, out);
    if (const auto* mrz = std::get_if<link::MrzSeen>(&input)) on_mrz(mrz->reading, out);
    if (const auto* barcode = std::get_if<link::BarcodeSeen>(&input)) on_barcode(barcode->reading, out);
    if (const auto* glass = std::get_if<link::GlassSeen>(&input)) on_glass(*glass, out);
    if (const auto* sight = std::get_if<link::SightSeen>(&input)) on_sight(sight->sight);
    if (const auto* sight = std::get_if<link::SymbolSightSeen>(&input)) on_sight(sight->sight);
    if (const auto* health = std::get_if<Health>(&input)) on_health(*health, out);
    if (const auto* stored = std::get_if<Stored>(&input)) on_stored(stored->done, out);
    on_time(out);
    return out;
}

void Session::enter(SessionState next, Effects& out) {
    const bool reads = next == SessionState::document || next == SessionState::boarding_pass;
    const bool read = state_ == SessionState::document || state_ == SessionState::boarding_pass;
    state_ = next;
    entered_ = now_;
    placed_ = {};
    hints_ = {};
    symbol_hints_ = {};
    rows_seen_ = {};
    warned_ = false;
    if (reads) {
        out.push_back(link::Watch{next == SessionState::document, true, true});
    } else if (read) {
        out.push_back(link::Watch{});
    }
}

void Session::on_page(const PageInput& in, Effects& out) {
    sign();
    if (in.action == "more_time") return;
    if (active() && in.action == "officer") return finish(Ending::handed_over, out);
    if (active() && in.action == "cancel") return finish(Ending::left, out);
    switch (state_) {
        case SessionState::idle:
            if (in.action == "start") enter(SessionState::language, out);
            return;
        case SessionState::language: {
            const auto& known = settings_.languages;
            if (in.action != "language" || std::find(known.begin(), known.end(), in.value) == known.end()) return;
            language_ = in.value;
            return enter(SessionState::notice, out);
        }
        case SessionState::notice:
            if (in.action == "back") return enter(SessionState::language, out);
            if (in.action != "agree") return;
            entropy_.fill(crossing_.bytes);
            out.push_back(MarkOpen{true});
            return enter(SessionState::party, out);
        case SessionState::party:
            if (in.action == "party") set_party(in.value, out);
            return;
        case SessionState::document:
            if (in.action != "again") return;
            hint_ = DocumentHint::place;
            placed_ = {};
            return;
        case SessionState::confirm:
            if (in.action == "right") return after_confirm(out);
            if (in.action == "wrong") finish(Ending::handed_over, out);
            return;
        case SessionState::boarding_pass:
            if (in.action == "none") ask_or_finish(out);
            return;
        case SessionState::question:
            if (in.action == "answer") answer(in.value, out);
            return;
        case SessionState::result:
            if (in.action == "done") end(out);
            return;
        case SessionState::saving:
        case SessionState::out_of_service:
            return;
    }
}

// "1,0" is alone; otherwise adults and children, the traveller included: at most five of each.
void Session::set_party(std::string_view value, Effects& out) {
    int count[2] = {0, 0};
    const std::size_t comma = value.find(',');
    if (comma == std::string_view::npos) return;
    const std::string_view parts[2] = {value.substr(0, comma), value.substr(comma + 1)};
    for (int i = 0; i < 2; ++i) {
        const char* end = parts[i].data() + parts[i].size();
        const auto parsed = std::from_chars(parts[i].data(), end, count[i]);
        if (parsed.ec != std::errc{} || parsed.ptr != end || count[i] < 0 || count[i] > 5) return;
    }
    if (count[0] + count[1] < 1) return;
    party_ = Party{count[0] + count[1] == 1, count[0], count[1]};
    enter(SessionState::document, out);
}

void Session::after_confirm(Effects& out) {
    const bool have_pass = std::any_of(barcodes_.begin(), barcodes_.end(), [](const BarcodeContent& b) {
        return std::holds_alternative<BoardingPass>(b.what);
    });
    if (settings_.trip.mode == TravelMode::air && !have_pass) return enter(SessionState::boarding_pass, out);
    ask_or_finish(out);
}

void Session::ask_or_finish(Effects& out) {
    if (answers_.empty() && question_matters()) return enter(SessionState::question, out);
    finish(Ending::awaiting, out);
}

// True when an answer to "do you live here?" could change what the rules say.
bool Session::question_matters() const {
    const Inspection in = inspection();
    const Outcome without = assess(*settings_.pack, build_facts(in)).outcome;
    for (const bool yes : {true, false}) {
        Inspection answered = in;
        answered.answers.push_back({"resident", Known<bool>{yes}});
        if (assess(*settings_.pack, build_facts(answered)).outcome != without) return true;
    }
    return false;
}

void Session::answer(std::string_view value, Effects& out) {
    if (value == "yes")
        answers_.push_back({"resident", Known<bool>{true}});
    else if (value == "no")
        answers_.push_back({"resident", Known<bool>{false}});
    else if (value == "unsure")
        answers_.push_back({"resident", Known<bool>{Cause::not_read}});
    else
        return;
    finish(Ending::awaiting, out);
}

// Lists have letters and digits; what an MRZ puts between them (AB<12345) is none of the number.
std::string Session::number_for_lists() const {
    std::string number = document_ ? document_->number.reveal() : std::string{};
    std::erase(number, '<');
    return number;
}

Inspection Session::inspection() const {
    Inspection in;
    in.crossing = crossing_;
    in.trip = settings_.trip;
    in.trip.today = today_;
    in.trip.clock = clock_;
    in.party = party_;
    in.document = document_;
    in.barcodes = barcodes_;
    in.answers = answers_;
    if (!document_) return in;
    const std::string number = number_for_lists();
    if (settings_.check_list)
        in.lists.push_back(number.empty() ? ListCheck{"number", Known<bool>{Cause::not_read}}
                                          : settings_.check_list(number));
    if (settings_.list_facts && !number.empty()) in.stated = settings_.list_facts(number);
    if (settings_.list_facts && number.empty()) in.stated.set_unknown(fact::list_match, Cause::not_read);
    return in;
}

InspectionRecord Session::assessed() const {
    InspectionRecord record;
    record.inspection = inspection();
    record.facts = build_facts(record.inspection);
    record.assessment = assess(*settings_.pack, record.facts);
    record.language = language_;
    record.state = name(state_);
    return record;
}

std::string Session::new_token() {
    std::array<std::byte, 2> random{};
    entropy_.fill(random);
    const unsigned number = (std::to_integer<unsigned>(random[0]) << 8U | std::to_integer<unsigned>(random[1])) % 9000U;
    return "K-" + std::to_string(1000U + number);
}

// Ends the inspection: the event is written before anybody is told (law 4). Before the notice was agreed to there is
// none.
void Session::finish(Ending ending, Effects& out) {
    const bool before_notice = state_ == SessionState::language || state_ == SessionState::notice;
    if (before_notice && ending != Ending::handed_over) return end(out);
    if (before_notice) entropy_.fill(crossing_.bytes);
    InspectionRecord record = assessed();
    record.ending = ending;
    record.token = new_token();
    finished_ = record;
    enter(SessionState::saving, out);
    out.push_back(AppendInspection{std::move(record)});
}

void Session::on_stored(bool done, Effects& out) {
    if (state_ != SessionState::saving) return;
    if (!done) {
        health_.journal = false;
        end(out);
        return enter(SessionState::out_of_service, out);
    }
    const bool gone = finished_->ending == Ending::left;
    if (document_ && finished_->ending == Ending::awaiting) {
        if (const auto key = key_of(*document_)) recent_[*key] = {without_person(*finished_), now_};
    }
    if (gone) return end(out);
    enter(SessionState::result, out);
    out.push_back(MarkOpen{false});
}

// Back to the start; nothing of the person stays.
void Session::end(Effects& out) {
    language_ = "en";
    crossing_ = {};
    today_.clear();
    party_.reset();
    fusion_ = {};
    hint_ = DocumentHint::place;
    attempts_ = 0;
    document_.reset();
    barcodes_.clear();
    answers_.clear();
    finished_.reset();
    seen_before_ = false;
    enter(health_.journal && settings_.pack ? SessionState::idle : SessionState::out_of_service, out);
    out.push_back(MarkOpen{false});
}

void Session::on_health(const Health& health, Effects& out) {
    if (health.devices) {
        devices_away_ = {};
        if (hint_ == DocumentHint::reader_away) hint_ = DocumentHint::place;
        const bool reads = state_ == SessionState::document || state_ == SessionState::boarding_pass;
        if (!health_.devices && reads) out.push_back(link::Watch{state_ == SessionState::document, true, true});
    } else if (health_.devices || devices_away_.ns == 0) {
        devices_away_ = now_;
        placed_ = {};  // what the reader cannot see is no failed attempt
        if (state_ == SessionState::document) hint_ = DocumentHint::reader_away;
    }
    health_ = health;
    const bool works = health_.journal && health_.devices && settings_.pack.has_value();
    if (state_ == SessionState::out_of_service && works) enter(SessionState::idle, out);
    if (state_ == SessionState::idle && !health_.journal) enter(SessionState::out_of_service, out);
}

void Session::on_time(Effects& out) {
    const bool devices_gone = devices_away_.ns != 0 && now_ - devices_away_ >= devices_patience;
    if (state_ == SessionState::idle && devices_gone) return enter(SessionState::out_of_service, out);
    if (state_ == SessionState::result && now_ - entered_ >= result_time) return end(out);
    const bool waiting_for_reader = state_ == SessionState::document || state_ == SessionState::boarding_pass;
    if (waiting_for_reader && devices_gone) return finish(Ending::handed_over, out);
    if (state_ == SessionState::document && placed_.ns != 0 && hint_ != DocumentHint::turn_over &&
        now_ - placed_ >= attempt_time) {
        attempt_failed(out);
    }
    if (!active()) return;
    if (now_ - touched_ >= warn_time + leave_time) return finish(Ending::left, out);
    if (now_ - touched_ >= warn_time) warned_ = true;
}

void Session::forget_old() {
    std::erase_if(recent_, [this](const auto& r) { return now_ - r.second.at > recent_time; });
}

std::optional<Session::RecentKey> Session::key_of(const TravelDocument& d) const {
    if (d.state != MrzState::verified || d.number.reveal().empty()) return std::nullopt;
    const std::string text = d.issuer + "\n" + d.number.reveal() + "\n" + d.birth.reveal().raw;
    return sha256({salt_, as_bytes(text)});
}

}  // namespace paso
