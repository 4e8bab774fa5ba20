// The trust file: the officials whose signatures a station, a desk and `paso pack sign` believe, and how many of them a
// rule pack needs.
//
//     threshold = 2
//     [[official]]
//     name = "Ana Ramos"
//     key = "d75a98..."      # 64 hexadecimal digits, printed by `paso key FOLDER`
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/env/env.hpp"
#include "core/trust/digest.hpp"

namespace paso {

struct Trust {
    std::vector<Ed25519Key> officials;  // different ones, at least `threshold`
    std::size_t threshold = 1;          // of a rule pack; a post file needs one
};

// Errors: "config.*" with key and line.
[[nodiscard]] Result<Trust> parse_trust_file(std::string_view text);
// The same from a file. Errors: "file.*" too, with the path.
[[nodiscard]] Result<Trust> read_trust_file(Files& files, const std::string& path);

}  // namespace paso
