// What paso-devices does: camera and scanner in, readings, states and previews out over the link. Three threads: the
// camera's own, one that reads frames, one that makes previews; the calling thread listens to the kiosk. Ends when the
// kiosk goes. Symbols are decoded in a second process of the same program, so that a picture that breaks the decoder
// costs one frame.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "devices/camera/camera.hpp"
#include "devices/scanner/scanner.hpp"

namespace paso {

struct DevicesConfig {
    CameraConfig camera;
    std::optional<ScannerConfig> scanner;
    std::vector<std::string> warnings;  // what the configuration allows and its owner should know
};

// TOML: [camera] driver, path, width, height, rate, exposure, focus; [scanner] path, line (serial, hid, ssi, wedge),
// aim, gap_ms. Errors: "config.*" with line and column.
[[nodiscard]] Result<DevicesConfig> parse_devices_config(std::string_view text);

// Runs until the other end of `link_fd` closes. `preview_fd`: a memfd of link::preview_ring_bytes(), or -1 for no
// preview. Errors: "devices.preview", "camera.*".
[[nodiscard]] Status run_devices(const DevicesConfig& config, int link_fd, int preview_fd);

// The one word with which paso-devices starts itself as the decoding process, and what it then does.
inline constexpr std::string_view decoder_word = "decode-symbols";
[[noreturn]] void run_decoder();

}  // namespace paso
