#include <catch2/catch.hpp>

#include "core/barcode/link_payloads.hpp"
#include "core/encoding/base64.hpp"
#include "core/encoding/cbor.hpp"

using namespace paso;

namespace {

std::string_view url_error(std::string_view text) {
    const auto url = parse_url(as_bytes(text));
    return url ? std::string_view{"fine"} : url.error().code;
}

// Device engagement with a key that is none and these transports.
Bytes engagement(const std::vector<std::uint64_t>& transports) {
    CborWriter w;
    w.map(3).key(0).text("1.0");
    w.key(1).array(2).integer(1).raw(*from_hex("d818")).bytes(Bytes(40, std::byte{1}));
    w.key(2).array(transports.size());
    for (const std::uint64_t t : transports) w.array(3).unsigned_integer(t).integer(1).map(0);
    return w.take();
}

std::string payload(ByteView cbor) { return "mdoc:" + base64url(cbor); }

std::string_view mdoc_error(std::string_view text) {
    const auto mdoc = parse_mdoc(as_bytes(text));
    return mdoc ? std::string_view{"fine"} : mdoc.error().code;
}

}  // namespace

TEST_CASE("a link is kept as scheme and host, nothing more") {
    const auto url = parse_url(as_bytes("HTTPS://Border.Example.UT:8443/visa?number=X123#top"));
    REQUIRE(url);
    CHECK(*url == Url{"https", "border.example.ut", 51});
    CHECK(looks_like_url(as_bytes("http://a")));
    CHECK_FALSE(looks_like_url(as_bytes("httpx://a")));
    CHECK_FALSE(looks_like_url(as_bytes("javascript:alert(1)")));
    CHECK(parse_url(as_bytes("http://[2001:db8::1]:80/"))->host == "[2001:db8::1]");
}

TEST_CASE("links that programs do not agree on are errors") {
    CHECK(url_error("ftp://a") == "url.scheme");
    CHECK(url_error("") == "url.scheme");
    CHECK(url_error("https://") == "url.host");
    CHECK(url_error("https://border.example.ut@elsewhere.example/") == "url.user");
    CHECK(url_error("https://border.example.ut\\@elsewhere.example/") == "url.character");
    CHECK(url_error("https://border example/") == "url.character");
    CHECK(url_error("https://b\xC3\xB6rder.example/") == "url.character");
    CHECK(url_error("https://border%2Eexample/") == "url.host");
    CHECK(url_error("https://border.example:99999x/") == "url.port");
    CHECK(url_error("https://[::1/") == "url.host");
    CHECK(url_error("https://" + std::string(5000, 'a')) == "url.too_long");
    CHECK(url_error("https://" + std::string(254, 'a')) == "url.host");
}

TEST_CASE("the parts of a link") {
    const auto parts = split_url("http://host.example/a/b?x=1&RUN=2&y&RUN=3#RUN=4");
    REQUIRE(parts);
    CHECK_FALSE(parts->secure);
    CHECK(parts->path == "/a/b");
    CHECK(parts->query == "x=1&RUN=2&y&RUN=3");
    CHECK(parts->parameter("RUN") == "2");
    CHECK_FALSE(parts->parameter("y"));
    CHECK_FALSE(parts->parameter("RU"));
    CHECK(parts->is_at("host.example"));
    CHECK_FALSE(parts->is_at("ost.example"));
    CHECK_FALSE(split_url("http://host.example.evil.example/")->is_at("host.example"));
    CHECK_FALSE(split_url("http://host.example:8080/")->is_at("host.example"));
    CHECK(split_url("HTTPS://HOST.EXAMPLE:443")->is_at("host.example"));
    CHECK(split_url("https://host.example?a=b")->parameter("a") == "b");
}

TEST_CASE("the invitation of a mobile driving licence is recognised and never a document") {
    const auto mdoc = parse_mdoc(as_bytes(payload(engagement({2, 1, 2, 9}))));
    REQUIRE(mdoc);
    CHECK(mdoc->version == "1.0");
    CHECK(mdoc->cipher_suite == 1);
    CHECK(mdoc->device_key_present);
    CHECK(mdoc->transports == std::vector{MdocTransport::bluetooth, MdocTransport::nfc, MdocTransport::other});
    CHECK(name(mdoc->transports[0]) == "Bluetooth");
    CHECK(parse_mdoc(as_bytes(payload(engagement({}))))->transports.empty());
    CHECK(looks_like_mdoc(as_bytes("MDOC:abc")));
    CHECK_FALSE(looks_like_mdoc(as_bytes("mdo")));
}

TEST_CASE("invitations that are none") {
    CHECK(mdoc_error("mdl:abc") == "mdoc.format");
    CHECK(mdoc_error("mdoc:") == "cbor.truncated");
    CHECK(mdoc_error("mdoc:!!!") == "base64.format");
    CHECK(mdoc_error("mdoc:" + std::string(5000, 'A')) == "mdoc.too_long");
    CHECK(mdoc_error(payload(*from_hex("a0"))) == "mdoc.structure");
    CHECK(mdoc_error(payload(*from_hex("a100f6"))) == "mdoc.structure");
    CHECK(mdoc_error(payload(*from_hex("a20063312e3001820100"))) == "mdoc.structure");
    const Bytes whole = engagement({2});
    for (std::size_t n = 0; n < whole.size(); ++n) {
        CHECK(mdoc_error(payload(ByteView{whole}.first(n))) != "fine");
    }
}
