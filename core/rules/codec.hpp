// Values of facts in canonical CBOR: [type, value].
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "core/encoding/cbor.hpp"
#include "core/rules/facts.hpp"

namespace paso {

inline constexpr std::uint64_t max_values = 256;  // possible values of one fact, members of one set

inline void put_value(CborWriter& w, const FactValue& value) {
    w.array(2).unsigned_integer(static_cast<std::uint64_t>(value.index()));
    switch (type_of(value)) {
        case FactType::boolean:
            w.boolean(std::get<bool>(value));
            return;
        case FactType::integer:
            w.integer(std::get<std::int64_t>(value));
            return;
        case FactType::text:
            w.text(std::get<std::string>(value));
            return;
        case FactType::date:
            w.integer(std::get<Date>(value).days_since_1970());
            return;
        case FactType::text_set: {
            const auto& set = std::get<std::set<std::string>>(value);
            w.array(set.size());
            for (const std::string& s : set) w.text(s);
            return;
        }
    }
}

[[nodiscard]] inline Result<FactValue> get_value(CborReader& r) {
    const auto parts = r.array();
    const auto type = r.unsigned_integer();
    if (!parts || *parts != 2 || !type || *type > static_cast<std::uint64_t>(FactType::text_set)) {
        return fail("facts.format", "a value has a type and a content", {.offset = r.offset()});
    }
    switch (static_cast<FactType>(*type)) {
        case FactType::boolean:
            return r.boolean().map([](bool b) { return FactValue{b}; });
        case FactType::integer:
            return r.integer().map([](std::int64_t n) { return FactValue{n}; });
        case FactType::text:
            return r.text().map([](std::string_view s) { return FactValue{std::string{s}}; });
        case FactType::date: {
            const auto days = r.integer();
            constexpr std::int64_t most = 3'000'000;  // the year 9999
            if (!days || *days < -most || *days > most) return fail("facts.format", "a date", {.offset = r.offset()});
            return FactValue{Date::from_days(static_cast<std::int32_t>(*days))};
        }
        case FactType::text_set:
            break;
    }
    const auto count = r.array();
    std::set<std::string> set;
    if (!count || *count > max_values) return fail("facts.format", "a set", {.offset = r.offset()});
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto s = r.text();
        // Ascending without repetition: one set has one encoding.
        if (!s || (!set.empty() && *s <= *set.rbegin())) return fail("facts.format", "a set", {.offset = r.offset()});
        set.insert(std::string{*s});
    }
    return FactValue{std::move(set)};
}

}  // namespace paso
