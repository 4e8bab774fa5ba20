#include "devices/scanner/wedge.hpp"

#include <linux/input.h>

#include <array>
#include <string_view>
#include <utility>

#include "core/barcode/boarding_pass.hpp"

namespace paso {
namespace {

constexpr std::size_t most_characters = 2048;

// Rows of neighbouring key codes, without and with shift.
struct Row {
    std::uint16_t first;
    std::string_view plain, shifted;
};
constexpr std::array<Row, 5> rows{{{KEY_1, "1234567890-=", "!@#$%^&*()_+"},
                                   {KEY_Q, "qwertyuiop[]", "QWERTYUIOP{}"},
                                   {KEY_A, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
                                   {KEY_BACKSLASH, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
                                   {KEY_SPACE, " ", " "}}};

}  // namespace

char character_of_key(std::uint16_t code, bool shift) {
    for (const Row& r : rows) {
        if (code < r.first || code - r.first >= static_cast<int>(r.plain.size())) continue;
        return (shift ? r.shifted : r.plain)[static_cast<std::size_t>(code - r.first)];
    }
    return 0;
}

void WedgeKeys::drop() {
    if (!line_.empty() || spoilt_) ++dropped_;
    line_.clear();
    spoilt_ = false;
}

std::optional<BarcodeReading> WedgeKeys::end(MonoTime now) {
    const std::string line = std::exchange(line_, {});
    const bool spoilt = std::exchange(spoilt_, false);
    if (line.empty() && !spoilt) return std::nullopt;
    if (spoilt || !looks_like_boarding_pass(as_bytes(line))) {
        ++dropped_;
        return std::nullopt;
    }
    BarcodeReading r;
    r.bytes = to_bytes(as_bytes(line));
    r.captured = now;
    return r;
}

std::optional<BarcodeReading> WedgeKeys::push(std::uint16_t type, std::uint16_t code, std::int32_t value,
                                              MonoTime now) {
    constexpr std::int32_t up = 0, down = 1;
    if (type == EV_SYN && code == SYN_DROPPED) spoilt_ = true;  // the kernel lost events
    if (type != EV_KEY) return std::nullopt;
    if (code == KEY_LEFTSHIFT || code == KEY_RIGHTSHIFT) {
        (code == KEY_LEFTSHIFT ? left_shift_ : right_shift_) = value != up;
        return std::nullopt;
    }
    if (value == up) return std::nullopt;
    if (now - last_ > gap_) drop();
    last_ = now;
    if (value == down && code == KEY_ENTER) return end(now);
    const char c = character_of_key(code, left_shift_ || right_shift_);
    if (value != down || c == 0 || line_.size() >= most_characters) {
        spoilt_ = true;
    } else if (!spoilt_) {
        line_.push_back(c);
    }
    return std::nullopt;
}

}  // namespace paso
