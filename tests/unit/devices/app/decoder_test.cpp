// The program as the kiosk starts it, before a folder camera that shows a symbol: its decoding process is ended and
// stopped from outside, and the readings go on.
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "devices/app/app.hpp"
#include "devices/decoder/confine.hpp"
#include "devices/link/messages.hpp"
#include "tests/specimens/picture_file.hpp"
#include "tests/specimens/symbol.hpp"
#include "tests/support/processes.hpp"

using namespace paso;
using namespace paso::testing;
using namespace std::chrono_literals;

namespace {

const Bytes payload = to_bytes(as_bytes("M1SPECIMEN/UTO       EABC123 UTOUTOPA 0001 330Y001A0001 100"));

// A grey card with the symbol, as a colour frame of 1280 x 720.
Frame card() {
    const auto symbol = draw_symbol(SymbolKind::qr, payload);
    REQUIRE(symbol);
    cv::Mat modules, luma(720, 1280, CV_8UC1, cv::Scalar(60));
    cv::resize(*symbol, modules, {}, 6, 6, cv::INTER_NEAREST);
    cv::Mat page = luma(cv::Rect(300, 100, 640, 520));
    page.setTo(cv::Scalar(225));
    modules.copyTo(page(cv::Rect(150, 100, modules.cols, modules.rows)));
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(luma.datastart, luma.dataend);
    pixels->resize(Frame::bytes_needed(1280, 720, true), 128);
    return {1280, 720, true, std::move(pixels), {}, 0};
}

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "paso-app-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() {
        std::error_code none;
        std::filesystem::remove_all(path, none);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    void put(const std::string& name, ByteView bytes) const {
        std::ofstream(path / name, std::ios::binary) << as_text(bytes);
    }
    std::filesystem::path path;
};

// paso-devices, and the kiosk's end of its link.
class Program {
  public:
    explicit Program(const Folder& folder) {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
        link_ = ends[0];
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], 20);
        std::vector<std::string> words{std::string{PASO_BIN_DIR} + "/paso-devices", "--config",
                                       (folder.path / "devices.toml").string(), "--link-fd", "20"};
        std::vector<char*> arguments;
        for (std::string& w : words) arguments.push_back(w.data());
        arguments.push_back(nullptr);
        REQUIRE(::posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ) == 0);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        const Bytes watch = link::encode(link::Watch{false, true, false});
        REQUIRE(::write(link_, watch.data(), watch.size()) == static_cast<ssize_t>(watch.size()));
    }
    ~Program() {
        if (pid > 0) ::kill(pid, SIGKILL);
        if (pid > 0) ::waitpid(pid, nullptr, 0);
        ::close(link_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // The next message of this kind that `wanted` takes.
    template <class M>
    std::optional<M> next(const std::function<bool(const M&)>& wanted) {
        const auto end = std::chrono::steady_clock::now() + 30s;
        std::array<std::byte, 4096> buffer{};
        while (std::chrono::steady_clock::now() < end) {
            while (const auto packet = deframer_.next()) {
                const auto message = link::decode(*packet);
                REQUIRE(message);
                if (const auto* m = std::get_if<M>(&*message); m != nullptr && wanted(*m)) return *m;
            }
            pollfd p{link_, POLLIN, 0};
            if (::poll(&p, 1, 100) <= 0) continue;
            const ssize_t n = ::recv(link_, buffer.data(), buffer.size(), 0);
            REQUIRE(n > 0);
            REQUIRE(deframer_.push(ByteView{buffer}.first(static_cast<std::size_t>(n))));
        }
        return std::nullopt;
    }
    std::optional<link::BarcodeSeen> reading(std::uint64_t after) {
        return next<link::BarcodeSeen>([after](const auto& seen) { return seen.reading.frame > after; });
    }
    std::optional<link::DeviceStatus> decoder(const std::function<bool(const link::DeviceStatus&)>& wanted) {
        return next<link::DeviceStatus>(
            [&](const auto& s) { return s.kind == link::DeviceKind::decoder && wanted(s); });
    }
    pid_t worker() {
        const auto all = children_of(pid);
        REQUIRE(all.size() == 1);
        return all[0];
    }
    int end() {
        ::shutdown(link_, SHUT_RDWR);
        int status = -1;
        REQUIRE(::waitpid(std::exchange(pid, -1), &status, 0) > 0);
        return status;
    }
    pid_t pid = -1;

  private:
    int link_ = -1;
    link::Deframer deframer_;
};

std::string command_line(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("the decoding process of paso-devices is killed and stopped from outside: readings go on") {
    const Folder folder;
    const auto png = png_file(card());
    REQUIRE(png);
    folder.put("card.png", *png);
    folder.put("devices.toml", as_bytes("[camera]\ndriver = \"folder\"\npath = \"" + folder.path.string() + "\"\n"));
    Program devices(folder);
    auto seen = devices.reading(0);
    REQUIRE(seen);
    CHECK(seen->reading.bytes == payload);
    CHECK(seen->reading.symbology == Symbology::qr);
    const pid_t first = devices.worker();
    CHECK(command_line(first) ==
          "/proc/self/exe" + std::string(1, '\0') + std::string{decoder_word} + std::string(1, '\0'));

    REQUIRE(::kill(first, SIGKILL) == 0);
    seen = devices.reading(seen->reading.frame + 1);
    REQUIRE(seen);
    CHECK(seen->reading.bytes == payload);
    const pid_t second = devices.worker();
    CHECK(second != first);
    const auto killed = devices.decoder([](const auto& s) { return s.state == link::DeviceState::live; });
    REQUIRE(killed);
    CHECK(killed->dropped <= 1);  // none where it was killed between two frames

    REQUIRE(::kill(second, SIGSTOP) == 0);
    const auto hung = devices.decoder([](const auto& s) { return !s.reason.empty(); });
    REQUIRE(hung);
    CHECK(hung->reason == "decoder.hung");
    CHECK(hung->state == link::DeviceState::stalled);
    CHECK(hung->dropped == killed->dropped + 1);
    const auto again = devices.decoder([](const auto& s) { return s.state == link::DeviceState::live; });
    REQUIRE(again);
    CHECK(again->total > hung->total);
    CHECK(again->reason.empty());
    if (!sanitized) CHECK(again->dropped == hung->dropped);  // the next frame was read
    seen = devices.reading(seen->reading.frame + 1);
    REQUIRE(seen);
    CHECK(seen->reading.bytes == payload);
    const pid_t third = devices.worker();
    CHECK(third != second);

    CHECK(devices.end() == 0);
    CHECK_FALSE(process_line(third));
}

TEST_CASE("the word of the decoding process does nothing for anyone else") {
    std::string program = std::string{PASO_BIN_DIR} + "/paso-devices", word{decoder_word};
    std::vector<char*> arguments{program.data(), word.data(), nullptr};
    pid_t pid = -1;
    REQUIRE(::posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments.data(), environ) == 0);
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) != 0);
}
