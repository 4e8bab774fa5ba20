// Facts: what the rules may ask, each a value or the cause why there is none. Generic: this room knows no borders; the
// schema of Paso's facts is declared once in core/inspection.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/base/date.hpp"
#include "core/base/result.hpp"

namespace paso {

enum class FactType : std::uint8_t { boolean, integer, text, date, text_set };
[[nodiscard]] std::string_view name(FactType t);

using FactValue = std::variant<bool, std::int64_t, std::string, Date, std::set<std::string>>;
[[nodiscard]] FactType type_of(const FactValue& value);

// What an integer may be.
struct FactRange {
    std::int64_t least = 0;
    std::int64_t most = 0;
};

// The declaration of one fact: what code, checks and the manual know of it comes from here.
struct FactDeclaration {
    std::string_view name{};  // "document.expiry"
    FactType type = FactType::boolean;
    std::string_view meaning{};                  // one line for officials
    bool personal = false;                       // its value says something of a person and never stands in a log
    std::span<const std::string_view> values{};  // every text that it may be; empty: any
    std::string_view unit{};                     // of an integer: "years"; "" where there is none
    std::optional<FactRange> range{};            // of an integer; nothing: any
    std::string_view source{};                   // who says it: "document", "officer"
    bool optional = false;    // ordinary work goes on without it: a rule that reads it says what unknown means
    bool protection = false;  // about a request for protection: read by private rules of protection alone
    std::span<const std::string_view> clauses{};  // in words that each of `values` is so: "the person is leaving"
    std::string (*naming)(std::string_view){};    // of a text that is a code: "Brazil (BRA)"; "": there is no such code
};

// Whether a fact may have this value: its type, the domain of a text, the range of an integer.
[[nodiscard]] bool admits(const FactDeclaration& fact, const FactValue& value);

template <class T>
inline constexpr FactType fact_type = FactType::boolean;
template <>
inline constexpr FactType fact_type<std::int64_t> = FactType::integer;
template <>
inline constexpr FactType fact_type<std::string> = FactType::text;
template <>
inline constexpr FactType fact_type<Date> = FactType::date;
template <>
inline constexpr FactType fact_type<std::set<std::string>> = FactType::text_set;

// A declaration and the C++ type of its values: bool, std::int64_t, std::string, Date or std::set<std::string>.
template <class T>
class Fact {
  public:
    constexpr explicit Fact(FactDeclaration d) : declaration_(d) { declaration_.type = fact_type<T>; }
    [[nodiscard]] constexpr const FactDeclaration& declaration() const { return declaration_; }
    [[nodiscard]] constexpr std::string_view name() const { return declaration_.name; }

  private:
    FactDeclaration declaration_;
};

class Schema {
  public:
    // `day`: the date fact that a pack's time of validity is measured by; "" where there is none.
    explicit Schema(std::vector<FactDeclaration> facts, std::string_view day = {})
        : facts_(std::move(facts)), day_(day) {}
    // The index of a fact, or nothing.
    [[nodiscard]] const FactDeclaration* find(std::string_view name) const {
        for (const FactDeclaration& f : facts_) {
            if (f.name == name) return &f;
        }
        return nullptr;
    }
    [[nodiscard]] const std::vector<FactDeclaration>& facts() const { return facts_; }
    [[nodiscard]] std::string_view day() const { return day_; }

  private:
    std::vector<FactDeclaration> facts_;
    std::string_view day_;
};

// A fact may be a set of possible values (two birth years): the engine decides for all of them and reports `ambiguous`
// only if the answers differ.
struct FactEntry {
    std::string name;
    std::vector<FactValue> values;  // one, several possible ones, or none
    Cause cause = Cause::not_read;  // meaningful when `values` is empty, else not_read
    bool operator==(const FactEntry&) const = default;
};

// One traveller's facts, in the order of the schema. A fact that was never set is unknown, not_read.
class Facts {
  public:
    void set(std::string_view name, FactValue value);
    template <class T>
    void set(const Fact<T>& fact, std::type_identity_t<T> value) {
        set(fact.name(), FactValue{std::in_place_type<T>, std::move(value)});
    }
    // Each distinct value once, ascending; where there is none, the cause why.
    template <class T>
    void set_possible(const Fact<T>& fact, std::type_identity_t<std::vector<T>> values, Cause otherwise) {
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
        if (values.empty()) return set_unknown(fact, otherwise);
        set_possible(fact.name(), std::vector<FactValue>(std::make_move_iterator(values.begin()),
                                                         std::make_move_iterator(values.end())));
    }
    template <class T>
    void set_unknown(const Fact<T>& fact, Cause cause) {
        set_unknown(fact.name(), cause);
    }
    void set_possible(std::string_view name, std::vector<FactValue> values);
    void set_unknown(std::string_view name, Cause cause);
    [[nodiscard]] const FactEntry* find(std::string_view name) const;
    [[nodiscard]] const std::vector<FactEntry>& entries() const { return entries_; }
    bool operator==(const Facts&) const = default;

  private:
    FactEntry& entry(std::string_view name);
    std::vector<FactEntry> entries_;  // ascending by name
};

// Canonical CBOR: an array of [name, [values], cause], ascending by name; and back. Errors: "facts.*".
[[nodiscard]] Bytes encode_facts(const Facts& facts);
[[nodiscard]] Result<Facts> decode_facts(ByteView bytes);

}  // namespace paso
