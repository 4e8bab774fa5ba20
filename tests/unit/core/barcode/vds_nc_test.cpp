#include "core/barcode/vds_nc.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/effort.hpp"
#include "tests/support/seal_signers.hpp"
#include "tests/support/vectors.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const WallTime now{1'790'000'000'000};  // 2026-09-21
constexpr const char* usage = "2.23.136.1.1.14.2";

struct House {
    SealSigner authority{{.curve = "secp384r1", .authority = true}};
    SealSigner signer{{.curve = "prime256v1", .name = "05", .usage = usage, .document_types = {"NV"}}, &authority};
    TrustAnchors anchors;
    House() {
        anchors.authorities = {authority.certificate()};
        anchors.as_of = now;
    }
    std::string write(const std::string& message, const std::string& issuer = "UTO",
                      const std::string& type = "icao.vacc") const {
        const VdsNcDraft draft{.type = type, .issuer = issuer, .message = message, .certificate = signer.der()};
        return write_vds_nc(draft, [this](ByteView m) { return signer.sign_raw(m); }).value();
    }
    VdsNc read(std::string_view text) const {
        auto seal = parse_vds_nc(as_bytes(text), anchors, now);
        if (!seal) throw std::runtime_error(describe(seal.error()));
        return std::move(*seal);
    }
    std::string_view code(std::string_view text) const {
        const auto seal = parse_vds_nc(as_bytes(text), anchors, now);
        return seal ? "read" : seal.error().code;
    }
};

const std::string vaccinated =
    R"({"uvci":"U32870","pid":{"n":"Cook Gerald","dob":"1990-01-29","i":"E1234567P","sex":"M"},)"
    R"("ve":[{"des":"XM68M6","nam":"Fever","vd":[{"dvc":"2026-03-03","seq":1,"ctr":"UTO"}]}]})";

std::string of(const VdsNcSeal& seal, std::string_view pointer) {
    for (const VdsNcField& f : seal.fields)
        if (f.pointer == pointer) return f.value.reveal();
    return "(none)";
}
bool has(const VdsNcSeal& seal, std::string_view problem) {
    return std::find(seal.problems.begin(), seal.problems.end(), problem) != seal.problems.end();
}
std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a vaccination proof of a known State: chain and profile, every leaf with its pointer") {
    const House h;
    const std::string text = h.write(vaccinated);
    CHECK(looks_like_vds_nc(as_bytes(text)));
    const VdsNc all = h.read(text);
    CHECK(all.assurance == Assurance::chain_and_profile);
    CHECK_FALSE(all.array);
    REQUIRE(all.seals.size() == 1);
    const VdsNcSeal& seal = all.seals[0];
    CHECK(seal.type == "icao.vacc");
    CHECK(seal.version == 1);
    CHECK(seal.issuer == "UTO");
    CHECK(seal.problems.empty());
    CHECK(seal.fields.size() == 10);
    CHECK(of(seal, "/data/msg/pid/n") == "Cook Gerald");
    CHECK(of(seal, "/data/msg/ve/0/vd/0/seq") == "1");
    CHECK(seal.fields[4].pointer == "/data/msg/uvci");  // in the order of the payload, which is canonical here
    const auto passport = std::find_if(seal.fields.begin(), seal.fields.end(),
                                       [](const VdsNcField& f) { return f.meaning == SealMeaning::passport_number; });
    REQUIRE(passport != seal.fields.end());
    CHECK(passport->value.reveal() == "E1234567P");
}

TEST_CASE("order, white space and escapes do not matter to the signature, content does") {
    const House h;
    const std::string text = h.write(vaccinated);
    CHECK(h.read(replaced(text, R"({"hdr")", "\n{ \"hdr\"")).assurance == Assurance::chain_and_profile);
    CHECK(h.read(replaced(text, "Cook Gerald", R"(\u0043ook Gerald)")).assurance == Assurance::chain_and_profile);
    const VdsNc other = h.read(replaced(text, "Cook Gerald", "Cook Gerard"));
    CHECK(other.assurance == Assurance::structure);
    CHECK(other.seals[0].trust.signature == Check::failed);
    CHECK(h.code(replaced(text, R"("seq":1)", R"("seq":1,"seq":1)")) == "json.duplicate");
    CHECK(h.code(replaced(text, R"("seq":1)", R"("seq":1.00000000000000000001)")) == "json.number");
    CHECK(h.read(replaced(text, R"("seq":1)", R"("seq":1.0)")).assurance == Assurance::chain_and_profile);
    const VdsNc extra = h.read(replaced(text, R"({"data")", R"({"note":"x","data")"));
    CHECK(has(extra.seals[0], "vdsnc.extra"));
}

TEST_CASE("Japan's array of seals: all are read, the least assurance counts") {
    const House h;
    const std::string one = h.write(vaccinated);
    const VdsNc good = h.read("[" + one + "," + one + "]");
    CHECK(good.array);
    CHECK(good.seals.size() == 2);
    CHECK(good.assurance == Assurance::chain_and_profile);
    CHECK(of(good.seals[1], "/1/data/msg/pid/n") == "Cook Gerald");
    CHECK(h.read("[" + one + "," + replaced(one, "Cook", "Book") + "]").assurance == Assurance::structure);
    std::string nine = "[" + one;
    for (int i = 0; i < 8; ++i) nine += "," + one;
    CHECK(h.code(nine + "]") == "vdsnc.too_many");
    CHECK(h.code("[]") == "vdsnc.shape");
}

TEST_CASE("every single bit of a signed proof counts") {
    const House h;
    const std::string good = h.write(R"({"uvci":"U1","pid":{"n":"A"}})");
    const std::size_t certificate = good.find("\"cer\":") + 7;
    const std::size_t end = good.find('"', certificate);
    for (std::size_t bit = 0; bit < good.size() * 8; bit += test::each) {
        std::string changed = good;
        changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ 1U << bit % 8);
        const auto seal = parse_vds_nc(as_bytes(changed), h.anchors, now);
        // A bit of the certificate may leave its key as it is: then the chain breaks.
        const bool inside = bit / 8 >= certificate && bit / 8 < end;
        const Assurance most = inside ? Assurance::signature : Assurance::structure;
        if (seal && seal->assurance > most) FAIL_CHECK("bit " << bit << " may change");
    }
}

TEST_CASE("what stands against a proof") {
    const House h;
    const auto with = [&h](const SignerOptions& o, const std::string& algorithm = "ES256") {
        const SealSigner signer(o, &h.authority);
        const VdsNcDraft draft{.type = "icao.vacc",
                               .issuer = "UTO",
                               .message = vaccinated,
                               .algorithm = algorithm,
                               .certificate = signer.der()};
        return h.read(write_vds_nc(draft, [&signer](ByteView m) { return signer.sign_raw(m); }).value());
    };
    const SignerOptions good{.curve = "prime256v1", .usage = usage, .document_types = {"NV"}};
    CHECK(with(good).assurance == Assurance::chain_and_profile);
    SignerOptions o = good;
    o.usage = "2.23.136.1.1.3";
    CHECK(with(o).assurance == Assurance::signature);
    o = good;
    o.document_types = {"NT"};
    CHECK(with(o).assurance == Assurance::signature);
    o = good;
    o.until = now + std::chrono::hours{-1};
    CHECK(with(o).seals[0].trust.chain.chain == Check::failed);
    o = good;
    o.curve = "secp521r1";
    CHECK(with(o, "ES512").assurance == Assurance::chain_and_profile);
    CHECK(has(with(o).seals[0], "vdsnc.algorithm"));
    CHECK(with(o).assurance == Assurance::structure);
    CHECK(h.read(h.write(vaccinated, "FRA")).assurance == Assurance::signature);
    CHECK(has(h.read(h.write("{}", "UTO", "icao.other")).seals[0], "vdsnc.type"));
    const std::string text = h.write(vaccinated);
    CHECK(has(h.read(replaced(text, R"("cer":")", R"("cer":"AA)")).seals[0], "vdsnc.certificate"));
    CHECK(has(h.read(replaced(text, R"("sigvl":")", R"("sigvl":"AAAA)")).seals[0], "vdsnc.signature_size"));
    House stale;
    stale.anchors.as_of = now + std::chrono::hours{-24 * 365};
    CHECK(stale.read(stale.write(vaccinated)).assurance == Assurance::signature);
    CHECK(stale.read(stale.write(vaccinated)).seals[0].trust.chain.cause == Cause::list_stale);
}

TEST_CASE("no proof") {
    const House h;
    CHECK(h.code("") == "json.syntax");
    CHECK(h.code("1") == "vdsnc.shape");
    CHECK(h.code("{}") == "vdsnc.shape");
    CHECK(h.code(R"({"data":{},"sig":{}})") == "vdsnc.shape");
    const std::string text = h.write(vaccinated);
    for (const std::string_view part :
         {"\"hdr\"", "\"t\"", "\"v\"", "\"is\"", "\"msg\"", "\"alg\"", "\"cer\"", "\"sigvl\"", "\"sig\""})
        CHECK(h.code(replaced(text, part, "\"x\"")) == "vdsnc.shape");
    CHECK(h.code(replaced(text, R"("v":1)", R"("v":1.5)")) == "vdsnc.shape");
    CHECK(h.code(replaced(text, R"("v":1)", R"("v":-1)")) == "vdsnc.shape");
    CHECK_FALSE(looks_like_vds_nc(as_bytes("{}")));
    CHECK_FALSE(looks_like_vds_nc({}));
}

TEST_CASE("proofs survive write and read") {
    const House h;
    std::mt19937 r(5);
    for (int i = 0; i < 100; ++i) {
        std::string message = "{";
        std::vector<std::pair<std::string, std::string>> wanted;
        for (unsigned k = 0; k < 1 + r() % 12; ++k) {
            const std::string name = "n" + std::to_string(k) + (r() % 3 == 0 ? "\u00e9" : "");
            const std::string value = std::to_string(r()) + (r() % 2 == 0 ? "\u20ac~/" : "");
            if (k > 0) message += ",";
            message += "\"" + name + "\":\"" + value + "\"";
            wanted.emplace_back("/data/msg/" + name, value);
        }
        const VdsNc seal = h.read(h.write(message + "}"));
        REQUIRE(seal.assurance == Assurance::chain_and_profile);
        REQUIRE(seal.seals[0].fields.size() == wanted.size());
        for (const auto& [pointer, value] : wanted) REQUIRE(of(seal.seals[0], pointer) == value);
    }
}

TEST_CASE("the published proof of test of the State of Utopia verifies with the certificate that it brings") {
    const auto json = vector_file("vdsnc/uto_proof_of_test.json");
    if (!json) return;
    CHECK(looks_like_vds_nc(*json));
    const WallTime then{1'640'000'000'000};  // 2021-12-20
    TrustAnchors anchors;
    anchors.as_of = then;
    const auto all = parse_vds_nc(*json, anchors, then);
    REQUIRE(all);
    REQUIRE(all->seals.size() == 1);
    const VdsNcSeal& seal = all->seals[0];
    CHECK(seal.type == "icao.test");
    CHECK(seal.issuer == "UTO");
    CHECK(seal.problems.empty());
    CHECK(seal.trust.signature == Check::passed);
    CHECK(seal.trust.assurance == Assurance::signature);  // its authority was not published
    CHECK(seal.trust.chain.chain == Check::unknown);
    CHECK(seal.trust.chain.profile == Check::passed);
    CHECK(of(seal, "/data/msg/pid/dn") == "E1234567P");
    CHECK(of(seal, "/data/msg/tr/tc") == "molecular(PCR)");
    std::string changed{as_text(*json)};
    changed[changed.find("negative")] = 'N';
    CHECK(parse_vds_nc(as_bytes(changed), anchors, then)->seals[0].trust.signature == Check::failed);
}
