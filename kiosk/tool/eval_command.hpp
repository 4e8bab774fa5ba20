// `paso pack eval-expr`: expressions of rules without a pack, one JSON object a line. For authors, and for the
// conformance cases of CEL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/date.hpp"
#include "core/rules/tables.hpp"

namespace paso {

// What group() and table.NAME() ask, and for which day: the value of the name `today`, unless a line binds it.
struct EvalTables {
    const TableSource* source = nullptr;
    std::string_view today{};
    std::optional<Date> day{};  // nothing: unknown
};

// The answer to one line {"id", "expr", "bindings": {name: value}}: {"id", "value"} or {"id", "error", "message"},
// where the error is "unsupported", "parse", "type" or "evaluation". Values stand in the protobuf JSON form of
// cel.expr.Value; a date is an object of google.type.Date. A line that is no such object has the error "parse" and the
// id null. Types are found while it runs, as CEL does without declarations. "container" names a namespace and is not
// supported.
[[nodiscard]] std::string evaluate_line(std::string_view line, const EvalTables& tables = {});

}  // namespace paso
