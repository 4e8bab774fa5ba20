// Whether two documents that were read at two inspections are the same person's. The same issuer, number and birth date
// link them; anything weaker is a proposal for a person to judge, and so is all that rests on an unknown part.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/document/travel_document.hpp"

namespace paso {

enum class PersonLink : std::uint8_t { none, proposal, linked };
[[nodiscard]] std::string_view name(PersonLink l);

enum class LinkReason : std::uint8_t {
    same_document,    // issuer, number and birth date are equal
    birth_not_whole,  // issuer and number are equal, a birth date is not wholly known but does not contradict
    not_confirmed,    // a check digit of number or birth does not hold or is missing, or a reading is not sure
    look_alike,       // issuer and birth date are equal, the numbers but for letters and digits that look alike
    same_name,        // another document: name, birth date and nationality are equal
    similar_name,     // the same with a name that may be the same
};
[[nodiscard]] std::string_view name(LinkReason r);

struct PersonLinkResult {
    PersonLink link = PersonLink::none;
    std::vector<LinkReason> reasons;  // empty when `none`
    bool operator==(const PersonLinkResult&) const = default;
};

// Symmetric. Codes are compared by meaning (D is DEU). A name is no part of `linked`: people change it.
[[nodiscard]] PersonLinkResult link_persons(const TravelDocument& a, const TravelDocument& b);

}  // namespace paso
