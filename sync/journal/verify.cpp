#include "sync/journal/verify.hpp"

#include "sync/journal/schema.hpp"

namespace paso {
namespace {

Result<std::int64_t> number(Database& database, std::string_view sql) {
    auto ask = database.prepare(sql);
    if (!ask) return fail(ask.error());
    const auto row = ask->step();
    if (!row) return fail(row.error());
    return *row ? ask->integer(0) : 0;
}

Result<StationId> station_of(Database& database) {
    auto ask = database.prepare("SELECT id FROM station");
    if (!ask) return fail(ask.error());
    const auto row = ask->step();
    if (!row) return fail(row.error());
    const auto id = *row ? StationId::parse(as_text(ask->bytes(0))) : std::nullopt;
    if (!id) return fail("journal.damaged", "no station");
    return *id;
}

Result<Database> open_journal(const std::string& path) {
    auto database = Database::open({path, "", true});
    if (!database) return fail(journal_error(database.error()));
    const auto version = number(*database, "PRAGMA user_version");
    if (!version) return fail(journal_error(version.error()));
    if (*version > journal_version) {
        return fail("journal.newer", "version " + std::to_string(*version) + ", this program reads up to " +
                                         std::to_string(journal_version));
    }
    return database;
}

}  // namespace

Status each_body(const std::string& path, EventKind kind,
                 const std::function<void(const EventHeader&, ByteView)>& visit) {
    auto database = open_journal(path);
    if (!database) return fail(database.error());
    auto ask = database->prepare("SELECT header, body FROM event WHERE length(body) > 0 ORDER BY epoch, sequence");
    if (!ask) return fail(journal_error(ask.error()));
    for (;;) {
        const auto row = ask->step();
        if (!row) return fail(journal_error(row.error()));
        if (!*row) return {};
        const auto header = decode_header(ask->bytes(0));
        if (!header) return fail("journal.damaged", header.error().detail);
        if (header->kind == kind) visit(*header, ask->bytes(1));
    }
}

Result<JournalSummary> verify_journal_file(const std::string& path) {
    auto database = open_journal(path);
    if (!database) return fail(database.error());
    auto station = station_of(*database);
    if (!station) return fail("journal.damaged", "not a journal: " + station.error().detail);
    const auto head = verify_journal(*database, *station);
    if (!head) return fail(journal_error(head.error()));
    const auto events = number(*database, "SELECT count(*) FROM event");
    const auto epochs = number(*database, "SELECT count(*) FROM epoch");
    if (!events || !epochs) return fail("journal.damaged", "tables");
    return JournalSummary{*station, head->position, head->hash, static_cast<std::uint64_t>(*events),
                          static_cast<std::uint64_t>(*epochs)};
}

}  // namespace paso
