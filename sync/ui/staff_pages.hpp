// What the officers' and the supervisors' pages have in common: signing in, the page itself for those who are signed
// in, and its view socket.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/env/env.hpp"
#include "sync/http/assets.hpp"
#include "sync/http/logins.hpp"
#include "sync/http/server.hpp"
#include "sync/ui/view_socket.hpp"

namespace paso {

struct StaffPages {
    Role role = Role::officer;
    std::vector<Asset> assets;  // "/" is the page; "/sign-in.html" the page for signing in
    // Makes the session of a page that was opened; `user` is signed in and has the role.
    std::function<std::shared_ptr<PageSession>(User user, std::function<bool()> still_signed_in)> open;
};

// Adds "/", "/sign-in", POST "/sign-in", POST "/sign-out", the assets and the socket "/socket". Without a session "/"
// leads to "/sign-in" and the socket answers 401. All of these arguments must outlive the server.
void add_staff_pages(Router& router, Env& env, Logins& logins, Changes& changes, StaffPages pages);

}  // namespace paso
