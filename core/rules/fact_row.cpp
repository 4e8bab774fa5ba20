#include "core/rules/fact_row.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace paso {
namespace {

Value value_of(const FactValue& v, Arena& arena) {
    switch (type_of(v)) {
        case FactType::boolean:
            return Value::boolean(*std::get_if<bool>(&v));
        case FactType::integer:
            return Value::integer(*std::get_if<std::int64_t>(&v));
        case FactType::text:
            return Value::text(*std::get_if<std::string>(&v));
        case FactType::date:
            return Value::date(*std::get_if<Date>(&v));
        case FactType::text_set:
            break;
    }
    const auto& set = *std::get_if<std::set<std::string>>(&v);
    Value* members = arena.values(set.size());
    if (members == nullptr) return Value::error(Fault::too_large);
    std::transform(set.begin(), set.end(), members, [](const std::string& s) { return Value::text(s); });
    return Value::collection(Kind::set, members, set.size());
}

}  // namespace

FactRow::FactRow(const std::vector<FactSlot>& names) : names_(&names), slots_(names.size()), cells_(names.size()) {}

void FactRow::bind(const Facts& facts) {
    arena_.clear();
    ambiguous_ = false;
    plain_ = false;
    std::fill_n(slots_.begin(), names_->size(), Value::unknown(Cause::not_read));
    std::fill(cells_.begin(), cells_.end(), Cell{});
    auto name = names_->begin();
    for (const FactEntry& entry : facts.entries()) {
        while (name != names_->end() && name->name != entry.name && name->name < entry.name) ++name;
        if (name == names_->end()) return;
        if (name->name == entry.name) set((name++)->slot, entry);
    }
}

void FactRow::keep_behind(std::span<const Value> constants) {
    slots_.resize(names_->size());
    slots_.insert(slots_.end(), constants.begin(), constants.end());
}

void FactRow::bind(std::span<const Value> slots) {
    std::copy_n(slots.begin(), std::min(slots.size(), names_->size()), slots_.begin());
    if (plain_) return;
    std::fill(cells_.begin(), cells_.end(), Cell{});
    ambiguous_ = false;
    plain_ = true;
}

void FactRow::set(std::uint16_t slot, const FactEntry& entry) {
    Cell& cell = cells_[slot];
    cell.entry = &entry;
    const std::size_t count = entry.values.size();
    if (count == 0) {
        slots_[slot] = Value::unknown(entry.cause);
        return;
    }
    slots_[slot] = value_of(entry.values.front(), arena_);
    if (count == 1) return;
    Value* values = arena_.values(count);
    if (values == nullptr) {
        slots_[slot] = Value::unknown(Cause::ambiguous);
        return;
    }
    std::transform(entry.values.begin(), entry.values.end(), values,
                   [this](const FactValue& v) { return value_of(v, arena_); });
    cell.possible = {values, count};
    ambiguous_ = true;
}

FactValue fact_value(const Value& v) {
    switch (v.kind) {
        case Kind::boolean:
            return v.yes();
        case Kind::integer:
            return v.number;
        case Kind::date:
            return v.day();
        case Kind::text:
            return std::string{v.view()};
        default:
            break;
    }
    std::set<std::string> members;
    for (const Value& m : v.members()) members.emplace(m.view());
    return members;
}

}  // namespace paso
