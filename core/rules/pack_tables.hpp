// The tables of a pack as its TOML declares them. Inside core/rules only.
#pragma once

#include <toml++/toml.h>

#include <memory>
#include <string>
#include <vector>

#include "core/rules/pack.hpp"
#include "core/rules/table_set.hpp"

namespace paso {

// [[table]] with what [[file]] and `files` hold. Errors as parse_draft().
[[nodiscard]] Result<std::shared_ptr<const TableSet>> read_tables(const toml::table& pack,
                                                                  const std::vector<PackFile>& files);

// Files that a [[table]] names and no [[file]] holds, each once, ascending.
[[nodiscard]] Result<std::vector<std::string>> files_outside(const toml::table& pack);

}  // namespace paso
