#include "kiosk/tool/eval_command.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "core/encoding/base64.hpp"
#include "core/rules/expression.hpp"
#include "core/rules/program.hpp"

namespace paso {
namespace {

namespace json = boost::json;

constexpr int max_depth = 32;                   // of a value that comes or goes
constexpr std::size_t max_answer = 1UL << 20U;  // parts of a value that goes
constexpr std::string_view type_prefix = "type.googleapis.com/";

// Values from JSON; nothing where a value is of a form that is not supported.
class BindingReader {
  public:
    explicit BindingReader(Arena& arena) : arena_(arena) {}

    std::optional<Value> read(const json::value& v, int depth = 0) {
        const json::object* o = v.if_object();
        if (o == nullptr || o->size() != 1 || depth > max_depth) return std::nullopt;
        const auto& member = *o->begin();
        const std::string_view form = member.key();
        const json::value& content = member.value();
        if (form == "value") return read(content, depth + 1);  // as in cel.expr.ExprValue
        if (form == "nullValue") return Value{};
        if (form == "boolValue")
            return content.is_bool() ? std::optional{Value::boolean(content.get_bool())} : std::nullopt;
        if (form == "int64Value") return whole<std::int64_t>(content);
        if (form == "uint64Value") return whole<std::uint64_t>(content);
        if (form == "doubleValue") return real(content);
        if (form == "stringValue") return characters(Kind::text, content);
        if (form == "typeValue") return characters(Kind::type, content);
        if (form == "bytesValue") return bytes(content);
        if (form == "listValue") return list(content, depth);
        if (form == "mapValue") return map(content, depth);
        return form == "objectValue" ? object(content) : std::nullopt;
    }

  private:
    template <class T>
    static std::optional<Value> whole(const json::value& v) {
        T out{};
        const std::string text = v.is_string() ? std::string{v.get_string()} : json::serialize(v);
        const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (error != std::errc{} || at != text.data() + text.size()) return std::nullopt;
        if constexpr (std::is_signed_v<T>) return Value::integer(out);
        return Value::unsigned_integer(static_cast<std::uint64_t>(out));
    }
    static std::optional<Value> real(const json::value& v) {
        if (v.is_number()) return Value::of_real(v.to_number<double>());
        if (v == "NaN") return Value::of_real(std::nan(""));
        if (v == "Infinity") return Value::of_real(HUGE_VAL);
        return v == "-Infinity" ? std::optional{Value::of_real(-HUGE_VAL)} : std::nullopt;
    }
    std::optional<Value> copied(Kind kind, std::string_view text) {
        const auto copy = arena_.copy(text);
        return copy ? std::optional{Value::characters_of(kind, *copy)} : std::nullopt;
    }
    std::optional<Value> characters(Kind kind, const json::value& v) {
        return v.is_string() ? copied(kind, std::string_view{v.get_string()}) : std::nullopt;
    }
    std::optional<Value> bytes(const json::value& v) {
        if (!v.is_string()) return std::nullopt;
        const auto decoded = from_base64(std::string_view{v.get_string()});
        return decoded ? copied(Kind::bytes, as_text(*decoded)) : std::nullopt;
    }
    // The members of an array that may be absent.
    static const json::array* array_in(const json::value& v, std::string_view name) {
        static const json::array none;
        const json::object* o = v.if_object();
        if (o == nullptr) return nullptr;
        const json::value* a = o->if_contains(name);
        return a == nullptr ? &none : a->if_array();
    }
    std::optional<Value> list(const json::value& v, int depth) {
        const json::array* values = array_in(v, "values");
        Value* items = values == nullptr ? nullptr : arena_.values(values->size() + 1);
        if (items == nullptr) return std::nullopt;
        for (std::size_t i = 0; i < values->size(); ++i) {
            const auto member = read((*values)[i], depth + 1);
            if (!member) return std::nullopt;
            items[i] = *member;
        }
        return Value::collection(Kind::list, items, values->size());
    }
    std::optional<Value> map(const json::value& v, int depth) {
        const json::array* entries = array_in(v, "entries");
        Value* items = entries == nullptr ? nullptr : arena_.values(entries->size() * 2 + 1);
        if (items == nullptr) return std::nullopt;
        std::size_t n = 0;
        for (const json::value& e : *entries) {
            for (const std::string_view part : {"key", "value"}) {
                const json::value* p = e.is_object() ? e.get_object().if_contains(part) : nullptr;
                const auto member = p == nullptr ? std::nullopt : read(*p, depth + 1);
                if (!member) return std::nullopt;
                items[n++] = *member;
            }
        }
        return Value::collection(Kind::map, items, entries->size());
    }
    // Timestamps and durations; other messages are not supported.
    std::optional<Value> object(const json::value& v) {
        const json::object* o = v.if_object();
        const json::value* type = o == nullptr ? nullptr : o->if_contains("@type");
        const json::value* content = o == nullptr ? nullptr : o->if_contains("value");
        if (type == nullptr || content == nullptr || !content->is_string()) return std::nullopt;
        const bool timestamp = *type == "type.googleapis.com/google.protobuf.Timestamp";
        if (!timestamp && *type != "type.googleapis.com/google.protobuf.Duration") return std::nullopt;
        Budget budget{1};
        const Value text = Value::text(std::string_view{content->get_string()});
        const Value out =
            call(timestamp ? Function::to_timestamp : Function::to_duration, {&text, 1}, {arena_, budget});
        return out.failed() ? std::nullopt : std::optional{out};
    }

    Arena& arena_;
};

// Values to JSON; nothing where there is no form for one, or it is too large.
class ValueWriter {
  public:
    std::optional<json::value> write(const Value& v, int depth = 0) {
        if (++parts_ > max_answer || depth > max_depth * 4) return std::nullopt;
        switch (v.kind) {
            case Kind::null:
                return json::object{{"nullValue", nullptr}};
            case Kind::boolean:
                return json::object{{"boolValue", v.yes()}};
            case Kind::integer:
                return json::object{{"int64Value", std::to_string(v.number)}};
            case Kind::unsigned_integer:
                return json::object{{"uint64Value", std::to_string(v.natural)}};
            case Kind::real:
                return json::object{{"doubleValue", real(v.real)}};
            case Kind::text:
                return json::object{{"stringValue", v.view()}};
            case Kind::bytes:
                return json::object{{"bytesValue", base64(as_bytes(v.view()))}};
            case Kind::type:
                return json::object{{"typeValue", v.view()}};
            case Kind::timestamp:
                return known_type("google.protobuf.Timestamp", time_text(v));
            case Kind::duration:
                return known_type("google.protobuf.Duration", time_text(v));
            case Kind::date:
                return json::object{{"objectValue",
                                     {{"@type", std::string{type_prefix} + "google.type.Date"},
                                      {"year", v.day().year()},
                                      {"month", v.day().month()},
                                      {"day", v.day().day()}}}};
            case Kind::list:
            case Kind::set:
                return list(v, depth);
            case Kind::map:
                return map(v, depth);
            case Kind::unknown:
            case Kind::error:
            case Kind::period:
                break;
        }
        return std::nullopt;
    }

  private:
    static json::value real(double d) {
        if (std::isnan(d)) return "NaN";
        if (std::isinf(d)) return d > 0 ? "Infinity" : "-Infinity";
        return d;
    }
    static json::object known_type(std::string_view type, std::string text) {
        return {{"objectValue", {{"@type", std::string{type_prefix} + std::string{type}}, {"value", std::move(text)}}}};
    }
    std::optional<json::value> list(const Value& v, int depth) {
        json::array values;
        for (const Value& member : v.members()) {
            auto one = write(member, depth + 1);
            if (!one) return std::nullopt;
            values.push_back(std::move(*one));
        }
        return json::object{{"listValue", {{"values", std::move(values)}}}};
    }
    std::optional<json::value> map(const Value& v, int depth) {
        json::array entries;
        const auto members = v.members();
        for (std::size_t i = 0; i < members.size(); i += 2) {
            auto key = write(members[i], depth + 1);
            auto value = write(members[i + 1], depth + 1);
            if (!key || !value) return std::nullopt;
            entries.push_back(json::object{{"key", std::move(*key)}, {"value", std::move(*value)}});
        }
        return json::object{{"mapValue", {{"entries", std::move(entries)}}}};
    }

    std::size_t parts_ = 0;
};

std::string answer(const json::value& id, std::string_view error, std::string_view message) {
    return json::serialize(json::object{{"id", id}, {"error", error}, {"message", message}});
}

// Errors of reading, as the answer names them.
std::string_view word_for(std::string_view code) {
    if (code == "pack.syntax") return "parse";
    return code == "pack.unsupported" || code == "pack.cost" ? "unsupported" : "type";
}

std::string_view word_for(Fault fault) {
    switch (fault) {
        case Fault::no_overload:
        case Fault::unbound:
            return "type";
        case Fault::unsupported:
        case Fault::too_large:
            return "unsupported";
        case Fault::overflow:
        case Fault::zero_divisor:
        case Fault::range:
        case Fault::no_such_key:
        case Fault::repeated_key:
        case Fault::conversion:
            break;
    }
    return "evaluation";
}

struct Bindings {
    std::vector<std::string> names;
    std::vector<Value> values;
    std::vector<std::string> closed;  // bound to something that cannot be told
};

// In a container x the name y may mean x.y: without the container nobody can tell which, where both are bound.
bool hides(std::string_view name, const json::object& bindings) {
    for (const auto& b : bindings) {
        if (std::string_view{b.key()}.ends_with("." + std::string{name})) return true;
    }
    return false;
}

Bindings read_bindings(const json::object& bindings, Arena& arena) {
    Bindings out;
    BindingReader reader(arena);
    for (const auto& b : bindings) {
        const auto value = hides(b.key(), bindings) ? std::nullopt : reader.read(b.value());
        (value ? out.names : out.closed).emplace_back(b.key());
        if (value) out.values.push_back(*value);
    }
    return out;
}

// "unknown: not_read", with every cause.
std::string unknown_text(const Value& value) {
    std::string out = "unknown:";
    for (int c = 1; c <= 8; ++c) {
        const auto cause = static_cast<Cause>(c);
        if ((value.causes & Value::bit(cause)) != 0) out += " " + std::string{name(cause)};
    }
    return out;
}

std::string evaluate_parsed(const json::value& id, std::string_view text, const json::object& bindings,
                            const EvalTables& tables) {
    Arena arena;
    Bindings read = read_bindings(bindings, arena);
    if (tables.source != nullptr && std::find(read.names.begin(), read.names.end(), tables.today) == read.names.end()) {
        read.names.emplace_back(tables.today);
        read.values.push_back(tables.day ? Value::date(*tables.day) : Value::unknown(Cause::not_read));
    }
    const Environment environment(std::move(read.names), std::move(read.closed), tables.source, tables.today);
    const auto expression = parse_expression(text, environment);
    if (!expression) return answer(id, word_for(expression.error().code), describe(expression.error()));
    Evaluator evaluator;
    const Value value = evaluator.evaluate(*expression, read.values);
    if (value.is(Kind::unknown)) return answer(id, "evaluation", unknown_text(value));
    if (value.is(Kind::error)) return answer(id, word_for(value.fault), name(value.fault));
    const auto written = ValueWriter().write(value);
    if (!written) return answer(id, "unsupported", "this value has no form here: " + std::string{name(value.kind)});
    return json::serialize(json::object{{"id", id}, {"value", *written}});
}

}  // namespace

std::string evaluate_line(std::string_view line, const EvalTables& tables) {
    boost::system::error_code error;
    const json::value parsed = json::parse(line, error);
    const json::object* o = error ? nullptr : parsed.if_object();
    const json::value* text = o == nullptr ? nullptr : o->if_contains("expr");
    if (text == nullptr || !text->is_string()) return answer(nullptr, "parse", "a line is an object with id and expr");
    const json::value* id = o->if_contains("id");
    const json::value* bindings = o->if_contains("bindings");
    const json::value* container = o->if_contains("container");
    const json::value name = id == nullptr ? json::value{} : *id;
    if (bindings != nullptr && !bindings->is_object()) return answer(name, "parse", "bindings are an object");
    if (container != nullptr && *container != "") return answer(name, "unsupported", "containers are not supported");
    const json::object none;
    return evaluate_parsed(name, std::string_view{text->get_string()},
                           bindings == nullptr ? none : bindings->get_object(), tables);
}

}  // namespace paso
