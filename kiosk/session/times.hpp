// How long a session waits.
#pragma once

#include "core/base/time.hpp"

namespace paso {

inline constexpr Duration warn_time = std::chrono::seconds{60};         // without a sign of the traveller
inline constexpr Duration leave_time = std::chrono::seconds{30};        // after the warning
inline constexpr Duration result_time = std::chrono::seconds{10};       // the last screen stands
inline constexpr Duration attempt_time = std::chrono::seconds{8};       // for a document that lies still
inline constexpr Duration rows_time = std::chrono::seconds{1};          // rows of an MRZ were seen so lately
inline constexpr Duration recent_time = std::chrono::minutes{10};       // the same document is known again
inline constexpr Duration devices_patience = std::chrono::seconds{15};  // without the reader
inline constexpr Duration idle_check = std::chrono::seconds{1};
inline constexpr int max_attempts = 2;

}  // namespace paso
