#include "kiosk/tool/pack_command.hpp"

#include <boost/json.hpp>
#include <utility>

#include "core/rules/checks.hpp"
#include "core/trust/signed_text.hpp"

namespace paso {
namespace {

constexpr std::size_t max_file = 4UL << 20U;

struct Draft {
    Bytes bytes;
    std::vector<PackFile> files;
};

Result<Draft> read_draft(Env& env, const std::string& path) {
    auto bytes = env.files.read(path, max_file);
    if (!bytes) return fail(bytes.error());
    Draft out{std::move(*bytes), {}};
    const auto missing = missing_files(out.bytes);
    if (!missing) return fail(missing.error());
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    for (const std::string& name : *missing) {
        const auto file = env.files.read(folder + name, max_file);
        if (!file) return fail(file.error().code, folder + name);
        out.files.push_back({name, std::string{as_text(*file)}});
    }
    return out;
}

int complain(const PrintLine& err, const std::string& path, const Error& error) {
    err(path + ": " + describe(error));
    return 1;
}

}  // namespace

Result<Pack> load_draft(Env& env, const std::string& path, const Schema& schema) {
    const auto draft = read_draft(env, path);
    if (!draft) return fail(draft.error());
    return parse_draft(draft->bytes, schema, draft->files);
}

int show_pack_tests(Env& env, const std::string& path, const Schema& schema, const PrintLine& out,
                    const PrintLine& err) {
    const auto pack = load_draft(env, path, schema);
    if (!pack) return complain(err, path, pack.error());
    const auto results = run_pack_tests(*pack);
    std::size_t failed = 0;
    for (const PackTestResult& r : results) {
        if (r.passed) continue;
        ++failed;
        out("failed: " + r.name + ": " + r.explanation);
    }
    out(pack->identity().id + " " + pack->identity().version + " " + to_hex(pack->identity().hash).substr(0, 16));
    out(std::to_string(results.size() - failed) + " passed, " + std::to_string(failed) + " failed");
    if (results.empty()) out("the pack has no tests");
    return failed == 0 && !results.empty() ? 0 : 1;
}

int show_pack_checks(Env& env, const std::string& path, const Schema& schema, bool json, const PrintLine& out,
                     const PrintLine& err) {
    const auto pack = load_draft(env, path, schema);
    if (!pack) return complain(err, path, pack.error());
    const auto findings = check_pack(*pack, schema);
    boost::json::array all;
    for (const CheckFinding& f : findings) {
        all.push_back(boost::json::object{
            {"check", name(f.check)}, {"rule", f.rule}, {"message", f.message}, {"certainty", name(f.certainty)}});
        const std::string about = f.rule.empty() ? "" : "rule " + f.rule + ": ";
        const std::string_view doubt = f.certainty == Certainty::undecided ? " (undecided)" : "";
        if (!json) out(std::string{name(f.check)} + ": " + about + f.message + std::string{doubt});
    }
    const PackIdentity& id = pack->identity();
    if (json) {
        out(boost::json::serialize(
            boost::json::object{{"pack", id.id}, {"version", id.version}, {"findings", std::move(all)}}));
    } else {
        out(id.id + " " + id.version + ": " + std::to_string(findings.size()) + " findings");
    }
    return findings.empty() ? 0 : 3;
}

int bundle_pack(Env& env, const std::string& path, const std::string& target, const Schema& schema,
                const PrintLine& err) {
    const auto draft = read_draft(env, path);
    if (!draft) return complain(err, path, draft.error());
    const auto keys = signing_keys(draft->bytes);
    if (!keys) return complain(err, path, keys.error());
    if (!keys->empty()) return err(path + ": it is signed, and a bundle would drop its signatures"), 1;
    const auto whole = bundle(draft->bytes, draft->files);
    if (!whole) return complain(err, path, whole.error());
    if (const auto pack = parse_draft(as_bytes(*whole), schema); !pack) return complain(err, path, pack.error());
    if (const Status s = env.files.replace(target, as_bytes(*whole), false); !s)
        return complain(err, target, s.error());
    return 0;
}

}  // namespace paso
