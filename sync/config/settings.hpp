// Settings: a program's TOML file, read with errors that name the key and the line. Keys that nobody asked for are
// errors too: a misspelt key must not be silence.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/trust/digest.hpp"

namespace paso {

class Settings {
  public:
    // Errors: "config.syntax" (line, column).
    [[nodiscard]] static Result<Settings> parse(std::string_view text);
    ~Settings();
    Settings(Settings&&) noexcept;
    Settings& operator=(Settings&&) noexcept;

    // Values by dotted name ("pages.listen"). The first error is kept and given by finish(); until then a missing or
    // wrong value reads as empty, so that a reader is a list of lines.
    [[nodiscard]] std::string text(std::string_view key);
    [[nodiscard]] std::string text_or(std::string_view key, std::string_view otherwise);
    [[nodiscard]] std::int64_t number_or(std::string_view key, std::int64_t otherwise);
    [[nodiscard]] bool flag_or(std::string_view key, bool otherwise);
    [[nodiscard]] std::vector<std::string> texts_or_none(std::string_view key);
    [[nodiscard]] bool has(std::string_view key) const;
    // The tables of [[name]], each read like a file of its own.
    void tables(std::string_view name, const std::function<void(Settings&)>& read);
    [[nodiscard]] StationId station(std::string_view key);
    [[nodiscard]] Ed25519Key public_key(std::string_view key);  // 64 hexadecimal digits
    // "config.missing", "config.type", "config.value" or "config.unknown", with the key and its line.
    [[nodiscard]] Status finish();
    void refuse(std::string_view key, std::string why);  // "config.value"

  private:
    struct Body;
    explicit Settings(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace paso
