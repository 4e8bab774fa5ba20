// The bodies of events, and the fold that makes a crossing's present state from its events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/personal.hpp"
#include "core/crossing/event.hpp"
#include "core/inspection/inspection.hpp"
#include "core/rules/pack.hpp"

namespace paso {

// How a session at the kiosk ended. Only `passed` counts in any figure.
enum class Ending : std::uint8_t {
    awaiting = 1,     // assessed; the traveller walks to the desk, where an officer sees the holder or decides
    passed = 2,       // cleared and the holder was seen
    left = 3,         // the traveller walked away
    interrupted = 4,  // power, crash, out of service
    handed_over = 5,  // a person took over
};
[[nodiscard]] std::string_view name(Ending e);

struct InspectionRecord {
    Inspection inspection;
    Facts facts;
    Assessment assessment;
    Ending ending = Ending::awaiting;
    std::string token;     // "K-4821": what the traveller is called by at the desk
    std::string language;  // of the session: "es"
    std::string state;     // name of the session state it ended in
    bool operator==(const InspectionRecord&) const = default;
};

enum class DecisionKind : std::uint8_t {
    holder_seen = 1,     // the officer compared person and document: a clear becomes passed
    admitted = 2,        // after a referral
    to_second_line = 3,  // a colleague goes on
    not_admitted = 4,    // by a human only, with ground and legal basis
    left = 5,            // did not come to the desk
};
[[nodiscard]] std::string_view name(DecisionKind k);
[[nodiscard]] std::optional<DecisionKind> decision_kind(std::string_view name);

struct Decision {
    CrossingId crossing;
    StationId kiosk;      // whose inspection
    Position inspection;  // and which
    DecisionKind kind = DecisionKind::holder_seen;
    std::string officer;  // user id
    std::string reason;   // one line of why; required but for holder_seen
    bool operator==(const Decision&) const = default;
};

// At most 32 barcodes, answers and lists; a document stands with the trip's `today`, from which it is read again.
// Confidence is kept in thousandths; of a symbol what barcode_body.hpp says, so its problems are not kept. A body is of
// version 1 where it holds boarding passes and unknown symbols alone, as the first events do, else of version 2. What
// was read back is written again in the same bytes. Errors of each decode_*: "body.version" (names both versions),
// "body.format", and of an inspection "facts.format", "assessment.format".
[[nodiscard]] Bytes encode_inspection(const InspectionRecord& record);
[[nodiscard]] Result<InspectionRecord> decode_inspection(ByteView body);
[[nodiscard]] Bytes encode_decision(const Decision& decision);
[[nodiscard]] Result<Decision> decode_decision(ByteView body);

// A remark on the station itself: restart, incident.
struct StationNote {
    std::string code;    // "station.started", "session.interrupted", "wire.fork"
    std::string detail;  // no personal data
    bool operator==(const StationNote&) const = default;
};
[[nodiscard]] Bytes encode_note(const StationNote& note);
[[nodiscard]] Result<StationNote> decode_note(ByteView body);

// The present state of one crossing, folded from its events; of several inspections the last holds, then the decisions
// in the order of their making:
//   no decision                      the ending of the inspection
//   holder_seen, clear and awaiting  passed
//   holder_seen, anything else       unchanged: a referral or a session that ended otherwise needs "admitted"
//   admitted                         passed, whatever was before
//   to_second_line, not_admitted     handed_over
//   left                             left
// No inspection: awaiting without an outcome, so that no holder_seen can make it passed. Only `passed` counts.
struct CrossingState {
    CrossingId id;
    Ending ending = Ending::awaiting;
    std::optional<Outcome> outcome;
    bool counted() const { return ending == Ending::passed; }
};
[[nodiscard]] CrossingState fold(const CrossingId& id, const std::vector<InspectionRecord>& inspections,
                                 const std::vector<Decision>& decisions);

}  // namespace paso
