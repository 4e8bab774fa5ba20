// `paso pack eval-expr`: expressions of rules without a pack, one JSON object a line. For authors, and for the
// conformance cases of CEL.
#pragma once

#include <string>
#include <string_view>

namespace paso {

// The answer to one line {"id", "expr", "bindings": {name: value}}: {"id", "value"} or {"id", "error", "message"},
// where the error is "unsupported", "parse", "type" or "evaluation". Values stand in the protobuf JSON form of
// cel.expr.Value; a date is an object of google.type.Date. A line that is no such object has the error "parse" and the
// id null. Types are found while it runs, as CEL does without declarations. "container" names a namespace and is not
// supported.
[[nodiscard]] std::string evaluate_line(std::string_view line);

}  // namespace paso
