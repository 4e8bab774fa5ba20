// Facts: what the rules may ask, each a value or the cause why there is none. Generic: this room knows no borders; the
// schema of Paso's facts is declared once in core/inspection.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
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

// The declaration of one fact. `personal`: its value names a person and never stands in a log. `values`: of an enum,
// every text that it may be; empty: any.
struct FactDeclaration {
    std::string_view name;  // "document.expiry"
    FactType type;
    std::string_view meaning;  // one line for officials
    bool personal = false;
    std::vector<std::string_view> values{};
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
