// What a picture makes a decoder do: the value of its first pixel.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "devices/frame/frame.hpp"

namespace paso::testing {

enum class Fault : std::uint8_t {
    none,            // one reading: eight bytes, the sum of all pixels
    spin,            // computes without end
    wait,            // waits without end
    segfault,        //
    aborts,          //
    exits,           // with status 0
    allocates,       // memory without end
    throws,          //
    half_reply,      // says half of what it should, and waits
    garbage,         // says bytes by chance
    long_reply,      // says more than a reply may hold
    endless_reply,   // says without end
    closes,          // its socket, if it may, and computes
    other_question,  // a good reply to the question before
    other_frame,     // a reading with the number of another frame
    hand_held,       // a reading that no camera makes
    says_more,       // a good reply, and one more
    dies_later,      // a good reply, and ends
    escape,          // tries what it must not; the reading holds an errno a try
    shares,          // takes memory that it shares with nobody, as long as there is some; the reading counts MB
    surroundings,    // the reading says what it was started with
};

inline Frame picture(Fault fault, std::uint64_t number = 1, int width = 64, int height = 36) {
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(width, height, false));
    for (std::size_t i = 0; i < pixels->size(); ++i) (*pixels)[i] = static_cast<std::uint8_t>(i * 7 + number);
    (*pixels)[0] = static_cast<std::uint8_t>(fault);
    return {width, height, false, std::move(pixels), {static_cast<std::int64_t>(number) * 1000}, number};
}

inline std::uint64_t sum_of(const Frame& frame) {
    std::uint64_t sum = 0;
    for (const std::uint8_t v : frame.luma()) sum += v;
    return sum;
}

}  // namespace paso::testing
