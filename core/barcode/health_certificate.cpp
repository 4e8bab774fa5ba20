#include "core/barcode/health_certificate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "core/encoding/base45.hpp"
#include "core/encoding/cbor_tree.hpp"
#include "core/encoding/inflate.hpp"

namespace paso {
namespace {

constexpr std::string_view prefix = "HC1:";
constexpr std::size_t most_characters = 8192;
constexpr std::int64_t claim_issuer = 1;
constexpr std::int64_t claim_expires = 4;
constexpr std::int64_t claim_issued = 6;
constexpr std::int64_t claim_hcert = -260;

using Index = CborTree::Index;

bool one_of(std::string_view text, std::initializer_list<std::string_view> these) {
    return std::find(these.begin(), these.end(), text) != these.end();
}

// SNOMED CT, ICD-11, ICD-10 and ATC, and the product identifiers of WHO's list.
VaccineTarget target_of(const HealthEntry& e) {
    if (one_of(e.disease, {"16541001", "1D47", "A95", "A95.9"}) || one_of(e.vaccine, {"J07BL01", "XM0N24"}) ||
        e.product.starts_with("YellowFever") || e.vaccine.starts_with("YellowFever")) {
        return VaccineTarget::yellow_fever;
    }
    if (one_of(e.disease, {"840539006", "RA01", "U07.1"})) return VaccineTarget::covid19;
    return VaccineTarget::other;
}

HealthDate date_of(std::string_view text) {
    HealthDate out{std::string{text}, {}};
    if (text.size() == 10 || (text.size() > 10 && text[10] == 'T')) out.date = Date::parse(text.substr(0, 10));
    return out;
}

// What a key may sign: hcert_spec section 3.3.2 (extended key usage), with the 0 too many of its first editions.
struct Usage {
    std::string_view current;
    std::string_view early;
    HealthContent content;
};
constexpr std::array<Usage, 3> usages{{
    {"1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.4.1.0.1847.2021.1.1", HealthContent::test},
    {"1.3.6.1.4.1.1847.2021.1.2", "1.3.6.1.4.1.0.1847.2021.1.2", HealthContent::vaccination},
    {"1.3.6.1.4.1.1847.2021.1.3", "1.3.6.1.4.1.0.1847.2021.1.3", HealthContent::recovery},
}};

Check usage_of(const HealthKey& key, HealthContent content) {
    Check out = Check::absent;
    for (const std::string& oid : key.usages) {
        for (const Usage& u : usages) {
            if (oid != u.current && oid != u.early) continue;
            if (u.content == content) return Check::passed;
            out = Check::failed;
        }
    }
    return out;
}

class CertificateReader {
  public:
    CertificateReader(const CborTree& claims, HealthCertificate& out) : tree_(claims), out_(out) {}

    Status read() {
        const auto wrong = [](std::string detail) { return fail("health.claims", std::move(detail)); };
        if (!tree_.is(0, CborType::map)) return wrong("the claims are a map");
        if (const auto issuer = tree_.find(0, claim_issuer)) out_.issuer = tree_.text(*issuer).value_or("");
        out_.expires = time(claim_expires);
        out_.issued = time(claim_issued);
        const auto hcert = tree_.find(0, claim_hcert);
        if (!hcert || !tree_.is(*hcert, CborType::map)) return wrong("no health certificate");
        const auto no_map = [this](Index content) { return !tree_.is(content, CborType::map); };
        if (const auto dcc = tree_.find(*hcert, 1)) {
            if (no_map(*dcc)) return fail("health.content", "the content is a map");
            covid_certificate(*dcc);
        } else if (const auto record = tree_.find(*hcert, -6)) {
            if (no_map(*record)) return fail("health.content", "the content is a map");
            vaccination_record(*record);
        } else {
            recognised(*hcert);
        }
        out_.schema = whole_ ? Check::passed : Check::failed;
        if (out_.content >= HealthContent::ddcc_vaccination && out_.content <= HealthContent::health_link) {
            out_.schema = Check::unknown;
        }
        return out_.content == HealthContent::unknown ? Status{wrong("no content that is known")} : Status{};
    }

  private:
    void note(std::string_view code) {
        if (std::find(out_.problems.begin(), out_.problems.end(), code) == out_.problems.end())
            out_.problems.push_back(code);
    }
    void incomplete() {
        whole_ = false;
        note("health.schema");
    }

    // Seconds since 1970, whole or not.
    std::optional<WallTime> time(std::int64_t claim) {
        auto at = tree_.find(0, claim);
        if (!at) return std::nullopt;
        if (tree_.is(*at, CborType::tag) && tree_[*at].value == 1) ++*at;  // seconds since 1970, said twice
        constexpr std::int64_t most = 253'402'300'799;                     // the end of year 9999
        std::optional<std::int64_t> seconds = tree_.integer(*at);
        if (tree_.is(*at, CborType::floating)) {
            const auto value = std::bit_cast<double>(tree_[*at].value);
            if (std::isfinite(value) && std::abs(value) < static_cast<double>(most)) {
                seconds = static_cast<std::int64_t>(value);
            }
        }
        if (seconds && *seconds >= 0 && *seconds <= most) return WallTime{*seconds * 1000};
        incomplete();
        return std::nullopt;
    }

    enum class Need : std::uint8_t { may, must };
    // A text; numbers are written out, since States write dose numbers and codes as either.
    std::string text(Index map, std::string_view key, Need need = Need::may) {
        const auto at = tree_.find(map, key);
        std::string value;
        if (at) {
            if (const auto t = tree_.text(*at)) value = *t;
            if (const auto n = tree_.integer(*at)) value = std::to_string(*n);
            const bool other = !tree_.text(*at) && !tree_.integer(*at) && !tree_.null(*at);
            if (other) incomplete();
        }
        if (need == Need::must && value.empty()) incomplete();
        return value;
    }
    Personal<std::string> personal(Index map, std::string_view key, Need need = Need::may) {
        return Personal{text(map, key, need)};
    }
    HealthDate date(Index map, std::string_view key, Need need = Need::may) {
        HealthDate out = date_of(text(map, key, need));
        if (need == Need::must && !out.date) incomplete();
        return out;
    }

    // The entries of a group, which is a list, or the one entry itself; nothing where it is missing or null.
    std::vector<Index> group(Index map, std::string_view key) {
        const auto at = tree_.find(map, key);
        if (!at || tree_.null(*at)) return {};
        if (tree_.is(*at, CborType::map)) return {*at};
        std::vector<Index> entries;
        if (!tree_.is(*at, CborType::array)) incomplete();
        for (std::uint32_t i = 0; tree_.is(*at, CborType::array) && i < tree_[*at].children; ++i) {
            const Index entry = i == 0 ? *at + 1 : tree_[entries.back()].after;
            entries.push_back(entry);
            if (!tree_.is(entry, CborType::map)) incomplete();
        }
        return entries;
    }

    void covid_certificate(Index dcc) {
        out_.content = HealthContent::vaccination;  // until a group says otherwise
        out_.version = text(dcc, "ver", Need::must);
        const auto names = tree_.find(dcc, "nam");
        if (names && tree_.is(*names, CborType::map)) {
            HealthPerson& p = out_.person;
            p.family_name = personal(*names, "fn");
            p.given_names = personal(*names, "gn");
            p.family_name_mrz = personal(*names, "fnt");
            p.given_names_mrz = personal(*names, "gnt");
            if (p.family_name_mrz.reveal().empty() && p.given_names_mrz.reveal().empty()) incomplete();
        } else {
            incomplete();
        }
        // It may say nothing, or the year alone.
        if (!tree_.find(dcc, "dob")) incomplete();
        out_.person.birth = Personal{date(dcc, "dob")};
        std::size_t entries = 0;
        for (const auto& [key, content] :
             {std::pair{"v", HealthContent::vaccination}, {"t", HealthContent::test}, {"r", HealthContent::recovery}}) {
            const auto found = group(dcc, key);
            if (entries == 0 && !found.empty()) {
                out_.content = content;
                if (tree_.is(found.front(), CborType::map)) covid_entry(found.front());
            }
            entries += found.size();
        }
        one_entry(entries);
    }

    void one_entry(std::size_t entries) {
        if (entries == 0) incomplete();
        if (entries <= 1) return;
        whole_ = false;
        note("health.several");
    }

    void covid_entry(Index at) {
        HealthEntry& e = out_.entry;
        e.disease = text(at, "tg", Need::must);
        e.country = text(at, "co", Need::must);
        e.issuer = text(at, "is", Need::must);
        e.identifier = personal(at, "ci", Need::must);
        if (out_.content == HealthContent::vaccination) {
            vaccine(at, Need::must);
            e.date = date(at, "dt", Need::must);
            if (const auto doses = tree_.find(at, "sd")) {
                const auto n = tree_.integer(*doses);
                if (n && *n >= 0 && *n < 1000) e.doses = static_cast<int>(*n);
            }
            if (!e.doses) incomplete();
        } else if (out_.content == HealthContent::test) {
            e.test_type = text(at, "tt", Need::must);
            e.test_name = text(at, "nm");
            e.manufacturer = text(at, "ma");
            e.date = date(at, "sc", Need::must);
            e.test_result = personal(at, "tr", Need::must);
            e.centre = text(at, "tc");
        } else {
            e.date = date(at, "fr", Need::must);
            e.valid_from = date(at, "df", Need::must);
            e.valid_until = date(at, "du", Need::must);
        }
        e.target = target_of(e);
    }

    void vaccine(Index at, Need product) {
        HealthEntry& e = out_.entry;
        e.vaccine = text(at, "vp", Need::must);
        e.product = text(at, "mp", product);
        e.manufacturer = text(at, "ma", Need::must);
        e.dose = text(at, "dn", Need::must);
    }

    // WHO's DVC: one person, one vaccination, signed by an issuer or a clinician.
    void vaccination_record(Index record) {
        out_.content = HealthContent::vaccination_record;
        HealthPerson& p = out_.person;
        p.full_name = personal(record, "n", Need::must);
        p.birth = Personal{date(record, "dob", Need::must)};
        p.sex = personal(record, "s");
        p.nationality = text(record, "ntl");
        p.document = personal(record, "nid");
        p.guardian = personal(record, "gn");
        const auto entries = group(record, "v");
        if (!entries.empty() && tree_.is(entries.front(), CborType::map)) record_entry(entries.front());
        one_entry(entries.size());
    }

    void record_entry(Index at) {
        HealthEntry& e = out_.entry;
        e.disease = text(at, "tg");
        vaccine(at, Need::may);
        e.batch = text(at, "bo", Need::must);
        e.date = date(at, "dt", Need::must);
        e.valid_from = date(at, "vls");
        e.valid_until = date(at, "vle");
        e.issuer = text(at, "is");
        e.clinician = personal(at, "cn");
        if (e.issuer.empty() && e.clinician.reveal().empty()) incomplete();
        e.target = target_of(e);
    }

    void recognised(Index hcert) {
        if (tree_.find(hcert, 3)) out_.content = HealthContent::ddcc_vaccination;
        if (tree_.find(hcert, 4)) out_.content = HealthContent::ddcc_test;
        if (tree_.find(hcert, 5)) out_.content = HealthContent::health_link;
        if (out_.content != HealthContent::unknown) note("health.not_read");
    }

    const CborTree& tree_;
    HealthCertificate& out_;
    bool whole_ = true;
};

void look_at_signature(const CoseSign1& message, const TrustAnchors& anchors, HealthCertificate& out) {
    if (message.key_id.empty()) return out.problems.push_back("health.no_key_id");
    const std::vector<HealthKey> keys = anchors.health_keys(message.key_id);
    if (keys.empty()) return out.problems.push_back("health.unknown_key");
    out.signature = Check::failed;
    if (!message.algorithm) return out.problems.push_back("health.algorithm");
    for (const HealthKey& key : keys) {
        if (!verify_cose(message, key.key)) continue;
        const Check usage = usage_of(key, out.content);
        // Of several keys that hold, one that may sign this content counts.
        if (out.signature != Check::passed || usage != Check::failed) out.usage = usage;
        out.signature = Check::passed;
    }
    if (out.signature != Check::passed) out.problems.push_back("health.signature");
    if (out.usage == Check::failed) out.problems.push_back("health.usage");
}

void look_at_times(const TrustAnchors& anchors, WallTime now, HealthCertificate& out) {
    if (out.signature == Check::passed) out.listing = Check::passed;
    if (anchors.stale(now)) {
        // A key may have been put on the list or taken off it since, so neither a hit nor a miss says much.
        out.listing = Check::unknown;
        if (out.signature == Check::failed) out.signature = Check::unknown;
        out.cause = Cause::list_stale;
        out.problems.push_back("health.list_stale");
    }
    out.validity = out.expires ? Check::passed : Check::absent;
    if (out.expires && *out.expires < now) {
        out.validity = Check::failed;
        out.problems.push_back("health.expired");
    }
    if (out.issued && now < *out.issued) {
        out.validity = Check::failed;
        out.problems.push_back("health.not_yet");
    }
}

Assurance assurance_of(const HealthCertificate& c) {
    if (c.signature != Check::passed) return Assurance::structure;
    if (c.listing != Check::passed) return Assurance::signature;
    const auto holds = [](Check check) { return check == Check::passed || check == Check::absent; };
    return holds(c.validity) && holds(c.usage) && holds(c.schema) ? Assurance::chain_and_profile : Assurance::chain;
}

}  // namespace

std::string_view name(HealthContent c) {
    switch (c) {
        case HealthContent::unknown:
            return "unknown";
        case HealthContent::vaccination:
            return "vaccination";
        case HealthContent::test:
            return "test";
        case HealthContent::recovery:
            return "recovery";
        case HealthContent::ddcc_vaccination:
            return "ddcc_vaccination";
        case HealthContent::ddcc_test:
            return "ddcc_test";
        case HealthContent::health_link:
            return "health_link";
        case HealthContent::vaccination_record:
            return "vaccination_record";
    }
    return "unknown";
}

std::string_view name(VaccineTarget t) {
    switch (t) {
        case VaccineTarget::other:
            return "other";
        case VaccineTarget::covid19:
            return "covid19";
        case VaccineTarget::yellow_fever:
            return "yellow_fever";
    }
    return "other";
}

bool looks_like_health_certificate(ByteView payload) { return as_text(payload).starts_with(prefix); }

Result<HealthCertificate> parse_health_message(ByteView cose, const TrustAnchors& anchors, WallTime now) {
    auto message = parse_cose_sign1(cose);
    if (!message) return fail(std::move(message.error()));
    const auto claims = CborTree::parse(message->payload);
    if (!claims) return fail(claims.error());
    HealthCertificate out;
    if (Status status = CertificateReader(*claims, out).read(); !status) return fail(std::move(status.error()));
    out.algorithm = message->algorithm;
    out.key_id = message->key_id;
    out.key_id_protected = message->key_id_protected;
    look_at_signature(*message, anchors, out);
    look_at_times(anchors, now, out);
    out.assurance = assurance_of(out);
    return out;
}

Result<HealthCertificate> parse_health_certificate(ByteView payload, const TrustAnchors& anchors, WallTime now) {
    std::string_view text = as_text(payload);
    if (!text.starts_with(prefix)) return fail("health.prefix", "it begins with HC1:", {.offset = 0});
    if (text.size() > most_characters)
        return fail("health.too_long", "at most 8192 characters", {.offset = most_characters});
    text.remove_prefix(prefix.size());
    const auto packed = from_base45(text);
    if (!packed) return fail(packed.error());
    const auto cose = inflate_zlib(*packed);
    if (!cose) return fail(cose.error());
    return parse_health_message(*cose, anchors, now);
}

}  // namespace paso
