// Personal<T>: a value about a person. It has no formatter, no stream operator and no conversion, so that it cannot
// slip into a log line, a metric, an address or an error text (law 7). `reveal()` marks each place where it is looked
// at.
#pragma once

#include <utility>

namespace paso {

template <class T>
class Personal {
  public:
    Personal() = default;
    explicit Personal(T value) : value_(std::move(value)) {}
    [[nodiscard]] const T& reveal() const { return value_; }
    bool operator==(const Personal&) const = default;

  private:
    T value_{};
};

}  // namespace paso
