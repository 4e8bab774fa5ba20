// Identity cards of Latin America as their 2D codes hold them. None of these codes is signed with a key that a border
// post has, so every value is claimed data. Layouts are known from what readers in use agree on, not from a standard.
//
// Three of them hold fingerprint templates. These are cut: overwritten in the caller's own bytes before anything else
// is read, and never copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/date.hpp"
#include "core/base/personal.hpp"
#include "core/base/result.hpp"

namespace paso {

enum class NationalCardKind : std::uint8_t {
    argentina = 1,      // card of 2009 and later, 8 or 9 fields between '@'
    argentina_old = 2,  // leading '@'; codes in use disagree on the order, so the fields are told by their form
    chile_link = 3,     // 2013 and later, a link to the civil registry
    chile_old = 4,      // PDF417 with a fingerprint template
    colombia = 5,       // yellow card, 531 bytes with two fingerprint templates
    costa_rica = 6,     // hidden by a repeated key, with fingerprint templates
    mexico_link = 7,    // INE card of 2019 and later, a link; no name
};
[[nodiscard]] std::string_view name(NationalCardKind kind);

struct CardDate {
    std::string raw;
    std::optional<Date> date;       // nothing when no calendar has it
    bool century_inferred = false;  // the year has two digits: birth is not in the future, expiry is near
    bool operator==(const CardDate&) const = default;
};

// Where a field stands: bytes of the payload; of Costa Rica the same bytes once the key is taken off.
struct CardPlace {
    std::string_view field;  // literal, the name of the member
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    bool operator==(const CardPlace&) const = default;
};

// Texts in UTF-8 without padding; empty or ' ' where the card does not say.
struct NationalCard {
    NationalCardKind kind = NationalCardKind::argentina;
    std::string country;          // three letters: of the State that made the card
    bool low_confidence = false;  // the layout is not certain: nothing may rest on it
    Personal<std::string> number;
    Personal<std::string> surnames;
    Personal<std::string> given_names;
    char sex = ' ';  // M, F or X
    Personal<CardDate> birth;
    CardDate issued;
    CardDate expiry;
    Personal<std::string> serial;      // of the card or its application
    Personal<std::string> tax_number;  // Argentina: CUIL
    std::string copy;                  // Argentina: ejemplar, A for the first card
    std::string document_type;         // Chile: CEDULA, CEDULA_EXT, PASAPORTE_...
    std::string nationality;           // Chile (three letters), Argentina's old card (a word)
    std::string municipality;          // Colombia: department 2, municipality 3 digits
    std::vector<CardPlace> places;
    std::size_t cut = 0;                     // bytes of templates that were overwritten
    std::vector<std::string_view> problems;  // literals: see parse_national_card
    bool operator==(const NationalCard&) const = default;
};

// Cheap, for choosing a parser; the same before templates are cut and after.
[[nodiscard]] bool looks_like_national_card(ByteView payload);

// Overwrites the templates of a card of Chile, Colombia or Costa Rica with zeros, whole or cut off, and gives how many
// bytes that were; 0 for any other payload. Who keeps or hashes payloads calls it first.
std::size_t cut_biometrics(std::span<std::byte> payload);

// Cuts the templates in `payload`, then reads what is left. Accepted with a note in `problems`: "card.date",
// "card.check_digit" (Chile's RUN or MRZ), "card.shifted" (Colombia: a reader that dropped or added bytes; low
// confidence), "card.sex", "card.utf8" (text that is neither UTF-8 nor Latin-1 letters). Errors: "card.format" (no card
// that is known), "card.too_long", "card.cut_off", "card.field" (offset).
[[nodiscard]] Result<NationalCard> parse_national_card(std::span<std::byte> payload, Date today);

}  // namespace paso
