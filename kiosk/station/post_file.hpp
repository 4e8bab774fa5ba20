// The post file: what this lane is. Signed by the authority (core/trust/signed_text.hpp), so that nobody can turn a
// live lane into a demo lane, or an exit into an entry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/inspection/inspection.hpp"
#include "core/trust/signed_text.hpp"

namespace paso {

enum class HolderCheck : std::uint8_t { officer = 0 };  // how the holder is compared with the document

struct Post {
    std::string state;  // State of the post, alpha-3
    std::string post;   // "Puente Nuevo"
    std::string lane;   // "3"
    TravelMode mode = TravelMode::land;
    Direction direction = Direction::entry;
    std::string time_zone;  // IANA name: "America/Asuncion"
    bool demo = true;
    HolderCheck holder_check = HolderCheck::officer;
    std::string desk;  // number or name of the desk, as it stands on its sign: "3"
};

// TOML inside. Errors: "signature.*", "post.syntax" (line, column), "post.field" (which and why).
[[nodiscard]] Result<Post> open_post_file(ByteView file, const std::vector<Ed25519Key>& keys);

// The same without signatures, for those who write and sign one. Errors: "post.*".
[[nodiscard]] Result<Post> parse_post(std::string_view text);

}  // namespace paso
