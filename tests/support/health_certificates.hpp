// Health certificates of people who do not exist, signed by keys that live in the test alone.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/encoding/base45.hpp"
#include "core/encoding/cbor.hpp"
#include "core/trust/anchors.hpp"
#include "core/trust/cose.hpp"
#include "tests/support/deflate.hpp"
#include "tests/support/seal_signers.hpp"

namespace paso::test {

enum class KidPlace : std::uint8_t { is_protected, is_unprotected, in_both, nowhere };

struct CoseOptions {
    KidPlace kid = KidPlace::is_protected;
    Bytes protected_kid;    // instead of the signer's, where not empty
    Bytes unprotected_kid;  // likewise
    int tags = 1;           // 0 bare, 1 COSE_Sign1, 2 CWT around it
    bool pss = false;
};

inline Bytes kid_of(const SealSigner& signer) { return health_key(signer.certificate()).value().kid; }

// A COSE_Sign1 message of this payload.
inline Bytes cose_sign1(const SealSigner& signer, ByteView payload, const CoseOptions& options = {}) {
    const Bytes kid = kid_of(signer);
    const auto header = [&](bool with_algorithm, bool with_kid, const Bytes& other_kid) {
        CborWriter w;
        w.map((with_algorithm ? 1U : 0U) + (with_kid ? 1U : 0U));
        if (with_algorithm) w.key(1).integer(options.pss ? -37 : -7);
        if (with_kid) w.key(4).bytes(other_kid.empty() ? kid : other_kid);
        return w.take();
    };
    const bool both = options.kid == KidPlace::in_both;
    CoseSign1 m;
    m.protected_header = header(true, both || options.kid == KidPlace::is_protected, options.protected_kid);
    m.payload = to_bytes(payload);
    const Bytes unprotected = header(false, both || options.kid == KidPlace::is_unprotected, options.unprotected_kid);
    const Bytes message = cose_signed_bytes(m);
    CborWriter w;
    if (options.tags == 2) w.raw(*from_hex("d83d"));
    if (options.tags >= 1) w.raw(*from_hex("d2"));
    w.array(4).bytes(m.protected_header).raw(unprotected).bytes(m.payload);
    w.bytes(options.pss ? signer.sign_pss(message) : signer.sign_raw(message));
    return w.take();
}

inline std::string symbol_text(ByteView cose) { return "HC1:" + base45(deflated(cose)); }

struct ClaimTimes {
    std::int64_t issued = 1'795'000'000;   // 2026-11-18
    std::int64_t expires = 1'830'000'000;  // 2027-12-28
};

// A CWT with one content under its number in the health claim.
inline Bytes health_claims(std::int64_t number, ByteView content, const ClaimTimes& times = {}) {
    CborWriter w;
    w.map(4).key(1).text("UT").key(4).integer(times.expires).key(6).integer(times.issued);
    w.key(-260).map(1).key(number).raw(content);
    return w.take();
}

inline Bytes covid_content(std::string_view group, const std::function<void(CborWriter&)>& entry) {
    CborWriter w;
    w.map(4).text("v").array(group == "v" ? 1 : 0);
    if (group == "v") entry(w);
    w.text("dob").text("1974-08-12");
    w.text("nam").map(4).text("fn").text("Eriksson").text("gn").text("Anna Maria");
    w.text("fnt").text("ERIKSSON").text("gnt").text("ANNA<MARIA");
    w.text("ver").text("1.3.0");
    return w.take();
}

inline void covid_vaccination(CborWriter& w) {
    w.map(10).text("tg").text("840539006").text("vp").text("1119349007").text("mp").text("EU/1/20/1528");
    w.text("ma").text("ORG-100030215").text("dn").integer(2).text("sd").integer(2).text("dt").text("2026-02-18");
    w.text("co").text("UT").text("is").text("Ministry of Health, Utopia").text("ci").text("URN:UVCI:01:UT:1#B");
}

// WHO's minimal record of a yellow fever vaccination.
inline Bytes yellow_fever_content() {
    CborWriter w;
    w.map(6).text("n").text("Anna Maria Eriksson").text("dob").text("1974-08-12").text("s").text("female");
    w.text("ntl").text("UTO").text("nid").text("L898902C3").text("v").map(9);
    w.text("dn").integer(1).text("tg").text("1D47").text("vp").text("YellowFever").text("ma").text("Utopia Vaccines");
    w.text("dt").text("2026-01-10").text("bo").text("UT-4711").text("vls").text("2026-01-20").text("is").text("UT-MOH");
    w.text("mp").text("YellowFeverProduct0000");
    return w.take();
}

}  // namespace paso::test
