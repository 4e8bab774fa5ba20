#include "core/rules/pack.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "core/encoding/toml_guard.hpp"
#include "core/rules/pack_rules.hpp"
#include "core/rules/pack_tables.hpp"
#include "core/rules/toml_reader.hpp"

namespace paso {
namespace {

constexpr std::size_t max_pack_bytes = 1UL << 20U;

// What stands at the top of a pack.
class HeadReader : TomlReader {
  public:
    Status read(const toml::table& t, Pack::Body& body) {
        only(t, {"id", "version", "title", "sample", "valid", "rule", "reason", "baseline", "test", "table", "file"});
        body.identity.id = words(t, "id");
        body.identity.version = words(t, "version");
        if (t.contains("title")) body.title = words(t, "title");
        if (const toml::node* n = t.get("sample"); n != nullptr) {
            if (!n->is_boolean()) refuse("pack.type", "sample is true or false", *n);
            body.sample = n->value_or(false);
        }
        if (error_) return fail(*error_);
        return {};
    }
};

Result<toml::table> parse_toml(ByteView text) {
    if (text.size() > max_pack_bytes) return fail("pack.too_large", "a pack has at most 1 MiB");
    if (const Status s = check_toml_characters(as_text(text)); !s)
        return fail("pack.syntax", s.error().detail, s.error().place);
    toml::parse_result parsed = toml::parse(as_text(text));
    if (parsed) return std::move(parsed).table();
    const auto& at = parsed.error().source().begin;
    return fail("pack.syntax", std::string{parsed.error().description()}, {.line = at.line, .column = at.column});
}

Result<Pack> parse(ByteView text, const Schema& schema, const std::vector<PackFile>& files) {
    const auto table = parse_toml(text);
    if (!table) return fail(table.error());
    auto tables = read_tables(*table, files);
    if (!tables) return fail(tables.error());
    auto body = std::make_shared<Pack::Body>();
    body->tables = std::move(*tables);
    const PackSource source{*table, as_text(text), schema};
    if (const Status s = HeadReader().read(*table, *body); !s) return fail(s.error());
    if (const Status s = read_rules(source, *body); !s) return fail(s.error());
    if (const Status s = read_tests(source, *body); !s) return fail(s.error());
    body->identity.hash = sha256(text);
    return Pack{std::move(body)};
}

}  // namespace

const PackIdentity& Pack::identity() const { return body_->identity; }

const TableSource& Pack::tables() const { return *body_->tables; }

std::optional<ReasonText> Pack::reason(std::string_view code, std::string_view language) const {
    const auto words = body_->reasons.find(std::string{code});
    if (words == body_->reasons.end()) return std::nullopt;
    const auto there = words->second.find(std::string{language});
    return there != words->second.end() ? there->second : words->second.at("en");
}

Result<Pack> open_pack(ByteView bytes, const PackKeys& keys, const Schema& schema) {
    if (bytes.size() > max_pack_bytes) return fail("pack.too_large", "a pack has at most 1 MiB");
    const auto part = verify_signed_text(bytes, keys.officials, keys.threshold);
    if (!part) return fail(part.error());
    return parse(*part, schema, {});
}

Result<Pack> parse_draft(ByteView bytes, const Schema& schema, const std::vector<PackFile>& files) {
    if (bytes.size() > max_pack_bytes) return fail("pack.too_large", "a pack has at most 1 MiB");
    return parse(signed_part(bytes), schema, files);
}

Result<std::vector<std::string>> missing_files(ByteView draft) {
    const auto table = parse_toml(signed_part(draft));
    if (!table) return fail(table.error());
    return files_outside(*table);
}

Result<std::string> bundle(ByteView draft, const std::vector<PackFile>& files) {
    const auto missing = missing_files(draft);
    if (!missing) return fail(missing.error());
    std::string out{as_text(signed_part(draft))};
    for (const PackFile& f : files) {
        if (std::find(missing->begin(), missing->end(), f.name) == missing->end()) continue;
        const std::string text = table_text(f.text);
        if (text.find("'''") != std::string::npos || text.ends_with('\''))
            return fail("table.file", f.name + " has three quotes in a row, or ends with one");
        out += "\n[[file]]\nname = \"" + f.name + "\"\ntext = '''\n" + text + "'''\n";
    }
    return out;
}

}  // namespace paso
