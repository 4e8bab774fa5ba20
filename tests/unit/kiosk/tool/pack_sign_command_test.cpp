#include "kiosk/tool/pack_sign_command.hpp"

#include <sodium.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/inspection/inspection.hpp"
#include "core/trust/signed_text.hpp"
#include "tests/support/manual_env.hpp"
#include "tests/support/memory_files.hpp"

using namespace paso;

namespace {

std::string shipped() {
    std::ifstream in(std::string{PASO_SOURCE_DIR} + "/deploy/packs/uto-demo.toml", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Signers {
    test::ManualClock clock;
    test::CountingEntropy entropy;
    test::MemoryFiles files;
    Env env{clock, entropy, files};
    std::vector<std::string> out;
    std::vector<std::string> errors;

    static PackSigner official(unsigned char seed) {
        REQUIRE(sodium_init() >= 0);
        std::array<unsigned char, 32> seed_bytes{};
        seed_bytes.fill(seed);
        std::array<unsigned char, 32> key{};
        std::array<unsigned char, 64> secret{};
        crypto_sign_seed_keypair(key.data(), secret.data(), seed_bytes.data());
        PackSigner s;
        std::copy_n(reinterpret_cast<const std::byte*>(key.data()), key.size(), s.key.begin());
        s.sign = [secret](ByteView m) {
            Ed25519Signature signature{};
            crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                                 reinterpret_cast<const unsigned char*>(m.data()), m.size(), secret.data());
            return signature;
        };
        return s;
    }
    int sign(const PackSigner& who, const std::optional<PackKeys>& trust = {}) {
        out.clear();
        errors.clear();
        return sign_pack(
            env, "pack", who, trust, schema(), [this](const std::string& l) { out.push_back(l); },
            [this](const std::string& l) { errors.push_back(l); });
    }
    void put(const std::string& text) { files.content["pack"] = to_bytes(as_bytes(text)); }
    bool complains(std::string_view words) const {
        return errors.size() == 1 && errors[0].find(words) != std::string::npos;
    }
};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    text.replace(text.find(what), what.size(), by);
    return text;
}

}  // namespace

TEST_CASE("two officials sign, and a station that needs two opens the pack") {
    Signers s;
    s.put(shipped());
    const PackSigner a = Signers::official(1);
    const PackSigner b = Signers::official(2);
    const PackKeys trust{{a.key, b.key, Signers::official(3).key}, 2};
    CHECK(s.sign(a, trust) == 0);
    CHECK(s.out.back().starts_with("not yet: signature.threshold"));
    CHECK_FALSE(open_pack(s.files.content["pack"], trust, schema()));
    CHECK(s.sign(a, trust) == 1);  // nobody counts twice
    CHECK(s.complains("signed it already"));
    CHECK(s.sign(b, trust) == 0);
    CHECK(s.out.front().find(": 2 signatures") != std::string::npos);
    CHECK(s.out.back() == "a station with this trust file opens it");
    REQUIRE(open_pack(s.files.content["pack"], trust, schema()));
    CHECK(open_pack(s.files.content["pack"], {{a.key}, 2}, schema()).error().code == "signature.threshold");
}

TEST_CASE("what is not whole or not sound is not signed, and the file stays as it is") {
    Signers s;
    const auto untouched = [&](const std::string& text, std::string_view why) {
        s.put(text);
        INFO(why);
        CHECK(s.sign(Signers::official(1)) == 1);
        CHECK(s.complains(why));
        CHECK(as_text(s.files.content["pack"]) == text);
    };
    const std::string good = shipped();
    untouched(good.substr(0, good.find("[[file]]")) + good.substr(good.find("[baseline.adult]")), "table.missing");
    untouched(replaced(good, "expect = \"clear\"", "expect = \"officer\"\nreasons = [\"expired\"]"), "does not hold");
    untouched(good.substr(0, good.find("[baseline.adult]")), "no tests");
    untouched(replaced(good, "[[reason]]\n",
                       "[[reason]]\ncode = \"spare\"\nen = { traveller = \"a\", officer = \"b\" }\n"
                       "es = { traveller = \"a\", officer = \"b\" }\nar = { traveller = \"a\", "
                       "officer = \"b\" }\n[[reason]]\n"),
              "reason_unused");
    untouched("id = \n", "pack.syntax");
    s.put(good);
    REQUIRE(s.sign(Signers::official(1)) == 0);
    std::string later{as_text(s.files.content["pack"])};
    later = replaced(later, "2026.11.1", "2026.11.2");  // changed after a colleague had signed
    untouched(later, "signature.threshold");
}
