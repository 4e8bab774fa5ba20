// Over 400 lines: every operator's types and code stand beside each other, so that they cannot disagree.
#include "core/rules/emitter.hpp"

#include <algorithm>
#include <utility>

#include "core/encoding/utf8.hpp"
#include "core/rules/codec.hpp"
#include "core/rules/lexer.hpp"

namespace paso {
namespace {

constexpr std::uint32_t unknown_bound = 4096;  // members of a list whose type says nothing
constexpr Type boolean_type{Kind::boolean, any_kind, any_kind};

bool any(Type t) { return t.kind == any_kind; }
bool holds_members(Kind k) { return k == Kind::list || k == Kind::set || k == Kind::map; }
bool is_number(Kind k) { return k == Kind::integer || k == Kind::unsigned_integer || k == Kind::real; }

// Steps that comparing it may take beyond the first.
std::uint32_t weight(const Operand& o) { return any(o.type) || holds_members(o.type.kind) ? o.bound : 0; }

// What a loop or `in` finds in it.
Kind searched(Type t) {
    if (t.kind == Kind::set) return Kind::text;
    return t.kind == Kind::map ? t.key : t.member;
}

bool same(Type a, Type b) {
    const auto agree = [](Kind x, Kind y) { return x == y || x == any_kind || y == any_kind; };
    return a.kind == b.kind && agree(a.member, b.member) && agree(a.key, b.key);
}

bool has_order(Kind k) {
    return is_number(k) || k == Kind::text || k == Kind::bytes || k == Kind::date || k == Kind::timestamp ||
           k == Kind::duration;
}

std::optional<Type> type_of_sum(Op op, Type a, Type b) {
    const bool add = op == Op::add;
    if (a.kind == b.kind) {
        if (is_number(a.kind) || a.kind == Kind::duration) return a;
        if (add && (a.kind == Kind::text || a.kind == Kind::bytes)) return a;
        if (add && a.kind == Kind::list && same(a, b)) return a.member == any_kind ? b : a;
        if (!add && a.kind == Kind::timestamp) return Type{Kind::duration, any_kind, any_kind};
    }
    if (a.kind == Kind::date && b.kind == Kind::period) return a;
    if (a.kind == Kind::timestamp && b.kind == Kind::duration) return a;
    if (add && a.kind == Kind::duration && b.kind == Kind::timestamp) return b;
    return std::nullopt;
}

// The type of `a op b`; nothing: it has none.
std::optional<Type> type_of_binary(Op op, Type a, Type b) {
    switch (op) {
        case Op::equal:
        case Op::unequal:
            return same(a, b) && a.kind != Kind::period ? std::optional{boolean_type} : std::nullopt;
        case Op::less:
        case Op::less_equal:
        case Op::greater:
        case Op::greater_equal:
            return a.kind == b.kind && has_order(a.kind) ? std::optional{boolean_type} : std::nullopt;
        case Op::in: {
            const bool found = holds_members(b.kind) && (searched(b) == a.kind || searched(b) == any_kind);
            return found ? std::optional{boolean_type} : std::nullopt;
        }
        case Op::add:
        case Op::subtract:
            return type_of_sum(op, a, b);
        case Op::multiply:
        case Op::divide:
            return a.kind == b.kind && is_number(a.kind) ? std::optional{a} : std::nullopt;
        case Op::modulo:
            return a.kind == b.kind && (a.kind == Kind::integer || a.kind == Kind::unsigned_integer) ? std::optional{a}
                                                                                                     : std::nullopt;
        case Op::index:
            if (a.kind == Kind::list && b.kind == Kind::integer) return Type{a.member, any_kind, any_kind};
            if (a.kind == Kind::map && b.kind == a.key) return Type{a.member, any_kind, any_kind};
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

std::string_view sign(Op op) {
    switch (op) {
        case Op::equal:
            return "==";
        case Op::unequal:
            return "!=";
        case Op::less:
            return "<";
        case Op::less_equal:
            return "<=";
        case Op::greater:
            return ">";
        case Op::greater_equal:
            return ">=";
        case Op::in:
            return "in";
        case Op::add:
            return "+";
        case Op::subtract:
            return "-";
        case Op::multiply:
            return "*";
        case Op::divide:
            return "/";
        case Op::modulo:
            return "%";
        default:
            return "[]";
    }
}

std::string named(Kind k) { return std::string{k == any_kind ? std::string_view{"anything"} : name(k)}; }

Type type_from(FactType t) {
    switch (t) {
        case FactType::boolean:
            return {Kind::boolean, any_kind, any_kind};
        case FactType::integer:
            return {Kind::integer, any_kind, any_kind};
        case FactType::text:
            return {Kind::text, any_kind, any_kind};
        case FactType::date:
            return {Kind::date, any_kind, any_kind};
        case FactType::text_set:
            return {Kind::set, Kind::text, any_kind};
    }
    return {};
}

// Kinds that a function of one argument takes, and what it gives.
struct Signature {
    std::vector<Kind> takes;
    Kind gives;
};

Signature signature_of(Function f) {
    using enum Kind;
    switch (f) {
        case Function::size:
            return {{text, bytes, list, set, map}, integer};
        case Function::starts_with:
        case Function::ends_with:
        case Function::contains:
            return {{text}, boolean};
        case Function::to_integer:
            return {{integer, unsigned_integer, real, text, timestamp}, integer};
        case Function::to_unsigned:
            return {{integer, unsigned_integer, real, text}, unsigned_integer};
        case Function::to_double:
            return {{integer, unsigned_integer, real, text}, real};
        case Function::to_text:
            return {{boolean, integer, unsigned_integer, real, text, bytes, timestamp, duration}, text};
        case Function::to_bytes:
            return {{text, bytes}, bytes};
        case Function::to_boolean:
            return {{boolean, text}, boolean};
        case Function::to_timestamp:
            return {{integer, text, timestamp}, timestamp};
        case Function::to_duration:
            return {{text, duration}, duration};
        case Function::to_date:
            return {{text}, date};
        case Function::months:
        case Function::days:
            return {{integer}, period};
        case Function::full_year:
        case Function::month:
        case Function::day_of_month_1:
        case Function::day_of_month:
        case Function::day_of_week:
        case Function::day_of_year:
            return {{timestamp}, integer};
        case Function::hours:
        case Function::minutes:
        case Function::seconds:
        case Function::milliseconds:
            return {{timestamp, duration}, integer};
        case Function::type_of:
        case Function::dyn:
            break;
    }
    return {{}, any_kind};
}

bool folds(Function f) { return f == Function::to_date || f == Function::months || f == Function::days; }

}  // namespace

Emitter::Emitter(std::string_view text, const Environment& environment) : text_(text), environment_(environment) {
    program_->tables = environment.tables();
}

tl::unexpected<Error> Emitter::bad(std::string_view code, std::string detail, std::size_t at) const {
    return fail(code, std::move(detail), place_in(text_, at));
}

std::size_t Emitter::emit(Op op, std::size_t at, int change, std::uint8_t detail, std::size_t a, std::size_t b) {
    program_->code.push_back({op, detail, static_cast<std::uint16_t>(a), static_cast<std::uint32_t>(b)});
    program_->places.push_back(static_cast<std::uint32_t>(at));
    depth_ = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(depth_) + change);
    deepest_ = std::max(deepest_, depth_);
    ++cost_;
    return here() - 1;
}

Operand Emitter::made(Type type, const Operand& first, std::size_t bound) const {
    return {type, first.begin, first.at, static_cast<std::uint32_t>(std::min<std::size_t>(bound, unknown_bound))};
}

Result<Operand> Emitter::constant(const Value& value, Type type, std::size_t at) {
    program_->constants.push_back(value);
    const std::size_t begin = emit(Op::constant, at, 1, 0, 0, program_->constants.size() - 1);
    return Operand{type, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at), 0};
}

Result<Operand> Emitter::text(Kind kind, std::string_view characters, std::size_t at) {
    const auto copy = program_->memory.copy(characters);
    if (!copy) return bad("pack.unsupported", "the texts are too long", at);
    return constant(Value::characters_of(kind, *copy), {kind, any_kind, any_kind}, at);
}

Operand Emitter::fact(const Environment::Name& name, std::size_t at) {
    const std::size_t begin = emit(Op::fact, at, 1, 0, name.slot);
    reads(name.slot);
    const Type type = name.fact == nullptr ? Type{} : type_from(name.fact->type);
    const std::size_t bound = name.fact == nullptr ? unknown_bound : max_values;
    Operand out{type, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at),
                static_cast<std::uint32_t>(bound)};
    if (name.fact != nullptr && !name.fact->values.empty()) {
        out.codes = name.fact->values;
        out.of = name.name;
    }
    if (name.fact != nullptr) out.unit = name.fact->unit;
    return out;
}

Operand Emitter::known(const Environment::Name& name, std::size_t at) {
    const std::size_t begin = emit(Op::known, at, 1, 0, name.slot);
    reads(name.slot);
    return {boolean_type, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at), 0};
}

Operand Emitter::fault(Fault fault, std::size_t at) {
    const std::size_t begin = emit(Op::fault, at, 1, static_cast<std::uint8_t>(fault));
    return {{}, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at), unknown_bound};
}

Result<Operand> Emitter::negate(const Operand& operand, std::size_t at) {
    if (environment_.strict() && operand.type.kind != Kind::boolean)
        return bad("pack.type", "! turns a condition round, this is a " + named(operand.type.kind), at);
    emit(Op::negate, at, 0);
    return made(boolean_type, operand);
}

Result<Operand> Emitter::minus(const Operand& operand, std::size_t at) {
    const bool right = operand.type.kind == Kind::integer || operand.type.kind == Kind::real;
    if (environment_.strict() && !right)
        return bad("pack.type", "- turns a number round, this is a " + named(operand.type.kind), at);
    emit(Op::minus, at, 0);
    return made(right ? operand.type : Type{}, operand);
}

std::optional<Value> Emitter::constant_of(const Operand& operand) const {
    if (operand.begin + 1 != here() || program_->code[operand.begin].op != Op::constant) return std::nullopt;
    return program_->constants[program_->code[operand.begin].b];
}

// A text that the fact or the cell never has is a mistake of the author.
Status Emitter::check_code(const Operand& coded, const Operand& other, std::size_t at) const {
    if (coded.codes.empty()) return {};
    const Instruction& code = program_->code[other.begin];
    const bool last = other.begin > coded.begin ? other.begin + 1 == here() : other.begin + 1 == coded.begin;
    if (code.op != Op::constant || !last) return {};
    const auto check = [&](const Value& v) {
        return !v.is(Kind::text) || std::find(coded.codes.begin(), coded.codes.end(), v.view()) != coded.codes.end();
    };
    const Value& value = program_->constants[code.b];
    const auto wrong = [&](const Value& v) {
        return bad("pack.code", std::string{coded.of} + " is never '" + std::string{v.view()} + "'", at);
    };
    if (!holds_members(value.kind)) return check(value) ? Status{} : Status{wrong(value)};
    for (const Value& v : value.members()) {
        if (!check(v)) return wrong(v);
    }
    return {};
}

// A constant key that the column cannot hold. The code of the argument stops at `end`.
Status Emitter::check_argument(const ColumnType& column, const Operand& argument, std::size_t end) const {
    const Instruction& code = program_->code[argument.begin];
    if (code.op != Op::constant || argument.begin + 1 != end) return {};
    const Value& v = program_->constants[code.b];
    if (!v.is(Kind::text)) return {};
    const auto& values = column.values;
    if (!values.empty() && std::find(values.begin(), values.end(), v.view()) == values.end())
        return bad("pack.code", std::string{column.name} + " is never '" + std::string{v.view()} + "'", argument.at);
    if (column.state && !is_state_code(v.view()))
        return bad("pack.code", "'" + std::string{v.view()} + "' is no code of a State", argument.at);
    return {};
}

// A constant list of texts becomes a set, which is searched faster.
Status Emitter::as_set(const Operand& list) {
    const auto value = constant_of(list);
    if (!value || !value->is(Kind::list) || value->size < 2) return {};
    const auto members = value->members();
    if (!std::all_of(members.begin(), members.end(), [](const Value& v) { return v.is(Kind::text); })) return {};
    std::vector<Value> sorted(members.begin(), members.end());
    const auto before = [](const Value& a, const Value& b) { return a.view() < b.view(); };
    const auto same_text = [](const Value& a, const Value& b) { return a.view() == b.view(); };
    std::sort(sorted.begin(), sorted.end(), before);
    sorted.erase(std::unique(sorted.begin(), sorted.end(), same_text), sorted.end());
    Value* items = program_->memory.values(sorted.size());
    if (items == nullptr) return bad("pack.unsupported", "the list is too long", list.at);
    std::copy(sorted.begin(), sorted.end(), items);
    program_->constants[program_->code[list.begin].b] = Value::collection(Kind::set, items, sorted.size());
    return {};
}

Result<Operand> Emitter::binary(Op op, const Operand& left, const Operand& right, std::size_t at) {
    const auto type = type_of_binary(op, left.type, right.type);
    if (environment_.strict() && !type)
        return bad("pack.type", named(left.type.kind) + " " + std::string{sign(op)} + " " + named(right.type.kind), at);
    const bool measures = op != Op::in && op != Op::index && op != Op::multiply && op != Op::divide;
    if (measures && !left.unit.empty() && !right.unit.empty() && left.unit != right.unit) {
        return bad("pack.type",
                   std::string{left.unit} + " " + std::string{sign(op)} + " " + std::string{right.unit} +
                       ": these are different units",
                   at);
    }
    if (op == Op::equal || op == Op::unequal || op == Op::in) {
        if (const Status s = check_code(left, right, at); !s) return fail(s.error());
        if (const Status s = check_code(right, left, at); !s) return fail(s.error());
    }
    if (op == Op::in) {
        if (const Status s = as_set(right); !s) return fail(s.error());
    }
    if (op == Op::equal || op == Op::unequal || op == Op::in) cost_ += std::max(weight(left), weight(right));
    emit(op, at, -1);
    Operand out = made(type.value_or(Type{}), left, std::size_t{left.bound} + right.bound);
    if (op == Op::add || op == Op::subtract) out.unit = left.unit.empty() ? right.unit : left.unit;
    return out;
}

Result<Operand> Emitter::select(const Operand& operand, std::string_view field, std::size_t at) {
    const bool right = operand.type.kind == Kind::map && operand.type.key == Kind::text;
    if (environment_.strict() && !right)
        return bad("pack.type", "a " + named(operand.type.kind) + " has no field " + std::string{field}, at);
    const auto copy = program_->memory.copy(field);
    if (!copy) return bad("pack.unsupported", "the texts are too long", at);
    program_->constants.push_back(Value::text(*copy));
    emit(Op::select, at, 0, 0, 0, program_->constants.size() - 1);
    return made({right ? operand.type.member : any_kind, any_kind, any_kind}, operand, unknown_bound);
}

Result<Operand> Emitter::has(const Operand& selected, std::size_t at) {
    Instruction& last = program_->code.back();
    if (last.op == Op::fact)
        return bad("pack.unsupported", "has() is for the fields of maps; for facts there is known()", at);
    if (last.op != Op::select) return bad("pack.syntax", "has() needs a field: has(x.name)", at);
    last.op = Op::has;
    return made(boolean_type, selected);
}

bool Emitter::constants_since(std::size_t begin, std::size_t count) const {
    const auto& code = program_->code;
    return code.size() == begin + count && std::all_of(code.begin() + static_cast<std::ptrdiff_t>(begin), code.end(),
                                                       [](const Instruction& i) { return i.op == Op::constant; });
}

// The constants that were emitted since `whole` began become one.
Result<Operand> Emitter::folded(Kind kind, const Operand& whole, std::size_t members) {
    Value* items = program_->memory.values(members);
    if (items == nullptr) return bad("pack.unsupported", "the list is too long", whole.at);
    for (std::size_t i = 0; i < members; ++i) items[i] = program_->constants[program_->code[whole.begin + i].b];
    program_->code.resize(whole.begin);
    program_->places.resize(whole.begin);
    depth_ -= members;
    const std::size_t size = kind == Kind::map ? members / 2 : members;
    auto made_one = constant(Value::collection(kind, items, size), whole.type, whole.at);
    if (made_one) made_one->bound = whole.bound;
    return made_one;
}

Result<Operand> Emitter::list(const std::vector<Operand>& members, std::size_t at) {
    Type type{Kind::list, any_kind, any_kind};
    for (std::size_t i = 0; i < members.size(); ++i) {
        const Kind kind = members[i].type.kind;
        if (environment_.strict() && (holds_members(kind) || (i > 0 && kind != type.member)))
            return bad("pack.type", "the members of a list are of one simple type", members[i].at);
        type.member = i == 0 || type.member == kind ? kind : any_kind;
        if (i > 0 && type.member == any_kind) break;
    }
    const std::size_t begin = members.empty() ? here() : members.front().begin;
    const Operand whole{type, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at),
                        static_cast<std::uint32_t>(members.size())};
    if (constants_since(begin, members.size())) return folded(Kind::list, whole, members.size());
    emit(Op::list, at, 1 - static_cast<int>(members.size()), 0, 0, members.size());
    cost_ += members.size();
    return whole;
}

Result<Operand> Emitter::map(const std::vector<Operand>& parts, std::size_t at) {
    Type type{Kind::map, any_kind, any_kind};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Kind kind = parts[i].type.kind;
        Kind& so_far = i % 2 == 0 ? type.key : type.member;
        if (environment_.strict() && (holds_members(kind) || (i > 1 && kind != so_far)))
            return bad("pack.type", "the keys of a map are of one simple type, and so are its values", parts[i].at);
        so_far = i < 2 || so_far == kind ? kind : any_kind;
    }
    const bool key = type.key == Kind::text || type.key == Kind::integer || type.key == Kind::boolean;
    if (environment_.strict() && !parts.empty() && !key)
        return bad("pack.type", "a map has texts, integers or conditions as keys", at);
    const std::size_t begin = parts.empty() ? here() : parts.front().begin;
    emit(Op::map, at, 1 - static_cast<int>(parts.size()), 0, 0, parts.size() / 2);
    cost_ += parts.size() * parts.size() / 4;  // repeated keys are looked for
    return Operand{type, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at),
                   static_cast<std::uint32_t>(parts.size() / 2)};
}

Result<Type> Emitter::type_of_call(Function f, const std::vector<Operand>& arguments, std::size_t at) const {
    const Signature s = signature_of(f);
    const bool strict = environment_.strict();
    if (strict && s.takes.empty())
        return bad("pack.unsupported", "dyn() and type() are for expressions without declared types", at);
    const Kind first = arguments.front().type.kind;
    const bool takes = std::find(s.takes.begin(), s.takes.end(), first) != s.takes.end();
    if (strict && !takes) return bad("pack.type", "this function does not take a " + named(first), at);
    for (std::size_t i = 1; i < arguments.size(); ++i) {  // what further arguments there are, are texts
        if (strict && arguments[i].type.kind != Kind::text)
            return bad("pack.type", "a text is expected, this is a " + named(arguments[i].type.kind), arguments[i].at);
    }
    return Type{takes ? s.gives : any_kind, any_kind, any_kind};
}

// date('2026-01-01'), months(6) and days(3) are constants: a mistake in them is found here.
Result<Operand> Emitter::folded_call(Function f, const Operand& argument, std::size_t at) {
    const auto value = constant_of(argument);
    if (!value) return bad("pack.type", "a constant is expected here", argument.at);
    Budget budget{1};
    const Value made_value = paso::call(f, {&*value, 1}, {program_->memory, budget});
    if (made_value.failed()) {
        return bad("pack.type",
                   f == Function::to_date ? "date() needs 'YYYY-MM-DD'" : "a number from 0 to 100000 is expected",
                   argument.at);
    }
    program_->code.resize(argument.begin);
    program_->places.resize(argument.begin);
    --depth_;
    return constant(made_value, {made_value.kind, any_kind, any_kind}, at);
}

Result<Operand> Emitter::call(Function f, const std::vector<Operand>& arguments, std::size_t at) {
    const auto type = type_of_call(f, arguments, at);
    if (!type) return fail(type.error());
    if (folds(f) && (environment_.strict() || constant_of(arguments.front())))
        return folded_call(f, arguments.front(), at);
    if (const auto zone = arguments.size() > 1 ? constant_of(arguments.back()) : std::nullopt;
        zone && f >= Function::full_year && zone->is(Kind::text) && !zone_offset(zone->view()))
        return bad("pack.unsupported", "time zones are UTC or an offset such as '+02:00'", arguments.back().at);
    emit(Op::call, at, 1 - static_cast<int>(arguments.size()), static_cast<std::uint8_t>(f), arguments.size());
    cost_ += 8;
    return made(*type, arguments.front(), arguments.front().bound);
}

Result<Operand> Emitter::table(const TableSignature& signature, const std::vector<Operand>& arguments, std::size_t at) {
    if (arguments.size() != signature.parameters.size())
        return bad("pack.type", "this table is asked with " + std::to_string(signature.parameters.size()) + " keys",
                   at);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const ColumnType& column = signature.parameters[i];
        const Kind kind = arguments[i].type.kind;
        if (kind != column.kind && (environment_.strict() || kind != any_kind))
            return bad("pack.type", "a key is a " + named(column.kind) + ", this is a " + named(kind), arguments[i].at);
        const std::size_t end = i + 1 < arguments.size() ? arguments[i + 1].begin : here();
        if (const Status s = check_argument(column, arguments[i], end); !s) return fail(s.error());
    }
    const std::size_t begin = arguments.empty() ? here() : arguments.front().begin;
    emit(Op::table, at, 1 - static_cast<int>(arguments.size()), static_cast<std::uint8_t>(arguments.size()),
         signature.number, environment_.day_slot());
    if (environment_.day_slot() != no_slot) reads(environment_.day_slot());
    cost_ += 32;
    Operand out{
        {signature.result.kind, any_kind, any_kind}, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at)};
    if (!signature.result.values.empty()) {
        out.codes = signature.result.values;
        out.of = signature.result.name;
    }
    return out;
}

Result<Operand> Emitter::group(std::uint16_t number, std::size_t at) {
    const std::size_t begin = emit(Op::group, at, 1, 0, number, environment_.day_slot());
    if (environment_.day_slot() != no_slot) reads(environment_.day_slot());
    return Operand{{Kind::set, Kind::text, any_kind},
                   static_cast<std::uint32_t>(begin),
                   static_cast<std::uint32_t>(at),
                   std::min(environment_.tables()->largest_group(), unknown_bound)};
}

Status Emitter::chain_begin(bool both, const Operand& first, std::size_t at, Jumps& jumps) {
    if (environment_.strict() && first.type.kind != Kind::boolean)
        return bad("pack.type", std::string{both ? "&&" : "||"} + " joins conditions", at);
    jumps.push_back(emit(both ? Op::and_jump : Op::or_jump, at, 0));
    return {};
}

Status Emitter::chain_next(bool both, const Operand& next, std::size_t at, bool last, Jumps& jumps) {
    if (environment_.strict() && next.type.kind != Kind::boolean)
        return bad("pack.type", std::string{both ? "&&" : "||"} + " joins conditions", at);
    if (!last) {
        jumps.push_back(emit(both ? Op::and_next : Op::or_next, at, -1));
        return {};
    }
    emit(both ? Op::and_last : Op::or_last, at, -1);
    for (const std::size_t jump : jumps) program_->code[jump].b = static_cast<std::uint32_t>(here());
    return {};
}

Result<std::size_t> Emitter::branch(const Operand& condition, std::size_t at) {
    if (environment_.strict() && condition.type.kind != Kind::boolean)
        return bad("pack.type", "? needs a condition before it", at);
    return emit(Op::branch, at, 0);
}

void Emitter::branch_end(std::size_t branch, std::size_t at) {
    emit(Op::branch_end, at, 0);
    program_->code[branch].b = static_cast<std::uint32_t>(here());
}

Result<Operand> Emitter::join(std::size_t branch, const Operand& condition, const Operand& x, const Operand& y,
                              std::size_t at) {
    if (environment_.strict() && !same(x.type, y.type))
        return bad("pack.type",
                   "both sides of : have one type; these are " + named(x.type.kind) + " and " + named(y.type.kind), at);
    const std::size_t branch_end = program_->code[branch].b - 1;
    emit(Op::join, at, -2);
    program_->code[branch].a = static_cast<std::uint16_t>(here());
    program_->code[branch_end].b = static_cast<std::uint32_t>(here());
    return made(same(x.type, y.type) ? x.type : Type{}, condition, std::max(x.bound, y.bound));
}

Result<Emitter::LoopState> Emitter::begin_loop(Loop kind, const Operand& range, std::string_view name, std::size_t at) {
    if (environment_.strict() && !holds_members(range.type.kind))
        return bad("pack.type", "only a list, a set or a map has members; this is a " + named(range.type.kind), at);
    if (locals_.size() >= max_loops) return bad("pack.unsupported", "too many loops within loops", at);
    LoopState state{kind, 0, 0, range};
    state.begin = emit(Op::loop, at, -1, static_cast<std::uint8_t>(kind), locals_.size());
    state.cost = cost_;
    locals_.push_back({name, {searched(range.type), any_kind, any_kind}});
    return state;
}

Result<Operand> Emitter::end_loop(LoopState state, const Operand& body, std::size_t at) {
    const bool maps = state.kind == Loop::map;
    if (environment_.strict() && !maps && body.type.kind != Kind::boolean)
        return bad("pack.type", "a condition is expected here, this is a " + named(body.type.kind), body.at);
    if (environment_.strict() && maps && holds_members(body.type.kind))
        return bad("pack.type", "the members of a list are of one simple type", body.at);
    locals_.pop_back();
    emit(Op::step, at, 0, static_cast<std::uint8_t>(state.kind), locals_.size(), state.begin + 1);
    program_->code[state.begin].detail = static_cast<std::uint8_t>(state.kind);
    program_->code[state.begin].b = static_cast<std::uint32_t>(here());
    const std::uint64_t once = cost_ - state.cost;
    const std::uint64_t bound = any(state.range.type) ? unknown_bound : state.range.bound;
    cost_ = state.cost + once * bound;
    if (cost_ > (std::uint64_t{1} << 40U)) return bad("pack.cost", "this would take too long", at);
    if (state.kind == Loop::map) return made({Kind::list, body.type.kind, any_kind}, state.range, bound);
    if (state.kind == Loop::filter) return made({Kind::list, searched(state.range.type), any_kind}, state.range, bound);
    return made(boolean_type, state.range);
}

std::optional<Operand> Emitter::local(std::string_view name, std::size_t at) {
    for (std::size_t i = locals_.size(); i-- > 0;) {
        if (locals_[i].name != name) continue;
        const std::size_t begin = emit(Op::local, at, 1, 0, i);
        return Operand{locals_[i].type, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at),
                       unknown_bound};
    }
    return std::nullopt;
}

Result<Expression> Emitter::finish(const Operand& whole) {
    if (environment_.strict() && whole.type.kind != Kind::boolean)
        return bad("pack.type", "a condition is true or false, this is a " + named(whole.type.kind), whole.at);
    if (deepest_ > max_stack) return bad("pack.unsupported", "this list is too long", whole.at);
    if (environment_.strict() && cost_ > max_cost)
        return bad("pack.cost", "this may take " + std::to_string(cost_) + " steps, more than 1000000", whole.at);
    program_->fused = fuse(program_->code);
    std::sort(slots_.begin(), slots_.end());
    slots_.erase(std::unique(slots_.begin(), slots_.end()), slots_.end());
    return Expression{std::move(program_), std::move(slots_), cost_};
}

}  // namespace paso
