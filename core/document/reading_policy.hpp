// How an MRZ is decided, with the list of codes that issuer and nationality are expected to be on.
#pragma once

#include "core/mrz/fusion.hpp"

namespace paso {

// All codes of codes.hpp, whatever their standing: an obsolete one is still printed in documents that are valid.
[[nodiscard]] MrzPolicy reading_policy();

}  // namespace paso
