#include "devices/link/messages.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace paso;
using namespace paso::link;

namespace {

Message through(const Message& m) {
    const Bytes framed = encode(m);
    Deframer d;
    REQUIRE(d.push(framed));
    const auto payload = d.next();
    REQUIRE(payload);
    REQUIRE_FALSE(d.next());
    const auto back = decode(*payload);
    REQUIRE(back);
    return *back;
}

MrzReading reading(std::size_t rows, std::size_t cells, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> minus_log(0.0F, 20.0F);
    MrzReading r;
    for (std::size_t i = 0; i < rows; ++i) {
        MrzRow row;
        for (std::size_t c = 0; c < cells; ++c) {
            MrzCell cell{};
            for (float& v : cell) v = -minus_log(random);
            row.cells.push_back(cell);
        }
        row.corners = {Point{1.5F, 2}, {700.25F, 3}, {701, 30}, {2, 29}};
        r.rows.push_back(row);
    }
    r.corners = {Point{-4, 0}, {1920, 0}, {1920, 1080}, {0, 1080}};
    r.frame = 77;
    r.captured = {123456789};
    return r;
}

}  // namespace

TEST_CASE("a reading crosses the link with its probabilities") {
    const MrzReading sent = reading(3, 30, 5);
    const auto got = std::get<MrzSeen>(through(MrzSeen{sent})).reading;
    REQUIRE(got.rows.size() == 3);
    CHECK(got.frame == 77);
    CHECK(got.captured == sent.captured);
    CHECK(got.corners == sent.corners);
    for (std::size_t r = 0; r < 3; ++r) {
        REQUIRE(got.rows[r].cells.size() == 30);
        CHECK(got.rows[r].corners == sent.rows[r].corners);
        for (std::size_t c = 0; c < 30; ++c) {
            for (std::size_t k = 0; k < 37; ++k) {
                CHECK(std::abs(got.rows[r].cells[c][k] - sent.rows[r].cells[c][k]) <= 1.0F / 512);
            }
        }
    }
}

TEST_CASE("an impossible probability stays impossible") {
    MrzReading r = reading(2, 44, 1);
    r.rows[0].cells[0][3] = -INFINITY;
    const auto got = std::get<MrzSeen>(through(MrzSeen{r})).reading;
    CHECK(got.rows[0].cells[0][3] < -100.0F);
}

TEST_CASE("the measures of a frame cross the link to a thousandth") {
    MrzSight s;
    s.frame = 5;
    s.captured = {77};
    s.page = s.rows = true;
    s.sides = 10;
    s.character = 12.345F;
    s.degrees = 44.5F;
    s.burnt = 0.004F;
    s.unsure = 7;
    s.burnt_place = {0.25F, 0.5F, 0.125F, 0.0625F};
    s.unsure_place = {0.1F, 0.2F, 0.3F, 0.4F};
    const MrzSight got = std::get<SightSeen>(through(SightSeen{s})).sight;
    CHECK(got.frame == 5);
    CHECK(got.captured == s.captured);
    CHECK((got.page && got.rows && !got.read && !got.rows_cut));
    CHECK(got.sides == 10);
    CHECK(got.character == Approx(12.345).margin(0.001));
    CHECK(got.degrees == Approx(44.5));
    CHECK(got.burnt == Approx(0.004));
    CHECK(got.unsure == 7);
    CHECK(got.burnt_place.width == Approx(0.125));
    CHECK(got.unsure_place.height == Approx(0.4));
    CHECK(obstacle_of(got) == obstacle_of(s));
}

TEST_CASE("how a symbol looks crosses the link to a thousandth, and its bytes are canonical") {
    SymbolSight s;
    s.frame = 6;
    s.captured = {78};
    s.symbol = true;
    s.sides = 9;
    s.module = 3.456F;
    s.contrast = 180;
    s.light = 222;
    s.moved = 1.5F;
    s.burnt = 0.25F;
    s.hand = 0.031F;
    s.place = {0.1F, 0.2F, 0.3F, 0.4F};
    s.burnt_place = {0.25F, 0.5F, 0.125F, 0.06F};
    s.hand_place = {0.5F, 0.25F, 0.375F, 0.125F};
    const SymbolSight got = std::get<SymbolSightSeen>(through(SymbolSightSeen{s})).sight;
    CHECK(got.frame == 6);
    CHECK(got.captured == s.captured);
    CHECK((got.symbol && !got.read));
    CHECK(got.sides == 9);
    CHECK(got.module == Approx(3.456).margin(0.001));
    CHECK(got.light == Approx(222));
    CHECK(got.hand == Approx(0.031).margin(0.001));
    CHECK(got.place.height == Approx(0.4).margin(0.001));
    CHECK(got.burnt_place == s.burnt_place);
    CHECK(got.hand_place == s.hand_place);
    CHECK(obstacle_of(got) == obstacle_of(s));
    CHECK(encode(SymbolSightSeen{got}) == encode(SymbolSightSeen{s}));
}

TEST_CASE("every other message crosses the link") {
    Bytes payload;
    for (int i = 0; i < 256; ++i) payload.push_back(static_cast<std::byte>(i));
    BarcodeSeen b;
    b.reading = {Symbology::aztec, '3', payload, {Point{1, 2}, {3, 4}, {5, 6}, {7, 8}}, 9, {10}};
    b.hand_held = true;
    const auto b2 = std::get<BarcodeSeen>(through(b));
    CHECK(b2.reading.bytes == payload);
    CHECK(b2.reading.symbology == Symbology::aztec);
    CHECK(b2.reading.modifier == '3');
    CHECK(b2.hand_held);

    const auto g = std::get<GlassSeen>(through(GlassSeen{true, true, 12}));
    CHECK(g.something_there);
    CHECK(g.still);
    CHECK(g.frame == 12);

    const auto s = std::get<DeviceStatus>(
        through(DeviceStatus{DeviceKind::scanner, DeviceState::unplugged, "scanner.unplugged", 14.5, 1000, 7, 60}));
    CHECK(s.kind == DeviceKind::scanner);
    CHECK(s.state == DeviceState::unplugged);
    CHECK(s.reason == "scanner.unplugged");
    CHECK(s.rate == Approx(14.5));
    CHECK(s.total == 1000);
    CHECK(s.dropped == 7);
    CHECK(s.age_ms == 60);
    DeviceStatus decoder{DeviceKind::decoder, DeviceState::stalled, "decoder.hung", 0, 5, 1, 900};
    CHECK(std::get<DeviceStatus>(through(decoder)).kind == DeviceKind::decoder);
    decoder.kind = static_cast<DeviceKind>(3);
    CHECK_FALSE(decode(ByteView{encode(decoder)}.subspan(4)));

    const auto w = std::get<Watch>(through(Watch{true, false, true}));
    CHECK(w.mrz);
    CHECK_FALSE(w.barcodes);
    CHECK(w.preview);
    CHECK(std::get<Hello>(through(Hello{link_version, "paso-devices"})).program == "paso-devices");
}

TEST_CASE("frames are found however the bytes are delivered") {
    Bytes all;
    for (unsigned i = 0; i < 20; ++i) {
        const Bytes one = encode(GlassSeen{true, false, i});
        all.insert(all.end(), one.begin(), one.end());
    }
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{7}, all.size()}) {
        Deframer d;
        std::uint64_t expected = 0;
        for (std::size_t at = 0; at < all.size(); at += step) {
            REQUIRE(d.push(ByteView{all}.subspan(at, std::min(step, all.size() - at))));
            while (const auto payload = d.next()) {
                const auto message = decode(*payload);
                REQUIRE(message);
                CHECK(std::get<GlassSeen>(*message).frame == expected++);
            }
        }
        CHECK(expected == 20);
    }
}

TEST_CASE("a bad length and damaged messages are errors, never a crash") {
    Deframer d;
    const std::array<std::byte, 4> huge{std::byte{255}, std::byte{255}, std::byte{255}, std::byte{255}};
    const auto pushed = d.push(huge);
    REQUIRE_FALSE(pushed);
    CHECK(pushed.error().code == "link.frame");
    CHECK_FALSE(d.next());

    const Bytes good = encode(MrzSeen{reading(2, 36, 2)});
    const ByteView payload = ByteView{good}.subspan(4);
    for (std::size_t cut = 0; cut < payload.size(); cut += 11) {
        const auto r = decode(payload.first(cut));
        REQUIRE_FALSE(r);
        CHECK(r.error().code == "link.message");
    }
    std::mt19937 random(4);
    int survived = 0;
    for (int i = 0; i < 5000; ++i) {
        Bytes mutated = to_bytes(payload);
        mutated[random() % mutated.size()] = static_cast<std::byte>(random());
        if (const auto r = decode(mutated)) ++survived;
    }
    CHECK(survived > 0);  // most bytes are probabilities: those changes are still messages
    CHECK_FALSE(decode(ByteView{}));
    MrzReading wide = reading(2, 65, 1);
    CHECK_FALSE(decode(ByteView{encode(MrzSeen{wide})}.subspan(4)));
}
