// Types and code of an expression, bottom-up while the parser reads it: each call takes the operands that were emitted
// last and gives the operand that they make.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/rules/expression.hpp"
#include "core/rules/program.hpp"

namespace paso {

constexpr Kind any_kind = Kind::unknown;  // as a type: not known before it runs

struct Type {
    Kind kind = any_kind;
    Kind member = any_kind;  // of a list, the values of a map
    Kind key = any_kind;     // of a map
};

// A part of the expression whose code is there.
struct Operand {
    Type type;
    std::uint32_t begin = 0;  // its first instruction
    std::uint32_t at = 0;     // offset in the text
    std::uint32_t bound = 0;  // members at most
    // It is a fact or a cell alone, which has one of these texts; empty: anything else.
    std::span<const std::string_view> codes{};
    std::string_view of{};    // name of that fact or column
    std::string_view unit{};  // of an integer, as the schema says; "" where there is none
};

class Emitter {
  public:
    Emitter(std::string_view text, const Environment& environment);

    // An error at an offset of the text.
    [[nodiscard]] tl::unexpected<Error> bad(std::string_view code, std::string detail, std::size_t at) const;

    [[nodiscard]] Result<Operand> constant(const Value& value, Type type, std::size_t at);
    [[nodiscard]] Result<Operand> text(Kind kind, std::string_view characters, std::size_t at);
    [[nodiscard]] Operand fact(const Environment::Name& name, std::size_t at);
    [[nodiscard]] Operand known(const Environment::Name& name, std::size_t at);
    [[nodiscard]] Operand fault(Fault fault, std::size_t at);

    [[nodiscard]] Result<Operand> negate(const Operand& operand, std::size_t at);
    [[nodiscard]] Result<Operand> minus(const Operand& operand, std::size_t at);
    [[nodiscard]] Result<Operand> binary(Op op, const Operand& left, const Operand& right, std::size_t at);
    [[nodiscard]] Result<Operand> select(const Operand& operand, std::string_view field, std::size_t at);
    [[nodiscard]] Result<Operand> has(const Operand& selected, std::size_t at);
    [[nodiscard]] Result<Operand> list(const std::vector<Operand>& members, std::size_t at);
    [[nodiscard]] Result<Operand> map(const std::vector<Operand>& keys_and_values, std::size_t at);
    [[nodiscard]] Result<Operand> call(Function function, const std::vector<Operand>& arguments, std::size_t at);
    [[nodiscard]] Result<Operand> table(const TableSignature& signature, const std::vector<Operand>& arguments,
                                        std::size_t at);
    [[nodiscard]] Result<Operand> group(std::uint16_t number, std::size_t at);

    // a && b && c: begin(a), then next(b) for each but the last, then last(c). `jumps` is the caller's.
    using Jumps = std::vector<std::size_t>;
    [[nodiscard]] Status chain_begin(bool both, const Operand& first, std::size_t at, Jumps& jumps);
    [[nodiscard]] Status chain_next(bool both, const Operand& next, std::size_t at, bool last, Jumps& jumps);

    // c ? x : y: branch(c), x, branch_end(), y, join().
    [[nodiscard]] Result<std::size_t> branch(const Operand& condition, std::size_t at);
    void branch_end(std::size_t branch, std::size_t at);
    [[nodiscard]] Result<Operand> join(std::size_t branch, const Operand& condition, const Operand& x, const Operand& y,
                                       std::size_t at);

    // x.exists(name, p): begin_loop(x), p, end_loop(p).
    struct LoopState {
        Loop kind = Loop::all;
        std::size_t begin = 0;
        std::uint64_t cost = 0;
        Operand range;
    };
    [[nodiscard]] Result<LoopState> begin_loop(Loop kind, const Operand& range, std::string_view name, std::size_t at);
    [[nodiscard]] Result<Operand> end_loop(LoopState state, const Operand& body, std::size_t at);
    // The member of an enclosing loop of this name, or nothing.
    [[nodiscard]] std::optional<Operand> local(std::string_view name, std::size_t at);

    // The text of a constant operand, or nothing.
    [[nodiscard]] std::optional<Value> constant_of(const Operand& operand) const;

    [[nodiscard]] Result<Expression> finish(const Operand& whole);

  private:
    struct Local {
        std::string_view name;
        Type type;
    };
    std::size_t emit(Op op, std::size_t at, int change, std::uint8_t detail = 0, std::size_t a = 0, std::size_t b = 0);
    [[nodiscard]] std::size_t here() const { return program_->code.size(); }
    [[nodiscard]] Operand made(Type type, const Operand& first, std::size_t bound = 0) const;
    [[nodiscard]] bool constants_since(std::size_t begin, std::size_t count) const;
    [[nodiscard]] Result<Operand> folded(Kind kind, const Operand& whole, std::size_t members);
    [[nodiscard]] Result<Operand> folded_call(Function function, const Operand& argument, std::size_t at);
    [[nodiscard]] Status check_code(const Operand& coded, const Operand& other, std::size_t at) const;
    [[nodiscard]] Status check_argument(const ColumnType& column, const Operand& argument, std::size_t end) const;
    [[nodiscard]] Status as_set(const Operand& list);
    [[nodiscard]] Result<Type> type_of_call(Function function, const std::vector<Operand>& arguments,
                                            std::size_t at) const;
    void reads(std::size_t slot) { slots_.push_back(static_cast<std::uint16_t>(slot)); }

    std::string_view text_;
    const Environment& environment_;
    std::shared_ptr<Program> program_ = std::make_shared<Program>();
    std::vector<std::uint16_t> slots_;
    std::vector<Local> locals_;
    std::uint64_t cost_ = 0;
    std::size_t depth_ = 0;
    std::size_t deepest_ = 0;
};

}  // namespace paso
