// Over 400 lines: the grammar is one page of a book, top to bottom. Recursive descent, bounded in depth; the emitter
// checks types and writes code while it climbs.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/encoding/utf8.hpp"
#include "core/rules/emitter.hpp"
#include "core/rules/expression.hpp"
#include "core/rules/lexer.hpp"

namespace paso {
namespace {

constexpr int max_depth = 100;
constexpr std::size_t max_members = 4096;

using Node = Result<Operand>;

enum class Style : std::uint8_t { global, method, both };

struct Callable {
    std::string_view name;
    Function function;
    Style style;
    std::size_t least;  // arguments, the receiver among them
    std::size_t most;
};

constexpr std::array callables{
    Callable{"size", Function::size, Style::both, 1, 1},
    Callable{"startsWith", Function::starts_with, Style::method, 2, 2},
    Callable{"endsWith", Function::ends_with, Style::method, 2, 2},
    Callable{"contains", Function::contains, Style::method, 2, 2},
    Callable{"int", Function::to_integer, Style::global, 1, 1},
    Callable{"uint", Function::to_unsigned, Style::global, 1, 1},
    Callable{"double", Function::to_double, Style::global, 1, 1},
    Callable{"string", Function::to_text, Style::global, 1, 1},
    Callable{"bytes", Function::to_bytes, Style::global, 1, 1},
    Callable{"bool", Function::to_boolean, Style::global, 1, 1},
    Callable{"type", Function::type_of, Style::global, 1, 1},
    Callable{"dyn", Function::dyn, Style::global, 1, 1},
    Callable{"timestamp", Function::to_timestamp, Style::global, 1, 1},
    Callable{"duration", Function::to_duration, Style::global, 1, 1},
    Callable{"date", Function::to_date, Style::global, 1, 1},
    Callable{"months", Function::months, Style::global, 1, 1},
    Callable{"days", Function::days, Style::global, 1, 1},
    Callable{"getFullYear", Function::full_year, Style::method, 1, 2},
    Callable{"getMonth", Function::month, Style::method, 1, 2},
    Callable{"getDate", Function::day_of_month_1, Style::method, 1, 2},
    Callable{"getDayOfMonth", Function::day_of_month, Style::method, 1, 2},
    Callable{"getDayOfWeek", Function::day_of_week, Style::method, 1, 2},
    Callable{"getDayOfYear", Function::day_of_year, Style::method, 1, 2},
    Callable{"getHours", Function::hours, Style::method, 1, 2},
    Callable{"getMinutes", Function::minutes, Style::method, 1, 2},
    Callable{"getSeconds", Function::seconds, Style::method, 1, 2},
    Callable{"getMilliseconds", Function::milliseconds, Style::method, 1, 2},
};

constexpr std::array reserved{"as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
                              "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};
constexpr std::array type_names{"bool",
                                "int",
                                "uint",
                                "double",
                                "string",
                                "bytes",
                                "list",
                                "map",
                                "null_type",
                                "type",
                                "google.protobuf.Timestamp",
                                "google.protobuf.Duration"};

template <class Names>
bool among(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

const Callable* callable(std::string_view name) {
    const auto it = std::find_if(callables.begin(), callables.end(), [&](const Callable& c) { return c.name == name; });
    return it == callables.end() ? nullptr : &*it;
}

std::optional<Loop> loop_named(std::string_view name) {
    if (name == "all") return Loop::all;
    if (name == "exists") return Loop::exists;
    if (name == "exists_one") return Loop::exists_one;
    if (name == "map") return Loop::map;
    if (name == "filter") return Loop::filter;
    return std::nullopt;
}

struct Infix {
    Op op;
    int strength;  // binds the stronger, the higher
};

constexpr int or_strength = 1;
constexpr int and_strength = 2;

std::optional<Infix> infix(const Token& t) {
    if (t.kind == TokenKind::name) return t.text == "in" ? std::optional{Infix{Op::in, 3}} : std::nullopt;
    if (t.kind != TokenKind::symbol) return std::nullopt;
    constexpr std::array<std::pair<std::string_view, Infix>, 13> table{{{"||", {Op::or_last, or_strength}},
                                                                        {"&&", {Op::and_last, and_strength}},
                                                                        {"==", {Op::equal, 3}},
                                                                        {"!=", {Op::unequal, 3}},
                                                                        {"<", {Op::less, 3}},
                                                                        {"<=", {Op::less_equal, 3}},
                                                                        {">", {Op::greater, 3}},
                                                                        {">=", {Op::greater_equal, 3}},
                                                                        {"+", {Op::add, 4}},
                                                                        {"-", {Op::subtract, 4}},
                                                                        {"*", {Op::multiply, 5}},
                                                                        {"/", {Op::divide, 5}},
                                                                        {"%", {Op::modulo, 5}}}};
    for (const auto& [sign, op] : table) {
        if (t.text == sign) return op;
    }
    return std::nullopt;
}

class Parser {
  public:
    Parser(std::string_view text, const Environment& environment)
        : text_(text), environment_(environment), lexer_(text), emit_(text, environment) {}

    Result<Expression> whole() {
        if (const Status s = take(); !s) return fail(s.error());
        Node e = expression();
        if (!e) return fail(e.error());
        if (token_.kind != TokenKind::end) return unexpected();
        return emit_.finish(*e);
    }

  private:
    struct Depth {
        explicit Depth(int& depth) : depth_(depth) { ++depth_; }
        ~Depth() { --depth_; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;
        int& depth_;
    };
    struct Mark {  // a place to go back to
        Lexer lexer;
        Token token;
    };

    Status take() {
        auto next = lexer_.next();
        if (!next) return fail(next.error());
        token_ = *next;
        return {};
    }
    Status expect(std::string_view symbol) {
        if (token_.is(symbol)) return take();
        return emit_.bad("pack.syntax", std::string{symbol} + " is missing", token_.at);
    }
    tl::unexpected<Error> unexpected() const {
        if (token_.kind == TokenKind::end) return emit_.bad("pack.syntax", "the expression ends too early", token_.at);
        return emit_.bad("pack.syntax", "unexpected " + std::string{token_.text}, token_.at);
    }
    tl::unexpected<Error> unsupported(std::string what, std::size_t at) const {
        return emit_.bad("pack.unsupported", std::move(what), at);
    }

    // expression = or ["?" or ":" expression]
    Node expression() {
        const Depth depth(depth_);
        if (depth_ > max_depth) return emit_.bad("pack.syntax", "nested too deeply", token_.at);
        Node condition = binary(or_strength);
        if (!condition || !token_.is("?")) return condition;
        const std::size_t at = token_.at;
        const auto branch = emit_.branch(*condition, at);
        if (!branch) return fail(branch.error());
        if (const Status s = take(); !s) return fail(s.error());
        Node x = binary(or_strength);
        if (!x) return x;
        emit_.branch_end(*branch, at);
        if (const Status s = expect(":"); !s) return fail(s.error());
        Node y = expression();
        if (!y) return y;
        return emit_.join(*branch, *condition, *x, *y, at);
    }

    Node binary(int least) {
        Node left = unary();
        while (left) {
            const auto op = infix(token_);
            if (!op || op->strength < least) return left;
            if (op->strength <= and_strength) {
                left = chain(*left, op->strength == and_strength);
                continue;
            }
            const std::size_t at = token_.at;
            if (const Status s = take(); !s) return fail(s.error());
            Node right = binary(op->strength + 1);
            if (!right) return right;
            left = emit_.binary(op->op, *left, *right, at);
        }
        return left;
    }

    // a && b && c, or the same with ||.
    Node chain(const Operand& first, bool both) {
        const std::string_view sign = both ? "&&" : "||";
        Emitter::Jumps jumps;
        if (const Status s = emit_.chain_begin(both, first, token_.at, jumps); !s) return fail(s.error());
        while (token_.is(sign)) {
            const std::size_t at = token_.at;
            if (const Status s = take(); !s) return fail(s.error());
            Node next = binary(both ? and_strength + 1 : or_strength + 1);
            if (!next) return next;
            if (const Status s = emit_.chain_next(both, *next, at, !token_.is(sign), jumps); !s) return fail(s.error());
        }
        Operand whole = first;
        whole.type = {Kind::boolean, any_kind, any_kind};
        whole.codes = {};
        whole.unit = {};
        return whole;
    }

    // unary = {"!"} member | {"-"} member; a minus before a number is part of the number.
    Node unary() {
        const std::string_view sign = token_.is("!") ? "!" : token_.is("-") ? "-" : "";
        if (sign.empty()) return member();
        std::vector<std::size_t> signs;
        while (token_.is(sign)) {
            signs.push_back(token_.at);
            if (signs.size() > max_depth) return emit_.bad("pack.syntax", "nested too deeply", token_.at);
            if (const Status s = take(); !s) return fail(s.error());
        }
        const bool number = token_.kind == TokenKind::integer || token_.kind == TokenKind::real;
        minus_ = sign == "-" && number;
        if (minus_) signs.pop_back();
        Node operand = member();
        while (operand && !signs.empty()) {
            operand = sign == "!" ? emit_.negate(*operand, signs.back()) : emit_.minus(*operand, signs.back());
            signs.pop_back();
        }
        return operand;
    }

    Node member() {
        Node e = primary();
        while (e) {
            if (token_.is(".")) {
                e = after_dot(*e);
            } else if (token_.is("[")) {
                e = indexed(*e);
            } else if (token_.is("{")) {
                return unsupported("messages are not supported", token_.at);
            } else {
                return e;
            }
        }
        return e;
    }

    Node indexed(const Operand& left) {
        const std::size_t at = token_.at;
        if (const Status s = take(); !s) return fail(s.error());
        if (token_.is("?")) return unsupported("optional values are not supported", token_.at);
        Node right = expression();
        if (!right) return right;
        if (const Status s = expect("]"); !s) return fail(s.error());
        return emit_.binary(Op::index, left, *right, at);
    }

    Node after_dot(const Operand& left) {
        if (const Status s = take(); !s) return fail(s.error());
        if (token_.is("?")) return unsupported("optional values are not supported", token_.at);
        const Token field = token_;
        if (field.kind != TokenKind::name && field.kind != TokenKind::quoted_name) return unexpected();
        if (const Status s = take(); !s) return fail(s.error());
        if (token_.is("(") && field.kind == TokenKind::name) return method(left, field);
        if (field.kind == TokenKind::name && field.text == "in")
            return emit_.bad("pack.syntax", "in is no field", field.at);
        return emit_.select(left, field.text, field.at);
    }

    Node method(const Operand& receiver, const Token& name) {
        if (const auto loop = loop_named(name.text)) return macro(receiver, *loop, name);
        const Callable* f = callable(name.text);
        if (f == nullptr || f->style == Style::global) return no_function(name, &receiver);
        auto arguments = list_until(")");
        if (!arguments) return fail(arguments.error());
        arguments->insert(arguments->begin(), receiver);
        return called(*f, *arguments, name);
    }

    Node called(const Callable& f, const std::vector<Operand>& arguments, const Token& name) {
        if (arguments.size() < f.least || arguments.size() > f.most)
            return unsupported(std::string{name.text} + "() takes another number of arguments", name.at);
        return emit_.call(f.function, arguments, name.at);
    }

    // A reserved word is a function nowhere, so that without declarations it is an error of the evaluation.
    Node no_function(const Token& name, const Operand* receiver) {
        if (environment_.strict() || !among(reserved, name.text))
            return unsupported(std::string{name.text} + "() is no function here", name.at);
        auto arguments = list_until(")");
        if (!arguments) return fail(arguments.error());
        if (receiver != nullptr) arguments->insert(arguments->begin(), *receiver);
        const Operand fault = emit_.fault(Fault::unbound, name.at);
        arguments->push_back(fault);
        return emit_.list(*arguments, name.at);  // an operand that fails makes the list fail
    }

    // x.exists(name, condition), x.map(name, [condition,] value) ...
    Node macro(const Operand& range, Loop kind, const Token& macro) {
        if (const Status s = take(); !s) return fail(s.error());
        const Token name = token_;
        if (name.kind != TokenKind::name || among(reserved, name.text))
            return emit_.bad("pack.syntax", "a name for the member is expected", name.at);
        if (const Status s = take(); !s) return fail(s.error());
        if (token_.is(".") || token_.is("(")) return unsupported("a simple name for the member is expected", token_.at);
        if (const Status s = expect(","); !s) return fail(s.error());
        auto loop = emit_.begin_loop(kind, range, name.text, macro.at);
        if (!loop) return fail(loop.error());
        Node body = expression();
        if (body && token_.is(",")) {
            if (kind != Loop::map) return unsupported("loops over two names are not supported", token_.at);
            if (const Status s = take(); !s) return fail(s.error());
            loop->kind = Loop::filter;
            Node kept = emit_.end_loop(*loop, *body, macro.at);
            if (!kept) return kept;
            loop = emit_.begin_loop(Loop::map, *kept, name.text, macro.at);
            if (!loop) return fail(loop.error());
            body = expression();
            if (body && token_.is(",")) return unsupported("loops over two names are not supported", token_.at);
        }
        if (!body) return body;
        if (const Status s = expect(")"); !s) return fail(s.error());
        return emit_.end_loop(*loop, *body, macro.at);
    }

    // "(" or "[" is the current token; reads what stands until the closing one.
    Result<std::vector<Operand>> list_until(std::string_view close) {
        std::vector<Operand> out;
        if (const Status s = take(); !s) return fail(s.error());
        while (!token_.is(close)) {
            if (token_.is("?")) return unsupported("optional values are not supported", token_.at);
            Node e = expression();
            if (!e) return fail(e.error());
            out.push_back(*e);
            if (out.size() > max_members) return unsupported("this list is too long", token_.at);
            if (!token_.is(",")) break;
            if (const Status s = take(); !s) return fail(s.error());
            if (token_.is(close) && close == ")") return unexpected();
        }
        if (const Status s = expect(close); !s) return fail(s.error());
        return out;
    }

    Node map() {
        const std::size_t at = token_.at;
        std::vector<Operand> parts;
        if (const Status s = take(); !s) return fail(s.error());
        while (!token_.is("}")) {
            if (token_.is("?")) return unsupported("optional values are not supported", token_.at);
            for (const std::string_view after : {":", ""}) {
                Node e = expression();
                if (!e) return e;
                parts.push_back(*e);
                if (after.empty()) continue;
                if (const Status s = expect(after); !s) return fail(s.error());
            }
            if (parts.size() > max_members) return unsupported("this map is too long", token_.at);
            if (!token_.is(",")) break;
            if (const Status s = take(); !s) return fail(s.error());
        }
        if (const Status s = expect("}"); !s) return fail(s.error());
        return emit_.map(parts, at);
    }

    Node primary() {
        const Token token = token_;
        switch (token.kind) {
            case TokenKind::integer:
            case TokenKind::unsigned_integer:
            case TokenKind::real:
                return number();
            case TokenKind::text:
            case TokenKind::bytes:
                return text();
            case TokenKind::name:
                return named();
            case TokenKind::symbol:
                break;
            case TokenKind::end:
            case TokenKind::quoted_name:
                return unexpected();
        }
        if (token.text == "(") {
            if (const Status s = take(); !s) return fail(s.error());
            Node inner = expression();
            if (!inner) return inner;
            if (const Status s = expect(")"); !s) return fail(s.error());
            return inner;
        }
        if (token.text == "[") {
            const auto members = list_until("]");
            if (!members) return fail(members.error());
            return emit_.list(*members, token.at);
        }
        if (token.text == "{") return map();
        if (token.text == ".") {  // a name from the root, where every name here is
            if (const Status s = take(); !s) return fail(s.error());
            return token_.kind == TokenKind::name ? named() : Node{unexpected()};
        }
        return unexpected();
    }

    Node number() {
        const Token token = token_;
        const bool negative = std::exchange(minus_, false);
        if (const Status s = take(); !s) return fail(s.error());
        const auto bad = [&] { return emit_.bad("pack.syntax", "this number is too large", token.at); };
        if (token.kind == TokenKind::real) {
            double d = 0;
            const auto end = token.text.data() + token.text.size();
            const auto [at, error] = std::from_chars(token.text.data(), end, d);
            const bool small = error == std::errc::result_out_of_range && below_one(token.text);
            if (at != end || (error != std::errc{} && !small)) return bad();
            return emit_.constant(Value::of_real(negative ? -d : d), {Kind::real, any_kind, any_kind}, token.at);
        }
        std::string_view digits = token.text;
        if (token.kind == TokenKind::unsigned_integer) digits.remove_suffix(1);
        const bool hex = digits.starts_with("0x") || digits.starts_with("0X");
        if (hex) digits.remove_prefix(2);
        std::uint64_t n = 0;
        const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n, hex ? 16 : 10);
        if (error != std::errc{} || at != digits.data() + digits.size()) return bad();
        if (token.kind == TokenKind::unsigned_integer)
            return emit_.constant(Value::unsigned_integer(n), {Kind::unsigned_integer, any_kind, any_kind}, token.at);
        constexpr std::uint64_t most = std::uint64_t{1} << 63U;
        if (n > (negative ? most : most - 1)) return bad();
        const auto value = static_cast<std::int64_t>(negative ? ~n + 1 : n);
        return emit_.constant(Value::integer(value), {Kind::integer, any_kind, any_kind}, token.at);
    }

    // Where from_chars says "out of range", the exponent tells too large from too small, which is 0.
    static bool below_one(std::string_view digits) {
        const std::size_t e = digits.find_first_of("eE");
        return e != std::string_view::npos ? digits[e + 1] == '-' : digits.starts_with("0.") || digits.starts_with(".");
    }

    Node text() {
        const Token token = token_;
        if (const Status s = take(); !s) return fail(s.error());
        const auto characters = characters_of(token);
        if (!characters)
            return emit_.bad("pack.syntax", characters.error().detail,
                             token.at + characters.error().place.offset.value_or(0));
        return emit_.text(token.kind == TokenKind::bytes ? Kind::bytes : Kind::text, *characters, token.at);
    }

    Node named() {
        const Token token = token_;
        const Mark first{lexer_, token_};
        if (const Status s = take(); !s) return fail(s.error());
        if (token.text == "true" || token.text == "false")
            return emit_.constant(Value::boolean(token.text == "true"), {Kind::boolean, any_kind, any_kind}, token.at);
        if (token.text == "null") return null(token);
        if (token.text == "in" || among(reserved, token.text)) {
            if (token_.is("(") && token.text != "in") return no_function(token, nullptr);
            return emit_.bad("pack.syntax", std::string{token.text} + " is a reserved word", token.at);
        }
        if (token_.is("(")) return function(token);
        if (const auto local = emit_.local(token.text, token.at)) return *local;
        return dotted(first);
    }

    Node null(const Token& token) {
        if (environment_.strict()) return unsupported("no fact is null; there is known()", token.at);
        return emit_.constant(Value{}, {Kind::null, any_kind, any_kind}, token.at);
    }

    // The name that begins at `first` and the marks after each of its dotted parts; a part before "(" is none of them.
    struct Parts {
        std::vector<std::string> names;  // "a", "a.b", "a.b.c"
        std::vector<Mark> after;
        bool calls = false;  // a method of the last of them follows
    };
    Result<Parts> parts(const Mark& first) {
        Parts out;
        out.names.emplace_back(first.token.text);
        out.after.push_back({lexer_, token_});
        while (token_.is(".")) {
            if (const Status s = take(); !s) return fail(s.error());
            if (token_.kind != TokenKind::name) break;
            const std::string name = out.names.back() + "." + std::string{token_.text};
            if (const Status s = take(); !s) return fail(s.error());
            out.calls = token_.is("(");
            if (out.calls) break;
            out.names.push_back(name);
            out.after.push_back({lexer_, token_});
        }
        return out;
    }

    void go_to(const Mark& mark) {
        lexer_ = mark.lexer;
        token_ = mark.token;
    }

    // The longest declared name that begins here; what is left are fields of it.
    const Environment::Name* longest(const Parts& all) {
        for (std::size_t i = all.names.size(); i-- > 0;) {
            if (const auto* name = environment_.find(all.names[i])) {
                go_to(all.after[i]);
                return name;
            }
        }
        return nullptr;
    }

    Node dotted(const Mark& first) {
        const auto all = parts(first);
        if (!all) return fail(all.error());
        const std::size_t at = first.token.at;
        if (all->calls && all->names.size() <= 2 && all->names.front() == "table") {
            go_to(all->after.front());
            return table(at);
        }
        if (const auto* name = longest(*all)) {
            if (name->closed) return unsupported(std::string{name->name} + " cannot be read", at);
            return emit_.fact(*name, at);
        }
        if (environment_.strict()) {
            const std::string& name = all->names.back();
            return emit_.bad("pack.fact", name + " is no fact", at);
        }
        if (among(type_names, all->names.back())) {
            go_to(all->after.back());
            return emit_.text(Kind::type, all->names.back(), at);
        }
        return unbound(*all, at);
    }

    // A name that nothing explains. If it may be the name of a type, of a library or of something in another container,
    // CEL would know it and this engine does not; else it has no value.
    Node unbound(const Parts& all, std::size_t at) {
        const std::string& longest_name = all.names.back();
        constexpr std::array libraries{"google", "cel",     "math", "optional", "proto",
                                       "base64", "strings", "sets", "network",  "regex"};
        const bool capital =
            std::any_of(longest_name.begin(), longest_name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
        if (capital || among(libraries, all.names.front()))
            return unsupported(longest_name + " is a name of a type or a library that is not supported", at);
        go_to(all.after.front());
        return emit_.fault(Fault::unbound, at);
    }

    Node function(const Token& name) {
        if (name.text == "has") return has(name);
        if (name.text == "known") return known();
        if (name.text == "group") return group(name.at);
        const Callable* f = callable(name.text);
        if (f == nullptr || f->style == Style::method) return no_function(name, nullptr);
        const auto arguments = list_until(")");
        if (!arguments) return fail(arguments.error());
        return called(*f, *arguments, name);
    }

    Node has(const Token& name) {
        if (const Status s = take(); !s) return fail(s.error());
        if (token_.is(")")) return unexpected();
        Node selected = expression();
        if (!selected) return selected;
        if (const Status s = expect(")"); !s) return fail(s.error());
        return emit_.has(*selected, name.at);
    }

    Node known() {
        if (const Status s = take(); !s) return fail(s.error());
        const Mark first{lexer_, token_};
        if (token_.kind != TokenKind::name) return unexpected();
        if (const Status s = take(); !s) return fail(s.error());
        const auto all = parts(first);
        if (!all) return fail(all.error());
        const auto* fact = environment_.find(all->names.back());
        if (fact == nullptr) return emit_.bad("pack.fact", all->names.back() + " is no fact", first.token.at);
        go_to(all->after.back());
        if (const Status s = expect(")"); !s) return fail(s.error());
        return emit_.known(*fact, first.token.at);
    }

    Node group(std::size_t at) {
        if (const Status s = take(); !s) return fail(s.error());
        if (token_.kind != TokenKind::text) return emit_.bad("pack.type", "group() needs a name in quotes", token_.at);
        const auto name = characters_of(token_);
        if (!name) return emit_.bad("pack.syntax", name.error().detail, token_.at);
        const auto* tables = environment_.tables();
        const auto number = tables == nullptr ? std::nullopt : tables->group(*name);
        if (!number) return emit_.bad("pack.fact", "there is no group " + *name, token_.at);
        if (const Status s = take(); !s) return fail(s.error());
        if (const Status s = expect(")"); !s) return fail(s.error());
        return emit_.group(*number, at);
    }

    // table.NAME(keys) or table.NAME.COLUMN(keys): the dot is the current token.
    Node table(std::size_t at) {
        if (const Status s = take(); !s) return fail(s.error());
        const Token name = token_;
        std::string whole{name.text};
        if (const Status s = take(); !s) return fail(s.error());
        if (token_.is(".")) {
            if (const Status s = take(); !s) return fail(s.error());
            whole += "." + std::string{token_.text};
            if (const Status s = take(); !s) return fail(s.error());
        }
        if (!token_.is("(")) return unexpected();
        const auto* tables = environment_.tables();
        const auto* signature = tables == nullptr ? nullptr : tables->table(whole);
        if (signature == nullptr) return emit_.bad("pack.fact", "there is no table or column " + whole, name.at);
        const auto arguments = list_until(")");
        if (!arguments) return fail(arguments.error());
        return emit_.table(*signature, *arguments, at);
    }

    std::string_view text_;
    const Environment& environment_;
    Lexer lexer_;
    Emitter emit_;
    Token token_;
    int depth_ = 0;
    bool minus_ = false;  // the number that comes is negative
};

}  // namespace

Environment::Environment(const Schema& schema, const TableSource* tables) : tables_(tables) {
    for (const FactDeclaration& f : schema.facts()) {
        const auto slot = static_cast<std::uint16_t>(names_.size());
        if (f.name == schema.day()) day_ = slot;
        names_.push_back({f.name, slot, false, &f});
    }
    sort_names();
}

Environment::Environment(std::vector<std::string> names, std::vector<std::string> closed, const TableSource* tables,
                         std::string_view day)
    : strict_(false), owned_(std::move(names)), tables_(tables) {
    if (const auto at = std::find(owned_.begin(), owned_.end(), day); at != owned_.end())
        day_ = static_cast<std::uint32_t>(at - owned_.begin());
    const std::size_t open = owned_.size();
    owned_.insert(owned_.end(), std::make_move_iterator(closed.begin()), std::make_move_iterator(closed.end()));
    for (std::size_t i = 0; i < owned_.size(); ++i)
        names_.push_back({owned_[i], static_cast<std::uint16_t>(i), i >= open, nullptr});
    sort_names();
}

void Environment::sort_names() {
    std::sort(names_.begin(), names_.end(), [](const Name& a, const Name& b) { return a.name < b.name; });
}

const Environment::Name* Environment::find(std::string_view name) const {
    const auto it = std::lower_bound(names_.begin(), names_.end(), name,
                                     [](const Name& n, std::string_view wanted) { return n.name < wanted; });
    return it != names_.end() && it->name == name ? &*it : nullptr;
}

Result<Expression> parse_expression(std::string_view text, const Environment& environment) {
    if (text.size() > max_expression)
        return fail("pack.syntax", "an expression has at most 8192 bytes", place_in(text, max_expression));
    if (!is_utf8(text)) return fail("pack.syntax", "this is not UTF-8", place_in(text, 0));
    return Parser(text, environment).whole();
}

}  // namespace paso
