// What readers of a pack's TOML have in common: the first thing that is wrong is kept with its place. Inside core/rules
// only.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/result.hpp"

namespace paso {

[[nodiscard]] inline Place place_of(const toml::node& node) {
    const auto& at = node.source().begin;
    return {.line = at.line, .column = at.column};
}

// The cause of this name, or nothing.
[[nodiscard]] inline std::optional<Cause> cause_named(std::string_view text) {
    for (int i = 1; i <= 8; ++i) {
        if (name(static_cast<Cause>(i)) == text) return static_cast<Cause>(i);
    }
    return std::nullopt;
}

class TomlReader {
  protected:
    void refuse(std::string_view code, std::string detail, const toml::node& at) {
        if (!error_) error_ = Error{code, std::move(detail), place_of(at)};
    }

    void only(const toml::table& table, std::initializer_list<std::string_view> keys) {
        for (const auto& [key, node] : table) {
            if (std::find(keys.begin(), keys.end(), key.str()) == keys.end())
                refuse("pack.syntax", std::string{key.str()} + " is not known here", node);
        }
    }

    // The text under a key that must be there; it may be empty.
    std::string any_text(const toml::table& table, std::string_view key) {
        const toml::node* node = table.get(key);
        if (node == nullptr) return refuse("pack.syntax", std::string{key} + " is missing", table), std::string{};
        if (node->is_string()) return node->as_string()->get();
        return refuse("pack.type", std::string{key} + " must be a text", *node), std::string{};
    }

    // The same; an empty one is an error.
    std::string text(const toml::table& table, std::string_view key) {
        std::string out = any_text(table, key);
        if (!error_ && out.empty()) refuse("pack.type", std::string{key} + " must be a text", *table.get(key));
        return out;
    }

    // The same for people: one line without the controls that move a cursor or turn the direction of writing, and not
    // of blanks alone.
    std::string words(const toml::table& table, std::string_view key) {
        std::string out = text(table, key);
        if (error_) return out;
        if (out.find_first_not_of(' ') == out.npos)
            refuse("pack.type", std::string{key} + " is blank", *table.get(key));
        if (has_controls(out))
            refuse("pack.type", std::string{key} + " has a control character or a line break", *table.get(key));
        return out;
    }

    // C0, DEL, C1, and U+202A to U+202E, U+2066 to U+2069.
    static bool has_controls(std::string_view text) {
        const auto byte = [text](std::size_t at) {
            return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
        };
        for (std::size_t n = 0; n < text.size(); ++n) {
            const unsigned c = byte(n);
            if (c < 0x20 || c == 0x7F || (c == 0xC2 && byte(n + 1) >= 0x80 && byte(n + 1) < 0xA0)) return true;
            const bool general = c == 0xE2 && byte(n + 1) == 0x80 && byte(n + 2) >= 0xAA && byte(n + 2) <= 0xAE;
            const bool isolate = c == 0xE2 && byte(n + 1) == 0x81 && byte(n + 2) >= 0xA6 && byte(n + 2) <= 0xA9;
            if (general || isolate) return true;
        }
        return false;
    }

    // Each of [[key]], if there are any and at most `most`.
    template <class Read>
    void each_table(const toml::table& pack, std::string_view key, std::size_t most, Read read) {
        const toml::node* node = pack.get(key);
        if (node == nullptr) return;
        if (!node->is_array_of_tables())
            return refuse("pack.type", "[[" + std::string{key} + "]] must be tables", *node);
        if (node->as_array()->size() > most)
            return refuse("pack.too_large", "more than " + std::to_string(most) + " of " + std::string{key}, *node);
        for (const toml::node& item : *node->as_array()) {
            if (!error_) read(*item.as_table());
        }
    }

    std::optional<Error> error_;
};

}  // namespace paso
