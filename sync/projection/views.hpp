// Crossings, stations and findings as JSON models for the pages of desk and centre.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/rules/pack.hpp"
#include "sync/projection/projection.hpp"

namespace paso {

// The officer's words of a reason code, where the pack is at hand.
using ReasonWords = std::function<std::optional<std::string>(std::string_view reason)>;

// Who looks at a case: the official who opened it at the desk, or a supervisor who reads the log.
enum class Reader : std::uint8_t { official = 0, supervisor = 1 };

// One line of a list: id, token, kiosk, at, outcome, ending, reasons in words. No name, no number, no private finding;
// an outcome of protection is shown as one for an officer.
[[nodiscard]] boost::json::object crossing_line(const CrossingEntry& entry, const ReasonWords& words);
// The whole case: document facts first, then findings with basis and the facts they read, then decisions. What is
// private stands in it for the official alone.
[[nodiscard]] boost::json::object crossing_case(const CrossingEntry& entry, const ReasonWords& words, Reader reader);
[[nodiscard]] boost::json::object station_line(const StationView& station, WallTime now);
[[nodiscard]] boost::json::object figures_model(const Figures& figures);
[[nodiscard]] std::string fact_text(const FactUse& fact);  // "2027-03-01", "yes", "unknown: offline"

}  // namespace paso
