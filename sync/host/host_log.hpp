// Log lines as JSON on a descriptor, one write a line: {"time":"...Z","level":"info","code":"...","fields..."}.
#pragma once

#include <string>

#include "core/env/env.hpp"

namespace paso {

class HostLog final : public Log {
  public:
    // `program` stands in each line; `fd` is standard error unless told.
    HostLog(const Clock& clock, std::string_view program, int fd = 2) : clock_(clock), program_(program), fd_(fd) {}
    void write(LogLevel level, std::string_view code, std::initializer_list<LogField> fields) override;

  private:
    const Clock& clock_;
    std::string program_;
    int fd_;
};

// The line without its newline.
[[nodiscard]] std::string log_line(WallTime time, std::string_view program, LogLevel level, std::string_view code,
                                   std::initializer_list<LogField> fields);

}  // namespace paso
