#include "tests/bench/mrz/tesseract.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "core/mrz/reading.hpp"

namespace paso::bench {
namespace {

double children_ms() {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    const auto ms = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
    };
    return ms(used.ru_utime) + ms(used.ru_stime);
}

// The characters of a line that are of the MRZ alphabet, when they make a row of an MRZ.
std::optional<std::string> row_of(const std::string& line) {
    std::string out;
    for (const char c : line) {
        if (mrz_class(c) >= 0) out.push_back(c);
    }
    if (out.size() == 30 || out.size() == 36 || out.size() == 44) return out;
    return std::nullopt;
}

}  // namespace

std::optional<OtherReading> run_tesseract(const Frame& frame, const std::string& model) {
    const std::string base = "/tmp/paso-bench-" + std::to_string(getpid());
    {
        std::ofstream out(base + ".pgm", std::ios::binary);
        out << "P5\n" << frame.width() << " " << frame.height() << "\n255\n";
        out.write(reinterpret_cast<const char*>(frame.luma().data()),
                  static_cast<std::streamsize>(frame.luma().size()));
    }
    const double before = children_ms();
    const std::string command =
        "OMP_THREAD_LIMIT=1 tesseract " + base + ".pgm " + base + " -l " + model + " 2>/dev/null";
    const int code = std::system(command.c_str());
    OtherReading reading;
    reading.cpu_ms = children_ms() - before;
    std::ifstream in(base + ".txt");
    for (std::string line; std::getline(in, line);) {
        if (const auto row = row_of(line)) reading.lines.push_back(*row);
    }
    std::remove((base + ".pgm").c_str());
    std::remove((base + ".txt").c_str());
    if (code != 0) return std::nullopt;
    return reading;
}

}  // namespace paso::bench
