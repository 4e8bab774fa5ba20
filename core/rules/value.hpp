// The values of the rules' expressions: sixteen bytes each, copied freely. What does not fit (texts, lists) lies
// elsewhere, in an Arena or in the facts, and is pointed to: a Value is a view and lives no longer than what it views.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/date.hpp"

namespace paso {

// `unknown` and `error` are values too: they travel through an expression until something decides without them.
enum class Kind : std::uint8_t {
    unknown,  // not known, for one or several causes
    error,    // cannot be evaluated: overflow, no such key ...
    null,
    boolean,
    integer,           // 64 bits with sign
    unsigned_integer,  // 64 bits without
    real,              // IEEE 754 double
    text,              // UTF-8
    bytes,
    date,       // a day
    period,     // months and days: months(6), days(3)
    timestamp,  // seconds since 1970 and nanoseconds; years 1 to 9999
    duration,   // nanoseconds in 64 bits
    list,
    set,  // ascending texts, each once
    map,
    type
};
[[nodiscard]] std::string_view name(Kind k);

// Why an expression has no value, by CEL's rules.
enum class Fault : std::uint8_t {
    no_overload,   // an operator or function that these types do not have
    overflow,      // a sum that leaves 64 bits
    zero_divisor,  // division or remainder by zero
    range,         // outside of the years 1 to 9999, of 64 bits, of a list
    no_such_key,
    repeated_key,
    conversion,  // a text that is no number, date or time
    unbound,     // a name without a value (dynamic environments only)
    too_large,   // the bound on steps or memory was met
    unsupported  // found only while it ran, such as a time zone's name in a variable
};
[[nodiscard]] std::string_view name(Fault f);

struct Value {
    Kind kind = Kind::null;
    std::uint8_t causes = 0;  // unknown: bit n - 1 for Cause n
    Fault fault = Fault::no_overload;
    // text, bytes: bytes; list, set: members; map: entries; timestamp: nanoseconds; unknown: 1 where an error might be
    // left if it were known
    std::uint32_t size = 0;
    union {
        std::int64_t number = 0;  // boolean 0 or 1, integer, date (days since 1970), timestamp (seconds), duration
        std::uint64_t natural;
        double real;
        const char* characters;  // text, bytes, type
        const Value* items;      // list, set: members; map: key, value, key, value ...
        struct {
            std::int32_t months;
            std::int32_t days;
        } period;
    };

    [[nodiscard]] static Value unknown(std::uint8_t causes) {
        Value v;
        v.kind = Kind::unknown;
        v.causes = causes;
        return v;
    }
    [[nodiscard]] static Value unknown(Cause cause) { return unknown(bit(cause)); }
    [[nodiscard]] static std::uint8_t bit(Cause cause) {
        return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(cause) - 1));
    }
    [[nodiscard]] static Value error(Fault fault) {
        Value v;
        v.kind = Kind::error;
        v.fault = fault;
        return v;
    }
    [[nodiscard]] static Value of(Kind kind, std::int64_t number) {
        Value v;
        v.kind = kind;
        v.number = number;
        return v;
    }
    [[nodiscard]] static Value boolean(bool b) { return of(Kind::boolean, b ? 1 : 0); }
    [[nodiscard]] static Value integer(std::int64_t n) { return of(Kind::integer, n); }
    [[nodiscard]] static Value unsigned_integer(std::uint64_t n) {
        return of(Kind::unsigned_integer, static_cast<std::int64_t>(n));
    }
    [[nodiscard]] static Value of_real(double d) {
        Value v;
        v.kind = Kind::real;
        v.real = d;
        return v;
    }
    [[nodiscard]] static Value date(Date d) { return of(Kind::date, d.days_since_1970()); }
    [[nodiscard]] static Value of_period(std::int32_t months, std::int32_t days) {
        Value v;
        v.kind = Kind::period;
        v.period = {months, days};
        return v;
    }
    [[nodiscard]] static Value timestamp(std::int64_t seconds, std::uint32_t nanoseconds) {
        Value v = of(Kind::timestamp, seconds);
        v.size = nanoseconds;
        return v;
    }
    [[nodiscard]] static Value characters_of(Kind kind, std::string_view s) {
        Value v;
        v.kind = kind;
        v.size = static_cast<std::uint32_t>(s.size());
        v.characters = s.data();
        return v;
    }
    [[nodiscard]] static Value text(std::string_view s) { return characters_of(Kind::text, s); }
    [[nodiscard]] static Value collection(Kind kind, const Value* items, std::size_t size) {
        Value v;
        v.kind = kind;
        v.size = static_cast<std::uint32_t>(size);
        v.items = items;
        return v;
    }

    [[nodiscard]] bool is(Kind k) const { return kind == k; }
    [[nodiscard]] bool yes() const { return kind == Kind::boolean && number == 1; }
    [[nodiscard]] bool no() const { return kind == Kind::boolean && number == 0; }
    [[nodiscard]] bool failed() const { return kind <= Kind::error; }  // unknown or error
    [[nodiscard]] std::string_view view() const { return {characters, size}; }
    [[nodiscard]] Date day() const { return Date::from_days(static_cast<std::int32_t>(number)); }
    // Members of a list or set; keys and values in turn of a map.
    [[nodiscard]] std::span<const Value> members() const {
        return {items, kind == Kind::map ? std::size_t{size} * 2 : size};
    }
};
static_assert(sizeof(Value) == 16);

// Memory that is given back all at once. Pointers into it stay true until clear(); cleared, it keeps its memory, so
// that an evaluation allocates nothing once it has run once.
class Arena {
  public:
    explicit Arena(std::size_t most = 1UL << 24U) : most_(most) {}
    // Room for `size` bytes, aligned for a Value; nullptr when the arena would grow past its bound.
    [[nodiscard]] void* take(std::size_t size);
    [[nodiscard]] Value* values(std::size_t count) { return static_cast<Value*>(take(count * sizeof(Value))); }
    // A copy of the characters; nothing at the bound.
    [[nodiscard]] std::optional<std::string_view> copy(std::string_view text);
    void clear();

  private:
    struct Chunk {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };
    std::vector<Chunk> chunks_;
    std::size_t chunk_ = 0;
    std::size_t used_ = 0;   // in the current chunk
    std::size_t total_ = 0;  // bytes of all chunks
    std::size_t most_;
};

// The steps that an evaluation may still take; comparing and searching long values counts too.
struct Budget {
    std::int64_t steps = 0;
    [[nodiscard]] bool spend(std::int64_t n) { return (steps -= n) >= 0; }
};

// CEL's equality: numbers by their mathematical value whatever their kind, other kinds only to their own, lists and
// maps member by member. Neither may be unknown or an error; false, with the budget spent, where that did not reach.
[[nodiscard]] bool equal(const Value& a, const Value& b, Budget& budget);

// CEL's order: numbers among each other; false before true; texts, bytes, dates, times. Nothing: they have none.
enum class Order : std::uint8_t { less, same, greater, none /* a NaN */ };
[[nodiscard]] std::optional<Order> order(const Value& a, const Value& b);

// The place of a value in a map with this key, or nullptr.
[[nodiscard]] const Value* find_key(const Value& map, const Value& key, Budget& budget);

}  // namespace paso
