// From the bytes of a symbol to what they mean: the one door of this room. Each kind has a header of its own beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/barcode/assurance.hpp"
#include "core/barcode/barcode_data_structure.hpp"
#include "core/barcode/boarding_pass.hpp"
#include "core/barcode/driving_licence.hpp"
#include "core/barcode/health_certificate.hpp"
#include "core/barcode/link_payloads.hpp"
#include "core/barcode/national_card.hpp"
#include "core/barcode/symbol.hpp"
#include "core/barcode/vds_nc.hpp"
#include "core/barcode/visible_seal.hpp"
#include "core/base/bytes.hpp"
#include "core/base/date.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/trust/anchors.hpp"

namespace paso {

// What a payload is. The numbers are the places in BarcodeContent::what and are stored in events: never renumber.
enum class BarcodeKind : std::uint8_t {
    unknown = 0,
    boarding_pass = 1,
    visible_seal = 2,
    driving_licence = 3,
    health_certificate = 4,
    vds_nc = 5,
    barcode_data_structure = 6,
    national_card = 7,
    mdoc_engagement = 8,
    url = 9,
};
inline constexpr std::uint8_t last_barcode_kind = 9;
[[nodiscard]] std::string_view name(BarcodeKind kind);  // as the types are called: "BoardingPass", "Unknown"

// What a newer program wrote in an event about a kind that this one does not know: kept as it stands, so that the event
// can be written again in the same bytes.
struct NewerPayload {
    std::uint64_t kind = 0;
    Bytes content;  // one CBOR item
    bool operator==(const NewerPayload&) const = default;
};

struct UnknownPayload {
    std::size_t size = 0;
    std::optional<BarcodeKind> claimed{};  // it begins like this kind and cannot be read as one: see `problems`
    std::optional<NewerPayload> newer{};   // from an event alone
    bool operator==(const UnknownPayload&) const = default;
};

struct BarcodeContent {
    Symbology symbology = Symbology::unknown;
    Assurance assurance = Assurance::none;
    Digest digest{};  // SHA-256 of the payload, biometric templates overwritten with zeros
    std::variant<UnknownPayload, BoardingPass, VisibleSeal, DrivingLicence, HealthCertificate, VdsNc,
                 BarcodeDataStructure, NationalCard, MdocEngagement, Url>
        what;
    // All that stands against it, each once: why a kind that it claims to be could not be read (with the offset), what
    // that kind's reader noted, what is wrong with its signer. Not kept in events.
    std::vector<Error> problems{};
    bool operator==(const BarcodeContent&) const = default;
};
[[nodiscard]] BarcodeKind kind_of(const BarcodeContent& content);

// When a payload is read.
struct ReadingMoment {
    Date today;    // the local date at the post: years of boarding passes and cards are inferred from it
    WallTime now;  // for signatures
    ClockState clock = ClockState::sure;
};

// Bytes, never text, told by their content; `symbology` is noted and decides nothing. Never fails. Templates of fingers
// are cut in the caller's own bytes (cut_biometrics) before anything else is done with them.
//
// The kinds are asked in an order in which none hides another: those that begin with a mark of their own, national
// cards (two of which are links) before links, boarding passes, which begin like any text, last. Who says "mine" and
// cannot read it leaves its error in `problems`, and the next is asked; if nobody reads it, it is UnknownPayload with
// the first that said so in `claimed`, with Assurance::none: an inspector sees a broken seal, no rule does.
//
// Empty `anchors` trust nobody: at most `signature`, where a payload brings its signer's certificate along, and what
// cannot be checked is unknown (not_supported), not stale. A stale list gives unknown (list_stale), never failed. While
// the clock is unsure nothing that depends on the time has passed or failed (clock_unsure): at most `signature`.
[[nodiscard]] BarcodeContent parse_barcode(std::span<std::byte> payload, Symbology symbology,
                                           const TrustAnchors& anchors, const ReadingMoment& moment);

}  // namespace paso
