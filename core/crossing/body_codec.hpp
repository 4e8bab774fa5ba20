// How the bodies of events are read: values in order, the first thing that is wrong kept, bounded.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/base/date.hpp"
#include "core/base/ids.hpp"
#include "core/encoding/cbor.hpp"

namespace paso {

inline constexpr std::uint64_t body_version = 1;
// Of an inspection: 3 where facts were stated, else 2 where it holds a symbol that version 1 has no words for, else 1.
inline constexpr std::uint64_t newest_inspection_version = 3;

class BodyReader {
  public:
    explicit BodyReader(ByteView body) : r_(body) {}
    [[nodiscard]] bool ok() const { return !error_; }

    void items(std::uint64_t n) {
        if (list(n) != n) note("wrong number of items");
    }
    std::uint64_t list(std::uint64_t most) {
        const auto n = r_.array();
        if (!n || *n > most) note("a list is missing or too long");
        return error_ ? 0 : *n;
    }
    // A list of pairs whose parts stand one after the other: how many pairs.
    std::uint64_t pairs(std::uint64_t most_entries) {
        const std::uint64_t n = list(2 * most_entries);
        if (n % 2 != 0) note("a pair is not whole");
        return error_ ? 0 : n / 2;
    }
    // A body begins with its version, before the number of items is judged: a newer one may have other items, and is
    // refused with both numbers.
    std::uint64_t begin(std::uint64_t items, std::uint64_t newest = body_version) {
        return begin([items](std::uint64_t) { return items; }, newest);
    }
    // The same where the number of items goes by the version.
    template <class Items>
    std::uint64_t begin(Items items_of, std::uint64_t newest)
        requires std::invocable<Items, std::uint64_t>
    {
        const auto n = r_.array();
        if (!n) note("a body is a list");
        const std::uint64_t v = number();
        const bool known = v >= 1 && v <= newest;
        if (!error_ && known && *n != items_of(v)) note("wrong number of items");
        if (error_ || known) return v;
        error_ = Error{"body.version",
                       "version " + std::to_string(v) + ", this program reads up to " + std::to_string(newest),
                       {.offset = r_.offset()}};
        return v;
    }
    std::uint64_t number() {
        const auto n = r_.unsigned_integer();
        if (!n) note("a number is missing");
        return error_ ? 0 : *n;
    }
    std::uint64_t between(std::uint64_t least, std::uint64_t most) {
        const std::uint64_t n = number();
        if (!error_ && (n < least || n > most)) note("a number is out of range");
        return error_ ? least : n;
    }
    std::int64_t integer() {
        const auto n = r_.integer();
        if (!n) note("an integer is missing");
        return error_ ? 0 : *n;
    }
    bool boolean() {
        const auto b = r_.boolean();
        if (!b) note("a boolean is missing");
        return !error_ && *b;
    }
    std::string text() {
        const auto t = r_.text();
        if (!t) note("a text is missing");
        return error_ ? std::string{} : std::string{*t};
    }
    ByteView bytes() {
        const auto b = r_.bytes();
        if (!b) note("bytes are missing");
        return error_ ? ByteView{} : *b;
    }
    char character() {
        const std::string s = text();
        if (s.size() != 1 || s[0] < ' ' || s[0] > '~') note("one character is expected");
        return s.size() == 1 ? s.front() : ' ';
    }
    Date day() {
        const std::int64_t n = integer();
        if (n < -3'000'000 || n > 3'000'000) note("a date is out of range");
        return error_ ? Date{} : Date::from_days(static_cast<std::int32_t>(n));
    }
    std::optional<Date> day_or_none() { return absent() ? std::nullopt : std::optional{day()}; }
    // One item of whatever kind, as it stands.
    ByteView item() {
        const auto i = r_.item();
        if (!i) note("an item is missing");
        return error_ ? ByteView{} : *i;
    }
    // True when the next item is of this kind.
    bool next_is(CborKind kind) {
        const auto next = r_.peek();
        if (!next) note("an item is missing");
        return !error_ && *next == kind;
    }
    CrossingId crossing() {
        const auto id = crossing_id_from(bytes());
        if (!id) note("a crossing id has 16 bytes");
        return id.value_or(CrossingId{});
    }
    StationId station() {
        const auto id = StationId::parse(text());
        if (!id) note("no station id");
        return id.value_or(StationId{});
    }
    // True and consumed when the next item is null.
    bool absent() { return next_is(CborKind::null) && r_.null().has_value(); }
    void note(std::string what) {
        if (!error_) error_ = Error{"body.format", std::move(what), {.offset = r_.offset()}};
    }
    template <class T>
    Result<T> finish(T value) {
        if (!error_ && !r_.finish()) note("bytes follow the body");
        if (error_) return fail(*error_);
        return value;
    }

  private:
    CborReader r_;
    std::optional<Error> error_;
};

inline void put_day(CborWriter& w, std::optional<Date> day) {
    if (day) {
        w.integer(day->days_since_1970());
    } else {
        w.null();
    }
}
// A blank for what is no printable character of 7-bit text.
inline void put_character(CborWriter& w, char c) {
    if (c < ' ' || c > '~') c = ' ';
    w.text({&c, 1});
}

}  // namespace paso
