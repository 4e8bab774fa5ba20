// From the bytes of a symbol to what they mean. First version: IATA boarding passes; everything else is kept as Unknown
// with its digest, until its parser is written.
#pragma once

#include <cstddef>
#include <variant>

#include "core/barcode/assurance.hpp"
#include "core/barcode/boarding_pass.hpp"
#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/date.hpp"

namespace paso {

struct UnknownPayload {
    std::size_t size = 0;
    bool operator==(const UnknownPayload&) const = default;
};

struct BarcodeContent {
    Symbology symbology = Symbology::unknown;
    Assurance assurance = Assurance::none;
    Digest digest{};  // SHA-256 of the payload
    std::variant<UnknownPayload, BoardingPass> what;
    bool operator==(const BarcodeContent&) const = default;
};

// Bytes (never text), told by their content first; symbology is a tie-break. Never fails: what no parser accepts is
// UnknownPayload. `today` is the local date at the post.
[[nodiscard]] BarcodeContent parse_barcode(ByteView payload, Symbology symbology, Date today);

}  // namespace paso
