// The reading copy of a pack: one page of HTML for lawyers, without scripts and without anything from elsewhere.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/rules/facts.hpp"
#include "core/rules/pack.hpp"

namespace paso {

// The languages that reasons of the pack have words in.
[[nodiscard]] std::set<std::string> languages_of(const Pack& pack);

// Each rule in words with its basis, days, exemption, what follows when it cannot be told, and the tests that show it;
// then the tables with their sources, the tests, and the facts. English, but for the words of reasons: those stand in
// `language`, in English where a reason has none. `schema`: the one that the pack was read with.
[[nodiscard]] std::string pack_page(const Pack& pack, const Schema& schema, std::string_view language);

}  // namespace paso
