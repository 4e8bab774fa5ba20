#include "sync/config/program.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "core/env/env.hpp"

namespace paso {

int run_program(int count, const char* const* arguments, std::string_view program, std::string_view purpose,
                const std::function<Status(const ProgramCall&)>& serve) {
    CLI::App app{std::string{purpose}, std::string{program}};
    ProgramCall call;
    app.set_version_flag("--version", std::string{program} + " " + PASO_VERSION);
    app.add_option("--config", call.config, "configuration file (TOML)")->required();
    app.add_flag("--check-config", call.check_only, "read the configuration, say what is wrong, and end");
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    const std::string name{program};
    try {
        if (const Status status = serve(call); !status) {
            std::fprintf(stderr, "%s: %s\n", name.c_str(), describe(status.error()).c_str());
            return 1;
        }
    } catch (const std::exception& e) {  // a bug, or a machine that cannot run us
        std::fprintf(stderr, "%s: %s\n", name.c_str(), e.what());
        return 1;
    }
    if (call.check_only) std::printf("%s: %s is sound\n", name.c_str(), call.config.c_str());
    return 0;
}

Result<std::string> read_config(Files& files, const std::string& path) {
    const auto bytes = files.read(path, 1UL << 20U);
    if (!bytes) return fail(bytes.error().code, path);
    return std::string{as_text(*bytes)};
}

}  // namespace paso
