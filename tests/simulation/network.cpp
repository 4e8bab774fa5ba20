#include "tests/simulation/network.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <limits>
#include <optional>

#include "sync/net/wait.hpp"

namespace paso::sim {

using boost::system::error_code;

namespace {

struct Link;

class SimListener;

// All executors of this world are those of its one context.
void complete(IoHandlerPtr handler, const asio::any_io_executor& executor, error_code error, std::size_t n) {
    auto slot = asio::get_associated_cancellation_slot(*handler);
    if (slot.is_connected()) slot.clear();
    asio::post(executor, [handler = std::move(handler), error, n]() mutable { std::move (*handler)(error, n); });
}

}  // namespace

struct SimNetwork::State {
    explicit State(World& w) : world(w), random(w.random.next()) {}
    World& world;
    Random random;
    Weather weather;
    bool parted = false;
    std::map<std::string, SimListener*> listeners;
    std::vector<std::weak_ptr<Link>> links;
};

namespace {

// One end of a link.
struct End {
    std::string node;
    std::deque<std::byte> inbox;
    bool eof = false;
    bool closed = false;
    error_code broken;
    MonoTime last{};  // when the last bytes towards this end arrive: order is kept
    asio::mutable_buffer into;
    IoHandlerPtr reader;
};

struct Link : std::enable_shared_from_this<Link> {
    explicit Link(std::shared_ptr<SimNetwork::State> s) : net(std::move(s)) {}
    std::shared_ptr<SimNetwork::State> net;
    std::array<End, 2> ends;
    Duration latency{};
    std::uint64_t budget = std::numeric_limits<std::uint64_t>::max();  // bytes until the fault
    bool vanish = false;                                               // the fault: silence, not an error
    bool silent = false;                                               // it has come
    std::uint64_t chunk = 64UL << 10U;
    Duration chunk_time{};

    World& world() const { return net->world; }
    asio::any_io_executor executor() const { return net->world.context.get_executor(); }

    void later(std::size_t side, Duration more, std::function<void(Link&, End&)> what) {
        End& end = ends[side];
        end.last = std::max(end.last, world().clock.mono() + latency + more);
        world().clock.wait_until(end.last, [weak = weak_from_this(), side, what = std::move(what)] {
            const auto link = weak.lock();
            if (!link) return;
            what(*link, link->ends[side]);
            link->serve(side);
        });
    }
    // Completes a read that waits, when there is something to say.
    void serve(std::size_t side) {
        End& end = ends[side];
        if (!end.reader) return;
        if (!end.inbox.empty()) {
            const std::size_t n = std::min(end.into.size(), end.inbox.size());
            auto* to = static_cast<std::byte*>(end.into.data());
            std::copy_n(end.inbox.begin(), n, to);
            end.inbox.erase(end.inbox.begin(), end.inbox.begin() + static_cast<std::ptrdiff_t>(n));
            return complete(std::move(end.reader), executor(), {}, n);
        }
        if (end.broken) return complete(std::move(end.reader), executor(), end.broken, 0);
        if (end.eof) return complete(std::move(end.reader), executor(), asio::error::eof, 0);
    }
    void read(std::size_t side, asio::mutable_buffer into, IoHandlerPtr done) {
        End& end = ends[side];
        if (end.closed) return complete(std::move(done), executor(), asio::error::operation_aborted, 0);
        if (into.size() == 0) return complete(std::move(done), executor(), {}, 0);
        if (auto slot = asio::get_associated_cancellation_slot(*done); slot.is_connected()) {
            slot.assign([weak = weak_from_this(), side](asio::cancellation_type) {
                const auto link = weak.lock();
                if (link) link->abort(side);
            });
        }
        end.into = into;
        end.reader = std::move(done);
        serve(side);
    }
    void abort(std::size_t side) {
        End& end = ends[side];
        if (end.reader) complete(std::move(end.reader), executor(), asio::error::operation_aborted, 0);
    }
    void write(std::size_t side, asio::const_buffer from, IoHandlerPtr done) {
        End& end = ends[side];
        if (end.closed) return complete(std::move(done), executor(), asio::error::operation_aborted, 0);
        if (end.broken) return complete(std::move(done), executor(), end.broken, 0);
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(from.size(), chunk));
        if (n > 0) carry(1 - side, static_cast<const std::byte*>(from.data()), n);
        if (chunk_time.count() == 0) return complete(std::move(done), executor(), {}, n);
        auto shared = std::make_shared<IoHandlerPtr>(std::move(done));
        world().clock.wait_until(world().clock.mono() + chunk_time,
                                 [shared, ex = executor(), n] { complete(std::move(*shared), ex, {}, n); });
    }
    // Bytes on their way to `side`, as far as the link carries them.
    void carry(std::size_t side, const std::byte* data, std::size_t n) {
        if (silent || net->parted) return;
        const auto whole = static_cast<std::size_t>(std::min<std::uint64_t>(n, budget));
        budget -= whole;
        later(side, {}, [bytes = Bytes(data, data + whole)](Link&, End& end) {
            if (!end.closed && !end.broken) end.inbox.insert(end.inbox.end(), bytes.begin(), bytes.end());
        });
        if (whole == n) return;
        silent = true;
        if (!vanish) {
            for (const std::size_t s : {0U, 1U}) later(s, {}, [s](Link& link, End&) { link.break_end(s); });
        }
    }
    void break_end(std::size_t side) {
        if (!ends[side].broken) ends[side].broken = asio::error::connection_reset;
        serve(side);
    }
    void close(std::size_t side) {
        End& end = ends[side];
        if (std::exchange(end.closed, true)) return;
        abort(side);
        end.inbox.clear();
        if (!silent && !net->parted) later(1 - side, {}, [](Link&, End& other) { other.eof = true; });
    }
};

class SimStream final : public StreamImpl {
  public:
    SimStream(std::shared_ptr<Link> link, std::size_t side, Peer peer)
        : link_(std::move(link)), side_(side), peer_(std::move(peer)) {}
    ~SimStream() override { link_->close(side_); }
    SimStream(const SimStream&) = delete;
    SimStream& operator=(const SimStream&) = delete;
    asio::any_io_executor executor() override { return link_->executor(); }
    void read_some(asio::mutable_buffer into, IoHandlerPtr done) override { link_->read(side_, into, std::move(done)); }
    void write_some(asio::const_buffer from, IoHandlerPtr done) override { link_->write(side_, from, std::move(done)); }
    void close() override { link_->close(side_); }
    [[nodiscard]] const Peer& peer() const override { return peer_; }

  private:
    std::shared_ptr<Link> link_;
    std::size_t side_;
    Peer peer_;
};

class SimListener final : public Listener {
  public:
    SimListener(std::shared_ptr<SimNetwork::State> net, std::string node, Address at)
        : node_(std::move(node)),
          net_(std::move(net)),
          at_(std::move(at)),
          arrived_(net_->world.context.get_executor()) {
        net_->listeners[at_] = this;
    }
    ~SimListener() override { close(); }
    SimListener(const SimListener&) = delete;
    SimListener& operator=(const SimListener&) = delete;
    Async<Result<Stream>> accept() override {
        while (!closed_) {
            if (!queue_.empty()) {
                Stream next = std::move(queue_.front());
                queue_.pop_front();
                co_return std::move(next);
            }
            co_await arrived_.wait(net_->world.clock, never);
        }
        co_return fail("net.closed");
    }
    [[nodiscard]] Address address() const override { return at_; }
    void close() override {
        if (std::exchange(closed_, true)) return;
        const auto here = net_->listeners.find(at_);
        if (here != net_->listeners.end() && here->second == this) net_->listeners.erase(here);
        queue_.clear();
        arrived_.notify();
    }
    void arrive(Stream stream) {
        queue_.push_back(std::move(stream));
        arrived_.notify();
    }
    [[nodiscard]] const std::string& node() const { return node_; }

  private:
    std::string node_;
    std::shared_ptr<SimNetwork::State> net_;
    Address at_;
    Signal arrived_;
    std::deque<Stream> queue_;
    bool closed_ = false;
};

std::shared_ptr<Link> make_link(const std::shared_ptr<SimNetwork::State>& net) {
    auto link = std::make_shared<Link>(net);
    const Weather& w = net->weather;
    Random& random = net->random;
    link->latency = std::chrono::microseconds{random.between(w.latency_us_low, w.latency_us_high)};
    const bool cut = w.cut != 0 && random.one_in(w.cut);
    link->vanish = w.half_open != 0 && random.one_in(w.half_open);
    if (cut || link->vanish) link->budget = random.below(w.cut_bytes);
    if (w.trickle != 0 && random.one_in(w.trickle)) {
        link->chunk = random.between(1, 40);
        link->chunk_time = std::chrono::milliseconds{random.between(1, 20)};
    }
    std::erase_if(net->links, [](const auto& weak) { return weak.expired(); });
    net->links.push_back(link);
    return link;
}

class NodeNetwork final : public Network {
  public:
    NodeNetwork(std::shared_ptr<SimNetwork::State> net, std::string name)
        : net_(std::move(net)), name_(std::move(name)) {}
    asio::any_io_executor executor() override { return net_->world.context.get_executor(); }
    Async<Result<Stream>> connect(Address to, Duration patience) override {
        const auto net = net_;
        const std::string name = name_;
        auto link = make_link(net);
        const bool refused = net->weather.refuse != 0 && net->random.one_in(net->weather.refuse);
        if (net->parted && net->random.one_in(2)) {
            co_await wait_for(net->world.clock, patience);
            co_return fail("net.timeout", to);
        }
        co_await wait_for(net->world.clock, link->latency * 2);
        const auto listener = net->listeners.find(to);
        if (net->parted || refused || listener == net->listeners.end()) co_return fail("net.connect", to);
        link->ends[0].node = name;
        link->ends[1].node = listener->second->node();
        listener->second->arrive(Stream{std::make_unique<SimStream>(link, 1, Peer{name, "sim:" + name})});
        co_return Stream{std::make_unique<SimStream>(link, 0, Peer{link->ends[1].node, "sim:" + to})};
    }
    Result<std::unique_ptr<Listener>> listen(const Address& at) override {
        if (net_->listeners.count(at) != 0) return fail("net.listen", at);
        return std::make_unique<SimListener>(net_, name_, at);
    }

  private:
    std::shared_ptr<SimNetwork::State> net_;
    std::string name_;
};

}  // namespace

SimNetwork::SimNetwork(World& world) : state_(std::make_shared<State>(world)) {}
SimNetwork::~SimNetwork() = default;

std::unique_ptr<Network> SimNetwork::node(const std::string& name) {
    return std::make_unique<NodeNetwork>(state_, name);
}

void SimNetwork::weather(const Weather& weather) { state_->weather = weather; }
void SimNetwork::partition(bool parted) { state_->parted = parted; }

void SimNetwork::cut_all() {
    for (const auto& weak : state_->links) {
        const auto link = weak.lock();
        if (!link) continue;
        link->silent = true;
        link->break_end(0);
        link->break_end(1);
    }
}

void SimNetwork::kill(const std::string& name) {
    for (const auto& weak : state_->links) {
        const auto link = weak.lock();
        if (!link) continue;
        for (const std::size_t side : {0U, 1U}) {
            if (link->ends[side].node != name) continue;
            link->silent = true;
            link->break_end(side);
            if (state_->random.one_in(2)) link->later(1 - side, {}, [side](Link& l, End&) { l.break_end(1 - side); });
        }
    }
    for (const auto& [at, listener] : std::map(state_->listeners)) {
        if (listener->node() == name) listener->close();
    }
}

}  // namespace paso::sim
