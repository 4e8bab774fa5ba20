// Starting a coroutine that nobody waits for.
#pragma once

#include "sync/net/network.hpp"

namespace paso {

// Runs `work` on the executor. It reports failures as values; an exception out of it is a bug and ends the program, by
// way of the context's run().
void start(const asio::any_io_executor& executor, Async<void> work);

}  // namespace paso
