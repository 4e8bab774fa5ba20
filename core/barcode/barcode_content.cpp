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
    BarcodeContent content;
    content.symbology = symbology;
    content.digest = sha256(payload);
    content.what = UnknownPayload{payload.size()};
    if (auto pass = parse_boarding_pass(payload, today)) {
        content.assurance = Assurance::structure;
        content.what = std::move(*pass);
    }
    return content;
}

}  // namespace paso
