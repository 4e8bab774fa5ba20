// A rule pack and its assessment. The only door to a usable Pack is open_pack (signed) or parse_draft for drafts and
// tests. The machine clears or refers (law 1): Outcome has no other value.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/base/date.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/rules/facts.hpp"
#include "core/trust/digest.hpp"
#include "core/trust/signed_text.hpp"

namespace paso {

enum class Outcome : std::uint8_t { clear = 0, refer = 1 };
[[nodiscard]] constexpr std::string_view name(Outcome o) {
    switch (o) {
        case Outcome::clear:
            return "clear";
        case Outcome::refer:
            return "refer";
    }
    return "refer";
}

// Kleene's three values.
enum class Truth : std::uint8_t { no = 0, yes = 1, unknown = 2 };
[[nodiscard]] constexpr std::string_view name(Truth t) {
    switch (t) {
        case Truth::no:
            return "no";
        case Truth::yes:
            return "yes";
        case Truth::unknown:
            return "unknown";
    }
    return "unknown";
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
    bool refers = false;      // this finding makes the outcome `refer` (yes, or unknown where the rule says so)
    std::string reason;       // reason code of the pack, "" where refers is false
    std::string basis;        // law and article, as the pack says
    std::vector<FactUse> facts;
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
    Outcome outcome = Outcome::refer;
    std::vector<Finding> findings;  // every rule, in the pack's order
    bool operator==(const Assessment&) const = default;
};

// The words of a reason in one language: for the traveller (calm, what to do) and for the officer (why).
struct ReasonText {
    std::string traveller;
    std::string officer;
};

// A value: cheap to copy, immutable.
class Pack {
  public:
    struct Body;
    explicit Pack(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
    [[nodiscard]] const PackIdentity& identity() const;
    [[nodiscard]] const Body& body() const { return *body_; }
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

// A signed pack (core/trust/signed_text.hpp): the form in which packs travel. Errors: "signature.*", "pack.syntax"
// (line, column), "pack.fact", "pack.type", "pack.text_missing", "pack.duplicate", "pack.too_large". A pack with
// `valid` refers everybody on days outside of it (its first rule is then "pack.validity").
[[nodiscard]] Result<Pack> open_pack(ByteView bytes, const PackKeys& keys, const Schema& schema);

// The same without signatures, for authors and tests.
[[nodiscard]] Result<Pack> parse_draft(ByteView bytes, const Schema& schema);

// Every rule on these facts. Deterministic: the same pack and facts give the same bytes of encode_assessment.
[[nodiscard]] Assessment assess(const Pack& pack, const Facts& facts);

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
