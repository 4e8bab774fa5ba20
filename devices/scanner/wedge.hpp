// A keyboard wedge: a scanner that types. Only for boarding passes, which are plain text: keys cannot carry the bytes
// of a seal, depend on a keyboard's layout and have no end but a key. Pure: key events and times in, readings out.
//
// Events are those of Linux (struct input_event, linux/input.h) on a US layout with shift. A pass ends with Enter. Keys
// more than a gap apart are somebody's fingers: what was typed before them is dropped. A key that stands for no
// character here (control, alt, caps lock, the number block, a repeated key) spoils its line: nothing is guessed. A
// line that is no boarding pass is dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace paso {

class WedgeKeys {
  public:
    explicit WedgeKeys(Duration gap) : gap_(gap) {}

    // One event: `type`, `code` and `value` of struct input_event.
    [[nodiscard]] std::optional<BarcodeReading> push(std::uint16_t type, std::uint16_t code, std::int32_t value,
                                                     MonoTime now);
    // Lines begun and lost: no boarding pass, spoilt, too long (2 KiB) or without an end.
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    [[nodiscard]] std::optional<BarcodeReading> end(MonoTime now);
    void drop();
    Duration gap_;
    std::string line_;
    bool spoilt_ = false;
    bool left_shift_ = false, right_shift_ = false;
    MonoTime last_{};
    std::uint64_t dropped_ = 0;
};

// What a key types on a US keyboard; 0 where it types nothing.
[[nodiscard]] char character_of_key(std::uint16_t code, bool shift);

}  // namespace paso
