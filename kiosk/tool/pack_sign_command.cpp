#include "kiosk/tool/pack_sign_command.hpp"

#include <algorithm>

#include "core/rules/checks.hpp"
#include "core/trust/signed_text.hpp"

namespace paso {
namespace {

constexpr std::size_t max_file = 4UL << 20U;

// Why nobody should sign this pack yet, or nothing.
std::optional<std::string> objection(const Pack& pack, const Schema& schema) {
    const auto tests = run_pack_tests(pack);
    if (tests.empty()) return "the pack has no tests";
    const auto failed = std::find_if(tests.begin(), tests.end(), [](const PackTestResult& t) { return !t.passed; });
    if (failed != tests.end()) return "a test of the pack does not hold: " + failed->name;
    for (const CheckFinding& f : check_pack(pack, schema)) {
        if (f.certainty == Certainty::found)
            return std::string{name(f.check)} + ": " + (f.rule.empty() ? "" : "rule " + f.rule + ": ") + f.message;
    }
    return std::nullopt;
}

// The keys that signed it already; each signature must hold. Error: "signature.*".
Result<std::vector<Ed25519Key>> signers_of(ByteView file) {
    const auto keys = signing_keys(file);
    if (!keys || keys->empty()) return keys;
    if (const auto all = verify_signed_text(file, *keys, keys->size()); !all) return fail(all.error());
    return keys;
}

}  // namespace

int sign_pack(Env& env, const std::string& path, const PackSigner& signer, const std::optional<PackKeys>& trust,
              const Schema& schema, const PrintLine& out, const PrintLine& err) {
    const auto refuse = [&](const std::string& why) { return err(path + ": " + why), 1; };
    auto bytes = env.files.read(path, max_file);
    if (!bytes) return refuse(describe(bytes.error()));
    if (!bytes->empty() && bytes->back() != std::byte{'\n'}) bytes->push_back(std::byte{'\n'});
    const auto pack = parse_draft(*bytes, schema);
    if (!pack) return refuse(describe(pack.error()));
    if (const auto why = objection(*pack, schema)) return refuse(*why);
    const auto before = signers_of(*bytes);
    if (!before) return refuse(describe(before.error()));
    if (std::find(before->begin(), before->end(), signer.key) != before->end())
        return refuse("this official signed it already");
    const Bytes file = with_signature(*bytes, signer.key, signer.sign(signed_part(*bytes)));
    if (const Status s = env.files.replace(path, file, false); !s) return refuse(describe(s.error()));
    const PackIdentity& id = pack->identity();
    out(id.id + " " + id.version + " " + to_hex(id.hash).substr(0, 16) + ": " + std::to_string(before->size() + 1) +
        " signatures");
    if (!trust) return 0;
    const auto opened = open_pack(file, *trust, schema);
    out(opened ? "a station with this trust file opens it" : "not yet: " + describe(opened.error()));
    return 0;
}

}  // namespace paso
