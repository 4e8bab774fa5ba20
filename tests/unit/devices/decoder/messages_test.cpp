#include "devices/decoder/messages.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "core/encoding/cbor.hpp"
#include "devices/link/messages.hpp"

using namespace paso;

namespace {

const DecodeRequest question{41, 9, {-5}, 1920, 1080};

BarcodeReading reading(std::size_t bytes, Symbology symbology = Symbology::pdf417) {
    BarcodeReading r{symbology, '2', Bytes(bytes), {Point{1.5F, -2}, {3, 4}, {5, 6}, {7, 8.0625F}}, 9, {-5}};
    for (std::size_t i = 0; i < bytes; ++i) r.bytes[i] = static_cast<std::byte>(i);
    return r;
}

}  // namespace

TEST_CASE("a question comes through, and nothing else is one") {
    for (const auto& q :
         {question, DecodeRequest{1, 0, {0}, 1, 1}, DecodeRequest{UINT64_MAX, UINT64_MAX, {INT64_MAX}, 65535, 65535}}) {
        const auto again = decode_request(encode(q));
        REQUIRE(again);
        CHECK(*again == q);
    }
    for (const auto& [width, height] : {std::pair{0, 5}, {5, 0}, {65536, 5}, {5, 65536}, {-1, 5}}) {
        DecodeRequest q = question;
        q.width = width;
        q.height = height;
        const auto again = decode_request(encode(q));
        REQUIRE_FALSE(again);
        CHECK(again.error().code == "decoder.request");
    }
    const Bytes good = encode(question);
    for (std::size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(decode_request(ByteView{good}.first(cut)));
    Bytes more = good;
    more.push_back(std::byte{0});
    CHECK_FALSE(decode_request(more));
}

TEST_CASE("readings come through byte by byte, in their order") {
    const FrameSymbols symbols{{reading(0, Symbology::qr), reading(256, Symbology::aztec), reading(64 << 10),
                                reading(1, Symbology::data_matrix)}};
    const auto again = decode_reply(encode_reply(41, symbols), question);
    REQUIRE(again);
    REQUIRE(again->readings.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        const BarcodeReading &a = symbols.readings[i], &b = again->readings[i];
        CHECK(a.symbology == b.symbology);
        CHECK(a.modifier == b.modifier);
        CHECK(a.bytes == b.bytes);
        CHECK(a.corners == b.corners);
        CHECK(b.frame == 9);
        CHECK(b.captured == MonoTime{-5});
    }
    CHECK(decode_reply(encode_reply(41, {}), question)->readings.empty());
    CHECK(decode_reply(encode_reply(0, {}), {}));
}

TEST_CASE("a reply is never longer than a packet may be") {
    const FrameSymbols large{std::vector<BarcodeReading>(5, reading(64 << 10))};
    const Bytes packet = encode_reply(41, large);
    CHECK(packet.size() <= most_reply);
    CHECK(decode_reply(packet, question)->readings.size() == 2);
    const FrameSymbols many{std::vector<BarcodeReading>(40, reading(3))};
    CHECK(decode_reply(encode_reply(41, many), question)->readings.size() == most_readings);
}

TEST_CASE("a reply to another question, of another frame or of no camera is none") {
    const auto code = [](const Bytes& packet) {
        const auto r = decode_reply(packet, question);
        return r ? std::string_view{} : r.error().code;
    };
    CHECK(code(encode_reply(41, {{reading(3)}})).empty());
    CHECK(code(encode_reply(40, {{reading(3)}})) == "decoder.reply");
    BarcodeReading r = reading(3);
    r.frame = 8;
    CHECK(code(encode_reply(41, {{r}})) == "decoder.reply");
    r = reading(3);
    r.captured.ns = 5;
    CHECK(code(encode_reply(41, {{r}})) == "decoder.reply");
    for (const Symbology s : {Symbology::unknown, Symbology::other}) {
        CHECK(code(encode_reply(41, {{reading(3, s)}})) == "decoder.reply");
    }
    // Messages of the link that are no symbol of a camera, in the shape of a reply.
    const auto with = [&](const link::Message& message) {
        CborWriter w;
        w.array(2).unsigned_integer(41).array(1).bytes(ByteView{link::encode(message)}.subspan(4));
        return w.take();
    };
    CHECK(code(with(link::BarcodeSeen{reading(3), false})).empty());
    CHECK(code(with(link::BarcodeSeen{reading(3), true})) == "decoder.reply");
    CHECK(code(with(link::GlassSeen{true, true, 9})) == "decoder.reply");
    CHECK(code(with(link::Watch{true, true, true})) == "decoder.reply");
    CborWriter many;
    many.array(2).unsigned_integer(41).array(most_readings + 1);
    for (std::size_t i = 0; i <= most_readings; ++i)
        many.bytes(ByteView{link::encode(link::BarcodeSeen{reading(3), false})}.subspan(4));
    CHECK(code(many.take()) == "decoder.reply");
    CHECK(code(Bytes(most_reply + 1)) == "decoder.reply");
}

TEST_CASE("damaged replies are errors or replies to the question, never anything else") {
    const Bytes good = encode_reply(41, {{reading(40), reading(7, Symbology::qr)}});
    for (std::size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(decode_reply(ByteView{good}.first(cut), question));
    std::mt19937 random(8);
    int survived = 0;
    for (int i = 0; i < 20000; ++i) {
        Bytes mutated = good;
        for (unsigned k = 0; k <= random() % 3; ++k)
            mutated[random() % mutated.size()] = static_cast<std::byte>(random());
        const auto r = decode_reply(mutated, question);
        if (!r) {
            CHECK(r.error().code == "decoder.reply");
            continue;
        }
        ++survived;
        for (const BarcodeReading& b : r->readings) {
            CHECK(b.frame == 9);
            CHECK(b.captured == MonoTime{-5});
        }
    }
    CHECK(survived > 1000);  // changes of payloads and corners
    CHECK(survived < 19000);
}
