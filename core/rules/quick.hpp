// The rules of a pack as one chain of plain tests: where a test says no, the next rule follows at once, so that most
// travellers pass all rules without the machine of the expressions. What is not plain (a fact that is unknown, a sum, a
// table) is left to the machine. Inside core/rules only.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/rules/value.hpp"

namespace paso {

struct Rule;

enum class QuickOp : std::uint8_t {
    compare,     // values[a] with values[b]; mask: bit 0 less, 1 the same, 2 greater
    known,       // a
    later,       // values[a] with the date values[b] and the period values[c] after it
    earlier,     // the same, before it
    sum,         // the integers values[a] + values[c] with values[b]
    difference,  // values[a] - values[c] with values[b]
    inside,      // the text values[a] in the set values[b]
    meets        // the sets values[a] and values[b] have a text in common
};

struct QuickTest {
    std::uint32_t yes = 0;  // where to go: the number of a test, or an end
    std::uint32_t no = 0;
    std::uint32_t b = 0;
    std::uint16_t a = 0;
    std::uint16_t c = 0;
    QuickOp op = QuickOp::compare;
    std::uint8_t mask = 0;
};

// Ends of the chain carry the number of the rule that they are about.
enum class QuickEnd : std::uint32_t {
    yes = 0x80000000,       // `when` and not `unless`
    exempted = 0xA0000000,  // `unless` says so
    unsure = 0xC0000000,    // ask the machine
    all = 0xE0000000        // no rule is left
};
inline constexpr std::uint32_t quick_number = 0x1FFFFFFF;
[[nodiscard]] constexpr std::uint32_t quick_end(QuickEnd end, std::size_t rule) {
    return static_cast<std::uint32_t>(end) | static_cast<std::uint32_t>(rule);
}
[[nodiscard]] constexpr QuickEnd quick_kind(std::uint32_t end) { return static_cast<QuickEnd>(end & ~quick_number); }

class QuickRules {
  public:
    QuickRules() = default;
    // Tests that compare with constants number them from `facts` on: they stand behind the facts in the row of values.
    QuickRules(std::span<const Rule> rules, std::size_t facts);
    [[nodiscard]] const std::vector<Value>& constants() const { return constants_; }

    // Where the tests of a rule begin; behind the last rule the end of all.
    [[nodiscard]] std::uint32_t begin(std::size_t rule) const { return begins_[rule]; }
    // From there to the next rule that says more than no. `values`: the facts, then constants().
    [[nodiscard]] std::uint32_t run(std::uint32_t at, const Value* values) const;

  private:
    friend class QuickCompiler;
    std::vector<QuickTest> tests_;
    std::vector<std::uint32_t> rule_of_;  // of each test
    std::vector<std::uint32_t> begins_;
    std::vector<Value> constants_;
};

}  // namespace paso
