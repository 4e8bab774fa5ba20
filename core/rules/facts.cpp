#include "core/rules/facts.hpp"

#include <algorithm>
#include <utility>

#include "core/rules/codec.hpp"

namespace paso {

std::string_view name(FactType t) {
    switch (t) {
        case FactType::boolean:
            return "boolean";
        case FactType::integer:
            return "integer";
        case FactType::text:
            return "text";
        case FactType::date:
            return "date";
        case FactType::text_set:
            return "text_set";
    }
    return "text";
}

FactType type_of(const FactValue& value) { return static_cast<FactType>(value.index()); }

bool admits(const FactDeclaration& fact, const FactValue& value) {
    if (type_of(value) != fact.type) return false;
    if (const auto* n = std::get_if<std::int64_t>(&value))
        return !fact.range || (*n >= fact.range->least && *n <= fact.range->most);
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr || fact.values.empty() ||
           std::find(fact.values.begin(), fact.values.end(), *text) != fact.values.end();
}

FactEntry& Facts::entry(std::string_view name) {
    const auto it = std::lower_bound(entries_.begin(), entries_.end(), name,
                                     [](const FactEntry& e, std::string_view n) { return e.name < n; });
    if (it != entries_.end() && it->name == name) return *it;
    return *entries_.insert(it, FactEntry{std::string{name}, {}, Cause::not_read});
}

void Facts::set(std::string_view name, FactValue value) {
    std::vector<FactValue> one;
    one.push_back(std::move(value));
    set_possible(name, std::move(one));
}

void Facts::set_possible(std::string_view name, std::vector<FactValue> values) {
    FactEntry& e = entry(name);
    e.values = std::move(values);
    e.cause = Cause::not_read;
}

void Facts::set_unknown(std::string_view name, Cause cause) {
    FactEntry& e = entry(name);
    e.values.clear();
    e.cause = cause;
}

const FactEntry* Facts::find(std::string_view name) const {
    const auto it = std::lower_bound(entries_.begin(), entries_.end(), name,
                                     [](const FactEntry& e, std::string_view n) { return e.name < n; });
    return it != entries_.end() && it->name == name ? &*it : nullptr;
}

Bytes encode_facts(const Facts& facts) {
    CborWriter w;
    w.array(facts.entries().size());
    for (const FactEntry& e : facts.entries()) {
        w.array(3).text(e.name).array(e.values.size());
        for (const FactValue& v : e.values) put_value(w, v);
        w.unsigned_integer(static_cast<std::uint64_t>(e.cause));
    }
    return w.take();
}

Result<Facts> decode_facts(ByteView bytes) {
    CborReader r(bytes);
    Facts facts;
    const auto bad = [&r](std::string what) { return fail("facts.format", std::move(what), {.offset = r.offset()}); };
    const auto count = r.array();
    if (!count) return bad("no list of facts");
    std::string last;
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto parts = r.array();
        const auto name = r.text();
        const auto values = r.array();
        if (!parts || *parts != 3 || !name || !values || *values > max_values)
            return bad("a fact has name, values, cause");
        if (i != 0 && *name <= last) return bad("facts do not ascend by name");
        last = *name;
        std::vector<FactValue> read;
        for (std::uint64_t v = 0; v < *values; ++v) {
            auto value = get_value(r);
            if (!value) return bad("a value of " + last);
            read.push_back(std::move(*value));
        }
        const auto cause = r.unsigned_integer();
        if (!cause || *cause < 1 || *cause > 8) return bad("the cause of " + last);
        if (!read.empty() && static_cast<Cause>(*cause) != Cause::not_read)
            return bad("a cause beside values: " + last);
        facts.set_unknown(last, static_cast<Cause>(*cause));
        if (!read.empty()) facts.set_possible(last, std::move(read));
    }
    if (!r.finish()) return bad("bytes follow the facts");
    return facts;
}

}  // namespace paso
