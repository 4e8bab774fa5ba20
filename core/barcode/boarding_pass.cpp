// IATA Resolution 792, the bar coded boarding pass: a fixed part, then for each leg 37 characters and a field of a
// size that it gives itself. What real passes get wrong is accepted and noted; a date without a year is inferred. Over
// 400 lines with its writer, which mirrors the reader item by item.
#include "core/barcode/boarding_pass.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace paso {
namespace {

constexpr std::size_t most_bytes = 4000;
constexpr std::size_t fixed_part = 22;  // M, legs, name; the ticket indicator follows
constexpr std::size_t leg_part = 37;    // to the size of its variable field
constexpr std::size_t least_leg = 24;   // to the date: what passes of the check-in stage carry
constexpr char group_separator = '\x1D';

std::string trimmed(std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return std::string{text};
}

bool letters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}
bool digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int three_digits(std::string_view text) { return (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'); }

// Two hexadecimal digits.
std::optional<std::size_t> hex_size(std::string_view text) {
    if (text.size() != 2) return std::nullopt;
    std::size_t size = 0;
    for (const char c : text) {
        const std::size_t digit = std::string_view{"0123456789ABCDEFabcdef"}.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        size = size * 16 + (digit < 16 ? digit : digit - 6);
    }
    return size;
}

std::optional<Date> day_of(int year, int day) {
    const auto first = Date::of(year, 1, 1);
    if (!first) return std::nullopt;
    const Date date = first->plus_days(day - 1);
    return day >= 1 && date.year() == year ? std::optional{date} : std::nullopt;
}

int days_between(Date early, Date late) { return late.days_since_1970() - early.days_since_1970(); }

// The near year that puts the day closest to `today`; the later of two.
std::optional<Date> nearest(int day, Date today) {
    std::optional<Date> best;
    for (int year = today.year() - 1; year <= today.year() + 1; ++year) {
        const auto date = day_of(year, day);
        const auto far = [today](Date d) { return d < today ? days_between(d, today) : days_between(today, d); };
        if (date && (!best || far(*date) <= far(*best))) best = date;
    }
    return best;
}

std::optional<Date> first_from(int day, Date earliest) {
    for (int year = earliest.year(); year <= earliest.year() + 1; ++year) {
        const auto date = day_of(year, day);
        if (date && *date >= earliest) return date;
    }
    return std::nullopt;
}

// The last digit of a year and a day of it: the latest such date up to tomorrow (the airport may be ahead of the post).
std::optional<Date> issue_date(std::string_view text, Date today) {
    if (text.size() != 4 || !digits(text)) return std::nullopt;
    const int digit = text[0] - '0';
    const int day = three_digits(text.substr(1));
    const Date tomorrow = today.plus_days(1);
    const int last = tomorrow.year();
    for (int year = last - (last % 10 - digit + 10) % 10; year > today.year() - 10; year -= 10) {
        const auto date = day_of(year, day);
        if (date && *date <= tomorrow) return date;
    }
    return std::nullopt;
}

// Two airports and a day of the year stand where a leg that begins here has them.
bool looks_like_leg(std::string_view text, std::size_t begin) {
    const std::string_view leg = text.substr(std::min(begin, text.size()));
    return leg.size() >= least_leg && letters(leg.substr(7, 6)) && digits(leg.substr(21, 3));
}

// Fields of fixed sizes one after the other; what is cut off reads as blank.
class Fields {
  public:
    explicit Fields(std::string_view all) : rest_(all) {}
    std::string text(std::size_t size) { return trimmed(take(size)); }
    char character() {
        const std::string_view one = take(1);
        return one.empty() ? ' ' : one.front();
    }

  private:
    std::string_view take(std::size_t size) {
        const std::string_view field = rest_.substr(0, size);
        rest_.remove_prefix(field.size());
        return field;
    }
    std::string_view rest_;
};

class PassParser {
  public:
    PassParser(std::string_view text, Date today, bool has_indicator)
        : text_(text), today_(today), has_indicator_(has_indicator) {}

    Result<BoardingPass> parse() {
        pass_.name = Personal{trimmed(text_.substr(2, 20))};
        at_ = fixed_part;
        ticket_indicator();
        const int legs = text_[1] - '0';
        if (legs > 4) note("bcbp.many_legs");
        pass_.legs.reserve(static_cast<std::size_t>(legs));
        for (int i = 0; i < legs; ++i) {
            if (auto status = leg(i == 0, i + 1 == legs); !status) return fail(std::move(status.error()));
        }
        dates();
        security();
        return std::move(pass_);
    }

  private:
    void note(std::string_view code) {
        if (std::find(pass_.problems.begin(), pass_.problems.end(), code) == pass_.problems.end()) {
            pass_.problems.push_back(code);
        }
    }

    tl::unexpected<Error> wrong(std::string_view code, std::string detail, std::size_t at) const {
        return fail(code, std::move(detail), {.offset = at});
    }

    std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }

    void ticket_indicator() {
        if (!has_indicator_) return note("bcbp.no_ticket_indicator");
        const char c = text_[at_++];
        pass_.electronic_ticket = c == 'E';
        if (c != 'E' && c != ' ') note("bcbp.ticket_indicator");
    }

    Status leg(bool first, bool last) {
        if (!first && !looks_like_leg(text_, at_) && looks_like_leg(text_, at_ + 1)) {
            ++at_;  // seen in published passes: one character too many between two legs
            note("bcbp.shifted_leg");
        }
        const std::size_t begin = at_;
        const std::string_view all = rest();
        if (all.size() < least_leg) return wrong("bcbp.short", "a leg has 37 characters", text_.size());
        const bool whole = all.size() >= leg_part;
        if (!whole && !last) return wrong("bcbp.short", "a leg has 37 characters", text_.size());
        std::array<char, leg_part> padded;
        padded.fill(' ');
        std::copy_n(all.begin(), std::min(all.size(), leg_part), padded.begin());
        const std::string_view part{padded.data(), padded.size()};
        if (auto status = read_leg(part, begin); !status) return status;
        at_ = std::min(begin + leg_part, text_.size());
        if (!whole) {
            note("bcbp.short_leg");
            return {};
        }
        const auto size = hex_size(part.substr(35, 2));
        if (!size)
            return wrong("bcbp.size", "the size of a leg's variable field is two hexadecimal digits", begin + 35);
        if (*size > rest().size()) {
            if (!last) return wrong("bcbp.short", "a leg's variable field is cut off", text_.size());
            note("bcbp.cut");  // readers and wallets drop blanks at the end
        }
        const std::string_view field = rest().substr(0, *size);
        at_ += field.size();
        if (first) {
            first_field(field);
        } else {
            leg_items(field);
        }
        return {};
    }

    Status read_leg(std::string_view p, std::size_t begin) {
        FlightLeg leg;
        leg.offset = static_cast<std::uint16_t>(begin);
        leg.record_locator = trimmed(p.substr(0, 7));
        leg.from = p.substr(7, 3);
        leg.to = p.substr(10, 3);
        if (!letters(leg.from) || !letters(leg.to)) return wrong("bcbp.airport", "three letters A to Z", begin + 7);
        leg.carrier = trimmed(p.substr(13, 3));
        leg.flight = trimmed(p.substr(16, 5));
        const std::string_view day = p.substr(21, 3);
        const int number = digits(day) ? three_digits(day) : 0;
        if (number >= 1 && number <= 366) {
            leg.date.day_of_year = static_cast<std::uint16_t>(number);
        } else {
            note("bcbp.day");
        }
        leg.compartment = p[24];
        leg.seat = trimmed(p.substr(25, 4));
        leg.sequence = trimmed(p.substr(29, 5));
        leg.passenger_status = p[34];
        pass_.legs.push_back(std::move(leg));
        return {};
    }

    // '>' version, size, the items that stand once, then the leg's own; without '>' all of it is the airline's.
    void first_field(std::string_view field) {
        if (!field.starts_with('>')) {
            pass_.legs.back().items.airline_use = field;
            return;
        }
        if (field.size() < 4) return note("bcbp.conditional");
        const char version = field[1];
        if (version >= '0' && version <= '8') {
            pass_.version = version - '0';
        } else {
            note("bcbp.newer_version");
        }
        const auto size = hex_size(field.substr(2, 2));
        if (!size || *size > field.size() - 4) return note("bcbp.conditional");
        items_once(Fields{field.substr(4, *size)});
        leg_items(field.substr(4 + *size));
    }

    void items_once(Fields from) {
        PassItems& items = pass_.items;
        items.passenger_description = from.character();
        items.check_in_source = from.character();
        items.issuance_source = from.character();
        items.issued = from.text(4);
        items.document_type = from.character();
        items.issuer = from.text(3);
        for (int i = 0; i < 3; ++i) {
            if (std::string tag = from.text(13); !tag.empty()) items.bag_tags.push_back(std::move(tag));
        }
        items.issue_date = issue_date(items.issued, today_);
        if (!items.issue_date && !items.issued.empty()) note("bcbp.issue_date");
    }

    // Size, the leg's conditional items, then what the airline likes.
    void leg_items(std::string_view field) {
        if (field.empty()) return;
        LegItems& items = pass_.legs.back().items;
        const auto size = hex_size(field.substr(0, 2));
        if (!size || *size > field.size() - 2) {
            items.airline_use = field;
            return note("bcbp.conditional");
        }
        Fields from{field.substr(2, *size)};
        items.airline_number = from.text(3);
        items.document_number = Personal{from.text(10)};
        items.selectee = from.character();
        items.documents_verification = from.character();
        items.marketing_carrier = from.text(3);
        items.frequent_flyer_airline = from.text(3);
        items.frequent_flyer_number = Personal{from.text(16)};
        items.id_ad = from.character();
        items.free_bags = from.text(3);
        items.fast_track = from.character();
        items.airline_use = field.substr(2 + *size);
    }

    // The first leg flies on or after its issue, the next on or after the leg before; one day of grace for the date
    // line.
    void dates() {
        std::optional<Date> before = pass_.items.issue_date;
        for (FlightLeg& leg : pass_.legs) {
            if (leg.date.day_of_year == 0) continue;
            leg.date.date = before ? first_from(leg.date.day_of_year, before->plus_days(-1))
                                   : nearest(leg.date.day_of_year, today_);
            if (!leg.date.date) note("bcbp.day");
            if (leg.date.date) before = leg.date.date;
        }
    }

    // '^' type, size, data. Present, never verified: only airlines have the keys.
    void security() {
        const std::string_view end = rest();
        if (end.empty()) return;
        if (end.front() != '^') {
            if (end.find_first_not_of(' ') != std::string_view::npos) note("bcbp.trailing");
            return;
        }
        pass_.security_data_present = true;
        if (end.size() >= 2) pass_.security_type = end[1];
        if (end.size() >= 4) pass_.security_data = end.substr(4);
        const auto size = end.size() >= 4 ? hex_size(end.substr(2, 2)) : std::nullopt;
        if (!size || *size != end.size() - 4) note("bcbp.security_size");
    }

    std::string_view text_;
    Date today_;
    bool has_indicator_;
    std::size_t at_ = 0;
    BoardingPass pass_;
};

// Writes fields of fixed sizes; a value that does not fit is noted and stops the whole.
class PassWriter {
  public:
    PassWriter& text(std::string_view value, std::size_t size) {
        fits_ = fits_ && value.size() <= size && trimmed(value) == value && plain(value);
        out_.append(value.substr(0, size)).append(size - std::min(size, value.size()), ' ');
        return *this;
    }
    PassWriter& character(char value) {
        fits_ = fits_ && value >= ' ' && value <= '~';
        out_.push_back(value);
        return *this;
    }
    PassWriter& raw(std::string_view value) {
        fits_ = fits_ && plain(value);
        out_.append(value);
        return *this;
    }
    PassWriter& size(std::size_t value) {
        constexpr std::string_view hex = "0123456789ABCDEF";
        fits_ = fits_ && value <= 255;
        out_.push_back(hex[value / 16 % 16]);
        out_.push_back(hex[value % 16]);
        return *this;
    }
    // A part with its size before it.
    PassWriter& sized(const PassWriter& part) {
        fits_ = fits_ && part.fits_;
        return size(part.out_.size()).raw(part.out_);
    }
    PassWriter& demand(bool condition) {
        fits_ = fits_ && condition;
        return *this;
    }
    [[nodiscard]] bool fits() const { return fits_; }
    [[nodiscard]] const std::string& view() const { return out_; }

  private:
    static bool plain(std::string_view value) {
        return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
    }
    std::string out_;
    bool fits_ = true;
};

PassWriter items_once(const PassItems& items) {
    PassWriter w;
    if (items == PassItems{}) return w;
    w.character(items.passenger_description).character(items.check_in_source).character(items.issuance_source);
    w.text(items.issued, 4).character(items.document_type).text(items.issuer, 3);
    w.demand(items.bag_tags.size() <= 3);
    for (const std::string& tag : items.bag_tags) w.text(tag, 13).demand(!tag.empty());
    return w;
}

PassWriter leg_items(const LegItems& items) {
    PassWriter w;
    LegItems own = items;
    own.airline_use.clear();
    if (own == LegItems{}) return w;
    w.text(own.airline_number, 3).text(own.document_number.reveal(), 10);
    w.character(own.selectee).character(own.documents_verification).text(own.marketing_carrier, 3);
    w.text(own.frequent_flyer_airline, 3).text(own.frequent_flyer_number.reveal(), 16);
    w.character(own.id_ad).text(own.free_bags, 3);
    if (own.fast_track != ' ') w.character(own.fast_track);  // versions 1 to 3 end before it
    return w;
}

PassWriter variable_field(const BoardingPass& pass, std::size_t i) {
    PassWriter w;
    const LegItems& items = pass.legs[i].items;
    const PassWriter own = leg_items(items);
    if (i == 0) {
        const PassWriter once = items_once(pass.items);
        const bool bare = pass.version == 0 && once.view().empty() && own.view().empty();
        if (bare && !items.airline_use.starts_with('>')) return w.raw(items.airline_use);
        w.demand(pass.version >= 0 && pass.version <= 8);
        w.character('>').character(static_cast<char>('0' + pass.version)).sized(once);
    }
    if (own.view().empty() && items.airline_use.empty()) return w;
    return w.sized(own).raw(items.airline_use);
}

void write_leg(PassWriter& w, const BoardingPass& pass, std::size_t i) {
    const FlightLeg& leg = pass.legs[i];
    w.text(leg.record_locator, 7).text(leg.from, 3).text(leg.to, 3).demand(letters(leg.from) && letters(leg.to));
    w.demand(leg.from.size() == 3 && leg.to.size() == 3).text(leg.carrier, 3).text(leg.flight, 5);
    const int day = leg.date.day_of_year;
    w.demand(day <= 366).character(static_cast<char>('0' + day / 100 % 10));
    w.character(static_cast<char>('0' + day / 10 % 10)).character(static_cast<char>('0' + day % 10));
    w.character(leg.compartment).text(leg.seat, 4).text(leg.sequence, 5).character(leg.passenger_status);
    w.sized(variable_field(pass, i));
}

}  // namespace

bool looks_like_boarding_pass(ByteView payload) {
    const std::string_view text = as_text(payload);
    return text.size() >= fixed_part + least_leg && text[0] == 'M' && text[1] >= '1' && text[1] <= '9';
}

Result<std::string> write_boarding_pass(const BoardingPass& pass) {
    PassWriter w;
    w.demand(!pass.legs.empty() && pass.legs.size() <= 9);
    w.character('M').character(static_cast<char>('0' + pass.legs.size() % 10)).text(pass.name.reveal(), 20);
    w.character(pass.electronic_ticket ? 'E' : ' ');
    for (std::size_t i = 0; i < pass.legs.size(); ++i) write_leg(w, pass, i);
    if (pass.security_data_present) {
        w.character('^').character(pass.security_type).size(pass.security_data.size()).raw(pass.security_data);
    }
    if (!w.fits()) return fail("bcbp.write", "a value does not fit its field");
    return w.view();
}

Result<BoardingPass> parse_boarding_pass(ByteView payload, Date today) {
    if (payload.size() > most_bytes) return fail("bcbp.too_long", "at most 4000 bytes", {.offset = most_bytes});
    // Group separators stand between legs, even inside a field, and no size counts them.
    std::string text{as_text(payload)};
    const bool separated = std::erase(text, group_separator) != 0;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (!text.starts_with('M')) return fail("bcbp.format", "a boarding pass begins with M", {.offset = 0});
    if (text.size() < fixed_part + least_leg)
        return fail("bcbp.short", "at least 46 characters", {.offset = text.size()});
    if (text[1] < '1' || text[1] > '9') return fail("bcbp.legs", "1 to 9 legs", {.offset = 1});
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] >= ' ' && text[i] <= '~') continue;
        return fail("bcbp.character", "7-bit text", {.offset = i});
    }
    // Some issuers leave out the ticket indicator, and everything stands one place to the left.
    const bool indicator = looks_like_leg(text, fixed_part + 1) || !looks_like_leg(text, fixed_part);
    auto pass = PassParser(text, today, indicator).parse();
    if (pass && separated) pass->problems.push_back("bcbp.separator");
    return pass;
}

}  // namespace paso
