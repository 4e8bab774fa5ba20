// Whether two names can be one person's: from an MRZ, where they are spelled in A to Z and may be cut off, and from
// elsewhere in their own letters. Doc 9303-3 section 4.6, parts 4 to 7 section 4.2.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/personal.hpp"
#include "core/document/travel_document.hpp"

namespace paso {

// In UTF-8 or in the MRZ's A to Z; components parted by spaces. A single name stands in either identifier alone.
struct PersonName {
    Personal<std::string> primary;
    Personal<std::string> secondary;
    bool may_be_truncated = false;  // it filled its field
};
[[nodiscard]] PersonName name_of(const TravelDocument& document);

enum class NameMatch : std::uint8_t { same, may_be_same, different };
[[nodiscard]] std::string_view name(NameMatch m);

// Why; in this order in a result.
enum class NameReason : std::uint8_t {
    empty,              // one of the names is missing altogether
    script,             // letters that the tables do not have: nothing can be said
    transcription,      // Arabic letters: passports spell them by sound more often than by the table
    spelling,           // the same letters, spelled another way
    truncated,          // one is the other cut off
    fewer_given_names,  // one lacks given names that the other has
    parted_otherwise,   // the same components, parted into primary and secondary in another way or in another order
    primary_differs,
    secondary_differs,
};
[[nodiscard]] std::string_view name(NameReason r);

struct NameComparison {
    NameMatch match = NameMatch::may_be_same;
    std::vector<NameReason> reasons;  // none: they are the same letter for letter
    bool operator==(const NameComparison&) const = default;
};

// `same`: the same components, if need be in another spelling. `may_be_same`: nothing speaks against it, but something
// is cut off, missing, in another order or in letters that cannot be compared. A full field is never a reason to
// differ: a name that may be truncated may lack components and end each of them early, but must not have other ones.
// Symmetric.
[[nodiscard]] NameComparison compare_names(const PersonName& a, const PersonName& b);

}  // namespace paso
