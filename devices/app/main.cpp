// paso-devices: started by paso-kiosk with one end of a socket pair and the memory of the preview.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>

#include "devices/app/app.hpp"

namespace {

int run(const std::string& path, int link_fd, int preview_fd, bool check_only) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        std::fprintf(stderr, "paso-devices: config.missing_file: %s\n", path.c_str());
        return 1;
    }
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto config = paso::parse_devices_config(text);
    if (!config) {
        std::fprintf(stderr, "paso-devices: %s\n", paso::describe(config.error()).c_str());
        return 1;
    }
    for (const std::string& warning : config->warnings)
        std::fprintf(stderr, "paso-devices: warning: %s\n", warning.c_str());
    if (check_only) {
        std::printf("paso-devices: %s is sound\n", path.c_str());
        return 0;
    }
    if (link_fd < 0) {
        std::fprintf(stderr, "paso-devices: --link-fd is needed: this program is started by paso-kiosk\n");
        return 2;
    }
    if (const paso::Status status = paso::run_devices(*config, link_fd, preview_fd); !status) {
        std::fprintf(stderr, "paso-devices: %s\n", paso::describe(status.error()).c_str());
        return 1;
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && arguments[1] == paso::decoder_word) paso::run_decoder();
    CLI::App app{"Camera, scanner and their readers for paso-kiosk. It has no network and no keys.", "paso-devices"};
    std::string config;
    int link_fd = -1;
    int preview_fd = -1;
    bool check_only = false;
    app.set_version_flag("--version", std::string{"paso-devices "} + PASO_VERSION);
    app.add_option("--config", config, "configuration file (TOML)")->required();
    app.add_option("--link-fd", link_fd, "descriptor of the link to the kiosk");
    app.add_option("--preview-fd", preview_fd, "descriptor of the preview's shared memory");
    app.add_flag("--check-config", check_only, "read the configuration, say what is wrong, and end");
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    try {
        return run(config, link_fd, preview_fd, check_only);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "paso-devices: %s\n", e.what());
        return 1;
    }
}
