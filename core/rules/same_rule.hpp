// Whether rules of two packs are written alike. Inside core/rules only.
#pragma once

#include <cstddef>
#include <vector>

#include "core/rules/pack_body.hpp"

namespace paso {

// A pack and the numbers of some of its rules.
struct RulesOf {
    const Pack::Body* body = nullptr;
    std::vector<std::size_t> rules;
};

// True: the same conditions over the same cells and members, the same policies and reasons, rule by rule. False says
// nothing: they may still mean the same.
[[nodiscard]] bool written_alike(const RulesOf& a, const RulesOf& b);

}  // namespace paso
