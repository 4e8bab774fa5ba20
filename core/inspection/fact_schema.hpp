// Paso's facts: each is declared here once. C++ reads and writes them by these names (fact::person_age), packs by
// theirs
// ("person.age"), docs/manual/facts.md lists them (`paso pack facts`), and the checks of packs know their types, units
// and domains from here.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>

#include "core/rules/facts.hpp"

namespace paso::fact {

// Who says a fact.
inline constexpr std::string_view clock = "clock";
inline constexpr std::string_view post = "post file";
inline constexpr std::string_view document = "document";    // its machine readable zone
inline constexpr std::string_view symbol = "symbol";        // a seal, certificate or boarding pass
inline constexpr std::string_view traveller = "traveller";  // as they said at the kiosk
inline constexpr std::string_view officer = "officer";      // as an official noted it
inline constexpr std::string_view list = "list";            // a list that the post keeps
inline constexpr std::string_view stays = "stays";          // crossings that are on record
inline constexpr std::array sources{clock, post, document, symbol, traveller, officer, list, stays};

namespace domain {
inline constexpr std::array<std::string_view, 9> standing{
    "state", "icao", "stateless", "refugee", "unspecified", "specimen", "obsolete", "seen_in_use", "unknown"};
inline constexpr std::array<std::string_view, 3> mode{"air", "land", "sea"};
inline constexpr std::array<std::string_view, 2> direction{"entry", "exit"};
inline constexpr std::array<std::string_view, 4> reading{"verified", "single_frame", "proposed", "unreadable"};
inline constexpr std::array<std::string_view, 7> format{"TD1", "TD2", "TD3", "MRV-A", "MRV-B", "FR-ID", "CH-DL"};
inline constexpr std::array<std::string_view, 5> kind{"passport", "identity_card", "visa", "crew", "other"};
inline constexpr std::array<std::string_view, 3> sex{"female", "male", "unspecified"};
inline constexpr std::array<std::string_view, 3> match{"none", "exact", "confusable"};
inline constexpr std::array<std::string_view, 3> parents{"both", "one", "none"};
inline constexpr std::array<std::string_view, 5> consent{"none", "one_parent", "both_parents", "custodian", "court"};
inline constexpr std::array<std::string_view, 3> skills{"none", "own", "other"};
}  // namespace domain

// In words that each of those values is so, in their order.
namespace clause {
inline constexpr std::array<std::string_view, 9> issuer{
    "the document's issuer is a State",
    "the document's issuer is an organisation or a class of nationality that Doc 9303 names",
    "the document is for a stateless person",
    "the document is for a refugee",
    "the document's issuer is not stated",
    "the document's issuer is the State of Utopia",
    "the document's issuer is a State of former times",
    "the document's issuer is written by a code that is in use without a standard",
    "the document's issuer is written by a code that no list has"};
inline constexpr std::array<std::string_view, 9> nationality{
    "the nationality is that of a State",
    "the nationality is an organisation or a class that Doc 9303 names",
    "the person is stateless",
    "the person is a refugee",
    "the nationality is not stated",
    "the nationality is that of Utopia",
    "the nationality is that of a State of former times",
    "the nationality is written by a code that is in use without a standard",
    "the nationality is written by a code that no list has"};
inline constexpr std::array<std::string_view, 3> mode{"the crossing is by air", "the crossing is by land",
                                                      "the crossing is by sea"};
inline constexpr std::array<std::string_view, 2> direction{"the person is entering", "the person is leaving"};
inline constexpr std::array<std::string_view, 4> reading{
    "the reading is verified by a second look", "the reading is that of a single picture",
    "the reading is a proposal that a person must compare", "the reading is left without a result"};
inline constexpr std::array<std::string_view, 7> format{
    "the document is of format TD1",          "the document is of format TD2",
    "the document is of format TD3",          "the document is a visa of format A",
    "the document is a visa of format B",     "the document is a French identity card of the old format",
    "the document is a Swiss driving licence"};
inline constexpr std::array<std::string_view, 5> kind{"the document is a passport", "the document is an identity card",
                                                      "the document is a visa", "the document is a crew certificate",
                                                      "the document is of another kind"};
inline constexpr std::array<std::string_view, 3> sex{"the sex is given as female", "the sex is given as male",
                                                     "the sex is left open"};
inline constexpr std::array<std::string_view, 3> match{
    "the document's number is neither on the post's list nor a look-alike of one",
    "the document's number is on the post's list", "the document's number is a look-alike of one on the post's list"};
inline constexpr std::array<std::string_view, 3> parents{"both parents or guardians travel with the child",
                                                         "exactly one parent or guardian travels with the child",
                                                         "no parent or guardian travels with the child"};
inline constexpr std::array<std::string_view, 5> consent{
    "no consent to the child's journey was shown", "the consent of one parent was shown",
    "the consent of both parents was shown", "the consent of the custodian was shown",
    "the consent of a court was shown"};
inline constexpr std::array<std::string_view, 3> skills{"no certificate of skills was shown",
                                                        "a certificate of skills of the State of the post was shown",
                                                        "a certificate of skills of another State was shown"};
}  // namespace clause

// The State or organisation of a code as in the MRZ, in English and with the code: "Germany (D)". Empty: no list has
// it, or an MRZ writes another one for it ("DEU").
[[nodiscard]] std::string state_called(std::string_view code);

using Text = Fact<std::string>;
using Number = Fact<std::int64_t>;
using Condition = Fact<bool>;
using Day = Fact<Date>;
using Texts = Fact<std::set<std::string>>;

inline constexpr Day trip_today{
    {.name = "trip.today", .meaning = "local date at the post; several while the clock is unsure", .source = clock}};
inline constexpr Text trip_state{
    {.name = "trip.state", .meaning = "State of the post, three letters", .source = post, .naming = state_called}};
inline constexpr Text trip_post{{.name = "trip.post", .meaning = "name of the post", .source = post}};
inline constexpr Text trip_mode{{.name = "trip.mode",
                                 .meaning = "how people travel here",
                                 .values = domain::mode,
                                 .source = post,
                                 .clauses = clause::mode}};
inline constexpr Text trip_direction{{.name = "trip.direction",
                                      .meaning = "which way the lane goes",
                                      .values = domain::direction,
                                      .source = post,
                                      .clauses = clause::direction}};
inline constexpr Condition trip_demo{
    {.name = "trip.demo", .meaning = "whether the lane is a demonstration", .source = post}};
inline constexpr Texts trip_visited{
    {.name = "trip.visited",
     .meaning = "States in which the person was in the days before, codes as in the MRZ",
     .personal = true,
     .source = officer,
     .optional = true}};

inline constexpr Condition document_present{
    {.name = "document.present", .meaning = "whether a travel document was read", .source = document}};
inline constexpr Text document_reading{{.name = "document.reading",
                                        .meaning = "how sure the reading is",
                                        .values = domain::reading,
                                        .source = document,
                                        .clauses = clause::reading}};
inline constexpr Text document_format{{.name = "document.format",
                                       .meaning = "format of the machine readable zone",
                                       .values = domain::format,
                                       .source = document,
                                       .clauses = clause::format}};
inline constexpr Text document_kind{
    {.name = "document.kind",
     .meaning = "kind of the document, by its code: P passport, I, A, C identity card, V visa, AC crew",
     .values = domain::kind,
     .source = document,
     .clauses = clause::kind}};
inline constexpr Condition document_check_digits_hold{{.name = "document.check_digits_hold",
                                                       .meaning = "whether every check digit of the MRZ holds",
                                                       .source = document}};
inline constexpr Text document_code{
    {.name = "document.code", .meaning = "document code: P, I, V ...", .source = document}};
inline constexpr Text document_issuer{{.name = "document.issuer",
                                       .meaning = "issuing State or organisation, as in the MRZ",
                                       .source = document,
                                       .naming = state_called}};
inline constexpr Text document_nationality{{.name = "document.nationality",
                                            .meaning = "nationality, as in the MRZ",
                                            .source = document,
                                            .naming = state_called}};
inline constexpr Text document_number{
    {.name = "document.number", .meaning = "document number", .personal = true, .source = document}};
inline constexpr Text document_issuer_standing{{.name = "document.issuer_standing",
                                                .meaning = "standing of the issuer's code",
                                                .values = domain::standing,
                                                .source = document,
                                                .clauses = clause::issuer}};
inline constexpr Text document_nationality_standing{{.name = "document.nationality_standing",
                                                     .meaning = "standing of the nationality's code",
                                                     .values = domain::standing,
                                                     .source = document,
                                                     .clauses = clause::nationality}};
inline constexpr Condition document_specimen{
    {.name = "document.specimen", .meaning = "whether the issuer is the State of Utopia", .source = document}};
inline constexpr Condition document_has_expiry{
    {.name = "document.has_expiry", .meaning = "whether the document has an expiry date", .source = document}};
inline constexpr Day document_expiry{
    {.name = "document.expiry", .meaning = "last day of validity", .source = document}};
inline constexpr Day document_issued{{.name = "document.issued",
                                      .meaning = "day of issue, which stands in print and in the chip",
                                      .source = officer,
                                      .optional = true}};

inline constexpr Number person_age{{.name = "person.age",
                                    .meaning = "age today, in completed years; several while the century is open",
                                    .personal = true,
                                    .unit = "years",
                                    .range = FactRange{0, 200},
                                    .source = document}};
inline constexpr Number person_age_months{
    {.name = "person.age_months",
     .meaning = "age today in months, completed ones; several while the birth date is open",
     .personal = true,
     .unit = "months",
     .range = FactRange{0, 2400},
     .source = document}};
inline constexpr Text person_sex{{.name = "person.sex",
                                  .meaning = "sex, as in the document",
                                  .personal = true,
                                  .values = domain::sex,
                                  .source = document,
                                  .clauses = clause::sex}};
inline constexpr Condition person_national{{.name = "person.national",
                                            .meaning = "whether the nationality is that of the State of the post",
                                            .personal = true,
                                            .source = document}};

inline constexpr Condition party_alone{
    {.name = "party.alone", .meaning = "whether the person travels alone", .source = traveller, .optional = true}};
inline constexpr Number party_adults{{.name = "party.adults",
                                      .meaning = "number of adults who travel together",
                                      .unit = "persons",
                                      .range = FactRange{0, 100},
                                      .source = traveller,
                                      .optional = true}};
inline constexpr Number party_children{{.name = "party.children",
                                        .meaning = "number of children who travel together",
                                        .unit = "persons",
                                        .range = FactRange{0, 100},
                                        .source = traveller,
                                        .optional = true}};

inline constexpr Condition boarding_pass_present{
    {.name = "boarding_pass.present", .meaning = "whether a boarding pass was read", .source = symbol}};
inline constexpr Day boarding_pass_date{{.name = "boarding_pass.date",
                                         .meaning = "day of the last leg, its year inferred",
                                         .source = symbol,
                                         .optional = true}};
inline constexpr Condition visa_present{
    {.name = "visa.present",
     .meaning = "whether a visa for this document was seen: its seal with a chain that holds, or by an official",
     .source = symbol,
     .optional = true}};
inline constexpr Day visa_until{
    {.name = "visa.until", .meaning = "last day of the visa", .source = symbol, .optional = true}};
inline constexpr Condition health_yellow_fever{
    {.name = "health.yellow_fever",
     .meaning = "whether a certificate of vaccination against yellow fever was seen: signed, or by an official",
     .personal = true,
     .source = symbol,
     .optional = true}};
inline constexpr Day health_yellow_fever_day{{.name = "health.yellow_fever_day",
                                              .meaning = "day of the vaccination against yellow fever",
                                              .personal = true,
                                              .source = symbol,
                                              .optional = true}};

inline constexpr Condition list_number{{.name = "list.number",
                                        .meaning = "whether the document number stands on the post's list",
                                        .source = list,
                                        .optional = true}};
inline constexpr Text list_match{{.name = "list.match",
                                  .meaning = "how near the nearest number of that list is, however old the list is",
                                  .values = domain::match,
                                  .source = list,
                                  .optional = true,
                                  .clauses = clause::match}};
inline constexpr Number list_age{{.name = "list.age",
                                  .meaning = "age of the post's list",
                                  .unit = "days",
                                  .range = FactRange{0, 36500},
                                  .source = list,
                                  .optional = true}};

inline constexpr Day stay_until{{.name = "stay.until",
                                 .meaning = "day of departure that is planned",
                                 .personal = true,
                                 .source = officer,
                                 .optional = true}};
inline constexpr Number stay_planned{{.name = "stay.planned",
                                      .meaning = "length of the stay that is planned, both ends counted",
                                      .personal = true,
                                      .unit = "days",
                                      .range = FactRange{0, 36500},
                                      .source = officer,
                                      .optional = true}};
inline constexpr Number stay_used{
    {.name = "stay.used",
     .meaning =
         "number of days of stay that count today by the rule of the State or region, today included (`paso stay`)",
     .personal = true,
     .unit = "days",
     .range = FactRange{0, 36500},
     .source = stays,
     .optional = true}};
inline constexpr Day stay_last_day{
    {.name = "stay.last_day",
     .meaning = "last day of a stay that begins or goes on today, by the same rule, found day by day",
     .personal = true,
     .source = stays,
     .optional = true}};
inline constexpr Number stay_year{{.name = "stay.year",
                                   .meaning = "number of days of stay in this calendar year, today included",
                                   .personal = true,
                                   .unit = "days",
                                   .range = FactRange{0, 366},
                                   .source = stays,
                                   .optional = true}};
inline constexpr Number stay_region{{.name = "stay.region",
                                     .meaning = "number of days since the first entry into the region, today included",
                                     .personal = true,
                                     .unit = "days",
                                     .range = FactRange{0, 36500},
                                     .source = stays,
                                     .optional = true}};

inline constexpr Condition answer_resident{{.name = "answer.resident",
                                            .meaning = "whether the person lives in the State of the post",
                                            .personal = true,
                                            .source = traveller,
                                            .optional = true}};
inline constexpr Condition answer_protection{{.name = "answer.protection",
                                              .meaning = "whether the person asks for protection",
                                              .personal = true,
                                              .source = traveller,
                                              .optional = true,
                                              .protection = true}};
inline constexpr Condition answer_talk_alone{{.name = "answer.talk_alone",
                                              .meaning = "whether the person asks to talk with somebody alone",
                                              .personal = true,
                                              .source = traveller,
                                              .optional = true,
                                              .protection = true}};

inline constexpr Text officer_parents{{.name = "officer.parents",
                                       .meaning = "which parents or guardians travel with the child",
                                       .personal = true,
                                       .values = domain::parents,
                                       .source = officer,
                                       .optional = true,
                                       .clauses = clause::parents}};
inline constexpr Condition officer_bond{{.name = "officer.bond",
                                         .meaning = "whether the bond between child and adult was proven",
                                         .personal = true,
                                         .source = officer,
                                         .optional = true}};
inline constexpr Text officer_consent{{.name = "officer.consent",
                                       .meaning = "whose consent to the child's journey was shown",
                                       .personal = true,
                                       .values = domain::consent,
                                       .source = officer,
                                       .optional = true,
                                       .clauses = clause::consent}};
inline constexpr Day officer_consent_day{{.name = "officer.consent_day",
                                          .meaning = "day on which the consent to the journey was given",
                                          .personal = true,
                                          .source = officer,
                                          .optional = true}};
inline constexpr Condition officer_andean_card{{.name = "officer.andean_card",
                                                .meaning = "whether the Andean Migration Card was shown",
                                                .source = officer,
                                                .optional = true}};
inline constexpr Text officer_skills{{.name = "officer.skills",
                                      .meaning = "which State issued the certificate of skills that was shown",
                                      .personal = true,
                                      .values = domain::skills,
                                      .source = officer,
                                      .optional = true,
                                      .clauses = clause::skills}};
inline constexpr Condition holder_verified{{.name = "holder.verified",
                                            .meaning = "whether the bearer is the holder",
                                            .personal = true,
                                            .source = officer,
                                            .optional = true}};

}  // namespace paso::fact
