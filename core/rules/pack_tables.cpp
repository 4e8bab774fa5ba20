#include "core/rules/pack_tables.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

#include "core/rules/toml_reader.hpp"
#include "core/trust/digest.hpp"

namespace paso {
namespace {

constexpr std::size_t max_files = 64;
constexpr std::array kinds{ColumnKind::text, ColumnKind::state, ColumnKind::integer, ColumnKind::condition,
                           ColumnKind::date, ColumnKind::from,  ColumnKind::until,   ColumnKind::note};

// A name that is a word of the expressions.
bool is_name(std::string_view s) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";
    return !s.empty() && s.size() <= 40 && letters.find(s[0]) != s.npos &&
           s.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == s.npos;
}

// A file beside the pack: never a way to another folder.
bool is_file_name(std::string_view s) {
    return !s.empty() && s.size() <= 64 && s[0] != '.' &&
           s.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == s.npos;
}

class Declarations : TomlReader {
  public:
    explicit Declarations(const toml::table& pack) : pack_(pack) {}

    struct Declared {
        TableDeclaration table;
        std::string sha256;
        Place place;
    };

    Result<std::vector<Declared>> tables() {
        std::vector<Declared> out;
        each("table", [&](const toml::table& t) {
            only(t, {"name", "file", "sha256", "columns", "key", "groups"});
            Declared d{{}, any_text(t, "sha256"), place_of(t)};
            d.table.name = any_text(t, "name");
            if (!error_ && !is_name(d.table.name)) refuse("pack.type", "a table's name has a-z, 0-9 and _", t);
            d.table.file = file_name(t, "file");
            d.table.key = texts(t, "key");
            if (const toml::node* g = t.get("groups")) {
                if (!g->is_boolean()) return refuse("pack.type", "groups is true or false", *g);
                d.table.groups = g->as_boolean()->get();
            }
            columns(t, d.table);
            out.push_back(std::move(d));
        });
        if (error_) return fail(*error_);
        return out;
    }

    // Name and text of each [[file]].
    Result<std::map<std::string, std::string>> files() {
        std::map<std::string, std::string> out;
        each("file", [&](const toml::table& t) {
            only(t, {"name", "text"});
            const std::string name = file_name(t, "name");
            if (!error_ && !out.emplace(name, any_text(t, "text")).second)
                refuse("pack.duplicate", "file " + name + " stands twice", t);
        });
        if (error_) return fail(*error_);
        return out;
    }

  private:
    template <class Read>
    void each(std::string_view key, Read read) {
        each_table(pack_, key, max_files, read);
    }

    std::string file_name(const toml::table& table, std::string_view key) {
        std::string name = any_text(table, key);
        if (!error_ && !is_file_name(name))
            refuse("table.file", "a file is named with letters, digits, '.', '_' and '-'", *table.get(key));
        return name;
    }

    std::vector<std::string> texts(const toml::table& table, std::string_view key) {
        std::vector<std::string> out;
        const toml::node* node = table.get(key);
        if (node == nullptr) return refuse("pack.syntax", std::string{key} + " is missing", table), out;
        if (!node->is_array()) return refuse("pack.type", std::string{key} + " is a list of texts", *node), out;
        for (const toml::node& item : *node->as_array()) {
            if (!item.is_string()) return refuse("pack.type", std::string{key} + " is a list of texts", item), out;
            out.push_back(item.as_string()->get());
        }
        return out;
    }

    void columns(const toml::table& t, TableDeclaration& out) {
        const toml::node* node = t.get("columns");
        if (node == nullptr || !node->is_array_of_tables())
            return refuse("pack.type", "columns are a list of { name, kind }", node == nullptr ? t : *node);
        for (const toml::node& item : *node->as_array()) {
            const toml::table& c = *item.as_table();
            only(c, {"name", "kind", "values"});
            TableColumn column{any_text(c, "name"), ColumnKind::text, {}};
            const std::string kind = any_text(c, "kind");
            const auto known = std::find_if(kinds.begin(), kinds.end(), [&](ColumnKind k) { return name(k) == kind; });
            if (!error_ && known == kinds.end()) refuse("pack.type", kind + " is no kind of a column", *c.get("kind"));
            if (!error_ && !is_name(column.name)) refuse("pack.type", "a column's name has a-z, 0-9 and _", c);
            if (error_) return;
            column.kind = *known;
            if (c.contains("values")) column.values = texts(c, "values");
            out.columns.push_back(std::move(column));
        }
    }

    const toml::table& pack_;
};

}  // namespace

Result<std::shared_ptr<const TableSet>> read_tables(const toml::table& pack, const std::vector<PackFile>& files) {
    Declarations declarations(pack);
    auto inside = declarations.files();
    if (!inside) return fail(inside.error());
    auto tables = declarations.tables();
    if (!tables) return fail(tables.error());
    auto set = std::make_shared<TableSet>();
    std::set<std::string> read;
    for (auto& [declaration, sha256_text, place] : *tables) {
        const std::string& file = declaration.file;
        const auto in = inside->find(file);
        const auto out = std::find_if(files.begin(), files.end(), [&](const PackFile& f) { return f.name == file; });
        if (in == inside->end() && out == files.end())
            return fail("table.missing", std::string{"file "}.append(file).append(" is neither inside nor given"),
                        place);
        const std::string text = table_text(in != inside->end() ? in->second : out->text);
        const std::string digest = to_hex(sha256(as_bytes(text)));
        if (digest != sha256_text)
            return fail(
                "table.hash",
                std::string{file}.append(" has sha256 ").append(digest).append(", which is not what the pack says"),
                place);
        read.insert(file);
        if (const Status s = set->add(std::move(declaration), text); !s) {
            Error e = s.error();
            if (!e.place.line) e.place = place;
            return fail(std::move(e));
        }
    }
    for (const auto& [name, text] : *inside) {
        if (!read.contains(name)) return fail("table.file", "no table is in " + name);
    }
    return std::shared_ptr<const TableSet>{std::move(set)};
}

Result<std::vector<std::string>> files_outside(const toml::table& pack) {
    Declarations declarations(pack);
    const auto inside = declarations.files();
    if (!inside) return fail(inside.error());
    const auto tables = declarations.tables();
    if (!tables) return fail(tables.error());
    std::set<std::string> names;
    for (const auto& d : *tables) {
        if (!inside->contains(d.table.file)) names.insert(d.table.file);
    }
    return std::vector<std::string>{names.begin(), names.end()};
}

}  // namespace paso
