#include "kiosk/station/station.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/trust/signed_text.hpp"
#include "sync/host/host_env.hpp"
#include "sync/keys/key_ring.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;

namespace {

constexpr std::string_view post_text = R"(state = "UTO"
post = "Puente Nuevo"
lane = "1"
mode = "land"
direction = "exit"
time_zone = "America/Asuncion"
desk = "3"
kind = "live"
holder_check = "officer"
)";

struct Official {
    test::ManualClock clock;
    test::CountingEntropy entropy;
    HostFiles files;
    std::string folder = [] {
        std::string name = "/tmp/paso-official-XXXXXX";
        REQUIRE(mkdtemp(name.data()) != nullptr);
        return name;
    }();
    Env env{clock, entropy, files};
    KeyRing keys = *KeyRing::open_signer(env, folder);

    Official() = default;
    Official(const Official&) = delete;
    Official& operator=(const Official&) = delete;
    ~Official() { std::filesystem::remove_all(folder); }

    [[nodiscard]] Bytes sign(std::string_view text) const {
        return with_signature(as_bytes(text), keys.log_public_key(), keys.sign(as_bytes(text)));
    }
};

std::string with(std::string_view line, std::string_view instead) {
    std::string out{post_text};
    out.replace(out.find(line), line.size(), instead);
    return out;
}

TimeZone zone(const std::string& name) {
    HostFiles files;
    const auto bytes = files.read("/usr/share/zoneinfo/" + name, 1U << 20U);
    REQUIRE(bytes);
    const auto z = TimeZone::parse(*bytes);
    REQUIRE(z);
    return *z;
}

// Milliseconds of a UTC time on a day.
WallTime at(std::string_view date, int hour, int minute = 0) {
    return {(std::int64_t{Date::parse(date)->days_since_1970()} * 24 + hour) * 3'600'000 + minute * 60'000};
}

}  // namespace

TEST_CASE("a post file opens with its signature, and with nothing else") {
    const Official official;
    const Bytes file = official.sign(post_text);
    const auto post = open_post_file(file, {official.keys.log_public_key()});
    REQUIRE(post);
    CHECK(post->state == "UTO");
    CHECK(post->direction == Direction::exit);
    CHECK(post->mode == TravelMode::land);
    CHECK_FALSE(post->demo);
    CHECK(post->desk == "3");
    CHECK(open_post_file(as_bytes(post_text), {official.keys.log_public_key()}).error().code == "signature.missing");
    CHECK(open_post_file(file, {Ed25519Key{}}).error().code == "signature.threshold");
    Bytes changed = file;
    const std::size_t live = as_text(file).find("live");
    std::copy_n(as_bytes("demo").begin(), 4, changed.begin() + static_cast<std::ptrdiff_t>(live));
    CHECK(open_post_file(changed, {official.keys.log_public_key()}).error().code == "signature.threshold");
}

TEST_CASE("what is wrong in a post file is named") {
    const Official official;
    const auto error = [&](const std::string& text) {
        const auto post = open_post_file(official.sign(text), {official.keys.log_public_key()});
        REQUIRE_FALSE(post);
        return post.error();
    };
    CHECK(error("state = \n").code == "post.syntax");
    CHECK(error(with("mode = \"land\"", "mode = \"rail\"")).detail == "mode: air, land or sea");
    CHECK(error(with("kind = \"live\"", "kind = \"test\"")).place.line == 8U);
    CHECK(error(with("state = \"UTO\"", "state = \"UT\"")).code == "post.field");
    CHECK(error(with("lane = \"1\"\n", "")).detail == "lane: is needed");
    CHECK(error(std::string{post_text} + "colour = \"red\"\n").code == "post.field");
}

TEST_CASE("the date at the post is the local one") {
    const TimeZone asuncion = zone("America/Asuncion");
    CHECK(asuncion.date_at(at("2026-11-24", 2, 30)) == *Date::parse("2026-11-23"));
    CHECK(asuncion.date_at(at("2026-11-24", 4, 30)) == *Date::parse("2026-11-24"));
    const TimeZone zurich = zone("Europe/Zurich");
    CHECK(zurich.offset_at(at("2026-07-01", 12)) == 7200);
    CHECK(zurich.offset_at(at("2026-12-01", 12)) == 3600);
    CHECK(zurich.date_at(at("2026-06-30", 22, 30)) == *Date::parse("2026-07-01"));
    CHECK(zurich.date_at(at("2026-12-31", 22, 59)) == *Date::parse("2026-12-31"));
    CHECK(TimeZone::utc().date_at(at("2026-11-24", 23, 59)) == *Date::parse("2026-11-24"));
}

TEST_CASE("damaged zone files are errors") {
    HostFiles files;
    const Bytes whole = *files.read("/usr/share/zoneinfo/Europe/Zurich", 1U << 20U);
    for (std::size_t n = 0; n + 60 < whole.size(); n += 13) CHECK_FALSE(TimeZone::parse(ByteView{whole}.first(n)));
    for (std::size_t i = 0; i < whole.size(); ++i) {
        Bytes mutated = whole;
        mutated[i] ^= std::byte{0xFF};
        (void)TimeZone::parse(mutated);
    }
    CHECK(is_zone_name("America/Argentina/Buenos_Aires"));
    for (const char* bad : {"", "/etc/passwd", "../x", "a//b", "a.b"}) CHECK_FALSE(is_zone_name(bad));
}

TEST_CASE("an unsure clock widens the day") {
    const auto [sure, a] = days_at(TimeZone::utc(), at("2026-11-24", 12), ClockState::sure);
    CHECK(sure == std::vector<Date>{*Date::parse("2026-11-24")});
    const auto [unsure, b] = days_at(TimeZone::utc(), at("2026-11-24", 12), ClockState::unsure);
    CHECK(unsure.size() == 3);
    CHECK(unsure.front() == *Date::parse("2026-11-24"));
    CHECK(a != b);
}

TEST_CASE("a peer whose clock is further off gives more days that it may be, and none while the clock is sure") {
    constexpr std::int64_t day = 86'400'000;
    const auto days = [](std::int64_t off, ClockState clock) {
        std::vector<std::string> out;
        for (const Date d : days_at(TimeZone::utc(), at("2026-11-24", 12), clock, off).first) out.push_back(d.iso());
        return out;
    };
    CHECK(days(10 * day, ClockState::unsure) ==
          std::vector<std::string>{"2026-11-24", "2026-11-23", "2026-11-25", "2026-12-04", "2026-12-03", "2026-12-05"});
    CHECK(days(-2 * day, ClockState::unsure) ==
          std::vector<std::string>{"2026-11-24", "2026-11-23", "2026-11-25", "2026-11-22", "2026-11-21"});
    CHECK(days(3'600'000, ClockState::unsure).size() == 3);
    CHECK(days(10 * day, ClockState::sure).size() == 1);
}

TEST_CASE("a list of numbers opens with an official's signature, and with nothing else") {
    const Official official;
    const std::vector<Ed25519Key> keys{official.keys.log_public_key()};
    const std::vector<Ed25519Key> others{Ed25519Key{}};
    const std::string text = "# as of 2026-11-20\nnumber\nC01\n";
    const auto list = NumberList::open(official.sign(text), keys);
    REQUIRE(list);
    CHECK(list->size() == 1);
    CHECK(NumberList::open(as_bytes(text), keys).error().code == "signature.missing");
    CHECK(NumberList::open(official.sign(text), others).error().code == "signature.threshold");
    Bytes changed = official.sign(text);
    changed[text.find("C01")] = std::byte{'D'};
    CHECK(NumberList::open(changed, keys).error().code == "signature.threshold");
    CHECK(NumberList::open(official.sign("number\n"), keys).error().code == "list.syntax");
}

TEST_CASE("a list of numbers has an age") {
    const auto list = NumberList::parse("# as of 2026-11-20\nnumber\nX0000LISTED\r\nC01\n\n");
    REQUIRE(list);
    CHECK(list->size() == 2);
    CHECK(list->check("C01", *Date::parse("2026-11-22"), 2).listed.value());
    CHECK_FALSE(list->check("C02", *Date::parse("2026-11-22"), 2).listed.value());
    CHECK(list->check("C01", *Date::parse("2026-11-23"), 2).listed.cause() == Cause::list_stale);
    CHECK(list->check("C01", *Date::parse("2026-11-19"), 2).listed.value());  // made across the date line
    CHECK(list->check("C01", *Date::parse("2026-11-18"), 2).listed.cause() == Cause::clock_unsure);
    const Date early = *Date::parse("2026-11-18");
    CHECK(list->stated("C01", {early}).find("list.age")->cause == Cause::clock_unsure);
    CHECK(list->stated("C01", {early, early.plus_days(1)}).find("list.age")->values.size() == 1);
    CHECK(NumberList::parse("").error().code == "list.syntax");
    CHECK(NumberList::parse("number\n").error().place.line == 1U);
    CHECK(NumberList::parse("# as of 2026-11-20\nnumbers\n").error().place.line == 2U);
    CHECK(NumberList::parse("# as of 2026-11-20\nnumber\nA\nno way\n").error().place.line == 4U);
}

TEST_CASE("the last good pack stays when a new one does not open") {
    Official official;
    struct Quiet final : Log {
        int lines = 0;
        void write(LogLevel, std::string_view, std::initializer_list<LogField>) override { ++lines; }
    } log;
    const auto sample = official.files.read(std::string{PASO_SOURCE_DIR} + "/deploy/packs/uto-demo.toml", 1U << 20U);
    REQUIRE(sample);
    const std::string path = official.folder + "/rules.pack";
    REQUIRE(official.files.replace(path, official.sign(as_text(*sample)), false));
    const PackKeys keys{{official.keys.log_public_key()}, 1};
    const auto first = open_station_pack(official.env, log, path, official.folder, keys);
    REQUIRE(first);
    CHECK(log.lines == 0);
    REQUIRE(official.files.replace(path, as_bytes("id = \n"), false));
    const auto second = open_station_pack(official.env, log, path, official.folder, keys);
    REQUIRE(second);
    CHECK(second->identity() == first->identity());
    CHECK(log.lines == 2);
    CHECK_FALSE(open_station_pack(official.env, log, path, "/nonexistent", keys));
}

TEST_CASE("whatever a bad pack is, the last good one stays; the next good one takes its place") {
    Official official;
    struct Codes final : Log {
        std::vector<std::string> lines;
        void write(LogLevel, std::string_view code, std::initializer_list<LogField>) override {
            lines.emplace_back(code);
        }
    } log;
    const auto sample = official.files.read(std::string{PASO_SOURCE_DIR} + "/deploy/packs/uto-demo.toml", 1U << 20U);
    REQUIRE(sample);
    const std::string good{as_text(*sample)};
    const std::string path = official.folder + "/rules.pack";
    Env second_env{official.clock, official.entropy, official.files};
    const std::string second_folder = official.folder + "/second";
    std::filesystem::create_directory(second_folder);
    const KeyRing colleague = *KeyRing::open_signer(second_env, second_folder);
    const PackKeys both{{official.keys.log_public_key(), colleague.log_public_key()}, 2};
    const auto signed_by_both = [&](const std::string& text) {
        const Bytes one = official.sign(text);
        return with_signature(one, colleague.log_public_key(), colleague.sign(signed_part(one)));
    };
    const auto open_now = [&] {
        log.lines.clear();
        return open_station_pack(official.env, log, path, official.folder, both);
    };
    REQUIRE(official.files.replace(path, signed_by_both(good), false));
    const auto first = open_now();
    REQUIRE(first);
    Bytes changed = signed_by_both(good);
    changed[200] ^= std::byte{1};
    std::string unsound = good;  // signed by both, but no pack: a fact that is not there
    unsound.replace(unsound.find("document.expiry < trip.today"), 15, "document.expyri");
    const std::pair<Bytes, std::string> bad[] = {{to_bytes(as_bytes(good)), "signature.missing"},
                                                 {official.sign(good), "signature.threshold"},
                                                 {changed, "signature.threshold"},
                                                 {signed_by_both(unsound), "pack.fact"},
                                                 {Bytes{}, "signature.missing"},
                                                 {Bytes((1U << 20U) + 1), "pack.too_large"}};
    for (const auto& [file, code] : bad) {
        INFO(code);
        REQUIRE(official.files.replace(path, file, false));
        const auto still = open_now();
        REQUIRE(still);
        CHECK(still->identity() == first->identity());
        CHECK(log.lines == std::vector<std::string>{code, "pack.last_good"});
    }
    std::string newer = good;
    newer.replace(newer.find("2026.11.1"), 9, "2026.12.1");
    REQUIRE(official.files.replace(path, signed_by_both(newer), false));
    CHECK(open_now()->identity().version == "2026.12.1");
    REQUIRE(official.files.replace(path, bad[0].first, false));
    CHECK(open_now()->identity().version == "2026.12.1");  // the last good one is the newest good one
}

TEST_CASE("kiosk settings are read, and what is missing is named") {
    const std::string text = R"(id = "uto-001-k1"
pages = "tcp:127.0.0.1:0"
data = "d"
keys = "k"
post = "p"
pack = "r"
trust = "t"
devices = ["paso-devices"]
[[peer]]
kind = "desk"
address = "tcp:127.0.0.1:1"
name = "uto-001-d1"
)";
    const auto c = parse_kiosk_config(text);
    REQUIRE(c);
    CHECK(c->peers.size() == 1);
    CHECK(c->languages == std::vector<std::string>{"en", "es", "ar"});
    CHECK(parse_kiosk_config("id = \"a\"").error().code == "config.missing");
    CHECK(parse_kiosk_config(text + "colour = 1\n").error().code == "config.unknown");
}

TEST_CASE("a zone that leaves daylight saving to a rule is not taken for one without") {
    const auto put = [&](std::string_view footer) {
        // Version 2, one type (UTC+1), no listed change: what a slim file of a zone may be.
        std::string header = "TZif2" + std::string(15, '\0') + std::string(16, '\0');
        header += std::string("\0\0\0\1\0\0\0\4", 8);
        const std::string data = std::string("\0\0\x0e\x10\0\0", 6) + std::string("CET\0", 4);
        return to_bytes(as_bytes(header + data + header + data + "\n" + std::string{footer} + "\n"));
    };
    const auto plain = TimeZone::parse(put("CET-1"));
    REQUIRE(plain);
    CHECK(plain->offset_at(at("2026-07-01", 12)) == 3600);
    const auto rule = TimeZone::parse(put("CET-1CEST,M3.5.0,M10.5.0/3"));
    REQUIRE_FALSE(rule);
    CHECK(rule.error().code == "zone.slim");
}

TEST_CASE("the traveller's pages stay on this machine") {
    for (const char* near : {"tcp:127.0.0.1:8080", "tcp:[::1]:80", "tcp:localhost:0", "unix:/run/paso/pages"})
        CHECK(is_loopback(near));
    for (const char* far :
         {"tcp:0.0.0.0:80", "tcp:[::]:80", "tcp:192.0.2.1:80", "tcp:post.example:80", "127.0.0.1", ""})
        CHECK_FALSE(is_loopback(far));
    const auto error = parse_kiosk_config(
                           "id = \"uto-001-k1\"\npages = \"tcp:0.0.0.0:80\"\ndata = \"d\"\nkeys = \"k\"\npost = \"p\"\n"
                           "pack = \"r\"\ntrust = \"t\"\ndevices = [\"x\"]\n")
                           .error();
    CHECK(error.code == "config.value");
    CHECK(error.place.line == 2U);
}

TEST_CASE("every zone of this system opens") {
    HostFiles files;
    const auto table = files.read("/usr/share/zoneinfo/zone1970.tab", 1U << 20U);
    REQUIRE(table);
    std::string_view text = as_text(*table);
    int opened = 0;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;
        std::string_view name = line.substr(line.find('\t', line.find('\t') + 1) + 1);
        name = name.substr(0, name.find('\t'));
        INFO(name);
        CHECK(is_zone_name(name));
        (void)zone(std::string{name});
        ++opened;
    }
    CHECK(opened > 300);
}
