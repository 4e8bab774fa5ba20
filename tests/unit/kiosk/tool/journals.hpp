// Journals on disk for the commands that read them.
#pragma once

#include <stdlib.h>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/crossing/event.hpp"
#include "sync/journal/journal.hpp"
#include "tests/support/manual_env.hpp"

namespace paso::test {

// A folder that goes with it.
struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "paso-log-facts-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;  // what is left of a test hurts nobody
        std::filesystem::remove_all(path, ignored);
    }
};

// A journal of events of these kinds and bodies, sealed to nobody. The crossing of the n-th, from 1, ends in n.
inline void write_journal(const std::string& path, ManualEnv& env, std::string_view station,
                          std::vector<std::pair<EventKind, Bytes>> events) {
    asio::io_context context;
    auto journal = Journal::open({path, "", *StationId::parse(station), false, 0}, env.env, context.get_executor());
    if (!journal) FAIL(describe(journal.error()));
    std::uint8_t count = 0;
    for (auto& [kind, body] : events) {
        CrossingId id;
        id.bytes.back() = static_cast<std::byte>(++count);
        body.insert(body.begin(), std::byte{0});
        const auto at = run(context, (*journal)->append({kind, id, {}, std::move(body)}));
        if (!at) FAIL(describe(at.error()));
    }
}

}  // namespace paso::test
