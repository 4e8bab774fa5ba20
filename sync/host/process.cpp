#include "sync/host/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <thread>

extern char** environ;

namespace paso {

struct Child::State {
    State(boost::asio::io_context& context, pid_t p) : ended(context, SIGCHLD), process(p) {}
    boost::asio::signal_set ended;
    pid_t process;
    std::optional<ExitStatus> status;

    // Looks without waiting. Errors: "child.wait".
    Result<bool> reap(int options) {
        if (status) return true;
        int raw = 0;
        pid_t got = 0;
        do got = ::waitpid(process, &raw, options);
        while (got < 0 && errno == EINTR);
        if (got < 0) return fail("child.wait", "errno " + std::to_string(errno));
        if (got == 0) return false;
        status = WIFSIGNALED(raw) ? ExitStatus{0, WTERMSIG(raw)} : ExitStatus{WEXITSTATUS(raw), 0};
        return true;
    }
    void send(int signal) const {
        if (!status) (void)::kill(process, signal);
    }
};

namespace {

// posix_spawn's two sets of options, freed at the end.
struct SpawnOptions {
    SpawnOptions() {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
    }
    ~SpawnOptions() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnOptions(const SpawnOptions&) = delete;
    SpawnOptions& operator=(const SpawnOptions&) = delete;
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

// Signals are those of a fresh program, whatever this one blocks or ignores.
void reset_signals(posix_spawnattr_t& attributes) {
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

}  // namespace

Result<Child> Child::spawn(boost::asio::io_context& context, const std::vector<std::string>& argv,
                           const std::map<int, int>& inherit) {
    if (argv.empty()) return fail("child.start", "no program");
    SpawnOptions options;
    reset_signals(options.attributes);
    posix_spawn_file_actions_addopen(&options.actions, 0, "/dev/null", O_RDONLY, 0);
    // Copies above every target, so that no dup2 overwrites a source that is still needed.
    int highest = 2;
    for (const auto& [target, source] : inherit) highest = std::max(highest, target);
    std::vector<OwnedFd> copies;
    for (const auto& [target, source] : inherit) {
        copies.emplace_back(::fcntl(source, F_DUPFD_CLOEXEC, highest + 1));
        if (!copies.back() || target < 0) return fail("child.start", "descriptor to inherit");
        posix_spawn_file_actions_adddup2(&options.actions, copies.back().get(), target);
    }
    for (int fd = 3; fd <= highest; ++fd) {
        if (!inherit.contains(fd)) posix_spawn_file_actions_addclose(&options.actions, fd);
    }
    posix_spawn_file_actions_addclosefrom_np(&options.actions, highest + 1);
    std::vector<char*> words;
    for (const std::string& a : argv) words.push_back(const_cast<char*>(a.c_str()));
    words.push_back(nullptr);

    auto state = std::make_shared<State>(context, -1);  // listens for SIGCHLD before there is a child
    const int error =
        ::posix_spawnp(&state->process, words[0], &options.actions, &options.attributes, words.data(), environ);
    if (error != 0) return fail("child.start", argv[0] + ": errno " + std::to_string(error));
    return Child{std::move(state)};
}

Child::Child(std::shared_ptr<State> state) : state_(std::move(state)) {}
Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

Child::~Child() {
    if (!state_ || state_->status) return;
    state_->send(SIGKILL);
    (void)state_->reap(0);
    boost::system::error_code ignored;  // who still waits sees that it has ended
    state_->ended.cancel(ignored);
}

Async<Result<ExitStatus>> Child::wait() {
    const auto state = state_;
    for (;;) {
        const auto over = state->reap(WNOHANG);
        if (!over) co_return fail(over.error());
        if (*over) co_return *state->status;
        auto [error, signal] = co_await state->ended.async_wait(asio::as_tuple(asio::use_awaitable));
        if (error && !state->status) co_return fail("child.wait", error.message());
    }
}

void Child::terminate() { state_->send(SIGTERM); }
void Child::kill() { state_->send(SIGKILL); }
int Child::pid() const { return state_->process; }

Result<SharedMemory> SharedMemory::create(std::size_t size) {
    OwnedFd fd{::memfd_create("paso", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return fail("memory.create");
    // A peer that shrank the file would end this process with SIGBUS.
    if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return fail("memory.create");
    return open(std::move(fd), size);
}

Result<SharedMemory> SharedMemory::open(OwnedFd fd, std::size_t least) {
    const int seals = ::fcntl(fd.get(), F_GET_SEALS);
    struct stat about {};
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0 || ::fstat(fd.get(), &about) != 0) {
        return fail("memory.map", "not a sealed memfd");
    }
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size < least || size == 0) return fail("memory.map", "smaller than needed");
    (void)::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    void* at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (at == MAP_FAILED) return fail("memory.map", "errno " + std::to_string(errno));
    return SharedMemory{std::move(fd), {static_cast<std::byte*>(at), size}};
}

SharedMemory::~SharedMemory() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}
SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : fd_(std::move(other.fd_)), bytes_(std::exchange(other.bytes_, {})) {}
SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

void run_until_signal(boost::asio::io_context& context, std::function<void()> stop) {
    (void)::signal(SIGPIPE, SIG_IGN);
    // A context of their own, so that waiting for signals is no work that keeps the program alive.
    boost::asio::io_context aside;
    boost::asio::signal_set signals{aside, SIGTERM, SIGINT};
    bool over = false;  // touched by the listener's thread alone
    signals.async_wait([&](boost::system::error_code error, int) {
        if (error || over) return;
        boost::asio::post(context, std::move(stop));
        signals.async_wait([&](boost::system::error_code again, int) {
            if (!again) context.stop();
        });
    });
    std::thread listener{[&aside] { aside.run(); }};
    context.run();
    boost::asio::post(aside, [&] {
        over = true;
        signals.cancel();
    });
    listener.join();
}

}  // namespace paso
