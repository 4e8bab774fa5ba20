#include "sync/projection/log_check.hpp"

#include <algorithm>

namespace paso {

void LogCheck::add(const StationId& station, Position position, ByteView header, const Salt& salt, ByteView body) {
    const auto [it, fresh] = chains_.try_emplace({station, position.epoch});
    Chain& chain = it->second;
    if (fresh) {
        chain.report.station = station;
        chain.report.epoch = position.epoch;
        // The first header of an epoch names the last head of the epoch before; its own word is where this chain
        // begins.
        const auto first = decode_header(header);
        chain.head = {{position.epoch, position.sequence - 1}, first ? first->previous : Digest{}};
        if (position.sequence != 1)
            chain.report.broken = Error{"chain.gap", "the chain does not begin with sequence 1"};
    }
    if (chain.report.broken) return;
    const auto next = follow(chain.head, station, header, salt, body.empty() ? std::nullopt : std::optional{body});
    if (!next) {
        chain.report.broken = next.error();
        return;
    }
    chain.head = *next;
    chain.report.head = next->hash;
    ++chain.report.events;
    if (body.empty()) ++chain.report.erased;
}

std::vector<ChainReport> LogCheck::reports() const {
    std::vector<ChainReport> out;
    out.reserve(chains_.size());
    for (const auto& [key, chain] : chains_) out.push_back(chain.report);
    return out;
}

bool LogCheck::whole() const {
    return std::none_of(chains_.begin(), chains_.end(),
                        [](const auto& c) { return c.second.report.broken.has_value(); });
}

}  // namespace paso
