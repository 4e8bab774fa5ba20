#include "sync/http/metrics.hpp"

#include <array>
#include <charconv>

namespace paso {

namespace {
template <class Map, class Value>
typename Map::mapped_type& at(Map& map, std::string_view name, Value start) {
    auto found = map.find(name);
    if (found == map.end()) found = map.emplace(std::string{name}, start).first;
    return found->second;
}
}  // namespace

void MemoryMetrics::add(std::string_view counter, std::int64_t by) {
    const std::lock_guard lock{mutex_};
    at(counters_, counter, std::int64_t{0}) += by;
}

void MemoryMetrics::set(std::string_view gauge, double value) {
    const std::lock_guard lock{mutex_};
    at(gauges_, gauge, 0.0) = value;
}

std::string MemoryMetrics::text() const {
    const std::lock_guard lock{mutex_};
    std::string out;
    for (const auto& [name, value] : counters_) {
        out += "# TYPE " + name + " counter\n" + name + " " + std::to_string(value) + "\n";
    }
    for (const auto& [name, value] : gauges_) {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        out += "# TYPE " + name + " gauge\n" + name + " " + std::string{digits.data(), end} + "\n";
    }
    return out;
}

}  // namespace paso
