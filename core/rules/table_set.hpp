// The tables of a pack: CSV that officials edit (visa matrix, minimum ages, groups of States), read and checked once,
// then asked without allocation. docs/manual/tables.md is the manual.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/date.hpp"
#include "core/base/result.hpp"
#include "core/rules/tables.hpp"

namespace paso {

enum class ColumnKind : std::uint8_t {
    text,       // one of the declared values, if any are declared
    state,      // a code of a State, one to three capital letters
    integer,    // 64 bits with sign, in decimal
    condition,  // true or false
    date,       // YYYY-MM-DD
    from,       // first day on which the row is in force; empty: since ever
    until,      // last day; empty: until further notice
    note        // words for officials, which no rule sees
};
[[nodiscard]] std::string_view name(ColumnKind k);

struct TableColumn {
    std::string name;
    ColumnKind kind = ColumnKind::text;
    std::vector<std::string> values{};  // of a text
};

// A table as the pack declares it. `key`: columns that table.NAME() is asked with, in this order; what is neither key,
// from, until nor note can be asked for. `groups`: the two key columns are the name of a group and a member, and
// group('NAME') asks it; such a table has nothing else to ask for.
struct TableDeclaration {
    std::string name;  // "visa"
    std::string file;  // "visa.csv": errors name it
    std::vector<TableColumn> columns{};
    std::vector<std::string> key{};
    bool groups = false;
};

// The text of a CSV file as it is hashed and travels: without byte order mark, its lines ending in LF alone.
[[nodiscard]] std::string table_text(std::string_view file);

class TableSet final : public TableSource {
  public:
    // A row: on the days from `from` to `until`, both among them, the cells behind its keys hold.
    struct Row {
        std::uint32_t line = 0;  // in the file, from 1
        Date from;
        Date until;
        std::span<const Value> keys;
        std::span<const Value> cells;
        std::span<const Value> notes;  // of the columns that no rule sees, in their order
    };

    // Adds a table. Errors name the file, with its line and, as column, the number of the field: "csv.*",
    // "table.header" (other columns than declared), "table.code" (a text that is none of the values, no code of a
    // State), "table.number", "table.date", "table.key" (an empty one), "table.period" (until before from),
    // "table.overlap" (a key in force twice on a day), "table.duplicate" (of a name), "table.declaration",
    // "table.too_large".
    [[nodiscard]] Status add(TableDeclaration declaration, std::string_view text);

    [[nodiscard]] const TableSignature* table(std::string_view name) const override;
    [[nodiscard]] std::optional<std::uint16_t> group(std::string_view name) const override;
    [[nodiscard]] std::uint32_t largest_group() const override { return largest_group_; }
    // O(log n). Where the key has rows, but all ended before `day`, the cause is list_stale: the table was not
    // continued; else not_supported.
    [[nodiscard]] Value look_up(std::uint16_t table, std::span<const Value> arguments, Date day) const override;
    // O(log n). A group that nobody belongs to on that day has no members.
    [[nodiscard]] Value members(std::uint16_t group, Date day) const override;

    // For checks: the rows of what look_up() asks, ascending by key and day, and which of their cells it gives.
    [[nodiscard]] std::span<const Row> rows(std::uint16_t table) const;
    [[nodiscard]] std::size_t cell(std::uint16_t table) const { return lookups_[table].cell; }
    // For words: the table that look_up() asks, and its column, "" where it has only one.
    [[nodiscard]] std::pair<std::string_view, std::string_view> name_of(std::uint16_t table) const;
    [[nodiscard]] std::string_view group_name(std::uint16_t group) const;

    // For a reading copy: the tables in the order of the pack, and all rows of each.
    [[nodiscard]] std::size_t size() const { return tables_.size(); }
    [[nodiscard]] const TableDeclaration& declaration(std::size_t n) const { return tables_[n]->declaration; }
    [[nodiscard]] std::span<const Row> rows_of_table(std::size_t n) const { return tables_[n]->rows; }

    // The days on which a group changes, ascending, and all that are ever members of it.
    [[nodiscard]] std::vector<Date> changes(std::uint16_t group) const;
    [[nodiscard]] std::vector<std::string_view> ever_members(std::uint16_t group) const;

  private:
    struct Table {
        TableDeclaration declaration;
        std::vector<std::size_t> keys;   // columns
        std::vector<std::size_t> cells;  // columns that can be asked for
        std::vector<std::size_t> notes;
        std::optional<std::size_t> from;
        std::optional<std::size_t> until;
        std::vector<Value> values;
        std::vector<Row> rows;
    };
    struct Lookup {
        const Table* table = nullptr;
        std::size_t cell = 0;
    };
    struct Span {  // members from a day on, until the next span begins
        Date from;
        std::span<const Value> members;
    };
    struct Group {
        std::vector<Span> spans;
        std::vector<std::unique_ptr<std::vector<Value>>> members;
    };

    [[nodiscard]] Status add_signatures(const Table& table);
    [[nodiscard]] Status add_groups(const Table& table);
    [[nodiscard]] Status add_group(std::string_view name, std::span<const Row> rows, const Table& table);

    std::vector<std::unique_ptr<Table>> tables_;
    std::map<std::string, TableSignature, std::less<>> signatures_;
    std::vector<Lookup> lookups_;
    std::map<std::string, std::uint16_t, std::less<>> group_numbers_;
    std::vector<Group> groups_;
    std::size_t member_count_ = 0;
    std::uint32_t largest_group_ = 0;
    Arena memory_{1UL << 24U};
};

}  // namespace paso
