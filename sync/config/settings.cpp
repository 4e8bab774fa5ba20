#include "sync/config/settings.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <utility>

#include "core/encoding/toml_guard.hpp"

namespace paso {

struct Settings::Body {
    toml::table owned;  // of a whole file; copies of nodes would lose their places
    const toml::table* table = &owned;
    std::string prefix;           // "station[2]." inside a table of an array
    std::set<std::string> asked;  // dotted names, whole tables included
    std::optional<Error> error;

    void complain(std::string_view code, std::string_view key, const std::string& why, const toml::node* at) {
        if (error) return;
        const toml::source_region& where = at != nullptr ? at->source() : table->source();
        Place place;
        if (where.begin.line != 0) place = {.line = where.begin.line, .column = where.begin.column};
        error = Error{code, prefix + std::string{key} + ": " + why, place};
    }
    const toml::node* find(std::string_view key) {
        asked.insert(std::string{key});
        return table->at_path(key).node();
    }
};

namespace {

// The dotted name of the first key that nobody asked for.
std::optional<std::pair<std::string, const toml::node*>> unknown_key(const toml::table& table,
                                                                     const std::set<std::string>& asked,
                                                                     const std::string& before) {
    for (const auto& [key, node] : table) {
        const std::string name = before + std::string{key.str()};
        if (asked.contains(name)) continue;
        if (!node.is_table()) return std::pair{name, &node};
        if (const auto inner = unknown_key(*node.as_table(), asked, name + ".")) return inner;
    }
    return std::nullopt;
}

}  // namespace

Settings::Settings(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Settings::~Settings() = default;
Settings::Settings(Settings&&) noexcept = default;
Settings& Settings::operator=(Settings&&) noexcept = default;

Result<Settings> Settings::parse(std::string_view text) {
    if (const Status s = check_toml_characters(text); !s)
        return fail("config.syntax", s.error().detail, s.error().place);
    toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const auto& where = parsed.error().source().begin;
        return fail("config.syntax", std::string{parsed.error().description()},
                    {.line = where.line, .column = where.column});
    }
    auto body = std::make_unique<Body>();
    body->owned = std::move(parsed).table();
    return Settings{std::move(body)};
}

bool Settings::has(std::string_view key) const { return static_cast<bool>(body_->table->at_path(key)); }

std::string Settings::text(std::string_view key) {
    const toml::node* node = body_->find(key);
    if (node == nullptr) {
        body_->complain("config.missing", key, "is needed", nullptr);
        return {};
    }
    if (!node->is_string()) {
        body_->complain("config.type", key, "must be a text", node);
        return {};
    }
    return node->as_string()->get();
}

std::string Settings::text_or(std::string_view key, std::string_view otherwise) {
    return body_->find(key) == nullptr ? std::string{otherwise} : text(key);
}

std::int64_t Settings::number_or(std::string_view key, std::int64_t otherwise) {
    const toml::node* node = body_->find(key);
    if (node == nullptr) return otherwise;
    if (node->is_integer()) return node->as_integer()->get();
    body_->complain("config.type", key, "must be a whole number", node);
    return otherwise;
}

bool Settings::flag_or(std::string_view key, bool otherwise) {
    const toml::node* node = body_->find(key);
    if (node == nullptr) return otherwise;
    if (node->is_boolean()) return node->as_boolean()->get();
    body_->complain("config.type", key, "must be true or false", node);
    return otherwise;
}

std::vector<std::string> Settings::texts_or_none(std::string_view key) {
    std::vector<std::string> out;
    const toml::node* node = body_->find(key);
    if (node == nullptr) return out;
    if (!node->is_array()) {
        body_->complain("config.type", key, "must be a list of texts", node);
        return out;
    }
    for (const toml::node& item : *node->as_array()) {
        if (!item.is_string()) {
            body_->complain("config.type", key, "must be a list of texts", &item);
            return {};
        }
        out.push_back(item.as_string()->get());
    }
    return out;
}

void Settings::tables(std::string_view name, const std::function<void(Settings&)>& read) {
    const toml::node* node = body_->find(name);
    if (node == nullptr) return;
    if (!node->is_array_of_tables()) return body_->complain("config.type", name, "must be [[tables]]", node);
    std::size_t index = 0;
    for (const toml::node& item : *node->as_array()) {
        auto body = std::make_unique<Body>();
        body->table = item.as_table();
        body->prefix = body_->prefix + std::string{name} + "[" + std::to_string(index++) + "].";
        Settings inner{std::move(body)};
        read(inner);
        if (const Status status = inner.finish(); !status && !body_->error) body_->error = status.error();
    }
}

StationId Settings::station(std::string_view key) {
    const std::string value = text(key);
    if (body_->error) return {};
    const auto id = StationId::parse(value);
    if (!id) refuse(key, "a station id has 1 to 32 characters of a-z, 0-9 and '-'");
    return id.value_or(StationId{});
}

Ed25519Key Settings::public_key(std::string_view key) {
    const std::string value = text(key);
    Ed25519Key out{};
    if (body_->error) return out;
    const auto bytes = from_hex(value);
    if (!bytes || bytes->size() != out.size()) {
        refuse(key, "a public key has 64 hexadecimal digits");
        return out;
    }
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

void Settings::refuse(std::string_view key, std::string why) {
    body_->complain("config.value", key, why, body_->table->at_path(key).node());
}

Status Settings::finish() {
    if (!body_->error) {
        if (const auto unknown = unknown_key(*body_->table, body_->asked, "")) {
            body_->complain("config.unknown", unknown->first, "is no setting of this program", unknown->second);
        }
    }
    if (body_->error) return fail(*body_->error);
    return {};
}

}  // namespace paso
