// A draft of a pack over recorded crossings: how many outcomes it changes, and of whom. docs/manual/pack-simulate.md is
// the manual.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/rules/disclosure.hpp"
#include "core/rules/facts_file.hpp"
#include "core/rules/pack.hpp"

namespace paso {

// The facts by which changes are counted: three texts and an integer of years.
struct BacktestDimensions {
    std::string_view nationality;
    std::string_view age;
    std::string_view post;
    std::string_view direction;
};

struct BacktestTable {
    std::string_view dimension;  // "rule", "nationality", "age", "post", "direction"
    PublishedTable table;
};

struct BacktestReport {
    std::optional<PublishedCount> total;    // nothing: too few crossings, and then there is nothing else
    std::optional<std::uint64_t> referred;  // that were clear; nothing: hidden, and then so is the next
    std::optional<std::uint64_t> cleared;   // that were referred
    std::vector<BacktestTable> tables;      // in the order above
    std::vector<std::string> missing;       // facts that the rules which are tried read and the file has not
    std::size_t left_out = 0;               // rules of the packs that are not tried, by their ids
};

// Rules for the health desk, of protection and private ones are left out on both sides: what they say is counted
// nowhere. A crossing's outcome is whether any other rule refers it. `rule` counts, of the changed outcomes, those in
// which that rule says something else than before; one may be counted for several rules.
class Backtest {
  public:
    // `file` was read with `schema`; what was recorded is compared with what the draft says. Error:
    // "backtest.dimension": a dimension is no fact of that type, or one about protection.
    [[nodiscard]] static Result<Backtest> begin(const Pack& draft, const Schema& schema, const FactsFile& file,
                                                const BacktestDimensions& dimensions);
    // The same, but compared with what another pack says of the same facts.
    [[nodiscard]] static Result<Backtest> between(const Pack& before, const Pack& draft, const Schema& schema,
                                                  const FactsFile& file, const BacktestDimensions& dimensions);
    Backtest(Backtest&&) noexcept;
    Backtest& operator=(Backtest&&) noexcept;
    Backtest(const Backtest&) = delete;
    Backtest& operator=(const Backtest&) = delete;
    ~Backtest();

    void add(const RecordedCrossing& crossing);
    [[nodiscard]] BacktestReport report() const;

  private:
    struct Work;
    explicit Backtest(std::unique_ptr<Work> work);
    std::unique_ptr<Work> work_;
};

}  // namespace paso
