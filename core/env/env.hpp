// The world as Paso sees it: time, chance and files come in by constructor as an Env&, so that a whole station and a
// centre can run in one thread under a simulated clock. Real implementations live in sync/host, simulated ones in
// tests/simulation. Interfaces only; no other core room uses this one.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace paso {

class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual MonoTime mono() const = 0;
    [[nodiscard]] virtual WallTime wall() const = 0;
    [[nodiscard]] virtual ClockState state() const = 0;
    // The only timer. Calls `then` once at or after `deadline` on the clock's own executor, never from inside this
    // call. Returns a ticket for cancel().
    virtual std::uint64_t wait_until(MonoTime deadline, std::function<void()> then) = 0;
    // True when the wait was still open; its `then` is destroyed and will not be called.
    virtual bool cancel(std::uint64_t ticket) = 0;
};

class Entropy {
  public:
    virtual ~Entropy() = default;
    // Fills with bytes fit for keys and salts.
    virtual void fill(std::span<std::byte> out) = 0;
};

// Whole small files: configuration, packs, keys. Paths are absolute or relative to the program's directory.
class Files {
  public:
    virtual ~Files() = default;
    // Errors: "file.missing", "file.too_large" (over `limit` bytes), "file.unreadable".
    [[nodiscard]] virtual Result<Bytes> read(const std::string& path, std::size_t limit) = 0;
    // Writes beside it, fsyncs, renames over, fsyncs the folder: after a power cut either the old or the new file is
    // there, whole. `secret` files get mode 0600. Errors: "file.full", "file.unwritable".
    [[nodiscard]] virtual Status replace(const std::string& path, ByteView content, bool secret) = 0;
};

struct Env {
    Clock& clock;
    Entropy& entropy;
    Files& files;
};

// One typed field of a log line. There is no way to pass a free string of unknown origin: text fields are string
// literals or the fixed names of enumerations.
struct LogField {
    std::string_view name;
    std::variant<std::int64_t, double, bool, std::string_view> value;
};

enum class LogLevel : std::uint8_t { info, warning, error };

class Log {
  public:
    virtual ~Log() = default;
    // `code` is a stable name such as "uplink.connected"; never a sentence made of data.
    virtual void write(LogLevel level, std::string_view code, std::initializer_list<LogField> fields) = 0;
};

// Counters and gauges by fixed name, for /metrics.
class Metrics {
  public:
    virtual ~Metrics() = default;
    virtual void add(std::string_view counter, std::int64_t by) = 0;
    virtual void set(std::string_view gauge, double value) = 0;
};

}  // namespace paso
