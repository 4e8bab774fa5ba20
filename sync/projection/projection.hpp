// Projection: what the pages of a desk and of a centre show, folded from arrived events. Derived and in memory: it is
// made anew from the store at each start, and holds the newest crossings only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/crossing/crossing.hpp"
#include "core/crossing/event.hpp"
#include "sync/intake/store.hpp"

namespace paso {

struct DecisionEntry {
    Decision decision;
    StationId desk;
    WallTime at{};
};

struct CrossingEntry {
    CrossingId id;
    StationId kiosk;
    Position position;  // of the inspection
    WallTime at{};
    std::optional<InspectionRecord> inspection;  // nothing while only decisions are here, or when the body was erased
    std::vector<DecisionEntry> decisions;        // in order of arrival
    CrossingState state;
};

struct StationView {
    StationId id;
    Position head{};
    WallTime last_event{};     // the station's own clock
    WallTime last_received{};  // ours
    ClockState clock = ClockState::unsure;
    std::uint64_t events = 0;
    std::string last_note;  // code of its last note: "station.started", ...
};

// Only what has passed counts as a crossing; the rest is shown beside it.
struct Figures {
    std::uint64_t passed = 0;
    std::uint64_t awaiting = 0;
    std::uint64_t referred = 0;  // of all inspections, those that a rule referred
    std::uint64_t inspections = 0;
    std::uint64_t left = 0;
    std::uint64_t handed_over = 0;
    std::uint64_t interrupted = 0;
};

class Projection {
  public:
    using OpenBody = std::function<Result<Bytes>(ByteView sealed)>;
    explicit Projection(OpenBody open_body, std::size_t keep = 10'000);

    // Applies one event. Bodies that cannot be read are counted, never fatal: `unread()`. Forks are passed over.
    void apply(const ArrivedEvent& event);

    [[nodiscard]] const CrossingEntry* find(const CrossingId& id) const;
    // Newest first.
    [[nodiscard]] std::vector<const CrossingEntry*> newest(std::size_t limit) const;
    // Crossings that still need a person, the longest wait first.
    [[nodiscard]] std::vector<const CrossingEntry*> waiting() const;
    [[nodiscard]] std::vector<StationView> stations() const;
    [[nodiscard]] Figures figures() const;
    [[nodiscard]] std::uint64_t last_arrival() const { return last_arrival_; }
    [[nodiscard]] std::uint64_t unread() const { return unread_; }

  private:
    CrossingEntry& entry(const CrossingId& id, WallTime at);
    void apply_inspection(const ArrivedEvent& event, ByteView body);
    void apply_decision(const ArrivedEvent& event, ByteView body);
    void refold(CrossingEntry& entry);

    OpenBody open_body_;
    std::size_t keep_;
    std::map<CrossingId, CrossingEntry> crossings_;
    std::deque<CrossingId> order_;  // as they came, oldest first
    std::map<StationId, StationView> stations_;
    std::uint64_t last_arrival_ = 0;
    std::uint64_t unread_ = 0;
};

}  // namespace paso
