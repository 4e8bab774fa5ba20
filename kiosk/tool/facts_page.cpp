#include "kiosk/tool/facts_page.hpp"

namespace paso {
namespace {

std::string values_of(const FactDeclaration& f) {
    std::string out{f.type == FactType::boolean ? "condition" : f.type == FactType::text_set ? "set" : name(f.type)};
    if (f.range) out += " " + std::to_string(f.range->least) + " to " + std::to_string(f.range->most);
    if (!f.unit.empty()) out += " " + std::string{f.unit};
    for (std::size_t i = 0; i < f.values.size(); ++i) out += (i == 0 ? ": `" : ", `") + std::string{f.values[i]} + "`";
    return out;
}

std::string marks_of(const FactDeclaration& f) {
    std::string out;
    const auto mark = [&out](bool set, std::string_view word) {
        if (set) out += (out.empty() ? "" : ", ") + std::string{word};
    };
    mark(f.optional, "optional");
    mark(f.personal, "personal");
    mark(f.protection, "protection");
    return out;
}

}  // namespace

std::string facts_page(const Schema& schema) {
    std::string out =
        "# Facts\n"
        "What the conditions of rules may ask, written by `paso pack facts` from the program's own declarations. A "
        "fact has a value,\n"
        "several possible ones, or a cause why there is none. An **optional** fact is often unknown in ordinary work: "
        "its source is\n"
        "not asked at every crossing. A **personal** one says something of a person and stands in no log. What is "
        "about a request for\n"
        "**protection** is read by private rules of protection alone.\n\n"
        "| fact | what it says | values | who says it | |\n|---|---|---|---|---|\n";
    for (const FactDeclaration& f : schema.facts()) {
        out += "| `" + std::string{f.name} + "` | " + std::string{f.meaning} + " | " + values_of(f) + " | " +
               std::string{f.source} + " | " + marks_of(f) + " |\n";
    }
    return out;
}

}  // namespace paso
