// Payloads of every kind, changed by their grammar: pieces are repeated, dropped, exchanged between samples, numbers
// and letters moved by one, and what is wrapped is changed inside of its wrapping. Whatever comes, nothing breaks, and
// what is accepted reads the same again once it was written.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "core/encoding/base32.hpp"
#include "core/encoding/inflate.hpp"
#include "tests/support/barcode_samples.hpp"
#include "tests/support/effort.hpp"

using namespace paso;
using namespace paso::test;

namespace {

constexpr ReadingMoment moment{SigningState::today, SigningState::now};

enum class Letter : std::uint8_t { digit, upper, lower, mark, blank, binary };
Letter letter_of(char c) {
    if (c >= '0' && c <= '9') return Letter::digit;
    if (c >= 'A' && c <= 'Z') return Letter::upper;
    if (c >= 'a' && c <= 'z') return Letter::lower;
    if (c == ' ') return Letter::blank;
    return c > ' ' && c <= '~' ? Letter::mark : Letter::binary;
}

// Runs of one kind of letter: numbers, words, marks.
std::vector<std::string> pieces(std::string_view text) {
    std::vector<std::string> out;
    for (const char c : text) {
        if (out.empty() || letter_of(out.back().back()) != letter_of(c)) out.emplace_back();
        out.back().push_back(c);
    }
    return out;
}

class Mutator {
  public:
    Mutator(std::uint32_t seed, const SigningState& state) : r_(seed) {
        for (BarcodeSample& s : state.samples()) texts_.emplace_back(as_text(s.payload));
        texts_.push_back(
            "M1DESMARAIS/LUC       EABC123 UTAUTBUT 0834 326J001A0025 14D>6181WW6225BUT 0000"
            "0414123456003 0BUT UT 1234567890123    4PCYLX58Z^108ABCDEFGH");
        for (const std::string& text : texts_) {
            for (std::string& p : pieces(text)) {
                auto& same = pool_[static_cast<std::size_t>(letter_of(p.front()))];
                if (same.size() < 4096) same.push_back(std::move(p));
            }
        }
    }

    Bytes next() {
        const std::string& text = texts_[below(texts_.size())];
        std::string out = below(2) == 0 ? unwrapped(text) : changed(text);
        return to_bytes(as_bytes(out));
    }

  private:
    std::size_t below(std::size_t n) { return r_() % n; }

    std::string changed(std::string_view text) {
        std::vector<std::string> all = pieces(text);
        for (std::size_t k = 1 + below(3); k > 0 && !all.empty(); --k) change_one(all);
        std::string out;
        for (const std::string& p : all) out += p;
        return out;
    }

    void change_one(std::vector<std::string>& all) {
        const std::size_t i = below(all.size());
        const auto at = all.begin() + static_cast<std::ptrdiff_t>(i);
        std::string& piece = all[i];
        switch (below(9)) {
            case 0:
                all.insert(at, std::string{piece});
                break;
            case 1:
                all.erase(at);
                break;
            case 2:
                std::swap(piece, all[below(all.size())]);
                break;
            case 3: {  // another of its kind, from whatever sample
                const auto& same = pool_[static_cast<std::size_t>(letter_of(piece.front()))];
                piece = same[below(same.size())];
                break;
            }
            case 4:  // the same size, other letters of the kind
                for (char& c : piece) {
                    if (letter_of(c) == Letter::digit) c = static_cast<char>('0' + below(10));
                    if (letter_of(c) == Letter::upper) c = static_cast<char>('A' + below(26));
                }
                break;
            case 5: {
                char& c = piece[below(piece.size())];
                c = static_cast<char>(c + (below(2) == 0 ? 1 : -1));
                break;
            }
            case 6:
                piece[below(piece.size())] = static_cast<char>(r_());
                break;
            case 7:
                piece.insert(below(piece.size() + 1), 1, "0A<@^>\x1e\x1d\n"[below(9)]);
                break;
            default:
                all.resize(i + 1);
                break;
        }
    }

    // Base32 of a barcode data structure and base45 and zlib of a health certificate hide their grammar.
    std::string unwrapped(const std::string& text) {
        if (text.starts_with("RDB1")) {
            const Bytes inner = from_base32(std::string_view{text}.substr(5)).value();
            return write_barcode_text(as_bytes(changed(as_text(inner))), below(8) != 0, false);
        }
        if (text.starts_with("HC1:")) {
            const Bytes inner = inflate_zlib(from_base45(std::string_view{text}.substr(4)).value()).value();
            return symbol_text(as_bytes(changed(as_text(inner))));
        }
        return changed(text);
    }

    std::mt19937 r_;
    std::vector<std::string> texts_;
    std::array<std::vector<std::string>, 6> pool_;
};

BoardingPass values(BoardingPass pass) {
    pass.problems.clear();
    for (FlightLeg& leg : pass.legs) leg.offset = 0;
    return pass;
}
LicenceFile values(LicenceFile file) {
    for (LicenceSubfile& s : file.subfiles)
        for (LicenceElement& e : s.elements) e.offset = 0;
    return file;
}
std::vector<SealFeature> values(std::vector<SealFeature> features) {
    for (SealFeature& f : features) f.offset = f.size = 0;
    return features;
}

enum class Again : std::uint8_t { same, other, no_writer };

// Written and read once more. A value that its field cannot hold has no writer.
struct Rewrite {
    Again operator()(const BoardingPass& p) const {
        const auto text = write_boarding_pass(p);
        if (!text) return Again::no_writer;
        const auto again = parse_boarding_pass(as_bytes(*text), moment.today);
        return again && values(*again) == values(p) ? Again::same : Again::other;
    }
    Again operator()(const DrivingLicence& l) const {
        const auto bytes = write_driving_licence(l.file);
        if (!bytes) return Again::no_writer;
        const auto again = parse_driving_licence(*bytes);
        return again && values(again->file) == values(l.file) ? Again::same : Again::other;
    }
    Again operator()(const VisibleSeal& s) const {
        const SealReading& r = s.reading;
        const auto bytes = write_visible_seal(r.header, r.features, [&r](ByteView) { return r.signature; });
        if (!bytes) return Again::no_writer;
        const auto again = parse_visible_seal(*bytes, {}, moment.now);
        if (!again) return Again::other;
        std::vector<SealReading> all = again->others;
        all.push_back(again->reading);
        const bool found = std::any_of(all.begin(), all.end(), [&r](const SealReading& o) {
            return o.header == r.header && values(o.features) == values(r.features);
        });
        return found ? Again::same : Again::other;
    }
    Again operator()(const BarcodeDataStructure& b) const {
        const auto payload = write_barcode_payload(b, {}, [&b](ByteView) { return b.signature; });
        if (!payload) return Again::no_writer;
        const std::string text = write_barcode_text(*payload, b.is_signed, false);
        const auto again = parse_barcode_data_structure(as_bytes(text), {}, moment.now);
        if (!again || again->country != b.country || again->document != b.document ||
            again->messages.size() != b.messages.size())
            return Again::other;
        for (std::size_t i = 0; i < b.messages.size(); ++i) {
            const BarcodeMessage& was = b.messages[i];
            const BarcodeMessage& is = again->messages[i];
            if (is.feature.tag != was.feature.tag || values(is.parts) != values(was.parts)) return Again::other;
            // The bytes of a message with parts are written from these, in the shortest form of their lengths.
            if (was.parts.empty() && !(is.feature.value == was.feature.value)) return Again::other;
        }
        return Again::same;
    }
    template <class T>
    Again operator()(const T&) const {
        return Again::no_writer;
    }
};

void mutate(std::uint32_t seed, std::size_t count) {
    const SigningState state;
    Mutator mutator(seed, state);
    std::array<std::size_t, last_barcode_kind + 1> accepted{};
    std::array<std::size_t, last_barcode_kind + 1> rewritten{};
    for (std::size_t i = 0; i < count; ++i) {
        Bytes payload = mutator.next();
        const Bytes before = payload;
        // Nobody is trusted: signatures have tests of their own and would take all the time.
        const BarcodeContent c = parse_barcode(payload, Symbology::unknown, {}, moment);
        const auto kind = static_cast<std::size_t>(kind_of(c));
        ++accepted[kind];
        const Again again = std::visit(Rewrite{}, c.what);
        rewritten[kind] += again == Again::same ? 1 : 0;
        if (again == Again::other) {
            FAIL("seed " << seed << ", mutation " << i << ", " << name(kind_of(c)) << ": " << to_hex(before));
        }
    }
    for (std::size_t k = 0; k < accepted.size(); ++k) {
        INFO(name(static_cast<BarcodeKind>(k)) << ": " << accepted[k] << " accepted, " << rewritten[k] << " rewritten");
        CHECK(accepted[k] > 0);
        const bool has_writer = std::array{false, true, true, true, false, false, true, false, false, false}[k];
        CHECK((rewritten[k] > 0) == has_writer);
    }
}

}  // namespace

TEST_CASE("mutations by grammar: nothing breaks, and what is accepted survives write and read") {
    mutate(1, test::effort(8'000));
}

TEST_CASE("a million mutations", "[.long]") {
    for (std::uint32_t seed = 2; seed < 12; ++seed) mutate(seed, 100'000);
}
