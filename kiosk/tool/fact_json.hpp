// Values of facts as JSON: yes and no as booleans, days as "2026-11-24", sets as arrays.
#pragma once

#include <boost/json/value.hpp>

#include "core/rules/facts.hpp"

namespace paso {

[[nodiscard]] boost::json::value value_json(const FactValue& value);

}  // namespace paso
