#include "devices/decoder/decoder_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <span>
#include <utility>

#include "devices/decoder/confine.hpp"
#include "devices/decoder/decoder_worker.hpp"

namespace paso {
namespace {

constexpr std::chrono::milliseconds first_rest{50};
constexpr int socket_memory = 256 << 10;  // a whole reply fits

MonoTime mono_now() { return {std::chrono::steady_clock::now().time_since_epoch().count()}; }

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;
    [[nodiscard]] int get() const { return fd_; }

  private:
    int fd_;
};

// Another number for it, above those that a child is given: dup2 must not overwrite what it copies next.
Descriptor high(int fd) { return Descriptor{::fcntl(fd, F_DUPFD_CLOEXEC, decoder_memory + 1)}; }

// Readable, or closed by the other end, before `until`.
bool wait_for(int fd, MonoTime until) {
    for (;;) {
        // Rounded up: a time of zero would poll in a circle until the last millisecond is over.
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - mono_now()).count();
        pollfd p{fd, POLLIN, 0};
        const int ready = ::poll(&p, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
        if (ready > 0) return true;
        if (left <= 0) return false;
    }
}

}  // namespace

// The memory of one frame. Its size is sealed, and only the mapping made here may be written to.
class DecoderProcess::Pixels {
  public:
    [[nodiscard]] static std::unique_ptr<Pixels> create() {
        Descriptor fd{::memfd_create("paso-frame", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
        if (fd.get() < 0 || ::ftruncate(fd.get(), static_cast<off_t>(decoder_pixels)) != 0) return nullptr;
        void* at = ::mmap(nullptr, decoder_pixels, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
        if (at == MAP_FAILED) return nullptr;
        auto pixels = std::unique_ptr<Pixels>(new Pixels(std::move(fd), static_cast<std::uint8_t*>(at)));
        constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;
        if (::fcntl(pixels->fd(), F_ADD_SEALS, seals) != 0) return nullptr;
        return pixels;
    }
    ~Pixels() { ::munmap(at_, decoder_pixels); }
    Pixels(const Pixels&) = delete;
    Pixels& operator=(const Pixels&) = delete;
    void put(std::span<const std::uint8_t> luma) { std::memcpy(at_, luma.data(), luma.size()); }
    [[nodiscard]] int fd() const { return fd_.get(); }

  private:
    Pixels(Descriptor fd, std::uint8_t* at) : fd_(std::move(fd)), at_(at) {}
    Descriptor fd_;
    std::uint8_t* at_;
};

// A running process and our end of its socket. It never outlives this object.
class DecoderProcess::Worker {
  public:
    Worker(pid_t pid, Descriptor socket) : pid_(pid), socket_(std::move(socket)) {}
    ~Worker() { end(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Kills it, unless it has ended by itself, and says how it ended.
    std::string_view end();
    [[nodiscard]] bool say(ByteView packet) const {
        const ssize_t n = ::send(socket_.get(), packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return n == static_cast<ssize_t>(packet.size());
    }
    // One packet, good until the next call. Errors: "decoder.hung" (none before `until`), "decoder.died".
    [[nodiscard]] Result<ByteView> hear(MonoTime until);
    // Has said something that nobody asked for, or is gone.
    [[nodiscard]] bool stirs() const { return wait_for(socket_.get(), {}); }
    [[nodiscard]] bool ready() const { return ready_; }
    void set_ready() { ready_ = true; }
    [[nodiscard]] std::uint64_t next_question() { return ++questions_; }
    [[nodiscard]] Duration age() const { return mono_now() - started_; }

  private:
    pid_t pid_;
    Descriptor socket_;
    MonoTime started_ = mono_now();
    bool ready_ = false;
    std::uint64_t questions_ = 0;
    Bytes packet_ = Bytes(most_reply + 1);  // one more: a longer one is seen to be longer
};

std::string_view DecoderProcess::Worker::end() {
    if (pid_ < 0) return {};
    ::kill(pid_, SIGKILL);  // to one that is ending already it makes no difference
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (!WIFEXITED(status)) return "decoder.died";
    switch (static_cast<DecoderExit>(WEXITSTATUS(status))) {
        case DecoderExit::no_memory:
            return "decoder.memory";
        case DecoderExit::threw:
            return "decoder.threw";
        case DecoderExit::no_confinement:
            return "decoder.start";
        case DecoderExit::parent_gone:
        case DecoderExit::no_question:
            break;
    }
    return "decoder.died";
}

Result<ByteView> DecoderProcess::Worker::hear(MonoTime until) {
    if (!wait_for(socket_.get(), until)) return fail("decoder.hung");
    const ssize_t n = ::recv(socket_.get(), packet_.data(), packet_.size(), MSG_DONTWAIT);
    if (n <= 0) return fail("decoder.died");
    return ByteView{packet_}.first(static_cast<std::size_t>(n));
}

namespace {

// The child's descriptors: its socket, the memory, and nothing where the first three are; all others are closed.
class ChildFiles {
  public:
    ChildFiles(int socket, int memory) {
        ::posix_spawn_file_actions_init(&actions_);
        // A sanitizer tells what it found on the third.
        for (int fd = 0; fd < (sanitized ? 2 : 3); ++fd) {
            add(::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0));
        }
        add(::posix_spawn_file_actions_adddup2(&actions_, socket, decoder_socket));
        add(::posix_spawn_file_actions_adddup2(&actions_, memory, decoder_memory));
        add(::posix_spawn_file_actions_addclosefrom_np(&actions_, decoder_memory + 1));
    }
    ~ChildFiles() { ::posix_spawn_file_actions_destroy(&actions_); }
    ChildFiles(const ChildFiles&) = delete;
    ChildFiles& operator=(const ChildFiles&) = delete;
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return good_ ? &actions_ : nullptr; }

  private:
    void add(int error) { good_ = good_ && error == 0; }
    posix_spawn_file_actions_t actions_{};
    bool good_ = true;
};

// Nothing; in a sanitizer's build what it was told, and the limit that it keeps in place of RLIMIT_AS. It holds freed
// memory back and needs a fourth of it more as shadow, so it is given more.
std::vector<std::string> child_environment() {
    if constexpr (!sanitized) return {};
    const char* told = std::getenv("ASAN_OPTIONS");
    return {"ASAN_OPTIONS=" + std::string{told == nullptr ? "" : told} +
            ":hard_rss_limit_mb=" + std::to_string(4 * decoder_address_space >> 20U)};
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out(words.size() + 1, nullptr);
    std::transform(words.begin(), words.end(), out.begin(), [](std::string& word) { return word.data(); });
    return out;
}

}  // namespace

Status DecoderProcess::start() {
    if (!pixels_) pixels_ = Pixels::create();
    std::array<int, 2> ends{-1, -1};
    if (!pixels_ || ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail("decoder.start", "no memory or no socket");
    }
    Descriptor ours{ends[0]};
    const Descriptor theirs{ends[1]};
    ::setsockopt(theirs.get(), SOL_SOCKET, SO_SNDBUF, &socket_memory, sizeof socket_memory);
    const Descriptor socket = high(theirs.get()), memory = high(pixels_->fd());
    const ChildFiles files(socket.get(), memory.get());
    std::vector<std::string> words = config_.command, environment = child_environment();
    pid_t pid = -1;
    if (words.empty() || files.get() == nullptr ||
        ::posix_spawn(&pid, words[0].c_str(), files.get(), nullptr, pointers(words).data(),
                      pointers(environment).data()) != 0) {
        return fail("decoder.start", "the program does not run");
    }
    worker_ = std::make_unique<Worker>(pid, std::move(ours));
    const std::scoped_lock lock(mutex_);
    ++status_.starts;
    return {};
}

// Ends the process; after a first failure the next one starts at once, so that it is ready for the next frame.
Error DecoderProcess::broken(std::string_view code) {
    if (worker_) {
        const std::string_view end = worker_->end();
        if (code == "decoder.died") code = end;
        worker_.reset();
    }
    ++failures_;
    if (failures_ > 1 || !start()) {
        const auto rest = first_rest * (1 << std::clamp(failures_ - 2, 0, 10));
        rest_until_ = mono_now() + std::min(rest, config_.longest_rest);
    }
    return {code, {}, {}};
}

Status DecoderProcess::be_ready() {
    // Between frames it has nothing to say: it is gone, or wild. No frame is lost by that.
    if (worker_ && worker_->ready() && worker_->stirs()) broken("decoder.died");
    if (!worker_) {
        if (mono_now() < rest_until_) return fail("decoder.rests");
        if (const Status s = start(); !s) return fail(broken(s.error().code));
    }
    if (worker_->ready()) return {};
    const auto packet = worker_->hear(mono_now() + config_.patience);
    if (packet) {
        if (!decode_reply(*packet, {})) return fail(broken("decoder.reply"));
        worker_->set_ready();
        return {};
    }
    const bool late = packet.error().code == "decoder.hung" && worker_->age() < config_.start_patience;
    return late ? fail("decoder.late") : fail(broken("decoder.start"));
}

Result<FrameSymbols> DecoderProcess::ask(const Frame& frame) {
    if (frame.luma().size() > decoder_pixels) return fail("decoder.frame");
    if (const Status s = be_ready(); !s) return fail(s.error());
    pixels_->put(frame.luma());
    const DecodeRequest q{worker_->next_question(), frame.sequence(), frame.captured(), frame.width(), frame.height()};
    if (!worker_->say(encode(q))) return fail(broken("decoder.died"));
    const auto packet = worker_->hear(mono_now() + config_.patience);
    if (!packet) return fail(broken(packet.error().code));
    auto symbols = decode_reply(*packet, q);
    if (!symbols) return fail(broken(symbols.error().code));
    failures_ = 0;
    return symbols;
}

DecoderProcess::DecoderProcess(DecoderConfig config) : config_(std::move(config)) {}
DecoderProcess::~DecoderProcess() = default;

Result<FrameSymbols> DecoderProcess::read(const Frame& frame) {
    if (frame.empty()) return FrameSymbols{};
    auto symbols = ask(frame);
    const std::scoped_lock lock(mutex_);
    status_.reason = symbols ? std::string_view{} : symbols.error().code;
    if (symbols) {
        ++status_.frames;
        status_.newest = mono_now();
    } else {
        ++status_.lost;
    }
    return symbols;
}

DecoderStatus DecoderProcess::status() const {
    const std::scoped_lock lock(mutex_);
    return status_;
}

}  // namespace paso
