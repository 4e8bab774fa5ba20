#include "core/document/reading_policy.hpp"

#include <algorithm>

#include "core/document/codes.hpp"

namespace paso {

MrzPolicy reading_policy() {
    MrzPolicy out;
    for (const CodeEntry& entry : all_codes()) {
        StateCode code{'<', '<', '<'};
        std::copy_n(entry.code.begin(), std::min(entry.code.size(), code.size()), code.begin());
        out.states.push_back(code);
    }
    return out;
}

}  // namespace paso
