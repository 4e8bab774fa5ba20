#include "devices/link/messages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <utility>

#include "core/encoding/cbor.hpp"

namespace paso::link {
namespace {

constexpr std::size_t max_payload = 1UL << 20U;
constexpr std::size_t max_rows = 4;
constexpr std::size_t max_cells = 64;

// Numbers of messages on the wire: never renumber.
enum class Kind : std::uint8_t {
    hello = 1,
    mrz = 2,
    barcode = 3,
    glass = 4,
    status = 5,
    watch = 6,
    sight = 7,
    symbol_sight = 8
};

template <class E>
constexpr auto number_of(E value) {
    return static_cast<std::underlying_type_t<E>>(value);
}

// The length in front of a frame; `buffer` has at least four bytes.
std::size_t frame_length(const Bytes& buffer) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8U | std::to_integer<std::size_t>(buffer[i]);
    return length;
}

// Coordinates travel as sixteenths of a pixel, probabilities as 1/512 of a natural logarithm: no floats on the wire.
constexpr float point_scale = 16.0F;
constexpr float log_scale = 512.0F;

std::int64_t fixed(float value, float scale) {
    if (!std::isfinite(value)) return 0;
    return std::lround(std::clamp(value * scale, -1e9F, 1e9F));
}

void put(CborWriter& w, const Quad& quad) {
    w.array(8);
    for (const Point& p : quad) w.integer(fixed(p.x, point_scale)).integer(fixed(p.y, point_scale));
}

void put(CborWriter& w, const MrzRow& row) {
    w.array(2);
    put(w, row.corners);
    Bytes cells;
    cells.reserve(row.cells.size() * 74);
    for (const MrzCell& cell : row.cells) {
        for (const float log_p : cell) {
            const float steps = std::isfinite(log_p) ? -log_p * log_scale : 65535.0F;
            const auto value = static_cast<unsigned>(std::lround(std::clamp(steps, 0.0F, 65535.0F)));
            cells.push_back(static_cast<std::byte>(value >> 8U));
            cells.push_back(static_cast<std::byte>(value & 255U));
        }
    }
    w.bytes(cells);
}

void put(CborWriter& w, const Hello& m) {
    w.array(3).unsigned_integer(number_of(Kind::hello)).unsigned_integer(m.version).text(m.program);
}

void put(CborWriter& w, const MrzSeen& m) {
    w.array(5).unsigned_integer(number_of(Kind::mrz)).array(m.reading.rows.size());
    for (const MrzRow& row : m.reading.rows) put(w, row);
    put(w, m.reading.corners);
    w.unsigned_integer(m.reading.frame).integer(m.reading.captured.ns);
}

void put(CborWriter& w, const BarcodeSeen& m) {
    const BarcodeReading& r = m.reading;
    w.array(8).unsigned_integer(number_of(Kind::barcode)).unsigned_integer(number_of(r.symbology));
    w.unsigned_integer(static_cast<unsigned char>(r.modifier)).bytes(r.bytes);
    put(w, r.corners);
    w.unsigned_integer(r.frame).integer(r.captured.ns).boolean(m.hand_held);
}

void put(CborWriter& w, const GlassSeen& m) {
    w.array(4).unsigned_integer(number_of(Kind::glass)).boolean(m.something_there).boolean(m.still);
    w.unsigned_integer(m.frame);
}

// The measures and places of a sight, in the order in which they travel.
constexpr std::array measures{&MrzSight::character, &MrzSight::degrees, &MrzSight::narrowing, &MrzSight::softness,
                              &MrzSight::moved,     &MrzSight::print,   &MrzSight::hand,      &MrzSight::missing,
                              &MrzSight::unsure,    &MrzSight::burnt};
constexpr std::array places{&MrzSight::page_place, &MrzSight::rows_place, &MrzSight::burnt_place,
                            &MrzSight::hidden_place, &MrzSight::unsure_place};
constexpr std::array sight_flags{&MrzSight::page, &MrzSight::read, &MrzSight::rows, &MrzSight::rows_cut};
constexpr float measure_scale = 1000.0F;  // thousandths; shares of the picture too

void put(CborWriter& w, const PicturePlace& p) {
    for (const float v : {p.x, p.y, p.width, p.height}) w.integer(fixed(v, measure_scale));
}

void put(CborWriter& w, const SightSeen& m) {
    const MrzSight& s = m.sight;
    w.array(7).unsigned_integer(number_of(Kind::sight)).unsigned_integer(s.frame).integer(s.captured.ns);
    w.array(sight_flags.size());
    for (const auto flag : sight_flags) w.boolean(s.*flag);
    w.unsigned_integer(s.sides).array(measures.size());
    for (const auto measure : measures) w.integer(fixed(s.*measure, measure_scale));
    w.array(4 * places.size());
    for (const auto place : places) put(w, s.*place);
}

constexpr std::array symbol_measures{&SymbolSight::module, &SymbolSight::contrast, &SymbolSight::light,
                                     &SymbolSight::moved,  &SymbolSight::burnt,    &SymbolSight::hand};
constexpr std::array symbol_places{&SymbolSight::place, &SymbolSight::burnt_place, &SymbolSight::hand_place};

void put(CborWriter& w, const SymbolSightSeen& m) {
    const SymbolSight& s = m.sight;
    w.array(8).unsigned_integer(number_of(Kind::symbol_sight)).unsigned_integer(s.frame).integer(s.captured.ns);
    w.boolean(s.symbol).boolean(s.read).unsigned_integer(s.sides).array(symbol_measures.size());
    for (const auto measure : symbol_measures) w.integer(fixed(s.*measure, measure_scale));
    w.array(4 * symbol_places.size());
    for (const auto place : symbol_places) put(w, s.*place);
}

void put(CborWriter& w, const DeviceStatus& m) {
    w.array(8).unsigned_integer(number_of(Kind::status)).unsigned_integer(number_of(m.kind));
    w.unsigned_integer(number_of(m.state)).text(m.reason).integer(fixed(static_cast<float>(m.rate), 1000.0F));
    w.unsigned_integer(m.total).unsigned_integer(m.dropped).integer(m.age_ms);
}

void put(CborWriter& w, const Watch& m) {
    w.array(4).unsigned_integer(number_of(Kind::watch)).boolean(m.mrz).boolean(m.barcodes).boolean(m.preview);
}

// The reader's error, or one of our own, as "link.message".
tl::unexpected<Error> bad(const CborReader& r, std::string what) {
    return fail("link.message", std::move(what), {.offset = r.offset()});
}

// Reads one value after the other; `ok` turns false at the first that is not there, so a whole message is checked once.
class Fields {
  public:
    explicit Fields(CborReader& r) : r_(r) {}
    [[nodiscard]] bool ok() const { return ok_; }
    void refuse() { ok_ = false; }

    std::uint64_t number(std::uint64_t most = UINT64_MAX) {
        const auto v = r_.unsigned_integer();
        if (!v || *v > most) return ok_ = false, 0;
        return *v;
    }
    std::int64_t integer() {
        const auto v = r_.integer();
        return v ? *v : (ok_ = false, 0);
    }
    bool boolean() {
        const auto v = r_.boolean();
        return v ? *v : (ok_ = false, false);
    }
    ByteView bytes() {
        const auto v = r_.bytes();
        return v ? *v : (ok_ = false, ByteView{});
    }
    std::string text(std::size_t most) {
        const auto v = r_.text();
        if (!v || v->size() > most) return ok_ = false, std::string{};
        return std::string{*v};
    }
    std::uint64_t array(std::uint64_t most) {
        const auto v = r_.array();
        if (!v || *v > most) return ok_ = false, 0;
        return *v;
    }
    float measure() { return static_cast<float>(integer()) / measure_scale; }
    PicturePlace place() { return {measure(), measure(), measure(), measure()}; }
    void only_array(std::uint64_t size) {
        if (array(size) != size) ok_ = false;
    }
    float coordinate() { return static_cast<float>(integer()) / point_scale; }
    Quad quad() {
        Quad q{};
        if (array(8) != 8) ok_ = false;
        for (Point& p : q) {
            p.x = coordinate();
            p.y = coordinate();
        }
        return q;
    }

  private:
    CborReader& r_;
    bool ok_ = true;
};

MrzRow get_row(Fields& f) {
    MrzRow row;
    if (f.array(2) != 2) f.refuse();
    row.corners = f.quad();
    const ByteView cells = f.bytes();
    if (cells.size() % 74 != 0 || cells.size() / 74 > max_cells) return f.refuse(), row;
    for (std::size_t at = 0; at < cells.size(); at += 74) {
        MrzCell cell{};
        for (std::size_t k = 0; k < cell.size(); ++k) {
            const unsigned value =
                std::to_integer<unsigned>(cells[at + 2 * k]) * 256U + std::to_integer<unsigned>(cells[at + 2 * k + 1]);
            cell[k] = -static_cast<float>(value) / log_scale;
        }
        row.cells.push_back(cell);
    }
    return row;
}

Message get_hello(Fields& f) {
    Hello m;
    m.version = static_cast<std::uint32_t>(f.number(UINT32_MAX));
    m.program = f.text(64);
    return m;
}

Message get_mrz(Fields& f) {
    MrzSeen m;
    const std::uint64_t rows = f.array(max_rows);
    for (std::uint64_t i = 0; i < rows && f.ok(); ++i) m.reading.rows.push_back(get_row(f));
    m.reading.corners = f.quad();
    m.reading.frame = f.number();
    m.reading.captured.ns = f.integer();
    return m;
}

Message get_barcode(Fields& f) {
    BarcodeSeen m;
    m.reading.symbology = static_cast<Symbology>(f.number(number_of(Symbology::other)));
    m.reading.modifier = static_cast<char>(f.number(127));
    m.reading.bytes = to_bytes(f.bytes());
    m.reading.corners = f.quad();
    m.reading.frame = f.number();
    m.reading.captured.ns = f.integer();
    m.hand_held = f.boolean();
    return m;
}

Message get_glass(Fields& f) {
    GlassSeen m;
    m.something_there = f.boolean();
    m.still = f.boolean();
    m.frame = f.number();
    return m;
}

Message get_sight(Fields& f) {
    SightSeen m;
    m.sight.frame = f.number();
    m.sight.captured.ns = f.integer();
    f.only_array(sight_flags.size());
    for (const auto flag : sight_flags) m.sight.*flag = f.boolean();
    m.sight.sides = static_cast<std::uint8_t>(f.number(15));
    f.only_array(measures.size());
    for (const auto member : measures) m.sight.*member = f.measure();
    f.only_array(4 * places.size());
    for (const auto member : places) m.sight.*member = f.place();
    return m;
}

Message get_symbol_sight(Fields& f) {
    SymbolSightSeen m;
    m.sight.frame = f.number();
    m.sight.captured.ns = f.integer();
    m.sight.symbol = f.boolean();
    m.sight.read = f.boolean();
    m.sight.sides = static_cast<std::uint8_t>(f.number(15));
    f.only_array(symbol_measures.size());
    for (const auto member : symbol_measures) m.sight.*member = f.measure();
    f.only_array(4 * symbol_places.size());
    for (const auto member : symbol_places) m.sight.*member = f.place();
    return m;
}

Message get_status(Fields& f) {
    DeviceStatus m;
    m.kind = static_cast<DeviceKind>(f.number(number_of(DeviceKind::decoder)));
    m.state = static_cast<DeviceState>(f.number(number_of(DeviceState::stopped)));
    m.reason = f.text(64);
    m.rate = static_cast<double>(f.integer()) / 1000.0;
    m.total = f.number();
    m.dropped = f.number();
    m.age_ms = f.integer();
    return m;
}

Message get_watch(Fields& f) {
    Watch m;
    m.mrz = f.boolean();
    m.barcodes = f.boolean();
    m.preview = f.boolean();
    return m;
}

struct Shape {
    Kind kind;
    std::uint64_t items;
    Message (*get)(Fields&);
};
constexpr Shape shapes[] = {
    {Kind::hello, 3, get_hello},     {Kind::mrz, 5, get_mrz},
    {Kind::barcode, 8, get_barcode}, {Kind::glass, 4, get_glass},
    {Kind::status, 8, get_status},   {Kind::watch, 4, get_watch},
    {Kind::sight, 7, get_sight},     {Kind::symbol_sight, 8, get_symbol_sight},
};

}  // namespace

std::string_view name(DeviceState s) {
    switch (s) {
        case DeviceState::starting:
            return "starting";
        case DeviceState::live:
            return "live";
        case DeviceState::stalled:
            return "stalled";
        case DeviceState::unplugged:
            return "unplugged";
        case DeviceState::garbage:
            return "garbage";
        case DeviceState::stopped:
            return "stopped";
    }
    return "stopped";
}

Bytes encode(const Message& message) {
    CborWriter w;
    std::visit([&w](const auto& m) { put(w, m); }, message);
    const Bytes payload = w.take();
    Bytes out;
    out.reserve(payload.size() + 4);
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        out.push_back(static_cast<std::byte>(payload.size() >> shift & 255U));
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
}

Result<Message> decode(ByteView payload) {
    CborReader reader(payload);
    Fields fields(reader);
    const std::uint64_t items = fields.array(16);
    const std::uint64_t kind = fields.number(255);
    for (const Shape& s : shapes) {
        if (number_of(s.kind) != kind) continue;
        if (items != s.items) return bad(reader, "wrong number of items");
        Message message = s.get(fields);
        if (!fields.ok() || !reader.finish()) return bad(reader, "a field is missing, too long or out of range");
        return message;
    }
    return bad(reader, "unknown kind of message");
}

Status Deframer::push(ByteView bytes) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    if (buffer_.size() < 4) return {};
    const std::size_t length = frame_length(buffer_);
    if (length > max_payload) return fail("link.frame", "a frame of " + std::to_string(length) + " bytes");
    return {};
}

std::optional<Bytes> Deframer::next() {
    if (buffer_.size() < 4) return std::nullopt;
    const std::size_t length = frame_length(buffer_);
    if (length > max_payload || buffer_.size() - 4 < length) return std::nullopt;
    const auto begin = buffer_.begin() + 4;
    Bytes payload(begin, begin + static_cast<std::ptrdiff_t>(length));
    buffer_.erase(buffer_.begin(), begin + static_cast<std::ptrdiff_t>(length));
    return payload;
}

}  // namespace paso::link
