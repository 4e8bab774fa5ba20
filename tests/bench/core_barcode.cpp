// What reading a payload costs, from its bytes to a content. Goals: boarding pass 5 us, driving licence 20 us, seal
// verified with its chain 2 ms. Runs: paso-bench-barcode-bytes.
#include <benchmark/benchmark.h>

#include "tests/support/barcode_samples.hpp"

namespace {

using namespace paso;
using namespace paso::test;

const SigningState& state_of_utopia() {
    static const SigningState one;
    return one;
}

constexpr ReadingMoment moment{SigningState::today, SigningState::now};

// The reader alone, without the door.
void boarding_pass(benchmark::State& state) {
    const std::string text = utopian_pass();
    for (auto _ : state) benchmark::DoNotOptimize(parse_boarding_pass(as_bytes(text), moment.today));
}
BENCHMARK(boarding_pass);

void driving_licence(benchmark::State& state) {
    const Bytes payload = write_driving_licence(utopian_licence()).value();
    for (auto _ : state) benchmark::DoNotOptimize(parse_driving_licence(payload));
}
BENCHMARK(driving_licence);

// One signature on the seal; that on its signer's certificate was verified when the lists were read, or is each time.
void seal_with_chain(benchmark::State& state, const char* curve, bool lists_read) {
    const SealSigner authority({.curve = curve, .authority = true});
    const SealSigner signer({.curve = curve, .name = "TS", .serial = 0x5B, .document_types = {"V"}}, &authority);
    TrustAnchors anchors;
    anchors.authorities = {authority.certificate()};
    anchors.signers = {signer.certificate()};
    anchors.as_of = moment.now;
    if (lists_read) anchors.links = {anchors.signers, anchors.authorities};
    const Bytes original = state_of_utopia().visa_seal();
    const auto read = parse_visible_seal(original, {}, moment.now).value().reading;
    const Bytes seal =
        write_visible_seal(read.header, read.features, [&signer](ByteView m) { return signer.sign_raw(m); }).value();
    if (parse_visible_seal(seal, anchors, moment.now).value().trust.assurance != Assurance::chain_and_profile)
        return state.SkipWithError("not verified");
    for (auto _ : state) benchmark::DoNotOptimize(parse_visible_seal(seal, anchors, moment.now));
}
BENCHMARK_CAPTURE(seal_with_chain, brainpoolP256r1, "brainpoolP256r1", true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(seal_with_chain, brainpoolP256r1_unknown_signer, "brainpoolP256r1", false)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(seal_with_chain, P256, "prime256v1", true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(seal_with_chain, P256_unknown_signer, "prime256v1", false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(seal_with_chain, P384, "secp384r1", true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(seal_with_chain, P384_unknown_signer, "secp384r1", false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(seal_with_chain, brainpoolP384r1, "brainpoolP384r1", true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(seal_with_chain, brainpoolP384r1_unknown_signer, "brainpoolP384r1", false)
    ->Unit(benchmark::kMicrosecond);

// Through the door: cut, hash, tell apart, read, verify.
void door(benchmark::State& state) {
    const auto samples = state_of_utopia().samples();
    const BarcodeSample& s = samples.at(static_cast<std::size_t>(state.range(0)));
    state.SetLabel(s.name);
    Bytes payload = s.payload;
    for (auto _ : state)
        benchmark::DoNotOptimize(parse_barcode(payload, Symbology::qr, state_of_utopia().anchors, moment));
}
BENCHMARK(door)->DenseRange(0, 14)->Unit(benchmark::kMicrosecond);

}  // namespace
