// What the tests of expressions share: a small schema, tables, and evaluation in one line.
#pragma once

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "core/rules/expression.hpp"
#include "core/rules/fact_row.hpp"
#include "core/rules/program.hpp"
#include "tests/support/quickly.hpp"

namespace paso::test {

inline const Schema& small_schema() {
    static constexpr std::array<std::string_view, 3> modes{"air", "land", "sea"};
    static const Schema schema(
        {
            {"a", FactType::boolean, ""},
            {"b", FactType::boolean, ""},
            {"c", FactType::boolean, ""},
            {"n", FactType::integer, ""},
            {"m", FactType::integer, ""},
            {"text", FactType::text, ""},
            {"mode", FactType::text, "", false, modes},
            {"today", FactType::date, ""},
            {"doc.expiry", FactType::date, ""},
            {"kinds", FactType::text_set, ""},
        },
        "today");
    return schema;
}

// One group whose members change on a day, and one table of texts and one of numbers.
class TestTables : public TableSource {
  public:
    const TableSignature* table(std::string_view name) const override {
        if (name == "visa") return &visa_;
        return name == "age" ? &age_ : nullptr;
    }
    std::optional<std::uint16_t> group(std::string_view name) const override {
        return name == "SOUTH" ? std::optional<std::uint16_t>{7} : std::nullopt;
    }
    std::uint32_t largest_group() const override { return 3; }
    Value look_up(std::uint16_t table, std::span<const Value> keys, Date) const override {
        if (table == 2) return Value::integer(keys[0].view() == "ARG" ? 18 : 16);
        if (keys[0].view() == "ARG" && keys[1].view() == "BRA") return Value::text("free");
        return Value::unknown(Cause::not_supported);
    }
    Value members(std::uint16_t, Date day) const override {
        return Value::collection(Kind::set, members_.data(), day < *Date::of(2026, 1, 1) ? 2 : 3);
    }

  private:
    TableSignature visa_{1, {ColumnType{}, ColumnType{}}, ColumnType{}};
    TableSignature age_{2, {ColumnType{}}, ColumnType{Kind::integer}};
    std::vector<Value> members_{Value::text("ARG"), Value::text("BRA"), Value::text("CHL")};
};

inline const TestTables& tables() {
    static const TestTables t;
    return t;
}

inline const Environment& strict() {
    static const Environment e(small_schema(), &tables());
    return e;
}

// The expression, or the test fails with the reason.
inline Expression parsed(std::string_view text, const Environment& environment = strict()) {
    auto e = parse_expression(text, environment);
    INFO(text);
    if (!e) FAIL(describe(e.error()));
    return *e;
}

inline Error error_of(std::string_view text, const Environment& environment = strict()) {
    const auto e = parse_expression(text, environment);
    INFO(text);
    REQUIRE_FALSE(e);
    return e.error();
}

// A traveller's facts, ready to be read.
class Bound {
  public:
    explicit Bound(Facts facts) : facts_(std::move(facts)), names_(names()), row_(names_) { row_.bind(facts_); }
    Bound(const Bound&) = delete;
    Bound& operator=(const Bound&) = delete;
    Value value(std::string_view text) { return evaluator_.evaluate(parsed(text), row_.slots()); }
    Truth truth(std::string_view text) { return truth_of(value(text)); }
    FactRow& row() { return row_; }

  private:
    static std::vector<FactSlot> names() {
        std::vector<FactSlot> out;
        for (const auto& n : strict().names()) out.push_back({std::string{n.name}, n.slot});
        return out;
    }
    Facts facts_;
    std::vector<FactSlot> names_;
    FactRow row_;
    Evaluator evaluator_;
};

}  // namespace paso::test
