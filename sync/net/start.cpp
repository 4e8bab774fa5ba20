#include "sync/net/start.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace paso {

void start(const asio::any_io_executor& executor, Async<void> work) {
    asio::co_spawn(executor, std::move(work), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

}  // namespace paso
