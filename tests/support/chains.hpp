// Events as a station would make them, for tests of what receives them.
#pragma once

#include <string>
#include <vector>

#include "core/crossing/event.hpp"
#include "core/trust/digest.hpp"

namespace paso::test {

struct MadeEvent {
    EventHeader header;
    Bytes bytes;
    Salt salt{};
    Bytes body;
    Digest hash{};
};

inline MadeEvent make_event(const StationId& station, Position at, const Digest& previous, const std::string& text) {
    MadeEvent e;
    e.header.station = station;
    e.header.position = at;
    e.header.previous = previous;
    e.header.wall = {1'795'000'000'000 + static_cast<std::int64_t>(at.sequence)};
    e.salt.fill(static_cast<std::byte>(at.sequence));
    e.body = to_bytes(as_bytes(text + " " + std::to_string(at.sequence)));
    e.header.body_digest = body_digest(e.salt, e.body);
    e.bytes = encode_header(e.header);
    e.hash = header_hash(e.bytes);
    return e;
}

// Events first to last of an epoch; `previous` is the hash before the first.
inline std::vector<MadeEvent> make_chain(const StationId& station, std::uint64_t epoch, std::uint64_t first,
                                         std::uint64_t last, Digest previous, const std::string& text) {
    std::vector<MadeEvent> out;
    for (std::uint64_t s = first; s <= last; ++s) {
        out.push_back(make_event(station, {epoch, s}, previous, text));
        previous = out.back().hash;
    }
    return out;
}

}  // namespace paso::test
