// Packs that tests generate: rules over the small schema, a table and a group, and the travellers that there can be.
#pragma once

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/rules/pack.hpp"
#include "core/trust/digest.hpp"
#include "tests/unit/core/rules/expression_support.hpp"

namespace paso::test {

inline const std::string words =
    "[[reason]]\ncode = 'r'\nen = { traveller = 'Please see an officer.', officer = 'why' }\n";

inline std::string rule(const std::string& id, const std::string& when, const std::string& unless = "",
                        const std::string& more = "", const std::string& unknown = "'refer'") {
    return "[[rule]]\nid = '" + id + "'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + when + "\"\n" +
           (unless.empty() ? "" : "unless = \"" + unless + "\"\nunless_basis = 'u'\n") + "unknown = " + unknown + "\n" +
           more;
}

// Columns of the one table: text -> cell, by day; and a group that changes.
inline const std::string visa_rows = "ARG,free,,2024-10-06\nARG,needed,2024-10-07,\nBRA,free,,\n";
inline std::string tables_text(const std::string& visa = visa_rows) {
    const auto table = [](const std::string& name, const std::string& csv, const std::string& declaration) {
        return "[[table]]\nname = '" + name + "'\nfile = '" + name + ".csv'\nsha256 = '" +
               to_hex(sha256(as_bytes(csv))) + "'\n" + declaration + "[[file]]\nname = '" + name +
               ".csv'\ntext = '''\n" + csv + "'''\n";
    };
    return table(
               "visa", "s,v,from,until\n" + visa,
               "key = ['s']\ncolumns = [{ name = 's', kind = 'state' }, { name = 'v', kind = 'text', values = ['free', "
               "'needed'] }, { name = 'from', kind = 'from' }, { name = 'until', kind = 'until' }]\n") +
           table("groups", "g,m,from,until\nSOUTH,ARG,,\nSOUTH,CHL,2024-10-06,\n",
                 "groups = true\nkey = ['g', 'm']\ncolumns = [{ name = 'g', kind = 'text' }, { name = 'm', kind = "
                 "'state' }, { name = 'from', kind = 'from' }, { name = 'until', kind = 'until' }]\n");
}

inline std::string pack_text(const std::string& rules, const std::string& visa = visa_rows) {
    return "id = 'p'\nversion = '1'\n" + rules + words + tables_text(visa);
}

inline Pack pack_of(const std::string& text) {
    const auto pack = parse_draft(as_bytes(text), small_schema());
    INFO(text);
    if (!pack) FAIL(describe(pack.error()));
    return *pack;
}

// One fact of the generated packs: what a traveller may have there.
struct Choice {
    std::string name;
    std::vector<FactValue> values;
};

inline std::vector<Choice> choices() {
    std::vector<Choice> out{{"a", {false, true}},
                            {"b", {false, true}},
                            {"n", {}},
                            {"m", {}},
                            {"text", {}},
                            {"mode", {std::string{"air"}, std::string{"land"}, std::string{"sea"}}},
                            {"today", {}},
                            {"kinds", {}}};
    for (std::int64_t i = -3; i <= 6; ++i) {
        out[2].values.emplace_back(i);
        out[3].values.emplace_back(i);
    }
    for (const char* s : {"ARG", "BRA", "CHL", "x", "z"}) out[4].values.emplace_back(std::string{s});
    for (int d = 19'999; d <= 20'006; ++d) out[6].values.emplace_back(Date::from_days(d));  // 2024-10-03 and on
    for (unsigned mask = 0; mask < 16; ++mask) {
        std::set<std::string> set;
        for (unsigned i = 0; i < 4; ++i) {
            if ((mask >> i & 1U) != 0) set.insert(std::array{"ARG", "BRA", "CHL", "z"}[i]);
        }
        out[7].values.emplace_back(set);
    }
    return out;
}

class RuleGenerator {
  public:
    explicit RuleGenerator(unsigned seed) : r_(seed) {}
    std::mt19937& random() { return r_; }

    // Three facts that the rules of one pack are about.
    std::set<std::string> facts() {
        const auto all = choices();
        std::set<std::string> out;
        while (out.size() < 3) out.insert(all[r_() % all.size()].name);
        return out;
    }

    std::string condition(const std::set<std::string>& facts, int depth) {
        if (depth <= 0 || r_() % 4 == 0) return atom(facts);
        const std::string x = condition(facts, depth - 1);
        const std::string y = condition(facts, depth - 1);
        switch (r_() % 6) {
            case 0:
                return "!(" + x + ")";
            case 1:
                return "((" + x + ") ? (" + y + ") : (" + condition(facts, depth - 1) + "))";
            case 2:
            case 3:
                return "(" + x + ") || (" + y + ")";
            default:
                return "(" + x + ") && (" + y + ")";
        }
    }

  private:
    std::string pick(std::vector<std::string> of) { return of[r_() % of.size()]; }

    std::string atom(const std::set<std::string>& facts) {
        for (;;) {
            const std::string f = *std::next(facts.begin(), static_cast<std::ptrdiff_t>(r_() % facts.size()));
            const std::string op = pick({" == ", " != ", " < ", " <= ", " > ", " >= "});
            if (r_() % 8 == 0) return "known(" + f + ")";
            if (f == "a" || f == "b") return f;
            if (f == "mode") return pick({"mode == 'air'", "mode in ['air', 'sea']", "mode != 'land'"});
            if (f == "n" || f == "m") {
                if (facts.contains("n") && facts.contains("m") && r_() % 3 == 0) return "n" + op + "m";
                return r_() % 4 == 0 ? f + " in [0, 2, 3]" : f + op + std::to_string(r_() % 4);
            }
            if (f == "today") return "today" + op + "date('" + Date::from_days(20'001 + int(r_() % 4)).iso() + "')";
            if (f == "kinds") {
                if (facts.contains("text") && r_() % 2 == 0) return "text in kinds";
                return pick({"'ARG' in kinds", "'CHL' in kinds"});
            }
            if (!facts.contains("today") || r_() % 2 == 0)
                return pick({"text == 'ARG'", "text in ['ARG', 'CHL']", "text != 'CHL'"});
            return pick({"table.visa(text) == 'needed'", "table.visa(text) != 'free'", "text in group('SOUTH')"});
        }
    }

    std::mt19937 r_;
};

}  // namespace paso::test
