// Over 300 lines: what a rule is made of, key by key, in the order in which it is written.
#include "core/rules/pack_rules.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "core/encoding/utf8.hpp"
#include "core/rules/codec.hpp"
#include "core/rules/toml_reader.hpp"

namespace paso {
namespace {

constexpr std::uint64_t max_pack_cost = 10'000'000;  // steps of all rules together, for one set of values

// Reads a pack top to bottom. The first thing that is wrong is kept with its place; what follows is then skipped.
class RuleReader : TomlReader {
  public:
    RuleReader(const PackSource& pack, Pack::Body& body)
        : table_(pack.table),
          source_(pack.source),
          schema_(pack.schema),
          body_(body),
          environment_(schema_, body.tables.get()) {}

    Status read() {
        for (const auto& n : environment_.names()) body_.facts.push_back({std::string{n.name}, n.slot});
        reasons();
        validity();
        rules();
        if (error_) return fail(*error_);
        return {};
    }

  private:
    void reasons() {
        each_table(table_, "reason", max_entries, [&](const toml::table& t) {
            const std::string code = words(t, "code");
            std::map<std::string, ReasonText> words;
            for (const auto& [key, node] : t) {
                if (key.str() == "code") continue;
                if (!node.is_table()) return refuse("pack.type", "the words of a language are a table", node);
                words[std::string{key.str()}] = reason_text(*node.as_table());
            }
            if (!words.contains("en")) return refuse("pack.text_missing", code + " has no English words", t);
            if (!body_.reasons.emplace(code, std::move(words)).second)
                refuse("pack.duplicate", "reason " + code + " stands twice", t);
        });
    }

    ReasonText reason_text(const toml::table& t) {
        only(t, {"traveller", "officer", "traveller_spoken", "officer_spoken"});
        const auto spoken = [&](std::string_view key, const std::string& read) {
            return t.contains(key) ? words(t, key) : read;
        };
        ReasonText out{words(t, "traveller"), words(t, "officer"), {}, {}};
        out.traveller_spoken = spoken("traveller_spoken", out.traveller);
        out.officer_spoken = spoken("officer_spoken", out.officer);
        return out;
    }

    // The part of the pack that begins at this place; columns count characters.
    std::string_view from(const Place& at) const {
        std::size_t offset = 0;
        for (std::uint32_t line = 1; line < at.line.value_or(1); ++line) {
            const std::size_t end = source_.find('\n', offset);
            if (end == std::string_view::npos) return {};
            offset = end + 1;
        }
        for (std::uint32_t column = 1; column < at.column.value_or(1) && offset < source_.size(); ++column) {
            do ++offset;
            while (offset < source_.size() && !begins_character(source_[offset]));
        }
        return source_.substr(offset);
    }

    // From a place within an expression to one in the pack: exact where the text has no escapes.
    Place place_within(const toml::node& node, const Place& inner) const {
        Place place = place_of(node);
        const std::string_view text = from(place);
        const bool triple = text.starts_with("\"\"\"") || text.starts_with("'''");
        const bool line_break = triple && (text.substr(3).starts_with("\n") || text.substr(3).starts_with("\r\n"));
        const std::uint32_t lines = inner.line.value_or(1) - 1 + (line_break ? 1 : 0);
        const std::uint32_t column = inner.column.value_or(1);
        place.column = lines == 0 ? place.column.value_or(1) + (triple ? 3 : 1) + column - 1 : column;
        place.line = place.line.value_or(1) + lines;
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

    static std::optional<Date> date_at(const toml::node* node) {
        if (node == nullptr || !node->is_date()) return std::nullopt;
        const toml::date d = node->as_date()->get();
        return Date::of(d.year, d.month, d.day);
    }

    bool policy(const toml::node& node) {
        const auto word = node.value<std::string_view>();
        if (word == "refer") return true;
        if (word != "ignore") refuse("pack.type", "unknown is \"refer\" or \"ignore\"", node);
        return false;
    }

    // unknown = "refer", or a word for each cause: all eight and `error`, or those that differ from a stated default.
    void unknown(const toml::table& t, Rule& rule) {
        const toml::node* node = t.get("unknown");
        if (node == nullptr) return refuse("pack.syntax", "unknown is missing in rule " + rule.id, t);
        const toml::table* table = node->as_table();
        const toml::node* otherwise = table == nullptr ? node : table->get("default");
        const bool refers = otherwise != nullptr && policy(*otherwise);
        rule.refers_on_fault = refers;
        rule.refers_on = refers ? 0xFF : 0;
        if (table == nullptr) return;
        std::size_t stated = 0;
        for (const auto& [key, value] : *table) {
            if (key.str() == "default") continue;
            ++stated;
            if (key.str() == "error") {
                rule.refers_on_fault = policy(value);
                continue;
            }
            const auto cause = cause_named(key.str());
            if (!cause) return refuse("pack.syntax", std::string{key.str()} + " is no cause", value);
            const std::uint8_t bit = Value::bit(*cause);
            rule.refers_on = static_cast<std::uint8_t>(policy(value) ? rule.refers_on | bit : rule.refers_on & ~bit);
        }
        if (otherwise == nullptr && stated < 9) {
            refuse("pack.syntax",
                   "unknown of rule " + rule.id + " names each of the eight causes and error, or a default", *node);
        }
    }

    void then(const toml::table& t, Rule& rule) {
        if (!t.contains("then")) return;
        const auto outcome = outcome_named(words(t, "then"));
        if (!outcome || *outcome == Outcome::clear)
            return refuse("pack.type", "then is \"officer\", \"health\" or \"protection\"", *t.get("then"));
        rule.then = *outcome;
    }

    bool flag(const toml::table& t, std::string_view key) {
        const toml::node* node = t.get(key);
        if (node != nullptr && !node->is_boolean()) refuse("pack.type", std::string{key} + " is true or false", *node);
        return node != nullptr && node->value_or(false);
    }

    void unless(const toml::table& t, Rule& rule) {
        if (!t.contains("unless")) {
            if (t.contains("unless_basis"))
                refuse("pack.syntax", "unless_basis without unless", *t.get("unless_basis"));
            return;
        }
        rule.unless = expression(t, "unless");
        rule.unless_basis = words(t, "unless_basis");
    }

    // What is known of a request for protection stays with those who protect.
    void protection(const toml::node& t, const Rule& rule) {
        const bool fit = rule.then == Outcome::protection && rule.is_private;
        if (rule.then == Outcome::protection && !rule.is_private)
            return refuse("pack.protection", "rule " + rule.id + " is of protection: it must be private", t);
        for (const FactSlot& f : rule.facts) {
            if (fit || !schema_.find(f.name)->protection) continue;
            return refuse("pack.protection",
                          "rule " + rule.id + " reads " + f.name + ": only private rules of protection may", t);
        }
    }

    // valid = { from = 2026-01-01, until = 2027-12-31, reason = "..." } becomes the first rule: outside of its time a
    // pack refers every and says so.
    void validity() {
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
            const auto day = date_at(at);
            if (!day) return refuse("pack.type", std::string{key} + " must be a date", at == nullptr ? t : *at);
            if (!outside.empty() && *day < last) return refuse("pack.type", "until is before from", *at);
            last = *day;
            outside +=
                (outside.empty() ? "" : " || ") + std::string{schema_.day()} + before + "date('" + last.iso() + "')";
        }
        auto when = parse_expression(outside, environment_);
        if (!when) return refuse(when.error().code, when.error().detail, t);
        Rule rule{
            .id = "pack.validity", .title = "The pack is in force", .basis = "valid", .reason = words(t, "reason")};
        if (error_) return;
        rule.when = std::move(*when);
        add_rule(std::move(rule), t);
    }

    void add_rule(Rule rule, const toml::node& at) {
        if (!body_.reasons.contains(rule.reason))
            return refuse("pack.text_missing", "reason " + rule.reason + " has no words", at);
        if (!may_stand(rule)) return refuse("pack.duplicate", "rule " + rule.id + " stands twice", at);
        std::vector<bool> reads(body_.facts.size(), false);
        for (const Expression* e : {&*rule.when, rule.unless ? &*rule.unless : nullptr}) {
            if (e == nullptr) continue;
            for (const std::uint16_t slot : e->slots()) reads[slot] = true;
            body_.cost += e->cost();
        }
        if (body_.cost > max_pack_cost) return refuse("pack.cost", "all rules together may take too many steps", at);
        std::copy_if(body_.facts.begin(), body_.facts.end(), std::back_inserter(rule.facts),
                     [&](const FactSlot& f) { return reads[f.slot]; });
        protection(at, rule);
        if (error_) return;
        lay_out(rule);
        if (rank(rule.then) > rank(body_.highest)) body_.highest = rule.then;
        body_.rules.push_back(std::move(rule));
    }

    // The code of all rules lies side by side, so that running them walks through memory once.
    void lay_out(const Rule& rule) {
        const auto put = [this](const std::optional<Expression>& e) {
            if (!e) return;
            const Program& p = e->program();
            body_.code.insert(body_.code.end(), p.fused.begin(), p.fused.end());
            body_.constants.insert(body_.constants.end(), p.constants.begin(), p.constants.end());
        };
        const auto size = [](const auto& v) { return static_cast<std::uint32_t>(v.size()); };
        RuleCode c{.when = size(body_.code), .when_constants = size(body_.constants)};
        put(rule.when);
        c.unless = size(body_.code);
        c.unless_constants = size(body_.constants);
        put(rule.unless);
        c.end = size(body_.code);
        c.refers_on = rule.refers_on;
        c.refers_on_fault = rule.refers_on_fault;
        c.then = rule.then;
        body_.rule_codes.push_back(c);
    }

    // from = 2026-01-01, until = 2026-12-31: on other days the rule says no.
    void version(const toml::table& t, Rule& rule) {
        std::string in_force;
        const auto day = [&](std::string_view key, std::string_view compared) -> std::optional<Date> {
            const toml::node* at = t.get(key);
            if (at == nullptr) return std::nullopt;
            const auto d = date_at(at);
            if (!d) return refuse("pack.type", std::string{key} + " must be a date", *at), std::nullopt;
            if (schema_.day().empty())
                return refuse("pack.fact", "there is no fact that tells the day", *at), std::nullopt;
            in_force += std::string{schema_.day()} + std::string{compared} + "date('" + d->iso() + "') && ";
            return d;
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

    void rules() {
        const std::size_t before = body_.rules.size();
        each_table(table_, "rule", max_entries, [&](const toml::table& t) {
            only(t, {"id", "title", "basis", "source", "from", "until", "when", "unless", "unless_basis", "then",
                     "unknown", "reason", "private", "silent"});
            Rule rule;
            rule.id = words(t, "id");
            if (rule.id == "pack.validity") return refuse("pack.duplicate", "pack.validity is the rule of `valid`", t);
            rule.title = words(t, "title");
            rule.basis = words(t, "basis");
            if (t.contains("source")) rule.source = words(t, "source");
            rule.reason = words(t, "reason");
            rule.when = expression(t, "when");
            version(t, rule);
            unless(t, rule);
            then(t, rule);
            rule.is_private = flag(t, "private");
            rule.is_silent = flag(t, "silent");
            unknown(t, rule);
            if (!error_) add_rule(std::move(rule), t);
        });
        if (body_.rules.size() == before && !error_) refuse("pack.syntax", "a pack has at least one rule", table_);
    }

    const toml::table& table_;
    std::string_view source_;
    const Schema& schema_;
    Pack::Body& body_;
    Environment environment_;
    std::map<std::string, bool> ids_;  // whether it is a version
};

}  // namespace

Status read_rules(const PackSource& pack, Pack::Body& body) { return RuleReader(pack, body).read(); }

}  // namespace paso
