#include "sync/sqlite/writer.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace paso {

using Jobs = std::vector<std::unique_ptr<Writer::Job>>;

struct Writer::State : std::enable_shared_from_this<Writer::State> {
    State(Database d, asio::any_io_executor e, WriterHooks h)
        : database(std::move(d)), executor(std::move(e)), hooks(std::move(h)) {}

    Database database;
    asio::any_io_executor executor;
    WriterHooks hooks;
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::unique_ptr<Job>> queue;
    bool stop = false;
    bool posted = false;
    std::thread thread;

    void loop();
    void drain();
    void perform(Jobs jobs);
    void group(std::span<std::unique_ptr<Job>> jobs);
    Status attempt(std::span<std::unique_ptr<Job>> jobs);
    std::optional<Error> apply(Job& job);
};

namespace {

constexpr std::size_t most_in_a_group = 256;

// Errors after which no part of a transaction can be trusted, as against those of one piece of work.
bool of_the_disk(const Error& e) {
    return e.code == "sqlite.full" || e.code == "sqlite.disk" || e.code == "sqlite.damaged" || e.code == "sqlite.busy";
}

}  // namespace

void Writer::State::loop() {
    std::unique_lock lock{mutex};
    for (;;) {
        wake.wait(lock, [this] { return stop || !queue.empty(); });
        if (queue.empty()) return;
        lock.unlock();
        drain();
        lock.lock();
    }
}

// One group at most: what came meanwhile waits for the next.
void Writer::State::drain() {
    Jobs jobs;
    {
        const std::lock_guard lock{mutex};
        while (!queue.empty() && jobs.size() < most_in_a_group) {
            jobs.push_back(std::move(queue.front()));
            queue.pop_front();
        }
    }
    perform(std::move(jobs));
}

// Reads first: none of these writes has been answered yet, and so they can all share one transaction.
void Writer::State::perform(Jobs jobs) {
    const auto writes = std::stable_partition(jobs.begin(), jobs.end(), [](const auto& job) { return !job->writes(); });
    for (auto job = jobs.begin(); job != writes; ++job) {
        (void)(*job)->apply(database);  // the job keeps its outcome
        (*job)->answer();
    }
    if (writes != jobs.end()) group(std::span{writes, jobs.end()});
}

void Writer::State::group(std::span<std::unique_ptr<Job>> jobs) {
    auto done = attempt(jobs);
    if (!done && done.error().code == "sqlite.full" && hooks.make_room && hooks.make_room()) done = attempt(jobs);
    if (done && hooks.committed) hooks.committed();
    for (const auto& job : jobs) {
        if (!done) job->spoil(done.error());
        job->answer();
    }
}

Status Writer::State::attempt(std::span<std::unique_ptr<Job>> jobs) {
    if (hooks.began) hooks.began();
    const auto undo = [this](Error error) {
        if (hooks.rolled_back) hooks.rolled_back();
        return fail(std::move(error));
    };
    auto change = Transaction::begin(database);
    if (!change) return undo(change.error());
    for (const auto& job : jobs) {
        if (auto error = apply(*job)) return undo(std::move(*error));
    }
    auto done = change->commit();
    if (!done) return undo(done.error());
    return {};
}

// An error here is the group's; the job's own was kept by the job.
std::optional<Error> Writer::State::apply(Job& job) {
    if (auto done = database.execute("SAVEPOINT job"); !done) return done.error();
    if (auto own = job.apply(database)) {
        if (of_the_disk(*own)) return own;
        if (auto done = database.execute("ROLLBACK TO job"); !done) return done.error();
    }
    if (auto done = database.execute("RELEASE job"); !done) return done.error();
    return std::nullopt;
}

Writer::Writer(Database database, asio::any_io_executor executor, bool own_thread, WriterHooks hooks)
    : state_(std::make_shared<State>(std::move(database), std::move(executor), std::move(hooks))) {
    if (own_thread) state_->thread = std::thread([s = state_.get()] { s->loop(); });
}

Writer::~Writer() {
    {
        const std::lock_guard lock{state_->mutex};
        state_->stop = true;
    }
    state_->wake.notify_one();
    if (state_->thread.joinable()) state_->thread.join();
}

void Writer::enqueue(std::unique_ptr<Job> job) {
    bool post = false;
    {
        const std::lock_guard lock{state_->mutex};
        state_->queue.push_back(std::move(job));
        post = !state_->thread.joinable() && !std::exchange(state_->posted, true);
    }
    state_->wake.notify_one();
    if (!post) return;
    asio::post(state_->executor, [weak = std::weak_ptr<State>(state_)] {
        const auto state = weak.lock();
        if (!state) return;
        {
            const std::lock_guard lock{state->mutex};
            state->posted = false;
        }
        while (!state->queue.empty()) state->drain();
    });
}

}  // namespace paso
