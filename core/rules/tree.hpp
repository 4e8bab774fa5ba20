// An expression as a tree again. Inside core/rules only.
#pragma once

#include <cstdint>
#include <vector>

#include "core/rules/program.hpp"

namespace paso {

// One operator with its operands. A chain a && b && c is one and_last with three parts, an or_last likewise; c ? x : y
// is a join of three; a loop has its range and its body. Of `constant`, `select` and `has` the value stands in
// `constant`.
struct Node {
    Op op = Op::constant;
    std::uint8_t detail = 0;  // as in the instruction: Function, Loop, Fault
    std::uint16_t a = 0;      // as in the instruction: slot, depth of a loop, number of a table or group
    Value constant{};
    std::vector<Node> parts;
};

// Of code as it was written, not fused.
[[nodiscard]] Node read_tree(const Program& program);

}  // namespace paso
