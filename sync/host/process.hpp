// Child processes, shared memory, signals.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "sync/host/owned_fd.hpp"
#include "sync/net/network.hpp"

namespace paso {

struct ExitStatus {
    int code = 0;    // where signal is 0
    int signal = 0;  // the signal that ended it
    bool operator==(const ExitStatus&) const = default;
};

// A running program. It gets standard input from /dev/null, standard output and error of the parent, the descriptors
// of `inherit` under the numbers that are its keys, and no others. Destruction kills and reaps it.
class Child {
  public:
    // argv[0] is a path, or a name looked up in PATH. Errors: "child.start".
    [[nodiscard]] static Result<Child> spawn(boost::asio::io_context& context, const std::vector<std::string>& argv,
                                             const std::map<int, int>& inherit);
    ~Child();
    Child(Child&&) noexcept;
    Child& operator=(Child&&) noexcept;
    // Resumes when it has ended; may be awaited again. Errors: "child.wait".
    Async<Result<ExitStatus>> wait();
    void terminate();  // SIGTERM
    void kill();       // SIGKILL
    [[nodiscard]] int pid() const;
    struct State;

  private:
    explicit Child(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

// Anonymous memory that two processes share (memfd). Its size is sealed.
class SharedMemory {
  public:
    [[nodiscard]] static Result<SharedMemory> create(std::size_t size);  // errors: "memory.create"
    // What was inherited. Errors: "memory.map" (not a sealed memfd, smaller than `least`).
    [[nodiscard]] static Result<SharedMemory> open(OwnedFd fd, std::size_t least);
    ~SharedMemory();
    SharedMemory(SharedMemory&& other) noexcept;
    SharedMemory& operator=(SharedMemory&& other) noexcept;
    [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }
    [[nodiscard]] int fd() const { return fd_.get(); }  // to inherit

  private:
    SharedMemory(OwnedFd fd, std::span<std::byte> bytes) : fd_(std::move(fd)), bytes_(bytes) {}
    OwnedFd fd_;
    std::span<std::byte> bytes_;
};

// Runs the context on this thread. The first SIGTERM or SIGINT calls `stop`, which should let the work end; a second
// one stops the context at once. Returns when no work is left. SIGPIPE is ignored.
void run_until_signal(boost::asio::io_context& context, std::function<void()> stop);

}  // namespace paso
