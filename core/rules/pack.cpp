#include "core/rules/pack.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "core/encoding/toml_guard.hpp"
#include "core/rules/codec.hpp"
#include "core/rules/pack_body.hpp"
#include "core/rules/pack_tables.hpp"
#include "core/rules/toml_reader.hpp"

namespace paso {
namespace {

constexpr std::size_t max_pack_bytes = 1UL << 20U;
constexpr std::size_t max_rules = 1000;
constexpr std::uint64_t max_pack_cost = 10'000'000;  // steps of all rules together, for one set of values

std::optional<Cause> cause_named(std::string_view text) {
    for (int i = 1; i <= 8; ++i) {
        if (name(static_cast<Cause>(i)) == text) return static_cast<Cause>(i);
    }
    return std::nullopt;
}

// Reads a pack top to bottom. The first thing that is wrong is kept with its place; what follows is then skipped.
class Reader : TomlReader {
  public:
    Reader(const toml::table& table, std::string_view source, const Schema& schema,
           std::shared_ptr<const TableSet> tables)
        : table_(table),
          source_(source),
          schema_(schema),
          tables_(std::move(tables)),
          environment_(schema, tables_.get()) {}

    Result<std::shared_ptr<Pack::Body>> read() {
        auto body = std::make_shared<Pack::Body>();
        body->tables = tables_;
        for (const auto& n : environment_.names()) body->facts.push_back({std::string{n.name}, n.slot});
        only(table_,
             {"id", "version", "title", "sample", "valid", "rule", "reason", "baseline", "test", "table", "file"});
        body->identity.id = text(table_, "id");
        body->identity.version = text(table_, "version");
        if (table_.contains("title")) text(table_, "title");
        if (const toml::node* n = table_.get("sample"); n != nullptr && !n->is_boolean())
            refuse("pack.type", "sample is true or false", *n);
        reasons(*body);
        validity(*body);
        rules(*body);
        baselines();
        tests(*body);
        if (error_) return fail(*error_);
        return body;
    }

  private:
    std::string text(const toml::table& table, std::string_view key) {
        std::string out = any_text(table, key);
        if (!error_ && out.empty()) refuse("pack.type", std::string{key} + " must be a text", *table.get(key));
        return out;
    }

    template <class Read>
    void each(std::string_view key, Read read) {
        each_table(table_, key, max_rules, read);
    }

    void reasons(Pack::Body& body) {
        each("reason", [&](const toml::table& t) {
            const std::string code = text(t, "code");
            std::map<std::string, ReasonText> words;
            for (const auto& [key, node] : t) {
                if (key.str() == "code") continue;
                if (!node.is_table()) return refuse("pack.type", "the words of a language are a table", node);
                only(*node.as_table(), {"traveller", "officer"});
                words[std::string{key.str()}] = {text(*node.as_table(), "traveller"),
                                                 text(*node.as_table(), "officer")};
            }
            if (!words.contains("en")) return refuse("pack.text_missing", code + " has no English words", t);
            if (!body.reasons.emplace(code, std::move(words)).second)
                refuse("pack.duplicate", "reason " + code + " stands twice", t);
        });
    }

    // How the text that begins at this place of the pack is written: its quotes, and whether a line break follows them.
    std::pair<std::uint32_t, bool> opening(const Place& at) const {
        std::size_t offset = 0;
        for (std::uint32_t line = 1; line < at.line.value_or(1); ++line) offset = source_.find('\n', offset) + 1;
        const std::string_view text = source_.substr(std::min(source_.size(), offset + at.column.value_or(1) - 1));
        const bool triple = text.starts_with("\"\"\"") || text.starts_with("'''");
        return {triple ? 3 : 1, triple && (text.substr(3).starts_with("\n") || text.substr(3).starts_with("\r\n"))};
    }

    // From a place within an expression to one in the pack: exact where the text has no escapes.
    Place place_within(const toml::node& node, const Place& inner) const {
        Place place = place_of(node);
        const auto [quotes, line_break] = opening(place);
        const std::uint32_t lines = inner.line.value_or(1) - 1 + (line_break ? 1 : 0);
        place.column = lines == 0 ? *place.column + quotes + inner.column.value_or(1) - 1 : inner.column.value_or(1);
        place.line = *place.line + lines;
        return place;
    }

    std::optional<Expression> expression(const toml::table& t, std::string_view key) {
        const std::string source = text(t, key);
        if (error_) return {};
        auto parsed = parse_expression(source, environment_);
        if (parsed) return *parsed;
        error_ = Error{parsed.error().code, std::string{key} + ": " + parsed.error().detail,
                       place_within(*t.get(key), parsed.error().place)};
        return {};
    }

    bool policy(const toml::node& node) {
        const auto word = node.value<std::string_view>();
        if (word == "refer") return true;
        if (word != "ignore") refuse("pack.type", "unknown is \"refer\" or \"ignore\"", node);
        return false;
    }

    void unknown(const toml::table& t, Rule& rule) {
        const toml::node* node = t.get("unknown");
        if (node == nullptr) return refuse("pack.syntax", "unknown is missing in rule " + rule.id, t);
        const toml::table* table = node->as_table();
        const toml::node* otherwise = table == nullptr ? node : table->get("default");
        const bool refers = otherwise == nullptr || policy(*otherwise);
        rule.refers_on_fault = refers;
        rule.refers_on = refers ? 0xFF : 0;
        if (table == nullptr) return;
        for (const auto& [key, value] : *table) {
            if (key.str() == "default") continue;
            const auto cause = cause_named(key.str());
            if (!cause) return refuse("pack.syntax", std::string{key.str()} + " is no cause", value);
            const std::uint8_t bit = Value::bit(*cause);
            rule.refers_on = static_cast<std::uint8_t>(policy(value) ? rule.refers_on | bit : rule.refers_on & ~bit);
        }
    }

    // valid = { from = 2026-01-01, until = 2027-12-31, reason = "..." } becomes the first rule: outside of its time a
    // pack refers everybody, and says so.
    void validity(Pack::Body& body) {
        const toml::node* node = table_.get("valid");
        if (node == nullptr) return;
        if (!node->is_table()) return refuse("pack.type", "valid is a table", *node);
        const toml::table& t = *node->as_table();
        only(t, {"from", "until", "reason"});
        if (schema_.day().empty()) return refuse("pack.fact", "there is no fact that tells the day", t);
        std::string outside;
        Date last;
        for (const auto& [key, before] : {std::pair{"from", " < "}, std::pair{"until", " > "}}) {
            const toml::node* at = t.get(key);
            const auto day = at == nullptr ? std::nullopt : value(*at, FactType::date);
            if (!day) return refuse("pack.type", std::string{key} + " must be a date", at == nullptr ? t : *at);
            if (!outside.empty() && std::get<Date>(*day) < last)
                return refuse("pack.type", "until is before from", *at);
            last = std::get<Date>(*day);
            outside +=
                (outside.empty() ? "" : " || ") + std::string{schema_.day()} + before + "date('" + last.iso() + "')";
        }
        auto when = parse_expression(outside, environment_);
        if (!when) return refuse(when.error().code, when.error().detail, t);
        Rule rule{
            .id = "pack.validity", .title = "The pack is in force", .basis = "valid", .reason = text(t, "reason")};
        if (error_) return;
        rule.when = std::move(*when);
        add_rule(body, std::move(rule), t);
    }

    void add_rule(Pack::Body& body, Rule rule, const toml::node& at) {
        if (!body.reasons.contains(rule.reason))
            return refuse("pack.text_missing", "reason " + rule.reason + " has no words", at);
        if (!may_stand(rule)) return refuse("pack.duplicate", "rule " + rule.id + " stands twice", at);
        std::vector<bool> reads(body.facts.size(), false);
        for (const Expression* e : {&*rule.when, rule.unless ? &*rule.unless : nullptr}) {
            if (e == nullptr) continue;
            for (const std::uint16_t slot : e->slots()) reads[slot] = true;
            body.cost += e->cost();
        }
        if (body.cost > max_pack_cost) return refuse("pack.cost", "all rules together may take too many steps", at);
        std::copy_if(body.facts.begin(), body.facts.end(), std::back_inserter(rule.facts),
                     [&](const FactSlot& f) { return reads[f.slot]; });
        lay_out(body, rule);
        body.rules.push_back(std::move(rule));
    }

    // The code of all rules lies side by side, so that running them walks through memory once.
    static void lay_out(Pack::Body& body, const Rule& rule) {
        const auto put = [&body](const Expression& e) {
            body.code.insert(body.code.end(), e.program().fused.begin(), e.program().fused.end());
            body.constants.insert(body.constants.end(), e.program().constants.begin(), e.program().constants.end());
        };
        const auto size = [](const auto& v) { return static_cast<std::uint32_t>(v.size()); };
        RuleCode c{.when = size(body.code), .when_constants = size(body.constants)};
        put(*rule.when);
        c.unless = size(body.code);
        c.unless_constants = size(body.constants);
        if (rule.unless) put(*rule.unless);
        c.end = size(body.code);
        c.refers_on = rule.refers_on;
        c.refers_on_fault = rule.refers_on_fault;
        body.rule_codes.push_back(c);
    }

    // from = 2026-01-01, until = 2026-12-31: on other days the rule says no.
    void version(const toml::table& t, Rule& rule) {
        std::string in_force;
        const auto day = [&](std::string_view key, std::string_view compared) -> std::optional<Date> {
            const toml::node* at = t.get(key);
            if (at == nullptr) return std::nullopt;
            const auto d = value(*at, FactType::date);
            if (!d) return refuse("pack.type", std::string{key} + " must be a date", *at), std::nullopt;
            if (schema_.day().empty())
                return refuse("pack.fact", "there is no fact that tells the day", *at), std::nullopt;
            const Date date = std::get<Date>(*d);
            in_force += std::string{schema_.day()} + std::string{compared} + "date('" + date.iso() + "') && ";
            return date;
        };
        rule.from = day("from", " >= ");
        rule.until = day("until", " <= ");
        if (rule.from && rule.until && *rule.until < *rule.from)
            refuse("pack.type", "until is before from", *t.get("until"));
        if (error_ || in_force.empty()) return;
        auto whole = parse_expression(in_force + "(\n" + text(t, "when") + "\n)", environment_);
        if (!whole) return refuse(whole.error().code, "with its days: " + whole.error().detail, *t.get("when"));
        rule.when = std::move(*whole);
    }

    // Versions of a rule share its id; each says from or until when it is in force.
    bool may_stand(const Rule& rule) {
        const bool dated = rule.from || rule.until;
        const auto [at, fresh] = ids_.emplace(rule.id, dated);
        return fresh || (dated && at->second);
    }

    void rules(Pack::Body& body) {
        const std::size_t before = body.rules.size();
        each("rule", [&](const toml::table& t) {
            only(t, {"id", "title", "basis", "source", "from", "until", "when", "unless", "unknown", "reason"});
            Rule rule;
            rule.id = text(t, "id");
            rule.title = text(t, "title");
            rule.basis = text(t, "basis");
            rule.reason = text(t, "reason");
            rule.when = expression(t, "when");
            version(t, rule);
            if (t.contains("unless")) rule.unless = expression(t, "unless");
            unknown(t, rule);
            if (!error_) add_rule(body, std::move(rule), t);
        });
        if (body.rules.size() == before && !error_) refuse("pack.syntax", "a pack has at least one rule", table_);
    }

    std::optional<FactValue> value(const toml::node& node, FactType type) {
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
                facts.set(fact->name, *one);
                continue;
            }
            std::vector<FactValue> several;
            if (node.is_array()) {
                for (const toml::node& item : *node.as_array()) {
                    if (const auto v = value(item, fact->type)) several.push_back(*v);
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

    void tests(Pack::Body& body) {
        each("test", [&](const toml::table& t) {
            only(t, {"name", "baseline", "facts", "unknown", "expect", "reasons"});
            PackTest test;
            test.name = text(t, "name");
            const std::string baseline = text(t, "baseline");
            const auto base = baselines_.find(baseline);
            if (base == baselines_.end()) return refuse("pack.syntax", "there is no baseline " + baseline, t);
            test.facts = base->second;
            if (const toml::table* facts = table_at(t, "facts")) set_facts(*facts, test.facts);
            if (const toml::table* facts = table_at(t, "unknown")) set_unknown(*facts, test.facts);
            const std::string expect = text(t, "expect");
            if (expect != "clear" && expect != "refer")
                return refuse("pack.type", "expect is \"clear\" or \"refer\"", t);
            test.expected = expect == "clear" ? Outcome::clear : Outcome::refer;
            if (const toml::node* n = t.get("reasons"); n != nullptr && !n->is_array())
                return refuse("pack.type", "reasons are a list", *n);
            if (const toml::array* reasons = t["reasons"].as_array()) {
                for (const toml::node& r : *reasons) {
                    const auto code = r.value<std::string>();
                    if (!code || !body.reasons.contains(*code))
                        return refuse("pack.syntax", "reasons are reason codes", r);
                    test.reasons.insert(*code);
                }
            }
            if ((test.expected == Outcome::refer) == test.reasons.empty()) {
                return refuse("pack.syntax",
                              "a test that expects refer names its reasons, one that expects clear has none", t);
            }
            body.tests.push_back(std::move(test));
        });
    }

    const toml::table& table_;
    std::string_view source_;
    const Schema& schema_;
    std::shared_ptr<const TableSet> tables_;
    Environment environment_;
    std::map<std::string, bool> ids_;  // whether it is a version
    std::map<std::string, Facts> baselines_;
};

Result<toml::table> parse_toml(ByteView text) {
    if (text.size() > max_pack_bytes) return fail("pack.too_large", "a pack has at most 1 MiB");
    if (const Status s = check_toml_characters(as_text(text)); !s)
        return fail("pack.syntax", s.error().detail, s.error().place);
    toml::parse_result parsed = toml::parse(as_text(text));
    if (parsed) return std::move(parsed).table();
    const auto& at = parsed.error().source().begin;
    return fail("pack.syntax", std::string{parsed.error().description()}, {.line = at.line, .column = at.column});
}

Result<Pack> parse(ByteView text, const Schema& schema, const std::vector<PackFile>& files) {
    const auto table = parse_toml(text);
    if (!table) return fail(table.error());
    auto tables = read_tables(*table, files);
    if (!tables) return fail(tables.error());
    auto body = Reader(*table, as_text(text), schema, std::move(*tables)).read();
    if (!body) return fail(body.error());
    (*body)->identity.hash = sha256(text);
    return Pack{std::move(*body)};
}

}  // namespace

const PackIdentity& Pack::identity() const { return body_->identity; }

const TableSource& Pack::tables() const { return *body_->tables; }

std::optional<ReasonText> Pack::reason(std::string_view code, std::string_view language) const {
    const auto words = body_->reasons.find(std::string{code});
    if (words == body_->reasons.end()) return std::nullopt;
    const auto there = words->second.find(std::string{language});
    return there != words->second.end() ? there->second : words->second.at("en");
}

Result<Pack> open_pack(ByteView bytes, const PackKeys& keys, const Schema& schema) {
    if (bytes.size() > max_pack_bytes) return fail("pack.too_large", "a pack has at most 1 MiB");
    const auto part = verify_signed_text(bytes, keys.officials, keys.threshold);
    if (!part) return fail(part.error());
    return parse(*part, schema, {});
}

Result<Pack> parse_draft(ByteView bytes, const Schema& schema, const std::vector<PackFile>& files) {
    if (bytes.size() > max_pack_bytes) return fail("pack.too_large", "a pack has at most 1 MiB");
    return parse(signed_part(bytes), schema, files);
}

Result<std::vector<std::string>> missing_files(ByteView draft) {
    const auto table = parse_toml(signed_part(draft));
    if (!table) return fail(table.error());
    return files_outside(*table);
}

Result<std::string> bundle(ByteView draft, const std::vector<PackFile>& files) {
    const auto missing = missing_files(draft);
    if (!missing) return fail(missing.error());
    std::string out{as_text(signed_part(draft))};
    for (const PackFile& f : files) {
        if (std::find(missing->begin(), missing->end(), f.name) == missing->end()) continue;
        const std::string text = table_text(f.text);
        if (text.find("'''") != std::string::npos || text.ends_with('\''))
            return fail("table.file", f.name + " has three quotes in a row, or ends with one");
        out += "\n[[file]]\nname = \"" + f.name + "\"\ntext = '''\n" + text + "'''\n";
    }
    return out;
}

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
