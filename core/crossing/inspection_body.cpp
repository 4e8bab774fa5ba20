// The body of an inspection: [version, crossing, trip, party, document, barcodes, answers, lists, facts, assessment,
// ending, token, language, state, and from version 3 on facts as they were stated]. A document is its lines and how
// they were read: its fields follow from them (parse_mrz), so they are not stored twice.
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/crossing/barcode_body.hpp"
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
    for (std::uint64_t i = 0; i < days && r.ok(); ++i) t.today.push_back(r.day());
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
    const bool newer = std::any_of(in.barcodes.begin(), in.barcodes.end(), needs_second_version);
    const bool stated = !in.stated.entries().empty();
    w.array(stated ? 15 : 14).unsigned_integer(stated ? 3 : newer ? 2 : 1).bytes(in.crossing.bytes);
    put(w, in.trip);
    put(w, in.party);
    put(w, in.document);
    w.array(in.barcodes.size() * 2);
    for (const BarcodeContent& b : in.barcodes) put_barcode(w, b);
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
    if (stated) w.bytes(encode_facts(in.stated));
    return w.take();
}

Result<InspectionRecord> decode_inspection(ByteView body) {
    BodyReader r(body);
    InspectionRecord record;
    Inspection& in = record.inspection;
    const std::uint64_t version =
        r.begin([](std::uint64_t v) -> std::uint64_t { return v == 3 ? 15 : 14; }, newest_inspection_version);
    in.crossing = r.crossing();
    in.trip = get_trip(r);
    in.party = get_party(r);
    in.document = get_document(r, in.trip);
    for (std::uint64_t n = r.pairs(most_items); n > 0 && r.ok(); --n) {
        in.barcodes.push_back(get_barcode(r));
    }
    const bool newer = std::any_of(in.barcodes.begin(), in.barcodes.end(), needs_second_version);
    if (version < 3 && newer != (version == 2)) r.note("not the version that its symbols need");
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
    if (version == 3) {
        auto stated = decode_facts(r.bytes());
        if (r.ok() && !stated) return fail(stated.error());
        if (r.ok()) in.stated = std::move(*stated);
        if (r.ok() && in.stated.entries().empty()) r.note("version 3 without a fact that was stated");
    }
    if (r.ok()) {
        record.facts = std::move(*facts);
        record.assessment = std::move(*assessment);
    }
    return r.finish(std::move(record));
}

}  // namespace paso
