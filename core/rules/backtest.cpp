#include "core/rules/backtest.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

#include "core/rules/fact_row.hpp"
#include "core/rules/pack_body.hpp"

namespace paso {
namespace {

struct Tally {
    std::uint64_t all = 0;
    std::uint64_t changed = 0;
};

struct AgeBand {
    std::int64_t below = 0;
    std::string_view name;
};
constexpr std::array bands{AgeBand{12, "0-11"},  AgeBand{18, "12-17"}, AgeBand{25, "18-24"},
                           AgeBand{45, "25-44"}, AgeBand{65, "45-64"}, AgeBand{INT64_MAX, "65 and over"}};
constexpr std::string_view not_known = "not known";

bool is_public(const Rule& r) { return r.then == Outcome::officer && !r.is_private; }

// The public rules of a pack, alone.
Pack public_part(const Pack& pack) {
    auto body = std::make_shared<Pack::Body>(pack.body());
    body->rules.clear();
    body->rule_codes.clear();
    for (std::size_t n = 0; n < pack.body().rules.size(); ++n) {
        if (!is_public(pack.body().rules[n])) continue;
        body->rules.push_back(pack.body().rules[n]);
        body->rule_codes.push_back(pack.body().rule_codes[n]);
    }
    body->highest = body->rules.empty() ? Outcome::clear : Outcome::officer;
    return Pack{std::move(body)};
}

// Rules of both sides by one number each.
class RuleNumbers {
  public:
    std::uint32_t of(std::string_view id) {
        const auto [at, fresh] = numbers_.emplace(id, static_cast<std::uint32_t>(names_.size()));
        if (fresh) names_.emplace_back(id);
        return at->second;
    }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  private:
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
    std::vector<std::string> names_;
};

// One pack over the crossings.
class Trial {
  public:
    Trial(const Pack& pack, const Schema& schema, RuleNumbers& numbers)
        : pack_(public_part(pack)), assessor_(pack_), schema_(&schema) {
        numbers_.reserve(pack_.body().rules.size());
        for (const Rule& r : pack_.body().rules) numbers_.push_back(numbers.of(r.id));
    }

    bool refers(const RecordedCrossing& c) {
        if (c.several.empty()) {
            assessor_.bind(c.slots);
        } else {
            facts_ = facts_of(c);
            assessor_.bind(facts_);
        }
        return paso::refers(assessor_.outcome());
    }

    // Of the crossing that refers() was asked about: the numbers of the rules that refer it, each once, ascending.
    void rules(std::vector<std::uint32_t>& out) {
        out.clear();
        const auto results = assessor_.results();
        for (std::size_t n = 0; n < results.size(); ++n) {
            if (results[n].refers) out.push_back(numbers_[n]);
        }
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
    }

  private:
    Facts facts_of(const RecordedCrossing& c) const {
        Facts out;
        for (std::size_t s = 0; s < c.slots.size(); ++s) {
            if (!c.slots[s].is(Kind::unknown)) out.set(schema_->facts()[s].name, fact_value(c.slots[s]));
        }
        for (std::size_t s = 0; s < c.slots.size(); ++s) {
            if (!c.slots[s].is(Kind::unknown)) continue;
            for (int n = 1; n <= 8; ++n) {
                if (c.slots[s].causes == Value::bit(static_cast<Cause>(n)))
                    out.set_unknown(schema_->facts()[s].name, static_cast<Cause>(n));
            }
        }
        for (const RecordedCrossing::Several& s : c.several) {
            std::vector<FactValue> values;
            values.reserve(s.values.size());
            for (const Value& v : s.values) values.push_back(fact_value(v));
            out.set_possible(schema_->facts()[s.slot].name, std::move(values));
        }
        return out;
    }

    Pack pack_;
    Assessor assessor_;
    const Schema* schema_;
    std::vector<std::uint32_t> numbers_;
    Facts facts_;
};

// Crossings by the text of a fact.
class ByText {
  public:
    ByText(std::uint16_t slot, std::size_t texts) : slot_(slot), tallies_(texts + 1) {}
    void add(const RecordedCrossing& c, bool changed) {
        const std::uint32_t text = c.texts[slot_];
        Tally& t = tallies_[text == no_text ? tallies_.size() - 1 : text];
        ++t.all;
        t.changed += changed ? 1U : 0U;
    }
    // Ascending by text.
    [[nodiscard]] std::vector<Count> counts(const std::vector<std::string_view>& texts) const {
        std::map<std::string, Tally> sum;
        for (std::size_t n = 0; n < tallies_.size(); ++n) {
            if (tallies_[n].all == 0) continue;
            Tally& t = sum[std::string{n < texts.size() ? texts[n] : not_known}];
            t.all += tallies_[n].all;
            t.changed += tallies_[n].changed;
        }
        std::vector<Count> out;
        out.reserve(sum.size());
        for (const auto& [text, t] : sum) out.push_back({text, t.all, t.changed});
        return out;
    }

  private:
    std::uint16_t slot_;
    std::vector<Tally> tallies_;
};

Result<std::uint16_t> dimension(const Schema& schema, std::string_view fact, FactType type) {
    const auto& all = schema.facts();
    const auto at = std::find_if(all.begin(), all.end(), [&](const FactDeclaration& f) { return f.name == fact; });
    if (at == all.end() || at->type != type || at->protection)
        return fail("backtest.dimension", std::string{fact} + " cannot be counted by");
    return static_cast<std::uint16_t>(at - all.begin());
}

}  // namespace

struct Backtest::Work {
    Work(const Pack& pack, const Schema& schema, const FactsFile& facts_file)
        : file(&facts_file), draft(pack, schema, numbers) {}
    static Result<std::unique_ptr<Work>> make(const Pack& draft, const Schema& schema, const FactsFile& file,
                                              const BacktestDimensions& d);
    void look_at(const Pack& pack);

    void count_age(const RecordedCrossing& c, bool changed) {
        const Value& v = c.slots[age];
        std::size_t band = bands.size();
        if (v.is(Kind::integer) && !several(c, age)) {
            band = 0;
            while (v.number >= bands[band].below && band + 1 < bands.size()) ++band;
        }
        ++ages[band].all;
        ages[band].changed += changed ? 1U : 0U;
    }
    static bool several(const RecordedCrossing& c, std::uint16_t slot) {
        return std::any_of(c.several.begin(), c.several.end(), [slot](const auto& s) { return s.slot == slot; });
    }

    // The public rules that referred it before.
    bool referred_before(const RecordedCrossing& c) {
        if (before) return before->refers(c);
        was.clear();
        for (const std::uint32_t r : c.rules) {
            if (const auto number = recorded[r]) was.push_back(*number);
        }
        return !was.empty();
    }

    void count_rules() {
        if (before) {
            before->rules(was);
        } else {
            std::sort(was.begin(), was.end());
            was.erase(std::unique(was.begin(), was.end()), was.end());
        }
        draft.rules(is);
        differing.clear();
        std::set_symmetric_difference(was.begin(), was.end(), is.begin(), is.end(), std::back_inserter(differing));
        rules.resize(numbers.names().size(), 0);
        for (const std::uint32_t n : differing) ++rules[n];
    }

    void add(const RecordedCrossing& c) {
        const bool refers_before = referred_before(c);
        const bool refers_now = draft.refers(c);
        const bool changed = refers_before != refers_now;
        ++total.all;
        total.changed += changed ? 1U : 0U;
        if (changed) {
            ++(refers_now ? referred : cleared);
            count_rules();
        }
        for (ByText& t : texts) t.add(c, changed);
        count_age(c, changed);
    }

    RuleNumbers numbers;
    const FactsFile* file;
    Trial draft;
    std::optional<Trial> before;                         // nothing: what was recorded
    std::vector<std::optional<std::uint32_t>> recorded;  // number of each rule of the file; nothing: not public
    std::vector<ByText> texts;                           // nationality, post, direction
    std::uint16_t age = 0;
    std::array<Tally, bands.size() + 1> ages{};
    std::vector<std::uint64_t> rules;
    Tally total;
    std::uint64_t referred = 0;
    std::uint64_t cleared = 0;
    std::set<std::string> missing;
    std::set<std::string> hidden;  // ids of rules that are not tried
    std::vector<std::uint32_t> was;
    std::vector<std::uint32_t> is;
    std::vector<std::uint32_t> differing;
};

Backtest::Backtest(std::unique_ptr<Work> work) : work_(std::move(work)) {}
Backtest::Backtest(Backtest&&) noexcept = default;
Backtest& Backtest::operator=(Backtest&&) noexcept = default;
Backtest::~Backtest() = default;

Result<std::unique_ptr<Backtest::Work>> Backtest::Work::make(const Pack& draft, const Schema& schema,
                                                             const FactsFile& file, const BacktestDimensions& d) {
    auto work = std::make_unique<Work>(draft, schema, file);
    work->texts.reserve(3);
    for (const std::string_view fact : {d.nationality, d.post, d.direction}) {
        const auto slot = dimension(schema, fact, FactType::text);
        if (!slot) return fail(slot.error());
        work->texts.emplace_back(*slot, file.texts().size());
    }
    const auto age = dimension(schema, d.age, FactType::integer);
    if (!age) return fail(age.error());
    work->age = *age;
    work->look_at(draft);
    return work;
}

// Which of its rules are not tried, and which facts of the others the file has not.
void Backtest::Work::look_at(const Pack& pack) {
    for (const Rule& r : pack.body().rules) {
        if (!is_public(r)) {
            hidden.insert(r.id);
            continue;
        }
        for (const FactSlot& f : r.facts) {
            if (!file->has(f.slot)) missing.insert(f.name);
        }
    }
}

Result<Backtest> Backtest::begin(const Pack& draft, const Schema& schema, const FactsFile& file,
                                 const BacktestDimensions& dimensions) {
    auto work = Work::make(draft, schema, file, dimensions);
    if (!work) return fail(work.error());
    Work& w = **work;
    for (const std::string_view id : file.rules()) {
        const bool tried = !w.hidden.contains(std::string{id});
        w.recorded.push_back(tried ? std::optional{w.numbers.of(id)} : std::nullopt);
    }
    return Backtest(std::move(*work));
}

Result<Backtest> Backtest::between(const Pack& before, const Pack& draft, const Schema& schema, const FactsFile& file,
                                   const BacktestDimensions& dimensions) {
    auto work = Work::make(draft, schema, file, dimensions);
    if (!work) return fail(work.error());
    (*work)->before.emplace(before, schema, (*work)->numbers);
    (*work)->look_at(before);
    return Backtest(std::move(*work));
}

void Backtest::add(const RecordedCrossing& crossing) { work_->add(crossing); }

BacktestReport Backtest::report() const {
    const Work& w = *work_;
    BacktestReport out;
    out.missing.assign(w.missing.begin(), w.missing.end());
    out.left_out = w.hidden.size();
    out.total = publish_total({"all", w.total.all, w.total.changed});
    if (!out.total) return out;
    if (out.total->changed && w.referred >= least_shown && w.cleared >= least_shown) {
        out.referred = w.referred;
        out.cleared = w.cleared;
    }
    std::vector<Count> rules;
    for (std::size_t n = 0; n < w.numbers.names().size(); ++n)
        rules.push_back({w.numbers.names()[n], w.total.all, n < w.rules.size() ? w.rules[n] : 0});
    std::sort(rules.begin(), rules.end(), [](const Count& a, const Count& b) { return a.category < b.category; });
    std::vector<Count> ages;
    for (std::size_t b = 0; b < w.ages.size(); ++b)
        ages.push_back({std::string{b < bands.size() ? bands[b].name : not_known}, w.ages[b].all, w.ages[b].changed});
    const auto texts = [&](std::size_t n) { return publish(w.texts[n].counts(w.file->texts()), out.total); };
    out.tables = {{"rule", publish(rules, out.total)},
                  {"nationality", texts(0)},
                  {"age", publish(ages, out.total)},
                  {"post", texts(1)},
                  {"direction", texts(2)}};
    return out;
}

}  // namespace paso
