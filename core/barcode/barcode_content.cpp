#include "core/barcode/barcode_content.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "core/trust/digest.hpp"

namespace paso {
namespace {

using What = decltype(BarcodeContent::what);

template <BarcodeKind kind, class T>
constexpr bool stands_at = std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(kind), What>, T>;
static_assert(stands_at<BarcodeKind::unknown, UnknownPayload> && stands_at<BarcodeKind::boarding_pass, BoardingPass> &&
              stands_at<BarcodeKind::visible_seal, VisibleSeal> &&
              stands_at<BarcodeKind::driving_licence, DrivingLicence> &&
              stands_at<BarcodeKind::health_certificate, HealthCertificate> && stands_at<BarcodeKind::vds_nc, VdsNc> &&
              stands_at<BarcodeKind::barcode_data_structure, BarcodeDataStructure> &&
              stands_at<BarcodeKind::national_card, NationalCard> &&
              stands_at<BarcodeKind::mdoc_engagement, MdocEngagement> && stands_at<BarcodeKind::url, Url> &&
              std::variant_size_v<What> == last_barcode_kind + 1);

struct Source {
    std::span<std::byte> payload;
    const TrustAnchors& anchors;
    const ReadingMoment& moment;
};

template <class T>
Result<What> either(Result<T> value) {
    if (!value) return fail(std::move(value.error()));
    return What{std::move(*value)};
}

struct Reader {
    BarcodeKind kind;
    bool (*claims)(ByteView);
    Result<What> (*read)(const Source&);
};

constexpr std::array readers{
    Reader{BarcodeKind::visible_seal, looks_like_visible_seal,
           [](const Source& s) { return either(parse_visible_seal(s.payload, s.anchors, s.moment.now)); }},
    Reader{BarcodeKind::health_certificate, looks_like_health_certificate,
           [](const Source& s) { return either(parse_health_certificate(s.payload, s.anchors, s.moment.now)); }},
    Reader{BarcodeKind::barcode_data_structure, looks_like_barcode_data_structure,
           [](const Source& s) { return either(parse_barcode_data_structure(s.payload, s.anchors, s.moment.now)); }},
    Reader{BarcodeKind::vds_nc, looks_like_vds_nc,
           [](const Source& s) { return either(parse_vds_nc(s.payload, s.anchors, s.moment.now)); }},
    // Before national cards: the older one of Argentina begins with '@' too.
    Reader{BarcodeKind::driving_licence, looks_like_driving_licence,
           [](const Source& s) { return either(parse_driving_licence(s.payload)); }},
    Reader{BarcodeKind::mdoc_engagement, looks_like_mdoc,
           [](const Source& s) { return either(parse_mdoc(s.payload)); }},
    Reader{BarcodeKind::national_card, looks_like_national_card,
           [](const Source& s) { return either(parse_national_card(s.payload, s.moment.today)); }},
    Reader{BarcodeKind::url, looks_like_url, [](const Source& s) { return either(parse_url(s.payload)); }},
    Reader{BarcodeKind::boarding_pass, looks_like_boarding_pass,
           [](const Source& s) { return either(parse_boarding_pass(s.payload, s.moment.today)); }},
};

void note(std::vector<Error>& problems, std::string_view code) {
    const bool known = std::any_of(problems.begin(), problems.end(), [code](const Error& e) { return e.code == code; });
    if (!known) problems.push_back({code, {}, {}});
}
void note_all(std::vector<Error>& problems, const std::vector<std::string_view>& codes) {
    for (const std::string_view code : codes) note(problems, code);
}

void forget(std::vector<std::string_view>& problems, std::initializer_list<std::string_view> codes) {
    for (const std::string_view code : codes) std::erase(problems, code);
}

// Takes back what only a right clock could say.
void unsure(SealTrust& trust) {
    if (trust.signature == Check::failed) {  // only a list that is known to be fresh may say that no key fits
        trust.signature = Check::unknown;
        trust.chain.cause = Cause::clock_unsure;
    }
    if (!trust.signer) return;
    trust.chain = SignerTrust{};
    trust.chain.cause = Cause::clock_unsure;
    trust.assurance = std::min(trust.assurance, Assurance::signature);
}

// The assurance of each kind, what it noted, and what of it goes where the clock is unsure.
struct Judge {
    bool sure;
    BarcodeContent& content;

    void judge(SealTrust& trust) const {
        if (!sure) unsure(trust);
        note_all(content.problems, trust.chain.problems);
    }
    void operator()(UnknownPayload&) const {}
    void operator()(BoardingPass& p) const { claim(p.problems); }
    void operator()(DrivingLicence& l) const { claim(l.problems); }
    void operator()(NationalCard& c) const { claim(c.problems); }
    void operator()(MdocEngagement&) const { claim({}); }
    void operator()(Url&) const { claim({}); }
    void operator()(VisibleSeal& s) const {
        if (!sure) forget(s.reading.problems, {"seal.future"});
        note_all(content.problems, s.reading.problems);
        judge(s.trust);
        if (!s.others.empty()) note(content.problems, "seal.several_readings");
        if (s.trust.signature == Check::failed) note(content.problems, "seal.signature");
        content.assurance = s.trust.assurance;
    }
    void operator()(BarcodeDataStructure& b) const {
        if (!sure) forget(b.problems, {"idb.future"});
        note_all(content.problems, b.problems);
        judge(b.trust);
        if (b.trust.signature == Check::failed) note(content.problems, "idb.signature");
        content.assurance = b.trust.assurance;
    }
    void operator()(VdsNc& v) const {
        for (VdsNcSeal& s : v.seals) {
            note_all(content.problems, s.problems);
            judge(s.trust);
            if (s.trust.signature == Check::failed) note(content.problems, "vdsnc.signature");
            v.assurance = std::min(v.assurance, s.trust.assurance);
        }
        content.assurance = v.assurance;
    }
    void operator()(HealthCertificate& c) const {
        if (!sure) {
            forget(c.problems, {"health.expired", "health.not_yet", "health.list_stale", "health.signature"});
            if (c.signature == Check::failed) c.signature = Check::unknown;
            if (c.validity != Check::absent) c.validity = Check::unknown;
            c.listing = Check::unknown;
            c.cause = Cause::clock_unsure;
            c.assurance = std::min(c.assurance, Assurance::signature);
        }
        note_all(content.problems, c.problems);
        content.assurance = c.assurance;
    }

  private:
    void claim(const std::vector<std::string_view>& problems) const {
        note_all(content.problems, problems);
        content.assurance = Assurance::structure;
    }
};

}  // namespace

std::string_view name(Assurance a) {
    switch (a) {
        case Assurance::none:
            return "none";
        case Assurance::structure:
            return "structure";
        case Assurance::signature:
            return "signature";
        case Assurance::chain:
            return "chain";
        case Assurance::chain_and_profile:
            return "chain_and_profile";
    }
    return "none";
}

std::string_view name(BarcodeKind kind) {
    switch (kind) {
        case BarcodeKind::unknown:
            return "Unknown";
        case BarcodeKind::boarding_pass:
            return "BoardingPass";
        case BarcodeKind::visible_seal:
            return "VisibleSeal";
        case BarcodeKind::driving_licence:
            return "DrivingLicence";
        case BarcodeKind::health_certificate:
            return "HealthCertificate";
        case BarcodeKind::vds_nc:
            return "VdsNc";
        case BarcodeKind::barcode_data_structure:
            return "BarcodeDataStructure";
        case BarcodeKind::national_card:
            return "NationalCard";
        case BarcodeKind::mdoc_engagement:
            return "MdocEngagement";
        case BarcodeKind::url:
            return "Url";
    }
    return "Unknown";
}

BarcodeKind kind_of(const BarcodeContent& content) { return static_cast<BarcodeKind>(content.what.index()); }

BarcodeContent parse_barcode(std::span<std::byte> payload, Symbology symbology, const TrustAnchors& anchors,
                             const ReadingMoment& moment) {
    cut_biometrics(payload);
    BarcodeContent out;
    out.symbology = symbology;
    out.digest = sha256(payload);
    UnknownPayload unknown{payload.size()};
    const TrustAnchors nobody{.authorities = {}, .signers = {}, .health = {}, .as_of = moment.now};
    const Source source{payload, anchors.empty() ? nobody : anchors, moment};
    for (const Reader& reader : readers) {
        if (!reader.claims(payload)) continue;
        auto what = reader.read(source);
        if (what) {
            out.what = std::move(*what);
            std::visit(Judge{moment.clock == ClockState::sure, out}, out.what);
            return out;
        }
        if (!unknown.claimed) unknown.claimed = reader.kind;
        out.problems.push_back(std::move(what.error()));
    }
    out.what = std::move(unknown);
    return out;
}

}  // namespace paso
