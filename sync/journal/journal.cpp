#include "sync/journal/journal.hpp"

#include <mutex>
#include <utility>

#include "core/trust/digest.hpp"
#include "sync/journal/schema.hpp"
#include "sync/sqlite/writer.hpp"

namespace paso {

namespace {

constexpr std::size_t most_bytes_at_once = 1UL << 20U;

// True: it lies there. False: the disk is full.
Result<bool> lay_ballast(const JournalOptions& options) {
    const Status laid = make_ballast({options.path, options.vfs}, options.ballast_bytes);
    if (!laid && laid.error().code != "sqlite.full") return fail(journal_error(laid.error()));
    return laid.has_value();
}

// What the outside sees of the journal, and its call back; both live longer than work that was posted.
struct Face {
    mutable std::mutex mutex;
    Position head{};
    bool on_ballast = false;
    std::vector<std::function<void()>> on_append;  // only touched on the executor
};

class SqliteJournal final : public Journal {
  public:
    SqliteJournal(JournalOptions options, Env& env, asio::any_io_executor executor, Database database, JournalHead head,
                  bool on_ballast)
        : options_(std::move(options)),
          env_(env),
          executor_(executor),
          head_(head),
          writer_(std::move(database), executor, options_.own_thread, hooks()) {
        face_->head = head.position;
        face_->on_ballast = on_ballast;
    }

    Async<Result<Position>> append(EventDraft draft) override;
    Async<Result<std::vector<StoredEvent>>> read_after(Position after, std::size_t limit) override;
    Async<Result<std::uint64_t>> new_epoch() override;
    Async<Status> acknowledged(std::string peer, Position position) override;
    Async<Result<Position>> kept_after(std::uint64_t epoch) override;
    Async<Result<std::uint64_t>> trim(WallTime before, std::vector<std::string> peers) override;
    [[nodiscard]] Position head() const override {
        const std::lock_guard lock{face_->mutex};
        return face_->head;
    }
    [[nodiscard]] bool on_ballast() const override {
        const std::lock_guard lock{face_->mutex};
        return face_->on_ballast;
    }
    Async<Result<bool>> regain_ballast() override;
    void on_append(std::function<void()> call) override { face_->on_append.push_back(std::move(call)); }

  private:
    WriterHooks hooks();
    void publish();
    bool release();
    Result<Position> store(Database& database, EventHeader header, const Salt& salt, ByteView body);
    template <class T>
    Async<Result<T>> ask(bool writes, Writer::Work<T> work);

    JournalOptions options_;
    Env& env_;
    asio::any_io_executor executor_;
    std::shared_ptr<Face> face_ = std::make_shared<Face>();
    JournalHead head_;    // the writer's
    JournalHead before_;  // the group's: head_ when it began
    Writer writer_;       // last: it ends first
};

WriterHooks SqliteJournal::hooks() {
    return {.began = [this] { before_ = head_; },
            .rolled_back = [this] { head_ = before_; },
            .committed = [this] { publish(); },
            .make_room = [this] { return release(); }};
}

void SqliteJournal::publish() {
    if (head_.position == before_.position) return;
    {
        const std::lock_guard lock{face_->mutex};
        face_->head = head_.position;
    }
    asio::post(executor_, [face = face_] {
        for (const auto& call : face->on_append) call();
    });
}

bool SqliteJournal::release() {
    const bool released = release_ballast({options_.path, options_.vfs});
    const std::lock_guard lock{face_->mutex};
    face_->on_ballast = face_->on_ballast || released;
    return released;
}

template <class T>
Async<Result<T>> SqliteJournal::ask(bool writes, Writer::Work<T> work) {
    auto done = writes ? co_await writer_.write<T>(std::move(work)) : co_await writer_.read<T>(std::move(work));
    if (!done) co_return fail(journal_error(std::move(done.error())));
    co_return done;
}

Async<Result<Position>> SqliteJournal::append(EventDraft draft) {
    if (draft.body.size() > max_event_body) {
        co_return fail("journal.too_large", std::to_string(draft.body.size()) + " bytes");
    }
    EventHeader header;
    header.station = options_.station;
    header.kind = draft.kind;
    header.crossing = draft.crossing;
    header.pack = draft.pack;
    header.wall = env_.clock.wall();
    header.mono = env_.clock.mono();
    header.clock = env_.clock.state();
    Salt salt{};
    env_.entropy.fill(salt);
    co_return co_await ask<Position>(true, [this, header = std::move(header), salt, body = std::move(draft.body)](
                                               Database& database) { return store(database, header, salt, body); });
}

Result<Position> SqliteJournal::store(Database& database, EventHeader header, const Salt& salt, ByteView body) {
    header.position = {head_.position.epoch, head_.position.sequence + 1};
    header.previous = head_.hash;
    header.body_digest = body_digest(salt, body);
    const Bytes encoded = encode_header(header);
    const Digest hash = header_hash(encoded);
    auto insert = database.cached(
        "INSERT INTO event(epoch, sequence, wall_ms, header, hash, salt, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    if (!insert) return fail(insert.error());
    (*insert)->bind(1, head_.epoch_number).bind(2, header.position.sequence).bind(3, header.wall.ms);
    (*insert)->bind(4, ByteView{encoded}).bind(5, ByteView{hash}).bind(6, ByteView{salt}).bind(7, body);
    if (auto done = (*insert)->run(); !done) return fail(done.error());
    head_.position = header.position;
    head_.hash = hash;
    return head_.position;
}

Async<Result<std::uint64_t>> SqliteJournal::new_epoch() {
    const std::uint64_t epoch = draw_epoch(env_.entropy);
    co_return co_await ask<std::uint64_t>(true, [this, epoch](Database& database) -> Result<std::uint64_t> {
        auto next = begin_epoch(database, epoch, head_.hash);
        if (!next) return fail(next.error());
        head_ = *next;
        return epoch;
    });
}

Async<Result<std::vector<StoredEvent>>> SqliteJournal::read_after(Position after, std::size_t limit) {
    co_return co_await ask<std::vector<StoredEvent>>(
        false, [after, limit](Database& database) { return events_after(database, after, limit, most_bytes_at_once); });
}

Async<Status> SqliteJournal::acknowledged(std::string peer, Position position) {
    co_return co_await ask<void>(true, [peer = std::move(peer), position](Database& database) {
        return remember_peer(database, peer, position);
    });
}

Async<Result<Position>> SqliteJournal::kept_after(std::uint64_t epoch) {
    co_return co_await ask<Position>(false, [epoch](Database& database) { return trimmed_until(database, epoch); });
}

Async<Result<std::uint64_t>> SqliteJournal::trim(WallTime before, std::vector<std::string> peers) {
    co_return co_await ask<std::uint64_t>(
        true, [before, peers = std::move(peers)](Database& database) { return trim_events(database, before, peers); });
}

Async<Result<bool>> SqliteJournal::regain_ballast() {
    co_return co_await ask<bool>(false, [this](Database&) -> Result<bool> {
        auto laid = lay_ballast(options_);
        const std::lock_guard lock{face_->mutex};
        if (laid && *laid) face_->on_ballast = false;
        return laid;
    });
}

// The station that the file belongs to; a new file becomes this station's, with its first epoch.
Status claim(Database& database, const StationId& station, Entropy& entropy) {
    auto ask = database.prepare("SELECT id FROM station");
    if (!ask) return fail(ask.error());
    const auto row = ask->step();
    if (!row) return fail(row.error());
    if (*row) {
        if (ask->text(0) == station.text()) return {};
        return fail("journal.station", "the journal of " + std::string{ask->text(0)} + ", not of " + station.text());
    }
    ask->reset();
    auto change = Transaction::begin(database);
    if (!change) return fail(change.error());
    auto insert = database.prepare("INSERT INTO station(id) VALUES(?1)");
    if (!insert) return fail(insert.error());
    if (auto done = insert->bind(1, std::string_view{station.text()}).run(); !done) return done;
    if (auto done = begin_epoch(database, draw_epoch(entropy), Digest{}); !done) return fail(done.error());
    return change->commit();
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(JournalOptions options, Env& env, asio::any_io_executor executor) {
    auto database = Database::open({options.path, options.vfs});
    if (!database) return fail(journal_error(database.error()));
    if (auto done = migrate_journal(*database); !done) return fail(journal_error(done.error()));
    if (auto done = claim(*database, options.station, env.entropy); !done) return fail(journal_error(done.error()));
    auto head = verify_journal(*database, options.station);
    if (!head) return fail(journal_error(head.error()));
    // Without room for the ballast the journal still works as long as it can.
    const auto ballast = lay_ballast(options);
    if (!ballast) return fail(ballast.error());
    return std::make_unique<SqliteJournal>(std::move(options), env, executor, std::move(*database), *head, !*ballast);
}

}  // namespace paso
