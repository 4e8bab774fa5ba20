// Chance from a seed: the same on every machine, since only integers are used.
#pragma once

#include <cstdint>
#include <span>

#include "core/env/env.hpp"

namespace paso::sim {

// SplitMix64.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
    bool one_in(std::uint64_t n) { return below(n) == 0; }

  private:
    std::uint64_t state_;
};

class SimEntropy final : public Entropy {
  public:
    explicit SimEntropy(std::uint64_t seed) : random_(seed) {}
    void fill(std::span<std::byte> out) override {
        for (std::byte& b : out) b = static_cast<std::byte>(random_.below(256));
    }

  private:
    Random random_;
};

}  // namespace paso::sim
