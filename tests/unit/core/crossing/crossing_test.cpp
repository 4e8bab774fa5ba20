#include "core/crossing/crossing.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "core/crossing/barcode_body.hpp"
#include "core/encoding/cbor.hpp"
#include "core/trust/digest.hpp"
#include "tests/support/barcode_samples.hpp"

using namespace paso;

namespace {

const Date today = *Date::parse("2026-11-24");
const std::vector<std::string> td3{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};

const std::vector<std::string> french{"IDFRANEBELTHAU<<<<<<<<<<<<<<<<2A0042", "0502921000016ODA<CELESTE<<<7408122F4"};
const std::vector<std::string> swiss{"ABC001D<<", "FACHE012345678001<<740812<<<<<", "NEBELTHAU<<ODA<CELESTE<<<<<<<<"};

CrossingId crossing(unsigned n) {
    CrossingId id;
    id.bytes[0] = static_cast<std::byte>(n);
    id.bytes[15] = static_cast<std::byte>(n >> 8U);
    return id;
}

EventHeader header(std::mt19937_64& r) {
    EventHeader h;
    h.station = *StationId::parse("uto-001-k1");
    h.position = {r() >> 1U, 1 + (r() >> 2U)};
    h.kind = static_cast<EventKind>(1 + r() % 5);
    if (r() % 2 == 0) h.crossing = crossing(static_cast<unsigned>(r() % 1000));
    h.previous = sha256(as_bytes("before"));
    h.wall.ms = static_cast<std::int64_t>(r() % 4'000'000'000'000U) - 1000;
    h.mono.ns = static_cast<std::int64_t>(r() >> 2U);
    h.clock = static_cast<ClockState>(r() % 2);
    h.body_digest = sha256(as_bytes("body"));
    return h;
}

// As a body has it.
BarcodeContent through_a_body(const BarcodeContent& b) {
    CborWriter w;
    w.array(3).unsigned_integer(1);
    put_barcode(w, b);
    BodyReader reader(w.view());
    reader.begin(3);
    auto back = reader.finish(get_barcode(reader));
    if (!back) throw std::runtime_error(describe(back.error()));
    return std::move(*back);
}

const test::SigningState& state() {
    static const test::SigningState one;
    return one;
}

// One of each kind as parse_barcode gives it.
const std::vector<BarcodeContent>& symbols() {
    static const std::vector<BarcodeContent> all = [] {
        std::vector<BarcodeContent> out;
        for (test::BarcodeSample& s : state().samples())
            out.push_back(parse_barcode(s.payload, Symbology::pdf417, state().anchors,
                                        {test::SigningState::today, test::SigningState::now}));
        return out;
    }();
    return all;
}

InspectionRecord record(std::mt19937& r) {
    InspectionRecord rec;
    Inspection& in = rec.inspection;
    in.crossing = crossing(static_cast<unsigned>(r() % 5000));
    in.trip = {"UTO",
               "Puente Nuevo",
               "3",
               static_cast<TravelMode>(r() % 3),
               static_cast<Direction>(r() % 2),
               r() % 2 == 0,
               {today},
               static_cast<ClockState>(r() % 2)};
    if (r() % 3 == 0) in.trip.today = {today.plus_days(-1), today, today.plus_days(1)};
    if (r() % 2 == 0) in.party = Party{r() % 2 == 0, static_cast<int>(r() % 4), static_cast<int>(r() % 4)};
    if (r() % 4 != 0) {
        MrzResult m;
        m.state = static_cast<MrzState>(r() % 4);
        m.lines = r() % 3 == 0 ? french : r() % 2 == 0 ? swiss : td3;
        m.lowest = static_cast<float>(r() % 1001) / 1000.0F;
        in.document = parse_mrz(m, in.trip.today.front());
    }
    if (r() % 2 == 0) {
        BarcodeContent b{Symbology::pdf417, Assurance::structure, sha256(as_bytes("x")), UnknownPayload{17}};
        if (r() % 2 == 0) {
            BoardingPass pass;
            pass.name = Personal<std::string>{"ERIKSSON/ANNA"};
            pass.version = 6;
            pass.electronic_ticket = true;
            pass.legs.push_back({"ABC123", "UTA", "UTB", "UT", "0834", {328, today}, 'Y', "012A", "0042", '1', {}});
            pass.legs.push_back(
                {"ABC124", "UTB", "UTC", "UT", "0835", {366, std::nullopt}, 'Y', "013A", "0043", '1', {}});
            b.what = pass;
        }
        in.barcodes.push_back(b);
    }
    if (r() % 2 == 0) in.barcodes.push_back(through_a_body(symbols()[r() % symbols().size()]));
    if (r() % 8 == 0) in.barcodes.push_back({.what = UnknownPayload{9, BarcodeKind::visible_seal}});
    if (r() % 8 == 0) in.barcodes.push_back({.what = UnknownPayload{0, {}, NewerPayload{77, Bytes{std::byte{0xF5}}}}});
    if (r() % 2 == 0)
        in.answers.push_back({"resident", r() % 2 == 0 ? Known<bool>{true} : Known<bool>{Cause::not_read}});
    if (r() % 2 == 0)
        in.lists.push_back({"number", r() % 2 == 0 ? Known<bool>{false} : Known<bool>{Cause::list_stale}});
    rec.facts = build_facts(in);
    rec.assessment.pack = {"p", "1", sha256(as_bytes("pack"))};
    rec.assessment.outcome = static_cast<Outcome>(r() % 4);
    Finding finding{.rule = "rule",
                    .value = Truth::unknown,
                    .refers = true,
                    .reason = "reason",
                    .basis = "basis",
                    .facts = {{"a", {true}, std::nullopt}, {"b", {}, Cause::offline}}};
    if (r() % 2 == 0) {
        finding.then = static_cast<Outcome>(1 + r() % 3);
        finding.is_private = r() % 2 == 0;
        finding.is_silent = r() % 2 == 0;
        if (r() % 2 == 0) finding.exempted_by = "basis of the exemption";
    }
    rec.assessment.findings.push_back(std::move(finding));
    if (r() % 3 == 0) {
        in.stated.set("list.age", std::int64_t{3});
        in.stated.set_unknown("stay.used", Cause::history_incomplete);
    }
    rec.ending = static_cast<Ending>(1 + r() % 5);
    rec.token = "K-4821";
    rec.language = "es";
    rec.state = "result";
    return rec;
}

}  // namespace

TEST_CASE("headers cross and are hashed as they stand") {
    std::mt19937_64 r(1);
    for (int i = 0; i < 2000; ++i) {
        const EventHeader h = header(r);
        const Bytes bytes = encode_header(h);
        const auto back = decode_header(bytes);
        REQUIRE(back);
        REQUIRE(*back == h);
        REQUIRE(check_canonical(bytes));
        REQUIRE_FALSE(decode_header(ByteView{bytes}.first(bytes.size() - 1)));
        Bytes mutated = bytes;
        mutated[r() % mutated.size()] ^= static_cast<std::byte>(1U << (r() % 8));
        if (const auto other = decode_header(mutated)) REQUIRE(encode_header(*other) == mutated);
    }
}

TEST_CASE("a newer header is refused with both numbers") {
    std::mt19937_64 r(1);
    Bytes bytes = encode_header(header(r));
    bytes[2] = std::byte{9};
    const auto e = decode_header(bytes);
    REQUIRE_FALSE(e);
    CHECK(e.error().code == "event.version");
    CHECK(e.error().detail == "version 9, this program reads up to 1");
    CborWriter longer;  // also when it has keys that this program does not know
    longer.map(3).key(0).unsigned_integer(2).key(1).text("k1").key(99).boolean(true);
    CHECK(decode_header(longer.view()).error().code == "event.version");
    CborWriter shorter;
    shorter.map(2).key(0).unsigned_integer(1).key(1).text("k1");
    CHECK(decode_header(shorter.view()).error().code == "event.header");
}

TEST_CASE("positions count from 1 and stay below 2^63") {
    std::mt19937_64 r(2);
    EventHeader h = header(r);
    constexpr std::uint64_t top = (std::uint64_t{1} << 63U) - 1;
    h.position = {top, top};
    CHECK(decode_header(encode_header(h)));
    for (const Position wrong : {Position{top + 1, 1}, Position{1, top + 1}, Position{1, 0}}) {
        h.position = wrong;
        const auto back = decode_header(encode_header(h));
        REQUIRE_FALSE(back);
        CHECK(back.error().code == "event.header");
    }
}

TEST_CASE("a chain is followed link by link, and each break has its name") {
    const StationId station = *StationId::parse("uto-001-k1");
    const Salt salt{std::byte{7}};
    const Bytes body = to_bytes(as_bytes("a body"));
    EventHeader h;
    h.station = station;
    h.position = {5, 1};
    h.body_digest = body_digest(salt, body);
    const ChainHead start{{5, 0}, {}};
    const Bytes first = encode_header(h);
    const auto one = follow(start, station, first, salt, body);
    REQUIRE(one);
    CHECK(one->hash == header_hash(first));
    h.position.sequence = 2;
    h.previous = one->hash;
    const Bytes second = encode_header(h);
    CHECK(follow(*one, station, second, salt, body));
    CHECK(follow(*one, station, second, salt, std::nullopt));  // an erased body
    CHECK(follow(start, station, second, salt, body).error().code == "chain.gap");
    CHECK(follow(start, station, second, salt, body).error().detail == "expected sequence 1, found 2");
    CHECK(follow({{6, 1}, one->hash}, station, second, salt, body).error().code == "chain.gap");
    CHECK(follow({{6, 1}, one->hash}, station, second, salt, body).error().detail == "sequence 2 is of another epoch");
    CHECK(follow(*one, *StationId::parse("other"), second, salt, body).error().code == "chain.station");
    CHECK(follow(*one, station, second, salt, as_bytes("another")).error().code == "chain.body");
    CHECK(follow(*one, station, second, Salt{}, body).error().code == "chain.body");
    CHECK(follow({{5, 1}, {}}, station, second, salt, body).error().code == "chain.previous");
    CHECK(follow(*one, station, as_bytes("x"), salt, body).error().code == "event.header");
}

TEST_CASE("inspections, decisions and notes cross") {
    std::mt19937 r(3);
    for (int i = 0; i < 1000; ++i) {
        const InspectionRecord rec = record(r);
        const Bytes bytes = encode_inspection(rec);
        REQUIRE(check_canonical(bytes));
        const auto back = decode_inspection(bytes);
        if (!back) FAIL(describe(back.error()));
        REQUIRE(*back == rec);
        REQUIRE(encode_inspection(*back) == bytes);
        Bytes mutated = bytes;
        mutated[r() % mutated.size()] ^= static_cast<std::byte>(1U << (r() % 8));
        if (const auto other = decode_inspection(mutated)) REQUIRE(encode_inspection(*other) == mutated);
        REQUIRE_FALSE(decode_inspection(ByteView{bytes}.first(r() % bytes.size())));
    }
    Decision d{crossing(4), *StationId::parse("k1"), {3, 9}, DecisionKind::admitted, "officer1", "papers in order"};
    CHECK(*decode_decision(encode_decision(d)) == d);
    for (const auto kind : {DecisionKind::holder_seen, DecisionKind::admitted, DecisionKind::to_second_line,
                            DecisionKind::not_admitted, DecisionKind::left}) {
        CHECK(decision_kind(name(kind)) == kind);
    }
    CHECK_FALSE(decision_kind("refused"));
    const StationNote note{"station.started", "0.1.0"};
    CHECK(*decode_note(encode_note(note)) == note);
    Bytes newer = encode_note(note);
    newer[1] = std::byte{2};
    CHECK(decode_note(newer).error().code == "body.version");
    CHECK(decode_note(newer).error().detail == "version 2, this program reads up to 1");
    CborWriter longer;  // a newer body may have more items
    longer.array(4).unsigned_integer(2).text("a").text("b").text("c");
    CHECK(decode_note(longer.view()).error().code == "body.version");
    CHECK(decode_decision(longer.view()).error().code == "body.version");
    CborWriter newest;
    newest.array(4).unsigned_integer(4).text("a").text("b").text("c");
    CHECK(decode_inspection(newest.view()).error().code == "body.version");
    CHECK(decode_inspection(newest.view()).error().detail == "version 4, this program reads up to 3");
    CborWriter wrong;
    wrong.array(4).unsigned_integer(1).text("a").text("b").text("c");
    CHECK(decode_note(wrong.view()).error().code == "body.format");
}

TEST_CASE("what version 1 could say is still written and read in its words") {
    std::mt19937 r(8);
    InspectionRecord rec = record(r);
    rec.inspection.stated = {};
    BoardingPass pass;
    pass.name = Personal<std::string>{"ERIKSSON/ANNA"};
    pass.electronic_ticket = true;
    pass.version = 6;
    pass.legs.push_back({"ABC123", "UTA", "UTB", "UT", "0834", {328, today}, 'Y', "012A", "0042", '1', {}});
    const Digest digest = sha256(as_bytes("x"));
    rec.inspection.barcodes = {{Symbology::aztec, Assurance::structure, digest, pass},
                               {Symbology::qr, Assurance::none, digest, UnknownPayload{17}}};
    CborWriter old;  // as the first events on disk have it
    old.array(4).boolean(true).array(4).unsigned_integer(2).unsigned_integer(1).bytes(digest);
    old.array(5).text("ERIKSSON/ANNA").boolean(true).integer(6).boolean(false).array(1);
    old.array(11).text("ABC123").text("UTA").text("UTB").text("UT").text("0834").unsigned_integer(328);
    old.integer(today.days_since_1970()).text("Y").text("012A").text("0042").text("1");
    old.boolean(false).array(4).unsigned_integer(1).unsigned_integer(0).bytes(digest).unsigned_integer(17);
    const Bytes bytes = encode_inspection(rec);
    CHECK(bytes.at(1) == std::byte{1});
    CHECK(as_text(bytes).find(as_text(old.view())) != std::string_view::npos);
    const auto back = decode_inspection(bytes);
    REQUIRE(back);
    CHECK(*back == rec);
    // One symbol of a kind that it has no words for makes it version 2; the number and the symbols must agree.
    rec.inspection.barcodes.push_back(through_a_body(symbols().at(1)));
    Bytes second = encode_inspection(rec);
    CHECK(second.at(1) == std::byte{2});
    REQUIRE(decode_inspection(second));
    second.at(1) = std::byte{1};
    CHECK(decode_inspection(second).error().code == "body.format");
    Bytes first = bytes;
    first.at(1) = std::byte{2};
    CHECK(decode_inspection(first).error().code == "body.format");
}

TEST_CASE("a fact that somebody stated makes it version 3") {
    std::mt19937 r(9);
    InspectionRecord rec = record(r);
    rec.inspection.stated = {};
    rec.inspection.stated.set("list.age", std::int64_t{30});
    Bytes third = encode_inspection(rec);
    CHECK(third.at(1) == std::byte{3});
    const auto back = decode_inspection(third);
    REQUIRE(back);
    CHECK(*back == rec);
    third.at(1) = std::byte{2};
    CHECK(decode_inspection(third).error().code == "body.format");
}

TEST_CASE("of each symbol a body keeps kind, assurance, digest and what an inspector looks at") {
    for (std::size_t i = 0; i < symbols().size(); ++i) {
        const BarcodeContent& before = symbols()[i];
        const BarcodeContent after = through_a_body(before);
        INFO(name(kind_of(before)) << " " << i);
        CHECK(kind_of(after) == kind_of(before));
        CHECK(after.assurance == before.assurance);
        CHECK(after.digest == before.digest);
        CHECK(after.symbology == before.symbology);
        CHECK(through_a_body(after) == after);
        CborWriter w;
        put_barcode(w, before);
        CHECK(w.view().size() < 420);
    }
    const auto kept = [](std::size_t i) { return through_a_body(symbols().at(i)).what; };
    const auto seal = std::get<VisibleSeal>(kept(1));
    CHECK(seal.document == "visa");
    CHECK(seal.reading.features.size() == 4);
    CHECK(seal.reading.header.certificate_reference == "5B");
    CHECK(seal.trust.chain.chain == Check::passed);
    CHECK(seal.trust.assurance == Assurance::chain_and_profile);
    CHECK_FALSE(seal.trust.signer);
    const auto licence = std::get<DrivingLicence>(kept(2));
    CHECK(licence.number.reveal() == "U12345678");
    CHECK(licence.birth.reveal().date == Date::of(1974, 8, 12));
    CHECK(licence.limited_duration);
    CHECK(licence.street.reveal().empty());
    CHECK(licence.discriminator.reveal().empty());
    CHECK(licence.file.subfiles.empty());
    const auto health = std::get<HealthCertificate>(kept(3));
    CHECK(health.entry.target == VaccineTarget::yellow_fever);
    CHECK(health.person.document.reveal() == "L898902C3");
    CHECK(health.entry.valid_from.date == Date::of(2026, 1, 20));
    CHECK(health.validity == Check::passed);
    CHECK(health.entry.batch.empty());
    const auto vds = std::get<VdsNc>(kept(4));
    REQUIRE(vds.seals.size() == 1);
    CHECK(vds.seals[0].fields.size() == 5);
    CHECK(vds.assurance == Assurance::chain_and_profile);
    const auto idb = std::get<BarcodeDataStructure>(kept(5));
    CHECK(idb.document == "digital_travel_authorisation");
    REQUIRE(idb.messages.size() == 1);
    CHECK(idb.messages[0].parts.size() == 7);  // not the place of birth
    CHECK(idb.messages[0].feature.value == SealValue{Personal{Bytes{}}});
    const auto card = std::get<NationalCard>(kept(10));
    CHECK(card.number.reveal() == "1023456789");
    CHECK(card.municipality.empty());
    CHECK(std::get<Url>(kept(14)) == Url{"https", "example.org", 25});
}

TEST_CASE("a licence in Latin-1 is written as text") {
    LicenceFile file = test::utopian_licence();
    file.subfiles[0].elements[1].value =
        Personal{std::string{"NU\xD1"
                             "EZ"}};
    Bytes payload = write_driving_licence(file).value();
    const auto c = parse_barcode(payload, Symbology::pdf417, {}, {today, {}});
    const auto back = through_a_body(c);
    CHECK(std::get<DrivingLicence>(back.what).family_name.reveal() ==
          "NU\xC3\x91"
          "EZ");
}

TEST_CASE("a symbol of a newer kind is unknown here and written again as it stands") {
    const auto read = [](const CborWriter& item) {
        CborWriter w;
        w.array(3).unsigned_integer(1).raw(item.view());
        BodyReader reader(w.view());
        reader.begin(3);
        auto b = reader.finish(get_barcode(reader));
        if (b) {
            CborWriter again;
            put_barcode(again, *b);
            CHECK(again.view() == item.view());
            CHECK(needs_second_version(*b));
        }
        return b;
    };
    const auto head = [](std::uint64_t kind) {
        CborWriter w;
        w.unsigned_integer(kind).array(4).unsigned_integer(1).unsigned_integer(3).bytes(sha256(as_bytes("x")));
        return w;
    };
    CborWriter newer = head(10);
    newer.array(2).text("whatever").map(1).key(1).boolean(true);
    const auto one = read(newer);
    REQUIRE(one);
    CHECK(kind_of(*one) == BarcodeKind::unknown);
    CHECK(one->assurance == Assurance::chain);
    CHECK(std::get<UnknownPayload>(one->what).newer->kind == 10);
    CborWriter claims_newer = head(0);
    claims_newer.array(2).unsigned_integer(5).unsigned_integer(12);
    REQUIRE(read(claims_newer));
    CHECK(std::get<UnknownPayload>(read(claims_newer)->what).size == 5);
    CborWriter claims_nothing = head(0);
    claims_nothing.array(2).unsigned_integer(5).unsigned_integer(0);
    CHECK(read(claims_nothing).error().code == "body.format");
    CborWriter pass = head(1);
    pass.array(0);
    CHECK(read(pass).error().code == "body.format");
    CborWriter address = head(2);
    address.array(10).unsigned_integer(3).text("UTO").text("UTTS").text("5B").integer(1).integer(1);
    address.unsigned_integer(0x5D).unsigned_integer(1).array(1).array(4).unsigned_integer(3);
    address.unsigned_integer(static_cast<std::uint64_t>(SealMeaning::address)).unsigned_integer(1).text("x");
    CHECK(read(address).error().detail == "a feature that is not kept");
}

TEST_CASE("any confidence is written so that it can be read, and the same again") {
    std::mt19937 r(4);
    InspectionRecord rec = record(r);
    MrzResult m;
    m.state = MrzState::proposed;
    m.lines = td3;
    rec.inspection.document = parse_mrz(m, rec.inspection.trip.today.front());
    std::vector<float> confidences{0.29F, -1.0F, 7.0F, std::numeric_limits<float>::quiet_NaN(),
                                   std::numeric_limits<float>::infinity()};
    for (int i = 0; i <= 5000; ++i) confidences.push_back(static_cast<float>(i) / 5000.0F);
    for (const float c : confidences) {
        rec.inspection.document->confidence = c;
        const Bytes bytes = encode_inspection(rec);
        const auto back = decode_inspection(bytes);
        REQUIRE(back);
        REQUIRE(encode_inspection(*back) == bytes);
        if (c >= 0 && c <= 1) REQUIRE(std::abs(back->inspection.document->confidence - c) < 0.00051F);
    }
}

TEST_CASE("half a pair is no body") {
    std::mt19937 r(5);
    InspectionRecord rec = record(r);
    rec.inspection.answers = {{"resident", Known<bool>{true}}};
    Bytes bytes = encode_inspection(rec);
    const std::string_view pair = "\x82\x68resident";  // a list of two, a text of eight
    const std::size_t at = as_text(bytes).find(pair);
    REQUIRE(at != std::string_view::npos);
    bytes[at] = std::byte{0x83};
    const auto back = decode_inspection(bytes);
    REQUIRE_FALSE(back);
    CHECK(back.error().code == "body.format");
    CHECK(back.error().detail == "a pair is not whole");
}

TEST_CASE("only what has passed counts") {
    InspectionRecord clear;
    clear.assessment.outcome = Outcome::clear;
    InspectionRecord refer = clear;
    refer.assessment.outcome = Outcome::officer;
    const auto decided = [](DecisionKind k) {
        Decision d;
        d.kind = k;
        return d;
    };
    const CrossingId id = crossing(1);
    CHECK(fold(id, {clear}, {}).ending == Ending::awaiting);
    CHECK_FALSE(fold(id, {clear}, {}).counted());
    CHECK(fold(id, {clear}, {decided(DecisionKind::holder_seen)}).counted());
    CHECK_FALSE(fold(id, {refer}, {decided(DecisionKind::holder_seen)}).counted());
    CHECK(fold(id, {refer}, {decided(DecisionKind::admitted)}).counted());
    CHECK(fold(id, {refer}, {decided(DecisionKind::to_second_line)}).ending == Ending::handed_over);
    CHECK(fold(id, {refer}, {decided(DecisionKind::to_second_line), decided(DecisionKind::admitted)}).counted());
    CHECK_FALSE(fold(id, {refer}, {decided(DecisionKind::not_admitted)}).counted());
    CHECK(fold(id, {clear}, {decided(DecisionKind::left)}).ending == Ending::left);
    CHECK(fold(id, {refer, clear}, {decided(DecisionKind::holder_seen)}).counted());
    CHECK_FALSE(fold(id, {clear, refer}, {decided(DecisionKind::holder_seen)}).counted());
    CHECK_FALSE(fold(id, {}, {decided(DecisionKind::holder_seen)}).counted());
    CHECK(fold(id, {clear}, {decided(DecisionKind::holder_seen), decided(DecisionKind::to_second_line)}).ending ==
          Ending::handed_over);
    for (const Ending e : {Ending::left, Ending::interrupted, Ending::handed_over}) {
        InspectionRecord ended = clear;
        ended.ending = e;
        CHECK(fold(id, {ended}, {decided(DecisionKind::holder_seen)}).ending == e);
        CHECK(fold(id, {ended}, {decided(DecisionKind::admitted)}).counted());
    }
    InspectionRecord left = clear;
    left.ending = Ending::left;
    CHECK_FALSE(fold(id, {left}, {decided(DecisionKind::holder_seen)}).counted());
}
