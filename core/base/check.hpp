// Unknown is a value (law 2). A check has passed, failed or is unknown with a cause; a Known<T> is a value or a cause.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

namespace paso {

// Why something is not known. The numbers are stored in events: never renumber.
enum class Cause : std::uint8_t {
    not_read = 1,            // nobody showed it, or it could not be read
    offline = 2,             // the source was not reachable
    list_stale = 3,          // the list is older than the rule accepts
    history_incomplete = 4,  // crossings elsewhere are not all here yet
    clock_unsure = 5,        // the date is not certain
    ambiguous = 6,           // several values are possible and they lead to different answers
    not_asked = 7,           // no rule needed it yet
    not_supported = 8,       // this document or station cannot tell
};

[[nodiscard]] constexpr std::string_view name(Cause c) {
    switch (c) {
        case Cause::not_read:
            return "not_read";
        case Cause::offline:
            return "offline";
        case Cause::list_stale:
            return "list_stale";
        case Cause::history_incomplete:
            return "history_incomplete";
        case Cause::clock_unsure:
            return "clock_unsure";
        case Cause::ambiguous:
            return "ambiguous";
        case Cause::not_asked:
            return "not_asked";
        case Cause::not_supported:
            return "not_supported";
    }
    return "not_read";
}

// A value of T or the cause why there is none.
template <class T>
class Known {
  public:
    Known() : value_(Cause::not_read) {}
    Known(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
    Known(Cause cause) : value_(cause) {}         // NOLINT(google-explicit-constructor)
    [[nodiscard]] bool known() const { return std::holds_alternative<T>(value_); }
    explicit operator bool() const = delete;  // `if (fact)` would read an unknown as false
    [[nodiscard]] const T& value() const { return std::get<T>(value_); }
    [[nodiscard]] Cause cause() const { return std::get<Cause>(value_); }
    bool operator==(const Known&) const = default;

  private:
    std::variant<T, Cause> value_;
};

// Result of one check digit, signature or comparison. `absent`: the document has no such check.
enum class Check : std::uint8_t { passed = 0, failed = 1, unknown = 2, absent = 3 };

[[nodiscard]] constexpr std::string_view name(Check c) {
    switch (c) {
        case Check::passed:
            return "passed";
        case Check::failed:
            return "failed";
        case Check::unknown:
            return "unknown";
        case Check::absent:
            return "absent";
    }
    return "unknown";
}

}  // namespace paso
