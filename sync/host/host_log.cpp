#include "sync/host/host_log.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <cmath>

namespace paso {

namespace {

void append_text(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (u < 0x20 || u > 0x7e) {
            static constexpr std::string_view digits = "0123456789abcdef";
            out += "\\u00";
            out += digits[u >> 4U];
            out += digits[u & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_value(std::string& out, const std::variant<std::int64_t, double, bool, std::string_view>& value) {
    if (const auto* i = std::get_if<std::int64_t>(&value)) {
        out += std::to_string(*i);
    } else if (const auto* b = std::get_if<bool>(&value)) {
        out += *b ? "true" : "false";
    } else if (const auto* t = std::get_if<std::string_view>(&value)) {
        append_text(out, *t);
    } else if (const double d = std::get<double>(value); std::isfinite(d)) {
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), d).ptr;
        out.append(text.data(), end);
    } else {
        out += "null";
    }
}

std::string_view level_name(LogLevel level) {
    switch (level) {
        case LogLevel::info:
            return "info";
        case LogLevel::warning:
            return "warning";
        case LogLevel::error:
            return "error";
    }
    return "error";
}

}  // namespace

std::string log_line(WallTime time, std::string_view program, LogLevel level, std::string_view code,
                     std::initializer_list<LogField> fields) {
    std::string line = "{\"time\":\"" + time.iso() + "\",\"program\":";
    append_text(line, program);
    line += ",\"level\":\"";
    line += level_name(level);
    line += "\",\"code\":";
    append_text(line, code);
    for (const LogField& f : fields) {
        line += ',';
        append_text(line, f.name);
        line += ':';
        append_value(line, f.value);
    }
    return line + "}";
}

void HostLog::write(LogLevel level, std::string_view code, std::initializer_list<LogField> fields) {
    const std::string line = log_line(clock_.wall(), program_, level, code, fields) + "\n";
    // A log that cannot be written has nowhere to say so.
    if (::write(fd_, line.data(), line.size()) < 0) return;
}

}  // namespace paso
