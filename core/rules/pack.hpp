// A rule pack and its assessment. The only door to a usable Pack is open_pack (signed) or parse_draft for drafts and
// tests. The machine clears or refers (law 1): Outcome has no value for anything else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/base/date.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/rules/facts.hpp"
#include "core/rules/tables.hpp"
#include "core/rules/truth.hpp"
#include "core/trust/digest.hpp"
#include "core/trust/signed_text.hpp"

namespace paso {

// Whom the traveller meets: nobody asked for a person, or an officer, the health desk, or those who protect. The
// numbers are stored in events: never renumber; rank() is the order.
enum class Outcome : std::uint8_t { clear = 0, officer = 1, health = 2, protection = 3 };
[[nodiscard]] constexpr std::string_view name(Outcome o) {
    switch (o) {
        case Outcome::clear:
            return "clear";
        case Outcome::officer:
            return "officer";
        case Outcome::health:
            return "health";
        case Outcome::protection:
            return "protection";
    }
    return "officer";
}
[[nodiscard]] constexpr std::optional<Outcome> outcome_named(std::string_view text) {
    for (const Outcome o : {Outcome::clear, Outcome::officer, Outcome::health, Outcome::protection}) {
        if (name(o) == text) return o;
    }
    return std::nullopt;
}
// A person is asked for.
[[nodiscard]] constexpr bool refers(Outcome o) { return o != Outcome::clear; }
// clear < health < officer < protection: of several the highest is the outcome.
[[nodiscard]] constexpr int rank(Outcome o) {
    switch (o) {
        case Outcome::clear:
            return 0;
        case Outcome::health:
            return 1;
        case Outcome::officer:
            return 2;
        case Outcome::protection:
            return 3;
    }
    return 2;
}

// A fact that a rule read, as it stood.
struct FactUse {
    std::string name;
    std::vector<FactValue> values;
    std::optional<Cause> unknown;
    bool operator==(const FactUse&) const = default;
};

// One rule's value, also of rules that did not fire.
struct Finding {
    std::string rule;         // rule id
    Truth value = Truth::no;  // yes: the rule asks for a person; unknown: it could not tell
    bool refers = false;      // this finding asks for a person (yes, or unknown where the rule says so)
    std::string reason;       // reason code of the pack, "" where refers is false
    std::string basis;        // law and article, as the pack says
    std::vector<FactUse> facts;
    Outcome then = Outcome::officer;  // for whom it asks
    bool is_private = false;          // what it is about stays between the traveller and the official of the case
    bool is_silent = false;           // it changes nothing on the traveller's screen
    std::string exempted_by{};        // basis of `unless` where that says so; "" else
    bool operator==(const Finding&) const = default;
};

struct PackIdentity {
    std::string id;       // "uto-demo"
    std::string version;  // "2026.11.1"
    Digest hash{};        // SHA-256 of the pack's bytes
    bool operator==(const PackIdentity&) const = default;
};

struct Assessment {
    PackIdentity pack;
    Outcome outcome = Outcome::officer;
    std::vector<Finding> findings;  // every rule, in the pack's order
    bool operator==(const Assessment&) const = default;
};

// The words of a reason in one language: for the traveller (calm, what to do) and for the officer (why), as they are
// read and as a voice says them.
struct ReasonText {
    std::string traveller;
    std::string officer;
    std::string traveller_spoken;  // as `traveller`, where the pack does not say otherwise
    std::string officer_spoken;    // as `officer`
    bool operator==(const ReasonText&) const = default;
};

// A value: cheap to copy, immutable.
class Pack {
  public:
    struct Body;
    explicit Pack(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
    [[nodiscard]] const PackIdentity& identity() const;
    [[nodiscard]] const Body& body() const { return *body_; }
    // What group() and table.NAME() of its rules ask; lives as long as the pack.
    [[nodiscard]] const TableSource& tables() const;
    // The words of a reason code; falls back to English; nothing for an unknown code.
    [[nodiscard]] std::optional<ReasonText> reason(std::string_view code, std::string_view language) const;

  private:
    std::shared_ptr<const Body> body_;
};

// Public keys of the officials whose signatures a pack needs, and how many of them.
struct PackKeys {
    std::vector<Ed25519Key> officials;
    std::size_t threshold = 1;
};

// A file that a table of a pack is in, as it was read from a folder.
struct PackFile {
    std::string name;  // "visa.csv"
    std::string text;
};

// A signed pack (core/trust/signed_text.hpp): the form in which packs travel, its tables inside. Errors:
// "signature.*", "pack.syntax" (line, column), "pack.fact", "pack.type", "pack.code", "pack.unsupported", "pack.cost",
// "pack.protection" (a rule of protection that is not private, another one that reads what is protected),
// "pack.text_missing", "pack.duplicate", "pack.too_large"; of tables "table.*" and "csv.*", whose detail begins with
// the file and whose place is in it, and "table.missing", "table.hash", "table.file". A pack with `valid` refers
// everybody on days outside of it (its first rule is then "pack.validity").
[[nodiscard]] Result<Pack> open_pack(ByteView bytes, const PackKeys& keys, const Schema& schema);

// The same without signatures, for authors and tests. `files`: those of the tables that are not inside.
[[nodiscard]] Result<Pack> parse_draft(ByteView bytes, const Schema& schema, const std::vector<PackFile>& files = {});

// The files that the tables of a draft name and that are not inside. Errors: as above.
[[nodiscard]] Result<std::vector<std::string>> missing_files(ByteView draft);

// The draft with these files inside, without signatures: what is signed and travels. Error: "table.file" (a text that
// TOML cannot hold between three quotes).
[[nodiscard]] Result<std::string> bundle(ByteView draft, const std::vector<PackFile>& files);

// Every rule on these facts. Deterministic: the same pack and facts give the same bytes of encode_assessment.
[[nodiscard]] Assessment assess(const Pack& pack, const Facts& facts);

// One rule's value without words, for whoever assesses many travellers.
struct RuleResult {
    Truth value = Truth::no;
    bool refers = false;
    std::uint8_t causes = 0;  // of unknown: bit n - 1 for Cause n; those that mattered
    bool fault = false;       // of unknown: a sum out of range or the like, which has no cause
    bool exempted = false;    // of no: `unless` says so
    bool holds = false;       // `when` is yes: then an unknown is one of `unless`, and refers whatever the policy
    bool operator==(const RuleResult&) const = default;
};

// Assesses one traveller after the other. It keeps its memory: once warm, an assessment allocates nothing. One for each
// thread.
class Assessor {
  public:
    explicit Assessor(Pack pack);
    Assessor(Assessor&&) noexcept;
    Assessor& operator=(Assessor&&) noexcept;
    Assessor(const Assessor&) = delete;
    Assessor& operator=(const Assessor&) = delete;
    ~Assessor();

    // Takes a traveller's facts, which must live until the next bind() or the last question about them.
    void bind(const Facts& facts);
    // The same as a value for each fact of the schema, in its order; what they view must live as long. An assessment()
    // in words tells no fact then.
    void bind(std::span<const Value> facts);
    // The outcome alone; looks no further than it must.
    [[nodiscard]] Outcome outcome();
    // Every rule, in the pack's order; good until the next call. With the pack and the facts this is the full record:
    // in_words() makes an Assessment of the three.
    [[nodiscard]] std::span<const RuleResult> results();
    // The full record in words.
    [[nodiscard]] Assessment assessment();

  private:
    struct Work;
    std::unique_ptr<Work> work_;
};

// What an Assessor that was bound to `facts` says in words, of the results that it gave: they may be kept as they are
// and told later. `results`: one for each rule of the pack.
[[nodiscard]] Assessment in_words(const Pack& pack, const Facts& facts, std::span<const RuleResult> results);

// Findings for an officer that are neither private nor silent nor exempted are written as they were before there were
// others: what an older program wrote reads and is written the same.
[[nodiscard]] Bytes encode_assessment(const Assessment& assessment);
[[nodiscard]] Result<Assessment> decode_assessment(ByteView bytes);

// The tests a pack carries: baseline travellers, deltas, expected outcome and reasons.
struct PackTestResult {
    std::string name;
    bool passed = false;
    std::string explanation;  // what was expected and what came
};
[[nodiscard]] std::vector<PackTestResult> run_pack_tests(const Pack& pack);

}  // namespace paso
