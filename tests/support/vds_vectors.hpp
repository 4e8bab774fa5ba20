// The published test seals of ../shared/vectors/vds: a title and a payload each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/vectors.hpp"

namespace paso::test {

struct TestSeal {
    std::string title;
    std::string payload;  // hexadecimal of a visible seal, or the text of a barcode data structure
};

// Lines that begin with `prefix`, each under the title of the line before it.
inline std::vector<TestSeal> test_seals(const std::string& prefix) {
    std::vector<TestSeal> out;
    const auto file = vector_file("vds/test_seals.txt");
    std::string title;
    std::string_view rest = file ? as_text(*file) : std::string_view{};
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        while (line.ends_with('\r') || line.ends_with(' ') || line.ends_with(':')) line.remove_suffix(1);
        if (line.starts_with("- ")) title = line.substr(2);
        if (line.starts_with(prefix)) out.push_back({title, std::string{line}});
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

}  // namespace paso::test
