// Writes JSON (RFC 8259) for pages and people: keys in the order given, no spaces. Not the canonical form that is
// signed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace paso {

// Values in order; commas and colons come by themselves. What would not be JSON is remembered and told by take(): a
// value without its key, a key where none belongs, an end that does not fit, two values at the top, more than 64
// levels, a number that is not finite, a text that is not UTF-8. That a key stands twice is not seen. `<`, `>`, `&`,
// U+2028 and U+2029 are escaped, so that the text may stand inside a script of a page.
class JsonWriter {
  public:
    JsonWriter& begin_object() { return open('{', '}'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('[', ']'); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);
    JsonWriter& text(std::string_view value);
    JsonWriter& integer(std::int64_t value);
    JsonWriter& unsigned_integer(std::uint64_t value);
    JsonWriter& number(double value);  // the shortest decimal that reads back as the same double
    JsonWriter& boolean(bool value);
    JsonWriter& null();

    // The whole text, once everything is closed. Errors: "json.write" with what was wrong first.
    [[nodiscard]] Result<std::string> take();

  private:
    struct Level {
        char end;
        bool empty = true;
        bool key_given = false;
    };
    JsonWriter& open(char begin, char end);
    JsonWriter& close(char end);
    bool place_value();  // a comma where one belongs; false when no value may stand here
    void quoted(std::string_view value);
    void wrong(std::string_view what);

    std::string out_;
    std::vector<Level> levels_;
    std::string wrong_;
};

}  // namespace paso
