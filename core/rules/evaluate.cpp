// Over 400 lines: the machine of the expressions, one operator a function, and one loop that runs them.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "core/rules/expression.hpp"
#include "core/rules/program.hpp"

namespace paso {
namespace {

// What stands where a condition is expected; anything else has no place there.
Value condition(const Value& v) {
    return v.kind <= Kind::boolean && !v.is(Kind::null) ? v : Value::error(Fault::no_overload);
}

Value negated(const Value& v) { return v.is(Kind::boolean) ? Value::boolean(v.number == 0) : condition(v); }

// Unknown outweighs an error: what is not known might have avoided it.
Value failure(const Value& a, const Value& b) {
    if (a.is(Kind::unknown) || b.is(Kind::unknown)) {
        const unsigned causes = (a.is(Kind::unknown) ? a.causes : 0U) | (b.is(Kind::unknown) ? b.causes : 0U);
        Value out = Value::unknown(static_cast<std::uint8_t>(causes));
        out.size = a.is(Kind::error) || b.is(Kind::error) || (a.is(Kind::unknown) && a.size != 0) ||
                   (b.is(Kind::unknown) && b.size != 0);
        return out;
    }
    return a.is(Kind::error) ? a : b;
}

Value both(const Value& a, const Value& b) {
    if (a.no() || b.no()) return Value::boolean(false);
    if (a.yes() && b.yes()) return Value::boolean(true);
    return failure(condition(a), condition(b));
}

Value either(const Value& a, const Value& b) {
    if (a.yes() || b.yes()) return Value::boolean(true);
    if (a.no() && b.no()) return Value::boolean(false);
    return failure(condition(a), condition(b));
}

Value compare(Op op, const Value& a, const Value& b, Budget& budget) {
    if (a.failed() || b.failed()) return failure(a, b);
    if (op == Op::equal || op == Op::unequal) {
        const bool same = equal(a, b, budget);
        return budget.steps < 0 ? Value::error(Fault::too_large) : Value::boolean(same == (op == Op::equal));
    }
    const auto o = order(a, b);
    if (!o) return Value::error(Fault::no_overload);
    switch (op) {
        case Op::less:
            return Value::boolean(*o == Order::less);
        case Op::less_equal:
            return Value::boolean(*o == Order::less || *o == Order::same);
        case Op::greater:
            return Value::boolean(*o == Order::greater);
        default:
            return Value::boolean(*o == Order::greater || *o == Order::same);
    }
}

bool whole_number(Kind k) { return k == Kind::integer || k == Kind::date || k == Kind::boolean; }

bool compared(Op op, std::int64_t a, std::int64_t b) {
    switch (op) {
        case Op::equal:
            return a == b;
        case Op::unequal:
            return a != b;
        case Op::less:
            return a < b;
        case Op::less_equal:
            return a <= b;
        case Op::greater:
            return a > b;
        default:
            return a >= b;
    }
}

Value inside(const Value& wanted, const Value& where, Budget& budget) {
    if (where.failed() || wanted.failed()) return failure(wanted, where);
    if (where.is(Kind::set)) {
        if (!wanted.is(Kind::text)) return Value::boolean(false);
        const auto members = where.members();
        const auto at = std::lower_bound(members.begin(), members.end(), wanted,
                                         [](const Value& a, const Value& b) { return a.view() < b.view(); });
        return Value::boolean(at != members.end() && at->view() == wanted.view());
    }
    bool found = false;
    if (where.is(Kind::map)) {
        found = find_key(where, wanted, budget) != nullptr;
    } else if (where.is(Kind::list)) {
        for (const Value& member : where.members()) found = found || equal(member, wanted, budget);
    } else {
        return Value::error(Fault::no_overload);
    }
    return budget.steps < 0 ? Value::error(Fault::too_large) : Value::boolean(found);
}

// The number of a member: an integer, or a number of another kind with the same value.
std::optional<std::int64_t> place_of(const Value& v) {
    constexpr double most = 1e9;
    if (v.is(Kind::integer)) return v.number;
    if (v.is(Kind::unsigned_integer)) return v.number < 0 ? std::optional<std::int64_t>{} : v.number;
    if (!v.is(Kind::real) || !(v.real >= 0 && v.real < most)) return std::nullopt;
    const auto n = static_cast<std::int64_t>(v.real);
    return static_cast<double>(n) == v.real ? std::optional{n} : std::nullopt;
}

Value indexed(const Value& left, const Value& key, Budget& budget) {
    if (left.failed() || key.failed()) return failure(left, key);
    if (left.is(Kind::map)) {
        const Value* value = find_key(left, key, budget);
        return value == nullptr ? Value::error(Fault::no_such_key) : *value;
    }
    if (!left.is(Kind::list)) return Value::error(Fault::no_overload);
    const auto place = place_of(key);
    if (!place) return Value::error(Fault::no_overload);
    return *place < 0 || *place >= std::int64_t{left.size} ? Value::error(Fault::range) : left.items[*place];
}

Value select(const Value& left, const Value& field, Budget& budget) {
    if (left.failed()) return left;
    if (!left.is(Kind::map)) return Value::error(Fault::no_overload);
    const Value* value = find_key(left, field, budget);
    return value == nullptr ? Value::error(Fault::no_such_key) : *value;
}

Value has(const Value& left, const Value& field, Budget& budget) {
    if (left.failed()) return left;
    if (!left.is(Kind::map)) return Value::error(Fault::no_overload);
    return Value::boolean(find_key(left, field, budget) != nullptr);
}

// The first failure among operands, unknown before error; null: there is none.
Value failure_among(std::span<const Value> operands) {
    Value out{};
    for (const Value& v : operands) {
        if (v.failed()) out = out.failed() ? failure(out, v) : v;
    }
    return out;
}

Value list_of(std::span<const Value> members, Arena& arena) {
    if (const Value f = failure_among(members); f.failed()) return f;
    Value* items = arena.values(members.size());
    if (items == nullptr) return Value::error(Fault::too_large);
    std::copy(members.begin(), members.end(), items);
    return Value::collection(Kind::list, items, members.size());
}

bool is_key(Kind k) {
    return k == Kind::boolean || k == Kind::integer || k == Kind::unsigned_integer || k == Kind::text;
}

Value map_of(std::span<const Value> parts, Machine machine) {
    if (const Value f = failure_among(parts); f.failed()) return f;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
        if (!is_key(parts[i].kind)) return Value::error(Fault::no_overload);
        for (std::size_t j = 0; j < i; j += 2) {
            if (equal(parts[i], parts[j], machine.budget)) return Value::error(Fault::repeated_key);
        }
    }
    Value* items = machine.arena.values(parts.size());
    if (items == nullptr || machine.budget.steps < 0) return Value::error(Fault::too_large);
    std::copy(parts.begin(), parts.end(), items);
    return Value::collection(Kind::map, items, parts.size() / 2);
}

Value joined(const Value& condition, const Value& x, const Value& y, Budget& budget) {
    if (condition.no()) return y;
    if (x.kind == y.kind && whole_number(x.kind) && x.number == y.number) return x;
    if (x.kind == y.kind && x.is(Kind::text) && equal(x, y, budget)) return x;
    return failure(condition, failure(x, y));
}

// The condition of a test where it is plain: 0 or 1; 2 where it must be looked at more closely.
inline unsigned plain(const Value& v) { return v.is(Kind::boolean) ? static_cast<unsigned>(v.number) : 2U; }

bool same_text(const Value& a, const Value& b) {
    if (a.size != b.size) return false;
    if (a.size != 3) return std::memcmp(a.characters, b.characters, a.size) == 0;
    return a.characters[0] == b.characters[0] && a.characters[1] == b.characters[1] &&
           a.characters[2] == b.characters[2];
}

[[gnu::always_inline]] inline unsigned plain_comparison(Op op, const Value& a, const Value& b) {
    if (a.kind != b.kind) return 2;
    if (whole_number(a.kind)) return static_cast<unsigned>(compared(op, a.number, b.number));
    if (!a.is(Kind::text) || (op != Op::equal && op != Op::unequal)) return 2;
    return static_cast<unsigned>(same_text(a, b) == (op == Op::equal));
}

unsigned plain_membership(const Value& wanted, const Value& set) {
    constexpr std::uint32_t few = 8;
    if (!wanted.is(Kind::text) || !set.is(Kind::set) || set.size > few) return 2;
    bool found = false;
    for (const Value& member : set.members()) found = found || same_text(member, wanted);
    return static_cast<unsigned>(found);
}

[[gnu::always_inline]] inline unsigned plain_test(const Instruction& i, const Value* slots, const Value* constants) {
    const Value& fact = slots[i.a];
    const auto comparison = static_cast<Op>(i.detail);
    switch (i.op) {
        case Op::test_fact:
            return plain(fact);
        case Op::test_not_fact:
            return fact.is(Kind::boolean) ? 1U - static_cast<unsigned>(fact.number) : 2U;
        case Op::test_known:
            return fact.is(Kind::unknown) ? 0U : 1U;
        case Op::test_compare_facts:
            return plain_comparison(comparison, fact, slots[i.b]);
        case Op::test_compare_constant:
            return plain_comparison(comparison, fact, constants[i.b]);
        case Op::test_compare_later:
        case Op::test_compare_earlier: {
            if (!slots[i.b].is(Kind::date) || !constants[i.c].is(Kind::period)) return 2;
            const Op op = i.op == Op::test_compare_later ? Op::add : Op::subtract;
            return plain_comparison(comparison, fact, moved_date(op, slots[i.b], constants[i.c]));
        }
        case Op::test_fact_in:
            return plain_membership(fact, constants[i.b]);
        case Op::test_constant_in:
            return plain_membership(constants[i.b], fact);
        default:
            return 2;
    }
}

class Run {
  public:
    Run(const Code& code, std::span<const Value> slots, Arena& arena, Scratch& scratch)
        : code_(code), slots_(slots), machine_{arena, budget_}, stack_(scratch.stack), frames_(scratch.frames) {}

    const Value& go();

  private:
    Value& top(std::size_t below = 0) { return stack_[depth_ - 1 - below]; }
    void push(const Value& v) { stack_[depth_++] = v; }
    std::span<Value> operands(std::size_t n) { return {stack_.data() + depth_ - n, n}; }
    void replace(std::size_t n, const Value& v) {
        depth_ -= n;
        push(v);
    }
    void binary(Op op);
    Value moved(Op op, const Value& a, const Value& b);
    std::size_t branch(const Instruction& i, std::size_t next);
    Value looked_up(const Instruction& i);
    Value members_of_group(const Instruction& i);
    std::size_t begin_loop(const Instruction& i, std::size_t next);
    std::size_t step(const Instruction& i, std::size_t next);
    std::size_t perform(const Instruction& i, std::size_t next);
    Value test(const Instruction& i);
    bool linked(Link link, const Value& v);
    bool linked_plain(Link link, bool yes);
    static bool take_step(Frame& f, Loop kind, const Value& body);
    static Value result(const Frame& f, Loop kind);
    Value day(const Instruction& i) const { return i.b == no_slot ? Value::date({}) : slots_[i.b]; }

    const Code& code_;
    std::span<const Value> slots_;
    Budget budget_{static_cast<std::int64_t>(max_cost)};
    Machine machine_;
    std::size_t depth_ = 0;
    std::array<Value, max_stack + 1>& stack_;
    std::array<Frame, max_loops>& frames_;
};

void Run::binary(Op op) {
    const Value& a = top(1);
    const Value& b = top();
    Value v;
    switch (op) {
        case Op::in:
            v = inside(a, b, budget_);
            break;
        case Op::index:
            v = indexed(a, b, budget_);
            break;
        case Op::add:
        case Op::subtract:
        case Op::multiply:
        case Op::divide:
        case Op::modulo:
            v = moved(op, a, b);
            break;
        default:
            v = compare(op, a, b, budget_);
    }
    replace(2, v);
}

std::size_t Run::branch(const Instruction& i, std::size_t next) {
    const Value c = condition(top());
    if (c.yes() || c.is(Kind::unknown)) return next;
    if (c.no()) {
        push(Value{});  // in the place of the branch that is not taken
        return i.b;
    }
    top() = c;
    return i.a;
}

Value Run::looked_up(const Instruction& i) {
    const auto keys = operands(i.detail);
    const Value today = day(i);
    Value f = failure_among(keys);
    if (today.failed()) f = f.failed() ? failure(f, today) : today;
    if (f.failed()) return f;
    return code_.tables->look_up(i.a, keys, today.day());
}

Value Run::members_of_group(const Instruction& i) {
    const Value today = day(i);
    return today.failed() ? today : code_.tables->members(i.a, today.day());
}

std::size_t Run::begin_loop(const Instruction& i, std::size_t next) {
    const auto kind = static_cast<Loop>(i.detail);
    const Value range = top();
    if (range.failed()) return i.b;
    if (!range.is(Kind::list) && !range.is(Kind::set) && !range.is(Kind::map)) {
        top() = Value::error(Fault::no_overload);
        return i.b;
    }
    Frame& f = frames_[i.a];
    f = {range.items, range.size, 0, range.is(Kind::map) ? 2U : 1U, 0, nullptr, Value::boolean(kind == Loop::all)};
    if (kind == Loop::map || kind == Loop::filter) f.out = machine_.arena.values(range.size);
    if (f.out == nullptr && (kind == Loop::map || kind == Loop::filter) && range.size != 0) {
        top() = Value::error(Fault::too_large);
        return i.b;
    }
    if (range.size == 0) {
        top() = result(f, kind);
        return i.b;
    }
    --depth_;
    return next;
}

// True when the loop has its answer.
bool Run::take_step(Frame& f, Loop kind, const Value& body) {
    const Value& member = f.items[std::size_t{f.index} * f.stride];
    switch (kind) {
        case Loop::all:
            f.so_far = both(f.so_far, body);
            return f.so_far.no();
        case Loop::exists:
            f.so_far = either(f.so_far, body);
            return f.so_far.yes();
        case Loop::map:
            if (body.failed()) {
                f.so_far = f.so_far.failed() ? failure(f.so_far, body) : body;
            } else {
                f.out[f.found++] = body;
            }
            return false;
        case Loop::exists_one:
        case Loop::filter:
            break;
    }
    const Value c = condition(body);
    if (c.failed()) {
        f.so_far = f.so_far.failed() ? failure(f.so_far, c) : c;
    } else if (c.yes()) {
        if (kind == Loop::filter) f.out[f.found] = member;
        ++f.found;
    }
    return false;
}

Value Run::result(const Frame& f, Loop kind) {
    switch (kind) {
        case Loop::all:
        case Loop::exists:
            return f.so_far;
        case Loop::exists_one:
            if (f.so_far.is(Kind::unknown) && f.found > 1) return Value::boolean(false);
            return f.so_far.failed() ? f.so_far : Value::boolean(f.found == 1);
        case Loop::map:
        case Loop::filter:
            break;
    }
    return f.so_far.failed() ? f.so_far : Value::collection(Kind::list, f.out, f.found);
}

std::size_t Run::step(const Instruction& i, std::size_t next) {
    const auto kind = static_cast<Loop>(i.detail);
    Frame& f = frames_[i.a];
    const bool decided = take_step(f, kind, top());
    --depth_;
    if (!decided && ++f.index < f.size) {
        if (budget_.spend(static_cast<std::int64_t>(next - i.b))) return i.b;
        f.so_far = Value::error(Fault::too_large);
    }
    push(result(f, kind));
    return next;
}

// One instruction other than a test; gives the place of the next.
std::size_t Run::perform(const Instruction& i, std::size_t next) {
    switch (i.op) {
        case Op::constant:
            push(code_.constants[i.b]);
            break;
        case Op::fact:
            push(slots_[i.a]);
            break;
        case Op::known:
            push(Value::boolean(!slots_[i.a].is(Kind::unknown)));
            break;
        case Op::local:
            push(frames_[i.a].items[std::size_t{frames_[i.a].index} * frames_[i.a].stride]);
            break;
        case Op::fault:
            push(Value::error(static_cast<Fault>(i.detail)));
            break;
        case Op::and_jump:
            top() = condition(top());
            if (top().no()) return i.b;
            break;
        case Op::and_next:
            replace(2, both(top(1), top()));
            if (top().no()) return i.b;
            break;
        case Op::and_last:
            replace(2, both(top(1), top()));
            break;
        case Op::or_jump:
            top() = condition(top());
            if (top().yes()) return i.b;
            break;
        case Op::or_next:
            replace(2, either(top(1), top()));
            if (top().yes()) return i.b;
            break;
        case Op::or_last:
            replace(2, either(top(1), top()));
            break;
        case Op::branch:
            return branch(i, next);
        case Op::branch_end:
            if (top(1).yes()) {
                replace(2, top());
                return i.b;
            }
            break;
        case Op::join:
            replace(3, joined(top(2), top(1), top(), budget_));
            break;
        case Op::negate:
            top() = negated(top());
            break;
        case Op::minus:
            if (!top().failed()) top() = arithmetic(Op::minus, top(), top(), machine_);
            break;
        case Op::select:
            top() = select(top(), code_.constants[i.b], budget_);
            break;
        case Op::has:
            top() = has(top(), code_.constants[i.b], budget_);
            break;
        case Op::equal:
        case Op::unequal:
        case Op::less:
        case Op::less_equal:
        case Op::greater:
        case Op::greater_equal:
        case Op::in:
        case Op::add:
        case Op::subtract:
        case Op::multiply:
        case Op::divide:
        case Op::modulo:
        case Op::index:
            binary(i.op);
            break;
        case Op::list:
            replace(i.b, list_of(operands(i.b), machine_.arena));
            break;
        case Op::map:
            replace(std::size_t{i.b} * 2, map_of(operands(std::size_t{i.b} * 2), machine_));
            break;
        case Op::call: {
            const auto arguments = operands(i.a);
            const Value f = failure_among(arguments);
            replace(i.a, f.failed() ? f : call(static_cast<Function>(i.detail), arguments, machine_));
            break;
        }
        case Op::table:
            replace(i.detail, looked_up(i));
            break;
        case Op::group:
            push(members_of_group(i));
            break;
        case Op::loop:
            return begin_loop(i, next);
        case Op::step:
            return step(i, next);
        case Op::test_fact:
        case Op::test_not_fact:
        case Op::test_known:
        case Op::test_compare_facts:
        case Op::test_compare_constant:
        case Op::test_compare_later:
        case Op::test_compare_earlier:
        case Op::test_fact_in:
        case Op::test_constant_in:
            break;  // go() sees to them
    }
    return next;
}

Value Run::moved(Op op, const Value& a, const Value& b) {
    return a.failed() || b.failed() ? failure(a, b) : arithmetic(op, a, b, machine_);
}

// The condition of a test that is not plain.
Value Run::test(const Instruction& i) {
    const Value& fact = slots_[i.a];
    switch (i.op) {
        case Op::test_not_fact:
            return negated(fact);
        case Op::test_compare_facts:
            return compare(static_cast<Op>(i.detail), fact, slots_[i.b], budget_);
        case Op::test_compare_constant:
            return compare(static_cast<Op>(i.detail), fact, code_.constants[i.b], budget_);
        case Op::test_compare_later:
        case Op::test_compare_earlier: {
            const Op op = i.op == Op::test_compare_later ? Op::add : Op::subtract;
            return compare(static_cast<Op>(i.detail), fact, moved(op, slots_[i.b], code_.constants[i.c]), budget_);
        }
        case Op::test_fact_in:
            return inside(fact, code_.constants[i.b], budget_);
        case Op::test_constant_in:
            return inside(code_.constants[i.b], fact, budget_);
        default:
            return fact;
    }
}

// Joins a condition to the one on top; true: it is decided, and the code goes on at the target.
bool Run::linked(Link link, const Value& v) {
    switch (link) {
        case Link::push:
            push(v);
            return false;
        case Link::and_jump:
            push(condition(v));
            return top().no();
        case Link::or_jump:
            push(condition(v));
            return top().yes();
        case Link::and_next:
        case Link::and_last:
            top() = both(top(), v);
            return link == Link::and_next && top().no();
        case Link::or_next:
        case Link::or_last:
            top() = either(top(), v);
            return link == Link::or_next && top().yes();
    }
    return false;
}

// The same for a plain condition. What is on top is a condition already: yes adds nothing to `and`, no nothing to `or`.
inline bool Run::linked_plain(Link link, bool yes) {
    switch (link) {
        case Link::push:
        case Link::and_jump:
        case Link::or_jump:
            push(Value::boolean(yes));
            return link != Link::push && yes == (link == Link::or_jump);
        case Link::and_next:
        case Link::and_last:
            if (!yes) top() = Value::boolean(false);
            return !yes && link == Link::and_next;
        case Link::or_next:
        case Link::or_last:
            if (yes) top() = Value::boolean(true);
            return yes && link == Link::or_next;
    }
    return false;
}

const Value& Run::go() {
    const Instruction* const code = code_.instructions.data();
    const std::size_t end = code_.instructions.size();
    std::size_t at = 0;
    while (at < end) {
        const Instruction& i = code[at++];
        if (i.op < Op::test_fact) {
            at = perform(i, at);
            continue;
        }
        const unsigned condition_of = plain_test(i, slots_.data(), code_.constants);
        const bool decided = condition_of < 2 ? linked_plain(i.link, condition_of == 1) : linked(i.link, test(i));
        if (decided) at = i.target;
    }
    if (budget_.steps < 0) top() = Value::error(Fault::too_large);
    return top();
}

bool compares(Op op) { return op >= Op::equal && op <= Op::greater_equal; }

// The test that does what the next instructions do, and how many they are; nothing if there is none.
using Shorter = std::optional<std::pair<Instruction, std::size_t>>;

// fact < fact + constant, and the like.
Shorter test_of_sum(std::span<const Instruction> code) {
    if (code.size() < 5 || code[0].op != Op::fact || code[1].op != Op::fact || code[2].op != Op::constant ||
        (code[3].op != Op::add && code[3].op != Op::subtract) || !compares(code[4].op) || code[2].b > UINT16_MAX)
        return std::nullopt;
    const Op op = code[3].op == Op::add ? Op::test_compare_later : Op::test_compare_earlier;
    const auto constant = static_cast<std::uint16_t>(code[2].b);
    return Shorter{
        {Instruction{op, static_cast<std::uint8_t>(code[4].op), code[0].a, code[1].a, 0, constant, Link::push},
         std::size_t{5}}};
}

Shorter test_of(std::span<const Instruction> code) {
    const auto one = [](Op op, std::size_t length, std::uint16_t a, std::uint32_t b = 0, Op comparison = Op::equal) {
        return Shorter{{Instruction{op, static_cast<std::uint8_t>(comparison), a, b, 0, 0, Link::push}, length}};
    };
    const Instruction& first = code[0];
    if (first.op == Op::known) return one(Op::test_known, 1, first.a);
    if (code.size() > 2 && first.op == Op::constant && code[1].op == Op::fact && code[2].op == Op::in)
        return one(Op::test_constant_in, 3, code[1].a, first.b);
    if (first.op != Op::fact || code.size() < 2) return std::nullopt;
    const Instruction& second = code[1];
    if (second.op == Op::negate) return one(Op::test_not_fact, 2, first.a);
    if (const auto sum = test_of_sum(code)) return sum;
    const Op third = code.size() > 2 ? code[2].op : Op::fault;
    if (second.op == Op::fact && compares(third)) return one(Op::test_compare_facts, 3, first.a, second.a, third);
    if (second.op == Op::constant && compares(third))
        return one(Op::test_compare_constant, 3, first.a, second.b, third);
    if (second.op == Op::constant && third == Op::in) return one(Op::test_fact_in, 3, first.a, second.b);
    return std::nullopt;
}

std::optional<Link> link_of(Op op) {
    switch (op) {
        case Op::and_jump:
            return Link::and_jump;
        case Op::and_next:
            return Link::and_next;
        case Op::and_last:
            return Link::and_last;
        case Op::or_jump:
            return Link::or_jump;
        case Op::or_next:
            return Link::or_next;
        case Op::or_last:
            return Link::or_last;
        default:
            return std::nullopt;
    }
}

// A test together with the link that follows it.
Shorter shorter(std::span<const Instruction> code) {
    Shorter test = test_of(code);
    if (!test && code[0].op == Op::fact) test = {Instruction{Op::test_fact, 0, code[0].a, 0, 0, 0, Link::push}, 1};
    if (!test || test->second >= code.size()) return test;
    const Instruction& after = code[test->second];
    const auto link = link_of(after.op);
    if (!link) return test;
    test->first.link = *link;
    test->first.target = after.b;
    ++test->second;
    return test;
}

// Whether `b` of an instruction is a place in the code.
bool jumps(Op op) {
    switch (op) {
        case Op::and_jump:
        case Op::and_next:
        case Op::or_jump:
        case Op::or_next:
        case Op::branch:
        case Op::branch_end:
        case Op::loop:
        case Op::step:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::vector<Instruction> fuse(std::span<const Instruction> code) {
    std::vector<bool> target(code.size() + 1, false);
    for (const Instruction& i : code) {
        if (jumps(i.op)) target[i.b] = true;
        if (i.op == Op::branch) target[i.a] = true;
    }
    std::vector<Instruction> out;
    out.reserve(code.size());
    std::vector<std::uint32_t> moved(code.size() + 1, 0);
    for (std::size_t at = 0; at < code.size();) {
        moved[at] = static_cast<std::uint32_t>(out.size());
        const auto one = shorter(code.subspan(at));
        const std::size_t length = one ? one->second : 1;
        bool entered = false;  // something jumps into the middle of it
        for (std::size_t i = 1; i < length; ++i) entered = entered || target[at + i];
        out.push_back(one && !entered ? one->first : code[at]);
        at += one && !entered ? length : 1;
    }
    moved[code.size()] = static_cast<std::uint32_t>(out.size());
    for (Instruction& i : out) {
        if (jumps(i.op)) i.b = moved[i.b];
        i.target = moved[i.target];
        if (i.op == Op::branch) i.a = static_cast<std::uint16_t>(moved[i.a]);
    }
    return out;
}

Evaluator::Evaluator() : scratch_(std::make_unique<Scratch>()) {}
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;
Evaluator::~Evaluator() = default;

const Value& Evaluator::evaluate(const Code& code, std::span<const Value> slots) {
    arena_.clear();
    return Run(code, slots, arena_, *scratch_).go();
}

Value Evaluator::evaluate(const Expression& expression, std::span<const Value> slots) {
    const Program& p = expression.program();
    return evaluate(Code{p.fused, p.constants.data(), p.tables}, slots);
}

}  // namespace paso
