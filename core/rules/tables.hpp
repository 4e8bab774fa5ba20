// Tables that officials edit, as the rules see them: group('MERCOSUR') and table.visa(nationality, purpose). What the
// tables hold and how they are read is no business of the expressions: they ask through this interface, and whoever
// loads a pack gives it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/rules/value.hpp"

namespace paso {

// A column as the expressions see it.
struct ColumnType {
    Kind kind = Kind::text;
    std::string_view name{};
    std::vector<std::string_view> values{};  // of texts: all that it may hold; empty: any
    bool state = false;                      // of texts: a code of a State, one to three capital letters
};

[[nodiscard]] inline bool is_state_code(std::string_view text) {
    return !text.empty() && text.size() <= 3 && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == text.npos;
}

// What table.NAME(...) takes and gives.
struct TableSignature {
    std::uint16_t number = 0;  // by which look_up() finds it again
    std::vector<ColumnType> parameters;
    ColumnType result;
};

class TableSource {
  public:
    virtual ~TableSource() = default;
    // The table of this name, or of "NAME.COLUMN", which lives as long as the source; or nullptr.
    [[nodiscard]] virtual const TableSignature* table(std::string_view name) const = 0;
    // The number of the group of this name, or nothing.
    [[nodiscard]] virtual std::optional<std::uint16_t> group(std::string_view name) const = 0;
    // How many members a group has at most, on any day: for the cost bound.
    [[nodiscard]] virtual std::uint32_t largest_group() const = 0;
    // The cell that is in force on `day`, of the kind that the signature says; unknown with its cause where there is
    // none. `arguments` are as many as the signature says and known; an error where one is of another kind. The value
    // views memory of the source. Allocates nothing.
    [[nodiscard]] virtual Value look_up(std::uint16_t table, std::span<const Value> arguments, Date day) const = 0;
    // The members on `day`: a set of ascending texts in memory of the source.
    [[nodiscard]] virtual Value members(std::uint16_t group, Date day) const = 0;
};

}  // namespace paso
