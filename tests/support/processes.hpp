// Processes as Linux shows them in /proc: whose child is whose, and what a process holds.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace paso::testing {

struct ProcessLine {
    char state = '?';  // 'Z': ended and not waited for
    pid_t parent = -1;
};

inline std::optional<ProcessLine> process_line(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    const std::string line{std::istreambuf_iterator<char>(in), {}};
    const auto name_end = line.rfind(')');  // a name may hold spaces and brackets
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(line.substr(name_end + 1));
    ProcessLine out;
    rest >> out.state >> out.parent;
    return out;
}

// Zombies too.
inline std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> out;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size()) continue;
        const auto line = process_line(pid);
        if (line && line->parent == parent) out.push_back(pid);
    }
    return out;
}

inline std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Pages of this process: mapped in all, and resident.
struct Pages {
    std::size_t mapped = 0;
    std::size_t resident = 0;
};
inline Pages pages() {
    std::ifstream in("/proc/self/statm");
    Pages p;
    in >> p.mapped >> p.resident;
    return p;
}

}  // namespace paso::testing
