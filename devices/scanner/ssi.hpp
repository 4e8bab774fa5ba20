// SSI, the Simple Serial Interface of Zebra's (before: Symbol's, Motorola's) hand-held scanners: packets with a
// checksum that the host acknowledges, so that a line may lose or change bytes and no scan is lost, joined or doubled.
// Pure: bytes and times in, payloads and what to answer out.
//
// A packet: length without the checksum (1 byte, at least 4), opcode, source (0 scanner, 4 host), status (bit 0: sent
// again; bit 1: more packets of this message follow), data, checksum (2 bytes, high before low: the two's complement
// of the sum of all bytes before it). DECODE_DATA (0xF3) has the type of the symbol as its first data byte, then what
// was decoded, with the AIM identifier in front where the scanner is set to send it; each packet of a message has the
// type in front (so a public host program for these scanners takes it off; the guides do not say). The host answers
// CMD_ACK (0xD0) or CMD_NAK (0xD1, cause 1: send again) within the scanner's response time-out; the scanner sends a
// packet at most twice more. A message of several packets is answered packet by packet ("multipacket option 1", the
// scanner's default). Sources: Zebra, Simple Serial Interface Programmer's Guide, 72E-40451; SE-923 and SE955
// integration guides, chapter Simple Serial Interface; pages "Multipacket Option" and "Decoded Data Transmission" of
// Zebra's product references.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace paso {

// What one delivery gave: payloads, and bytes to write to the scanner.
struct SsiStep {
    std::vector<BarcodeReading> readings;
    Bytes answer;
};

class SsiLink {
  public:
    // `aim_prefix`: the scanner sends "]cm" in front; else the symbology is known of QR, Aztec and macro PDF417 alone.
    explicit SsiLink(bool aim_prefix) : aim_prefix_(aim_prefix) {}

    // Bytes that came at `now`. A good packet is acknowledged at once. The same packet sent again, its acknowledgement
    // lost, is acknowledged again and gives nothing more.
    [[nodiscard]] SsiStep push(ByteView bytes, MonoTime now);
    // Time passes: after a bad checksum, or half a packet, the line is left to fall silent (100 ms), then the packet is
    // asked for again.
    [[nodiscard]] SsiStep tick(MonoTime now);
    // Messages begun and never ended, longer than 8 KiB, or of a kind that is not understood (type 0x99).
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    void take_packets(SsiStep& out);
    void take(ByteView packet, SsiStep& out);
    void take_data(ByteView packet, SsiStep& out);
    void spoil();
    void give_up();

    bool aim_prefix_;
    Bytes buffer_;
    Bytes payload_;  // of the packets so far
    bool begun_ = false;
    bool skipping_ = false;  // to the end of a message that is lost
    int spoilt_in_a_row_ = 0;
    bool spoilt_ = false;          // what comes until the line is silent is thrown away
    std::optional<Bytes> newest_;  // the last packet that was taken, without status and checksum
    MonoTime taken_{};             // when
    bool asked_again_ = false;     // for a packet that said that it is sent for the first time
    MonoTime last_{};
    std::uint64_t dropped_ = 0;
};

// A packet of the host or of a simulated scanner.
[[nodiscard]] Bytes ssi_packet(std::uint8_t opcode, std::uint8_t source, std::uint8_t status, ByteView data);

}  // namespace paso
