#include "devices/scanner/framer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace paso {
namespace {

constexpr std::size_t max_payload = 8192;
constexpr std::size_t aim_size = 3;  // ]cm

unsigned at(ByteView b, std::size_t i) { return std::to_integer<unsigned>(b[i]); }

std::optional<std::size_t> number(std::string_view digits, unsigned base) {
    std::size_t value = 0;
    for (const char c : digits) {
        const unsigned digit = c >= '0' && c <= '9'                 ? static_cast<unsigned>(c - '0')
                               : base == 16 && c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                                    : 99;
        if (digit >= base) return std::nullopt;
        value = value * base + digit;
    }
    return value;
}

// Three bytes, big endian: the decimal number MMDDYYYY of a day, or nothing at all (ICAO Doc 9303-13).
bool seal_date(ByteView b, std::size_t i) {
    const unsigned n = at(b, i) << 16U | at(b, i + 1) << 8U | at(b, i + 2);
    const unsigned month = n / 1'000'000, day = n / 10'000 % 100, year = n % 10'000;
    return n == 0 || (month >= 1 && month <= 12 && day >= 1 && day <= 31 && year >= 1990 && year <= 2100);
}

// The header ends with the days of issue and of signing, feature definition and category.
bool seal_header(ByteView b, std::size_t size) {
    return b.size() >= size && seal_date(b, size - 8) && seal_date(b, size - 5);
}

// Of a seal whose header is `header` bytes long: TLVs up to the signature with tag 0xFF.
std::optional<std::size_t> seal_end(ByteView b, std::size_t header) {
    std::size_t i = header;
    while (i + 2 <= b.size()) {
        const unsigned tag = at(b, i);
        std::size_t length = at(b, i + 1);
        std::size_t value = i + 2;
        if (length == 0x81 && i + 3 <= b.size()) {
            length = at(b, i + 2);
            ++value;
        } else if (length > 0x81) {
            return std::nullopt;
        }
        if (tag == 0xFF) {
            const bool plausible = length >= 48 && length <= 132 && length % 2 == 0;
            if (plausible && value + length <= b.size()) return value + length;
            return std::nullopt;
        }
        i = value + length;
    }
    return std::nullopt;
}

// A visible digital seal: header of 18 bytes (older) or 16 + C40 reference. Which of its forks it is, its two days say:
// a chain of TLVs that begins at a wrong byte comes to a wrong end in one seal of some hundred. Where no fork has two
// days, each that leads to a whole seal will do, the fixed one first.
std::optional<std::size_t> seal_length(ByteView b) {
    constexpr std::size_t shortest = 18, longest = 24;
    if (b.size() < longest || at(b, 0) != 0xDC || at(b, 1) > 3) return std::nullopt;
    bool dated = false;
    for (std::size_t header = shortest; header <= longest; header += 2) dated = dated || seal_header(b, header);
    for (std::size_t header = shortest; header <= longest; header += 2) {
        if (dated && !seal_header(b, header)) continue;
        if (const auto end = seal_end(b, header)) return end;
    }
    return std::nullopt;
}

// A boarding pass: 23 bytes, then for each leg 37 and its variable field, then security data.
std::optional<std::size_t> pass_length(ByteView bytes) {
    const std::string_view b = as_text(bytes);
    if (b.size() < 60 || b[0] != 'M' || b[1] < '1' || b[1] > '9') return std::nullopt;
    std::size_t i = 23;
    for (int legs = b[1] - '0'; legs > 0; --legs) {
        if (b.size() < i + 37) return std::nullopt;
        const auto size = number(b.substr(i + 35, 2), 16);
        if (!size) return std::nullopt;
        i += 37 + *size;
    }
    if (b.size() < i) return std::nullopt;
    if (b.size() == i) return std::nullopt;  // security data may follow: the gap decides
    if (b[i] != '^') return i;
    if (b.size() < i + 4) return std::nullopt;
    const auto size = number(b.substr(i + 2, 2), 16);
    if (!size || b.size() < i + 4 + *size) return std::nullopt;
    return i + 4 + *size;
}

// A driving licence (AAMVA): the subfile that ends last.
std::optional<std::size_t> licence_length(ByteView bytes) {
    const std::string_view b = as_text(bytes);
    if (b.size() < 21 || !b.starts_with("@\n\x1e\rANSI ")) return std::nullopt;
    const auto version = number(b.substr(15, 2), 10);
    if (!version) return std::nullopt;
    const std::size_t entries_at = *version >= 2 ? 19 : 17;
    if (b.size() < entries_at + 2) return std::nullopt;
    const auto entries = number(b.substr(entries_at, 2), 10);
    if (!entries || *entries == 0 || b.size() < entries_at + 2 + *entries * 10) return std::nullopt;
    std::size_t end = 0;
    for (std::size_t i = 0; i < *entries; ++i) {
        const std::string_view entry = b.substr(entries_at + 2 + i * 10, 10);
        const auto offset = number(entry.substr(2, 4), 10);
        const auto length = number(entry.substr(6, 4), 10);
        if (!offset || !length) return std::nullopt;
        end = std::max(end, *offset + *length);
    }
    if (end > b.size()) return std::nullopt;
    return end;
}

}  // namespace

std::optional<std::size_t> own_length(ByteView bytes) {
    if (const auto n = seal_length(bytes)) return n;
    if (const auto n = pass_length(bytes)) return n;
    return licence_length(bytes);
}

Symbology symbology_of_aim(char code) {
    switch (code) {
        case 'Q':
            return Symbology::qr;
        case 'z':
            return Symbology::aztec;
        case 'L':
            return Symbology::pdf417;
        case 'd':
            return Symbology::data_matrix;
        default:
            return Symbology::other;
    }
}

// The AIM identifier at the start, where the device sends one and this is one.
std::size_t Framer::prefix() const {
    if (!aim_prefix_ || buffer_.size() < aim_size || buffer_[0] != std::byte{']'}) return 0;
    return aim_size;
}

void Framer::take(std::size_t size, std::vector<BarcodeReading>& out) {
    const std::size_t skip = prefix();
    BarcodeReading r;
    if (skip == aim_size) {
        r.symbology = symbology_of_aim(std::to_integer<char>(buffer_[1]));
        r.modifier = std::to_integer<char>(buffer_[2]);
    }
    const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(skip);
    r.bytes.assign(begin, buffer_.begin() + static_cast<std::ptrdiff_t>(size));
    r.captured = last_;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
    if (!r.bytes.empty()) out.push_back(std::move(r));
}

std::vector<BarcodeReading> Framer::push(ByteView bytes, MonoTime now) {
    std::vector<BarcodeReading> out = tick(now);
    last_ = now;
    if (flooding_) return out;  // what is too long is thrown away until the line is quiet
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    while (true) {
        // The end of line that a device adds may come with the next delivery.
        while (after_own_end_ && !buffer_.empty() && (buffer_[0] == std::byte{'\r'} || buffer_[0] == std::byte{'\n'}))
            buffer_.erase(buffer_.begin());
        if (buffer_.empty()) break;
        after_own_end_ = false;
        const std::size_t skip = prefix();
        const auto length = own_length(ByteView{buffer_}.subspan(skip));
        // A payload that is all there and is followed by something: the rest is a suffix or the next scan.
        if (!length) break;
        take(skip + *length, out);
        after_own_end_ = true;
    }
    if (buffer_.size() > max_payload) {
        buffer_.clear();
        flooding_ = true;
        ++dropped_;
    }
    return out;
}

std::vector<BarcodeReading> Framer::tick(MonoTime now) {
    std::vector<BarcodeReading> out;
    if (now - last_ < gap_) return out;
    flooding_ = false;
    after_own_end_ = false;
    if (!buffer_.empty()) take(buffer_.size(), out);
    return out;
}

}  // namespace paso
