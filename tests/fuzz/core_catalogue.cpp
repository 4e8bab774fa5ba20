// Catalogues: an error with its line, or messages that can be said whatever stands in an argument.
#include <string>

#include "core/text/catalogue.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    const auto catalogue = paso::parse_catalogue(text);
    if (!catalogue) return 0;
    for (const auto& [key, message] : catalogue->messages) {
        (void)paso::say(*catalogue, key, {{"n", static_cast<std::int64_t>(size)}, {"name", text}});
    }
    if (!paso::compare(*catalogue, *catalogue).empty()) __builtin_trap();
    (void)paso::banned_words(*catalogue);
    return 0;
}
