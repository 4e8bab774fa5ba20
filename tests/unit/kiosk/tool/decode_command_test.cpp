// `paso decode`: kinds and how far they are believed, ways to write bytes, files to trust, exit codes.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "core/encoding/base64.hpp"
#include "kiosk/tool/decode_command.hpp"
#include "kiosk/tool/trust_files.hpp"
#include "tests/support/barcode_samples.hpp"
#include "tests/support/manual_env.hpp"
#include "tests/support/vds_vectors.hpp"

using namespace paso;

namespace {

namespace json = boost::json;

const test::SigningState& state() {
    static const test::SigningState one;
    return one;
}

struct Answer {
    int code = -1;
    std::vector<json::object> lines;
    std::vector<std::string> errors;
    [[nodiscard]] const json::object& only() const {
        REQUIRE(lines.size() == 1);
        return lines.front();
    }
};

struct Bench {
    test::ManualEnv env;
    Bytes input;
    Bench() { env.clock.wall_now = test::SigningState::now; }
    void file(const std::string& path, ByteView bytes) { env.files.content[path] = to_bytes(bytes); }
    void file(const std::string& path, std::string_view text) { file(path, as_bytes(text)); }
    Answer ask(const DecodeOptions& options) {
        Answer a;
        a.code = decode_payloads(env.env, options,
                                 {[this](std::size_t) { return Result<Bytes>{input}; },
                                  [&a](const std::string& line) { a.lines.push_back(json::parse(line).as_object()); },
                                  [&a](const std::string& line) { a.errors.push_back(line); }});
        return a;
    }
    Answer ask_text(std::string_view text, Writing writing = Writing::plain) {
        file("f", text);
        return ask({.files = {"f"}, .writing = writing});
    }
};

std::string_view text(const json::object& o, std::string_view member) { return o.at(member).as_string(); }
const json::object& content(const json::object& line) { return line.at("content").as_object(); }
std::string codes(const json::object& line) {
    std::string out;
    for (const json::value& p : line.at("problems").as_array()) out += std::string{text(p.as_object(), "code")} + " ";
    return out;
}

std::string pem(ByteView der) {
    return "-----BEGIN CERTIFICATE-----\n" + base64(der) + "\n-----END CERTIFICATE-----\n";
}

constexpr std::string_view td3 =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

}  // namespace

TEST_CASE("each kind is one line with the five members") {
    Bench b;
    std::vector<std::string> files;
    const auto samples = state().samples();
    for (const test::BarcodeSample& s : samples) {
        b.file(s.name, s.payload);
        files.push_back(s.name);
    }
    const Answer a = b.ask({.files = files});
    CHECK(a.code == 0);
    REQUIRE(a.lines.size() == samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        INFO(samples[i].name);
        CHECK(text(a.lines[i], "source") == samples[i].name);
        CHECK(text(a.lines[i], "kind") == name(samples[i].kind));
        CHECK(a.lines[i].size() == 5);
        CHECK(text(content(a.lines[i]), "sha256").size() == 64);
    }
    CHECK(text(content(a.lines[2]), "birth") == "1974-08-12");
    CHECK(text(content(a.lines[0]).at("legs").at(1).as_object(), "to") == "UTC");
    CHECK(content(a.lines[1]).at("features").at(3).at("value") == "P1234567");
    CHECK(content(a.lines[3]).at("entry").at("target") == "yellow_fever");
    CHECK(content(a.lines[14]).at("host") == "example.org");
}

TEST_CASE("the text of an MRZ has a kind of its own") {
    Bench b;
    const Answer a = b.ask_text(td3);
    CHECK(a.code == 0);
    CHECK(text(a.only(), "kind") == "Mrz");
    CHECK(content(a.only()).at("fields").at("surname") == "ERIKSSON");
    CHECK(content(a.only()).at("check_digits").at("composite") == "passed");
    std::string with_cr{td3};
    with_cr.replace(44, 1, "\r\n");
    CHECK(text(b.ask_text(with_cr).only(), "kind") == "Mrz");
    std::string cut{td3};
    cut.erase(60, 1);
    const Answer none = b.ask_text(cut);
    CHECK(none.code == 3);
    CHECK(text(none.only(), "kind") == "Unknown");
    CHECK(codes(none.only()) == "mrz.shape ");
}

TEST_CASE("bytes may be written as they are, in base64 or in hexadecimal, and come by standard input") {
    Bench b;
    const Bytes seal = state().visa_seal();
    const std::string hex = to_hex(seal);
    CHECK(text(b.ask_text(hex.substr(0, 60) + "\n" + hex.substr(60) + "\n", Writing::hex).only(), "kind") ==
          "VisibleSeal");
    CHECK(text(b.ask_text(base64(seal) + "\n", Writing::base64).only(), "kind") == "VisibleSeal");
    b.input = seal;
    const Answer a = b.ask({.files = {"-"}});
    CHECK(text(a.only(), "source") == "-");
    CHECK(text(a.only(), "kind") == "VisibleSeal");
    CHECK(b.ask_text("abc", Writing::hex).code == 1);
    CHECK(codes(b.ask_text("abc", Writing::hex).only()) == "decode.hex ");
    CHECK(codes(b.ask_text("!", Writing::base64).only()) == "base64.format ");
    // The line end of an editor belongs to no payload; the bytes of a symbol stay as they are.
    CHECK(content(b.ask_text("https://example.org\n").only()).at("size") == 19);
    CHECK(content(b.ask_text("x\x1d\n").only()).at("size") == 3);
}

TEST_CASE("exit codes: known, unknown, unreadable, wrong options") {
    Bench b;
    b.file("pass", test::utopian_pass());
    b.file("other", "something else");
    CHECK(b.ask({.files = {"pass"}}).code == 0);
    const Answer some = b.ask({.files = {"pass", "other"}});
    CHECK(some.code == 3);
    CHECK(some.lines.size() == 2);
    const Answer missing = b.ask({.files = {"gone", "other", "pass"}});
    CHECK(missing.code == 1);
    CHECK(missing.lines.size() == 3);
    CHECK(codes(missing.lines[0]) == "file.missing ");
    const Answer date = b.ask({.files = {"pass"}, .date = "1.1.2026"});
    CHECK(date.code == 2);
    CHECK(date.lines.empty());
    CHECK(date.errors.size() == 1);
    CHECK(b.ask({.files = {"pass"}, .trust = {"gone"}}).code == 1);
}

TEST_CASE("a broken payload names the kind that it claims, and where it breaks") {
    Bench b;
    const Answer a = b.ask_text("RDB1Z");
    CHECK(a.code == 3);
    CHECK(content(a.only()).at("claimed") == "BarcodeDataStructure");
    CHECK(a.only().at("problems").at(0).at("offset") == 4);
}

TEST_CASE("the day of reading decides years, and what is in force") {
    Bench b;
    b.file("pass", test::utopian_pass());
    const auto flown = [&](const std::string& date) {
        const Answer a = b.ask({.files = {"pass"}, .date = date});
        return std::string{text(content(a.only()).at("legs").at(0).as_object(), "date_inferred")};
    };
    CHECK(flown("") == "2026-11-24");
    CHECK(flown("2024-11-20") == "2024-11-23");
    b.file("health", state().yellow_fever());
    b.file("key", pem(state().health().der()));
    CHECK(text(b.ask({.files = {"health"}, .trust = {"key"}}).only(), "assurance") == "chain_and_profile");
    const Answer late = b.ask({.files = {"health"}, .trust = {"key"}, .date = "2029-01-01"});
    CHECK(text(late.only(), "assurance") == "chain");
    CHECK(codes(late.only()) == "health.expired ");
}

TEST_CASE("files to trust: DER, PEM with several certificates, master lists") {
    Bench b;
    b.file("seal", state().visa_seal());
    b.file("csca.der", state().authority().der());
    b.file("signer.der", state().signer().der());
    b.file("both.pem", "a remark\n" + pem(state().authority().der()) + pem(state().signer().der()));
    const auto assurance = [&](const std::vector<std::string>& trust) {
        return std::string{text(b.ask({.files = {"seal"}, .trust = trust}).only(), "assurance")};
    };
    CHECK(assurance({}) == "structure");
    CHECK(assurance({"csca.der"}) == "structure");  // the signer is not here
    CHECK(assurance({"signer.der"}) == "signature");
    CHECK(assurance({"csca.der", "signer.der"}) == "chain_and_profile");
    CHECK(assurance({"both.pem"}) == "chain_and_profile");

    const test::SealSigner list_signer({.name = "ML", .serial = 9, .usage = "2.23.136.1.1.3"}, &state().authority());
    Bytes set;
    put_tlv(set, 0x31, state().authority().der());
    Bytes body{std::byte{2}, std::byte{1}, std::byte{0}};
    body.insert(body.end(), set.begin(), set.end());
    Bytes content;
    put_tlv(content, 0x30, body);
    b.file("list.ml", list_signer.sign_cms(content, "2.23.136.1.1.2", {&state().authority()}));
    const auto list = read_trust_files(b.env.env, {"list.ml"}, test::SigningState::now);
    if (!list) FAIL(describe(list.error()));
    CHECK(list->anchors.authorities.size() == 1);
    CHECK(list->remarks.size() == 1);
    // An authority that was named vouches for it, in whatever order.
    const auto named = read_trust_files(b.env.env, {"list.ml", "csca.der"}, test::SigningState::now);
    CHECK(named.value().remarks.empty());

    b.file("nothing", "what is this");
    b.file("open.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
    b.file("bad.pem", pem(as_bytes("no certificate")));
    const auto error = [&](const std::string& path) {
        return read_trust_files(b.env.env, {path}, test::SigningState::now).error();
    };
    CHECK(error("nothing").code == "trust.format");
    CHECK(error("nothing").detail.starts_with("nothing: neither certificates"));
    CHECK(error("open.pem").code == "trust.pem");
    CHECK(error("bad.pem").code == "trust.format");
    CHECK(error("gone").code == "file.missing");
}

TEST_CASE("the published test seals decode") {
    const auto seals = test::test_seals("dc");
    Bench b;
    for (const auto& s : seals) {
        INFO(s.title);
        b.file("seal", s.payload);
        const Answer a = b.ask({.files = {"seal"}, .writing = Writing::hex});
        CHECK(a.code == 0);
        CHECK(text(a.only(), "kind") == "VisibleSeal");
    }
}
