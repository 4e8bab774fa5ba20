// Over 400 lines: a sentence for every operator and function of the language.
#include "core/rules/sentences.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/rules/program.hpp"
#include "core/rules/tree.hpp"
#include "core/rules/words.hpp"

namespace paso {
namespace {

// A text that holds such quotes itself must not seem to end before its end.
std::string quoted(std::string_view text) {
    std::string inner{text};
    for (const std::string_view mark : {"“", "”"}) {
        for (std::size_t at = inner.find(mark); at != inner.npos; at = inner.find(mark, at))
            inner.replace(at, mark.size(), "\"");
    }
    return "“" + inner + "”";
}

// "six", "13".
std::string number_words(std::int64_t n) {
    constexpr std::array small{"zero",  "one",   "two",  "three", "four",   "five",  "six",
                               "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    return n >= 0 && n < std::int64_t{small.size()} ? small[static_cast<std::size_t>(n)] : std::to_string(n);
}

std::string period_words(const Value& v) {
    const auto part = [](std::int64_t n, const char* unit) {
        return number_words(n) + " " + unit + (n == 1 ? "" : "s");
    };
    const bool years = v.period.months != 0 && v.period.months % 12 == 0;
    std::string months = years ? part(v.period.months / 12, "year") : part(v.period.months, "month");
    if (v.period.days == 0 && v.period.months != 0) return months;
    const std::string days = part(v.period.days, "day");
    return v.period.months == 0 ? days : months + " and " + days;
}

std::string enumeration(const std::vector<std::string>& items, std::string_view last) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += i + 1 == items.size() ? " " + std::string{last} + " " : ", ";
        out += items[i];
    }
    return out;
}

std::string constant_words(const Value& v) {
    switch (v.kind) {
        case Kind::boolean:
            return v.yes() ? "yes" : "no";
        case Kind::integer:
            return std::to_string(v.number);
        case Kind::unsigned_integer:
            return std::to_string(v.natural);
        case Kind::real: {
            std::array<char, 32> digits{};
            const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), v.real).ptr;
            return {digits.data(), end};
        }
        case Kind::text:
        case Kind::bytes:
            return quoted(v.view());
        case Kind::date:
            return date_words(v.day());
        case Kind::period:
            return period_words(v);
        case Kind::timestamp:
        case Kind::duration:
            return time_text(v);
        default:
            break;
    }
    std::vector<std::string> items;
    const auto members = v.members();
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (v.is(Kind::map)) {
            items.push_back(constant_words(members[i]) + ": " + constant_words(members[i + 1]));
            ++i;
        } else {
            items.push_back(constant_words(members[i]));
        }
    }
    return items.empty() ? "nothing" : enumeration(items, v.is(Kind::map) ? "and" : "or");
}

Op opposite(Op op) {
    switch (op) {
        case Op::equal:
            return Op::unequal;
        case Op::unequal:
            return Op::equal;
        case Op::less:
            return Op::greater_equal;
        case Op::less_equal:
            return Op::greater;
        case Op::greater:
            return Op::less_equal;
        default:
            return Op::less;
    }
}

bool compares(Op op) { return op >= Op::equal && op <= Op::greater_equal; }

class Speaker {
  public:
    Speaker(const Schema& schema, const TableSet& tables) : schema_(schema), tables_(tables) {}

    Clause clause(const Node& n, bool yes) const {
        switch (n.op) {
            case Op::and_last:
                return joined(yes ? Clause::Join::all : Clause::Join::any, n.parts, yes);
            case Op::or_last:
                return joined(yes ? Clause::Join::any : Clause::Join::all, n.parts, yes);
            case Op::negate:
                return clause(n.parts[0], !yes);
            case Op::in:
                return membership(n, yes);
            case Op::join:
                return loose("in the case that " + closed(n.parts[0], true) + ", " + closed(n.parts[1], yes) +
                             "; in every other case, " + closed(n.parts[2], yes));
            case Op::loop:
                return loop(n, yes);
            case Op::fact:
                return yes ? leaf(words(n)) : negation(words(n));
            default:
                return compares(n.op) ? comparison(n, yes) : leaf(simple(n, yes));
        }
    }

  private:
    static Clause leaf(std::string text) { return {Clause::Join::none, std::move(text), {}, false}; }
    static Clause loose(std::string text) { return {Clause::Join::none, std::move(text), {}, true}; }
    // Where the verb of a clause can be negated, what comes behind cannot be read into it.
    static Clause negation(const std::string& clause) {
        std::string text = negated_words(clause);
        const bool whole = text.starts_with("it is not so that ") || text.starts_with("not ");
        return whole ? loose(std::move(text)) : leaf(std::move(text));
    }

    Clause joined(Clause::Join join, const std::vector<Node>& parts, bool yes) const {
        Clause out{join, {}, {}, false};
        for (const Node& p : parts) {
            Clause c = clause(p, yes);
            if (c.join == join) {
                for (Clause& inner : c.parts) out.parts.push_back(std::move(inner));
            } else {
                out.parts.push_back(std::move(c));
            }
        }
        return out;
    }

    std::string line(const Node& n, bool yes) const { return one_line(clause(n, yes)); }
    // The same in parentheses where it joins others.
    std::string closed(const Node& n, bool yes) const {
        const Clause c = clause(n, yes);
        return c.join == Clause::Join::none && !c.loose ? c.text : "(" + one_line(c) + ")";
    }

    static bool plain_condition(const Node& n) { return n.op == Op::constant && n.constant.is(Kind::boolean); }

    // A condition that joins no others.
    std::string simple(const Node& n, bool yes) const {
        switch (n.op) {
            case Op::constant:
                return n.constant.yes() == yes ? "this always holds" : "this never holds";
            case Op::known:
                return known(n) + (yes ? " is known" : " is not known");
            case Op::has:
                return thing(n.parts[0]) + (yes ? " has an entry for " : " has no entry for ") +
                       constant_words(n.constant);
            case Op::call:
                return call_condition(n, yes);
            default:
                return thing(n) + (yes ? " is yes" : " is no");
        }
    }

    const FactDeclaration& fact(const Node& n) const { return schema_.facts()[n.a]; }
    std::string words(const Node& n) const { return fact_words(fact(n)); }
    std::string known(const Node& n) const {
        return fact(n).type == FactType::boolean ? "whether " + words(n) : thing_of_fact(n);
    }
    std::string thing_of_fact(const Node& n) const {
        std::string w = words(n);
        if (fact(n).type == FactType::boolean) return "whether " + w;
        for (const std::string_view question : {"the ", "how ", "which ", "whose ", "what "}) {
            if (w.starts_with(question)) return w;
        }
        return "the " + w;
    }

    static bool is_call_condition(const Node& n) {
        const auto f = static_cast<Function>(n.detail);
        return n.op == Op::call && (f == Function::starts_with || f == Function::ends_with || f == Function::contains);
    }
    static bool is_loop_condition(const Node& n) {
        const auto kind = static_cast<Loop>(n.detail);
        return n.op == Op::loop && kind != Loop::map && kind != Loop::filter;
    }
    bool is_condition(const Node& n) const {
        return plain_condition(n) || is_call_condition(n) || is_loop_condition(n) || n.op == Op::has ||
               (n.op == Op::fact && fact(n).type == FactType::boolean) || compares(n.op) || n.op == Op::negate ||
               n.op == Op::known || n.op == Op::and_last || n.op == Op::or_last || n.op == Op::in;
    }

    // What is compared: a date, a number, a text.
    bool is_date(const Node& n) const {
        switch (n.op) {
            case Op::constant:
                return n.constant.is(Kind::date);
            case Op::fact:
                return fact(n).type == FactType::date;
            case Op::add:
            case Op::subtract:
            case Op::join:
                return is_date(n.parts[n.op == Op::join ? 1 : 0]);
            default:
                return false;
        }
    }

    Clause comparison(const Node& n, bool yes) const {
        const Node& x = n.parts[0];
        const Node& y = n.parts[1];
        const Op op = yes ? n.op : opposite(n.op);
        if (plain_condition(y) && is_condition(x)) return clause(x, y.constant.yes() == (op == Op::equal));
        if (plain_condition(x) && is_condition(y)) return clause(y, x.constant.yes() == (op == Op::equal));
        if (is_condition(x) && is_condition(y))
            return loose("either both of these hold or neither: " + closed(x, true) + "; " +
                         closed(y, op == Op::equal));
        if (x.op == Op::table && (op == Op::equal || op == Op::unequal)) return leaf(cell(x, y, op == Op::equal));
        if (y.op == Op::table && (op == Op::equal || op == Op::unequal)) return leaf(cell(y, x, op == Op::equal));
        if (x.op == Op::constant && y.op != Op::constant) return related(y, mirrored(op), x);
        return related(x, op, y);
    }

    Clause related(const Node& x, Op op, const Node& y) const {
        if (x.op == Op::fact && y.op == Op::constant) {
            const std::string clause = op == Op::equal || op == Op::unequal ? clause_of(fact(x), y.constant) : "";
            if (!clause.empty()) return op == Op::equal ? leaf(clause) : negation(clause);
            return leaf(thing(x) + verb(op, is_date(x)) + value_of(fact(x), y.constant));
        }
        return leaf(thing(x) + verb(op, is_date(x) || is_date(y)) + thing(y));
    }

    static std::string clause_of(const FactDeclaration& fact, const Value& value) {
        return std::string{value.is(Kind::text) ? clause_words(fact, value.view()) : std::string_view{}};
    }
    static std::string value_of(const FactDeclaration& fact, const Value& value) {
        std::string called = value.is(Kind::text) && fact.naming != nullptr ? fact.naming(value.view()) : std::string{};
        if (!called.empty()) return called;
        return constant_words(value) + (value.is(Kind::integer) ? unit_of(fact, value.number) : "");
    }
    // " years", " day"; nothing where the fact is a number of something.
    static std::string unit_of(const FactDeclaration& fact, std::int64_t number) {
        if (fact.unit.empty() || fact.meaning.starts_with("number of ")) return {};
        const bool one = number == 1 && fact.unit.ends_with('s');
        return " " + std::string{fact.unit.substr(0, fact.unit.size() - (one ? 1 : 0))};
    }

    static Op mirrored(Op op) {
        switch (op) {
            case Op::less:
                return Op::greater;
            case Op::less_equal:
                return Op::greater_equal;
            case Op::greater:
                return Op::less;
            case Op::greater_equal:
                return Op::less_equal;
            default:
                return op;
        }
    }

    static std::string verb(Op op, bool date) {
        switch (op) {
            case Op::equal:
                return " is ";
            case Op::unequal:
                return " is not ";
            case Op::less:
                return date ? " is before " : " is less than ";
            case Op::less_equal:
                return date ? " is on or before " : " is at most ";
            case Op::greater:
                return date ? " is after " : " is more than ";
            default:
                return date ? " is on or after " : " is at least ";
        }
    }

    std::string cell(const Node& table, const Node& value, bool same) const {
        const std::string keys = of_keys(table);
        return table_name(table) + (same ? " says " : " does not say ") + thing(value) + (keys.empty() ? "" : " for ") +
               keys;
    }
    std::string table_name(const Node& n) const {
        const auto [table, column] = tables_.name_of(n.a);
        return "the table " + quoted(table) + (column.empty() ? "" : ", column " + quoted(column) + ",");
    }
    std::string of_keys(const Node& n) const {
        std::vector<std::string> keys;
        keys.reserve(n.parts.size());
        for (const Node& k : n.parts) keys.push_back(thing(k));
        return enumeration(keys, "and");
    }

    Clause membership(const Node& n, bool yes) const {
        const Node& what = n.parts[0];
        const Node& where = n.parts[1];
        if (where.op == Op::group)
            return leaf(thing(what) + (yes ? " belongs to " : " does not belong to ") + thing(where));
        if (where.op == Op::constant && !where.constant.is(Kind::map))
            return listed_membership(what, where.constant, yes);
        return leaf(thing(what) + (yes ? " is among " : " is not among ") + thing(where));
    }
    Clause listed_membership(const Node& what, const Value& list, bool yes) const {
        std::vector<std::string> items;
        Clause clauses{yes ? Clause::Join::any : Clause::Join::all, {}, {}, false};
        for (const Value& v : list.members()) {
            items.push_back(what.op == Op::fact ? value_of(fact(what), v) : constant_words(v));
            const std::string said = what.op == Op::fact ? clause_of(fact(what), v) : "";
            if (!said.empty()) clauses.parts.push_back(yes ? leaf(said) : negation(said));
        }
        if (!items.empty() && clauses.parts.size() == items.size())
            return items.size() == 1 ? clauses.parts.front() : clauses;
        if (items.size() == 1) return leaf(thing(what) + (yes ? " is " : " is not ") + items.front());
        if (items.empty()) return leaf(yes ? "this never holds" : "this always holds");
        return leaf(thing(what) + (yes ? " is " : " is neither ") + enumeration(items, yes ? "or" : "nor"));
    }

    // Members of loops within loops are told apart by their number.
    static std::string member(std::uint16_t depth) {
        return depth == 0 ? "that member" : "that inner member (" + std::to_string(depth) + ")";
    }

    // What a loop is over: "“ARG” and “BRA”", "the States in which the person was".
    std::string range_words(const Node& range) const {
        if (range.op != Op::constant || range.constant.is(Kind::map)) return thing(range);
        std::vector<std::string> items;
        for (const Value& v : range.constant.members()) items.push_back(constant_words(v));
        return items.empty() ? "nothing" : enumeration(items, "and");
    }

    // "at least one of the States belongs to ...", where one condition speaks of the member and begins with it.
    std::string of_members(const Node& n, bool yes) const {
        const auto kind = static_cast<Loop>(n.detail);
        if (kind != Loop::all && kind != Loop::exists) return {};
        const Clause body = clause(n.parts[1], yes);
        const std::string subject = member(n.a) + " ";
        if (body.join != Clause::Join::none || body.loose || !body.text.starts_with(subject) ||
            body.text.find("member", subject.size()) != body.text.npos)
            return {};
        const bool each = (kind == Loop::all) == yes;
        return (each ? "each of " : "at least one of ") + range_words(n.parts[0]) + " " +
               body.text.substr(subject.size());
    }

    Clause loop(const Node& n, bool yes) const {
        if (std::string plain = of_members(n, yes); !plain.empty()) return leaf(std::move(plain));
        const std::string which = n.a == 0 ? " member of " : " inner member (" + std::to_string(n.a) + ") of ";
        const std::string of = which + range_words(n.parts[0]) + ": ";
        switch (static_cast<Loop>(n.detail)) {
            case Loop::all:
                return loose(yes ? "this holds for every" + of + line(n.parts[1], true)
                                 : "this holds for at least one" + of + line(n.parts[1], false));
            case Loop::exists:
                return loose(yes ? "this holds for at least one" + of + line(n.parts[1], true)
                                 : "this holds for every" + of + line(n.parts[1], false));
            case Loop::exists_one:
                return loose((yes ? "this holds for exactly one" : "this does not hold for exactly one") + of +
                             line(n.parts[1], true));
            case Loop::map:
                return loose("what follows for each" + of + thing(n.parts[1]));
            case Loop::filter:
                return loose("those members of " + range_words(n.parts[0]) +
                             " of which this holds: " + line(n.parts[1], true));
        }
        return {};
    }

    std::string call_condition(const Node& n, bool yes) const {
        const auto with = [&](const char* holds, const char* fails) {
            return thing(n.parts[0]) + (yes ? holds : fails) + thing(n.parts[1]);
        };
        switch (static_cast<Function>(n.detail)) {
            case Function::starts_with:
                return with(" begins with ", " does not begin with ");
            case Function::ends_with:
                return with(" ends with ", " does not end with ");
            case Function::contains:
                return with(" contains ", " does not contain ");
            default:
                return thing(n) + (yes ? " is yes" : " is no");
        }
    }

    // What a sentence speaks of.
    std::string thing(const Node& n) const {
        if (compares(n.op) || n.op == Op::and_last || n.op == Op::or_last || n.op == Op::negate || n.op == Op::in ||
            n.op == Op::known || n.op == Op::has)
            return "whether " + line(n, true);
        switch (n.op) {
            case Op::constant:
                return constant_words(n.constant);
            case Op::fact:
                return thing_of_fact(n);
            case Op::local:
                return member(n.a);
            case Op::fault:
                return "what cannot be computed";
            case Op::join:
                return "(if " + line(n.parts[0], true) + ": " + thing(n.parts[1]) + "; otherwise " + thing(n.parts[2]) +
                       ")";
            case Op::group:
                return "the group " + std::string{tables_.group_name(n.a)};
            case Op::table:
                return "what " + table_name(n) + " says" + (n.parts.empty() ? "" : " for ") + of_keys(n);
            case Op::minus:
                return "minus " + operand(n.parts[0]);
            case Op::select:
                return "the entry " + constant_words(n.constant) + " of " + thing(n.parts[0]);
            case Op::index:
                return "the entry " + thing(n.parts[1]) + " of (" + thing(n.parts[0]) + ")";
            case Op::add:
            case Op::subtract:
            case Op::multiply:
            case Op::divide:
            case Op::modulo:
                return computed(n);
            case Op::list:
                return listed(n, 1);
            case Op::map:
                return listed(n, 2);
            case Op::loop:
                return (is_loop_condition(n) ? "whether " : "") + loop(n, true).text;
            default:
                return called(n);
        }
    }

    std::string listed(const Node& n, std::size_t stride) const {
        std::vector<std::string> items;
        for (std::size_t i = 0; i < n.parts.size(); i += stride)
            items.push_back(thing(n.parts[i]) + (stride == 2 ? ": " + thing(n.parts[i + 1]) : ""));
        return items.empty() ? "nothing" : enumeration(items, stride == 2 ? "and" : "or");
    }

    // A part of a sum; in parentheses where it is one itself.
    std::string operand(const Node& n) const {
        switch (n.op) {
            case Op::add:
            case Op::subtract:
            case Op::multiply:
            case Op::divide:
            case Op::modulo:
            case Op::minus:
                return "(" + thing(n) + ")";
            default:
                return thing(n);
        }
    }

    std::string computed(const Node& n) const {
        const std::string x = operand(n.parts[0]);
        const std::string y = operand(n.parts[1]);
        const bool moved = is_date(n.parts[0]) && (n.op == Op::add || n.op == Op::subtract);
        switch (n.op) {
            case Op::add:
                return moved ? "the day " + y + " after " + x : x + " plus " + y;
            case Op::subtract:
                return moved ? "the day " + y + " before " + x : x + " minus " + y;
            case Op::multiply:
                return x + " times " + y;
            case Op::divide:
                return x + " divided by " + y;
            default:
                return "what is left over when " + x + " is divided by " + y;
        }
    }

    std::string called(const Node& n) const {
        if (n.parts.empty()) return "nothing";
        std::string x = thing(n.parts[0]);
        const std::string zone = n.parts.size() > 1 ? " (in the time zone " + thing(n.parts[1]) + ")" : "";
        switch (static_cast<Function>(n.detail)) {
            case Function::size:
                return "how many there are of " + x;
            case Function::starts_with:
            case Function::ends_with:
            case Function::contains:
                return "whether " + call_condition(n, true);
            case Function::to_integer:
            case Function::to_unsigned:
            case Function::to_double:
                return x + " as a number";
            case Function::to_text:
                return x + " as a text";
            case Function::to_bytes:
                return x + " as bytes";
            case Function::to_boolean:
                return x + " as yes or no";
            case Function::type_of:
                return "the type of " + x;
            case Function::dyn:
            case Function::to_timestamp:
            case Function::to_duration:
            case Function::to_date:
                return x;
            case Function::months:
                return x + " months";
            case Function::days:
                return x + " days";
            case Function::full_year:
                return "the year of " + x + zone;
            case Function::month:
                return "the month (from 0) of " + x + zone;
            case Function::day_of_month_1:
                return "the day of the month of " + x + zone;
            case Function::day_of_month:
                return "the day of the month (from 0) of " + x + zone;
            case Function::day_of_week:
                return "the day of the week (from Sunday, 0) of " + x + zone;
            case Function::day_of_year:
                return "the day of the year (from 0) of " + x + zone;
            case Function::hours:
                return "the hours of " + x + zone;
            case Function::minutes:
                return "the minutes of " + x + zone;
            case Function::seconds:
                return "the seconds of " + x + zone;
            case Function::milliseconds:
                return "the milliseconds of " + x + zone;
        }
        return x;
    }

    const Schema& schema_;
    const TableSet& tables_;
};

}  // namespace

Clause sentence_of(const Expression& condition, const Schema& schema, const TableSet& tables, std::size_t skip) {
    Node tree = read_tree(condition.program());
    if (skip > 0 && tree.op == Op::and_last && tree.parts.size() > skip) {
        tree.parts.erase(tree.parts.begin(), tree.parts.begin() + static_cast<std::ptrdiff_t>(skip));
        if (tree.parts.size() == 1) tree = Node{std::move(tree.parts.front())};
    }
    return Speaker(schema, tables).clause(tree, true);
}

std::string one_line(const Clause& clause) {
    if (clause.join == Clause::Join::none) return clause.text;
    const bool all = clause.join == Clause::Join::all;
    const auto closed = [](const Clause& c) { return c.join != Clause::Join::none || c.loose; };
    const bool deep = std::any_of(clause.parts.begin(), clause.parts.end(), closed);
    std::string out;
    for (std::size_t i = 0; i < clause.parts.size(); ++i) {
        const Clause& part = clause.parts[i];
        if (i > 0) out += deep || clause.parts.size() > 2 ? (all ? ", and " : ", or ") : (all ? " and " : " or ");
        out += closed(part) ? "(" + one_line(part) + ")" : part.text;
    }
    return out;
}

}  // namespace paso
