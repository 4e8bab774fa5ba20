// IATA Resolution 792. Sizes in the payload are hexadecimal and are believed only as far as there are bytes. Leniencies
// that airlines need: no conditional part, airline data directly after the mandatory part, a separator between legs,
// trailing space.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/barcode/barcode_content.hpp"

namespace paso {
namespace {

constexpr std::size_t header_size = 23;  // format, legs, name, ticket
constexpr std::size_t leg_size = 37;     // mandatory part of a leg
constexpr std::size_t max_size = 2048;
constexpr int legs_expected = 4;

std::string trimmed(std::string_view s) {
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    return std::string{s};
}

std::optional<int> hexadecimal(std::string_view s) {
    int value = 0;
    for (const char c : s) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return std::nullopt;
        value = value * 16 + digit;
    }
    return value;
}

// The date nearest to today with this day of the year; 366 only in leap years.
InferredDate resolve(std::string_view text, Date today) {
    InferredDate out;
    int day = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return out;
        day = day * 10 + (c - '0');
    }
    if (day < 1 || day > 366) return out;
    out.day_of_year = static_cast<std::uint16_t>(day);
    for (const int year : {today.year() - 1, today.year(), today.year() + 1}) {
        const auto first = Date::of(year, 1, 1);
        if (!first) continue;
        const Date date = first->plus_days(day - 1);
        if (date.year() != year) continue;
        const auto distance = [today](Date d) { return std::abs(d.days_since_1970() - today.days_since_1970()); };
        if (!out.date || distance(date) < distance(*out.date)) out.date = date;
    }
    return out;
}

class PassReader {
  public:
    PassReader(std::string_view text, Date today) : text_(text), today_(today) {}

    Result<BoardingPass> read() {
        if (text_.size() < header_size + leg_size) return bad("shorter than one leg");
        if (text_.size() > max_size) return bad("longer than 2048 bytes");
        if (!std::all_of(text_.begin(), text_.end(),
                         [](char c) { return (c >= ' ' && c <= '~') || c == '\x1D' || c == '\r' || c == '\n'; })) {
            return bad("a byte that is no text");
        }
        if (take(1) != "M") return bad("format code is not M");
        const std::string_view legs = take(1);
        if (legs[0] < '1' || legs[0] > '9') return bad("number of legs");
        pass_.name = Personal{trimmed(take(20))};
        pass_.electronic_ticket = take(1) == "E";
        const int count = legs[0] - '0';
        if (count > legs_expected) pass_.problems.push_back("bcbp.many_legs");
        for (int i = 0; i < count; ++i) {
            if (i > 0 && rest().starts_with('\x1D')) at_ += 1;  // seen between legs
            if (rest().size() < leg_size) return bad("leg " + std::to_string(i + 1) + " is cut off");
            if (const Status s = leg(i == 0); !s) return fail(s.error());
        }
        security();
        return std::move(pass_);
    }

  private:
    tl::unexpected<Error> bad(std::string what) const { return fail("bcbp.format", std::move(what), {.offset = at_}); }
    std::string_view rest() const { return text_.substr(at_); }
    std::string_view take(std::size_t n) {
        const std::string_view part = text_.substr(at_, n);
        at_ += n;
        return part;
    }

    Status leg(bool first) {
        FlightLeg l;
        l.record_locator = trimmed(take(7));
        l.from = trimmed(take(3));
        l.to = trimmed(take(3));
        l.carrier = trimmed(take(3));
        l.flight = trimmed(take(5));
        const std::string_view day = take(3);
        l.date = resolve(day, today_);
        if (l.date.day_of_year == 0) pass_.problems.push_back("bcbp.day");
        l.compartment = take(1)[0];
        l.seat = trimmed(take(4));
        l.sequence = trimmed(take(5));
        l.passenger_status = take(1)[0];
        const auto size = hexadecimal(take(2));
        if (!size) return bad("size of the variable field");
        if (static_cast<std::size_t>(*size) > rest().size()) return bad("the variable field is cut off");
        if (first) version(text_.substr(at_, static_cast<std::size_t>(*size)));
        at_ += static_cast<std::size_t>(*size);
        pass_.legs.push_back(std::move(l));
        return {};
    }

    // The conditional part of the first leg: '>' and the version. Airline data may stand there without it.
    void version(std::string_view field) {
        if (field.size() < 2 || field[0] != '>') return;
        const char v = field[1];
        if (v >= '0' && v <= '9') pass_.version = v - '0';
        if (pass_.version > 8) pass_.problems.push_back("bcbp.newer_version");
    }

    void security() {
        if (rest().starts_with('^')) {
            pass_.security_data_present = true;
            return;
        }
        if (!trimmed(rest().substr(0, rest().find_last_not_of("\r\n") + 1)).empty())
            pass_.problems.push_back("bcbp.trailing");
    }

    std::string_view text_;
    Date today_;
    std::size_t at_ = 0;
    BoardingPass pass_;
};

}  // namespace

Result<BoardingPass> parse_boarding_pass(ByteView payload, Date today) {
    return PassReader(as_text(payload), today).read();
}

}  // namespace paso
