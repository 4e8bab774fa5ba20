#include "core/document/same_person.hpp"

#include <string>

#include "core/document/look_alike.hpp"
#include "core/document/names.hpp"

namespace paso {
namespace {

// Whether number and birth date of a reading can be relied on.
bool confirmed(const TravelDocument& d) {
    const bool sure = d.state == MrzState::verified || d.state == MrzState::single_frame;
    return sure && d.check_digits.number == Check::passed && d.check_digits.birth == Check::passed;
}

bool equal_code(const std::string& a, const std::string& b) { return !a.empty() && same_code(a, b); }

// The number with every letter that a digit resembles as that digit.
std::string plain_digits(std::string number) {
    for (char& c : number) {
        if (const char digit = digit_like(c); digit != 0) c = digit;
    }
    return number;
}

PersonLinkResult proposal(LinkReason why) { return {PersonLink::proposal, {why}}; }

PersonLinkResult link_by_name(const TravelDocument& a, const TravelDocument& b, bool birth_known) {
    if (!birth_known || !equal_code(a.nationality, b.nationality)) return {};
    switch (compare_names(name_of(a), name_of(b)).match) {
        case NameMatch::same:
            return proposal(LinkReason::same_name);
        case NameMatch::may_be_same:
            return proposal(LinkReason::similar_name);
        case NameMatch::different:
            return {};
    }
    return {};
}

}  // namespace

PersonLinkResult link_persons(const TravelDocument& a, const TravelDocument& b) {
    const MrzDate& birth_a = a.birth.reveal();
    const MrzDate& birth_b = b.birth.reveal();
    if (!may_be_equal(birth_a, birth_b)) return {};
    const bool birth_known =
        birth_a.state == DateState::known && birth_b.state == DateState::known && birth_a.raw == birth_b.raw;
    const std::string& number_a = a.number.reveal();
    const std::string& number_b = b.number.reveal();
    const bool numbers = !number_a.empty() && !number_b.empty();
    if (numbers && equal_code(a.issuer, b.issuer)) {
        if (number_a == number_b) {
            if (!birth_known) return proposal(LinkReason::birth_not_whole);
            if (!confirmed(a) || !confirmed(b)) return proposal(LinkReason::not_confirmed);
            return {PersonLink::linked, {LinkReason::same_document}};
        }
        const bool alike = birth_known && plain_digits(number_a) == plain_digits(number_b);
        if (alike) return proposal(LinkReason::look_alike);
    }
    return link_by_name(a, b, birth_known);
}

std::string_view name(PersonLink l) {
    switch (l) {
        case PersonLink::none:
            return "none";
        case PersonLink::proposal:
            return "proposal";
        case PersonLink::linked:
            return "linked";
    }
    return "none";
}

std::string_view name(LinkReason r) {
    switch (r) {
        case LinkReason::same_document:
            return "same_document";
        case LinkReason::birth_not_whole:
            return "birth_not_whole";
        case LinkReason::not_confirmed:
            return "not_confirmed";
        case LinkReason::look_alike:
            return "look_alike";
        case LinkReason::same_name:
            return "same_name";
        case LinkReason::similar_name:
            return "similar_name";
    }
    return "not_confirmed";
}

}  // namespace paso
