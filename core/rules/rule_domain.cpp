#include "core/rules/rule_domain.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "core/rules/program.hpp"

namespace paso {
namespace {

constexpr std::size_t max_universe = 6;  // texts whose every subset is tried

bool is_order(Op op) { return op >= Op::less && op <= Op::greater_equal; }

// What stands on the stack while the code is read: a constant; something that is compared as a whole (a fact, a cell, a
// key, a group), known by its node; or anything else.
struct Part {
    std::optional<Value> constant{};
    std::optional<std::size_t> node{};
    bool computed = false;  // its value is no fact, cell or constant; conditions are never
};

// Which facts, cells and constants are compared with each other, directly or not: they share a root.
class Nodes {
  public:
    explicit Nodes(std::size_t facts) : parents_(facts), constants_(facts) {
        std::iota(parents_.begin(), parents_.end(), std::size_t{0});
    }
    std::size_t make() {
        parents_.push_back(parents_.size());
        constants_.emplace_back();
        return parents_.size() - 1;
    }
    std::size_t root(std::size_t n) const {
        while (parents_[n] != n) n = parents_[n];
        return n;
    }
    void join(std::size_t a, std::size_t b) { parents_[root(a)] = root(b); }
    void attach(std::size_t node, const Value& v) { constants_[node].push_back(v); }
    // All constants of this root.
    std::vector<Value> constants(std::size_t root_wanted) const {
        std::vector<Value> out;
        for (std::size_t n = 0; n < parents_.size(); ++n) {
            if (root(n) == root_wanted) out.insert(out.end(), constants_[n].begin(), constants_[n].end());
        }
        return out;
    }

  private:
    std::vector<std::size_t> parents_;
    std::vector<std::vector<Value>> constants_;
};

class Reader {
  public:
    Reader(const Schema& schema, RuleDomain& out)
        : schema_(schema), out_(out), nodes_(schema.facts().size()), asked_(schema.facts().size()) {}

    void read(const DomainPart& part) {
        const Expression& e = *part.expression;
        const Program& p = e.program();
        tables_ = part.tables;
        stack_.clear();
        for (const Instruction& i : p.code) step(i, p.constants);
        for (const std::uint16_t s : e.slots()) read_.insert(s);
        for (const Value& v : p.constants) collect(v);
    }

    void finish() {
        for (const std::uint16_t s : read_) (asked_[s] ? first_ : rest_).push_back({s, values_of(s)});
        const auto smaller = [](const FactDomain& a, const FactDomain& b) { return a.values.size() < b.values.size(); };
        std::stable_sort(rest_.begin(), rest_.end(), smaller);
        for (FactDomain& d : first_) d.values.push_back(Value::unknown(Cause::not_read));
        out_.asked = first_.size();
        out_.facts = std::move(first_);
        std::move(rest_.begin(), rest_.end(), std::back_inserter(out_.facts));
    }

  private:
    Part pop() {
        if (stack_.empty()) return {};
        const Part p = stack_.back();
        stack_.pop_back();
        return p;
    }
    void pop(std::size_t n) {
        while (n-- > 0) pop();
    }
    void push(const Part& p = {}) { stack_.push_back(p); }
    void inexact() { out_.exact = false; }

    // Constants of the whole, for what computes with them.
    void collect(const Value& v) {
        if (v.is(Kind::list) || v.is(Kind::set) || v.is(Kind::map)) {
            for (const Value& m : v.members()) collect(m);
        } else {
            all_.push_back(v);
        }
    }

    void attach(std::size_t node, const Value& v) {
        if (v.is(Kind::list) || v.is(Kind::set)) {
            for (const Value& m : v.members()) nodes_.attach(node, m);
        } else {
            nodes_.attach(node, v);
        }
    }

    // Two parts that are compared.
    void compare(const Part& a, const Part& b) {
        if (a.computed || b.computed) return inexact();
        if (a.node && b.node) nodes_.join(*a.node, *b.node);
        if (a.node && b.constant) attach(*a.node, *b.constant);
        if (b.node && a.constant) attach(*b.node, *a.constant);
    }

    bool is_kind(const Part& p, Kind k) const {
        return p.constant ? p.constant->is(k) : p.node && kinds_of(*p.node, k);
    }
    bool kinds_of(std::size_t node, Kind k) const {
        const auto& facts = schema_.facts();
        if (node >= facts.size()) return k == Kind::text && !numbers_.contains(node);
        return (k == Kind::text) == (facts[node].type == FactType::text || facts[node].type == FactType::text_set);
    }

    std::size_t node_for(std::pair<int, std::size_t> what) {
        const auto [at, fresh] = made_[tables_].emplace(what, 0);
        if (fresh) at->second = nodes_.make();
        return at->second;
    }

    void day_changes(const Instruction& i, std::span<const Date> days) {
        if (i.b == no_slot) return;
        for (const Date d : days) nodes_.attach(i.b, Value::date(d));
    }

    void table(const Instruction& i) {
        const auto rows = tables_->rows(i.a);
        std::vector<Part> keys(i.detail);
        for (std::size_t k = keys.size(); k-- > 0;) keys[k] = pop();
        std::vector<Date> days;
        for (const TableSet::Row& r : rows) {
            days.push_back(r.from);
            if (r.until < last_day) days.push_back(r.until.plus_days(1));
        }
        day_changes(i, days);
        const std::size_t result = node_for({-1 - int{i.a}, tables_->cell(i.a)});
        for (std::size_t k = 0; k < keys.size(); ++k) {
            const std::size_t node = node_for({i.a, k});
            bool there = false;
            for (const TableSet::Row& r : rows) {
                nodes_.attach(node, r.keys[k]);
                Budget budget{1000};
                there = there || (keys[k].constant && equal(r.keys[k], *keys[k].constant, budget));
            }
            if (keys[k].constant && !there) missing(*keys[k].constant);
            compare(keys[k], Part{{}, node, false});
        }
        for (const TableSet::Row& r : rows) nodes_.attach(result, r.cells[tables_->cell(i.a)]);
        if (!rows.empty() && !rows.front().cells[tables_->cell(i.a)].is(Kind::text)) numbers_.insert(result);
        push({{}, result, false});
    }

    void missing(const Value& key) {
        std::string text = key.is(Kind::text)      ? "'" + std::string{key.view()} + "'"
                           : key.is(Kind::boolean) ? std::string{key.yes() ? "true" : "false"}
                           : key.is(Kind::date)    ? key.day().iso()
                                                   : std::to_string(key.number);
        if (std::find(out_.missing_keys.begin(), out_.missing_keys.end(), text) == out_.missing_keys.end())
            out_.missing_keys.push_back(std::move(text));
    }

    void group(const Instruction& i) {
        const std::size_t node = node_for({1'000'000, i.a});
        for (const std::string_view m : tables_->ever_members(i.a)) nodes_.attach(node, Value::text(m));
        day_changes(i, tables_->changes(i.a));
        push({{}, node, false});
    }

    void step(const Instruction& i, const std::vector<Value>& constants) {
        switch (i.op) {
            case Op::constant:
                return push({constants[i.b], {}, false});
            case Op::fact:
                return push({{}, std::size_t{i.a}, false});
            case Op::known:
                asked_[i.a] = true;
                return push();
            case Op::and_jump:
            case Op::or_jump:
            case Op::branch:
            case Op::branch_end:
                return;
            case Op::and_next:
            case Op::and_last:
            case Op::or_next:
            case Op::or_last:
                pop(2);
                return push();
            case Op::negate:
                pop();
                return push();
            case Op::join: {
                const Part y = pop();
                const Part x = pop();
                pop();
                return push(chosen(x, y));
            }
            case Op::equal:
            case Op::unequal:
            case Op::less:
            case Op::less_equal:
            case Op::greater:
            case Op::greater_equal: {
                const Part b = pop();
                const Part a = pop();
                if (is_order(i.op) && (is_kind(a, Kind::text) || is_kind(b, Kind::text))) inexact();
                if (is_set(a) || is_set(b)) inexact();
                compare(a, b);
                return push();
            }
            case Op::in: {
                const Part where = pop();
                const Part what = pop();
                if (where.constant && where.constant->is(Kind::map)) inexact();
                compare(what, where);
                return push();
            }
            case Op::table:
                return table(i);
            case Op::group:
                return group(i);
            default:
                return other(i);
        }
    }

    bool is_set(const Part& p) const {
        if (p.constant) return p.constant->is(Kind::list) || p.constant->is(Kind::set) || p.constant->is(Kind::map);
        return p.node && *p.node < schema_.facts().size() && schema_.facts()[*p.node].type == FactType::text_set;
    }

    Part chosen(const Part& x, const Part& y) {
        if (x.computed || y.computed) return {{}, {}, true};
        if (!x.node && !y.node && !x.constant && !y.constant) return {};  // conditions
        const std::size_t node = nodes_.make();
        for (const Part* p : {&x, &y}) {
            if (p->node) nodes_.join(*p->node, node);
            if (p->constant) attach(node, *p->constant);
            const bool text = is_kind(*p, Kind::text);
            if (!text) numbers_.insert(node);
        }
        return {{}, node, false};
    }

    // What computes: nothing is said of it, but that the rule is not exact.
    void other(const Instruction& i) {
        inexact();
        std::size_t taken = 0;
        switch (i.op) {
            case Op::minus:
            case Op::select:
            case Op::has:
            case Op::loop:
            case Op::step:
                taken = 1;
                break;
            case Op::local:
            case Op::fault:
                break;
            case Op::list:
                taken = i.b;
                break;
            case Op::map:
                taken = std::size_t{i.b} * 2;
                break;
            case Op::call:
                taken = i.a;
                break;
            default:
                taken = 2;
        }
        pop(taken);
        if (i.op != Op::loop) push({{}, {}, true});
    }

    // How many facts of this type share a root.
    std::size_t peers(std::size_t root, FactType type) const {
        std::size_t n = 0;
        for (const std::uint16_t s : read_) {
            if (nodes_.root(s) == root && schema_.facts()[s].type == type) ++n;
        }
        return n;
    }

    std::vector<Value> constants_for(std::uint16_t slot, Kind kind) const {
        std::vector<Value> out;
        for (const Value& v : nodes_.constants(nodes_.root(slot))) {
            if (v.is(kind)) out.push_back(v);
        }
        if (out_.exact) return out;
        for (const Value& v : all_) {
            if (v.is(kind)) out.push_back(v);
        }
        return out;
    }

    // The constants themselves and, between them and beyond, as many values as there are facts that could differ.
    std::vector<Value> numbers(std::uint16_t slot, const FactDeclaration& fact) const {
        const FactType type = fact.type;
        const bool date = type == FactType::date;
        const Kind kind = date ? Kind::date : Kind::integer;
        const auto near = static_cast<std::int64_t>(peers(nodes_.root(slot), type));
        std::set<std::int64_t> points;
        std::vector<Value> bases = constants_for(slot, kind);
        if (bases.empty()) bases.push_back(Value::of(kind, date ? 20'454 : 0));  // 2026-01-01
        for (const Value& v : bases) {
            const std::int64_t base = fact.range ? std::clamp(v.number, fact.range->least, fact.range->most) : v.number;
            add_near(points, base, near, date);
            if (!date || out_.exact) continue;
            for (const Value& p : all_) {
                if (!p.is(Kind::period)) continue;
                for (const Op op : {Op::add, Op::subtract}) {
                    const Value moved = moved_date(op, v, p);
                    if (moved.is(Kind::date)) add_near(points, moved.number, 1, true);
                }
            }
        }
        std::vector<Value> out;
        out.reserve(points.size());
        for (const std::int64_t n : points) {
            if (!fact.range || (n >= fact.range->least && n <= fact.range->most)) out.push_back(Value::of(kind, n));
        }
        return out;
    }

    static void add_near(std::set<std::int64_t>& points, std::int64_t n, std::int64_t near, bool date) {
        const std::int64_t least = date ? first_day.days_since_1970() : INT64_MIN;
        const std::int64_t most = date ? last_day.days_since_1970() : INT64_MAX;
        for (std::int64_t d = 0; d <= near; ++d) {
            if (n <= most - d) points.insert(n + d);
            if (n >= least + d) points.insert(n - d);
        }
    }

    std::vector<Value> texts(std::uint16_t slot) {
        std::set<std::string_view> all;
        for (const Value& v : constants_for(slot, Kind::text)) all.insert(v.view());
        const std::set<std::string_view> constants = all;
        const std::size_t root = nodes_.root(slot);
        std::size_t fresh = peers(root, FactType::text) + peers(root, FactType::text_set);
        for (std::size_t n = 0; fresh > 0; ++n) {
            const std::string text = "~" + std::to_string(n);  // that no constant is
            if (constants.contains(text)) continue;
            all.insert(kept(text));
            --fresh;
        }
        std::vector<Value> out;
        out.reserve(all.size());
        for (const std::string_view s : all) out.push_back(Value::text(s));
        return out;
    }
    std::string_view kept(const std::string& text) {
        const auto at = std::find(out_.texts.begin(), out_.texts.end(), text);
        return at != out_.texts.end() ? *at : out_.texts.emplace_back(text);
    }

    std::vector<Value> sets(std::uint16_t slot) {
        std::vector<Value> universe = texts(slot);
        if (universe.size() > max_universe) {
            inexact();
            universe.resize(max_universe);
        }
        std::vector<Value> out;
        for (std::size_t mask = 0; mask < std::size_t{1} << universe.size(); ++mask) {
            std::vector<Value>& members = out_.members.emplace_back();
            for (std::size_t i = 0; i < universe.size(); ++i) {
                if ((mask >> i & 1U) != 0) members.push_back(universe[i]);
            }
            out.push_back(Value::collection(Kind::set, members.data(), members.size()));
        }
        return out;
    }

    std::vector<Value> values_of(std::uint16_t slot) {
        const FactDeclaration& fact = schema_.facts()[slot];
        switch (fact.type) {
            case FactType::boolean:
                return {Value::boolean(false), Value::boolean(true)};
            case FactType::integer:
            case FactType::date:
                return numbers(slot, fact);
            case FactType::text: {
                if (fact.values.empty()) return texts(slot);
                std::vector<Value> out;
                out.reserve(fact.values.size());
                for (const std::string_view v : fact.values) out.push_back(Value::text(v));
                return out;
            }
            case FactType::text_set:
                break;
        }
        return sets(slot);
    }

    const Schema& schema_;
    const TableSet* tables_ = nullptr;  // of what is being read
    RuleDomain& out_;
    Nodes nodes_;
    std::vector<bool> asked_;
    std::set<std::uint16_t> read_;
    std::set<std::size_t> numbers_;  // nodes of cells that are no texts
    std::map<const TableSet*, std::map<std::pair<int, std::size_t>, std::size_t>> made_;
    std::vector<Part> stack_;
    std::vector<Value> all_;
    std::vector<FactDomain> first_;
    std::vector<FactDomain> rest_;
};

}  // namespace

RuleDomain domain_of(std::span<const DomainPart> parts, const Schema& schema) {
    RuleDomain out;
    Reader reader(schema, out);
    for (const DomainPart& p : parts) reader.read(p);
    reader.finish();
    return out;
}

}  // namespace paso
