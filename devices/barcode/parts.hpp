// Payloads spread over several symbols: structured append of QR, Aztec and DataMatrix, macro PDF417. A part alone is
// not a document. Pure: parts and times in, whole payloads out.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace paso {

struct SymbolPart {
    Symbology symbology = Symbology::unknown;
    std::string id;  // of the sequence; of QR the exclusive or of all its bytes, as a decimal number
    int index = 0;   // from 0
    int count = 0;   // 0: this part does not say
    Bytes bytes;
};

class PartCollector {
  public:
    // The whole payload when this was its last missing part. Parts older than ten seconds are forgotten, as is the
    // oldest sequence when there are more than four. A QR sequence whose bytes do not fit its id is dropped.
    [[nodiscard]] std::optional<Bytes> add(SymbolPart part, MonoTime now);

  private:
    struct Sequence {
        std::map<int, Bytes> parts;
        int count = 0;
        MonoTime newest{};
    };
    std::map<std::pair<Symbology, std::string>, Sequence> sequences_;
};

}  // namespace paso
