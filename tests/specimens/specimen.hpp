// SpecimenSpec: what stands on one specimen document of the State of Utopia (UTO). Everybody on them is invented.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/date.hpp"
#include "core/mrz/obstacle.hpp"
#include "core/mrz/reading.hpp"

namespace paso {

// The lists that every name on a specimen comes from: words made up for this purpose, A-Z and hyphen.
[[nodiscard]] std::span<const std::string_view> invented_surnames();
[[nodiscard]] std::span<const std::string_view> invented_given_names();

// How the print of an MRZ breaks the rules of Doc 9303.
enum class PrintFault : std::uint8_t {
    none,
    check_digit,  // of the document number (of a French card too) is one too high, and the one over all is none for it
    tilde,        // N in the surname is printed as the Spanish letter
    missing_filler,  // the first row is one filler short
    single_filler,   // one filler between surname and given names where two belong
};

enum class SymbolKind : std::uint8_t { none, pdf417, qr, aztec, data_matrix };
[[nodiscard]] std::string_view name(SymbolKind kind);
[[nodiscard]] std::optional<SymbolKind> symbol_kind(std::string_view name);
[[nodiscard]] std::optional<PrintFault> print_fault(std::string_view name);     // "check-digit"
[[nodiscard]] std::optional<MrzFormat> specimen_format(std::string_view name);  // "TD3", "mrv-a"

// What lies before the camera: the page with the MRZ, another page of a passport, a side with its ground alone, or the
// dark cover of a closed passport, whose gilding is worn off where the specimen is damaged.
enum class PageKind : std::uint8_t { data_page, stamps_page, blank_side, cover };

struct SpecimenSpec {
    std::uint64_t seed = 0;
    MrzFormat format = MrzFormat::td3;
    PageKind page = PageKind::data_page;
    std::string code;  // "P", "I", "V", "IR"
    std::string issuer = "UTO";
    std::string nationality = "UTO";
    std::string surname;      // words parted by spaces or hyphens
    std::string given_names;  // likewise
    char sex = '<';           // 'F', 'M' or '<'
    Date birth;
    Date issued;
    Date expiry;
    std::string number;      // up to 9 of A-Z, 0-9; TD1: up to 22; FR-ID: 12
    std::string optional_1;  // TD3: personal number; TD1: line 1; else the optional data of line 2
    std::string optional_2;  // TD1: line 2
    SymbolKind symbol = SymbolKind::none;
    Bytes payload;  // of the symbol
    PrintFault fault = PrintFault::none;
    bool damaged = false;  // a stain and scratches over cells of the MRZ
};

// Everything from the seed: an adult of 25 to 70 years (their birth year has one possible
// century), valid for three years or more after `today`.
[[nodiscard]] SpecimenSpec make_specimen(MrzFormat format, std::uint64_t seed, Date today);
// The same person and document, changed.
[[nodiscard]] SpecimenSpec expired(SpecimenSpec spec, Date today);    // two years ago
[[nodiscard]] SpecimenSpec ends_soon(SpecimenSpec spec, Date today);  // in four months
[[nodiscard]] SpecimenSpec minor(SpecimenSpec spec, Date today);      // twelve years old
// A TD1 whose number has 13 characters: it goes on in the optional data (Doc 9303-5, note j).
[[nodiscard]] SpecimenSpec with_long_number(SpecimenSpec spec);
[[nodiscard]] SpecimenSpec with_symbol(SpecimenSpec spec, SymbolKind kind, ByteView payload);

// The lines of the MRZ: Doc 9303 parts 4 to 7, check digits by 7-3-1. On purpose a second implementation beside
// core/document's write_mrz, so that a mistake in one of them shows.
[[nodiscard]] std::vector<std::string> mrz_lines(const SpecimenSpec& spec);
// What is printed: the same, but for the fault. UTF-8.
[[nodiscard]] std::vector<std::string> printed_lines(const SpecimenSpec& spec);

// An IATA Resolution 792 boarding pass with one leg for the person of `spec`: "M1NAME/GIVEN ... 00".
[[nodiscard]] std::string boarding_pass(const SpecimenSpec& spec, Date flight);

// One named thing that a person can lay before the demo camera.
struct NamedSpecimen {
    std::string_view name;
    std::string_view shows;
    std::string_view expected;                // with the demo's rule pack
    MrzObstacle trouble = MrzObstacle::none;  // how it is shown: see Scene::lay
};
[[nodiscard]] std::span<const NamedSpecimen> named_specimens();
[[nodiscard]] MrzObstacle named_trouble(std::string_view name);
// `seed` 0 is the fixed specimen of that name; others give other people.
[[nodiscard]] std::optional<SpecimenSpec> named_specimen(std::string_view name, std::uint64_t seed, Date today);

}  // namespace paso
