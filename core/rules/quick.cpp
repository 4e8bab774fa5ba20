#include "core/rules/quick.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "core/rules/pack_body.hpp"
#include "core/rules/program.hpp"
#include "core/rules/tree.hpp"

namespace paso {
namespace {

constexpr unsigned unsure = 2;
constexpr std::uint8_t less = 1;
constexpr std::uint8_t same = 2;
constexpr std::uint8_t greater = 4;

bool compares(Op op) { return op >= Op::equal && op <= Op::greater_equal; }

std::uint8_t mask_of(Op op) {
    switch (op) {
        case Op::equal:
            return same;
        case Op::unequal:
            return less | greater;
        case Op::less:
            return less;
        case Op::less_equal:
            return less | same;
        case Op::greater:
            return greater;
        default:
            return greater | same;
    }
}

// x < y is y > x.
std::uint8_t mirrored(std::uint8_t mask) {
    return static_cast<std::uint8_t>((mask & same) | ((mask & less) != 0 ? greater : 0) |
                                     ((mask & greater) != 0 ? less : 0));
}

inline bool whole_number(Kind k) { return k == Kind::integer || k == Kind::date || k == Kind::boolean; }

template <class T>
inline T loaded(const char* at) {
    T out;
    std::memcpy(&out, at, sizeof out);
    return out;
}

// Short texts are compared in two overlapping words.
[[gnu::always_inline]] inline bool same_text(const Value& a, const Value& b) {
    if (a.size != b.size) return false;
    const std::size_t n = a.size;
    const char* x = a.characters;
    const char* y = b.characters;
    if (n > 16) return std::memcmp(x, y, n) == 0;
    if (n >= 8)
        return loaded<std::uint64_t>(x) == loaded<std::uint64_t>(y) &&
               loaded<std::uint64_t>(x + n - 8) == loaded<std::uint64_t>(y + n - 8);
    if (n >= 4)
        return loaded<std::uint32_t>(x) == loaded<std::uint32_t>(y) &&
               loaded<std::uint32_t>(x + n - 4) == loaded<std::uint32_t>(y + n - 4);
    if (n >= 2)
        return loaded<std::uint16_t>(x) == loaded<std::uint16_t>(y) &&
               loaded<std::uint16_t>(x + n - 2) == loaded<std::uint16_t>(y + n - 2);
    return n == 0 || *x == *y;
}

inline unsigned ordered(std::uint8_t mask, std::int64_t x, std::int64_t y) {
    return static_cast<unsigned>(mask) >> (static_cast<unsigned>(x >= y) + static_cast<unsigned>(x > y)) & 1U;
}

[[gnu::always_inline]] inline unsigned compared(const QuickTest& t, const Value* values) {
    const Value& x = values[t.a];
    const Value& y = values[t.b];
    if (x.kind != y.kind) return unsure;
    if (whole_number(x.kind)) return ordered(t.mask, x.number, y.number);
    if (!x.is(Kind::text) || (t.mask != same && t.mask != (less | greater))) return unsure;
    return static_cast<unsigned>(same_text(x, y) == (t.mask == same));
}

// A month has 28 days at least and 31 at most: mostly that tells enough, without the calendar.
unsigned compared_moved(const QuickTest& t, const Value* values) {
    const Value& x = values[t.a];
    const Value& day = values[t.b];
    const Value& period = values[t.c];
    if (!x.is(Kind::date) || !day.is(Kind::date)) return unsure;
    const std::int64_t sign = t.op == QuickOp::later ? 1 : -1;
    const std::int64_t least = std::int64_t{period.period.months} * 28 + period.period.days;
    const std::int64_t most = std::int64_t{period.period.months} * 31 + period.period.days;
    const std::int64_t near = day.number + sign * least;
    const std::int64_t far = day.number + sign * most;
    // Only where the sum is surely a day: the machine says what follows where it is none.
    if (std::min(near, far) < first_day.days_since_1970() || std::max(near, far) > last_day.days_since_1970())
        return unsure;
    if (x.number < std::min(near, far)) return static_cast<unsigned>(t.mask) & 1U;
    if (x.number > std::max(near, far)) return static_cast<unsigned>(t.mask) >> 2U & 1U;
    const Value moved = moved_date(t.op == QuickOp::later ? Op::add : Op::subtract, day, period);
    return moved.is(Kind::date) ? ordered(t.mask, x.number, moved.number) : unsure;
}

unsigned compared_sum(const QuickTest& t, const Value* values) {
    const Value& x = values[t.a];
    const Value& y = values[t.c];
    const Value& with = values[t.b];
    if (!x.is(Kind::integer) || !y.is(Kind::integer) || !with.is(Kind::integer)) return unsure;
    std::int64_t sum = 0;
    const bool beyond = t.op == QuickOp::sum ? __builtin_add_overflow(x.number, y.number, &sum)
                                             : __builtin_sub_overflow(x.number, y.number, &sum);
    return beyond ? unsure : ordered(t.mask, sum, with.number);
}

unsigned inside(const Value& text, const Value& set) {
    if (!text.is(Kind::text) || !set.is(Kind::set)) return unsure;
    constexpr std::uint32_t few = 8;
    const auto members = set.members();
    if (set.size <= few) {
        bool found = false;
        for (const Value& m : members) found = found || same_text(m, text);
        return static_cast<unsigned>(found);
    }
    const auto at = std::lower_bound(members.begin(), members.end(), text,
                                     [](const Value& a, const Value& b) { return a.view() < b.view(); });
    return static_cast<unsigned>(at != members.end() && at->view() == text.view());
}

unsigned meets(const Value& a, const Value& b) {
    if (!a.is(Kind::set) || !b.is(Kind::set)) return unsure;
    for (const Value& m : a.members()) {
        if (inside(m, b) == 1) return 1;
    }
    return 0;
}

unsigned other_test(const QuickTest& t, const Value* values) {
    switch (t.op) {
        case QuickOp::compare:
            return compared(t, values);
        case QuickOp::known:
            return values[t.a].is(Kind::unknown) ? 0U : 1U;
        case QuickOp::later:
        case QuickOp::earlier:
            return compared_moved(t, values);
        case QuickOp::sum:
        case QuickOp::difference:
            return compared_sum(t, values);
        case QuickOp::inside:
            return inside(values[t.a], values[t.b]);
        case QuickOp::meets:
            return meets(values[t.a], values[t.b]);
    }
    return unsure;
}

}  // namespace

std::uint32_t QuickRules::run(std::uint32_t at, const Value* values) const {
    const QuickTest* const tests = tests_.data();
    while (at < static_cast<std::uint32_t>(QuickEnd::yes)) {
        const QuickTest& t = tests[at];
        const unsigned answer = t.op == QuickOp::compare ? compared(t, values) : other_test(t, values);
        if (answer == unsure) return quick_end(QuickEnd::unsure, rule_of_[at]);
        at = answer == 1 ? t.yes : t.no;
    }
    return at;
}

// Writes the tests from the last rule to the first, so that each knows where to go; then turns them round.
class QuickCompiler {
  public:
    QuickCompiler(QuickRules& out, std::size_t facts) : out_(out), facts_(facts) {}

    void compile(std::span<const Rule> rules) {
        out_.begins_.assign(rules.size() + 1, quick_end(QuickEnd::all, 0));
        for (std::size_t n = rules.size(); n-- > 0;) {
            const Rule& r = rules[n];
            const std::uint32_t next = out_.begins_[n + 1];
            unsure_ = quick_end(QuickEnd::unsure, n);
            std::uint32_t fires = quick_end(QuickEnd::yes, n);
            if (r.unless) fires = part(read_tree(r.unless->program()), quick_end(QuickEnd::exempted, n), fires);
            out_.begins_[n] = r.when ? part(read_tree(r.when->program()), fires, next) : unsure_;
            out_.rule_of_.resize(out_.tests_.size(), static_cast<std::uint32_t>(n));
        }
        turn_round();
    }

  private:
    // The tests of a condition that lead to `yes` or to `no`; where they begin.
    std::uint32_t part(const Node& n, std::uint32_t yes, std::uint32_t no) {
        switch (n.op) {
            case Op::and_last:
                for (std::size_t i = n.parts.size(); i-- > 0;) yes = part(n.parts[i], yes, no);
                return yes;
            case Op::or_last:
                for (std::size_t i = n.parts.size(); i-- > 0;) no = part(n.parts[i], yes, no);
                return no;
            case Op::negate:
                return part(n.parts[0], no, yes);
            case Op::join: {
                const std::uint32_t x = part(n.parts[1], yes, no);
                const std::uint32_t y = part(n.parts[2], yes, no);
                return part(n.parts[0], x, y);
            }
            default:
                break;
        }
        auto test = test_of(n);
        if (!test) return unsure_;
        test->yes = yes;
        test->no = no;
        out_.tests_.push_back(*test);
        return static_cast<std::uint32_t>(out_.tests_.size() - 1);
    }

    std::optional<QuickTest> test_of(const Node& n) {
        if (n.op == Op::fact) return test(QuickOp::compare, n.a, constant(Value::boolean(true)), same);
        if (n.op == Op::known) return test(QuickOp::known, n.a, 0, 0);
        if (n.op == Op::in) return membership(n.parts[0], n.parts[1]);
        if (n.op == Op::loop) return any_member(n);
        if (!compares(n.op)) return std::nullopt;
        const Node& x = n.parts[0];
        const Node& y = n.parts[1];
        const std::uint8_t mask = mask_of(n.op);
        if (x.op == Op::fact) return comparison(x.a, y, mask);
        if (y.op == Op::fact) return comparison(y.a, x, mirrored(mask));
        return y.op == Op::constant ? sum(x, y.constant, mask) : std::nullopt;
    }

    // fact + fact < constant, of integers: what else is added is no fact of that kind when it runs.
    std::optional<QuickTest> sum(const Node& n, const Value& with, std::uint8_t mask) {
        const bool adds = n.op == Op::add;
        if ((!adds && n.op != Op::subtract) || n.parts[0].op != Op::fact || n.parts[1].op != Op::fact)
            return std::nullopt;
        auto t = test(adds ? QuickOp::sum : QuickOp::difference, n.parts[0].a, constant(with), mask);
        t.c = n.parts[1].a;
        return t;
    }

    std::optional<QuickTest> comparison(std::uint16_t fact, const Node& with, std::uint8_t mask) {
        if (with.op == Op::fact) return test(QuickOp::compare, fact, with.a, mask);
        if (with.op == Op::constant) return test(QuickOp::compare, fact, constant(with.constant), mask);
        if (with.op != Op::add && with.op != Op::subtract) return std::nullopt;
        const Node& day = with.parts[0];
        const Node& period = with.parts[1];
        if (day.op != Op::fact || period.op != Op::constant || !period.constant.is(Kind::period)) return std::nullopt;
        auto t = test(with.op == Op::add ? QuickOp::later : QuickOp::earlier, fact, day.a, mask);
        const std::uint32_t at = constant(period.constant);
        if (at > UINT16_MAX) return std::nullopt;
        t.c = static_cast<std::uint16_t>(at);
        return t;
    }

    std::optional<QuickTest> membership(const Node& what, const Node& where) {
        if (where.op == Op::constant && what.op == Op::fact && where.constant.is(Kind::set))
            return test(QuickOp::inside, what.a, constant(where.constant), 0);
        if (where.op != Op::fact) return std::nullopt;
        if (what.op == Op::fact) return test(QuickOp::inside, what.a, where.a, 0);
        if (what.op != Op::constant || !what.constant.is(Kind::text)) return std::nullopt;
        const std::uint32_t at = constant(what.constant);
        if (at > UINT16_MAX) return std::nullopt;
        return test(QuickOp::inside, static_cast<std::uint16_t>(at), where.a, 0);
    }

    // set.exists(e, e in [...])
    std::optional<QuickTest> any_member(const Node& n) {
        const Node& range = n.parts[0];
        const Node& body = n.parts[1];
        if (static_cast<Loop>(n.detail) != Loop::exists || range.op != Op::fact || body.op != Op::in ||
            body.parts[0].op != Op::local || body.parts[0].a != n.a || body.parts[1].op != Op::constant ||
            !body.parts[1].constant.is(Kind::set))
            return std::nullopt;
        return test(QuickOp::meets, range.a, constant(body.parts[1].constant), 0);
    }

    static QuickTest test(QuickOp op, std::uint16_t a, std::uint32_t b, std::uint8_t mask) {
        return {0, 0, b, a, 0, op, mask};
    }

    // Equal scalars stand once. The values view the memory of the pack's programs.
    std::uint32_t constant(const Value& v) {
        auto& all = out_.constants_;
        const bool scalar = whole_number(v.kind) || v.is(Kind::text);
        const auto at = !scalar ? all.end() : std::find_if(all.begin(), all.end(), [&](const Value& c) {
            return c.kind == v.kind && (v.is(Kind::text) ? same_text(c, v) : c.number == v.number);
        });
        const std::size_t place = static_cast<std::size_t>(at - all.begin());
        if (at == all.end()) all.push_back(v);
        return static_cast<std::uint32_t>(facts_ + place);
    }

    void turn_round() {
        const auto count = static_cast<std::uint32_t>(out_.tests_.size());
        const auto turned = [count](std::uint32_t at) {
            return at < static_cast<std::uint32_t>(QuickEnd::yes) ? count - 1 - at : at;
        };
        std::reverse(out_.tests_.begin(), out_.tests_.end());
        std::reverse(out_.rule_of_.begin(), out_.rule_of_.end());
        for (QuickTest& t : out_.tests_) {
            t.yes = turned(t.yes);
            t.no = turned(t.no);
        }
        for (std::uint32_t& b : out_.begins_) b = turned(b);
    }

    QuickRules& out_;
    std::size_t facts_;
    std::uint32_t unsure_ = 0;
};

QuickRules::QuickRules(std::span<const Rule> rules, std::size_t facts) { QuickCompiler(*this, facts).compile(rules); }

}  // namespace paso
