// Over 400 lines: the page is written from top to bottom, section by section.
#include "kiosk/tool/pack_page.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/inspection/fact_schema.hpp"
#include "core/rules/pack_body.hpp"
#include "core/rules/sentences.hpp"
#include "core/rules/words.hpp"
#include "core/trust/digest.hpp"
#include "kiosk/tool/html.hpp"

namespace paso {
namespace {

using html::element;
using html::escaped;

constexpr std::string_view style = R"(
:root { color-scheme: light; --ink: #1a1a1a; --soft: #4a4a4a; --line: #b8b8b8; --paper: #fff; --shade: #f4f2ec; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1.05rem/1.55 Charter, "Bitstream Charter", Cambria, Georgia, "DejaVu Serif", serif; }
header, main, footer { max-inline-size: 46rem; margin-inline: auto; padding-inline: 1.5rem; }
header { padding-block: 2.5rem 1rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin-block: 0 .6rem; }
h2 { font-size: 1.4rem; margin-block: 2.8rem 1rem; padding-block-end: .3rem; border-block-end: 2px solid var(--ink); }
h3 { font-size: 1.15rem; margin-block: 0 .5rem; line-height: 1.3; }
p { margin-block: .5rem; }
a { color: #17406d; }
.soft, .code { color: var(--soft); font-size: .9rem; }
.code { font-family: "DejaVu Sans Mono", monospace; font-size: .8rem; overflow-wrap: anywhere; }
.sample { border: 2px solid var(--ink); padding: .5rem .9rem; font-weight: bold; }
article { margin-block: 2.2rem; break-inside: avoid; }
ol.terms { list-style-type: lower-alpha; margin-block: .3rem; padding-inline-start: 2rem; }
ol.terms ol.terms { list-style-type: lower-roman; }
ol.contents { columns: 2; column-gap: 2rem; padding-inline-start: 1.6rem; }
dl { display: grid; grid-template-columns: 9.5rem 1fr; gap: .3rem 1rem; margin-block: .8rem 0; padding-block-start: .6rem; border-block-start: 1px solid var(--line); font-size: .95rem; }
dt { color: var(--soft); }
dd { margin: 0; }
dd ul { margin: 0; padding-inline-start: 1.1rem; }
blockquote { margin: 0; }
.table { overflow-x: auto; }
.table + .table { margin-block-start: 1.4rem; }
table { border-collapse: collapse; inline-size: 100%; font-size: .92rem; }
caption { text-align: start; padding-block-end: .4rem; color: var(--soft); }
th, td { text-align: start; vertical-align: top; padding: .3rem .7rem .3rem 0; border-block-end: 1px solid var(--line); }
thead th { border-block-end: 2px solid var(--ink); }
tr { break-inside: avoid; }
td ul { margin: 0; padding-inline-start: 1.1rem; }
footer { padding-block: 2rem; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-block-end: .5rem; } ol.contents { columns: 1; } }
@page { margin: 2cm; }
@media print { body { font-size: 10.5pt; } header, main, footer { max-inline-size: none; padding-inline: 0; } a { color: inherit; text-decoration: none; } h2 { break-after: avoid; } }
)";

std::string code(std::string_view text) { return element("span class=\"code\"", escaped(text)); }

std::string list(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& i : items) out += element("li", i);
    return element("ul", out);
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

// The sentence and what ends it, or ":" and the terms below each other, the last of which it ends.
std::string terms(const Clause& clause, std::string_view end) {
    const bool flat = std::all_of(clause.parts.begin(), clause.parts.end(),
                                  [](const Clause& c) { return c.join == Clause::Join::none && !c.loose; });
    if (clause.join == Clause::Join::none || (flat && clause.parts.size() == 2))
        return escaped(one_line(clause)) + std::string{end};
    const bool all = clause.join == Clause::Join::all;
    std::string items;
    for (std::size_t i = 0; i < clause.parts.size(); ++i) {
        const std::size_t left = clause.parts.size() - i - 1;
        items += element("li", terms(clause.parts[i], left == 0 ? end : left == 1 ? (all ? "; and" : "; or") : ";"));
    }
    return std::string{all ? "all of this holds:" : "any of this holds:"} + element("ol class=\"terms\"", items);
}

std::string_view who(Outcome o) {
    switch (o) {
        case Outcome::clear:
            return "nobody";
        case Outcome::officer:
            return "an officer";
        case Outcome::health:
            return "the health desk";
        case Outcome::protection:
            return "an official for protection";
    }
    return "an officer";
}

std::string days(std::optional<Date> from, std::optional<Date> until) {
    if (!from && !until) return {};
    if (!until) return "from " + date_words(*from);
    return (from ? "from " + date_words(*from) + " until " : "until ") + date_words(*until);
}

std::string_view domain_words(FactType t) {
    switch (t) {
        case FactType::boolean:
            return "yes or no";
        case FactType::integer:
            return "a number";
        case FactType::text:
            return "a text";
        case FactType::date:
            return "a day";
        case FactType::text_set:
            return "several texts";
    }
    return "a text";
}

std::string cell_words(const Value& v) {
    switch (v.kind) {
        case Kind::boolean:
            return v.yes() ? "yes" : "no";
        case Kind::integer:
            return std::to_string(v.number);
        case Kind::date:
            return date_words(v.day());
        default:
            return std::string{v.view()};
    }
}

// "Brazil (BRA)" for the code of a State; the key of a row as it stands for everything else.
std::string state_words(const Value& key) {
    const std::string words = cell_words(key);
    const std::string called = key.is(Kind::text) ? fact::state_called(words) : std::string{};
    return called.empty() ? words : called;
}

class Page {
  public:
    Page(const Pack& pack, const Schema& schema, std::string_view language)
        : pack_(pack), body_(pack.body()), schema_(schema), language_(language) {
        run_tests();
    }

    std::string write() {
        std::string main = contents() + how_to_read() + rules() + tables() + tests() + facts();
        const std::string head = "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">" +
                                 element("title", escaped(title() + ", version " + body_.identity.version)) +
                                 element("style", style);
        return "<!DOCTYPE html>\n" +
               element("html lang=\"en\" dir=\"ltr\"",
                       element("head", head) +
                           element("body", header() + element("main", main) +
                                               element("footer class=\"soft\"",
                                                       element("p",
                                                               "Reading copy. The pack itself is what is in "
                                                               "force; its SHA-256 is " +
                                                                   code(to_hex(body_.identity.hash)) + ".")))) +
               "\n";
    }

  private:
    struct Shown {  // the tests that show a rule
        std::vector<std::size_t> refers;
        std::vector<std::size_t> exempted;
    };

    void run_tests() {
        shown_.resize(body_.rules.size());
        Assessor assessor(pack_);
        const auto done = run_pack_tests(pack_);
        for (const PackTestResult& t : done) passed_.push_back(t.passed);
        for (std::size_t t = 0; t < body_.tests.size(); ++t) {
            assessor.bind(body_.tests[t].facts);
            const auto results = assessor.results();
            for (std::size_t r = 0; r < results.size(); ++r) {
                if (results[r].refers) shown_[r].refers.push_back(t);
                if (results[r].exempted) shown_[r].exempted.push_back(t);
            }
        }
    }

    std::string title() const { return body_.title.empty() ? body_.identity.id : body_.title; }

    std::string header() const {
        std::string out = element("h1", escaped(title()));
        out += element("p", "Rule pack " + code(body_.identity.id) + ", version " + escaped(body_.identity.version));
        if (body_.sample) out += element("p class=\"sample\"", "Sample. Not for a real border.");
        const auto failed = std::count(passed_.begin(), passed_.end(), false);
        if (failed > 0)
            out +=
                element("p class=\"sample\"", std::to_string(failed) +
                                                  " of the pack’s own tests do not hold: its rules do not say what its "
                                                  "authors expect.");
        return element("header", out);
    }

    static std::string section(std::string_view id, std::string_view heading, const std::string& content) {
        const std::string label = std::string{id} + "-title";
        return element("section aria-labelledby=\"" + label + "\"",
                       element("h2 id=\"" + label + "\"", heading) + content);
    }

    static std::string rule_id(std::size_t n) { return "rule-" + std::to_string(n + 1); }
    static std::string test_id(std::size_t n) { return "test-" + std::to_string(n + 1); }

    std::string contents() const {
        std::string items;
        for (std::size_t n = 0; n < body_.rules.size(); ++n)
            items += element("li", element("a href=\"#" + rule_id(n) + "\"", escaped(body_.rules[n].title)));
        return element("nav aria-label=\"Rules\"", element("ol class=\"contents\"", items));
    }

    std::string how_to_read() const {
        return section(
            "reading", "How to read this",
            element(
                "p",
                "The rules are asked about each crossing, every one of them. A rule can only ask that a person looks "
                "at it; nothing here can turn anybody away. Where no rule asks for a person, the crossing is clear. "
                "Where several do, the traveller meets the officials for protection before an officer, and an "
                "officer before the health desk.") +
                element(
                    "p",
                    "What a rule asks about may not be known. That is no yes and no no: each rule says what follows "
                    "then. Each rule gives the law that it rests on, and the tests of the pack that show it. Days "
                    "are those at the border post."));
    }

    std::string rules() const {
        std::string out;
        for (std::size_t n = 0; n < body_.rules.size(); ++n) out += rule(n);
        return section("rules", "The rules", out);
    }

    std::string rule(std::size_t n) const {
        const Rule& r = body_.rules[n];
        std::string out = element("h3", std::to_string(n + 1) + ". " + escaped(r.title));
        const std::size_t days_written = (r.from ? 1U : 0U) + (r.until ? 1U : 0U);
        if (r.when) {
            const Clause when = sentence_of(*r.when, schema_, *body_.tables, days_written);
            out += element("p", capital(std::string{who(r.then)}) + " is asked to look if " + terms(when, "."));
        }
        if (r.unless) {
            const Clause unless = sentence_of(*r.unless, schema_, *body_.tables);
            out += element("p", "This is not so if " + terms(unless, "."));
        }
        out += unknown(r);
        return element("article id=\"" + rule_id(n) + "\"", out + particulars(n));
    }

    // "If" sentences are <p> with a list inside, which HTML does not allow: they are written as <div>.
    static std::string element(std::string_view tag, std::string_view content) {
        return html::element(tag == "p" && content.find("<ol") != content.npos ? "div" : tag, content);
    }

    std::string unknown(const Rule& r) const {
        std::vector<std::string> refers;
        std::vector<std::string> ignores;
        for (int c = 1; c <= 8; ++c) {
            const auto cause = static_cast<Cause>(c);
            const bool yes = (r.refers_on & Value::bit(cause)) != 0;
            (yes ? refers : ignores).push_back(escaped(cause_words(cause)));
        }
        (r.refers_on_fault ? refers : ignores).emplace_back("a sum or a day is beyond all bounds");
        const std::string person{who(r.then)};
        const std::string asked = "Where this cannot be told, " + person + " is asked to look";
        if (ignores.empty()) return element("p", asked + " too, whatever the cause.");
        const std::string exempted =
            r.unless ? " Where only the exemption cannot be told, " + person + " is asked to look." : "";
        if (refers.empty())
            return element("p", "Where this cannot be told, the rule asks for nobody, whatever the cause." + exempted);
        if (ignores.size() <= refers.size())
            return element("p", asked + " too. This rule asks for nobody where the cause is that " +
                                    joined(ignores, "or that") + "." + exempted);
        return element("p", "Where this cannot be told, the rule asks for nobody; but where the cause is that " +
                                joined(refers, "or that") + ", " + person + " is asked to look." + exempted);
    }

    static std::string joined(const std::vector<std::string>& items, std::string_view last) {
        std::string out;
        for (std::size_t i = 0; i < items.size(); ++i)
            out += (i == 0 ? "" : i + 1 == items.size() ? " " + std::string{last} + " " : ", ") + items[i];
        return out;
    }

    static void entry(std::string& out, std::string_view term, const std::string& content) {
        if (!content.empty()) out += html::element("dt", term) + html::element("dd", content);
    }

    std::string particulars(std::size_t n) const {
        const Rule& r = body_.rules[n];
        std::string out;
        entry(out, "Basis", made_by_pack(r) ? "the days that the pack gives for itself" : escaped(r.basis));
        entry(out, "Source", escaped(r.source));
        entry(out, "Basis of the exemption", escaped(r.unless_basis));
        const std::string in_force = days(r.from, r.until);
        entry(out, "In force", in_force.empty() ? "as long as the pack" : in_force);
        entry(out, "Rests on", rests_on(r));
        words(out, r);
        if (r.is_private)
            entry(out, "Private", "what it is about stays between the traveller and the official of the case");
        if (r.is_silent) entry(out, "Silent", "it changes nothing on the traveller’s screen");
        entry(out, "Shown by", tests_of(shown_[n].refers));
        entry(out, "Exempted in", tests_of(shown_[n].exempted));
        entry(out, "Name in the pack", code(r.id) + ", reason " + code(r.reason));
        return html::element("dl", out);
    }

    // What the traveller reads of a private or silent rule is nothing: others read the screen too.
    void words(std::string& out, const Rule& r) const {
        const bool hidden = r.is_private || r.is_silent;
        if (!hidden) entry(out, "The traveller reads", reason(r, &ReasonText::traveller));
        if (!hidden && spoken_otherwise(r, &ReasonText::traveller, &ReasonText::traveller_spoken))
            entry(out, "The traveller hears", reason(r, &ReasonText::traveller_spoken));
        entry(out, "The officer reads", reason(r, &ReasonText::officer));
        if (spoken_otherwise(r, &ReasonText::officer, &ReasonText::officer_spoken))
            entry(out, "The officer hears", reason(r, &ReasonText::officer_spoken));
    }

    static bool made_by_pack(const Rule& r) { return r.id == "pack.validity"; }

    std::string rests_on(const Rule& r) const {
        std::vector<std::string> items;
        for (const FactSlot& f : r.facts) {
            const FactDeclaration& fact = schema_.facts()[f.slot];
            items.push_back(html::element("a href=\"#fact-" + std::string{fact.name} + "\"", escaped(noun(fact))));
        }
        return joined(items, "and");
    }
    static std::string noun(const FactDeclaration& fact) {
        return (fact.type == FactType::boolean ? "whether " : "") + fact_words(fact);
    }

    // The words of its reason in the page's language, in English where there are none, and the language they are in.
    std::pair<const ReasonText&, std::string> reason_text(const Rule& r) const {
        const auto& words = body_.reasons.at(r.reason);
        const auto at = words.find(language_);
        if (at == words.end()) return {words.at("en"), "en"};
        return {at->second, language_};
    }
    bool spoken_otherwise(const Rule& r, std::string ReasonText::*read, std::string ReasonText::*spoken) const {
        const ReasonText& text = reason_text(r).first;
        return text.*read != text.*spoken;
    }
    std::string reason(const Rule& r, std::string ReasonText::*part) const {
        const auto [text, lang] = reason_text(r);
        return html::element("span lang=\"" + escaped(lang) + "\" dir=\"" + direction(lang) + "\"",
                             "“" + escaped(text.*part) + "”");
    }
    static std::string direction(std::string_view language) {
        constexpr std::array right_to_left{"ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb"};
        const std::string_view base = language.substr(0, language.find('-'));
        return std::find(right_to_left.begin(), right_to_left.end(), base) == right_to_left.end() ? "ltr" : "rtl";
    }

    std::string tests_of(const std::vector<std::size_t>& tests) const {
        std::vector<std::string> items;
        for (const std::size_t t : tests)
            items.push_back(html::element("a href=\"#" + test_id(t) + "\"", escaped(body_.tests[t].name)));
        return items.empty() ? std::string{} : list(items);
    }

    std::string tables() const {
        const TableSet& set = *body_.tables;
        std::string out;
        for (std::size_t n = 0; n < set.size(); ++n) out += table(set.declaration(n), set.rows_of_table(n));
        return out.empty() ? out : section("tables", "The tables", out);
    }

    static std::string table(const TableDeclaration& d, std::span<const TableSet::Row> rows) {
        std::string head;
        const auto column = [&head](std::string_view words) {
            head += html::element("th scope=\"col\"", escaped(words));
        };
        for (const std::string& k : d.key) column(k);
        for (const TableColumn& c : d.columns) {
            const bool key = std::find(d.key.begin(), d.key.end(), c.name) != d.key.end();
            if (!key && c.kind < ColumnKind::from) column(c.name);
        }
        column("in force");
        for (const TableColumn& c : d.columns) {
            if (c.kind == ColumnKind::note) column(c.name);
        }
        std::string body;
        for (const TableSet::Row& r : rows) body += row(r);
        const std::string caption = std::string{d.groups ? "Groups" : "Table"} + " " + code(d.name) + ", file " +
                                    code(d.file) + ", " + std::to_string(rows.size()) + " rows";
        return html::element(
            "div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"table " + escaped(d.name) + "\"",
            html::element("table", html::element("caption", caption) +
                                       html::element("thead", html::element("tr", head)) +
                                       html::element("tbody", body)));
    }
    static std::string row(const TableSet::Row& r) {
        std::string out;
        for (const Value& v : r.keys) out += html::element("td", escaped(state_words(v)));
        for (const Value& v : r.cells) out += html::element("td", escaped(cell_words(v)));
        const std::string in_force = days(r.from == first_day ? std::nullopt : std::optional{r.from},
                                          r.until == last_day ? std::nullopt : std::optional{r.until});
        out += html::element("td", in_force.empty() ? "without end" : in_force);
        for (const Value& v : r.notes) out += html::element("td", escaped(cell_words(v)));
        return html::element("tr", out);
    }

    std::string tests() const {
        if (body_.tests.empty()) return {};
        std::string rows;
        for (std::size_t n = 0; n < body_.tests.size(); ++n) {
            const PackTest& t = body_.tests[n];
            std::string reasons;
            for (const std::string& r : t.reasons) reasons += (reasons.empty() ? "" : ", ") + code(r);
            rows +=
                html::element("tr id=\"" + test_id(n) + "\"",
                              html::element("th scope=\"row\"", escaped(t.name)) +
                                  html::element("td", n == 0 ? std::string{"all facts below"} : differences(t)) +
                                  html::element("td", escaped(name(t.expected)) +
                                                          (passed_[n] ? "" : ". <strong>It does not hold.</strong>")) +
                                  html::element("td", reasons));
        }
        const std::string head =
            html::element("th scope=\"col\"", "Test") + html::element("th scope=\"col\"", "Other than in the first") +
            html::element("th scope=\"col\"", "Outcome") + html::element("th scope=\"col\"", "Reasons");
        return section("tests", "The tests",
                       html::element("div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"tests\"",
                                     html::element("table", html::element("thead", html::element("tr", head)) +
                                                                html::element("tbody", rows))) +
                           html::element("p", "In the first test: ") + list(entries(body_.tests.front().facts)));
    }

    std::string fact_text(const FactEntry& e) const {
        const FactDeclaration* fact = schema_.find(e.name);
        const auto said = [fact](const FactValue& v) {
            return fact == nullptr ? value_words(v) : statement_words(*fact, v);
        };
        std::string values;
        for (const FactValue& v : e.values) values += (values.empty() ? "" : " or ") + said(v);
        if (!e.values.empty() && fact != nullptr) return escaped(values);
        if (e.values.empty()) values = "not known, " + std::string{cause_words(e.cause)};
        return escaped((fact == nullptr ? e.name : noun(*fact)) + ": " + values);
    }
    std::vector<std::string> entries(const Facts& facts) const {
        std::vector<std::string> out;
        for (const FactEntry& e : facts.entries()) out.push_back(fact_text(e));
        return out;
    }
    std::string differences(const PackTest& t) const {
        std::vector<std::string> out;
        const Facts& first = body_.tests.front().facts;
        for (const FactEntry& e : t.facts.entries()) {
            const FactEntry* there = first.find(e.name);
            if (there == nullptr || *there != e) out.push_back(fact_text(e));
        }
        for (const FactEntry& e : first.entries()) {
            if (t.facts.find(e.name) == nullptr) out.push_back(fact_text({e.name, {}, Cause::not_read}));
        }
        return out.empty() ? std::string{"nothing"} : list(out);
    }

    std::string facts() const {
        std::set<std::uint16_t> read;
        for (const Rule& r : body_.rules) {
            for (const FactSlot& f : r.facts) read.insert(f.slot);
        }
        std::string rows;
        for (const std::uint16_t slot : read) {
            const FactDeclaration& f = schema_.facts()[slot];
            rows += html::element("tr id=\"fact-" + std::string{f.name} + "\"",
                                  html::element("th scope=\"row\"", escaped(capital(std::string{f.meaning}))) +
                                      html::element("td", escaped(domain(f))) + html::element("td", escaped(f.source)) +
                                      html::element("td", code(f.name)));
        }
        const std::string head =
            html::element("th scope=\"col\"", "Fact") + html::element("th scope=\"col\"", "May be") +
            html::element("th scope=\"col\"", "Comes from") + html::element("th scope=\"col\"", "Name in the pack");
        return section("facts", "The facts that the rules ask about",
                       html::element("p", "Each of them may also be unknown, with a cause.") +
                           html::element("div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"facts\"",
                                         html::element("table", html::element("thead", html::element("tr", head)) +
                                                                    html::element("tbody", rows))));
    }
    static std::string domain(const FactDeclaration& f) {
        if (f.values.empty())
            return std::string{domain_words(f.type)} + (f.unit.empty() ? "" : " of " + std::string{f.unit});
        std::vector<std::string> values;
        for (const std::string_view v : f.values) values.push_back("“" + std::string{v} + "”");
        return joined(values, "or");
    }

    const Pack& pack_;
    const Pack::Body& body_;
    const Schema& schema_;
    std::string language_;
    std::vector<Shown> shown_;  // of each rule
    std::vector<bool> passed_;  // of each test
};

}  // namespace

std::set<std::string> languages_of(const Pack& pack) {
    std::set<std::string> out;
    for (const auto& [reason, words] : pack.body().reasons) {
        for (const auto& [language, text] : words) out.insert(language);
    }
    return out;
}

std::string pack_page(const Pack& pack, const Schema& schema, std::string_view language) {
    return Page(pack, schema, language).write();
}

}  // namespace paso
