// The expressions of a pack: a subset of CEL (the Common Expression Language) with three-valued logic, typed, bounded
// in time and memory, without clock, files or loops other than those over a list. docs/manual/rules-language.md is the
// manual. What is not supported is an error when the expression is read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/rules/facts.hpp"
#include "core/rules/tables.hpp"
#include "core/rules/truth.hpp"
#include "core/rules/value.hpp"

namespace paso {

inline constexpr std::size_t max_expression = 8192;   // bytes of text
inline constexpr std::uint64_t max_cost = 1'000'000;  // steps of one evaluation
inline constexpr std::uint32_t no_slot = 0xFFFFFFFF;

// The names that expressions may read, each with a slot, and the tables they may ask.
class Environment {
  public:
    // Strict: every name has the type that the schema says, every operator is checked, the whole is a condition. The
    // slot of a fact is its place in the schema. Both must outlive the environment, the tables also what was parsed in
    // it.
    explicit Environment(const Schema& schema, const TableSource* tables = nullptr);
    // As CEL is without declarations: types are found while it runs, a mistake is an error of the evaluation. The slot
    // of a name is its place in `names`. `closed`: names that exist but cannot be told; to read one is unsupported.
    // `day`: the one of `names` that tables are asked for.
    Environment(std::vector<std::string> names, std::vector<std::string> closed, const TableSource* tables = nullptr,
                std::string_view day = {});

    Environment(const Environment&) = delete;  // the names are views of owned_
    Environment& operator=(const Environment&) = delete;
    Environment(Environment&&) = default;
    Environment& operator=(Environment&&) = default;
    ~Environment() = default;

    struct Name {
        std::string_view name;
        std::uint16_t slot = 0;
        bool closed = false;
        const FactDeclaration* fact = nullptr;  // nullptr: dynamic
    };
    [[nodiscard]] const Name* find(std::string_view name) const;
    [[nodiscard]] const std::vector<Name>& names() const { return names_; }  // ascending
    [[nodiscard]] bool strict() const { return strict_; }
    [[nodiscard]] const TableSource* tables() const { return tables_; }
    [[nodiscard]] std::uint32_t day_slot() const { return day_; }  // no_slot: no fact tells the day

  private:
    void sort_names();
    bool strict_ = true;
    std::vector<std::string> owned_;  // the texts of a dynamic environment
    std::vector<Name> names_;
    const TableSource* tables_ = nullptr;
    std::uint32_t day_ = no_slot;
};

struct Program;  // core/rules/program.hpp
struct Code;
struct Scratch;

// An expression that was read and checked: a value, cheap to copy, immutable.
class Expression {
  public:
    Expression(std::shared_ptr<const Program> program, std::vector<std::uint16_t> slots, std::uint64_t cost)
        : program_(std::move(program)), slots_(std::move(slots)), cost_(cost) {}
    [[nodiscard]] const Program& program() const { return *program_; }
    // The slots it may read, ascending.
    [[nodiscard]] const std::vector<std::uint16_t>& slots() const { return slots_; }
    // Steps that an evaluation takes at most.
    [[nodiscard]] std::uint64_t cost() const { return cost_; }

  private:
    std::shared_ptr<const Program> program_;
    std::vector<std::uint16_t> slots_;
    std::uint64_t cost_;
};

// Errors, with line and column within `text`: "pack.syntax", "pack.fact" (no such name), "pack.type", "pack.code" (a
// text that a fact never has), "pack.unsupported" (CEL has it, this engine does not), "pack.cost" (more than max_cost
// steps).
[[nodiscard]] Result<Expression> parse_expression(std::string_view text, const Environment& environment);

// Runs expressions. Holds the memory of the last evaluation: a value that evaluate() gave is good until the next one.
// One for each thread.
class Evaluator {
  public:
    Evaluator();
    Evaluator(Evaluator&&) noexcept;
    Evaluator& operator=(Evaluator&&) noexcept;
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;
    ~Evaluator();
    // `slots`: a value for each slot of the environment; unknown where there is none.
    [[nodiscard]] Value evaluate(const Expression& expression, std::span<const Value> slots);
    // The same for code of any origin; good until the next evaluation.
    [[nodiscard]] const Value& evaluate(const Code& code, std::span<const Value> slots);

  private:
    Arena arena_;
    std::unique_ptr<Scratch> scratch_;
};

// Of a condition: an error is unknown.
[[nodiscard]] inline Truth truth_of(const Value& v) {
    return !v.is(Kind::boolean) ? Truth::unknown : v.number == 1 ? Truth::yes : Truth::no;
}

}  // namespace paso
