// Numbers from a seed, the same on every machine (the standard library's distributions are not).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace paso {

// SplitMix64. `salt` parts the streams of one seed, so that one more draw for the face moves no line of the guilloche.
class Seeded {
  public:
    explicit Seeded(std::uint64_t seed, std::string_view salt = {}) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {
        for (const char c : salt) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
        (void)next();
    }
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    // 0 to bound - 1; bound at least 1.
    int below(int bound) { return static_cast<int>(next() % static_cast<std::uint64_t>(bound)); }
    double real(double low, double high) {
        return low + (high - low) * (static_cast<double>(next() >> 11U) * 0x1.0p-53);
    }
    bool chance(double p) { return real(0, 1) < p; }
    template <class T, std::size_t N>
    const T& pick(std::span<const T, N> list) {
        return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
    }
    std::string characters(std::string_view alphabet, int count) {
        std::string out;
        for (int i = 0; i < count; ++i) {
            out.push_back(alphabet[static_cast<std::size_t>(below(static_cast<int>(alphabet.size())))]);
        }
        return out;
    }

  private:
    std::uint64_t state_;
};

}  // namespace paso
