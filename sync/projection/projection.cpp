#include "sync/projection/projection.hpp"

#include <algorithm>
#include <utility>

namespace paso {

Projection::Projection(OpenBody open_body, std::size_t keep) : open_body_(std::move(open_body)), keep_(keep) {}

void Projection::apply(const ArrivedEvent& event) {
    last_arrival_ = std::max(last_arrival_, event.arrival);
    if (event.fork) return;  // the other version of an event: an incident, never a second crossing
    StationView& station = stations_[event.station];
    station.id = event.station;
    station.head = event.position;
    station.last_event = event.header.wall;
    station.last_received = event.received;
    station.clock = event.header.clock;
    ++station.events;
    if (event.body.empty()) return;  // erased by law: its header still counts
    const auto body = open_body_(event.body);
    if (!body) {
        ++unread_;
        return;
    }
    switch (event.header.kind) {
        case EventKind::inspection:
            return apply_inspection(event, *body);
        case EventKind::decision:
            return apply_decision(event, *body);
        case EventKind::restart:
        case EventKind::incident:
            if (const auto note = decode_note(*body)) {
                station.last_note = note->code;
            } else {
                ++unread_;
            }
            return;
        case EventKind::erasure:
            return;
    }
}

void Projection::apply_inspection(const ArrivedEvent& event, ByteView body) {
    auto record = decode_inspection(body);
    if (!record) {
        ++unread_;
        return;
    }
    CrossingEntry& e = entry(record->inspection.crossing, event.header.wall);
    e.kiosk = event.station;
    e.position = event.position;
    e.at = event.header.wall;
    e.inspection = std::move(*record);
    refold(e);
}

void Projection::apply_decision(const ArrivedEvent& event, ByteView body) {
    auto decision = decode_decision(body);
    if (!decision) {
        ++unread_;
        return;
    }
    CrossingEntry& e = entry(decision->crossing, event.header.wall);
    e.decisions.push_back({std::move(*decision), event.station, event.header.wall});
    refold(e);
}

CrossingEntry& Projection::entry(const CrossingId& id, WallTime at) {
    const auto [it, fresh] = crossings_.try_emplace(id);
    if (!fresh) return it->second;
    it->second.id = id;
    it->second.at = at;
    order_.push_back(id);
    if (order_.size() > keep_) {
        crossings_.erase(order_.front());
        order_.pop_front();
    }
    return it->second;
}

void Projection::refold(CrossingEntry& e) {
    std::vector<InspectionRecord> inspections;
    if (e.inspection) inspections.push_back(*e.inspection);
    std::vector<Decision> decisions;
    decisions.reserve(e.decisions.size());
    for (const DecisionEntry& d : e.decisions) decisions.push_back(d.decision);
    e.state = fold(e.id, inspections, decisions);
}

const CrossingEntry* Projection::find(const CrossingId& id) const {
    const auto it = crossings_.find(id);
    return it == crossings_.end() ? nullptr : &it->second;
}

std::vector<const CrossingEntry*> Projection::newest(std::size_t limit) const {
    std::vector<const CrossingEntry*> out;
    for (auto it = order_.rbegin(); it != order_.rend() && out.size() < limit; ++it) out.push_back(find(*it));
    return out;
}

std::vector<const CrossingEntry*> Projection::waiting() const {
    std::vector<const CrossingEntry*> out;
    for (const CrossingId& id : order_) {
        const CrossingEntry* e = find(id);
        const bool open =
            e->state.ending == Ending::awaiting || (e->state.ending == Ending::handed_over && e->decisions.empty());
        if (e->inspection && open) out.push_back(e);
    }
    return out;
}

std::vector<StationView> Projection::stations() const {
    std::vector<StationView> out;
    out.reserve(stations_.size());
    for (const auto& [id, station] : stations_) out.push_back(station);
    return out;
}

Figures Projection::figures() const {
    Figures f;
    for (const auto& [id, e] : crossings_) {
        if (!e.inspection) continue;
        ++f.inspections;
        if (refers(e.inspection->assessment.outcome)) ++f.referred;
        switch (e.state.ending) {
            case Ending::passed:
                ++f.passed;
                break;
            case Ending::awaiting:
                ++f.awaiting;
                break;
            case Ending::left:
                ++f.left;
                break;
            case Ending::handed_over:
                ++f.handed_over;
                break;
            case Ending::interrupted:
                ++f.interrupted;
                break;
        }
    }
    return f;
}

}  // namespace paso
