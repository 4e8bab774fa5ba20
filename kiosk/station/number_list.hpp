// The post's list of document numbers: a CSV with a header line "number" and, in its first line, "# as of YYYY-MM-DD",
// signed by one of the officials of the trust file (`paso sign`).
// Small, exact, in memory; watch lists proper are a later room.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/date.hpp"
#include "core/base/result.hpp"
#include "core/inspection/inspection.hpp"
#include "core/trust/digest.hpp"

namespace paso {

class NumberList {
  public:
    // The only door of a station: a list that one of these keys signed. Errors: "signature.*", "list.syntax".
    [[nodiscard]] static Result<NumberList> open(ByteView file, const std::vector<Ed25519Key>& keys);
    // Errors: "list.syntax" with the line.
    [[nodiscard]] static Result<NumberList> parse(std::string_view csv);
    // Unknown when the list is older than `max_age_days` on that day (list_stale), or of a day after the next
    // (clock_unsure): one of the two dates is wrong.
    [[nodiscard]] ListCheck check(const std::string& number, Date today, int max_age_days) const;
    // list.match and list.age on these possible days, however old the list is: a number that a reader could take for
    // one of the list (0 and O, 1 and I) is `confusable`. Of a day after all of these and the next the age is unknown.
    [[nodiscard]] Facts stated(const std::string& number, const std::vector<Date>& today) const;
    [[nodiscard]] std::size_t size() const { return numbers_.size(); }

  private:
    Date as_of_;
    std::set<std::string, std::less<>> numbers_;
    std::set<std::string, std::less<>> shapes_;  // the same with each letter as the digit that it looks like
};

}  // namespace paso
