// An expression as the machine runs it: flat code for a stack of values, its constants, its bounds. Code is in the
// order of evaluation, operands before their operator, so that the tree can be read from it again.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/rules/tables.hpp"
#include "core/rules/value.hpp"

namespace paso {

enum class Op : std::uint8_t {
    // Each pushes one value.
    constant,  // b: index of the constant
    fact,      // a: slot
    known,     // a: slot; whether the fact has a value
    local,     // a: depth of the loop whose member it is
    fault,     // detail: Fault
    // a && b && c: a, and_jump END, b, and_next END, c, and_last, END. A jump leaves the deciding value.
    and_jump,  // b: where to go when it is decided
    and_next,  // the two topmost become one; b: where to go when it is decided
    and_last,
    or_jump,
    or_next,
    or_last,
    // c ? x : y: c, branch ELSE END, x, branch_end END, ELSE, y, join, END.
    branch,      // b: where the other branch begins; a: how far behind it the end is
    branch_end,  // b: end
    join,
    // One operand.
    negate,  // !
    minus,   // -
    select,  // b: constant with the name of the field
    has,     // b: the same
    // Two operands.
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    add,
    subtract,
    multiply,
    divide,
    modulo,
    index,
    // Many operands.
    list,   // b: members
    map,    // b: entries
    call,   // detail: Function; a: arguments
    table,  // detail: arguments; a: number; b: slot of the fact that tells the day
    group,  // a: number; b: slot of the fact that tells the day
    // x.exists(e, p): x, loop END, BODY, p, step BODY, END.
    loop,  // detail: Loop; a: depth; b: where to go when there is nothing to do
    step,  // detail: Loop; a: depth; b: where the body begins
    // Conditions in one instruction, with what is done with them in `link`. Made by fuse(), never in the code that was
    // written first.
    test_fact,              // a: slot
    test_not_fact,          // a: slot
    test_known,             // a: slot
    test_compare_facts,     // detail: Op of the comparison; a, b: slots
    test_compare_constant,  // detail: Op of the comparison; a: slot; b: constant
    test_compare_later,     // detail: comparison; a, b: slots of dates, c: constant with a period: a < b + period
    test_compare_earlier,   // the same with b - period
    test_fact_in,           // a: slot; b: constant
    test_constant_in        // a: slot; b: constant
};

// What a test does with its condition: push it, or join it to the one on top as the operator of the same name does.
enum class Link : std::uint8_t { push, and_jump, and_next, and_last, or_jump, or_next, or_last };

enum class Loop : std::uint8_t { all, exists, exists_one, map, filter };

enum class Function : std::uint8_t {
    size,
    starts_with,
    ends_with,
    contains,
    to_integer,
    to_unsigned,
    to_double,
    to_text,
    to_bytes,
    to_boolean,
    type_of,
    dyn,
    to_timestamp,
    to_duration,
    to_date,
    months,
    days,
    full_year,
    month,
    day_of_month_1,  // getDate, from 1
    day_of_month,    // from 0
    day_of_week,
    day_of_year,
    hours,
    minutes,
    seconds,
    milliseconds
};

struct Instruction {
    Op op = Op::constant;
    std::uint8_t detail = 0;
    std::uint16_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t target = 0;  // of a test that jumps
    std::uint16_t c = 0;
    Link link = Link::push;
};
static_assert(sizeof(Instruction) == 16);

constexpr std::size_t max_stack = 256;  // values that an expression may hold at a time
constexpr std::size_t max_loops = 8;    // loops within loops

struct Program {
    std::vector<Instruction> code;      // as written
    std::vector<Instruction> fused;     // the same, shorter: what runs
    std::vector<std::uint32_t> places;  // offset in the text of each instruction of `code`
    std::vector<Value> constants;
    Arena memory{1UL << 20U};  // of the constants
    const TableSource* tables = nullptr;
};

// A loop that runs: where it is and what it has found.
struct Frame {
    const Value* items = nullptr;
    std::uint32_t size = 0;
    std::uint32_t index = 0;
    std::uint32_t stride = 1;
    std::uint32_t found = 0;  // exists_one: how many; map, filter: members of `out`
    Value* out = nullptr;
    Value so_far{};
};

// What an evaluation writes into: made once, so that the next one need not clear it.
struct Scratch {
    std::array<Value, max_stack + 1> stack;
    std::array<Frame, max_loops> frames;
};

// Code that runs: that of a Program, or that of a whole pack side by side.
struct Code {
    std::span<const Instruction> instructions;
    const Value* constants = nullptr;
    const TableSource* tables = nullptr;
};

// Shorter code that gives the same values.
[[nodiscard]] std::vector<Instruction> fuse(std::span<const Instruction> code);

// Functions, evaluated. Arguments are neither unknown nor errors.
struct Machine {
    Arena& arena;
    Budget& budget;
};
[[nodiscard]] Value call(Function function, std::span<const Value> arguments, Machine machine);
// "2009-02-13T23:31:30.5Z", "1.5s": as CEL's string() writes a timestamp or a duration.
[[nodiscard]] std::string time_text(const Value& v);
// "+02:00", "-09:30", "02:00" or "UTC" in seconds east of UTC; nothing for a name.
[[nodiscard]] std::optional<std::int32_t> zone_offset(std::string_view zone);
[[nodiscard]] Value moved_date(Op op, const Value& date, const Value& period);
[[nodiscard]] Value arithmetic(Op op, const Value& a, const Value& b, Machine machine);

}  // namespace paso
