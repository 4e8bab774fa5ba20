// Names in any bytes: primary, secondary, primary, secondary, parted by line feeds; the first byte says which are cut
// off and how many variants are wanted. Sets stay bounded and hold what an MRZ can hold, comparison is symmetric, and a
// name is itself.
#include <algorithm>
#include <string>
#include <vector>

#include "core/document/names.hpp"
#include "core/document/transliteration.hpp"

namespace {

void must(bool holds) {
    if (!holds) __builtin_trap();
}

void check_variants(std::string_view name, std::size_t most) {
    const paso::Variants v = paso::mrz_variants(name, most);
    must(v.texts.size() <= std::max<std::size_t>(most, 1));
    for (const std::string& t : v.texts) {
        must(std::all_of(t.begin(), t.end(), [](char c) { return c == ' ' || (c >= 'A' && c <= 'Z'); }));
        must(t.find("  ") == std::string::npos && !t.starts_with(' ') && !t.ends_with(' '));
    }
    for (const paso::Script script : {paso::Script::latin, paso::Script::cyrillic, paso::Script::arabic}) {
        const paso::Variants back = paso::native_variants(name, script, most);
        must(back.texts.size() <= std::max<std::size_t>(most, 1));
        for (const std::string& t : back.texts) must(!paso::mrz_variants(t, 1).texts.empty());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const unsigned options = data[0];
    std::vector<std::string> parts(1);
    for (const char c : std::string_view{reinterpret_cast<const char*>(data) + 1, size - 1}) {
        if (c == '\n' && parts.size() < 4) {
            parts.emplace_back();
        } else {
            parts.back().push_back(c);
        }
    }
    parts.resize(4);
    for (const std::string& p : parts) check_variants(p, (options >> 2U) % 16U);
    using paso::Personal;
    const paso::PersonName a{Personal{parts[0]}, Personal{parts[1]}, (options & 1U) != 0};
    const paso::PersonName b{Personal{parts[2]}, Personal{parts[3]}, (options & 2U) != 0};
    must(paso::compare_names(a, b) == paso::compare_names(b, a));
    must(paso::compare_names(a, a).match != paso::NameMatch::different);
    return 0;
}
