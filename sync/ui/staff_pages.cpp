#include "sync/ui/staff_pages.hpp"

#include <boost/json.hpp>
#include <utility>

#include "sync/ui/ui.hpp"

namespace paso {
namespace {

struct Credentials {
    std::string user;
    std::string password;
};

std::optional<Credentials> credentials(const Request& request) {
    boost::system::error_code error;
    const std::string_view body = as_text(request.body);
    if (body.size() > 2048) return std::nullopt;
    const boost::json::value value = boost::json::parse({body.data(), body.size()}, error);
    if (error || !value.is_object()) return std::nullopt;
    const auto* user = value.as_object().if_contains("user");
    const auto* password = value.as_object().if_contains("password");
    if (user == nullptr || password == nullptr || !user->is_string() || !password->is_string()) return std::nullopt;
    return Credentials{std::string{user->as_string()}, std::string{password->as_string()}};
}

Response redirect(std::string_view to) { return {303, {{"location", std::string{to}}}, {}}; }

Handler sign_in(Logins& logins) {
    return [&logins](const Request& request) -> Async<Response> {
        const auto who = credentials(request);
        if (!who) co_return respond_error(400, Error{"login.form", "user and password are needed"});
        const auto cookie = logins.log_in(who->user, who->password);
        if (!cookie) co_return respond_error(cookie.error().code == "login.wait" ? 429 : 401, cookie.error());
        Response response = respond_json(200, "{}");
        response.headers.push_back({"set-cookie", *cookie});
        co_return response;
    };
}

}  // namespace

void add_staff_pages(Router& router, Env& env, Logins& logins, Changes& changes, StaffPages pages) {
    const Role role = pages.role;
    const Asset* front = nullptr;
    auto assets = std::make_shared<std::vector<Asset>>(std::move(pages.assets));
    for (const Asset& a : *assets) {
        if (a.path == "/") front = &a;
    }
    if (front != nullptr) {
        router.add(Method::get, "/", [&logins, role, front, assets](const Request& request) -> Async<Response> {
            if (!logins.who(request, role)) co_return redirect("/sign-in");
            Response response = respond(200, front->type, front->content);
            response.headers.push_back({"cache-control", "no-store"});
            co_return response;
        });
    }
    router.add(Method::post, "/sign-in", sign_in(logins));
    router.add(Method::post, "/sign-out", [&logins, &changes](const Request& request) -> Async<Response> {
        logins.log_out(request);
        changes.notify();
        Response response = respond_json(200, "{}");
        response.headers.push_back({"set-cookie", logins.ended_cookie()});
        co_return response;
    });
    router.add_socket(
        "/socket",
        [&logins, role](const Request& request) -> std::optional<Response> {
            if (logins.who(request, role)) return std::nullopt;
            return respond_error(401, Error{"login.needed", "sign in first"});
        },
        [&env, &logins, &changes, role, open = pages.open](const Request& request,
                                                           std::shared_ptr<WebSocket> socket) -> Async<void> {
            auto user = logins.who(request, role);
            if (!user) co_return;
            // The request is copied: its cookie tells at any time whether the person is still signed in.
            auto session = open(*user, [&logins, role, request] { return logins.who(request, role).has_value(); });
            co_await serve_page(env, std::move(socket), std::move(session), changes, std::chrono::seconds{5});
        });
    std::vector<Asset> rest = ui_assets();
    for (Asset a : *assets) {
        if (a.path == "/") continue;
        if (a.path == "/sign-in.html") a.path = "/sign-in";
        rest.push_back(std::move(a));
    }
    add_assets(router, rest);
}

}  // namespace paso
