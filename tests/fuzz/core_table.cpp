// Tables as CSV: whatever text comes, an error with its place in the file, or a table that answers every key it holds
// on the day that a row begins with that row.
#include <cstdlib>

#include "core/rules/table_set.hpp"

namespace {

using namespace paso;

void require(bool good) {
    if (!good) std::abort();
}

TableDeclaration values() {
    return {"t",
            "t.csv",
            {{"s", ColumnKind::state, {}},
             {"k", ColumnKind::integer, {}},
             {"v", ColumnKind::text, {"a", "b"}},
             {"c", ColumnKind::condition, {}},
             {"from", ColumnKind::from, {}},
             {"until", ColumnKind::until, {}},
             {"n", ColumnKind::note, {}}},
            {"s", "k"},
            false};
}

TableDeclaration groups() {
    return {"g",
            "g.csv",
            {{"g", ColumnKind::text, {}},
             {"m", ColumnKind::state, {}},
             {"from", ColumnKind::from, {}},
             {"until", ColumnKind::until, {}}},
            {"g", "m"},
            true};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text = table_text({reinterpret_cast<const char*>(data) + 1, size - 1});
    require(table_text(text) == text || text.starts_with("\xEF\xBB\xBF") || text.find("\r\n") != std::string::npos);
    TableSet set;
    const bool value = data[0] % 2 == 0;
    const Status added = set.add(value ? values() : groups(), text);
    if (!added) {
        require(added.error().place.line.has_value() || added.error().code == "table.too_large");
        return 0;
    }
    if (!value) {
        if (set.largest_group() == 0) return 0;  // no rows
        for (const Date day : set.changes(0)) require(set.members(0, day).size <= set.largest_group());
        return 0;
    }
    for (const TableSet::Row& row : set.rows(0)) {
        require(set.look_up(0, row.keys, row.from).view() == row.cells[0].view());
        require(set.look_up(1, row.keys, row.until).number == row.cells[1].number);
    }
    return 0;
}
