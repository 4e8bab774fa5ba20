#include "core/rules/same_rule.hpp"

#include <algorithm>

namespace paso {
namespace {

bool same_value(const Value& a, const Value& b) {
    if (a.kind != b.kind) return false;
    if (a.is(Kind::list) || a.is(Kind::set) || a.is(Kind::map)) {
        const auto x = a.members();
        const auto y = b.members();
        return std::equal(x.begin(), x.end(), y.begin(), y.end(), same_value);
    }
    if (a.is(Kind::period)) return a.period.months == b.period.months && a.period.days == b.period.days;
    Budget budget{static_cast<std::int64_t>(max_cost)};
    return equal(a, b, budget);
}

bool same_values(std::span<const Value> a, std::span<const Value> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_value);
}

// What a table gives, whatever its number and the place of its rows in the file.
bool same_cells(const TableSet& a, std::uint16_t of_a, const TableSet& b, std::uint16_t of_b) {
    const auto x = a.rows(of_a);
    const auto y = b.rows(of_b);
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), [&](const TableSet::Row& r, const TableSet::Row& s) {
        return r.from == s.from && r.until == s.until && same_values(r.keys, s.keys) &&
               same_value(r.cells[a.cell(of_a)], s.cells[b.cell(of_b)]);
    });
}

bool same_members(const TableSet& a, std::uint16_t of_a, const TableSet& b, std::uint16_t of_b) {
    const auto days = a.changes(of_a);
    if (days != b.changes(of_b)) return false;
    const auto on = [&](Date day) {
        return same_values(a.members(of_a, day).members(), b.members(of_b, day).members());
    };
    return on(first_day) && std::all_of(days.begin(), days.end(), on);
}

bool same_code(const Expression& a, const TableSet& of_a, const Expression& b, const TableSet& of_b) {
    const Program& x = a.program();
    const Program& y = b.program();
    const auto same = [&](const Instruction& i, const Instruction& j) {
        if (i.op != j.op || i.detail != j.detail || i.b != j.b) return false;
        if (i.op == Op::table) return same_cells(of_a, i.a, of_b, j.a);
        return i.op == Op::group ? same_members(of_a, i.a, of_b, j.a) : i.a == j.a;
    };
    return std::equal(x.code.begin(), x.code.end(), y.code.begin(), y.code.end(), same) &&
           same_values(x.constants, y.constants);
}

bool same_rule(const Rule& a, const TableSet& of_a, const Rule& b, const TableSet& of_b) {
    const auto same = [&](const std::optional<Expression>& x, const std::optional<Expression>& y) {
        return x.has_value() == y.has_value() && (!x || same_code(*x, of_a, *y, of_b));
    };
    return a.reason == b.reason && a.refers_on == b.refers_on && a.refers_on_fault == b.refers_on_fault &&
           a.then == b.then && a.is_private == b.is_private && a.is_silent == b.is_silent &&
           a.unless_basis == b.unless_basis && same(a.when, b.when) && same(a.unless, b.unless);
}

}  // namespace

bool written_alike(const RulesOf& a, const RulesOf& b) {
    return std::equal(a.rules.begin(), a.rules.end(), b.rules.begin(), b.rules.end(),
                      [&](std::size_t x, std::size_t y) {
                          return same_rule(a.body->rules[x], *a.body->tables, b.body->rules[y], *b.body->tables);
                      });
}

}  // namespace paso
