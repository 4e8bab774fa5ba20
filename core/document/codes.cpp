#include "core/document/codes.hpp"

#include <algorithm>

#include "core/document/code_table.hpp"

namespace paso {
namespace {

constexpr std::uint32_t no_key = 0;

// Up to three letters as one number that sorts like the text; other texts have none.
constexpr std::uint32_t key_of(std::string_view code) {
    if (code.empty() || code.size() > 3) return no_key;
    std::uint32_t key = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        key = key << 8U | (i < code.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(code[i])) : 0U);
    }
    return key;
}

struct Index {
    std::uint32_t key = 0;
    std::uint16_t at = 0;
    constexpr bool operator<(const Index& other) const { return key < other.key; }
};

constexpr auto keys = [] {
    std::array<std::uint32_t, code_table.size()> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = key_of(code_table[i].code);
    return out;
}();
static_assert(std::is_sorted(keys.begin(), keys.end()) && std::adjacent_find(keys.begin(), keys.end()) == keys.end());

constexpr std::size_t states = std::count_if(code_table.begin(), code_table.end(),
                                             [](const CodeEntry& e) { return e.standing == CodeStanding::state; });
static_assert(states == 249);

constexpr auto by_alpha_2 = [] {
    std::array<Index, states> out{};
    std::size_t n = 0;
    for (std::size_t i = 0; i < code_table.size(); ++i) {
        const CodeEntry& e = code_table[i];
        if (e.standing == CodeStanding::state) out[n++] = {key_of(e.alpha_2), static_cast<std::uint16_t>(i)};
    }
    std::sort(out.begin(), out.end());
    return out;
}();

std::string_view without_fillers(std::string_view code) {
    while (!code.empty() && code.back() == '<') code.remove_suffix(1);
    return code;
}

}  // namespace

std::span<const CodeEntry> all_codes() { return code_table; }

const CodeEntry* find_code(std::string_view code) {
    const std::uint32_t key = key_of(without_fillers(code));
    const auto it = std::lower_bound(keys.begin(), keys.end(), key);
    if (key == no_key || it == keys.end() || *it != key) return nullptr;
    return &code_table[static_cast<std::size_t>(it - keys.begin())];
}

CodeStanding code_standing(std::string_view code) {
    const CodeEntry* e = find_code(code);
    return e == nullptr ? CodeStanding::unknown : e->standing;
}

std::string_view alpha_2_of(std::string_view code) {
    const CodeEntry* e = find_code(code);
    return e == nullptr ? std::string_view{} : e->alpha_2;
}

std::vector<std::string> certificate_countries(std::string_view code) {
    while (code.ends_with('<') || code.ends_with(' ')) code.remove_suffix(1);
    std::vector<std::string> out{std::string{code}};
    if (code == "D") out.emplace_back("DEU");
    const std::string_view two = alpha_2_of(code);
    if (!two.empty()) out.emplace_back(two);
    return out;
}

std::string_view alpha_3_of(std::string_view alpha_2) {
    if (alpha_2.size() != 2) return {};
    const Index wanted{key_of(alpha_2), 0};
    const auto it = std::lower_bound(by_alpha_2.begin(), by_alpha_2.end(), wanted);
    return it == by_alpha_2.end() || it->key != wanted.key ? std::string_view{} : code_table[it->at].code;
}

std::string_view mrz_code_of(std::string_view alpha_2) { return alpha_2 == "DE" ? "D" : alpha_3_of(alpha_2); }

bool same_code(std::string_view a, std::string_view b) {
    const auto plain = [](std::string_view code) {
        code = without_fillers(code);
        return code == "D" ? std::string_view{"DEU"} : code;
    };
    return plain(a) == plain(b);
}

std::string_view name(CodeStanding s) {
    switch (s) {
        case CodeStanding::state:
            return "state";
        case CodeStanding::icao:
            return "icao";
        case CodeStanding::stateless:
            return "stateless";
        case CodeStanding::refugee:
            return "refugee";
        case CodeStanding::unspecified:
            return "unspecified";
        case CodeStanding::specimen:
            return "specimen";
        case CodeStanding::obsolete:
            return "obsolete";
        case CodeStanding::seen_in_use:
            return "seen_in_use";
        case CodeStanding::unknown:
            return "unknown";
    }
    return "unknown";
}

}  // namespace paso
