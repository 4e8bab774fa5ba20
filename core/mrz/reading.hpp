// What a camera saw of a machine readable zone, as probabilities; and what may be concluded from several of them.
// ICAO Doc 9303 parts 3 to 7. Pure: pixels stay in devices/mrz, which makes MrzReading values from frames.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/geometry.hpp"
#include "core/base/time.hpp"

namespace paso {

// The 37 characters of an MRZ; the index of a character here is its class everywhere (recogniser output, fusion).
inline constexpr std::string_view mrz_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
// Class of a character, or -1.
[[nodiscard]] constexpr int mrz_class(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= '0' && c <= '9') return c - '0' + 26;
    return c == '<' ? 36 : -1;
}

// Natural logarithm of the probability of each class, for one character cell. exp() of the 37 sums to 1.
using MrzCell = std::array<float, 37>;

struct MrzRow {
    std::vector<MrzCell> cells;  // as many as were seen: a good reading has 30, 36 or 44
    Quad corners{};
};

// One frame's sight of one MRZ: two or three rows, top to bottom as the text reads.
struct MrzReading {
    std::vector<MrzRow> rows;
    Quad corners{};
    std::uint64_t frame = 0;  // sequence number of the frame; two readings of one frame are no second opinion
    MonoTime captured{};
};

// The numbers are stored in events: never renumber.
enum class MrzFormat : std::uint8_t {
    td1 = 0,
    td2 = 1,
    td3 = 2,
    mrv_a = 3,
    mrv_b = 4,
    french_id = 5,      // the French identity card of 1988 to 2021: two rows of 36, its own fields
    swiss_licence = 6,  // the driving licence of Switzerland and Liechtenstein: rows of 9, 30 and 30
};
inline constexpr std::array<MrzFormat, 7> mrz_formats{MrzFormat::td1,          MrzFormat::td2,   MrzFormat::td3,
                                                      MrzFormat::mrv_a,        MrzFormat::mrv_b, MrzFormat::french_id,
                                                      MrzFormat::swiss_licence};
inline constexpr std::uint8_t last_mrz_format = 6;
[[nodiscard]] constexpr std::string_view name(MrzFormat f) {
    switch (f) {
        case MrzFormat::td1:
            return "TD1";
        case MrzFormat::td2:
            return "TD2";
        case MrzFormat::td3:
            return "TD3";
        case MrzFormat::mrv_a:
            return "MRV-A";
        case MrzFormat::mrv_b:
            return "MRV-B";
        case MrzFormat::french_id:
            return "FR-ID";
        case MrzFormat::swiss_licence:
            return "CH-DL";
    }
    return "TD3";
}
struct MrzShape {
    std::size_t rows;
    std::size_t columns;  // of the longest row
    bool operator==(const MrzShape&) const = default;
};
[[nodiscard]] constexpr MrzShape shape(MrzFormat f) {
    switch (f) {
        case MrzFormat::td1:
        case MrzFormat::swiss_licence:
            return {3, 30};
        case MrzFormat::td2:
        case MrzFormat::mrv_b:
        case MrzFormat::french_id:
            return {2, 36};
        case MrzFormat::td3:
        case MrzFormat::mrv_a:
            return {2, 44};
    }
    return {2, 44};
}

// Characters in one row, from 0; only the first row of the Swiss licence is shorter than the others.
[[nodiscard]] constexpr std::size_t columns(MrzFormat f, std::size_t row) {
    return f == MrzFormat::swiss_licence && row == 0 ? 9 : shape(f).columns;
}

enum class MrzState : std::uint8_t {
    verified,      // no substitution, every check digit holds, every cell is over its threshold, two frames agree
    single_frame,  // all of that but the second frame: the most that a still picture can reach
    proposed,    // a person or a second look must confirm: a cell is doubtful, or a check digit asks for a substitution
    unreadable,  // see `why`
};
[[nodiscard]] constexpr std::string_view name(MrzState s) {
    switch (s) {
        case MrzState::verified:
            return "verified";
        case MrzState::single_frame:
            return "single_frame";
        case MrzState::proposed:
            return "proposed";
        case MrzState::unreadable:
            return "unreadable";
    }
    return "unreadable";
}

// Why nothing can be concluded, as far as the text tells; what the traveller can do about it is an MrzObstacle.
enum class MrzWhy : std::uint8_t {
    none,          // it was readable
    nothing_seen,  // no text rows in view
    partial,       // rows found, but not as many characters as a format has
    doubtful,      // too many cells under their threshold: blur, dirt, damage
    check_digits,  // sharp, but the check digits do not hold
};
[[nodiscard]] constexpr std::string_view name(MrzWhy w) {
    switch (w) {
        case MrzWhy::none:
            return "none";
        case MrzWhy::nothing_seen:
            return "nothing_seen";
        case MrzWhy::partial:
            return "partial";
        case MrzWhy::doubtful:
            return "doubtful";
        case MrzWhy::check_digits:
            return "check_digits";
    }
    return "none";
}

// What was concluded. `lines` holds the text in every state but unreadable (there it may hold a best guess for a
// developer, never for a decision). `confidence[r][c]` is the posterior probability of lines[r][c], 0 to 1.
struct MrzResult {
    MrzState state = MrzState::unreadable;
    MrzWhy why = MrzWhy::nothing_seen;
    MrzFormat format = MrzFormat::td3;
    std::vector<std::string> lines;
    std::vector<std::vector<float>> confidence;
    float lowest = 0;  // the smallest of all confidences
    int frames = 0;    // how many different frames agree
    Quad corners{};
    bool operator==(const MrzResult&) const = default;
};

}  // namespace paso
