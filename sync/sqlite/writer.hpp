// Writer: the one owner of a connection that writes. Work runs in order on its own thread (in simulations: on the
// executor); writes that wait together share one transaction, so one fsync serves them all. A piece of work that fails
// by value is undone alone; the others of its group are stored.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "sync/net/network.hpp"
#include "sync/sqlite/database.hpp"

namespace paso {

// All are called on the writer's thread.
struct WriterHooks {
    std::function<void()> began;        // a group begins: remember what the work will change in memory
    std::function<void()> rolled_back;  // and bring it back
    std::function<void()> committed;    // durable; nobody was told yet
    std::function<bool()> make_room;    // the disk is full; true: something was let go, try once more
};

class Writer {
  public:
    template <class T>
    using Work = std::function<Result<T>(Database&)>;

    Writer(Database database, asio::any_io_executor executor, bool own_thread, WriterHooks hooks);
    // With its own thread: work that waits is still done and answered. Else it is dropped.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Resumes after the commit. The work may run twice (see make_room) and must not depend on the first run. Errors:
    // the work's own, or "sqlite.*" of the transaction: then nothing of it was stored.
    template <class T>
    Async<Result<T>> write(Work<T> work) {
        return submit<T>(true, std::move(work));
    }
    // Sees everything that was committed before.
    template <class T>
    Async<Result<T>> read(Work<T> work) {
        return submit<T>(false, std::move(work));
    }

    class Job {
      public:
        explicit Job(bool writes) : writes_(writes) {}
        virtual ~Job() = default;
        Job(const Job&) = delete;
        Job& operator=(const Job&) = delete;
        [[nodiscard]] bool writes() const { return writes_; }
        virtual std::optional<Error> apply(Database& database) = 0;
        virtual void spoil(const Error& error) = 0;  // what apply() did was not stored
        virtual void answer() = 0;

      private:
        bool writes_;
    };
    struct State;

  private:
    template <class T, class Handler>
    class JobOf final : public Job {
      public:
        JobOf(bool writes, Work<T> work, Handler handler)
            : Job(writes),
              work_(std::move(work)),
              handler_(std::move(handler)),
              guard_(asio::get_associated_executor(handler_)) {}
        std::optional<Error> apply(Database& database) override {
            outcome_.emplace(work_(database));
            return *outcome_ ? std::nullopt : std::optional{outcome_->error()};
        }
        void spoil(const Error& error) override { outcome_.emplace(fail(error)); }
        void answer() override {
            const auto executor = asio::get_associated_executor(handler_);
            asio::post(executor,
                       [handler = std::move(handler_), guard = std::move(guard_),
                        outcome = std::move(*outcome_)]() mutable { std::move(handler)(std::move(outcome)); });
        }

      private:
        Work<T> work_;
        Handler handler_;
        asio::executor_work_guard<asio::associated_executor_t<Handler>> guard_;
        std::optional<Result<T>> outcome_;
    };

    template <class T>
    Async<Result<T>> submit(bool writes, Work<T> work) {
        co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<T>)>(
            [this, writes](auto handler, Work<T> w) {
                using Made = JobOf<T, decltype(handler)>;
                enqueue(std::make_unique<Made>(writes, std::move(w), std::move(handler)));
            },
            asio::use_awaitable, std::move(work));
    }
    void enqueue(std::unique_ptr<Job> job);

    std::shared_ptr<State> state_;
};

}  // namespace paso
