// Inspection: all that was found on one traveller, and Paso's own schema of facts. build_facts() is the one place where
// documents, answers and lists become facts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/barcode/barcode_content.hpp"
#include "core/base/check.hpp"
#include "core/base/date.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/document/travel_document.hpp"
#include "core/rules/facts.hpp"

namespace paso {

enum class Direction : std::uint8_t { entry = 0, exit = 1 };
enum class TravelMode : std::uint8_t { air = 0, land = 1, sea = 2 };
[[nodiscard]] constexpr std::string_view name(Direction d) { return d == Direction::entry ? "entry" : "exit"; }
[[nodiscard]] constexpr std::string_view name(TravelMode m) {
    switch (m) {
        case TravelMode::air:
            return "air";
        case TravelMode::land:
            return "land";
        case TravelMode::sea:
            return "sea";
    }
    return "land";
}

// Where and when: from the signed post file and the clock.
struct Trip {
    std::string state;  // the State of the post, alpha-3
    std::string post;
    std::string lane;
    TravelMode mode = TravelMode::land;
    Direction direction = Direction::entry;
    bool demo = true;
    std::vector<Date> today;  // the local date at the post; several while the clock is unsure
    ClockState clock = ClockState::sure;
    bool operator==(const Trip&) const = default;
};

// Who travels together, as the traveller said. Without it every child is unknown.
struct Party {
    bool alone = true;
    int adults = 1;
    int children = 0;
    bool operator==(const Party&) const = default;
};

// An answer to a question of the kiosk: yes, no, or "I am not sure", which is a normal answer.
struct Answer {
    std::string question;
    Known<bool> yes;
    bool operator==(const Answer&) const = default;
};

// What a list said about the document's number.
struct ListCheck {
    std::string list;  // name of the list
    Known<bool> listed;
    bool operator==(const ListCheck&) const = default;
};

struct Inspection {
    CrossingId crossing;
    Trip trip;
    std::optional<Party> party;  // nothing: not asked or not answered
    std::optional<TravelDocument> document;
    std::vector<BarcodeContent> barcodes;
    std::vector<Answer> answers;
    std::vector<ListCheck> lists;
    Facts stated;  // what lists, officials, the record of stays and the traveller say as it stands: see may_be_stated()
    bool operator==(const Inspection&) const = default;
};

// Paso's own schema, declared in core/inspection/fact_schema.hpp. What is not known carries its cause; several
// possible values (two centuries of birth, three days while the clock is unsure) stay several. `holder.verified` is
// unknown until an officer or a biometric says so.
[[nodiscard]] const Schema& schema();
[[nodiscard]] Facts build_facts(const Inspection& inspection);

// Whether somebody may say this: the schema has the fact, it is none of clock, post file or document, and it may have
// these values. build_facts() passes over anything else.
[[nodiscard]] bool may_be_stated(const FactEntry& entry);

}  // namespace paso
