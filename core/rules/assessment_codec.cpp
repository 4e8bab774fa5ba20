#include <utility>

#include "core/rules/codec.hpp"
#include "core/rules/pack.hpp"

namespace paso {
namespace {

constexpr std::uint64_t max_findings = 4096;

// The seventh item of a finding: for whom it asks, and how quietly.
constexpr std::uint64_t private_bit = 4;
constexpr std::uint64_t silent_bit = 8;
constexpr auto plain = static_cast<std::uint64_t>(Outcome::officer);

std::uint64_t manner(const Finding& f) {
    return static_cast<std::uint64_t>(f.then) | (f.is_private ? private_bit : 0) | (f.is_silent ? silent_bit : 0);
}

// Reads the parts of an encoded assessment; the first thing that is wrong is kept.
class AssessmentReader {
  public:
    explicit AssessmentReader(ByteView bytes) : r_(bytes) {}

    Result<Assessment> read() {
        Assessment a;
        items(5);
        a.pack.id = text();
        a.pack.version = text();
        a.pack.hash = digest();
        a.outcome = static_cast<Outcome>(number(3));
        const std::uint64_t count = list(max_findings);
        for (std::uint64_t i = 0; i < count && ok_; ++i) a.findings.push_back(finding());
        if (!ok_ || !r_.finish()) return fail("assessment.format", "not an assessment", {.offset = r_.offset()});
        return a;
    }

  private:
    Finding finding() {
        Finding f;
        const std::uint64_t size = list(8);
        ok_ = ok_ && (size == 6 || size == 8);
        f.rule = text();
        f.value = static_cast<Truth>(number(2));
        const auto refers = r_.boolean();
        ok_ = ok_ && refers.has_value();
        f.refers = refers.value_or(false);
        f.reason = text();
        f.basis = text();
        const std::uint64_t count = list(max_values);
        for (std::uint64_t i = 0; i < count && ok_; ++i) f.facts.push_back(use());
        if (size == 8) quietly(f);
        return f;
    }
    void quietly(Finding& f) {
        const std::uint64_t how = number(plain | 2U | private_bit | silent_bit);
        f.then = static_cast<Outcome>(how & 3U);
        f.is_private = (how & private_bit) != 0;
        f.is_silent = (how & silent_bit) != 0;
        f.exempted_by = text();
        // One finding has one form: what fits into six items has six.
        ok_ = ok_ && f.then != Outcome::clear && (how != plain || !f.exempted_by.empty());
    }
    FactUse use() {
        FactUse u;
        items(3);
        u.name = text();
        const std::uint64_t count = list(max_values);
        for (std::uint64_t i = 0; i < count && ok_; ++i) {
            auto value = get_value(r_);
            ok_ = value.has_value();
            if (ok_) u.values.push_back(std::move(*value));
        }
        if (const std::uint64_t cause = number(8); cause != 0) u.unknown = static_cast<Cause>(cause);
        return u;
    }
    void items(std::uint64_t n) { ok_ = list(n) == n && ok_; }
    std::uint64_t list(std::uint64_t most) {
        const auto n = r_.array();
        ok_ = ok_ && n && *n <= most;
        return ok_ ? *n : 0;
    }
    std::uint64_t number(std::uint64_t most) {
        const auto n = r_.unsigned_integer();
        ok_ = ok_ && n && *n <= most;
        return ok_ ? *n : 0;
    }
    std::string text() {
        const auto s = r_.text();
        ok_ = ok_ && s.has_value();
        return ok_ ? std::string{*s} : std::string{};
    }
    Digest digest() {
        const auto b = r_.bytes();
        const auto d = b ? digest_from(*b) : std::nullopt;
        ok_ = ok_ && d.has_value();
        return d.value_or(Digest{});
    }

    CborReader r_;
    bool ok_ = true;
};

}  // namespace

Bytes encode_assessment(const Assessment& a) {
    CborWriter w;
    w.array(5).text(a.pack.id).text(a.pack.version).bytes(a.pack.hash);
    w.unsigned_integer(static_cast<std::uint64_t>(a.outcome)).array(a.findings.size());
    for (const Finding& f : a.findings) {
        const bool plainly = manner(f) == plain && f.exempted_by.empty();
        w.array(plainly ? 6 : 8)
            .text(f.rule)
            .unsigned_integer(static_cast<std::uint64_t>(f.value))
            .boolean(f.refers)
            .text(f.reason);
        w.text(f.basis).array(f.facts.size());
        for (const FactUse& u : f.facts) {
            w.array(3).text(u.name).array(u.values.size());
            for (const FactValue& v : u.values) put_value(w, v);
            w.unsigned_integer(u.unknown ? static_cast<std::uint64_t>(*u.unknown) : 0);
        }
        if (!plainly) w.unsigned_integer(manner(f)).text(f.exempted_by);
    }
    return w.take();
}

Result<Assessment> decode_assessment(ByteView bytes) { return AssessmentReader(bytes).read(); }

}  // namespace paso
