#include "core/rules/value.hpp"

#include <algorithm>
#include <cstring>

namespace paso {
namespace {

constexpr double two_63 = 9223372036854775808.0;
constexpr double two_64 = 18446744073709551616.0;

template <class T>
Order ordered(const T& a, const T& b) {
    if (a < b) return Order::less;
    if (b < a) return Order::greater;
    return a == b ? Order::same : Order::none;
}

// CEL compares a whole number with a double as doubles, except where that lies outside of the whole numbers.
Order against_real(const Value& whole, double d) {
    if (whole.is(Kind::integer)) {
        if (d < -two_63) return Order::greater;
        if (d > two_63) return Order::less;
        return ordered(static_cast<double>(whole.number), d);
    }
    if (d < 0) return Order::greater;
    if (d > two_64) return Order::less;
    return ordered(static_cast<double>(whole.natural), d);
}

Order turned(Order o) {
    switch (o) {
        case Order::less:
            return Order::greater;
        case Order::greater:
            return Order::less;
        case Order::same:
        case Order::none:
            break;
    }
    return o;
}

bool numeric(Kind k) { return k == Kind::integer || k == Kind::unsigned_integer || k == Kind::real; }

Order order_numbers(const Value& a, const Value& b) {
    if (a.is(Kind::real)) return b.is(Kind::real) ? ordered(a.real, b.real) : turned(against_real(b, a.real));
    if (b.is(Kind::real)) return against_real(a, b.real);
    if (a.kind == b.kind) return a.is(Kind::integer) ? ordered(a.number, b.number) : ordered(a.natural, b.natural);
    if (a.is(Kind::integer))
        return a.number < 0 ? Order::less : ordered(static_cast<std::uint64_t>(a.number), b.natural);
    return b.number < 0 ? Order::greater : ordered(a.natural, static_cast<std::uint64_t>(b.number));
}

Order order_timestamps(const Value& a, const Value& b) {
    return a.number != b.number ? ordered(a.number, b.number) : ordered(a.size, b.size);
}

bool same_members(const Value& a, const Value& b, Budget& budget) {
    if (a.size != b.size) return false;
    const auto x = a.members();
    const auto y = b.members();
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!equal(x[i], y[i], budget)) return false;
    }
    return true;
}

bool same_entries(const Value& a, const Value& b, Budget& budget) {
    if (a.size != b.size) return false;
    const auto entries = a.members();
    for (std::size_t i = 0; i < entries.size(); i += 2) {
        const Value* there = find_key(b, entries[i], budget);
        if (there == nullptr || !equal(entries[i + 1], *there, budget)) return false;
    }
    return true;
}

}  // namespace

std::string_view name(Kind k) {
    switch (k) {
        case Kind::unknown:
            return "unknown";
        case Kind::error:
            return "error";
        case Kind::null:
            return "null";
        case Kind::boolean:
            return "boolean";
        case Kind::integer:
            return "integer";
        case Kind::unsigned_integer:
            return "unsigned integer";
        case Kind::real:
            return "double";
        case Kind::text:
            return "text";
        case Kind::bytes:
            return "bytes";
        case Kind::date:
            return "date";
        case Kind::period:
            return "span of time";
        case Kind::timestamp:
            return "timestamp";
        case Kind::duration:
            return "duration";
        case Kind::list:
            return "list";
        case Kind::set:
            return "set";
        case Kind::map:
            return "map";
        case Kind::type:
            return "type";
    }
    return "error";
}

std::string_view name(Fault f) {
    switch (f) {
        case Fault::no_overload:
            return "no such overload";
        case Fault::overflow:
            return "overflow";
        case Fault::zero_divisor:
            return "division by zero";
        case Fault::range:
            return "out of range";
        case Fault::no_such_key:
            return "no such key";
        case Fault::repeated_key:
            return "repeated key";
        case Fault::conversion:
            return "this text cannot be converted";
        case Fault::unbound:
            return "a name without a value";
        case Fault::too_large:
            return "too large";
        case Fault::unsupported:
            return "not supported";
    }
    return "error";
}

void* Arena::take(std::size_t size) {
    size = (size + alignof(Value) - 1) / alignof(Value) * alignof(Value);
    while (chunk_ < chunks_.size()) {
        if (chunks_[chunk_].size - used_ >= size) {
            void* at = chunks_[chunk_].bytes.get() + used_;
            used_ += size;
            return at;
        }
        ++chunk_;
        used_ = 0;
    }
    const std::size_t wanted = std::max(size, chunks_.empty() ? std::size_t{256} : chunks_.back().size * 2);
    if (size > most_ || total_ > most_ - size) return nullptr;
    chunks_.push_back({std::make_unique<std::byte[]>(wanted), wanted});
    total_ += wanted;
    used_ = size;
    return chunks_.back().bytes.get();
}

std::optional<std::string_view> Arena::copy(std::string_view text) {
    if (text.empty()) return std::string_view{""};
    auto* at = static_cast<char*>(take(text.size()));
    if (at == nullptr) return std::nullopt;
    std::memcpy(at, text.data(), text.size());
    return std::string_view{at, text.size()};
}

void Arena::clear() {
    chunk_ = 0;
    used_ = 0;
}

std::optional<Order> order(const Value& a, const Value& b) {
    if (numeric(a.kind) && numeric(b.kind)) return order_numbers(a, b);
    if (a.kind != b.kind) return std::nullopt;
    switch (a.kind) {
        case Kind::boolean:
        case Kind::date:
        case Kind::duration:
            return ordered(a.number, b.number);
        case Kind::text:
        case Kind::bytes:
            return ordered(a.view(), b.view());
        case Kind::timestamp:
            return order_timestamps(a, b);
        case Kind::unknown:
        case Kind::error:
        case Kind::null:
        case Kind::integer:
        case Kind::unsigned_integer:
        case Kind::real:
        case Kind::period:
        case Kind::list:
        case Kind::set:
        case Kind::map:
        case Kind::type:
            break;
    }
    return std::nullopt;
}

bool equal(const Value& a, const Value& b, Budget& budget) {
    if (!budget.spend(1)) return false;
    if (numeric(a.kind) && numeric(b.kind)) return order_numbers(a, b) == Order::same;
    if (a.kind != b.kind) return false;
    switch (a.kind) {
        case Kind::null:
            return true;
        case Kind::boolean:
        case Kind::date:
        case Kind::duration:
            return a.number == b.number;
        case Kind::text:
        case Kind::bytes:
        case Kind::type:
            return a.view() == b.view();
        case Kind::period:
            return a.period.months == b.period.months && a.period.days == b.period.days;
        case Kind::timestamp:
            return order_timestamps(a, b) == Order::same;
        case Kind::list:
        case Kind::set:
            return same_members(a, b, budget);
        case Kind::map:
            return same_entries(a, b, budget);
        case Kind::unknown:
        case Kind::error:
        case Kind::integer:
        case Kind::unsigned_integer:
        case Kind::real:
            break;
    }
    return false;
}

const Value* find_key(const Value& map, const Value& key, Budget& budget) {
    const auto entries = map.members();
    for (std::size_t i = 0; i < entries.size(); i += 2) {
        if (equal(entries[i], key, budget)) return &entries[i + 1];
    }
    return nullptr;
}

}  // namespace paso
