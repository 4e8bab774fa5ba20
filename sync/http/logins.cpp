#include "sync/http/logins.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace paso {

namespace {

constexpr int most_failures = 5;
constexpr Duration pause = std::chrono::seconds{30};
constexpr std::size_t longest_password = 256;
constexpr std::size_t most_ids = 1024;

void ready() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
}

std::optional<Role> role_of(std::string_view text) {
    for (const Role r : {Role::officer, Role::supervisor}) {
        if (text == name(r)) return r;
    }
    return std::nullopt;
}

// Cuts what stands before the first `separator` off `text`.
std::string_view cut(std::string_view& text, char separator) {
    const auto at = text.find(separator);
    const std::string_view head = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return head;
}

bool good_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 &&
           id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

std::optional<User> parse_user(std::string_view line) {
    const std::string_view id = cut(line, ' ');
    std::string_view roles = cut(line, ' ');
    User user{std::string{id}, std::string{line}, {}};
    while (!roles.empty()) {
        const auto role = role_of(cut(roles, ','));
        if (!role) return std::nullopt;
        user.roles.insert(*role);
    }
    const bool hash = line.starts_with("$argon2id$") && line.size() < crypto_pwhash_STRBYTES &&
                      line.find(' ') == std::string_view::npos;
    if (!good_id(id) || user.roles.empty() || !hash) return std::nullopt;
    return user;
}

bool matches(const std::string& hash, std::string_view password) {
    // An empty view may have no address, which libsodium does not take.
    const char* const text = password.empty() ? "" : password.data();
    return crypto_pwhash_str_verify(hash.c_str(), text, password.size()) == 0;
}

}  // namespace

std::string_view name(Role r) {
    switch (r) {
        case Role::officer:
            return "officer";
        case Role::supervisor:
            return "supervisor";
    }
    return "";
}

Result<std::vector<User>> parse_users(std::string_view text) {
    std::vector<User> users;
    std::uint32_t number = 0;
    while (!text.empty()) {
        const std::string_view line = cut(text, '\n');
        ++number;
        if (line.empty() || line.starts_with('#')) continue;
        auto user = parse_user(line);
        if (!user) return fail("users.syntax", "expected: id role[,role] $argon2id$...", {.line = number});
        for (const User& u : users) {
            if (u.id == user->id) return fail("users.syntax", "an id that stands there twice", {.line = number});
        }
        users.push_back(std::move(*user));
    }
    return users;
}

Result<std::vector<User>> read_users(Files& files, const std::string& path) {
    const auto text = files.read(path, 1UL << 20U);
    if (!text) return fail(text.error().code, path);
    return parse_users(as_text(*text));
}

std::string hash_password(std::string_view password) {
    ready();
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str(out.data(), password.empty() ? "" : password.data(), password.size(),
                          crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        throw std::runtime_error("no memory for argon2id");
    }
    return out.data();
}

Logins::Logins(Env& env, std::vector<User> users, Duration lifetime, std::string cookie, bool secure)
    : env_(env),
      users_(std::move(users)),
      lifetime_(lifetime),
      cookie_(std::move(cookie)),
      secure_(secure),
      nobody_(hash_password("")) {
    ready();
}

// Ids that nobody has are counted like all others, so that waiting does not tell them apart; there are at most so many.
Logins::Failures& Logins::failures_of(std::string_view id, const User* user) {
    if (user == nullptr && failures_.size() >= most_ids) {
        std::erase_if(failures_, [&](const auto& f) {
            return std::none_of(users_.begin(), users_.end(), [&](const User& u) { return u.id == f.first; });
        });
    }
    return failures_[std::string{id.substr(0, 64)}];
}

Result<std::string> Logins::log_in(std::string_view id, std::string_view password) {
    const MonoTime now = env_.clock.mono();
    const User* user = nullptr;
    for (const User& u : users_) {
        if (u.id == id) user = &u;
    }
    Failures& failures = failures_of(id, user);
    if (failures.count >= most_failures && now < failures.until) return fail("login.wait");
    // A hash that nobody has costs the same as a real one.
    const bool fits = password.size() <= longest_password;
    const bool right = matches(user != nullptr ? user->password : nobody_, fits ? password : std::string_view{});
    if (!right || !fits || user == nullptr) {
        if (failures.count >= most_failures) failures.count = 0;
        if (++failures.count >= most_failures) failures.until = now + pause;
        return fail("login.wrong");
    }
    failures = {};
    std::erase_if(sessions_, [&](const auto& s) { return s.second.until <= now; });
    std::array<std::byte, 32> token{};
    env_.entropy.fill(token);
    std::string text = to_hex(token);
    std::string cookie = set_cookie(text, lifetime_);
    sessions_.insert_or_assign(std::move(text), Session{user->id, now + lifetime_});
    return cookie;
}

std::string Logins::set_cookie(std::string_view value, Duration age) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    return cookie_ + "=" + std::string{value} +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) + (secure_ ? "; Secure" : "");
}

std::string Logins::ended_cookie() const { return set_cookie("", Duration{0}); }

std::string_view Logins::session_of(const Request& request) const {
    std::string_view all = request.header("cookie").value_or("");
    while (!all.empty()) {
        std::string_view one = cut(all, ';');
        while (one.starts_with(' ')) one.remove_prefix(1);
        if (cut(one, '=') == cookie_) return one;
    }
    return {};
}

void Logins::log_out(const Request& request) {
    const auto at = sessions_.find(session_of(request));
    if (at != sessions_.end()) sessions_.erase(at);
}

std::optional<User> Logins::who(const Request& request, Role role) {
    const auto at = sessions_.find(session_of(request));
    if (at == sessions_.end()) return std::nullopt;
    if (at->second.until <= env_.clock.mono()) {
        sessions_.erase(at);
        return std::nullopt;
    }
    for (const User& u : users_) {
        if (u.id == at->second.user && u.roles.contains(role)) return u;
    }
    return std::nullopt;
}

}  // namespace paso
