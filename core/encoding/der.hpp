// DER (ITU-T X.690), read item by item: for the few structures that libcrypto has no reader for.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

struct DerItem {
    std::uint8_t tag = 0;  // the identifier octet as it stands: 0x30 SEQUENCE, 0x31 SET, 0x02 INTEGER
    ByteView content;      // views into the input
    ByteView whole;        // with tag and length
};

// Goes over the items of one level; what an item holds is read by a reader of its own. Tags above 30 and indefinite or
// wasteful lengths are errors. Errors, with the offset: "der.truncated", "der.tag", "der.length".
class DerReader {
  public:
    explicit DerReader(ByteView bytes) : bytes_(bytes) {}
    [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
    [[nodiscard]] Result<DerItem> next();
    // The next item, which must have this tag.
    [[nodiscard]] Result<DerItem> next(std::uint8_t tag);

  private:
    ByteView bytes_;
    std::size_t at_ = 0;
};

}  // namespace paso
