// Counters and gauges in memory, and their text for GET /metrics (Prometheus text format).
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/env/env.hpp"

namespace paso {

// May be used from any thread. Names are fixed: a-z, 0-9, '_'.
class MemoryMetrics final : public Metrics {
  public:
    void add(std::string_view counter, std::int64_t by) override;
    void set(std::string_view gauge, double value) override;
    [[nodiscard]] std::string text() const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::int64_t, std::less<>> counters_;
    std::map<std::string, double, std::less<>> gauges_;
};

}  // namespace paso
