#include "kiosk/station/post_file.hpp"

#include <optional>

#include "sync/config/settings.hpp"

namespace paso {
namespace {

template <class E>
std::optional<E> named(std::string_view text, std::initializer_list<E> all) {
    for (const E e : all) {
        if (name(e) == text) return e;
    }
    return std::nullopt;
}

}  // namespace

Result<Post> open_post_file(ByteView file, const std::vector<Ed25519Key>& keys) {
    const auto part = verify_signed_text(file, keys, 1);
    if (!part) return fail(part.error());
    return parse_post(as_text(*part));
}

Result<Post> parse_post(std::string_view text) {
    auto s = Settings::parse(text);
    if (!s) return fail("post.syntax", s.error().detail, s.error().place);
    Post post;
    post.state = s->text("state");
    post.post = s->text("post");
    post.lane = s->text("lane");
    const auto mode = named(s->text("mode"), {TravelMode::air, TravelMode::land, TravelMode::sea});
    const auto direction = named(s->text("direction"), {Direction::entry, Direction::exit});
    post.time_zone = s->text("time_zone");
    post.desk = s->text("desk");
    const std::string kind = s->text("kind");
    const std::string holder = s->text("holder_check");
    if (!mode) s->refuse("mode", "air, land or sea");
    if (!direction) s->refuse("direction", "entry or exit");
    if (kind != "demo" && kind != "live") s->refuse("kind", "demo or live");
    if (holder != "officer") s->refuse("holder_check", "officer is the only one yet");
    if (post.state.size() != 3) s->refuse("state", "three letters");
    if (const Status status = s->finish(); !status)
        return fail("post.field", status.error().detail, status.error().place);
    post.mode = *mode;
    post.direction = *direction;
    post.demo = kind == "demo";
    return post;
}

}  // namespace paso
