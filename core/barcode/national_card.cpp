// Seven layouts of five States, each one function that reads top to bottom; over 400 lines because of their number.
#include "core/barcode/national_card.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/barcode/link_payloads.hpp"
#include "core/encoding/utf8.hpp"
#include "core/mrz/layout.hpp"

namespace paso {
namespace {

constexpr std::size_t most_bytes = 4096;
constexpr std::size_t npos = std::string_view::npos;

// Colombia. Blood group and templates follow the municipality; neither is read.
constexpr std::string_view colombia_mark = "PubDSK_1";
constexpr std::size_t colombia_mark_at = 24;
constexpr std::size_t colombia_mark_within = 64;
constexpr std::size_t colombia_end = 166;
// From the mark to "0", sex and date of birth: 126 bytes where no reader dropped the zeros between the names.
constexpr std::size_t colombia_birth_within = 150 - colombia_mark_at;

// Costa Rica. Fields, then templates.
constexpr std::array<unsigned char, 17> costa_rica_key{0x27, 0x30, 0x04, 0xA0, 0x00, 0x0F, 0x93, 0x12, 0xA0,
                                                       0xD1, 0x33, 0xE0, 0x03, 0xD0, 0x00, 0xDF, 0x00};
constexpr std::size_t costa_rica_end = 108;

// Chile, old. RUN, surname, nationality, expiry and serial, then codes of the finger and its template.
constexpr std::size_t chile_end = 68;
constexpr std::size_t chile_least = 58;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), digit); }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
}

// Of at most nine digits.
int number(std::string_view text) {
    int value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return value;
}

std::string_view trimmed(std::string_view text) {
    const auto pad = [](char c) { return c == ' ' || c == '\0'; };
    while (!text.empty() && pad(text.back())) text.remove_suffix(1);
    while (!text.empty() && pad(text.front())) text.remove_prefix(1);
    return text;
}

std::optional<Date> calendar(int year, int month, int day) {
    return Date::of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

CardDate year_month_day(std::string_view text) {
    CardDate out{std::string{text}, {}, false};
    if (text.size() == 8 && digits(text)) {
        out.date = calendar(number(text.substr(0, 4)), number(text.substr(4, 2)), number(text.substr(6, 2)));
    }
    return out;
}

bool is_day_month_year(std::string_view text) {
    return text.size() == 10 && text[2] == '/' && text[5] == '/' && digits(text.substr(0, 2)) &&
           digits(text.substr(3, 2)) && digits(text.substr(6, 4));
}
CardDate day_month_year(std::string_view text) {
    CardDate out{std::string{text}, {}, false};
    if (is_day_month_year(text)) {
        out.date = calendar(number(text.substr(6, 4)), number(text.substr(3, 2)), number(text.substr(0, 2)));
    }
    return out;
}

// YYMMDD. The one place where a card's century is chosen: the latest for which the date is not after `latest`.
CardDate two_digit_year(std::string_view text, Date latest) {
    CardDate out{std::string{text}, {}, true};
    if (text.size() != 6 || !digits(text)) return out;
    for (int century = latest.year() / 100; century >= latest.year() / 100 - 1 && !out.date; --century) {
        const auto date =
            calendar(century * 100 + number(text.substr(0, 2)), number(text.substr(2, 2)), number(text.substr(4, 2)));
        if (date && *date <= latest) out.date = date;
    }
    return out;
}
CardDate short_birth(std::string_view text, Date today) { return two_digit_year(text, today); }
CardDate short_expiry(std::string_view text, Date today) { return two_digit_year(text, today.plus_months(49 * 12)); }

// Chile's check of a RUN: 2 to 7 from the right, modulo 11, K for ten.
char run_check(std::string_view run) {
    int sum = 0;
    int weight = 2;
    for (std::size_t i = run.size(); i-- > 0; weight = weight == 7 ? 2 : weight + 1) sum += (run[i] - '0') * weight;
    const int rest = 11 - sum % 11;
    return rest == 11 ? '0' : rest == 10 ? 'K' : static_cast<char>('0' + rest);
}

// ---- where templates begin: nothing when the payload is not this card ----

std::optional<std::size_t> colombia_mark_of(std::string_view text) {
    const std::size_t at = text.substr(0, colombia_mark_within + colombia_mark.size()).find(colombia_mark);
    return at == npos ? std::nullopt : std::optional{at};
}

// "0", sex, YYYYMMDD behind the names, where only letters, digits and padding stand before it.
std::optional<std::size_t> colombia_birth_of(std::string_view text, std::size_t mark) {
    const std::size_t begin = mark + colombia_mark.size();
    for (std::size_t at = begin; at <= mark + colombia_birth_within && at + 10 <= text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        const bool here = c == '0' && (text[at + 1] == 'M' || text[at + 1] == 'F') && digits(text.substr(at + 2, 8));
        if (here) return at;
        if ((c != 0 && c < 32) || (c >= 127 && c < 160)) return std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::size_t> colombia_templates(std::string_view text) {
    const auto mark = colombia_mark_of(text);
    if (!mark) return std::nullopt;
    const auto birth = colombia_birth_of(text, *mark);
    // Without the date of birth nobody can tell where the templates begin, so nothing behind the mark stays.
    if (!birth) return std::min(*mark + colombia_mark.size(), text.size());
    return std::min(*birth + (colombia_end - 150), text.size());
}

char without_key(std::string_view text, std::size_t at) {
    const unsigned char key = costa_rica_key[at % costa_rica_key.size()];
    return static_cast<char>(static_cast<unsigned char>(text[at]) ^ key);
}

// The number alone tells: a text could not hold these bytes.
std::optional<std::size_t> costa_rica_templates(std::string_view text) {
    if (text.size() < 9) return std::nullopt;
    for (std::size_t i = 0; i < 9; ++i) {
        if (!digit(without_key(text, i))) return std::nullopt;
    }
    return std::min(costa_rica_end, text.size());
}

// Digits of the RUN and its check, padding, and zeros somewhere: no text of another card has these.
std::optional<std::size_t> chile_templates(std::string_view text) {
    const std::size_t run = std::min(text.find_first_not_of("0123456789"), text.size());
    if (text.size() < chile_least || run < 7 || run > 9) return std::nullopt;
    const std::string_view head = text.substr(0, chile_end);
    const bool letter = upper(text[19]) || static_cast<unsigned char>(text[19]) >= 0xC0;  // a surname may begin with Ñ
    if (head.find('\0') == npos || !letter || !upper(text[49]) || !upper(text[50]) || !upper(text[51])) {
        return std::nullopt;
    }
    return digits(text.substr(52, 6)) ? std::optional{std::min(chile_end, text.size())} : std::nullopt;
}

std::optional<std::size_t> templates_of(std::string_view text) {
    if (const auto at = colombia_templates(text)) return at;
    if (const auto at = costa_rica_templates(text)) return at;
    return chile_templates(text);
}

// ---- readers ----

class CardReader {
  public:
    CardReader(std::string_view text, Date today) : text_(text), today_(today) {}

    Result<NationalCard> argentina(const std::vector<std::string_view>& fields) {
        begin(NationalCardKind::argentina, "ARG");
        card_.serial = personal("serial", fields[0]);
        card_.surnames = personal("surnames", fields[1]);
        card_.given_names = personal("given_names", fields[2]);
        sex(fields[3]);
        card_.number = personal("number", fields[4]);
        card_.copy = text("copy", fields[5]);
        card_.birth = Personal{noted(day_month_year(place("birth", fields[6])))};
        card_.issued = noted(day_month_year(place("issued", fields[7])));
        if (!digits(card_.serial.reveal()) || !digits(card_.number.reveal())) return wrong(0);
        // Two digits before the number and one behind it.
        if (fields.size() == 9 && fields[8].size() == 3 && digits(fields[8])) {
            const std::string_view parts = place("tax_number", fields[8]);
            card_.tax_number = Personal{std::string{parts.substr(0, 2)} + card_.number.reveal() + parts[2]};
        }
        return std::move(card_);
    }

    // The codes in use disagree on positions, so each field is told by its form.
    Result<NationalCard> argentina_old(const std::vector<std::string_view>& fields) {
        begin(NationalCardKind::argentina_old, "ARG");
        card_.low_confidence = true;
        std::vector<std::string_view> words;
        std::vector<std::string_view> dates;
        for (std::size_t i = 1; i < fields.size(); ++i) {
            const std::string_view f = trimmed(fields[i]);
            const bool first_letter = f.size() == 1 && f[0] >= 'A' && f[0] <= 'D';
            if (is_day_month_year(f)) {
                dates.push_back(f);
            } else if (digits(f) && (f.size() == 7 || f.size() == 8) && card_.number.reveal().empty()) {
                card_.number = personal("number", f);
            } else if (digits(f) && f.size() == 11 && card_.serial.reveal().empty()) {
                card_.serial = personal("serial", f);
            } else if ((f == "M" || f == "F") && card_.sex == ' ') {
                sex(f);
            } else if (first_letter && card_.copy.empty()) {
                card_.copy = text("copy", f);
            } else if (f.size() >= 2 && f.find_first_of("0123456789:#") == npos) {
                words.push_back(f);
            }
        }
        if (card_.number.reveal().empty() || words.size() < 2 || dates.empty()) return wrong(0);
        card_.surnames = personal("surnames", words[0]);
        card_.given_names = personal("given_names", words[1]);
        if (words.size() > 2) card_.nationality = text("nationality", words[2]);
        card_.birth = Personal{noted(day_month_year(place("birth", dates[0])))};
        if (dates.size() > 1) card_.issued = noted(day_month_year(place("issued", dates[1])));
        if (dates.size() > 2) card_.expiry = noted(day_month_year(place("expiry", dates[2])));
        return std::move(card_);
    }

    // RUN=11111111-1&type=CEDULA&serial=...&mrz=: serial 9, check, birth 6, check, expiry 6, check.
    Result<NationalCard> chile_link(const UrlParts& url) {
        begin(NationalCardKind::chile_link, "CHL");
        const auto run = url.parameter("RUN");
        if (!run) return wrong(0);
        card_.number = personal("number", *run);
        check_run(*run);
        if (const auto type = url.parameter("type")) card_.document_type = text("document_type", *type);
        if (const auto serial = url.parameter("serial")) card_.serial = personal("serial", *serial);
        const auto mrz = url.parameter("mrz");
        if (!mrz || mrz->size() != 24) return wrong(0);
        const auto holds = [&mrz](std::size_t at, std::size_t size) {
            return check_digit(mrz->substr(at, size)) == (*mrz)[at + size];
        };
        const bool alphabet =
            std::all_of(mrz->begin(), mrz->end(), [](char c) { return digit(c) || upper(c) || c == '<'; });
        if (!alphabet || !holds(0, 9) || !holds(10, 6) || !holds(17, 6)) note("card.check_digit");
        card_.birth = Personal{noted(short_birth(place("birth", mrz->substr(10, 6)), today_))};
        card_.expiry = noted(short_expiry(place("expiry", mrz->substr(17, 6)), today_));
        return std::move(card_);
    }

    Result<NationalCard> chile_old() {
        begin(NationalCardKind::chile_old, "CHL");
        const std::string_view run = trimmed(text_.substr(0, 9));
        card_.number = personal("number", run);
        check_run(run);
        card_.surnames = personal("surnames", text_.substr(19, 30));
        card_.nationality = text("nationality", text_.substr(49, 3));
        card_.expiry = noted(short_expiry(place("expiry", text_.substr(52, 6)), today_));
        card_.serial = personal("serial", text_.substr(58, 10));
        return std::move(card_);
    }

    // Exact where the mark stands at 24 and the date of birth at 150; otherwise a reader dropped bytes and the fields
    // are found by what stands between them.
    Result<NationalCard> colombia(std::size_t mark) {
        begin(NationalCardKind::colombia, "COL");
        const auto birth = colombia_birth_of(text_, mark);
        if (!birth) return wrong(mark);
        if (mark == colombia_mark_at && *birth == 150) {
            card_.serial = personal("serial", text_.substr(40, 8));
            card_.number = Personal{without_zeros(place("number", text_.substr(48, 10)))};
            card_.surnames = Personal{joined("surnames", text_.substr(58, 23), text_.substr(81, 23))};
            card_.given_names = Personal{joined("given_names", text_.substr(104, 23), text_.substr(127, 23))};
        } else {
            note("card.shifted");
            card_.low_confidence = true;
            if (!colombia_shifted(text_.substr(0, *birth), mark + colombia_mark.size())) return wrong(mark);
        }
        if (!digits(card_.number.reveal())) return wrong(mark);
        sex(text_.substr(*birth + 1, 1));
        card_.birth = Personal{noted(year_month_day(place("birth", text_.substr(*birth + 2, 8))))};
        const std::string_view town = text_.substr(std::min(*birth + 10, text_.size()), 5);
        if (town.size() == 5 && digits(town)) card_.municipality = text("municipality", town);
        return std::move(card_);
    }

    Result<NationalCard> costa_rica() {
        begin(NationalCardKind::costa_rica, "CRI");
        if (text_.size() < costa_rica_end) return fail("card.cut_off", "108 bytes at least", {.offset = text_.size()});
        std::array<char, costa_rica_end> plain{};
        for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = without_key(text_, i);
        text_ = {plain.data(), plain.size()};
        card_.number = personal("number", text_.substr(0, 9));
        card_.surnames = Personal{joined("surnames", text_.substr(9, 26), text_.substr(35, 26))};
        card_.given_names = personal("given_names", text_.substr(61, 30));
        sex(text_.substr(91, 1));
        card_.birth = Personal{noted(year_month_day(place("birth", text_.substr(92, 8))))};
        card_.expiry = noted(year_month_day(place("expiry", text_.substr(100, 8))));
        if (card_.surnames.reveal().empty() || (!card_.birth.reveal().date && !card_.expiry.date)) return wrong(9);
        return std::move(card_);
    }

    // /24 digits/YYYYMMDD/P/6: what the date says and what the letter is, nobody has written down.
    Result<NationalCard> mexico_link(const UrlParts& url) {
        begin(NationalCardKind::mexico_link, "MEX");
        std::vector<std::string_view> parts;
        std::string_view rest = url.path;
        while (rest.starts_with('/') && parts.size() < 8) {
            rest.remove_prefix(1);
            parts.push_back(rest.substr(0, rest.find('/')));
            rest.remove_prefix(parts.back().size());
        }
        const bool whole = parts.size() == 4 && parts[0].size() == 24 && digits(parts[0]) && parts[1].size() == 8 &&
                           digits(parts[1]) && parts[2].size() == 1 && parts[3].size() == 6;
        if (!whole) return wrong(0);
        card_.serial = personal("serial", parts[0]);
        return std::move(card_);
    }

  private:
    void begin(NationalCardKind kind, std::string_view country) {
        card_.kind = kind;
        card_.country = country;
    }

    void note(std::string_view code) {
        auto& problems = card_.problems;
        if (std::find(problems.begin(), problems.end(), code) == problems.end()) problems.push_back(code);
    }

    static tl::unexpected<Error> wrong(std::size_t at) {
        return fail("card.field", "a field that the card must have is not there", {.offset = at});
    }

    // Keeps where a view of the payload stands.
    std::string_view place(std::string_view field, std::string_view view) {
        card_.places.push_back(
            {field, static_cast<std::uint32_t>(view.data() - text_.data()), static_cast<std::uint32_t>(view.size())});
        return view;
    }

    // Cards write Latin-1, some phones and readers make UTF-8 of it.
    std::string utf8(std::string_view raw) {
        const std::string_view t = trimmed(raw);
        if (has_control(t)) note("card.utf8");
        if (is_utf8(t)) return std::string{t};
        std::string out;
        for (const char c : t) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 128) {
                out.push_back(c);
                continue;
            }
            if (byte < 160) note("card.utf8");
            out.push_back(static_cast<char>(0xC0U | byte >> 6U));
            out.push_back(static_cast<char>(0x80U | (byte & 63U)));
        }
        return out;
    }

    std::string text(std::string_view field, std::string_view view) { return utf8(place(field, view)); }
    Personal<std::string> personal(std::string_view field, std::string_view view) {
        return Personal{text(field, view)};
    }

    // Two fields that stand one behind the other, with a blank between what they hold.
    std::string joined(std::string_view field, std::string_view first, std::string_view second) {
        place(field, {first.data(), first.size() + second.size()});
        std::string out = utf8(first);
        const std::string more = utf8(second);
        if (!out.empty() && !more.empty()) out.push_back(' ');
        return out + more;
    }

    static std::string without_zeros(std::string_view text) {
        return std::string{text.substr(std::min(text.find_first_not_of('0'), text.size()))};
    }

    CardDate noted(CardDate date) {
        if (!date.date) note("card.date");
        return date;
    }

    void sex(std::string_view view) {
        const std::string_view t = trimmed(place("sex", view));
        if (t == "M" || t == "F" || t == "X") {
            card_.sex = t[0];
        } else {
            note("card.sex");
        }
    }

    // "11111111-1" or with the check digit right behind.
    void check_run(std::string_view run) {
        std::string plain;
        for (const char c : run) {
            if (c != '-' && c != '.') plain.push_back(c == 'k' ? 'K' : c);
        }
        const bool shape =
            plain.size() >= 7 && plain.size() <= 10 && digits(std::string_view{plain}.substr(0, plain.size() - 1));
        if (!shape || run_check(std::string_view{plain}.substr(0, plain.size() - 1)) != plain.back())
            note("card.check_digit");
    }

    // Serial and number are 18 digits together; names follow with zeros between them: two surnames, then given names.
    bool colombia_shifted(std::string_view head, std::size_t at) {
        while (at < head.size() && !digits(head.substr(at, 18))) ++at;
        if (at + 18 > head.size()) return false;
        card_.serial = personal("serial", head.substr(at, 8));
        card_.number = Personal{without_zeros(place("number", head.substr(at + 8, 10)))};
        std::vector<std::string_view> names;
        std::size_t from = at + 18;
        while (from < head.size()) {
            const std::size_t end = std::min(head.find('\0', from), head.size());
            if (end > from) names.push_back(head.substr(from, end - from));
            from = end + 1;
        }
        if (names.empty() || names.size() > 4) return false;
        std::string surnames = text("surnames", names[0]);
        // Of two or three names nobody can tell whether the second surname is missing.
        const std::size_t given = names.size() == 4 ? 2 : 1;
        if (given == 2) surnames += " " + text("surnames", names[1]);
        std::string rest;
        for (std::size_t i = given; i < names.size(); ++i)
            rest += (rest.empty() ? "" : " ") + text("given_names", names[i]);
        card_.surnames = Personal{std::move(surnames)};
        card_.given_names = Personal{std::move(rest)};
        return true;
    }

    std::string_view text_;
    Date today_;
    NationalCard card_;
};

// ---- telling them apart ----

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> fields;
    std::size_t begin = 0;
    while (begin <= text.size() && fields.size() < 64) {
        const std::size_t end = std::min(text.find('@', begin), text.size());
        fields.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return fields;
}

bool is_argentina(std::string_view text) {
    const auto count = std::count(text.begin(), text.end(), '@');
    if ((count != 7 && count != 8) || text.empty() || !digit(text[0]) || has_control(text)) return false;
    const auto fields = split(text);
    return digits(fields[0]) && is_day_month_year(fields[6]) && is_day_month_year(fields[7]);
}

bool is_argentina_old(std::string_view text) {
    if (!text.starts_with('@') || has_control(text)) return false;
    const auto count = std::count(text.begin(), text.end(), '@');
    return count >= 9 && count <= 20;
}

std::optional<NationalCardKind> link_kind(const UrlParts& url) {
    const bool older = url.is_at("portal.sidiv.registrocivil.cl") && url.path == "/docstatus";
    const bool newer = url.is_at("portal.nuevosidiv.registrocivil.cl") && url.path == "/document-validity";
    if (older || newer) return NationalCardKind::chile_link;
    if (url.is_at("qr.ine.mx")) return NationalCardKind::mexico_link;
    return std::nullopt;
}

std::string_view without_line_end(std::string_view text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string_view name(NationalCardKind kind) {
    switch (kind) {
        case NationalCardKind::argentina:
            return "argentina";
        case NationalCardKind::argentina_old:
            return "argentina_old";
        case NationalCardKind::chile_link:
            return "chile_link";
        case NationalCardKind::chile_old:
            return "chile_old";
        case NationalCardKind::colombia:
            return "colombia";
        case NationalCardKind::costa_rica:
            return "costa_rica";
        case NationalCardKind::mexico_link:
            return "mexico_link";
    }
    return "argentina";
}

bool looks_like_national_card(ByteView payload) {
    const std::string_view text = without_line_end(as_text(payload));
    if (templates_of(as_text(payload)) || is_argentina(text) || is_argentina_old(text)) return true;
    const auto url = split_url(text);
    return url && link_kind(*url);
}

std::size_t cut_biometrics(std::span<std::byte> payload) {
    const auto begin = templates_of(as_text(payload));
    if (!begin) return 0;
    // Volatile: the caller may be about to let go of the buffer, and these writes must happen all the same.
    for (std::size_t i = *begin; i < payload.size(); ++i) *const_cast<volatile std::byte*>(&payload[i]) = std::byte{0};
    return payload.size() - *begin;
}

Result<NationalCard> parse_national_card(std::span<std::byte> payload, Date today) {
    const std::size_t cut = cut_biometrics(payload);
    if (payload.size() > most_bytes) return fail("card.too_long", "at most 4096 bytes", {.offset = most_bytes});
    const std::string_view all = as_text(payload);
    const std::string_view text = without_line_end(all);
    const auto kept = [cut](Result<NationalCard> card) {
        if (card) card->cut = cut;
        return card;
    };
    if (const auto mark = colombia_mark_of(all)) return kept(CardReader(all, today).colombia(*mark));
    if (costa_rica_templates(all)) return kept(CardReader(all, today).costa_rica());
    if (chile_templates(all)) return kept(CardReader(all, today).chile_old());
    if (is_argentina(text)) return CardReader(text, today).argentina(split(text));
    if (is_argentina_old(text)) return CardReader(text, today).argentina_old(split(text));
    const auto url = split_url(text);
    const auto kind = url ? link_kind(*url) : std::nullopt;
    if (!kind) return fail("card.format", "no card that is known", {.offset = 0});
    return *kind == NationalCardKind::chile_link ? CardReader(text, today).chile_link(*url)
                                                 : CardReader(text, today).mexico_link(*url);
}

}  // namespace paso
