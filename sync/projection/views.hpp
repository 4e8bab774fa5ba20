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

// One line of a list: id, token, kiosk, at, outcome, ending, reasons in words. No name, no number.
[[nodiscard]] boost::json::object crossing_line(const CrossingEntry& entry, const ReasonWords& words);
// The whole case: document facts first, then findings with basis and the facts they read, then decisions.
[[nodiscard]] boost::json::object crossing_case(const CrossingEntry& entry, const ReasonWords& words);
[[nodiscard]] boost::json::object station_line(const StationView& station, WallTime now);
[[nodiscard]] boost::json::object figures_model(const Figures& figures);
[[nodiscard]] std::string fact_text(const FactUse& fact);  // "2027-03-01", "yes", "unknown: offline"

}  // namespace paso
