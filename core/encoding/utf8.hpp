// Whether bytes are UTF-8.
#pragma once

#include <string_view>

namespace paso {

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF, nothing cut off.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace paso
