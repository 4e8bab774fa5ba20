// JSON that was signed: read strictly (RFC 8259 with the rules of I-JSON, RFC 7493) and written in the canonical form
// of RFC 8785. What two readers could take for two different things is an error here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace paso {

enum class JsonKind : std::uint8_t { null = 0, boolean = 1, number = 2, text = 3, array = 4, object = 5 };

struct JsonValue {
    JsonKind kind = JsonKind::null;
    bool boolean = false;
    std::string text;                // of a text, in UTF-8; of a number, its canonical form
    std::vector<JsonValue> items;    // of an array; of an object, the values in the written order
    std::vector<std::string> names;  // of an object, beside `items`
    std::size_t offset = 0;          // where it stands in the text, for messages
    std::size_t size = 0;

    // The member of an object; null where it is none or has none.
    [[nodiscard]] const JsonValue* find(std::string_view name) const;
};

struct JsonLimits {
    std::size_t bytes = 65'536;
    std::size_t values = 8'192;
    std::size_t depth = 16;
};

// One value and nothing but white space around it. Numbers are exact: one that a double cannot hold as written is an
// error, not rounded. Errors, with the offset: "json.utf8", "json.syntax", "json.escape" (a lone surrogate too),
// "json.number", "json.duplicate" (two members of one name), "json.depth", "json.too_large".
[[nodiscard]] Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits = {});

// RFC 8785: members ascend by UTF-16 code units, no white space, the shortest escapes and numbers.
[[nodiscard]] std::string canonical_json(const JsonValue& value);

// An object's name as a step of a JSON pointer (RFC 6901).
[[nodiscard]] std::string pointer_step(std::string_view name);

}  // namespace paso
