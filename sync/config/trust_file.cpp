#include "sync/config/trust_file.hpp"

#include <algorithm>

#include "sync/config/settings.hpp"

namespace paso {
namespace {

constexpr std::size_t max_trust_file = 1UL << 20U;

}  // namespace

Result<Trust> parse_trust_file(std::string_view text) {
    auto s = Settings::parse(text);
    if (!s) return fail(s.error());
    Trust trust;
    s->tables("official", [&trust](Settings& t) {
        if (t.text("name").empty()) t.refuse("name", "who signs");
        const Ed25519Key key = t.public_key("key");
        if (std::find(trust.officials.begin(), trust.officials.end(), key) != trust.officials.end())
            t.refuse("key", "this key stands twice");
        trust.officials.push_back(key);
    });
    const std::int64_t threshold = s->number_or("threshold", 0);
    if (threshold < 1 || static_cast<std::size_t>(threshold) > trust.officials.size())
        s->refuse("threshold", "how many signatures a pack needs: from 1 to the number of officials");
    if (const Status status = s->finish(); !status) return fail(status.error());
    trust.threshold = static_cast<std::size_t>(threshold);
    return trust;
}

Result<Trust> read_trust_file(Files& files, const std::string& path) {
    const auto bytes = files.read(path, max_trust_file);
    if (!bytes) return fail(bytes.error().code, path);
    return parse_trust_file(as_text(*bytes));
}

}  // namespace paso
