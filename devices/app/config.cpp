#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/encoding/toml_guard.hpp"
#include "devices/app/app.hpp"

namespace paso {
namespace {

Place place_of(const toml::node& node) {
    return {.line = node.source().begin.line, .column = node.source().begin.column};
}

Status only(const toml::table& table, std::initializer_list<std::string_view> keys) {
    for (const auto& [key, node] : table) {
        if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
            return fail("config.unknown", std::string{key.str()} + " is no setting of this program", place_of(node));
        }
    }
    return {};
}

template <class T>
Status read(const toml::table& table, std::string_view key, T& into, bool needed) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
        if (needed) return fail("config.missing", std::string{key} + " is needed", place_of(table));
        return {};
    }
    const auto value = node->value_exact<std::conditional_t<std::is_same_v<T, int>, std::int64_t, T>>();
    if (!value) return fail("config.type", std::string{key} + " has another type", place_of(*node));
    if constexpr (std::is_same_v<T, int>) {
        if (*value < -1 || *value > 100'000)
            return fail("config.value", std::string{key} + " is out of range", place_of(*node));
        into = static_cast<int>(*value);
    } else {
        into = *value;
    }
    return {};
}

Status read_camera(const toml::table& t, CameraConfig& c) {
    const Status steps[] = {only(t, {"driver", "path", "width", "height", "rate", "loop", "exposure", "focus"}),
                            read(t, "driver", c.driver, true),
                            read(t, "path", c.path, true),
                            read(t, "width", c.width, false),
                            read(t, "height", c.height, false),
                            read(t, "rate", c.rate, false),
                            read(t, "loop", c.loop, false),
                            read(t, "exposure", c.exposure, false),
                            read(t, "focus", c.focus, false)};
    for (const Status& s : steps) {
        if (!s) return s;
    }
    return {};
}

std::optional<ScannerLine> scanner_line(std::string_view name) {
    if (name == "serial") return ScannerLine::serial;
    if (name == "hid") return ScannerLine::hid;
    if (name == "ssi") return ScannerLine::ssi;
    if (name == "wedge") return ScannerLine::wedge;
    return std::nullopt;
}

}  // namespace

Result<DevicesConfig> parse_devices_config(std::string_view text) {
    if (const Status s = check_toml_characters(text); !s)
        return fail("config.syntax", s.error().detail, s.error().place);
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const auto& at = parsed.error().source().begin;
        return fail("config.syntax", std::string{parsed.error().description()}, {.line = at.line, .column = at.column});
    }
    const toml::table& table = parsed.table();
    if (const Status s = only(table, {"camera", "scanner"}); !s) return fail(s.error());
    DevicesConfig config;
    const toml::table* camera = table["camera"].as_table();
    if (camera == nullptr) return fail("config.missing", "[camera] is needed", place_of(table));
    if (const Status s = read_camera(*camera, config.camera); !s) return fail(s.error());
    if (const toml::table* scanner = table["scanner"].as_table()) {
        ScannerConfig c;
        if (const Status s = only(*scanner, {"path", "aim", "gap_ms", "line"}); !s) return fail(s.error());
        int gap = 40;
        std::string line = "serial";
        for (const Status& s : {read(*scanner, "path", c.path, true), read(*scanner, "aim", c.aim_prefix, false),
                                read(*scanner, "gap_ms", gap, false), read(*scanner, "line", line, false)}) {
            if (!s) return fail(s.error());
        }
        const auto kind = scanner_line(line);
        if (!kind) {
            return fail("config.value", "line is serial, hid, ssi or wedge", place_of(*scanner->get("line")));
        }
        c.line = *kind;
        if (c.line == ScannerLine::wedge) {
            config.warnings.push_back(
                "config.wedge: a keyboard wedge cannot carry binary payloads such as seals; boarding passes alone are "
                "read from it");
        }
        c.gap = std::chrono::milliseconds{gap};
        config.scanner = std::move(c);
    }
    return config;
}

}  // namespace paso
