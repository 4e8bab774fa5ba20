#include "devices/scanner/ssi.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "devices/scanner/framer.hpp"

namespace paso {
namespace {

constexpr std::size_t head = 4, checksum_size = 2;
constexpr std::size_t max_payload = 8192;
constexpr int most_tries = 3;  // of one packet: then the scanner gives its message up
constexpr Duration silence = std::chrono::milliseconds{100};
constexpr Duration between_packets = std::chrono::seconds{10};  // of one message, with every packet sent three times
constexpr Duration again_within = std::chrono::seconds{10};     // after a packet it may be sent again

constexpr std::uint8_t cmd_ack = 0xD0, cmd_nak = 0xD1, decode_data = 0xF3;
constexpr std::uint8_t from_scanner = 0, from_host = 4;
constexpr unsigned sent_again = 1, more_follow = 2;
constexpr std::byte resend{1};
constexpr unsigned several_symbols = 0x99;  // a structure of its own, which no public page lays out

unsigned at(ByteView b, std::size_t i) { return std::to_integer<unsigned>(b[i]); }

// Two's complement of the sum of all bytes.
unsigned checksum(ByteView b) {
    unsigned sum = 0;
    for (const std::byte v : b) sum += std::to_integer<unsigned>(v);
    return (0x10000U - (sum & 0xFFFFU)) & 0xFFFFU;
}

void add(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

// The types that public texts agree on; the AIM identifier says it of all.
Symbology symbology_of_type(unsigned type) {
    switch (type) {
        case 0x1C:
            return Symbology::qr;
        case 0x2D:
            return Symbology::aztec;
        case 0x28:
            return Symbology::pdf417;
        default:
            return Symbology::unknown;
    }
}

}  // namespace

Bytes ssi_packet(std::uint8_t opcode, std::uint8_t source, std::uint8_t status, ByteView data) {
    Bytes out{static_cast<std::byte>(head + data.size()), std::byte{opcode}, std::byte{source}, std::byte{status}};
    add(out, data);
    const unsigned sum = checksum(out);
    out.push_back(static_cast<std::byte>(sum >> 8U));
    out.push_back(static_cast<std::byte>(sum & 255U));
    return out;
}

SsiStep SsiLink::push(ByteView bytes, MonoTime now) {
    SsiStep out = tick(now);
    if (!bytes.empty()) last_ = now;
    if (spoilt_) return out;
    add(buffer_, bytes);
    take_packets(out);
    return out;
}

void SsiLink::take_packets(SsiStep& out) {
    while (!buffer_.empty() && !spoilt_) {
        const std::size_t length = at(buffer_, 0);
        if (length >= head && buffer_.size() < length + checksum_size) return;  // the rest is on its way
        const auto end = static_cast<std::ptrdiff_t>(length + checksum_size);
        const bool good = length >= head && checksum(ByteView{buffer_}.first(length)) ==
                                                (at(buffer_, length) << 8U | at(buffer_, length + 1));
        if (!good) {
            spoil();  // where a length is wrong, nobody knows where the packet ends
            return;
        }
        spoilt_in_a_row_ = 0;
        const Bytes packet(buffer_.begin(), buffer_.begin() + end - static_cast<std::ptrdiff_t>(checksum_size));
        buffer_.erase(buffer_.begin(), buffer_.begin() + end);
        take(packet, out);
    }
}

// What lies there is no packet.
void SsiLink::spoil() {
    asked_again_ = asked_again_ || buffer_.size() < head || (at(buffer_, 3) & sent_again) == 0;
    spoilt_ = true;
    buffer_.clear();
    if (++spoilt_in_a_row_ >= most_tries) give_up();
}

void SsiLink::take(ByteView packet, SsiStep& out) {
    const unsigned opcode = at(packet, 1);
    if (opcode == cmd_ack || opcode == cmd_nak || at(packet, 2) != from_scanner) return;  // needs no answer
    add(out.answer, ssi_packet(cmd_ack, from_host, 0, {}));
    Bytes same(packet.begin(), packet.end());
    same[3] &= ~std::byte{sent_again};
    // Sent again and equal to the last: its acknowledgement was lost. If another was asked for since, it is that one.
    const bool known =
        (at(packet, 3) & sent_again) != 0 && !asked_again_ && newest_ == same && last_ - taken_ < again_within;
    asked_again_ = false;
    if (known) return;
    newest_ = std::move(same);
    if (opcode == decode_data) take_data(packet, out);
    taken_ = last_;
}

void SsiLink::take_data(ByteView packet, SsiStep& out) {
    const ByteView data = packet.subspan(head);
    const unsigned type = data.empty() ? several_symbols : at(data, 0);
    if (begun_ && last_ - taken_ > between_packets) give_up();
    const bool last = (at(packet, 3) & more_follow) == 0;
    if (std::exchange(skipping_, skipping_ && !last)) return;
    begun_ = true;
    if (data.size() > 1) add(payload_, data.subspan(1));
    if (type == several_symbols || payload_.size() > max_payload) {
        skipping_ = !last;
        return give_up();
    }
    if (!last) return;
    begun_ = false;
    BarcodeReading r;
    r.symbology = symbology_of_type(type);
    r.bytes = std::exchange(payload_, {});
    r.captured = last_;
    if (aim_prefix_ && r.bytes.size() > 3 && r.bytes[0] == std::byte{']'}) {
        r.symbology = symbology_of_aim(std::to_integer<char>(r.bytes[1]));
        r.modifier = std::to_integer<char>(r.bytes[2]);
        r.bytes.erase(r.bytes.begin(), r.bytes.begin() + 3);
    }
    if (!r.bytes.empty()) out.readings.push_back(std::move(r));
}

void SsiLink::give_up() {
    if (begun_) ++dropped_;
    begun_ = false;
    payload_.clear();
}

SsiStep SsiLink::tick(MonoTime now) {
    SsiStep out;
    if (now - last_ < silence) return out;
    if (!buffer_.empty() && !spoilt_) spoil();  // half a packet
    if (spoilt_) {
        spoilt_ = false;
        out.answer = ssi_packet(cmd_nak, from_host, 0, std::array{resend});
    }
    if (begun_ && now - taken_ > between_packets) give_up();
    return out;
}

}  // namespace paso
