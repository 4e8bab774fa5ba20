// Files of recorded crossings: whatever bytes come, an error with its place or crossings whose values the rules can
// read.
#include <cstdlib>

#include "core/inspection/inspection.hpp"
#include "core/rules/facts_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace paso;
    auto file = FactsFile::open({reinterpret_cast<const std::byte*>(data), size}, schema());
    if (!file) return 0;
    RecordedCrossing c;
    for (;;) {
        const auto more = file->next(c);
        if (!more || !*more) return 0;
        if (c.slots.size() != schema().facts().size()) std::abort();
        for (std::size_t s = 0; s < c.slots.size(); ++s) {
            const Value& v = c.slots[s];
            if (v.is(Kind::unknown)) continue;
            const bool text = v.is(Kind::text);
            if (text != (schema().facts()[s].type == FactType::text)) std::abort();
            if (text && c.texts[s] != no_text && file->texts()[c.texts[s]] != v.view()) std::abort();
        }
    }
}
