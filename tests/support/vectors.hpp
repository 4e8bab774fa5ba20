// Test data made by others, read where it lies and never copied into the repository: PASO_VECTORS, else
// ../shared/vectors from the checkout. Where it is not, a test says "skipped: no vectors".
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace paso::test {

inline std::filesystem::path vectors_folder() {
    const char* const named = std::getenv("PASO_VECTORS");
    return named != nullptr ? std::filesystem::path{named}
                            : std::filesystem::path{PASO_SOURCE_DIR "/../shared/vectors"};
}

// The whole file, or nothing (and the line that says so).
inline std::optional<Bytes> vector_file(const std::string& name) {
    std::ifstream in(vectors_folder() / name, std::ios::binary);
    if (!in) {
        std::printf("skipped: no vectors (%s)\n", name.c_str());
        return std::nullopt;
    }
    const std::vector<char> chars{std::istreambuf_iterator<char>(in), {}};
    return to_bytes(as_bytes({chars.data(), chars.size()}));
}

}  // namespace paso::test
