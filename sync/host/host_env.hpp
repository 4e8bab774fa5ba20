// The real clock, entropy and files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "core/env/env.hpp"

namespace paso {

// Timers run on the given context. Its state is what tell() passed on last, which a comparison with a peer gave; before
// that it is sure where adjtimex says that the machine is synchronised. All calls may come from any thread.
class HostClock final : public Clock {
  public:
    explicit HostClock(boost::asio::io_context& context);
    ~HostClock() override;
    HostClock(const HostClock&) = delete;
    HostClock& operator=(const HostClock&) = delete;
    [[nodiscard]] MonoTime mono() const override;
    [[nodiscard]] WallTime wall() const override;
    [[nodiscard]] ClockState state() const override;
    std::uint64_t wait_until(MonoTime deadline, std::function<void()> then) override;
    bool cancel(std::uint64_t ticket) override;
    void tell(ClockState compared);  // by the uplink

  private:
    struct State;
    std::shared_ptr<State> state_;
};

class HostEntropy final : public Entropy {
  public:
    void fill(std::span<std::byte> out) override;  // getrandom; ends the program where the kernel has none
};

class HostFiles final : public Files {
  public:
    [[nodiscard]] Result<Bytes> read(const std::string& path, std::size_t limit) override;
    [[nodiscard]] Status replace(const std::string& path, ByteView content, bool secret) override;
};

struct HostEnv {
    explicit HostEnv(boost::asio::io_context& context) : clock(context) {}
    HostClock clock;
    HostEntropy entropy;
    HostFiles files;
    [[nodiscard]] Env env() { return {clock, entropy, files}; }
};

}  // namespace paso
