// paso-faulty-decoder: a decoding process whose decoder does what the picture says (faults.hpp), behind the real loop
// and the real limits. With the word `parent` it is the parent of such a process instead, and shows it a picture that
// makes it compute without end; with `loose` it is a decoding process without limits, which closes its socket.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "devices/decoder/decoder_process.hpp"
#include "devices/decoder/decoder_worker.hpp"
#include "tests/unit/devices/decoder/faults.hpp"

using namespace paso;
using paso::testing::Fault;

namespace {

std::uint64_t question = 0;  // of the frame that is being looked at
std::string surroundings;    // descriptors and variables at the start

[[noreturn]] void spin() {
    volatile std::uint64_t i = 0;
    for (;;) i = i + 1;
}
void segfault() {
    void* page = ::mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *static_cast<volatile char*>(page) = 1;
}
[[noreturn]] void wait() {
    std::array<std::byte, 16> nothing{};
    for (;;) ::recv(decoder_socket, nothing.data(), nothing.size(), 0);
}
bool say(ByteView packet) { return ::send(decoder_socket, packet.data(), packet.size(), MSG_NOSIGNAL) >= 0; }

BarcodeReading reading(const Frame& frame, Bytes bytes) {
    return {Symbology::aztec, '3', std::move(bytes), {Point{1, 2}, {3, 4}, {5, 6}, {7, 8}}, frame.sequence(),
            frame.captured()};
}
FrameSymbols good(const Frame& frame) {
    Bytes sum;
    for (const unsigned shift : {56U, 48U, 40U, 32U, 24U, 16U, 8U, 0U}) {
        sum.push_back(static_cast<std::byte>(paso::testing::sum_of(frame) >> shift));
    }
    return {{reading(frame, sum)}};
}

// The errno of each try, 0 where it worked.
Bytes escape() {
    Bytes out;
    const auto tried = [&out](auto result) { out.push_back(static_cast<std::byte>(result < 0 ? errno : 0)); };
    const auto mapped = [](void* at) { return at == MAP_FAILED ? -1 : 0; };
    std::array<char*, 2> words{nullptr, nullptr};
    tried(::open("/etc/hostname", O_RDONLY));
    tried(::socket(AF_UNIX, SOCK_STREAM, 0));
    tried(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    tried(::execve("/bin/true", words.data(), words.data()));
    tried(::kill(1, 0));
    tried(::syscall(SYS_tgkill, 1, 1, 0));
    tried(::memfd_create("more", 0));
    tried(::dup(decoder_socket));
    tried(::write(1, "x", 1));
    tried(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
    tried(::ftruncate(decoder_memory, 0));
    tried(mapped(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
    void* plain = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    tried(::mprotect(plain, 4096, PROT_READ | PROT_EXEC));
    tried(mapped(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, decoder_memory, 0)));
    return out;
}

Bytes share() {
    std::uint64_t mb = 0;
    while (::mmap(nullptr, 1U << 20U, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) ++mb;
    return to_bytes(as_bytes(std::to_string(mb)));
}

FrameSymbols damaged(const Frame& frame, std::uint64_t number, bool hand_held) {
    BarcodeReading r = reading(frame, {});
    r.frame = number;
    if (hand_held) r.symbology = Symbology::other;
    return {{r}};
}

FrameSymbols decode(const Frame& frame) {
    ++question;
    Bytes reply = encode_reply(question, good(frame));
    switch (static_cast<Fault>(frame.luma()[0])) {
        case Fault::none:
            return good(frame);
        case Fault::spin:
            spin();
        case Fault::wait:
            wait();
        case Fault::segfault:
            segfault();
            break;
        case Fault::aborts:
            std::abort();
        case Fault::exits:
            ::_exit(0);
        case Fault::allocates:
            for (;;) {
                constexpr std::size_t piece = std::size_t{16} << 20U;
                std::memset(::operator new(piece), 1, piece);
            }
        case Fault::throws:
            throw std::runtime_error("strange pixels");
        case Fault::half_reply:
            say(ByteView{reply}.first(reply.size() / 2));
            wait();
        case Fault::garbage:
            for (std::size_t i = 0; i < reply.size(); ++i) reply[i] = static_cast<std::byte>(i * 131 + 17);
            say(reply);
            wait();
        case Fault::long_reply:
            reply.resize(most_reply + 1);
            say(reply);
            wait();
        case Fault::endless_reply:
            reply.resize(most_reply / 4);
            while (say(reply)) {
            }
            wait();
        case Fault::closes:
            ::shutdown(decoder_socket, SHUT_RDWR);
            spin();
        case Fault::other_question:
            say(encode_reply(question - 1, good(frame)));
            wait();
        case Fault::other_frame:
            return damaged(frame, frame.sequence() + 1, false);
        case Fault::hand_held:
            return damaged(frame, frame.sequence(), true);
        case Fault::says_more:
            say(reply);
            return good(frame);
        case Fault::dies_later:
            say(reply);
            ::_exit(0);
        case Fault::escape:
            return {{reading(frame, escape())}};
        case Fault::shares:
            return {{reading(frame, share())}};
        case Fault::surroundings:
            return {{reading(frame, to_bytes(as_bytes(surroundings)))}};
    }
    return {};
}

std::string look_around() {
    std::string out;
    std::vector<int> open;
    for (int fd = 0; fd < 1000; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0) open.push_back(fd);
    }
    for (const int fd : open) {
        std::error_code none;
        const auto target = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), none);
        out += std::to_string(fd) + " " + target.string() + "\n";
    }
    for (char** variable = environ; *variable != nullptr; ++variable) out += std::string{*variable} + "\n";
    return out;
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && arguments[1] == std::string_view{"parent"}) {
        DecoderProcess decoder({{arguments[0]}, std::chrono::hours{1}});
        return decoder.read(paso::testing::picture(Fault::spin)) ? 0 : 1;
    }
    if (count == 2 && arguments[1] == std::string_view{"loose"}) {
        say(encode_reply(0, {}));
        std::array<std::byte, 256> asked{};
        if (::recv(decoder_socket, asked.data(), asked.size(), 0) <= 0 || ::close(decoder_socket) != 0) return 1;
        spin();
    }
    surroundings = look_around();
    serve_decoder(decode);
}
