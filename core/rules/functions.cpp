// Over 400 lines: what each function and arithmetic operator of the expressions does, and the texts of times.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "core/encoding/utf8.hpp"
#include "core/rules/program.hpp"

namespace paso {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t first_second = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z
constexpr double two_63 = 9223372036854775808.0;
constexpr double two_64 = 18446744073709551616.0;

Value no_overload() { return Value::error(Fault::no_overload); }

// --- Arithmetic

// Of add, subtract and multiply: whether the result does not fit.
template <class T>
bool overflows(Op op, T a, T b, T& out) {
    switch (op) {
        case Op::add:
            return __builtin_add_overflow(a, b, &out);
        case Op::multiply:
            return __builtin_mul_overflow(a, b, &out);
        default:
            return __builtin_sub_overflow(a, b, &out);
    }
}

Value integers(Op op, std::int64_t a, std::int64_t b) {
    std::int64_t out = 0;
    const bool divides = op == Op::divide || op == Op::modulo;
    if (divides && b == 0) return Value::error(Fault::zero_divisor);
    bool over = false;
    if (divides && b == -1) {  // the smallest number has no negative
        over = op == Op::divide && overflows(Op::subtract, std::int64_t{0}, a, out);
    } else if (divides) {
        out = op == Op::divide ? a / b : a % b;
    } else {
        over = op == Op::minus ? overflows(Op::subtract, std::int64_t{0}, a, out) : overflows(op, a, b, out);
    }
    return over ? Value::error(Fault::overflow) : Value::integer(out);
}

Value naturals(Op op, std::uint64_t a, std::uint64_t b) {
    if (op == Op::minus) return no_overload();
    std::uint64_t out = 0;
    if (op == Op::divide || op == Op::modulo) {
        if (b == 0) return Value::error(Fault::zero_divisor);
        return Value::unsigned_integer(op == Op::divide ? a / b : a % b);
    }
    return overflows(op, a, b, out) ? Value::error(Fault::overflow) : Value::unsigned_integer(out);
}

Value reals(Op op, double a, double b) {
    switch (op) {
        case Op::add:
            return Value::of_real(a + b);
        case Op::subtract:
            return Value::of_real(a - b);
        case Op::multiply:
            return Value::of_real(a * b);
        case Op::divide:
            return Value::of_real(a / b);  // IEEE 754: by zero an infinity or none
        case Op::minus:
            return Value::of_real(-a);
        default:
            return no_overload();
    }
}

Value timestamp_at(__int128 ns) {
    __int128 seconds = ns / second_ns;
    __int128 rest = ns % second_ns;
    if (rest < 0) {
        rest += second_ns;
        --seconds;
    }
    if (seconds < first_second || seconds > last_second) return Value::error(Fault::range);
    return Value::timestamp(static_cast<std::int64_t>(seconds), static_cast<std::uint32_t>(rest));
}

__int128 nanoseconds_of(const Value& timestamp) {
    return static_cast<__int128>(timestamp.number) * second_ns + timestamp.size;
}

Value duration_of(__int128 ns) {
    constexpr __int128 most = INT64_MAX;
    if (ns > most || ns < -most - 1) return Value::error(Fault::range);
    return Value::of(Kind::duration, static_cast<std::int64_t>(ns));
}

// Outside of the years 1 to 9999 a date cannot be told: comparing it would answer at random.
bool in_calendar(Date date) { return first_day <= date && date <= last_day; }

Value times(Op op, const Value& a, const Value& b) {
    const int sign = op == Op::add ? 1 : -1;
    if (a.is(Kind::date) && b.is(Kind::period)) return moved_date(op, a, b);
    if (a.is(Kind::timestamp) && b.is(Kind::duration))
        return timestamp_at(nanoseconds_of(a) + sign * __int128{b.number});
    if (a.is(Kind::duration) && b.is(Kind::duration))
        return duration_of(__int128{a.number} + sign * __int128{b.number});
    if (op == Op::add && a.is(Kind::duration) && b.is(Kind::timestamp))
        return timestamp_at(nanoseconds_of(b) + a.number);
    if (op == Op::subtract && a.is(Kind::timestamp) && b.is(Kind::timestamp))
        return duration_of(nanoseconds_of(a) - nanoseconds_of(b));
    return no_overload();
}

Value concatenated(const Value& a, const Value& b, Arena& arena) {
    constexpr std::size_t most = 1UL << 20U;
    const std::size_t size = std::size_t{a.size} + b.size;
    if (size > most) return Value::error(Fault::too_large);
    if (a.is(Kind::list)) {
        Value* items = arena.values(size);
        if (items == nullptr) return Value::error(Fault::too_large);
        std::copy_n(a.items, a.size, items);
        std::copy_n(b.items, b.size, items + a.size);
        return Value::collection(Kind::list, items, size);
    }
    if (size == 0) return a;
    auto* characters = static_cast<char*>(arena.take(size));
    if (characters == nullptr) return Value::error(Fault::too_large);
    std::copy_n(a.characters, a.size, characters);
    std::copy_n(b.characters, b.size, characters + a.size);
    return Value::characters_of(a.kind, {characters, size});
}

// --- Texts of numbers and times

Value new_text(std::string_view text, Arena& arena) {
    const auto copy = arena.copy(text);
    return copy ? Value::text(*copy) : Value::error(Fault::too_large);
}

template <class T>
std::optional<T> number_from(std::string_view s) {
    if (s.size() > 1 && s.front() == '+' && s[1] != '-') s.remove_prefix(1);
    T out{};
    const auto [at, error] = std::from_chars(s.data(), s.data() + s.size(), out);
    if (error != std::errc{} || at != s.data() + s.size() || s.empty()) return std::nullopt;
    return out;
}

// The shortest digits that read back the same; with an exponent below 1e-4 and from 1e21.
std::string text_of(double d) {
    if (std::isnan(d)) return "NaN";
    if (std::isinf(d)) return d < 0 ? "-Inf" : "+Inf";
    std::array<char, 400> buffer{};
    const double size = std::fabs(d);
    const bool plain = size == 0 || (size >= 1e-4 && size < 1e21);
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), d, format);
    return error == std::errc{} ? std::string{buffer.data(), end} : std::string{};
}

// Digits from `at`, `count` of them, as a number; moves on. False: they are not there.
bool digits(std::string_view s, std::size_t& at, std::size_t count, int& out) {
    if (at + count > s.size()) return false;
    out = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const char c = s[at + i];
        if (c < '0' || c > '9') return false;
        out = out * 10 + (c - '0');
    }
    at += count;
    return true;
}

bool accept(std::string_view s, std::size_t& at, char c) {
    if (at >= s.size() || s[at] != c) return false;
    ++at;
    return true;
}

// ".123" in nanoseconds; nothing: no digits, or more than nine.
std::optional<std::uint32_t> fraction(std::string_view s, std::size_t& at) {
    std::uint32_t out = 0;
    std::size_t n = 0;
    while (at < s.size() && s[at] >= '0' && s[at] <= '9' && n < 9) {
        out = out * 10 + static_cast<std::uint32_t>(s[at] - '0');
        ++at;
        ++n;
    }
    if (n == 0) return std::nullopt;
    for (; n < 9; ++n) out *= 10;
    return out;
}

// RFC 3339 section 5.6.
Value timestamp_from(std::string_view s) {
    const Value bad = Value::error(Fault::conversion);
    std::size_t at = 0;
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    const bool dated = digits(s, at, 4, year) && accept(s, at, '-') && digits(s, at, 2, month) && accept(s, at, '-') &&
                       digits(s, at, 2, day) && (accept(s, at, 'T') || accept(s, at, 't'));
    const bool timed = dated && digits(s, at, 2, hour) && accept(s, at, ':') && digits(s, at, 2, minute) &&
                       accept(s, at, ':') && digits(s, at, 2, second);
    if (!timed || hour > 23 || minute > 59 || second > 59) return bad;
    std::uint32_t ns = 0;
    if (accept(s, at, '.')) {
        const auto f = fraction(s, at);
        if (!f) return bad;
        ns = *f;
    }
    std::int32_t offset = 0;
    if (at < s.size() && (s[at] == '+' || s[at] == '-')) {
        const auto zone = zone_offset(s.substr(at));
        if (!zone) return bad;
        offset = *zone;
    } else if (at + 1 != s.size() || (s[at] != 'Z' && s[at] != 'z')) {
        return bad;
    }
    if (year == 0) return Value::error(Fault::range);
    const auto date = Date::of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
    if (!date) return bad;
    const std::int64_t seconds = date->days_since_1970() * day_s + hour * 3600 + minute * 60 + second - offset;
    return timestamp_at(static_cast<__int128>(seconds) * second_ns + ns);
}

std::string fraction_text(std::uint32_t ns) {
    if (ns == 0) return {};
    std::string out = std::to_string(second_ns + ns).substr(1);
    while (out.back() == '0') out.pop_back();
    return "." + out;
}

std::int64_t unit_ns(std::string_view unit) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> units{{{"h", 3600 * second_ns},
                                                                              {"m", 60 * second_ns},
                                                                              {"s", second_ns},
                                                                              {"ms", 1'000'000},
                                                                              {"us", 1'000},
                                                                              {"\xC2\xB5s", 1'000},
                                                                              {"ns", 1}}};
    const auto it = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == unit; });
    return it == units.end() ? 0 : it->second;
}

// "1h30m", "-1.5s", "100ms".
Value duration_from(std::string_view s) {
    const Value bad = Value::error(Fault::conversion);
    std::size_t at = 0;
    const bool minus = accept(s, at, '-');
    if (!minus) (void)accept(s, at, '+');
    if (s.substr(at) == "0") return Value::of(Kind::duration, 0);
    __int128 sum = 0;
    constexpr __int128 most = __int128{INT64_MAX} + 1;
    if (at == s.size()) return bad;
    while (at < s.size()) {
        const std::size_t begin = at;
        __int128 whole = 0;
        while (at < s.size() && s[at] >= '0' && s[at] <= '9') {
            whole = std::min<__int128>(whole * 10 + (s[at] - '0'), most);
            ++at;
        }
        std::uint32_t part = 0;
        const bool point = at > begin || (at < s.size() && s[at] == '.') ? accept(s, at, '.') : false;
        if (point) {
            const auto f = fraction(s, at);
            if (!f && at == begin + 1) return bad;  // nothing on either side
            part = f.value_or(0);
            while (at < s.size() && s[at] >= '0' && s[at] <= '9') ++at;  // below a nanosecond
        }
        if (at == begin) return bad;
        const std::size_t unit = at;
        while (at < s.size() && s[at] != '.' && (s[at] < '0' || s[at] > '9')) ++at;
        const std::int64_t ns = unit_ns(s.substr(unit, at - unit));
        if (ns == 0) return bad;
        sum += whole * ns + static_cast<__int128>(part) * ns / second_ns;
        if (sum > most) return Value::error(Fault::range);
    }
    return duration_of(minus ? -sum : sum);
}

// --- Conversions

Value to_integer(const Value& v) {
    switch (v.kind) {
        case Kind::integer:
            return v;
        case Kind::unsigned_integer:
            return v.number < 0 ? Value::error(Fault::range) : Value::integer(v.number);
        case Kind::real:
            return v.real > -two_63 && v.real < two_63 ? Value::integer(static_cast<std::int64_t>(v.real))
                                                       : Value::error(Fault::range);
        case Kind::text: {
            const auto n = number_from<std::int64_t>(v.view());
            return n ? Value::integer(*n) : Value::error(Fault::conversion);
        }
        case Kind::timestamp:
            return Value::integer(v.number);
        default:
            return no_overload();
    }
}

Value to_unsigned(const Value& v) {
    switch (v.kind) {
        case Kind::unsigned_integer:
            return v;
        case Kind::integer:
            return v.number < 0 ? Value::error(Fault::range) : Value::unsigned_integer(v.natural);
        case Kind::real:
            return v.real >= 0 && v.real < two_64 ? Value::unsigned_integer(static_cast<std::uint64_t>(v.real))
                                                  : Value::error(Fault::range);
        case Kind::text: {
            const auto n = number_from<std::uint64_t>(v.view());
            return n ? Value::unsigned_integer(*n) : Value::error(Fault::conversion);
        }
        default:
            return no_overload();
    }
}

Value to_double(const Value& v) {
    switch (v.kind) {
        case Kind::real:
            return v;
        case Kind::integer:
            return Value::of_real(static_cast<double>(v.number));
        case Kind::unsigned_integer:
            return Value::of_real(static_cast<double>(v.natural));
        case Kind::text: {
            const auto d = number_from<double>(v.view());
            return d ? Value::of_real(*d) : Value::error(Fault::conversion);
        }
        default:
            return no_overload();
    }
}

Value to_text(const Value& v, Arena& arena) {
    switch (v.kind) {
        case Kind::text:
            return v;
        case Kind::boolean:
            return Value::text(v.yes() ? "true" : "false");
        case Kind::integer:
            return new_text(std::to_string(v.number), arena);
        case Kind::unsigned_integer:
            return new_text(std::to_string(v.natural), arena);
        case Kind::real:
            return new_text(text_of(v.real), arena);
        case Kind::bytes:
            return is_utf8(v.view()) ? Value::text(v.view()) : Value::error(Fault::conversion);
        case Kind::timestamp:
        case Kind::duration:
            return new_text(time_text(v), arena);
        default:
            return no_overload();
    }
}

Value to_boolean(const Value& v) {
    if (v.is(Kind::boolean)) return v;
    if (!v.is(Kind::text)) return no_overload();
    for (const std::string_view s : {"1", "t", "T", "true", "TRUE", "True"}) {
        if (v.view() == s) return Value::boolean(true);
    }
    for (const std::string_view s : {"0", "f", "F", "false", "FALSE", "False"}) {
        if (v.view() == s) return Value::boolean(false);
    }
    return Value::error(Fault::conversion);
}

Value to_timestamp(const Value& v) {
    if (v.is(Kind::timestamp)) return v;
    if (v.is(Kind::integer)) return timestamp_at(static_cast<__int128>(v.number) * second_ns);
    return v.is(Kind::text) ? timestamp_from(v.view()) : no_overload();
}

Value to_duration(const Value& v) {
    if (v.is(Kind::duration)) return v;
    return v.is(Kind::text) ? duration_from(v.view()) : no_overload();
}

Value to_date(const Value& v) {
    if (!v.is(Kind::text)) return no_overload();
    const auto date = Date::parse(v.view());
    return date ? Value::date(*date) : Value::error(Fault::conversion);
}

Value to_period(Function f, const Value& v) {
    constexpr std::int64_t most = 100'000;
    if (!v.is(Kind::integer)) return no_overload();
    if (v.number < 0 || v.number > most) return Value::error(Fault::range);
    const auto n = static_cast<std::int32_t>(v.number);
    return f == Function::months ? Value::of_period(n, 0) : Value::of_period(0, n);
}

std::string_view type_name(Kind k) {
    switch (k) {
        case Kind::null:
            return "null_type";
        case Kind::boolean:
            return "bool";
        case Kind::integer:
            return "int";
        case Kind::unsigned_integer:
            return "uint";
        case Kind::real:
            return "double";
        case Kind::text:
            return "string";
        case Kind::bytes:
            return "bytes";
        case Kind::timestamp:
            return "google.protobuf.Timestamp";
        case Kind::duration:
            return "google.protobuf.Duration";
        case Kind::list:
            return "list";
        case Kind::map:
            return "map";
        case Kind::type:
            return "type";
        case Kind::date:
        case Kind::period:
        case Kind::set:
        case Kind::unknown:
        case Kind::error:
            break;
    }
    return {};
}

Value size_of(const Value& v) {
    switch (v.kind) {
        case Kind::text: {
            const std::string_view s = v.view();
            return Value::integer(std::count_if(s.begin(), s.end(), begins_character));
        }
        case Kind::bytes:
        case Kind::list:
        case Kind::set:
        case Kind::map:
            return Value::integer(v.size);
        default:
            return no_overload();
    }
}

Value part_of(Function f, std::span<const Value> arguments) {
    if (!arguments[0].is(Kind::text) || !arguments[1].is(Kind::text)) return no_overload();
    const std::string_view whole = arguments[0].view();
    const std::string_view part = arguments[1].view();
    if (f == Function::starts_with) return Value::boolean(whole.starts_with(part));
    if (f == Function::ends_with) return Value::boolean(whole.ends_with(part));
    return Value::boolean(whole.find(part) != std::string_view::npos);
}

// --- Parts of times

Value duration_part(Function f, std::int64_t ns) {
    switch (f) {
        case Function::hours:
            return Value::integer(ns / (3600 * second_ns));
        case Function::minutes:
            return Value::integer(ns / (60 * second_ns));
        case Function::seconds:
            return Value::integer(ns / second_ns);
        case Function::milliseconds:
            return Value::integer(ns % second_ns / 1'000'000);
        default:
            return no_overload();
    }
}

Value timestamp_part(Function f, std::int64_t seconds, std::uint32_t ns) {
    std::int64_t days = seconds / day_s;
    std::int64_t in_day = seconds % day_s;
    if (in_day < 0) {
        in_day += day_s;
        --days;
    }
    const Date date = Date::from_days(static_cast<std::int32_t>(days));
    switch (f) {
        case Function::full_year:
            return Value::integer(date.year());
        case Function::month:
            return Value::integer(std::int64_t{date.month()} - 1);
        case Function::day_of_month_1:
            return Value::integer(date.day());
        case Function::day_of_month:
            return Value::integer(std::int64_t{date.day()} - 1);
        case Function::day_of_week:
            return Value::integer(((days + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
        case Function::day_of_year:
            return Value::integer(days - date.plus_months(1 - static_cast<int>(date.month()))
                                             .plus_days(1 - static_cast<int>(date.day()))
                                             .days_since_1970());
        case Function::hours:
            return Value::integer(in_day / 3600);
        case Function::minutes:
            return Value::integer(in_day / 60 % 60);
        case Function::seconds:
            return Value::integer(in_day % 60);
        case Function::milliseconds:
            return Value::integer(ns / 1'000'000);
        default:
            return no_overload();
    }
}

Value time_part(Function f, std::span<const Value> arguments) {
    const Value& time = arguments[0];
    if (time.is(Kind::duration) && arguments.size() == 1) return duration_part(f, time.number);
    if (!time.is(Kind::timestamp)) return no_overload();
    std::int32_t offset = 0;
    if (arguments.size() > 1) {
        if (!arguments[1].is(Kind::text)) return no_overload();
        const auto zone = zone_offset(arguments[1].view());
        if (!zone) return Value::error(Fault::unsupported);
        offset = *zone;
    }
    return timestamp_part(f, time.number + offset, time.size);
}

}  // namespace

std::string time_text(const Value& v) {
    if (v.is(Kind::duration)) {
        const auto rest = static_cast<std::uint32_t>(std::abs(v.number % second_ns));
        const std::string sign = v.number < 0 && v.number > -second_ns ? "-" : "";
        return sign + std::to_string(v.number / second_ns) + fraction_text(rest) + "s";
    }
    std::int64_t days = v.number / day_s;
    std::int64_t in_day = v.number % day_s;
    if (in_day < 0) {
        in_day += day_s;
        --days;
    }
    const auto two = [](std::int64_t n) { return std::to_string(100 + n).substr(1); };
    return Date::from_days(static_cast<std::int32_t>(days)).iso() + "T" + two(in_day / 3600) + ":" +
           two(in_day / 60 % 60) + ":" + two(in_day % 60) + fraction_text(v.size) + "Z";
}

std::optional<std::int32_t> zone_offset(std::string_view zone) {
    if (zone == "UTC" || zone == "Z") return 0;
    std::size_t at = 0;
    const bool minus = accept(zone, at, '-');
    if (!minus) (void)accept(zone, at, '+');
    int hours = 0;
    int minutes = 0;
    const bool read = digits(zone, at, 2, hours) && accept(zone, at, ':') && digits(zone, at, 2, minutes);
    if (!read || at != zone.size() || hours > 23 || minutes > 59) return std::nullopt;
    const std::int32_t seconds = hours * 3600 + minutes * 60;
    return minus ? -seconds : seconds;
}

Value moved_date(Op op, const Value& date, const Value& period) {
    const int sign = op == Op::add ? 1 : -1;
    if (!in_calendar(date.day())) return Value::error(Fault::range);
    const Date moved = date.day().plus_months(sign * period.period.months).plus_days(sign * period.period.days);
    return in_calendar(moved) ? Value::date(moved) : Value::error(Fault::range);
}

Value arithmetic(Op op, const Value& a, const Value& b, Machine machine) {
    if (a.kind == b.kind) {
        switch (a.kind) {
            case Kind::integer:
                return integers(op, a.number, b.number);
            case Kind::unsigned_integer:
                return naturals(op, a.natural, b.natural);
            case Kind::real:
                return reals(op, a.real, b.real);
            case Kind::text:
            case Kind::bytes:
            case Kind::list:
                return op == Op::add ? concatenated(a, b, machine.arena) : no_overload();
            default:
                break;
        }
    }
    return op == Op::add || op == Op::subtract ? times(op, a, b) : no_overload();
}

Value call(Function f, std::span<const Value> arguments, Machine machine) {
    const Value& v = arguments.front();
    switch (f) {
        case Function::size:
            return size_of(v);
        case Function::starts_with:
        case Function::ends_with:
        case Function::contains:
            return part_of(f, arguments);
        case Function::to_integer:
            return to_integer(v);
        case Function::to_unsigned:
            return to_unsigned(v);
        case Function::to_double:
            return to_double(v);
        case Function::to_text:
            return to_text(v, machine.arena);
        case Function::to_bytes:
            return v.is(Kind::text) || v.is(Kind::bytes) ? Value::characters_of(Kind::bytes, v.view()) : no_overload();
        case Function::to_boolean:
            return to_boolean(v);
        case Function::type_of: {
            const std::string_view type = type_name(v.kind);
            return type.empty() ? Value::error(Fault::unsupported) : Value::characters_of(Kind::type, type);
        }
        case Function::dyn:
            return v;
        case Function::to_timestamp:
            return to_timestamp(v);
        case Function::to_duration:
            return to_duration(v);
        case Function::to_date:
            return to_date(v);
        case Function::months:
        case Function::days:
            return to_period(f, v);
        case Function::full_year:
        case Function::month:
        case Function::day_of_month_1:
        case Function::day_of_month:
        case Function::day_of_week:
        case Function::day_of_year:
        case Function::hours:
        case Function::minutes:
        case Function::seconds:
        case Function::milliseconds:
            return time_part(f, arguments);
    }
    return no_overload();
}

}  // namespace paso
