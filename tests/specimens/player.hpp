// The live camera: a scene that obeys commands, and its way into the socket of paso-devices' pipe camera.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/specimens/scene.hpp"

namespace paso {

// What a line of text may order: a name of the table (with or without a seed), "seed N" (the specimens that follow
// come from N; 0: the fixed ones), "remove", "list", "quit". Answers are for people.
class Director {
  public:
    Director(const SceneOptions& options, Date today, const Typefaces& faces);
    struct Answer {
        std::string text;
        bool quit = false;
    };
    [[nodiscard]] Answer order(std::string_view line);
    [[nodiscard]] Scene& scene() { return scene_; }

  private:
    [[nodiscard]] Answer lay(std::string_view name, std::uint64_t seed);
    Scene scene_;
    Date today_;
    const Typefaces* faces_;
    std::uint64_t seed_ = 0;
};

// The table as `paso-specimen list` prints it.
[[nodiscard]] std::string specimen_table();

struct PlayerOptions {
    std::string socket;                  // where the pipe camera listens
    std::optional<std::string> control;  // where this program listens for lines
    double frames_per_second = 12;
    bool end_with_input = true;  // whether the end of standard input ends the program
};

// Plays until "quit", SIGTERM, SIGINT or the end of standard input. Connects again when the driver goes away.
// YUV4MPEG2, C420jpeg. Errors: "specimen.control" (the control socket cannot be made).
[[nodiscard]] Status run_player(Director& director, const PlayerOptions& options);
// Sends one line to the control socket of a running player and returns its answer.
[[nodiscard]] Result<std::string> tell_player(const std::string& control, std::string_view line);

// The parts of the stream, for tests.
[[nodiscard]] std::string y4m_header(const SceneOptions& options);

}  // namespace paso
