#include "devices/decoder/messages.hpp"

#include <utility>

#include "core/encoding/cbor.hpp"
#include "devices/link/messages.hpp"

namespace paso {
namespace {

constexpr std::size_t link_length = 4;  // bytes that say how long a message of the link is: a packet says so itself
constexpr std::uint64_t most_side = 65535;

// A reading as the camera of this frame may have brought it.
Result<BarcodeReading> reading_of(ByteView item, const DecodeRequest& request) {
    auto message = link::decode(item);
    if (!message) return fail("decoder.reply", "no message of the link");
    auto* seen = std::get_if<link::BarcodeSeen>(&*message);
    if (seen == nullptr || seen->hand_held) return fail("decoder.reply", "not what a camera sees");
    BarcodeReading& r = seen->reading;
    const bool known = r.symbology != Symbology::unknown && r.symbology != Symbology::other;
    if (!known || r.frame != request.frame || r.captured != request.captured) {
        return fail("decoder.reply", "not of this frame");
    }
    return std::move(r);
}

}  // namespace

Bytes encode(const DecodeRequest& request) {
    CborWriter w;
    w.array(5).unsigned_integer(request.number).unsigned_integer(request.frame).integer(request.captured.ns);
    w.unsigned_integer(static_cast<std::uint64_t>(request.width));
    w.unsigned_integer(static_cast<std::uint64_t>(request.height));
    return w.take();
}

Result<DecodeRequest> decode_request(ByteView packet) {
    CborReader r(packet);
    const auto items = r.array();
    const auto number = r.unsigned_integer(), frame = r.unsigned_integer();
    const auto captured = r.integer();
    const auto width = r.unsigned_integer(), height = r.unsigned_integer();
    if (!r.finish() || *items != 5) return fail("decoder.request", "another shape", {.offset = r.offset()});
    if (*width < 1 || *width > most_side || *height < 1 || *height > most_side) {
        return fail("decoder.request", "a side of no picture");
    }
    return DecodeRequest{*number, *frame, {*captured}, static_cast<int>(*width), static_cast<int>(*height)};
}

Bytes encode_reply(std::uint64_t number, const FrameSymbols& symbols) {
    constexpr std::size_t heads = 64;  // bytes around the readings
    std::vector<Bytes> items;
    std::size_t size = heads;
    for (const BarcodeReading& reading : symbols.readings) {
        Bytes framed = link::encode(link::BarcodeSeen{reading, false});
        size += framed.size() + 5;
        if (items.size() == most_readings || size > most_reply) break;
        items.push_back(std::move(framed));
    }
    CborWriter w;
    w.array(2).unsigned_integer(number).array(items.size());
    for (const Bytes& framed : items) w.bytes(ByteView{framed}.subspan(link_length));
    return w.take();
}

Result<FrameSymbols> decode_reply(ByteView packet, const DecodeRequest& request) {
    if (packet.size() > most_reply) return fail("decoder.reply", "too long");
    CborReader r(packet);
    const auto items = r.array();
    const auto number = r.unsigned_integer();
    const auto count = r.array();
    if (!count || *items != 2 || *number != request.number || *count > most_readings) {
        return fail("decoder.reply", "another shape, or to another question", {.offset = r.offset()});
    }
    FrameSymbols symbols;
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto item = r.bytes();
        if (!item) return fail("decoder.reply", "a reading is missing", {.offset = r.offset()});
        auto reading = reading_of(*item, request);
        if (!reading) return fail(reading.error());
        symbols.readings.push_back(std::move(*reading));
    }
    if (!r.finish()) return fail("decoder.reply", "more than a reply", {.offset = r.offset()});
    return symbols;
}

}  // namespace paso
