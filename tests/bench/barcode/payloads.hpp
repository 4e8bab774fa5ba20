// What the benchmark's symbols say: invented text and bytes with the shapes and sizes of what travellers carry.
#pragma once

#include "core/base/bytes.hpp"
#include "tests/specimens/seeded.hpp"
#include "tests/specimens/specimen.hpp"

namespace paso::bench {

// PDF417: boarding passes of 60 to 158 bytes, licences of about 326, a card of 531 bytes. Aztec, QR: passes; QR also
// a health certificate's text of 400 to 520 characters. DataMatrix: seals of 80 to 180 bytes, passes.
[[nodiscard]] Bytes make_payload(SymbolKind kind, Seeded& rng);

}  // namespace paso::bench
