// One traveller's facts as the expressions read them: a value in each slot.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/rules/facts.hpp"
#include "core/rules/pack_body.hpp"
#include "core/rules/value.hpp"

namespace paso {

// A value that is not unknown as the fact that it is of; of a list or a set its texts.
[[nodiscard]] FactValue fact_value(const Value& value);

// It keeps its memory from one traveller to the next, and views the facts that it was bound to.
class FactRow {
  public:
    // `names`: ascending by name, every slot once; must outlive the row.
    explicit FactRow(const std::vector<FactSlot>& names);

    // Facts of other names are passed over; a fact that is not there is unknown, not_read.
    void bind(const Facts& facts);
    // A value for each slot.
    void bind(std::span<const Value> slots);

    // The value of each slot; of a fact with several possible ones the one chosen last, at first the first.
    [[nodiscard]] std::span<const Value> slots() const { return {slots_.data(), names_->size()}; }
    // The same with what keep_behind() put behind them.
    [[nodiscard]] const Value* values() const { return slots_.data(); }
    void keep_behind(std::span<const Value> constants);
    [[nodiscard]] bool ambiguous() const { return ambiguous_; }  // some fact has several possible values
    [[nodiscard]] std::span<const Value> possible(std::uint16_t slot) const { return cells_[slot].possible; }
    void choose(std::uint16_t slot, std::size_t index) { slots_[slot] = cells_[slot].possible[index]; }
    // The fact as it stood, or nullptr.
    [[nodiscard]] const FactEntry* entry(std::uint16_t slot) const { return cells_[slot].entry; }

  private:
    struct Cell {
        std::span<const Value> possible;
        const FactEntry* entry = nullptr;
    };
    void set(std::uint16_t slot, const FactEntry& entry);

    const std::vector<FactSlot>* names_;
    std::vector<Value> slots_;
    std::vector<Cell> cells_;
    Arena arena_;
    bool ambiguous_ = false;
    bool plain_ = false;  // no cell holds anything
};

}  // namespace paso
