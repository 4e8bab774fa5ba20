#include "core/barcode/barcode_content.hpp"

#include <utility>

#include "core/trust/digest.hpp"

namespace paso {

std::string_view name(Assurance a) {
    switch (a) {
        case Assurance::none:
            return "none";
        case Assurance::structure:
            return "structure";
        case Assurance::signature:
            return "signature";
        case Assurance::chain:
            return "chain";
        case Assurance::chain_and_profile:
            return "chain_and_profile";
    }
    return "none";
}

BarcodeContent parse_barcode(ByteView payload, Symbology symbology, Date today) {
    BarcodeContent out;
    out.symbology = symbology;
    out.digest = sha256(payload);
    if (auto pass = parse_boarding_pass(payload, today)) {
        out.assurance = Assurance::structure;
        out.what = std::move(*pass);
    } else {
        out.what = UnknownPayload{payload.size()};
    }
    return out;
}

}  // namespace paso
