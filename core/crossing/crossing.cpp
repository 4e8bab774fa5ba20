#include "core/crossing/crossing.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/crossing/body_codec.hpp"

namespace paso {
namespace {

constexpr std::array decision_names{
    std::pair{DecisionKind::holder_seen, std::string_view{"holder_seen"}},
    std::pair{DecisionKind::admitted, std::string_view{"admitted"}},
    std::pair{DecisionKind::to_second_line, std::string_view{"to_second_line"}},
    std::pair{DecisionKind::not_admitted, std::string_view{"not_admitted"}},
    std::pair{DecisionKind::left, std::string_view{"left"}},
};

}  // namespace

std::string_view name(Ending e) {
    switch (e) {
        case Ending::awaiting:
            return "awaiting";
        case Ending::passed:
            return "passed";
        case Ending::left:
            return "left";
        case Ending::interrupted:
            return "interrupted";
        case Ending::handed_over:
            return "handed_over";
    }
    return "interrupted";
}

std::string_view name(DecisionKind k) {
    for (const auto& [kind, text] : decision_names) {
        if (kind == k) return text;
    }
    return "left";
}

std::optional<DecisionKind> decision_kind(std::string_view name) {
    for (const auto& [kind, text] : decision_names) {
        if (text == name) return kind;
    }
    return std::nullopt;
}

Bytes encode_decision(const Decision& d) {
    CborWriter w;
    w.array(8).unsigned_integer(body_version).bytes(d.crossing.bytes).text(d.kiosk.text());
    w.unsigned_integer(d.inspection.epoch).unsigned_integer(d.inspection.sequence);
    w.unsigned_integer(static_cast<std::uint64_t>(d.kind)).text(d.officer).text(d.reason);
    return w.take();
}

Result<Decision> decode_decision(ByteView body) {
    BodyReader r(body);
    Decision d;
    r.begin(8);
    d.crossing = r.crossing();
    d.kiosk = r.station();
    d.inspection.epoch = r.number();
    d.inspection.sequence = r.number();
    d.kind = static_cast<DecisionKind>(r.between(1, decision_names.size()));
    d.officer = r.text();
    d.reason = r.text();
    return r.finish(std::move(d));
}

Bytes encode_note(const StationNote& note) {
    CborWriter w;
    w.array(3).unsigned_integer(body_version).text(note.code).text(note.detail);
    return w.take();
}

Result<StationNote> decode_note(ByteView body) {
    BodyReader r(body);
    StationNote note;
    r.begin(3);
    note.code = r.text();
    note.detail = r.text();
    return r.finish(std::move(note));
}

CrossingState fold(const CrossingId& id, const std::vector<InspectionRecord>& inspections,
                   const std::vector<Decision>& decisions) {
    CrossingState s;
    s.id = id;
    for (const InspectionRecord& record : inspections) {
        s.ending = record.ending;
        s.outcome = record.assessment.outcome;
    }
    for (const Decision& d : decisions) {
        switch (d.kind) {
            case DecisionKind::holder_seen:
                if (s.outcome == Outcome::clear && s.ending == Ending::awaiting) s.ending = Ending::passed;
                break;
            case DecisionKind::admitted:
                s.ending = Ending::passed;
                break;
            case DecisionKind::to_second_line:
            case DecisionKind::not_admitted:
                s.ending = Ending::handed_over;
                break;
            case DecisionKind::left:
                s.ending = Ending::left;
                break;
        }
    }
    return s;
}

}  // namespace paso
