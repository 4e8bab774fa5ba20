#include "core/rules/expression.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace paso {
namespace {

constexpr std::size_t max_text = 4096;
constexpr int max_depth = 32;

struct Span {
    std::int64_t months = 0;
    std::int64_t days = 0;
};

enum class Op : std::uint8_t {
    literal,
    span,
    fact,
    known,
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal,
    both,
    either,
    negate,
    add,
    subtract,
    in
};

// What an expression gives: the types of facts, or a span of time.
enum class Type : std::uint8_t { boolean, integer, text, date, text_set, span };

Type type_from(FactType t) { return static_cast<Type>(t); }

std::string_view name(Type t) { return t == Type::span ? "span of time" : paso::name(static_cast<FactType>(t)); }

}  // namespace

struct Expression {
    Op op = Op::literal;
    Type type = Type::boolean;
    FactValue value{};  // of a literal; of `in` the set of texts or numbers stands in `choices`
    Span span{};
    std::string fact{};
    std::vector<FactValue> choices{};
    std::vector<ExpressionPtr> operands{};
    std::set<std::string> facts{};  // read here and below
};

namespace {

enum class TokenKind : std::uint8_t { end, name, number, text, symbol };
struct Token {
    TokenKind kind = TokenKind::end;
    std::string text;
    std::size_t at = 0;
};

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> bad(std::string_view code, std::string detail, std::size_t at) {
    return fail(code, std::move(detail), {.column = static_cast<std::uint32_t>(at + 1)});
}

Result<std::vector<Token>> tokens_of(std::string_view text) {
    std::vector<Token> out;
    std::size_t i = 0;
    while (i < text.size()) {
        const char c = text[i];
        const std::size_t begin = i;
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            ++i;
        } else if (is_digit(c)) {
            while (i < text.size() && is_digit(text[i])) ++i;
            if (i - begin > 9) return bad("pack.syntax", "a number has at most nine digits", begin);
            out.push_back({TokenKind::number, std::string{text.substr(begin, i - begin)}, begin});
        } else if (is_name(c)) {
            while (i < text.size() && is_name(text[i])) ++i;
            out.push_back({TokenKind::name, std::string{text.substr(begin, i - begin)}, begin});
        } else if (c == '\'') {
            const std::size_t end = text.find('\'', i + 1);
            if (end == std::string_view::npos) return bad("pack.syntax", "a text is not closed", begin);
            out.push_back({TokenKind::text, std::string{text.substr(i + 1, end - i - 1)}, begin});
            i = end + 1;
        } else {
            const std::string_view two = text.substr(i, 2);
            const bool pair = two == "==" || two == "!=" || two == "<=" || two == ">=" || two == "&&" || two == "||";
            const std::string_view one = "<>!()[],+-";
            if (!pair && one.find(c) == std::string_view::npos)
                return bad("pack.syntax", std::string{"unexpected "} + c, begin);
            out.push_back({TokenKind::symbol, std::string{pair ? two : two.substr(0, 1)}, begin});
            i += pair ? 2 : 1;
        }
    }
    out.push_back({TokenKind::end, "", text.size()});
    return out;
}

using Node = Result<ExpressionPtr>;

// Recursive descent, bounded in depth; types are checked while it climbs.
class Parser {
  public:
    Parser(std::vector<Token> tokens, const Schema& schema) : tokens_(std::move(tokens)), schema_(schema) {}

    Node whole() {
        auto e = either(0);
        if (!e) return e;
        if (peek().kind != TokenKind::end) return bad("pack.syntax", "unexpected " + peek().text, peek().at);
        if ((*e)->type != Type::boolean)
            return bad("pack.type", "a condition is true or false, this is a " + std::string{name((*e)->type)}, 0);
        return e;
    }

  private:
    const Token& peek() const { return tokens_[at_]; }
    Token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool accept(std::string_view symbol) {
        if (peek().kind != TokenKind::symbol || peek().text != symbol) return false;
        take();
        return true;
    }
    Status expect(std::string_view symbol) {
        if (accept(symbol)) return {};
        return bad("pack.syntax", std::string{symbol} + " is missing", peek().at);
    }

    static ExpressionPtr make(Op op, Type type, std::vector<ExpressionPtr> operands) {
        Expression e;
        e.op = op;
        e.type = type;
        for (const ExpressionPtr& o : operands) e.facts.insert(o->facts.begin(), o->facts.end());
        e.operands = std::move(operands);
        return std::make_shared<const Expression>(std::move(e));
    }
    static ExpressionPtr literal(FactValue value) {
        Expression e;
        e.type = type_from(type_of(value));
        e.value = std::move(value);
        return std::make_shared<const Expression>(std::move(e));
    }

    Node chain(int depth, std::string_view symbol, Op op, Node (Parser::*next)(int)) {
        if (depth > max_depth) return bad("pack.syntax", "nested too deeply", peek().at);
        auto left = (this->*next)(depth + 1);
        while (left && peek().kind == TokenKind::symbol && peek().text == symbol) {
            const std::size_t where = take().at;
            auto right = (this->*next)(depth + 1);
            if (!right) return right;
            if ((*left)->type != Type::boolean || (*right)->type != Type::boolean) {
                return bad("pack.type", std::string{symbol} + " joins conditions", where);
            }
            left = make(op, Type::boolean, {*left, *right});
        }
        return left;
    }
    Node either(int depth) { return chain(depth, "||", Op::either, &Parser::both); }
    Node both(int depth) { return chain(depth, "&&", Op::both, &Parser::negation); }

    Node negation(int depth) {
        if (depth > max_depth) return bad("pack.syntax", "nested too deeply", peek().at);
        const std::size_t where = peek().at;
        if (!accept("!")) return comparison(depth);
        auto inner = negation(depth + 1);
        if (!inner) return inner;
        if ((*inner)->type != Type::boolean) return bad("pack.type", "! turns a condition round", where);
        return make(Op::negate, Type::boolean, {*inner});
    }

    static std::optional<Op> comparison_op(std::string_view s) {
        if (s == "==") return Op::equal;
        if (s == "!=") return Op::unequal;
        if (s == "<") return Op::less;
        if (s == "<=") return Op::less_equal;
        if (s == ">") return Op::greater;
        if (s == ">=") return Op::greater_equal;
        return std::nullopt;
    }

    Node comparison(int depth) {
        auto left = sum(depth);
        if (!left) return left;
        if (peek().kind == TokenKind::name && peek().text == "in") return membership(*left);
        const auto op = peek().kind == TokenKind::symbol ? comparison_op(peek().text) : std::nullopt;
        if (!op) return left;
        const Token token = take();
        auto right = sum(depth);
        if (!right) return right;
        const Type type = (*left)->type;
        const bool ordered = type == Type::integer || type == Type::date;
        const bool order = *op != Op::equal && *op != Op::unequal;
        if (type != (*right)->type || type == Type::span || (order && !ordered)) {
            return bad("pack.type",
                       std::string{name(type)} + " " + token.text + " " + std::string{name((*right)->type)}, token.at);
        }
        return make(*op, Type::boolean, {*left, *right});
    }

    Node membership(const ExpressionPtr& left) {
        const std::size_t where = take().at;
        if (const Status s = expect("["); !s) return fail(s.error());
        Expression e;
        e.op = Op::in;
        e.type = Type::boolean;
        e.facts = left->facts;
        e.operands = {left};
        do {
            auto item = primary(max_depth);
            if (!item) return item;
            const Type wanted = left->type == Type::text_set ? Type::text : left->type;
            if ((*item)->op != Op::literal || (*item)->type != wanted) {
                return bad("pack.type", "`in` needs values of the type " + std::string{name(wanted)}, where);
            }
            e.choices.push_back((*item)->value);
        } while (accept(","));
        if (const Status s = expect("]"); !s) return fail(s.error());
        return std::make_shared<const Expression>(std::move(e));
    }

    Node sum(int depth) {
        auto left = primary(depth);
        while (left && peek().kind == TokenKind::symbol && (peek().text == "+" || peek().text == "-")) {
            const Token token = take();
            auto right = primary(depth);
            if (!right) return right;
            const bool dates = (*left)->type == Type::date && (*right)->type == Type::span;
            const bool numbers = (*left)->type == Type::integer && (*right)->type == Type::integer;
            if (!dates && !numbers)
                return bad("pack.type", "only a date and a span, or two integers, are added", token.at);
            left = make(token.text == "+" ? Op::add : Op::subtract, (*left)->type, {*left, *right});
        }
        return left;
    }

    Node primary(int depth) {
        if (depth > max_depth) return bad("pack.syntax", "nested too deeply", peek().at);
        const Token token = take();
        switch (token.kind) {
            case TokenKind::number:
                return literal(static_cast<std::int64_t>(std::stoll(token.text)));
            case TokenKind::text:
                return literal(token.text);
            case TokenKind::name:
                return named(token);
            case TokenKind::symbol:
                if (token.text == "(") {
                    auto inner = either(depth + 1);
                    if (!inner) return inner;
                    if (const Status s = expect(")"); !s) return fail(s.error());
                    return inner;
                }
                return bad("pack.syntax", "unexpected " + token.text, token.at);
            case TokenKind::end:
                break;
        }
        return bad("pack.syntax", "the expression ends too early", token.at);
    }

    Node named(const Token& token) {
        if (token.text == "true" || token.text == "false") return literal(token.text == "true");
        if (peek().kind == TokenKind::symbol && peek().text == "(") return function(token);
        const FactDeclaration* fact = schema_.find(token.text);
        if (fact == nullptr) return bad("pack.fact", token.text + " is no fact", token.at);
        Expression e;
        e.op = Op::fact;
        e.type = type_from(fact->type);
        e.fact = token.text;
        e.facts = {token.text};
        return std::make_shared<const Expression>(std::move(e));
    }

    Node function(const Token& token) {
        take();  // the parenthesis
        const Token argument = take();
        if (const Status s = expect(")"); !s) return fail(s.error());
        Expression e;
        if (token.text == "known") {
            if (argument.kind != TokenKind::name || schema_.find(argument.text) == nullptr) {
                return bad("pack.fact", argument.text + " is no fact", argument.at);
            }
            e.op = Op::known;
            e.fact = argument.text;
            e.facts = {argument.text};
            return std::make_shared<const Expression>(std::move(e));
        }
        if (token.text == "date") {
            const auto date = argument.kind == TokenKind::text ? Date::parse(argument.text) : std::nullopt;
            if (!date) return bad("pack.type", "date() needs 'YYYY-MM-DD'", argument.at);
            return literal(*date);
        }
        if (token.text == "months" || token.text == "days") {
            const std::int64_t n = argument.kind == TokenKind::number ? std::stoll(argument.text) : -1;
            if (n < 0 || n > 100'000)
                return bad("pack.type", token.text + "() needs a number up to 100000", argument.at);
            e.op = Op::span;
            e.type = Type::span;
            (token.text == "months" ? e.span.months : e.span.days) = n;
            return std::make_shared<const Expression>(std::move(e));
        }
        return bad("pack.syntax", token.text + " is no function", token.at);
    }

    std::vector<Token> tokens_;
    const Schema& schema_;
    std::size_t at_ = 0;
};

Truth truth(bool b) { return b ? Truth::yes : Truth::no; }

// A value, or nothing: unknown.
std::optional<FactValue> value_of(const Expression& e, const FactLookup& lookup);

// Outside the years 1 to 9999 a date cannot be told: comparing it would answer at random.
bool in_calendar(Date date) { return date >= *Date::of(1, 1, 1) && date <= *Date::of(9999, 12, 31); }

std::optional<FactValue> added(const Expression& e, const FactLookup& lookup) {
    const auto left = value_of(*e.operands[0], lookup);
    if (!left) return std::nullopt;
    const std::int64_t sign = e.op == Op::add ? 1 : -1;
    if (e.type == Type::date) {
        const Span& span = e.operands[1]->span;
        const Date date = std::get<Date>(*left);
        if (!in_calendar(date)) return std::nullopt;
        const Date moved = date.plus_months(static_cast<int>(sign * span.months))
                               .plus_days(static_cast<std::int32_t>(sign * span.days));
        return in_calendar(moved) ? std::optional<FactValue>{moved} : std::nullopt;
    }
    const auto right = value_of(*e.operands[1], lookup);
    if (!right) return std::nullopt;
    const std::int64_t a = std::get<std::int64_t>(*left);
    const std::int64_t b = std::get<std::int64_t>(*right);
    std::int64_t sum = 0;
    const bool over = e.op == Op::add ? __builtin_add_overflow(a, b, &sum) : __builtin_sub_overflow(a, b, &sum);
    return over ? std::nullopt : std::optional<FactValue>{sum};
}

std::optional<FactValue> value_of(const Expression& e, const FactLookup& lookup) {
    switch (e.op) {
        case Op::literal:
            return e.value;
        case Op::fact: {
            const FactValue* v = lookup(e.fact);
            return v == nullptr ? std::nullopt : std::optional{*v};
        }
        case Op::add:
        case Op::subtract:
            return added(e, lookup);
        case Op::span:
        case Op::known:
        case Op::equal:
        case Op::unequal:
        case Op::less:
        case Op::less_equal:
        case Op::greater:
        case Op::greater_equal:
        case Op::both:
        case Op::either:
        case Op::negate:
        case Op::in:
            break;
    }
    const Truth t = evaluate(e, lookup);
    if (t == Truth::unknown) return std::nullopt;
    return t == Truth::yes;
}

Truth compare(const Expression& e, const FactLookup& lookup) {
    const auto a = value_of(*e.operands[0], lookup);
    const auto b = value_of(*e.operands[1], lookup);
    if (!a || !b) return Truth::unknown;
    switch (e.op) {
        case Op::equal:
            return truth(*a == *b);
        case Op::unequal:
            return truth(*a != *b);
        case Op::less:
            return truth(*a < *b);
        case Op::less_equal:
            return truth(*a <= *b);
        case Op::greater:
            return truth(*a > *b);
        default:
            return truth(*a >= *b);
    }
}

Truth member(const Expression& e, const FactLookup& lookup) {
    const auto value = value_of(*e.operands[0], lookup);
    if (!value) return Truth::unknown;
    const auto chosen = [&](const FactValue& choice) {
        if (const auto* set = std::get_if<std::set<std::string>>(&*value))
            return set->contains(std::get<std::string>(choice));
        return choice == *value;
    };
    return truth(std::any_of(e.choices.begin(), e.choices.end(), chosen));
}

}  // namespace

Truth evaluate(const Expression& e, const FactLookup& lookup) {
    switch (e.op) {
        case Op::both:
        case Op::either: {
            const Truth decides = e.op == Op::both ? Truth::no : Truth::yes;
            const Truth a = evaluate(*e.operands[0], lookup);
            if (a == decides) return a;
            const Truth b = evaluate(*e.operands[1], lookup);
            if (b == decides) return b;
            return a == Truth::unknown || b == Truth::unknown ? Truth::unknown : a;
        }
        case Op::negate: {
            const Truth t = evaluate(*e.operands[0], lookup);
            return t == Truth::unknown ? t : truth(t == Truth::no);
        }
        case Op::known:
            return truth(lookup(e.fact) != nullptr);
        case Op::equal:
        case Op::unequal:
        case Op::less:
        case Op::less_equal:
        case Op::greater:
        case Op::greater_equal:
            return compare(e, lookup);
        case Op::in:
            return member(e, lookup);
        case Op::literal:
        case Op::fact: {
            const auto v = value_of(e, lookup);
            return v ? truth(std::get<bool>(*v)) : Truth::unknown;
        }
        case Op::span:
        case Op::add:
        case Op::subtract:
            break;  // never boolean: the parser saw to it
    }
    return Truth::unknown;
}

Result<ExpressionPtr> parse_expression(std::string_view text, const Schema& schema) {
    if (text.size() > max_text) return bad("pack.syntax", "an expression has at most 4096 characters", max_text);
    auto tokens = tokens_of(text);
    if (!tokens) return fail(tokens.error());
    return Parser(std::move(*tokens), schema).whole();
}

const std::set<std::string>& facts_of(const Expression& expression) { return expression.facts; }

}  // namespace paso
