// `paso pack simulate DRAFT --events FILE`: what a draft would have changed.
#pragma once

#include <string>

#include "core/env/env.hpp"
#include "core/rules/backtest.hpp"
#include "core/rules/pack.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

enum class ReportForm : std::uint8_t { text, json, csv };

struct PackSimulateOptions {
    std::string draft;
    std::string events;   // file of facts, as `paso log facts` writes it
    std::string against;  // another pack to compare with; "": what was recorded
    ReportForm form = ReportForm::text;
};

// The facts of Paso's schema by which changes are counted.
inline constexpr BacktestDimensions paso_dimensions{"document.nationality", "person.age", "trip.post",
                                                    "trip.direction"};

// Prints changed outcomes in all and by rule, nationality, age, post and direction, small cells hidden. 0; 1 and an
// error: something could not be read.
[[nodiscard]] int simulate_pack(Env& env, const PackSimulateOptions& options, const Schema& schema,
                                const PrintLine& out, const PrintLine& err);

}  // namespace paso
