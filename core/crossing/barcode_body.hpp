// What the body of an inspection keeps of a symbol: kind, assurance, digest, and what an inspector compares with a
// document or asks about. Addresses, numbers of taxes and of social insurance, elements of a licence one by one, names
// of clinicians and all that has no known meaning are not kept, nor are payloads, problems and certificates.
#pragma once

#include "core/barcode/barcode_content.hpp"
#include "core/crossing/body_codec.hpp"

namespace paso {

// A pair of items. First which kind: false (unknown) and true (boarding pass) as in version 1, else the number of
// BarcodeKind. Then [symbology, assurance, digest, content]; the content of a kind that this program does not know is
// kept as it stands, in UnknownPayload::newer.
void put_barcode(CborWriter& w, const BarcodeContent& b);
[[nodiscard]] BarcodeContent get_barcode(BodyReader& r);
// Version 1 has no words for it.
[[nodiscard]] bool needs_second_version(const BarcodeContent& b);

}  // namespace paso
