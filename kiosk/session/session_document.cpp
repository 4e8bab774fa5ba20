// What the session does with what the devices see.
#include <utility>

#include "kiosk/session/session.hpp"
#include "kiosk/session/times.hpp"

namespace paso {

std::string_view name(DocumentHint h) {
    switch (h) {
        case DocumentHint::place:
            return "place";
        case DocumentHint::hold_still:
            return "hold_still";
        case DocumentHint::reading:
            return "reading";
        case DocumentHint::turn_over:
            return "turn_over";
        case DocumentHint::reader_away:
            return "reader_away";
        case DocumentHint::too_far:
            return "too_far";
        case DocumentHint::too_near:
            return "too_near";
        case DocumentHint::cut_off:
            return "cut_off";
        case DocumentHint::tilt:
            return "tilt";
        case DocumentHint::glare:
            return "glare";
        case DocumentHint::blur:
            return "blur";
        case DocumentHint::covered:
            return "covered";
        case DocumentHint::upside_down:
            return "upside_down";
        case DocumentHint::wrong_page:
            return "wrong_page";
        case DocumentHint::too_dark:
            return "too_dark";
    }
    return "place";
}

namespace {

// What is said of an obstacle; nothing of none.
std::optional<DocumentHint> hint_of(MrzObstacle o) {
    switch (o) {
        case MrzObstacle::none:
            return std::nullopt;
        case MrzObstacle::moving:
            return DocumentHint::hold_still;
        case MrzObstacle::glare:
            return DocumentHint::glare;
        case MrzObstacle::too_near:
            return DocumentHint::too_near;
        case MrzObstacle::cut_off:
            return DocumentHint::cut_off;
        case MrzObstacle::tilt:
            return DocumentHint::tilt;
        case MrzObstacle::too_far:
            return DocumentHint::too_far;
        case MrzObstacle::blur:
            return DocumentHint::blur;
        case MrzObstacle::covered:
            return DocumentHint::covered;
        case MrzObstacle::upside_down:
            return DocumentHint::upside_down;
        case MrzObstacle::wrong_page:
            return DocumentHint::wrong_page;
    }
    return std::nullopt;
}

std::optional<DocumentHint> hint_of(SymbolObstacle o) {
    switch (o) {
        case SymbolObstacle::none:
            return std::nullopt;
        case SymbolObstacle::moving:
            return DocumentHint::hold_still;
        case SymbolObstacle::glare:
            return DocumentHint::glare;
        case SymbolObstacle::too_near:
            return DocumentHint::too_near;
        case SymbolObstacle::cut_off:
            return DocumentHint::cut_off;
        case SymbolObstacle::too_dark:
            return DocumentHint::too_dark;
        case SymbolObstacle::too_far:
            return DocumentHint::too_far;
        case SymbolObstacle::covered:
            return DocumentHint::covered;
    }
    return std::nullopt;
}

}  // namespace

// A document's rows are what the kiosk waits for: where some lie, or did a moment ago, what hinders them is said. A
// phone or pass with a symbol has none.
bool Session::symbol_alone() const {
    if (state_ == SessionState::boarding_pass) return true;
    return symbol_hints_.hint().what != SymbolObstacle::none && (rows_seen_.ns == 0 || now_ - rows_seen_ > rows_time);
}

// What hinders is said in the place of "reading" and "hold it still" alone.
DocumentHint Session::hint() const {
    if (state_ == SessionState::boarding_pass) return hint_of(symbol_hints_.hint().what).value_or(DocumentHint::place);
    if (hint_ != DocumentHint::reading && hint_ != DocumentHint::hold_still) return hint_;
    if (symbol_alone()) return hint_of(symbol_hints_.hint().what).value_or(hint_);
    return hint_of(hints_.hint.what).value_or(hint_);
}

PicturePlace Session::hint_place() const {
    const DocumentHint shown = hint();
    if (shown != DocumentHint::glare && shown != DocumentHint::covered) return {};
    return symbol_alone() ? symbol_hints_.hint().place : hints_.hint.place;
}

void Session::on_sight(const MrzSight& sight) {
    if (state_ != SessionState::document) return;
    if (sight.rows) rows_seen_ = now_;
    hints_ = observe(std::move(hints_), sight);
}

void Session::on_sight(const SymbolSight& sight) {
    if (state_ != SessionState::document && state_ != SessionState::boarding_pass) return;
    symbol_hints_ = observe(std::move(symbol_hints_), sight);
}

void Session::on_glass(const link::GlassSeen& glass, Effects&) {
    if (!glass.something_there) symbol_hints_ = {};
    if (state_ != SessionState::document) return;
    if (!glass.something_there) {
        rows_seen_ = {};
        placed_ = {};
        fusion_ = {};
        hints_ = {};
        hint_ = DocumentHint::place;
        return;
    }
    // A hand that lays a document down is a sign; a document that was left behind is none.
    if (!glass.still || hint_ == DocumentHint::place) sign();
    if (hint_ == DocumentHint::turn_over) return;  // until the glass was empty once
    if (!glass.still && placed_.ns == 0) {
        hint_ = DocumentHint::hold_still;
        return;
    }
    if (placed_.ns == 0) placed_ = now_;
    hint_ = DocumentHint::reading;
}

void Session::on_mrz(const MrzReading& reading, Effects& out) {
    if (state_ != SessionState::document) return;
    fusion_ = fuse(std::move(fusion_), reading);
    const MrzResult result = decide(fusion_, policy_);
    if (result.state == MrzState::verified) accept_document(result, out);
}

// A still document that could not be read to the end: once the traveller is asked to turn it, then a person looks. What
// was read by then goes along, marked as not sure.
void Session::attempt_failed(Effects& out) {
    ++attempts_;
    placed_ = {};
    if (attempts_ < max_attempts) {
        hint_ = DocumentHint::turn_over;
        fusion_ = {};
        return;
    }
    const MrzResult result = decide(fusion_, policy_);
    if (result.state != MrzState::unreadable && !today_.empty()) document_ = parse_mrz(result, today_.front());
    finish(Ending::awaiting, out);
}

void Session::accept_document(const MrzResult& result, Effects& out) {
    if (today_.empty()) return finish(Ending::handed_over, out);
    sign();
    document_ = parse_mrz(result, today_.front());
    if (const auto key = key_of(*document_)) {
        const auto known = recent_.find(*key);
        if (known != recent_.end()) {  // a second touch of the same journey: the same answer, no second crossing
            finished_ = known->second.record;
            seen_before_ = true;
            enter(SessionState::result, out);
            out.push_back(MarkOpen{false});
            return;
        }
    }
    enter(SessionState::confirm, out);
}

void Session::on_barcode(const BarcodeReading& reading, Effects& out) {
    if (state_ != SessionState::document && state_ != SessionState::boarding_pass) return;
    if (today_.empty()) return;
    Bytes payload = reading.bytes;
    // Cuts templates, as paso-devices did: who holds a link must not be able to bring them in.
    BarcodeContent content =
        parse_barcode(payload, reading.symbology, settings_.anchors, {today_.front(), wall_, clock_});
    for (const BarcodeContent& b : barcodes_) {
        if (b.digest == content.digest) return;
    }
    sign();
    const bool pass = std::holds_alternative<BoardingPass>(content.what);
    if (barcodes_.size() < 8) barcodes_.push_back(std::move(content));
    if (pass && state_ == SessionState::boarding_pass) ask_or_finish(out);
}

}  // namespace paso
