// Ten kinds, each a pair of functions that stand side by side; over 400 lines because of their number.
#include "core/crossing/barcode_body.hpp"

#include <algorithm>
#include <utility>

#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

constexpr std::uint64_t most_features = 64;
constexpr std::uint64_t most_seals = 8;

template <class Enum>
std::uint64_t number_of(Enum value) {
    return static_cast<std::uint64_t>(value);
}
template <class Enum>
Enum one_of(BodyReader& r, Enum first, Enum last) {
    return static_cast<Enum>(r.between(number_of(first), number_of(last)));
}

// Text of a payload in UTF-8; old cards write Latin-1.
void put_text(CborWriter& w, std::string_view text) { w.text(to_utf8(text)); }
void put_text(CborWriter& w, const Personal<std::string>& text) { put_text(w, text.reveal()); }
Personal<std::string> get_personal(BodyReader& r) { return Personal{r.text()}; }

void put_time(CborWriter& w, const std::optional<WallTime>& time) {
    if (time) {
        w.integer(time->ms);
    } else {
        w.null();
    }
}
std::optional<WallTime> get_time(BodyReader& r) {
    return r.absent() ? std::nullopt : std::optional{WallTime{r.integer()}};
}

// A date as it was written and the day that it comes to, of licences, cards and health certificates.
template <class T>
void put_written(CborWriter& w, const T& date) {
    put_text(w, date.raw);
    put_day(w, date.date);
    if constexpr (requires { date.century_inferred; }) w.boolean(date.century_inferred);
}
template <class T>
T get_written(BodyReader& r) {
    T date;
    date.raw = r.text();
    date.date = r.day_or_none();
    if constexpr (requires { date.century_inferred; }) date.century_inferred = r.boolean();
    return date;
}

void put_check(CborWriter& w, Check c) { w.unsigned_integer(number_of(c)); }
Check get_check(BodyReader& r) { return one_of(r, Check::passed, Check::absent); }
Cause get_cause(BodyReader& r) { return one_of(r, Cause::not_read, Cause::not_supported); }
Assurance get_assurance(BodyReader& r) { return one_of(r, Assurance::none, Assurance::chain_and_profile); }

// ---- boarding pass ----

void put(CborWriter& w, const FlightLeg& leg) {
    w.array(11).text(leg.record_locator).text(leg.from).text(leg.to).text(leg.carrier).text(leg.flight);
    w.unsigned_integer(leg.date.day_of_year);
    put_day(w, leg.date.date);
    put_character(w, leg.compartment);
    w.text(leg.seat).text(leg.sequence);
    put_character(w, leg.passenger_status);
}

FlightLeg get_leg(BodyReader& r) {
    FlightLeg leg;
    r.items(11);
    leg.record_locator = r.text();
    leg.from = r.text();
    leg.to = r.text();
    leg.carrier = r.text();
    leg.flight = r.text();
    leg.date.day_of_year = static_cast<std::uint16_t>(r.between(0, 366));
    leg.date.date = r.day_or_none();
    leg.compartment = r.character();
    leg.seat = r.text();
    leg.sequence = r.text();
    leg.passenger_status = r.character();
    return leg;
}

void put(CborWriter& w, const BoardingPass& pass) {
    w.array(5).text(pass.name.reveal()).boolean(pass.electronic_ticket).integer(pass.version);
    w.boolean(pass.security_data_present).array(pass.legs.size());
    for (const FlightLeg& leg : pass.legs) put(w, leg);
}

BoardingPass get_pass(BodyReader& r) {
    BoardingPass pass;
    r.items(5);
    pass.name = get_personal(r);
    pass.electronic_ticket = r.boolean();
    pass.version = static_cast<int>(r.between(0, 9));
    pass.security_data_present = r.boolean();
    const std::uint64_t legs = r.list(9);
    for (std::uint64_t i = 0; i < legs && r.ok(); ++i) pass.legs.push_back(get_leg(r));
    return pass;
}

// ---- features of seals ----

enum class Keep : std::uint8_t { nothing, that_it_is_there, value };

Keep keep(SealMeaning m) {
    switch (m) {
        case SealMeaning::mrz:
        case SealMeaning::document_number:
        case SealMeaning::passport_number:
        case SealMeaning::authorisation_number:
        case SealMeaning::sheet_number:
        case SealMeaning::reference_number:
        case SealMeaning::entries:
        case SealMeaning::stay:
        case SealMeaning::visa_type:
        case SealMeaning::visa_class:
        case SealMeaning::holder_name:
        case SealMeaning::surname:
        case SealMeaning::given_names:
        case SealMeaning::birth_name:
        case SealMeaning::birth_date:
        case SealMeaning::nationality:
        case SealMeaning::sex:
        case SealMeaning::valid_from:
        case SealMeaning::valid_until:
        case SealMeaning::validity:
        case SealMeaning::national_type:
            return Keep::value;
        case SealMeaning::visa:
        case SealMeaning::travel_emergency:
        case SealMeaning::test:
        case SealMeaning::vaccination:
        case SealMeaning::recovery:
        case SealMeaning::travel_authorisation:
            return Keep::that_it_is_there;
        case SealMeaning::unknown:
        case SealMeaning::birth_place:
        case SealMeaning::register_number:
        case SealMeaning::municipality:
        case SealMeaning::address:
        case SealMeaning::postal_code:
        case SealMeaning::social_insurance_number:
        case SealMeaning::profile:
        case SealMeaning::card_access_number:
        case SealMeaning::card_access:
        case SealMeaning::picture:
        case SealMeaning::additional:
            return Keep::nothing;
    }
    return Keep::nothing;
}

bool kept(const SealFeature& f) {
    return keep(f.meaning) != Keep::nothing && !std::holds_alternative<Withheld>(f.value);
}
bool kept(const BarcodeMessage& m) { return kept(m.feature); }
bool kept(const VdsNcField& f) { return keep(f.meaning) == Keep::value; }

// A value is the number of its type and what it holds.
struct ValueWriter {
    CborWriter& w;
    void operator()(const Personal<Bytes>& v) const { w.bytes(v.reveal()); }
    void operator()(const Personal<std::string>& v) const { put_text(w, v); }
    void operator()(const Personal<MrzRows>& v) const {
        w.array(v.reveal().rows.size());
        for (const std::string& row : v.reveal().rows) put_text(w, row);
    }
    void operator()(std::uint8_t v) const { w.unsigned_integer(v); }
    void operator()(const StayDuration& v) const {
        w.array(3).unsigned_integer(v.days).unsigned_integer(v.months).unsigned_integer(v.years);
    }
    void operator()(const Date& v) const { put_day(w, v); }
    void operator()(const Personal<MaskedDate>& v) const {
        w.array(2).text(v.reveal().text);
        put_day(w, v.reveal().date);
    }
    void operator()(const Withheld&) const { w.null(); }  // kept() leaves it out
};

std::uint8_t get_byte(BodyReader& r) { return static_cast<std::uint8_t>(r.between(0, 255)); }

MaskedDate get_masked(BodyReader& r) {
    r.items(2);
    MaskedDate d;
    d.text = r.text();
    d.date = r.day_or_none();
    return d;
}

SealValue get_value(BodyReader& r) {
    switch (r.between(0, std::variant_size_v<SealValue> - 2)) {
        case 0:
            return Personal{to_bytes(r.bytes())};
        case 1:
            return get_personal(r);
        case 2: {
            MrzRows rows;
            const std::uint64_t n = r.list(3);
            for (std::uint64_t i = 0; i < n && r.ok(); ++i) rows.rows.push_back(r.text());
            return Personal{std::move(rows)};
        }
        case 3:
            return get_byte(r);
        case 4: {
            r.items(3);
            const std::uint8_t days = get_byte(r);
            const std::uint8_t months = get_byte(r);
            return StayDuration{days, months, get_byte(r)};
        }
        case 5:
            return r.day();
        default:
            return Personal{get_masked(r)};
    }
}

// [tag, meaning], and where it is kept the value.
void put(CborWriter& w, const SealFeature& f) {
    const bool value = keep(f.meaning) == Keep::value;
    w.array(value ? 4 : 2).unsigned_integer(f.tag).unsigned_integer(number_of(f.meaning));
    if (!value) return;
    w.unsigned_integer(f.value.index());
    std::visit(ValueWriter{w}, f.value);
}

SealMeaning get_meaning(BodyReader& r) {
    const SealMeaning m = one_of(r, SealMeaning::unknown, SealMeaning::travel_authorisation);
    if (keep(m) == Keep::nothing) r.note("a feature that is not kept");
    return m;
}

SealFeature get_feature(BodyReader& r) {
    SealFeature f;
    const std::uint64_t items = r.list(4);
    f.tag = get_byte(r);
    f.meaning = get_meaning(r);
    const bool value = keep(f.meaning) == Keep::value;
    if (items != (value ? 4U : 2U)) r.note("wrong number of items");
    if (value) f.value = get_value(r);
    return f;
}

template <class T, class Put>
void put_kept(CborWriter& w, const std::vector<T>& all, Put put_one) {
    const auto n = std::count_if(all.begin(), all.end(), [](const T& t) { return kept(t); });
    w.array(std::min(static_cast<std::uint64_t>(n), most_features));
    std::uint64_t written = 0;
    for (const T& t : all) {
        if (kept(t) && written++ < most_features) put_one(t);
    }
}
void put_features(CborWriter& w, const std::vector<SealFeature>& features) {
    put_kept(w, features, [&w](const SealFeature& f) { put(w, f); });
}
std::vector<SealFeature> get_features(BodyReader& r) {
    std::vector<SealFeature> out;
    const std::uint64_t n = r.list(most_features);
    for (std::uint64_t i = 0; i < n && r.ok(); ++i) out.push_back(get_feature(r));
    return out;
}

void put(CborWriter& w, const SealTrust& t) {
    w.array(5).unsigned_integer(number_of(t.assurance));
    put_check(w, t.signature);
    put_check(w, t.chain.chain);
    put_check(w, t.chain.profile);
    w.unsigned_integer(number_of(t.chain.cause));
}
SealTrust get_trust(BodyReader& r) {
    SealTrust t;
    r.items(5);
    t.assurance = get_assurance(r);
    t.signature = get_check(r);
    t.chain.chain = get_check(r);
    t.chain.profile = get_check(r);
    t.chain.cause = get_cause(r);
    return t;
}

// ---- visible seal, barcode data structure, VDS-NC ----

void put(CborWriter& w, const VisibleSeal& s) {
    const SealHeader& h = s.reading.header;
    w.array(10).unsigned_integer(h.version).text(h.country).text(h.signer).text(h.certificate_reference);
    put_day(w, h.issued);
    put_day(w, h.signed_on);
    w.unsigned_integer(h.definition).unsigned_integer(h.category);
    put_features(w, s.reading.features);
    put(w, s.trust);
}

VisibleSeal get_seal(BodyReader& r) {
    VisibleSeal s;
    SealHeader& h = s.reading.header;
    r.items(10);
    h.version = get_byte(r);
    h.country = r.text();
    h.signer = r.text();
    h.certificate_reference = r.text();
    h.issued = r.day();
    h.signed_on = r.day();
    h.definition = get_byte(r);
    h.category = get_byte(r);
    s.document = seal_document(h.definition, h.category);
    s.reading.features = get_features(r);
    s.trust = get_trust(r);
    return s;
}

void put(CborWriter& w, const BarcodeDataStructure& b) {
    w.array(6).boolean(b.is_signed).text(b.country).bytes(b.certificate_reference);
    if (b.signed_on) {
        w.array(2).text(b.signed_on->text);
        put_day(w, b.signed_on->date);
    } else {
        w.null();
    }
    put_kept(w, b.messages, [&w](const BarcodeMessage& m) {
        w.array(2);
        put(w, m.feature);
        put_features(w, m.parts);
    });
    put(w, b.trust);
}

BarcodeDataStructure get_structure(BodyReader& r) {
    BarcodeDataStructure b;
    r.items(6);
    b.is_signed = r.boolean();
    b.country = r.text();
    const ByteView reference = r.bytes();
    if (reference.size() != b.certificate_reference.size()) r.note("a reference has 5 bytes");
    if (r.ok()) std::copy(reference.begin(), reference.end(), b.certificate_reference.begin());
    if (!r.absent()) b.signed_on = get_masked(r);
    const std::uint64_t n = r.list(most_features);
    for (std::uint64_t i = 0; i < n && r.ok(); ++i) {
        r.items(2);
        SealFeature feature = get_feature(r);
        b.messages.push_back({std::move(feature), get_features(r)});
    }
    b.document = idb_document(b.messages);
    b.trust = get_trust(r);
    return b;
}

void put(CborWriter& w, const VdsNc& v) {
    w.array(v.seals.size());
    for (const VdsNcSeal& s : v.seals) {
        w.array(5);
        put_text(w, s.type);
        w.unsigned_integer(s.version);
        put_text(w, s.issuer);
        put_kept(w, s.fields, [&w](const VdsNcField& f) {
            w.array(3);
            put_text(w, f.pointer);
            w.unsigned_integer(number_of(f.meaning));
            put_text(w, f.value);
        });
        put(w, s.trust);
    }
}

VdsNcSeal get_vds_nc_seal(BodyReader& r) {
    VdsNcSeal s;
    r.items(5);
    s.type = r.text();
    s.version = static_cast<std::uint32_t>(r.between(0, 0xFFFF'FFFF));
    s.issuer = r.text();
    const std::uint64_t fields = r.list(most_features);
    for (std::uint64_t i = 0; i < fields && r.ok(); ++i) {
        r.items(3);
        VdsNcField f;
        f.pointer = r.text();
        f.meaning = get_meaning(r);
        if (keep(f.meaning) != Keep::value) r.note("a field that is not kept");
        f.value = get_personal(r);
        s.fields.push_back(std::move(f));
    }
    s.trust = get_trust(r);
    return s;
}

VdsNc get_vds_nc(BodyReader& r, Assurance assurance) {
    VdsNc v;
    v.assurance = assurance;
    const std::uint64_t n = r.list(most_seals);
    for (std::uint64_t i = 0; i < n && r.ok(); ++i) v.seals.push_back(get_vds_nc_seal(r));
    return v;
}

// ---- licence, card ----

void put(CborWriter& w, const DrivingLicence& l) {
    w.array(18);
    put_text(w, l.file.issuer);
    w.integer(l.file.version);
    put_text(w, l.country);
    put_text(w, l.jurisdiction);
    for (const auto* text : {&l.number, &l.family_name, &l.given_names, &l.middle_names, &l.suffix}) put_text(w, *text);
    put_written(w, l.birth.reveal());
    put_written(w, l.expiry);
    put_written(w, l.issued);
    put_character(w, l.sex);
    put_character(w, l.compliance);
    w.boolean(l.limited_duration);
}

DrivingLicence get_licence(BodyReader& r) {
    DrivingLicence l;
    r.items(18);
    l.file.issuer = r.text();
    l.file.version = static_cast<int>(r.between(0, 99));
    l.country = r.text();
    l.jurisdiction = r.text();
    for (auto* text : {&l.number, &l.family_name, &l.given_names, &l.middle_names, &l.suffix}) *text = get_personal(r);
    l.birth = Personal{get_written<LicenceDate>(r)};
    l.expiry = get_written<LicenceDate>(r);
    l.issued = get_written<LicenceDate>(r);
    l.sex = r.character();
    l.compliance = r.character();
    l.limited_duration = r.boolean();
    return l;
}

void put(CborWriter& w, const NationalCard& c) {
    w.array(18).unsigned_integer(number_of(c.kind)).text(c.country).boolean(c.low_confidence);
    for (const auto* text : {&c.number, &c.surnames, &c.given_names}) put_text(w, *text);
    put_character(w, c.sex);
    put_written(w, c.birth.reveal());
    put_written(w, c.issued);
    put_written(w, c.expiry);
    put_text(w, c.document_type);
    put_text(w, c.nationality);
}

NationalCard get_card(BodyReader& r) {
    NationalCard c;
    r.items(18);
    c.kind = one_of(r, NationalCardKind::argentina, NationalCardKind::mexico_link);
    c.country = r.text();
    c.low_confidence = r.boolean();
    for (auto* text : {&c.number, &c.surnames, &c.given_names}) *text = get_personal(r);
    c.sex = r.character();
    c.birth = Personal{get_written<CardDate>(r)};
    c.issued = get_written<CardDate>(r);
    c.expiry = get_written<CardDate>(r);
    c.document_type = r.text();
    c.nationality = r.text();
    return c;
}

// ---- health certificate ----

void put(CborWriter& w, const HealthPerson& p) {
    w.array(7);
    for (const auto* text : {&p.family_name, &p.given_names, &p.full_name}) put_text(w, *text);
    put_written(w, p.birth.reveal());
    put_text(w, p.nationality);
    put_text(w, p.document);
}
HealthPerson get_person(BodyReader& r) {
    HealthPerson p;
    r.items(7);
    for (auto* text : {&p.family_name, &p.given_names, &p.full_name}) *text = get_personal(r);
    p.birth = Personal{get_written<HealthDate>(r)};
    p.nationality = r.text();
    p.document = get_personal(r);
    return p;
}

void put(CborWriter& w, const HealthEntry& e) {
    w.array(13).unsigned_integer(number_of(e.target));
    put_text(w, e.disease);
    put_text(w, e.vaccine);
    put_text(w, e.dose);
    if (e.doses) {
        w.integer(*e.doses);
    } else {
        w.null();
    }
    for (const HealthDate* d : {&e.date, &e.valid_from, &e.valid_until}) put_written(w, *d);
    put_text(w, e.country);
    put_text(w, e.test_result);
}
HealthEntry get_entry(BodyReader& r) {
    HealthEntry e;
    r.items(13);
    e.target = one_of(r, VaccineTarget::other, VaccineTarget::yellow_fever);
    e.disease = r.text();
    e.vaccine = r.text();
    e.dose = r.text();
    if (!r.absent()) e.doses = static_cast<int>(r.between(0, 1000));
    for (HealthDate* d : {&e.date, &e.valid_from, &e.valid_until}) *d = get_written<HealthDate>(r);
    e.country = r.text();
    e.test_result = get_personal(r);
    return e;
}

void put(CborWriter& w, const HealthCertificate& c) {
    w.array(12).unsigned_integer(number_of(c.content));
    put_text(w, c.issuer);
    put_time(w, c.expires);
    put_time(w, c.issued);
    put(w, c.person);
    put(w, c.entry);
    for (const Check check : {c.signature, c.listing, c.validity, c.usage, c.schema}) put_check(w, check);
    w.unsigned_integer(number_of(c.cause));
}

HealthCertificate get_health(BodyReader& r, Assurance assurance) {
    HealthCertificate c;
    r.items(12);
    c.content = one_of(r, HealthContent::unknown, HealthContent::vaccination_record);
    c.issuer = r.text();
    c.expires = get_time(r);
    c.issued = get_time(r);
    c.person = get_person(r);
    c.entry = get_entry(r);
    for (Check* check : {&c.signature, &c.listing, &c.validity, &c.usage, &c.schema}) *check = get_check(r);
    c.cause = get_cause(r);
    c.assurance = assurance;
    return c;
}

// ---- links, unknown ----

void put(CborWriter& w, const MdocEngagement& m) {
    w.array(2);
    put_text(w, m.version);
    w.array(m.transports.size());
    for (const MdocTransport t : m.transports) w.unsigned_integer(number_of(t));
}

MdocEngagement get_mdoc(BodyReader& r) {
    MdocEngagement m;
    r.items(2);
    m.version = r.text();
    const std::uint64_t n = r.list(4);
    for (std::uint64_t i = 0; i < n && r.ok(); ++i) {
        const std::uint64_t t = r.between(1, 255);
        if (t > 3 && t != number_of(MdocTransport::other)) r.note("a transport that is none");
        m.transports.push_back(static_cast<MdocTransport>(t));
    }
    return m;
}

void put(CborWriter& w, const Url& u) { w.array(3).text(u.scheme).text(u.host).unsigned_integer(u.size); }

Url get_url(BodyReader& r) {
    Url u;
    r.items(3);
    u.scheme = r.text();
    u.host = r.text();
    u.size = static_cast<std::size_t>(r.number());
    return u;
}

// In version 1 the size alone; behind its number the size and the kind that it claimed to be.
void put(CborWriter& w, const UnknownPayload& u) {
    if (u.newer && !u.newer->content.empty()) {
        w.raw(u.newer->content);
    } else if (u.claimed || u.newer) {
        w.array(2).unsigned_integer(u.size);
        w.unsigned_integer(u.newer ? u.newer->kind : number_of(*u.claimed));
    } else {
        w.unsigned_integer(u.size);
    }
}

UnknownPayload get_claimed(BodyReader& r) {
    UnknownPayload u;
    r.items(2);
    u.size = static_cast<std::size_t>(r.number());
    const std::uint64_t kind = r.number();
    if (kind == 0) r.note("a claim to be unknown");
    if (kind <= last_barcode_kind) {
        u.claimed = static_cast<BarcodeKind>(kind);
    } else {
        u.newer = NewerPayload{kind, {}};
    }
    return u;
}

std::uint64_t number_on_paper(const BarcodeContent& b) {
    const auto* const unknown = std::get_if<UnknownPayload>(&b.what);
    const bool newer = unknown != nullptr && unknown->newer && !unknown->newer->content.empty();
    return newer ? unknown->newer->kind : number_of(kind_of(b));
}

decltype(BarcodeContent::what) get_content(BodyReader& r, std::uint64_t kind, Assurance assurance) {
    if (kind > last_barcode_kind) return UnknownPayload{0, {}, NewerPayload{kind, to_bytes(r.item())}};
    switch (static_cast<BarcodeKind>(kind)) {
        case BarcodeKind::unknown:
            return get_claimed(r);
        case BarcodeKind::boarding_pass:
            r.note("a boarding pass has no number");
            break;
        case BarcodeKind::visible_seal:
            return get_seal(r);
        case BarcodeKind::driving_licence:
            return get_licence(r);
        case BarcodeKind::health_certificate:
            return get_health(r, assurance);
        case BarcodeKind::vds_nc:
            return get_vds_nc(r, assurance);
        case BarcodeKind::barcode_data_structure:
            return get_structure(r);
        case BarcodeKind::national_card:
            return get_card(r);
        case BarcodeKind::mdoc_engagement:
            return get_mdoc(r);
        case BarcodeKind::url:
            return get_url(r);
    }
    return UnknownPayload{};
}

}  // namespace

bool needs_second_version(const BarcodeContent& b) {
    const auto* const unknown = std::get_if<UnknownPayload>(&b.what);
    if (unknown != nullptr) return unknown->claimed || unknown->newer;
    return !std::holds_alternative<BoardingPass>(b.what);
}

void put_barcode(CborWriter& w, const BarcodeContent& b) {
    if (needs_second_version(b)) {
        w.unsigned_integer(number_on_paper(b));
    } else {
        w.boolean(std::holds_alternative<BoardingPass>(b.what));
    }
    w.array(4).unsigned_integer(number_of(b.symbology)).unsigned_integer(number_of(b.assurance)).bytes(b.digest);
    std::visit([&w](const auto& what) { put(w, what); }, b.what);
}

BarcodeContent get_barcode(BodyReader& r) {
    BarcodeContent b;
    const bool first_version = r.next_is(CborKind::boolean);
    const bool pass = first_version && r.boolean();
    const std::uint64_t kind = first_version ? 0 : r.number();
    r.items(4);
    b.symbology = one_of(r, Symbology::unknown, Symbology::other);
    b.assurance = get_assurance(r);
    const auto digest = digest_from(r.bytes());
    if (!digest) r.note("a digest has 32 bytes");
    b.digest = digest.value_or(Digest{});
    if (!r.ok()) return b;
    if (pass) {
        b.what = get_pass(r);
    } else if (first_version) {
        b.what = UnknownPayload{static_cast<std::size_t>(r.number())};
    } else {
        b.what = get_content(r, kind, b.assurance);
    }
    return b;
}

}  // namespace paso
