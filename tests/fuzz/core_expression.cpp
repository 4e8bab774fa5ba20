// Expressions: whatever text comes, an error with a place or code that ends, in both kinds of environment; and the
// three ways to run it say the same; and it can be said in words.
#include <cstdlib>

#include "core/inspection/inspection.hpp"
#include "core/rules/expression.hpp"
#include "core/rules/program.hpp"
#include "core/rules/sentences.hpp"
#include "tests/support/quickly.hpp"

namespace {

using namespace paso;

void require(bool good) {
    if (!good) std::abort();
}

bool same(const Value& a, const Value& b) {
    Budget budget{1'000'000};
    if (a.kind != b.kind) return false;
    if (a.is(Kind::unknown)) return a.causes == b.causes;
    if (a.is(Kind::error)) return a.fault == b.fault;
    return equal(a, b, budget) || budget.steps < 0 || a.is(Kind::real) || a.is(Kind::list) || a.is(Kind::map);  // NaN
}

void run(std::string_view text, const Environment& environment, std::span<const Value> slots) {
    const auto e = parse_expression(text, environment);
    if (!e) {
        require(e.error().place.line.has_value() && e.error().place.column.has_value());
        return;
    }
    const Program& p = e->program();
    Evaluator one;
    Evaluator other;
    const Value value = one.evaluate(*e, slots);
    require(same(value, other.evaluate(Code{p.code, p.constants.data(), p.tables}, slots)));
    if (!environment.strict()) return;
    require(value.failed() || value.is(Kind::boolean));
    const Truth quick = test::quickly(*e, slots);
    require(quick == Truth::unknown || quick == truth_of(value));
    require(!one_line(sentence_of(*e, schema(), TableSet{})).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Environment strict(schema());
    static const Environment dynamic({"x", "y", "a.b"}, {"closed"});
    if (size == 0) return 0;
    // The first byte says which facts are known.
    std::vector<Value> slots;
    for (const FactDeclaration& f : schema().facts()) {
        const bool known = (data[0] >> slots.size() % 8 & 1) != 0;
        Value v = Value::unknown(Cause::offline);
        if (known && f.type == FactType::boolean) v = Value::boolean(slots.size() % 3 == 0);
        if (known && f.type == FactType::integer) v = Value::integer(17);
        if (known && f.type == FactType::text) v = Value::text("UTO");
        if (known && f.type == FactType::date) v = Value::date(Date::from_days(20000));
        slots.push_back(v);
    }
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    run(text, strict, slots);
    const Value members[] = {Value::integer(1), Value::text("a"), Value::of_real(0.5)};
    const Value bound[] = {Value::integer(5), Value::collection(Kind::list, members, 3), Value::text("b")};
    run(text, dynamic, bound);
    return 0;
}
