#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/rules/codec.hpp"
#include "core/rules/pack_rules.hpp"
#include "core/rules/toml_reader.hpp"

namespace paso {
namespace {

class TestReader : TomlReader {
  public:
    TestReader(const PackSource& pack, Pack::Body& body) : table_(pack.table), schema_(pack.schema), body_(body) {}

    Status read() {
        baselines();
        tests();
        if (error_) return fail(*error_);
        return {};
    }

  private:
    void outside(const FactDeclaration& fact, const toml::node& at) {
        refuse("pack.code", std::string{fact.name} + " never has this value", at);
    }

    static std::optional<FactValue> value(const toml::node& node, FactType type) {
        switch (type) {
            case FactType::boolean:
                return node.is_boolean() ? std::optional<FactValue>{node.as_boolean()->get()} : std::nullopt;
            case FactType::integer:
                return node.is_integer() ? std::optional<FactValue>{node.as_integer()->get()} : std::nullopt;
            case FactType::text:
                return node.is_string() ? std::optional<FactValue>{node.as_string()->get()} : std::nullopt;
            case FactType::date: {
                if (!node.is_date()) return std::nullopt;
                const toml::date d = node.as_date()->get();
                const auto date = Date::of(d.year, d.month, d.day);
                return date ? std::optional<FactValue>{*date} : std::nullopt;
            }
            case FactType::text_set:
                break;
        }
        if (!node.is_array()) return std::nullopt;
        std::set<std::string> set;
        for (const toml::node& item : *node.as_array()) {
            if (!item.is_string()) return std::nullopt;
            set.insert(item.as_string()->get());
        }
        return FactValue{std::move(set)};
    }

    // Facts of a test: "document.expiry" = 2030-01-01; a list of values for one that is not a set means several
    // possible ones.
    void set_facts(const toml::table& t, Facts& facts) {
        for (const auto& [key, node] : t) {
            const FactDeclaration* fact = schema_.find(key.str());
            if (fact == nullptr) return refuse("pack.fact", std::string{key.str()} + " is no fact", node);
            if (const auto one = value(node, fact->type)) {
                if (!admits(*fact, *one)) return outside(*fact, node);
                facts.set(fact->name, *one);
                continue;
            }
            std::vector<FactValue> several;
            if (node.is_array()) {
                for (const toml::node& item : *node.as_array()) {
                    const auto v = value(item, fact->type);
                    if (v && !admits(*fact, *v)) return outside(*fact, item);
                    if (v) several.push_back(*v);
                }
            }
            if (several.empty() || several.size() != node.as_array()->size()) {
                return refuse("pack.type", std::string{key.str()} + " is a " + std::string{name(fact->type)}, node);
            }
            if (several.size() > max_values)
                return refuse("pack.too_large", "a fact has at most 256 possible values", node);
            facts.set_possible(fact->name, std::move(several));
        }
    }

    void set_unknown(const toml::table& t, Facts& facts) {
        for (const auto& [key, node] : t) {
            const auto cause = cause_named(node.value_or(std::string_view{}));
            if (schema_.find(key.str()) == nullptr)
                return refuse("pack.fact", std::string{key.str()} + " is no fact", node);
            if (!cause) return refuse("pack.type", "a cause is expected", node);
            facts.set_unknown(key.str(), *cause);
        }
    }

    void baselines() {
        const toml::node* node = table_.get("baseline");
        if (node == nullptr) return;
        if (!node->is_table()) return refuse("pack.type", "[baseline.NAME] must be tables", *node);
        for (const auto& [key, value] : *node->as_table()) {
            if (!value.is_table()) return refuse("pack.type", "[baseline.NAME] must be tables", value);
            set_facts(*value.as_table(), baselines_[std::string{key.str()}]);
        }
    }

    // The table under a key that may be absent.
    const toml::table* table_at(const toml::table& t, std::string_view key) {
        const toml::node* node = t.get(key);
        if (node != nullptr && !node->is_table()) refuse("pack.type", std::string{key} + " is a table", *node);
        return node == nullptr ? nullptr : node->as_table();
    }

    void tests() {
        each_table(table_, "test", max_entries, [&](const toml::table& t) {
            only(t, {"name", "baseline", "facts", "unknown", "expect", "reasons"});
            PackTest test;
            test.name = words(t, "name");
            const std::string baseline = words(t, "baseline");
            const auto base = baselines_.find(baseline);
            if (base == baselines_.end()) return refuse("pack.syntax", "there is no baseline " + baseline, t);
            test.facts = base->second;
            if (const toml::table* facts = table_at(t, "facts")) set_facts(*facts, test.facts);
            if (const toml::table* facts = table_at(t, "unknown")) set_unknown(*facts, test.facts);
            const std::string expect = words(t, "expect");
            const auto expected = outcome_named(expect);
            if (!expected) return refuse("pack.type", R"(expect is "clear", "officer", "health" or "protection")", t);
            test.expected = *expected;
            if (const toml::node* n = t.get("reasons"); n != nullptr && !n->is_array())
                return refuse("pack.type", "reasons are a list", *n);
            if (const toml::array* reasons = t["reasons"].as_array()) {
                for (const toml::node& r : *reasons) {
                    const auto code = r.value<std::string>();
                    if (!code || !body_.reasons.contains(*code))
                        return refuse("pack.syntax", "reasons are reason codes", r);
                    test.reasons.insert(*code);
                }
            }
            if (refers(test.expected) == test.reasons.empty()) {
                return refuse("pack.syntax",
                              "a test that expects a person names its reasons, one that expects clear has none", t);
            }
            not_asked(test.facts);
            body_.tests.push_back(std::move(test));
        });
    }

    // As at a kiosk: an optional fact that a rule reads and nobody names was not asked.
    void not_asked(Facts& facts) const {
        for (const Rule& r : body_.rules) {
            for (const FactSlot& f : r.facts) {
                if (schema_.facts()[f.slot].optional && facts.find(f.name) == nullptr)
                    facts.set_unknown(f.name, Cause::not_asked);
            }
        }
    }

    const toml::table& table_;
    const Schema& schema_;
    Pack::Body& body_;
    std::map<std::string, Facts> baselines_;
};

}  // namespace

Status read_tests(const PackSource& pack, Pack::Body& body) { return TestReader(pack, body).read(); }

std::vector<PackTestResult> run_pack_tests(const Pack& pack) {
    std::vector<PackTestResult> out;
    for (const PackTest& test : pack.body().tests) {
        const Assessment a = assess(pack, test.facts);
        std::set<std::string> reasons;
        for (const Finding& f : a.findings) {
            if (f.refers) reasons.insert(f.reason);
        }
        const auto list = [](const std::set<std::string>& set) {
            std::string text;
            for (const std::string& s : set) text += (text.empty() ? "" : ", ") + s;
            return text.empty() ? std::string{"none"} : text;
        };
        PackTestResult r{test.name, a.outcome == test.expected && reasons == test.reasons, {}};
        r.explanation = "expected " + std::string{name(test.expected)} + " (" + list(test.reasons) + "), came " +
                        std::string{name(a.outcome)} + " (" + list(reasons) + ")";
        out.push_back(std::move(r));
    }
    return out;
}

}  // namespace paso
