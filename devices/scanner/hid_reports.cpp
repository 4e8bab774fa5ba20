#include "devices/scanner/hid_reports.hpp"

#include <chrono>
#include <utility>

#include "devices/scanner/framer.hpp"

namespace paso {
namespace {

constexpr std::size_t most_data = 56;
constexpr std::size_t max_payload = 8192;
constexpr Duration patience = std::chrono::seconds{1};
constexpr std::byte scanned_data{2};

}  // namespace

void HidReports::drop() {
    if (begun_) ++dropped_;
    skipping_ = skipping_ || begun_;
    begun_ = false;
    payload_.clear();
}

std::optional<BarcodeReading> HidReports::push(ByteView report, MonoTime now) {
    if (begun_ && now - last_ > patience) drop();
    last_ = now;
    if (report.size() != hid_report_size || report[0] != scanned_data) {
        drop();
        return std::nullopt;
    }
    const auto size = std::to_integer<std::size_t>(report[1]);
    if (size > most_data) {
        drop();
        return std::nullopt;
    }
    const bool more = (report[63] & std::byte{1}) != std::byte{0};
    if (skipping_) {
        skipping_ = more;
        return std::nullopt;
    }
    begun_ = true;
    payload_.insert(payload_.end(), report.begin() + 5, report.begin() + 5 + static_cast<std::ptrdiff_t>(size));
    if (payload_.size() > max_payload) {
        drop();
        return std::nullopt;
    }
    if (more) return std::nullopt;
    begun_ = false;
    BarcodeReading r;
    if (report[2] == std::byte{']'}) {
        r.symbology = symbology_of_aim(std::to_integer<char>(report[3]));
        r.modifier = std::to_integer<char>(report[4]);
    }
    r.bytes = std::exchange(payload_, {});
    r.captured = now;
    if (r.bytes.empty()) return std::nullopt;
    return r;
}

}  // namespace paso
