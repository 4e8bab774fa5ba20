// The body of an inspection: [version, crossing, trip, party, document, barcodes, answers, lists, facts, assessment,
// ending, token, language, state]. A document is its lines and how they were read: its fields follow from them
// (parse_mrz), so they are not stored twice.
#include <array>
#include <cmath>
#include <utility>

#include "core/crossing/body_codec.hpp"
#include "core/crossing/crossing.hpp"

namespace paso {
namespace {

constexpr std::uint64_t most_items = 32;

void put(CborWriter& w, const Trip& t) {
    w.array(8).text(t.state).text(t.post).text(t.lane).unsigned_integer(static_cast<std::uint64_t>(t.mode));
    w.unsigned_integer(static_cast<std::uint64_t>(t.direction)).boolean(t.demo).array(t.today.size());
    for (const Date d : t.today) w.integer(d.days_since_1970());
    w.unsigned_integer(static_cast<std::uint64_t>(t.clock));
}

Trip get_trip(BodyReader& r) {
    Trip t;
    r.items(8);
    t.state = r.text();
    t.post = r.text();
    t.lane = r.text();
    t.mode = static_cast<TravelMode>(r.between(0, 2));
    t.direction = static_cast<Direction>(r.between(0, 1));
    t.demo = r.boolean();
    const std::uint64_t days = r.list(most_items);
    for (std::uint64_t i = 0; i < days && r.ok(); ++i) {
        const std::int64_t day = r.integer();
        if (day < -3'000'000 || day > 3'000'000) r.note("a date is out of range");
        if (r.ok()) t.today.push_back(Date::from_days(static_cast<std::int32_t>(day)));
    }
    t.clock = static_cast<ClockState>(r.between(0, 1));
    return t;
}

void put(CborWriter& w, const std::optional<Party>& p) {
    if (!p) {
        w.null();
        return;
    }
    w.array(3).boolean(p->alone).integer(p->adults).integer(p->children);
}

std::optional<Party> get_party(BodyReader& r) {
    if (r.absent()) return std::nullopt;
    Party p;
    r.items(3);
    p.alone = r.boolean();
    p.adults = static_cast<int>(r.between(0, 100));
    p.children = static_cast<int>(r.between(0, 100));
    return p;
}

// Rounded, so that a confidence that was read back is written the same again; anything that is none counts as 0.
std::uint64_t thousandths(float confidence) {
    if (!(confidence > 0)) return 0;
    return confidence >= 1 ? 1000 : static_cast<std::uint64_t>(std::lround(confidence * 1000));
}

void put(CborWriter& w, const std::optional<TravelDocument>& d) {
    if (!d) {
        w.null();
        return;
    }
    w.array(4)
        .unsigned_integer(static_cast<std::uint64_t>(d->format))
        .unsigned_integer(static_cast<std::uint64_t>(d->state));
    w.unsigned_integer(thousandths(d->confidence)).array(d->lines.size());
    for (const std::string& line : d->lines) w.text(line);
}

std::optional<TravelDocument> get_document(BodyReader& r, const Trip& trip) {
    if (r.absent()) return std::nullopt;
    MrzResult result;
    r.items(4);
    result.format = static_cast<MrzFormat>(r.between(0, last_mrz_format));
    result.state = static_cast<MrzState>(r.between(0, 3));
    result.lowest = static_cast<float>(r.between(0, 1000)) / 1000.0F;
    const std::uint64_t lines = r.list(3);
    for (std::uint64_t i = 0; i < lines && r.ok(); ++i) result.lines.push_back(r.text());
    if (trip.today.empty()) r.note("a document needs a reading date");
    if (!r.ok()) return std::nullopt;
    TravelDocument d = parse_mrz(result, trip.today.front());
    if (d.format != result.format) r.note("a document's format is not that of its lines");
    return d;
}

void put(CborWriter& w, const FlightLeg& leg) {
    w.array(11).text(leg.record_locator).text(leg.from).text(leg.to).text(leg.carrier).text(leg.flight);
    w.unsigned_integer(leg.date.day_of_year);
    if (leg.date.date) {
        w.integer(leg.date.date->days_since_1970());
    } else {
        w.null();
    }
    w.text(std::string(1, leg.compartment))
        .text(leg.seat)
        .text(leg.sequence)
        .text(std::string(1, leg.passenger_status));
}

char get_character(BodyReader& r) {
    const std::string s = r.text();
    if (s.size() != 1) r.note("one character is expected");
    return s.size() == 1 ? s.front() : ' ';
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
    if (!r.absent()) {
        const std::int64_t day = r.integer();
        if (day < -3'000'000 || day > 3'000'000) r.note("a date is out of range");
        if (r.ok()) leg.date.date = Date::from_days(static_cast<std::int32_t>(day));
    }
    leg.compartment = get_character(r);
    leg.seat = r.text();
    leg.sequence = r.text();
    leg.passenger_status = get_character(r);
    return leg;
}

void put(CborWriter& w, const BarcodeContent& b) {
    w.array(4).unsigned_integer(static_cast<std::uint64_t>(b.symbology));
    w.unsigned_integer(static_cast<std::uint64_t>(b.assurance)).bytes(b.digest);
    if (const auto* unknown = std::get_if<UnknownPayload>(&b.what)) {
        w.unsigned_integer(unknown->size);
        return;
    }
    const auto& pass = std::get<BoardingPass>(b.what);
    w.array(5).text(pass.name.reveal()).boolean(pass.electronic_ticket).integer(pass.version);
    w.boolean(pass.security_data_present).array(pass.legs.size());
    for (const FlightLeg& leg : pass.legs) put(w, leg);
}

BarcodeContent get_barcode(BodyReader& r, bool pass_follows) {
    BarcodeContent b;
    r.items(4);
    b.symbology = static_cast<Symbology>(r.between(0, 5));
    b.assurance = static_cast<Assurance>(r.between(0, 4));
    const auto digest = digest_from(r.bytes());
    if (!digest) r.note("a digest has 32 bytes");
    b.digest = digest.value_or(Digest{});
    if (!pass_follows) {
        b.what = UnknownPayload{static_cast<std::size_t>(r.number())};
        return b;
    }
    BoardingPass pass;
    r.items(5);
    pass.name = Personal{r.text()};
    pass.electronic_ticket = r.boolean();
    pass.version = static_cast<int>(r.between(0, 9));
    pass.security_data_present = r.boolean();
    const std::uint64_t legs = r.list(9);
    for (std::uint64_t i = 0; i < legs && r.ok(); ++i) pass.legs.push_back(get_leg(r));
    b.what = std::move(pass);
    return b;
}

void put(CborWriter& w, const Known<bool>& k) {
    w.unsigned_integer(k.known() ? (k.value() ? 1 : 0) : 1 + static_cast<std::uint64_t>(k.cause()));
}

Known<bool> get_known(BodyReader& r) {
    const std::uint64_t v = r.between(0, 9);
    return v < 2 ? Known<bool>{v == 1} : Known<bool>{static_cast<Cause>(v - 1)};
}

}  // namespace

Bytes encode_inspection(const InspectionRecord& record) {
    const Inspection& in = record.inspection;
    CborWriter w;
    w.array(14).unsigned_integer(body_version).bytes(in.crossing.bytes);
    put(w, in.trip);
    put(w, in.party);
    put(w, in.document);
    w.array(in.barcodes.size() * 2);
    for (const BarcodeContent& b : in.barcodes) {
        w.boolean(std::holds_alternative<BoardingPass>(b.what));
        put(w, b);
    }
    w.array(in.answers.size() * 2);
    for (const Answer& a : in.answers) {
        w.text(a.question);
        put(w, a.yes);
    }
    w.array(in.lists.size() * 2);
    for (const ListCheck& l : in.lists) {
        w.text(l.list);
        put(w, l.listed);
    }
    w.bytes(encode_facts(record.facts)).bytes(encode_assessment(record.assessment));
    w.unsigned_integer(static_cast<std::uint64_t>(record.ending))
        .text(record.token)
        .text(record.language)
        .text(record.state);
    return w.take();
}

Result<InspectionRecord> decode_inspection(ByteView body) {
    BodyReader r(body);
    InspectionRecord record;
    Inspection& in = record.inspection;
    r.begin(14);
    in.crossing = r.crossing();
    in.trip = get_trip(r);
    in.party = get_party(r);
    in.document = get_document(r, in.trip);
    for (std::uint64_t n = r.pairs(most_items); n > 0 && r.ok(); --n) {
        const bool pass = r.boolean();
        in.barcodes.push_back(get_barcode(r, pass));
    }
    for (std::uint64_t n = r.pairs(most_items); n > 0 && r.ok(); --n) {
        std::string question = r.text();
        in.answers.push_back({std::move(question), get_known(r)});
    }
    for (std::uint64_t n = r.pairs(most_items); n > 0 && r.ok(); --n) {
        std::string list = r.text();
        in.lists.push_back({std::move(list), get_known(r)});
    }
    auto facts = decode_facts(r.bytes());
    if (r.ok() && !facts) return fail(facts.error());
    auto assessment = decode_assessment(r.bytes());
    if (r.ok() && !assessment) return fail(assessment.error());
    record.ending = static_cast<Ending>(r.between(1, 5));
    record.token = r.text();
    record.language = r.text();
    record.state = r.text();
    if (r.ok()) {
        record.facts = std::move(*facts);
        record.assessment = std::move(*assessment);
    }
    return r.finish(std::move(record));
}

}  // namespace paso
