// Users, roles and sessions of the officers' and supervisors' pages. Passwords are kept as argon2id strings
// (libsodium).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/env/env.hpp"
#include "sync/http/message.hpp"

namespace paso {

enum class Role : std::uint8_t { officer = 0, supervisor = 1 };
[[nodiscard]] std::string_view name(Role r);

struct User {
    std::string id;        // "officer1"
    std::string password;  // "$argon2id$..."
    std::set<Role> roles;
};

// Lines of "id role[,role] $argon2id$...". Errors: "users.syntax" with the line.
[[nodiscard]] Result<std::vector<User>> parse_users(std::string_view text);
// The users in a file. Errors: "file.*" with its name, "users.syntax".
[[nodiscard]] Result<std::vector<User>> read_users(Files& files, const std::string& path);
// Takes 64 MiB and some tens of milliseconds, as does log_in(). A password has at most 256 bytes.
[[nodiscard]] std::string hash_password(std::string_view password);

// Sessions live in memory: a random token in a cookie (HttpOnly, SameSite=Strict), ended by time or by logout. A wrong
// password costs the same time as a right one; after five in a row an id waits 30 s.
class Logins {
  public:
    // Cookies do not know ports: each face on one host needs its own `cookie` name. `secure` where it is served by TLS.
    Logins(Env& env, std::vector<User> users, Duration lifetime, std::string cookie = "paso_session",
           bool secure = false);
    // The Set-Cookie value. Errors: "login.wrong", "login.wait".
    [[nodiscard]] Result<std::string> log_in(std::string_view id, std::string_view password);
    void log_out(const Request& request);
    [[nodiscard]] std::string ended_cookie() const;  // the Set-Cookie value that goes with log_out()
    // The user of a request with a live session that has the role.
    [[nodiscard]] std::optional<User> who(const Request& request, Role role);

  private:
    struct Session {
        std::string user;
        MonoTime until;
    };
    struct Failures {
        int count = 0;
        MonoTime until{};
    };
    Env& env_;
    std::vector<User> users_;
    [[nodiscard]] std::string set_cookie(std::string_view value, Duration age) const;
    [[nodiscard]] std::string_view session_of(const Request& request) const;
    [[nodiscard]] Failures& failures_of(std::string_view id, const User* user);
    Duration lifetime_;
    std::string cookie_;
    bool secure_;
    std::string nobody_;  // a hash to compare with where the id is unknown
    std::map<std::string, Session, std::less<>> sessions_;
    std::map<std::string, Failures, std::less<>> failures_;
};

}  // namespace paso
