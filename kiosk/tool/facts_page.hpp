// `paso pack facts`: the page of the manual that lists what rules may ask.
#pragma once

#include <string>

#include "core/rules/facts.hpp"

namespace paso {

// docs/manual/facts.md, as the schema has it.
[[nodiscard]] std::string facts_page(const Schema& schema);

}  // namespace paso
