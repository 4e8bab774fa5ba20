// Documents from a seed, the table of named ones, and a boarding pass.
#include "tests/specimens/specimen.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "tests/specimens/seeded.hpp"

namespace paso {
namespace {

constexpr std::string_view letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";

constexpr std::array<std::pair<SymbolKind, std::string_view>, 5> symbol_names{
    {{SymbolKind::none, "none"},
     {SymbolKind::pdf417, "pdf417"},
     {SymbolKind::qr, "qr"},
     {SymbolKind::aztec, "aztec"},
     {SymbolKind::data_matrix, "datamatrix"}}};

bool is_visa(MrzFormat f) { return f == MrzFormat::mrv_a || f == MrzFormat::mrv_b; }

std::string code_of(MrzFormat f) {
    if (f == MrzFormat::french_id) return "ID";
    if (f == MrzFormat::swiss_licence) return "FA";
    return f == MrzFormat::td3 ? "P" : is_visa(f) ? "V" : "I";
}

Date birth_at_age(Seeded& rng, Date today, int age) {
    return today.plus_months(-12 * age).plus_days(-1 - rng.below(360));
}

std::string number_of(Seeded& rng, MrzFormat f) {
    if (f == MrzFormat::french_id) return rng.characters(digits, 12);
    if (f == MrzFormat::swiss_licence) return rng.characters(letters, 3) + rng.characters(digits, 3) + "D";
    const std::string head = rng.characters(letters, f == MrzFormat::td3 ? 1 : 2);
    return head + rng.characters(digits, static_cast<int>(9 - head.size()));
}

// A third of the documents have optional data; it must never matter to a reader.
void optional_data(Seeded& rng, SpecimenSpec& s) {
    if (s.format == MrzFormat::french_id) s.optional_1 = rng.characters(digits, 6);
    if (s.format == MrzFormat::swiss_licence) s.optional_1 = rng.characters(digits, 9) + "001";
    if (!s.optional_1.empty() || !rng.chance(0.4)) return;
    const int room = s.format == MrzFormat::td3     ? 14
                     : s.format == MrzFormat::td2   ? 7
                     : s.format == MrzFormat::td1   ? 11
                     : s.format == MrzFormat::mrv_a ? 16
                                                    : 8;
    const std::string text = rng.characters(letters, 2) + rng.characters(digits, 3 + rng.below(room - 4));
    (s.format == MrzFormat::td1 && rng.chance(0.5) ? s.optional_2 : s.optional_1) = text;
}

std::string upper_ascii(std::string_view text) {
    std::string out;
    for (const char c : text) out.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    return out;
}

}  // namespace

std::string_view name(SymbolKind kind) {
    return std::find_if(symbol_names.begin(), symbol_names.end(), [kind](const auto& p) { return p.first == kind; })
        ->second;
}

std::optional<SymbolKind> symbol_kind(std::string_view name) {
    for (const auto& [kind, text] : symbol_names) {
        if (text == name) return kind;
    }
    return std::nullopt;
}

std::optional<PrintFault> print_fault(std::string_view text) {
    static constexpr std::array<std::pair<PrintFault, std::string_view>, 5> names{
        {{PrintFault::none, "none"},
         {PrintFault::check_digit, "check-digit"},
         {PrintFault::tilde, "tilde"},
         {PrintFault::missing_filler, "missing-filler"},
         {PrintFault::single_filler, "single-filler"}}};
    for (const auto& [fault, known] : names) {
        if (known == text) return fault;
    }
    return std::nullopt;
}

std::optional<MrzFormat> specimen_format(std::string_view text) {
    std::string plain = upper_ascii(text);
    std::erase(plain, '-');
    for (const MrzFormat f : mrz_formats) {
        std::string known{name(f)};
        std::erase(known, '-');
        if (known == plain) return f;
    }
    return std::nullopt;
}

SpecimenSpec make_specimen(MrzFormat format, std::uint64_t seed, Date today) {
    Seeded rng(seed, "person");
    SpecimenSpec s;
    s.seed = seed;
    s.format = format;
    s.code = code_of(format);
    if (format == MrzFormat::french_id) s.issuer = "FRA";  // these formats are of one State each
    if (format == MrzFormat::swiss_licence) s.issuer = "CHE";
    s.surname = rng.pick(invented_surnames());
    s.given_names = rng.pick(invented_given_names());
    if (rng.chance(0.4)) s.given_names += " " + std::string{rng.pick(invented_given_names())};
    s.sex = rng.chance(0.06) ? '<' : rng.chance(0.5) ? 'F' : 'M';
    s.birth = birth_at_age(rng, today, 25 + rng.below(44));
    const int valid_months = 12 * (3 + rng.below(6)) + 1 + rng.below(11);
    s.expiry = today.plus_months(valid_months).plus_days(rng.below(28));
    s.issued = s.expiry.plus_months(-120).plus_days(1);
    s.number = number_of(rng, format);
    optional_data(rng, s);
    return s;
}

SpecimenSpec expired(SpecimenSpec spec, Date today) {
    spec.expiry = today.plus_months(-24);
    spec.issued = spec.expiry.plus_months(-120).plus_days(1);
    return spec;
}

// Of a person who is stateless, and so no national of Utopia: rules for nationals do not hold, whether they live here
// does.
SpecimenSpec ends_soon(SpecimenSpec spec, Date today) {
    spec.nationality = "XXA";
    spec.expiry = today.plus_months(4);
    spec.issued = spec.expiry.plus_months(-120).plus_days(1);
    return spec;
}

SpecimenSpec minor(SpecimenSpec spec, Date today) {
    Seeded rng(spec.seed, "minor");
    spec.birth = birth_at_age(rng, today, 12);
    spec.issued = today.plus_months(-8);
    spec.expiry = spec.issued.plus_months(60).plus_days(-1);
    return spec;
}

SpecimenSpec with_long_number(SpecimenSpec spec) {
    Seeded rng(spec.seed, "long number");
    spec.number = rng.characters(letters, 2) + rng.characters(digits, 11);
    spec.optional_1.clear();
    return spec;
}

SpecimenSpec with_symbol(SpecimenSpec spec, SymbolKind kind, ByteView payload) {
    spec.symbol = kind;
    spec.payload = to_bytes(payload);
    return spec;
}

std::string boarding_pass(const SpecimenSpec& spec, Date flight) {
    Seeded rng(spec.seed, "boarding pass");
    const auto padded = [](std::string text, std::size_t width) {
        text.resize(width, ' ');
        return text;
    };
    std::string holder = spec.surname + "/" + spec.given_names;
    std::erase(holder, '-');
    std::erase(holder, ' ');
    const Date new_year = Date::of(flight.year(), 1, 1).value_or(flight);
    char rest[64];
    std::snprintf(rest, sizeof rest, "%03dY%03d%c%04d ", flight.days_since_1970() - new_year.days_since_1970() + 1,
                  1 + rng.below(40), "ABCDEF"[rng.below(6)], 1 + rng.below(220));
    // Places, carrier and flight are invented as well; status 1 = checked in; 00 = no conditional part.
    return "M1" + padded(holder, 20) + "E" + padded(rng.characters(letters, 6), 7) + "UTOUTQ" + "UT " + "0" +
           rng.characters(digits, 3) + " " + rest + "100";
}

std::span<const NamedSpecimen> named_specimens() {
    static constexpr std::array<NamedSpecimen, 21> table{{
        {"clear", "passport (TD3) of an adult, valid for years", "clear"},
        {"expired", "passport that expired two years ago", "refer: expired"},
        {"soon", "passport of a stateless person, expires in four months", "asked; refer: under six months"},
        {"minor", "passport of a child of twelve", "refer: minor alone"},
        {"damaged", "passport with a stain and scratches over the MRZ", "not read"},
        {"wrong-page", "a page of stamps, without an MRZ", "not read", MrzObstacle::wrong_page},
        {"resident", "residence permit (TD1, back) of an adult", "clear"},
        {"td1", "identity card (TD1, back) of an adult", "clear"},
        {"td2", "identity card (TD2) of an adult", "clear"},
        {"mrva", "visa (MRV-A) of an adult", "refer: a visa alone"},
        {"mrvb", "visa (MRV-B) of an adult", "refer: a visa alone"},
        {"barcode", "identity card (TD2) with a QR code", "clear"},
        {"far", "passport that is held too far away", "hint: too_far", MrzObstacle::too_far},
        {"near", "passport that is larger than the picture", "hint: too_near", MrzObstacle::too_near},
        {"cut-off", "passport that sticks out of the picture", "hint: cut_off", MrzObstacle::cut_off},
        {"tilted", "passport that lies askew", "hint: tilt", MrzObstacle::tilt},
        {"glare", "passport with a lamp's light on the MRZ", "hint: glare", MrzObstacle::glare},
        {"blur", "passport out of focus", "hint: blur", MrzObstacle::blur},
        {"moving", "passport that is never still", "hint: moving", MrzObstacle::moving},
        {"upside-down", "the side of a passport with nothing on it", "hint: upside_down", MrzObstacle::upside_down},
        {"covered", "passport with a hand over the MRZ", "hint: covered", MrzObstacle::covered},
    }};
    return table;
}

MrzObstacle named_trouble(std::string_view name) {
    for (const NamedSpecimen& s : named_specimens()) {
        if (s.name == name) return s.trouble;
    }
    return MrzObstacle::none;
}

std::optional<SpecimenSpec> named_specimen(std::string_view name, std::uint64_t seed, Date today) {
    const auto of = [&](MrzFormat f, std::uint64_t fixed) { return make_specimen(f, seed == 0 ? fixed : seed, today); };
    if (name == "clear") return of(MrzFormat::td3, 9001);
    if (name == "expired") return expired(of(MrzFormat::td3, 9002), today);
    if (name == "soon") return ends_soon(of(MrzFormat::td3, 9003), today);
    if (name == "minor") return minor(of(MrzFormat::td3, 9004), today);
    if (name == "td1") return of(MrzFormat::td1, 9005);
    if (name == "td2") return of(MrzFormat::td2, 9006);
    if (name == "mrva") return of(MrzFormat::mrv_a, 9007);
    if (name == "mrvb") return of(MrzFormat::mrv_b, 9008);
    if (name == "damaged" || name == "wrong-page") {
        SpecimenSpec s = of(MrzFormat::td3, 9009);
        s.damaged = name == "damaged";
        if (!s.damaged) s.page = PageKind::stamps_page;
        return s;
    }
    if (name == "resident") {
        SpecimenSpec s = of(MrzFormat::td1, 9010);
        s.code = "IR";
        return s;
    }
    if (named_trouble(name) != MrzObstacle::none) {
        SpecimenSpec s = of(MrzFormat::td3, 9001);
        if (name == "upside-down") s.page = PageKind::blank_side;
        return s;
    }
    if (name == "barcode") {
        const SpecimenSpec s = of(MrzFormat::td2, 9011);
        return with_symbol(s, SymbolKind::qr, as_bytes("UTO-SPECIMEN-" + s.number));
    }
    return std::nullopt;
}

}  // namespace paso
