// From readings to a result: fuse() adds what one more frame saw, decide() says what may be concluded.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/mrz/reading.hpp"

namespace paso {

// The sum of log-probabilities a cell over the frames that showed the same shape, and what each of the last frames saw.
// A value: copy it, keep it, throw it away when the glass is empty.
struct MrzFusion {
    struct Seen {
        std::uint64_t frame = 0;
        std::vector<MrzCell> cells;  // row after row: log p of this frame alone
        float doubt = 0;             // mean over them of -log p of the likeliest
    };
    struct Shape {
        MrzShape shape{};
        bool licence = false;        // Swiss: the first row has 9 cells; here fillers make it as long as the others
        std::vector<MrzCell> cells;  // row after row: sums of log p
        std::vector<Seen> last;      // newest last, at most 8
        int readings = 0;
        Quad corners{};
    };
    std::vector<Shape> shapes;  // at most one for each of 3x30, 2x36, 2x44 and the licence
    int seen = 0;               // readings given, whether or not of a known shape
};

// The three characters of a State's code in an MRZ, fillers at its end: "D<<".
using StateCode = std::array<char, 3>;

struct MrzPolicy {
    std::vector<StateCode> states;   // what issuer and nationality are expected to be; empty: anything
    float cell_threshold = 0.90F;    // least posterior of every cell for `verified` and `single_frame`
    float alone_threshold = 0.97F;   // the same where no check digit tells the two likeliest characters apart; up to
                                     // 0.9925 where the frames are unsure of other cells too
    int frames_to_verify = 2;        // different frames that must agree
    float propose_threshold = 0.5F;  // below this in any cell the result is unreadable
};

// A reading whose text differs in more than a quarter of its cells starts its shape again: another document lies there.
// So do two readings of another shape that are newer than all others. One frame counts once.
[[nodiscard]] MrzFusion fuse(MrzFusion fusion, const MrzReading& reading);
[[nodiscard]] MrzResult decide(const MrzFusion& fusion, const MrzPolicy& policy);

}  // namespace paso
