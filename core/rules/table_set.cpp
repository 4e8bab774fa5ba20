#include "core/rules/table_set.hpp"

#include <algorithm>
#include <charconv>
#include <compare>
#include <set>
#include <utility>

#include "core/encoding/csv.hpp"

namespace paso {
namespace {

constexpr std::size_t max_tables = 64;
constexpr std::size_t max_columns = 32;
constexpr std::size_t max_rows = 65'536;
constexpr std::size_t max_values = 256;
constexpr std::size_t max_members = 1UL << 20U;  // of all groups: rows times days on which they change

// A cell for an error: short, and nothing that a terminal would obey.
std::string shown(std::string_view cell) {
    constexpr std::size_t most = 40;
    std::string out;
    for (const char c : cell.substr(0, most)) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(byte < 0x20 || byte >= 0x7F ? '?' : c);
    }
    return "'" + out + (cell.size() > most ? "...'" : "'");
}

Kind kind_of(ColumnKind k) {
    switch (k) {
        case ColumnKind::text:
        case ColumnKind::state:
        case ColumnKind::note:
            return Kind::text;
        case ColumnKind::integer:
            return Kind::integer;
        case ColumnKind::condition:
            return Kind::boolean;
        case ColumnKind::date:
        case ColumnKind::from:
        case ColumnKind::until:
            break;
    }
    return Kind::date;
}

std::strong_ordering compare(const Value& a, const Value& b) {
    return a.is(Kind::text) ? a.view() <=> b.view() : a.number <=> b.number;
}

std::strong_ordering compare(std::span<const Value> a, std::span<const Value> b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (const auto order = compare(a[i], b[i]); std::is_neq(order)) return order;
    }
    return std::strong_ordering::equal;
}

// Reads the cells of one file.
class CellReader {
  public:
    CellReader(const TableDeclaration& declaration, Arena& memory) : declaration_(declaration), memory_(memory) {}

    tl::unexpected<Error> wrong(std::string_view code, std::string detail, std::uint32_t line,
                                std::size_t column) const {
        return fail(code, declaration_.file + ": " + std::move(detail),
                    {.line = line, .column = static_cast<std::uint32_t>(column + 1)});
    }

    Status header(const CsvRecord& record) const {
        for (std::size_t i = 0; i < declaration_.columns.size(); ++i) {
            const std::string& wanted = declaration_.columns[i].name;
            if (i >= record.fields.size())
                return wrong("table.header", "column " + wanted + " is missing", record.line, i);
            if (record.fields[i] != wanted)
                return wrong("table.header", "column " + wanted + " is expected, there is " + shown(record.fields[i]),
                             record.line, i);
        }
        const std::size_t columns = declaration_.columns.size();
        if (record.fields.size() > columns)
            return wrong("table.header", "the pack does not declare column " + shown(record.fields[columns]),
                         record.line, columns);
        return {};
    }

    Result<Value> cell(const CsvRecord& record, std::size_t column) {
        const TableColumn& c = declaration_.columns[column];
        const std::string& text = record.fields[column];
        const auto bad = [&](std::string_view code, std::string_view what) {
            return wrong(code, "column " + c.name + ": " + shown(text) + " " + std::string{what}, record.line, column);
        };
        switch (c.kind) {
            case ColumnKind::state:
                if (!is_state_code(text)) return bad("table.code", "is no code of a State");
                break;
            case ColumnKind::text:
                if (!c.values.empty() && std::find(c.values.begin(), c.values.end(), text) == c.values.end())
                    return bad("table.code", "is none of the declared values");
                break;
            case ColumnKind::note:
                break;
            case ColumnKind::integer: {
                std::int64_t n = 0;
                const char* end = text.data() + text.size();
                const auto [at, error] = std::from_chars(text.data(), end, n);
                if (error != std::errc{} || at != end) return bad("table.number", "is no whole number");
                return Value::integer(n);
            }
            case ColumnKind::condition:
                if (text != "true" && text != "false") return bad("table.code", "is neither true nor false");
                return Value::boolean(text == "true");
            case ColumnKind::date:
            case ColumnKind::from:
            case ColumnKind::until: {
                if (text.empty() && c.kind == ColumnKind::from) return Value::date(first_day);
                if (text.empty() && c.kind == ColumnKind::until) return Value::date(last_day);
                const auto day = Date::parse(text);
                if (!day) return bad("table.date", "is no day written YYYY-MM-DD");
                return Value::date(*day);
            }
        }
        const auto copy = memory_.copy(text);
        if (!copy) return wrong("table.too_large", "the texts are too long", record.line, column);
        return Value::text(*copy);
    }

  private:
    const TableDeclaration& declaration_;
    Arena& memory_;
};

Status check_declaration(const TableDeclaration& d) {
    const auto bad = [&d](const std::string& what) {
        return fail("table.declaration", "table " + d.name + ": " + what);
    };
    if (d.columns.empty() || d.columns.size() > max_columns) return bad("a table has 1 to 32 columns");
    std::set<std::string> names;
    std::size_t spans = 0;
    for (const TableColumn& c : d.columns) {
        if (!names.insert(c.name).second) return bad("column " + c.name + " stands twice");
        if (c.values.size() > max_values) return bad("column " + c.name + " has more than 256 values");
        if (!c.values.empty() && c.kind != ColumnKind::text) return bad("column " + c.name + " has no values to name");
        spans += c.kind == ColumnKind::from || c.kind == ColumnKind::until ? 1 : 0;
    }
    if (d.key.empty()) return bad("a table has a key");
    std::set<std::string> keys;
    for (const std::string& k : d.key) {
        const auto c = std::find_if(d.columns.begin(), d.columns.end(), [&](const auto& x) { return x.name == k; });
        if (c == d.columns.end()) return bad("there is no column " + k);
        if (c->kind >= ColumnKind::from) return bad("column " + k + " cannot be a key");
        if (!keys.insert(k).second) return bad("column " + k + " stands twice in the key");
    }
    const auto of = [&d](ColumnKind k) {
        return std::count_if(d.columns.begin(), d.columns.end(), [k](const auto& c) { return c.kind == k; });
    };
    if (of(ColumnKind::from) > 1 || of(ColumnKind::until) > 1) return bad("from and until stand once each");
    const auto notes = static_cast<std::size_t>(of(ColumnKind::note));
    const std::size_t asked = d.columns.size() - d.key.size() - spans - notes;
    if (!d.groups && asked == 0) return bad("there is no column to ask for");
    if (!d.groups) return {};
    const auto texts = [&](const std::string& k) {
        const auto c = std::find_if(d.columns.begin(), d.columns.end(), [&](const auto& x) { return x.name == k; });
        return c->kind == ColumnKind::text || c->kind == ColumnKind::state;
    };
    if (d.key.size() != 2 || asked != 0 || !texts(d.key[0]) || !texts(d.key[1]))
        return bad("a table of groups has two keys, group and member, and nothing to ask for");
    return {};
}

}  // namespace

std::string_view name(ColumnKind k) {
    switch (k) {
        case ColumnKind::text:
            return "text";
        case ColumnKind::state:
            return "state";
        case ColumnKind::integer:
            return "integer";
        case ColumnKind::condition:
            return "condition";
        case ColumnKind::date:
            return "date";
        case ColumnKind::from:
            return "from";
        case ColumnKind::until:
            return "until";
        case ColumnKind::note:
            return "note";
    }
    return "text";
}

std::string table_text(std::string_view file) {
    if (file.starts_with("\xEF\xBB\xBF")) file.remove_prefix(3);
    std::string out;
    out.reserve(file.size());
    for (std::size_t i = 0; i < file.size(); ++i) {
        if (file[i] != '\r' || i + 1 >= file.size() || file[i + 1] != '\n') out.push_back(file[i]);
    }
    return out;
}

Status TableSet::add(TableDeclaration declaration, std::string_view text) {
    if (Status s = check_declaration(declaration); !s) return s;
    if (tables_.size() >= max_tables) return fail("table.too_large", "a pack has at most 64 tables");
    auto made = std::make_unique<Table>();
    Table& t = *made;
    t.declaration = std::move(declaration);
    const auto& columns = t.declaration.columns;
    for (const std::string& k : t.declaration.key) {
        const auto at = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == k; });
        t.keys.push_back(static_cast<std::size_t>(at - columns.begin()));
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].kind == ColumnKind::from) t.from = i;
        if (columns[i].kind == ColumnKind::until) t.until = i;
        if (columns[i].kind == ColumnKind::note) t.notes.push_back(i);
        if (columns[i].kind < ColumnKind::from && std::find(t.keys.begin(), t.keys.end(), i) == t.keys.end())
            t.cells.push_back(i);
    }
    while (text.ends_with('\n')) text.remove_suffix(1);
    const auto records = parse_csv(text, {.records = max_rows + 1, .fields = max_columns});
    if (!records)
        return fail(records.error().code, t.declaration.file + ": " + records.error().detail, records.error().place);
    CellReader reader(t.declaration, memory_);
    if (records->empty()) return reader.wrong("table.header", "the file is empty", 1, 0);
    if (Status s = reader.header(records->front()); !s) return s;
    const std::size_t width = t.keys.size() + t.cells.size() + t.notes.size();
    t.values.reserve(width * records->size());
    for (const CsvRecord& record : std::span{*records}.subspan(1)) {
        std::vector<Value> cells;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            auto value = reader.cell(record, i);
            if (!value) return fail(value.error());
            cells.push_back(*value);
        }
        Row row{record.line, first_day, last_day, {}, {}, {}};
        if (t.from) row.from = cells[*t.from].day();
        if (t.until) row.until = cells[*t.until].day();
        if (row.until < row.from)
            return reader.wrong("table.period", shown(record.fields[*t.until]) + " is before the row begins",
                                record.line, *t.until);
        const std::size_t begin = t.values.size();
        for (const std::size_t k : t.keys) {
            if (record.fields[k].empty())
                return reader.wrong("table.key", "column " + columns[k].name + " is empty", record.line, k);
            t.values.push_back(cells[k]);
        }
        for (const std::size_t c : t.cells) t.values.push_back(cells[c]);
        row.keys = {t.values.data() + begin, t.keys.size()};
        for (const std::size_t n : t.notes) t.values.push_back(cells[n]);
        row.cells = {t.values.data() + begin + t.keys.size(), t.cells.size()};
        row.notes = {row.cells.data() + t.cells.size(), t.notes.size()};
        t.rows.push_back(row);
    }
    std::stable_sort(t.rows.begin(), t.rows.end(), [](const Row& a, const Row& b) {
        const auto order = compare(a.keys, b.keys);
        return std::is_lt(order) || (std::is_eq(order) && a.from < b.from);
    });
    for (std::size_t i = 1; i < t.rows.size(); ++i) {
        const Row& a = t.rows[i - 1];
        const Row& b = t.rows[i];
        if (std::is_neq(compare(a.keys, b.keys)) || a.until < b.from) continue;
        const Row& later = a.line < b.line ? b : a;
        std::string key;
        for (const Value& v : later.keys)
            key += (key.empty() ? "" : ", ") + (v.is(Kind::text) ? shown(v.view()) : std::to_string(v.number));
        return reader.wrong(
            "table.overlap",
            key + " is in force twice on " + b.from.iso() + ", see line " + std::to_string(std::min(a.line, b.line)),
            later.line, t.from.value_or(t.keys.front()));
    }
    tables_.push_back(std::move(made));
    return t.declaration.groups ? add_groups(t) : add_signatures(t);
}

Status TableSet::add_signatures(const Table& t) {
    const auto type = [&t](std::size_t column) {
        const TableColumn& c = t.declaration.columns[column];
        ColumnType out{kind_of(c.kind), c.name, {}, c.kind == ColumnKind::state};
        out.values.assign(c.values.begin(), c.values.end());
        return out;
    };
    TableSignature signature;
    for (const std::size_t k : t.keys) signature.parameters.push_back(type(k));
    for (std::size_t i = 0; i < t.cells.size(); ++i) {
        signature.number = static_cast<std::uint16_t>(lookups_.size());
        signature.result = type(t.cells[i]);
        lookups_.push_back({&t, i});
        const std::string& column = t.declaration.columns[t.cells[i]].name;
        bool fresh = signatures_.emplace(t.declaration.name + "." + column, signature).second;
        if (t.cells.size() == 1) fresh = signatures_.emplace(t.declaration.name, signature).second && fresh;
        if (!fresh) return fail("table.duplicate", "table " + t.declaration.name + " stands twice");
    }
    return {};
}

Status TableSet::add_groups(const Table& t) {
    for (std::size_t begin = 0; begin < t.rows.size();) {
        std::size_t end = begin;
        while (end < t.rows.size() && std::is_eq(compare(t.rows[end].keys[0], t.rows[begin].keys[0]))) ++end;
        Status s = add_group(t.rows[begin].keys[0].view(), std::span{t.rows}.subspan(begin, end - begin), t);
        if (!s) return s;
        begin = end;
    }
    return {};
}

Status TableSet::add_group(std::string_view name, std::span<const Row> rows, const Table& t) {
    if (group(name))
        return fail("table.duplicate", t.declaration.file + ": group " + shown(name) + " stands in two tables");
    Group g;
    std::set<Date> days;
    for (const Row& r : rows) {
        days.insert(r.from);
        if (r.until < last_day) days.insert(r.until.plus_days(1));
    }
    member_count_ += days.size() * rows.size();
    if (member_count_ > max_members)
        return fail("table.too_large", t.declaration.file + ": the groups change too often");
    for (const Date day : days) {
        auto members = std::make_unique<std::vector<Value>>();
        for (const Row& r : rows) {
            if (r.from <= day && day <= r.until) members->push_back(r.keys[1]);
        }
        largest_group_ = std::max(largest_group_, static_cast<std::uint32_t>(members->size()));
        g.spans.push_back({day, *members});
        g.members.push_back(std::move(members));
    }
    if (groups_.size() >= UINT16_MAX) return fail("table.too_large", t.declaration.file + ": too many groups");
    group_numbers_.emplace(name, static_cast<std::uint16_t>(groups_.size()));
    groups_.push_back(std::move(g));
    return {};
}

const TableSignature* TableSet::table(std::string_view name) const {
    const auto found = signatures_.find(name);
    return found == signatures_.end() ? nullptr : &found->second;
}

std::optional<std::uint16_t> TableSet::group(std::string_view name) const {
    const auto found = group_numbers_.find(name);
    return found == group_numbers_.end() ? std::nullopt : std::optional{found->second};
}

Value TableSet::look_up(std::uint16_t number, std::span<const Value> arguments, Date day) const {
    const Lookup& l = lookups_[number];
    const std::vector<Row>& rows = l.table->rows;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i].kind != kind_of(l.table->declaration.columns[l.table->keys[i]].kind))
            return Value::error(Fault::no_overload);
    }
    // The first row after those of this key that begin on this day or before.
    const auto after = std::partition_point(rows.begin(), rows.end(), [&](const Row& r) {
        const auto order = compare(r.keys, arguments);
        return std::is_lt(order) || (std::is_eq(order) && r.from <= day);
    });
    const bool began = after != rows.begin() && std::is_eq(compare(std::prev(after)->keys, arguments));
    if (began && day <= std::prev(after)->until) return std::prev(after)->cells[l.cell];
    const bool goes_on = after != rows.end() && std::is_eq(compare(after->keys, arguments));
    return Value::unknown(began && !goes_on ? Cause::list_stale : Cause::not_supported);
}

Value TableSet::members(std::uint16_t number, Date day) const {
    const std::vector<Span>& spans = groups_[number].spans;
    const auto after = std::partition_point(spans.begin(), spans.end(), [&](const Span& s) { return s.from <= day; });
    if (after == spans.begin()) return Value::collection(Kind::set, nullptr, 0);
    const auto members = std::prev(after)->members;
    return Value::collection(Kind::set, members.data(), members.size());
}

std::span<const TableSet::Row> TableSet::rows(std::uint16_t table) const { return lookups_[table].table->rows; }

std::pair<std::string_view, std::string_view> TableSet::name_of(std::uint16_t table) const {
    const Lookup& l = lookups_[table];
    const TableDeclaration& d = l.table->declaration;
    return {d.name, l.table->cells.size() == 1 ? std::string_view{} : d.columns[l.table->cells[l.cell]].name};
}

std::string_view TableSet::group_name(std::uint16_t group) const {
    const auto at = std::find_if(group_numbers_.begin(), group_numbers_.end(),
                                 [&](const auto& entry) { return entry.second == group; });
    return at->first;
}

std::vector<Date> TableSet::changes(std::uint16_t group) const {
    std::vector<Date> out;
    for (const Span& s : groups_[group].spans) out.push_back(s.from);
    return out;
}

std::vector<std::string_view> TableSet::ever_members(std::uint16_t group) const {
    std::set<std::string_view> out;
    for (const Span& s : groups_[group].spans) {
        for (const Value& v : s.members) out.insert(v.view());
    }
    return {out.begin(), out.end()};
}

}  // namespace paso
