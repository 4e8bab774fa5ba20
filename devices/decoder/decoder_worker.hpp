// The decoding process itself: looks at frames that lie in memory it may only read, and answers. It is started by
// DecoderProcess alone, which hands it the two descriptors.
#pragma once

#include <cstddef>
#include <functional>

#include "devices/decoder/messages.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

inline constexpr int decoder_socket = 3;                   // a sequenced-packet socket, one packet a message
inline constexpr int decoder_memory = 4;                   // a sealed memfd of decoder_pixels bytes
inline constexpr std::size_t decoder_pixels = 64'000'000;  // of the largest frame, as devices/picture allows
// Of the process. 1080p frames were seen to need 127 MB at most, 12 megapixels 146 and the largest 194, of which 61 are
// the shared memory (paso-bench-barcode --hand-over).
inline constexpr std::size_t decoder_address_space = std::size_t{384} << 20U;

// How a decoding process ends by itself, as its exit status.
enum class DecoderExit : int { parent_gone = 0, no_confinement = 64, no_memory = 65, threw = 66, no_question = 67 };

using DecodeFrame = std::function<FrameSymbols(const Frame&)>;

// Confines the process, says that it is ready, and answers until the parent is gone; does not return. Memory that
// cannot be had ends it, as does an exception of `decode`: who has failed once is not asked again.
[[noreturn]] void serve_decoder(const DecodeFrame& decode);

}  // namespace paso
