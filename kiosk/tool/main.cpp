// paso: the command-line tool.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "core/inspection/inspection.hpp"
#include "core/rules/pack.hpp"
#include "core/trust/signed_text.hpp"
#include "kiosk/station/number_list.hpp"
#include "kiosk/station/post_file.hpp"
#include "kiosk/tool/completion.hpp"
#include "kiosk/tool/decode_command.hpp"
#include "kiosk/tool/eval_command.hpp"
#include "kiosk/tool/facts_page.hpp"
#include "kiosk/tool/log_facts_command.hpp"
#include "kiosk/tool/pack_command.hpp"
#include "kiosk/tool/pack_diff_command.hpp"
#include "kiosk/tool/pack_print_command.hpp"
#include "kiosk/tool/pack_sign_command.hpp"
#include "kiosk/tool/pack_simulate_command.hpp"
#include "kiosk/tool/read_command.hpp"
#include "kiosk/tool/replay_command.hpp"
#include "kiosk/tool/stay_command.hpp"
#include "sync/config/trust_file.hpp"
#include "sync/host/host_env.hpp"
#include "sync/http/logins.hpp"
#include "sync/journal/verify.hpp"
#include "sync/keys/key_ring.hpp"

namespace {

using namespace paso;

constexpr std::size_t max_file = 4UL << 20U;

int complain(const Error& error, const std::string& what) {
    std::fprintf(stderr, "paso: %s%s%s\n", what.c_str(), what.empty() ? "" : ": ", describe(error).c_str());
    return 1;
}

void print(const std::string& line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
}

void print_error(const std::string& line) { std::fprintf(stderr, "paso: %s\n", line.c_str()); }

// Expressions from standard input, with the tables of a pack if there is a path.
int evaluate_lines(Env& env, const std::string& path, const std::string& on) {
    EvalTables tables;
    std::optional<Pack> pack;
    if (!path.empty()) {
        auto loaded = load_draft(env, path, schema());
        if (!loaded) return complain(loaded.error(), path);
        pack = std::move(*loaded);
        tables = {&pack->tables(), schema().day(), Date::parse(on)};
        if (!on.empty() && !tables.day) return print_error("--on is a day written YYYY-MM-DD"), 2;
    }
    for (std::string line; std::getline(std::cin, line);) print(evaluate_line(line, tables));
    return 0;
}

int log_verify(const std::string& path) {
    const auto summary = verify_journal_file(path);
    if (!summary) return complain(summary.error(), path);
    print("station " + summary->station.text() + ": " + std::to_string(summary->events) + " events in " +
          std::to_string(summary->epochs) + " epochs hold; head " + std::to_string(summary->head.sequence) + " " +
          to_hex(summary->head_hash));
    return 0;
}

int key_show(Env& env, const std::string& folder) {
    const auto keys = KeyRing::open_signer(env, folder);
    if (!keys) return complain(keys.error(), folder);
    print(to_hex(keys->log_public_key()));
    return 0;
}

// What a station would say of the file once it is signed; a pack has a command of its own, which asks for more.
Status signable(std::string_view text) {
    if (text.starts_with("# as of")) return NumberList::parse(text).map([](const NumberList&) {});
    return parse_post(text).map([](const Post&) {});
}

int sign(Env& env, const std::string& path, const std::string& folder) {
    auto bytes = env.files.read(path, max_file);
    if (!bytes) return complain(bytes.error(), path);
    if (const Status s = signable(as_text(signed_part(*bytes))); !s) return complain(s.error(), path);
    if (!bytes->empty() && bytes->back() != std::byte{'\n'}) bytes->push_back(std::byte{'\n'});
    const auto keys = KeyRing::open_signer(env, folder);
    if (!keys) return complain(keys.error(), folder);
    const Bytes file = with_signature(*bytes, keys->log_public_key(), keys->sign(signed_part(*bytes)));
    if (const Status s = env.files.replace(path, file, false); !s) return complain(s.error(), path);
    return 0;
}

int pack_sign_file(Env& env, const std::string& path, const std::string& folder, const std::string& trust_path) {
    const auto keys = KeyRing::open_signer(env, folder);
    if (!keys) return complain(keys.error(), folder);
    std::optional<PackKeys> trust;
    if (!trust_path.empty()) {
        auto read = read_trust_file(env.files, trust_path);
        if (!read) return complain(read.error(), trust_path);
        trust = PackKeys{std::move(read->officials), read->threshold};
    }
    const PackSigner signer{keys->log_public_key(), [&](ByteView message) { return keys->sign(message); }};
    return sign_pack(env, path, signer, trust, schema(), print, print_error);
}

// A line for a file of users; the password comes by standard input so that no list of processes shows it.
int user_line(const std::string& id, const std::string& roles) {
    std::string password;
    std::getline(std::cin, password);
    const std::string line = id + " " + roles + " " + hash_password(password);
    const auto parsed = parse_users(line + "\n");
    if (!parsed) return complain(parsed.error(), "");
    print(line);
    return 0;
}

Result<Bytes> standard_input(std::size_t limit) {
    Bytes out;
    for (char c = 0; std::cin.get(c);) {
        if (out.size() == limit) return fail("file.too_large", "standard input");
        out.push_back(static_cast<std::byte>(c));
    }
    return out;
}

int run(int count, char** arguments) {
    CLI::App app{
        "Paso's command-line tool: read pictures, decode symbols, count days of stay, test and sign rule packs, verify "
        "logs.",
        "paso"};
    app.set_version_flag("--version", std::string{"paso "} + PASO_VERSION);
    app.require_subcommand(1);
    boost::asio::io_context context(1);
    HostEnv host(context);
    Env env = host.env();
    int code = 0;

    std::vector<std::string> pictures;
    CLI::App* read =
        app.add_subcommand("read", "read travel documents and symbols in pictures; one JSON object a line");
    read->add_option("PICTURE", pictures, "JPEG or PNG files")->required();
    read->footer("exit: 0 read, 3 a picture held nothing that could be read, 1 a picture could not be opened");
    read->callback([&] { code = read_pictures(env, pictures, host.clock.wall().utc_date(), print); });

    DecodeOptions payloads;
    bool base64 = false;
    bool hex = false;
    CLI::App* decode =
        app.add_subcommand("decode", "what the payload of a symbol or the text of an MRZ says; one JSON object a line");
    decode->add_option("FILE", payloads.files, "payloads, one a file; - is standard input")->required();
    decode->add_option("--trust", payloads.trust, "certificates (DER, PEM) or a CSCA master list; may stand repeatedly")
        ->allow_extra_args(false);
    decode->add_option("--date", payloads.date, "the day of reading, YYYY-MM-DD; today where it is not given");
    CLI::Option* base64_flag = decode->add_flag("--base64", base64, "the files hold base64");
    decode->add_flag("--hex", hex, "the files hold hexadecimal digits")->excludes(base64_flag);
    decode->footer("exit: 0 every payload is of a known kind, 3 one is Unknown, 1 a file could not be read");
    decode->callback([&] {
        payloads.writing = base64 ? Writing::base64 : hex ? Writing::hex : Writing::plain;
        code = decode_payloads(env, payloads, {standard_input, print, print_error});
    });

    StayOptions stays;
    CLI::App* stay = app.add_subcommand("stay", "days of stay: used, last legal day, next entry, and a picture");
    stay->add_option("STAYS", stays.file, "CSV with the columns entry, exit and, if wanted, kind and place")
        ->required();
    stay->add_option("--on", stays.on, "the day that is asked about, YYYY-MM-DD, in the calendar of the post")
        ->required();
    stay->add_option("--rule", stays.rule, "90/180, 90/year, 90d or 6m from each entry, region:90d")
        ->capture_default_str();
    stay->add_option("--places", stays.places, "count only stays in these States, as GTM,HND; of a region: CA-4")
        ->delimiter(',')
        ->allow_extra_args(false);
    stay->add_option("--own", stays.own, "the own limit of a State beside it, as SLV=180d")
        ->delimiter(',')
        ->allow_extra_args(false);
    stay->add_flag("--json", stays.json, "one JSON object instead of text");
    stay->footer(
        "exit: 0 within the limit on that day, 3 more than the limit or not known, 1 the file could not be read");
    stay->callback([&] { code = show_stay(env, stays, print, print_error); });

    std::string file;
    std::string folder;
    CLI::App* pack = app.add_subcommand("pack", "rule packs");
    pack->require_subcommand(1);
    CLI::App* test = pack->add_subcommand("test", "check a pack and run its own tests");
    test->add_option("PACK", file)->required();
    test->callback([&] { code = show_pack_tests(env, file, schema(), print, print_error); });
    bool json = false;
    CLI::App* check = pack->add_subcommand("check", "say what is wrong with a pack that can be read");
    check->add_option("PACK", file)->required();
    check->add_flag("--json", json, "one JSON object instead of text");
    check->footer("exit: 0 nothing, 3 something, 1 the pack could not be read");
    check->callback([&] { code = show_pack_checks(env, file, schema(), json, print, print_error); });
    PackDiffOptions versions;
    CLI::App* diff = pack->add_subcommand("diff", "what another version of a pack changes, and for whom");
    diff->add_option("OLD", versions.before)->required();
    diff->add_option("NEW", versions.after)->required();
    diff->add_flag("--json", versions.json, "one JSON object instead of text");
    diff->footer("exit: 0 no rule says anything else, 3 one does or it is undecided, 1 a pack could not be read");
    diff->callback([&] { code = show_pack_diff(env, versions, schema(), print, print_error); });
    PackPrintOptions copy;
    CLI::App* pack_print = pack->add_subcommand("print", "one HTML page for lawyers: each rule in words");
    pack_print->add_option("PACK", copy.file)->required();
    pack_print->add_option("--language", copy.language, "of the words for travellers and officers")
        ->capture_default_str();
    pack_print->add_option("--out", copy.target, "the file to write; standard output where it is not given");
    pack_print->callback([&] { code = print_pack(env, copy, schema(), print, print_error); });
    PackSimulateOptions trial;
    CLI::App* simulate = pack->add_subcommand("simulate", "what a draft would have changed of recorded crossings");
    simulate->add_option("DRAFT", trial.draft)->required();
    simulate->add_option("--events", trial.events, "a file of facts, as `paso log facts` writes it")->required();
    simulate->add_option("--against", trial.against, "another pack to compare with, instead of what was recorded");
    bool csv = false;
    CLI::Option* json_wanted = simulate->add_flag("--json", json, "one JSON object instead of text");
    simulate->add_flag("--csv", csv, "CSV instead of text")->excludes(json_wanted);
    simulate->callback([&] {
        trial.form = json ? ReportForm::json : csv ? ReportForm::csv : ReportForm::text;
        code = simulate_pack(env, trial, schema(), print, print_error);
    });
    std::string target;
    CLI::App* pack_bundle = pack->add_subcommand("bundle", "write a pack with its tables inside, to be signed");
    pack_bundle->add_option("PACK", file, "the draft; its tables stand in files beside it")->required();
    pack_bundle->add_option("--out", target, "the file to write")->required();
    pack_bundle->callback([&] { code = bundle_pack(env, file, target, schema(), print_error); });
    pack->add_subcommand("facts", "print the manual's page of the facts that rules may ask")->callback([&] {
        std::printf("%s", facts_page(schema()).c_str());
    });
    CLI::App* eval = pack->add_subcommand(
        "eval-expr", "evaluate expressions: one JSON object {id, expr, bindings} a line in, {id, value or error} out");
    std::string on;
    CLI::Option* pack_given = eval->add_option("--pack", file, "a pack whose tables and groups may be asked");
    eval->add_option("--on", on, "the day for which they are asked, YYYY-MM-DD; it is trip.today too")
        ->needs(pack_given);
    eval->callback([&] { code = evaluate_lines(env, file, on); });
    std::string trust;
    CLI::App* pack_sign = pack->add_subcommand("sign", "add an official's signature to a bundled pack, in place");
    pack_sign->add_option("PACK", file)->required();
    pack_sign->add_option("--key", folder, "folder of the official's log.key, made when missing")->required();
    pack_sign->add_option("--trust", trust, "trust file: say whether a station that has it opens the pack now");
    pack_sign->footer("exit: 0 signed, 1 not, because the pack is not whole, not sound, or signed already");
    pack_sign->callback([&] { code = pack_sign_file(env, file, folder, trust); });
    CLI::App* post_sign = app.add_subcommand("sign", "sign a post file or a list of document numbers in place");
    post_sign->add_option("FILE", file)->required();
    post_sign->add_option("--key", folder, "folder of the official's log.key, made when missing")->required();
    post_sign->callback([&] { code = sign(env, file, folder); });

    CLI::App* log = app.add_subcommand("log", "logs of stations");
    log->require_subcommand(1);
    CLI::App* verify = log->add_subcommand("verify", "follow every link of a journal file");
    verify->add_option("FILE", file)->required();
    verify->callback([&] { code = log_verify(file); });

    LogFactsOptions log_facts;
    log_facts.open_body = open_unsealed_body;
    CLI::App* facts = log->add_subcommand("facts", "write the facts of the inspections of journals, without names");
    facts->add_option("JOURNAL", log_facts.journals)->required();
    facts->add_option("--out", log_facts.target, "the file to write")->required();
    facts->callback([&] { code = write_log_facts(env, log_facts, schema(), print, print_error); });

    ReplayOptions replayed;
    replayed.open_body = open_unsealed_body;
    CLI::App* replay = app.add_subcommand("replay", "assess recorded inspections again: the same bytes must come");
    replay->add_option("JOURNAL", replayed.journals)->required();
    replay->add_option("--pack", replayed.packs, "a rule pack; each record takes the one whose hash it names")
        ->required()
        ->allow_extra_args(false);
    replay->add_option("--crossing", replayed.crossing, "this crossing alone, 32 hexadecimal digits");
    replay->add_flag("--explain", replayed.explain, "each rule with the facts that it read: personal data");
    replay->add_flag("--json", replayed.json, "one JSON object a line instead of text");
    replay->footer("exit: 0 all the same, 3 some differ or have no pack here, 1 a file could not be read");
    replay->callback([&] { code = replay_journals(env, replayed, schema(), print, print_error); });

    CLI::App* key = app.add_subcommand("key", "print the public log key of a folder, made when missing");
    key->add_option("FOLDER", folder)->required();
    key->callback([&] { code = key_show(env, folder); });

    std::string id;
    std::string roles;
    CLI::App* user = app.add_subcommand("user", "a line for a file of users; the password is read from standard input");
    user->add_option("ID", id)->required();
    user->add_option("ROLES", roles, "officer, supervisor or both with a comma")->required();
    user->callback([&] { code = user_line(id, roles); });

    CLI::App* completion = app.add_subcommand("completion", "print the completion for bash");
    completion->callback([&] { print(bash_completion(app)); });

    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    return code;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "paso: %s\n", e.what());
        return 1;
    }
}
