#include "kiosk/traveller/traveller.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <stdexcept>
#include <utility>

#include "devices/link/preview_ring.hpp"
#include "sync/net/wait.hpp"
#include "sync/ui/ui.hpp"

namespace paso {
namespace {

namespace json = boost::json;

constexpr Duration preview_gap = std::chrono::milliseconds{66};

class TravellerPage final : public PageSession {
  public:
    explicit TravellerPage(TravellerParts parts) : parts_(std::move(parts)) {}
    PageView view() override { return traveller_view(parts_.session, parts_.catalogues); }
    Async<void> act(std::string action, json::value value) override {
        PageInput in{std::move(action), value.is_string() ? std::string{value.as_string()} : std::string{}};
        if (in.value.size() <= 64) parts_.input(in);
        co_return;
    }

  private:
    TravellerParts parts_;
};

// Pictures go out only while the session shows them, and only new ones.
Async<void> send_preview(TravellerParts& parts, std::shared_ptr<WebSocket> socket, const bool& open) {
    const link::PreviewReader reader(parts.preview);
    std::uint64_t last = 0;
    if (const auto now = reader.newest(0)) last = now->serial;  // of the traveller before: never shown
    while (open) {
        const bool shown =
            parts.session.state() == SessionState::document || parts.session.state() == SessionState::boarding_pass;
        if (shown) {
            if (auto picture = reader.newest(last)) {
                last = picture->serial;
                const Status sent = co_await socket->write(false, picture->jpeg);
                if (!sent) co_return;
            }
        }
        co_await wait_for(parts.env.clock, shown ? preview_gap : preview_gap * 4);
    }
}

Async<void> wait_for_close(std::shared_ptr<WebSocket> socket, bool& open) {
    while (co_await socket->read()) {
    }
    open = false;
}

Async<void> serve_preview(TravellerParts parts, std::shared_ptr<WebSocket> socket) {
    using namespace asio::experimental::awaitable_operators;
    bool open = true;
    co_await (send_preview(parts, socket, open) || wait_for_close(socket, open));
}

}  // namespace

Catalogues traveller_catalogues() {
    Catalogues out;
    for (const Asset& asset : traveller_assets()) {
        if (!asset.path.starts_with("/catalogue/")) continue;
        auto parsed = parse_catalogue(as_text(asset.content));
        if (!parsed) throw std::runtime_error(asset.path + ": " + describe(parsed.error()));
        std::string language = parsed->language;
        out.emplace(std::move(language), std::move(*parsed));
    }
    if (!out.contains("en")) throw std::runtime_error("the English catalogue is missing");
    return out;
}

void add_traveller_pages(Router& router, TravellerParts parts) {
    std::vector<Asset> assets = ui_assets();
    for (const Asset& a : traveller_assets()) {
        if (!a.path.starts_with("/catalogue/")) assets.push_back(a);
    }
    add_assets(router, assets);
    const auto everyone = [](const Request&) { return std::optional<Response>{}; };
    router.add_socket("/socket", everyone, [parts](const Request&, std::shared_ptr<WebSocket> socket) -> Async<void> {
        co_await serve_page(parts.env, std::move(socket), std::make_shared<TravellerPage>(parts), parts.changes,
                            std::chrono::seconds{1});
    });
    router.add_socket("/preview", everyone, [parts](const Request&, std::shared_ptr<WebSocket> socket) -> Async<void> {
        co_await serve_preview(parts, std::move(socket));
    });
}

}  // namespace paso
