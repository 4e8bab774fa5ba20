// The pack that is shipped, as its author has it.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace paso::test {

inline std::string shipped_pack() {
    std::ifstream in(std::string{PASO_SOURCE_DIR} + "/deploy/packs/uto-demo.toml", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace paso::test
