// Decoding in a process of its own, under a watchdog: whatever a hostile picture does to a decoder costs that frame and
// nothing else. The process is this program or another one that calls serve_decoder(); it is started when it is first
// needed, killed when it hangs, answers wildly or has died, and started again for as long as this object lives. Nothing
// that it says is believed unless it is well formed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "devices/decoder/messages.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

struct DecoderConfig {
    std::vector<std::string> command;                // a path and its words; it runs with no environment
    std::chrono::milliseconds patience{400};         // for one frame
    std::chrono::milliseconds start_patience{5000};  // until it says that it is ready
    std::chrono::milliseconds longest_rest{1000};    // between starts, when one fails after the other
};

struct DecoderStatus {
    std::string_view reason;   // why the newest frame was lost; "" when it was read
    std::uint64_t frames = 0;  // read
    std::uint64_t lost = 0;
    std::uint64_t starts = 0;
    MonoTime newest{};  // when the newest frame was read; 0: none yet
};

class DecoderProcess {
  public:
    explicit DecoderProcess(DecoderConfig config);
    ~DecoderProcess();  // kills the process and waits for its end
    DecoderProcess(const DecoderProcess&) = delete;
    DecoderProcess& operator=(const DecoderProcess&) = delete;

    // Hands over the luma and waits `patience` at most; a process that is still starting is waited for as long before.
    // From one thread only, and it must outlive the process, which dies with the thread that started it.
    // Errors, each of them one lost frame: "decoder.hung" (killed after `patience`), "decoder.died", "decoder.memory"
    // (its limit), "decoder.threw", "decoder.reply" (what it said makes no sense), "decoder.start" (it cannot be
    // started or confined), "decoder.late" (still starting), "decoder.rests" (failed again and again; tried again
    // within `longest_rest`), "decoder.frame" (more pixels than decoder_pixels).
    [[nodiscard]] Result<FrameSymbols> read(const Frame& frame);

    [[nodiscard]] DecoderStatus status() const;  // from any thread

  private:
    class Worker;
    class Pixels;
    [[nodiscard]] Status start();
    [[nodiscard]] Status be_ready();
    [[nodiscard]] Result<FrameSymbols> ask(const Frame& frame);
    Error broken(std::string_view code);
    DecoderConfig config_;
    std::unique_ptr<Pixels> pixels_;
    std::unique_ptr<Worker> worker_;
    int failures_ = 0;  // in a row
    MonoTime rest_until_{};
    mutable std::mutex mutex_;
    DecoderStatus status_;
};

}  // namespace paso
