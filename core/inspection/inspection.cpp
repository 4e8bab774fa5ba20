#include "core/inspection/inspection.hpp"

#include <algorithm>
#include <utility>

#include "core/inspection/fact_schema.hpp"

namespace paso {
namespace {

void text_or_unknown(Facts& facts, const fact::Text& of, const std::string& value) {
    if (value.empty()) return facts.set_unknown(of, Cause::not_read);
    facts.set(of, value);
}

void trip_facts(const Trip& trip, Facts& facts) {
    facts.set_possible(fact::trip_today, trip.today, Cause::clock_unsure);
    facts.set(fact::trip_state, trip.state);
    facts.set(fact::trip_post, trip.post);
    facts.set(fact::trip_mode, std::string{name(trip.mode)});
    facts.set(fact::trip_direction, std::string{name(trip.direction)});
    facts.set(fact::trip_demo, trip.demo);
}

int months_on(Date birth, Date day) {
    const int months =
        (day.year() - birth.year()) * 12 + static_cast<int>(day.month()) - static_cast<int>(birth.month());
    return day.day() < birth.day() ? months - 1 : months;
}

// Every age that a possible birth date gives on a possible day; of a partly unknown date all between its two ends.
template <class Age>
std::vector<std::int64_t> ages(const MrzDate& birth, const Trip& trip, Age age_of) {
    std::vector<std::int64_t> out;
    for (const Date today : trip.today) {
        for (const Date day : birth.candidates) {
            if (day <= today) out.push_back(age_of(day, today));
        }
        for (const DateSpan& span : birth.spans) {
            for (int age = age_of(span.last, today); age <= age_of(span.first, today); ++age) {
                if (age >= 0) out.push_back(age);
            }
        }
    }
    return out;
}

// Doc 9303-4 to -7: the first letter says what it is, AC a crew member's certificate.
std::string_view kind_of_document(std::string_view code) {
    if (code.starts_with("AC")) return "crew";
    switch (code.front()) {
        case 'P':
            return "passport";
        case 'A':
        case 'C':
        case 'I':
            return "identity_card";
        case 'V':
            return "visa";
        default:
            return "other";
    }
}

// Why a date has no value: the document itself does not say it, or it could not be read.
Cause why_no_date(const MrzDate& date) {
    switch (date.state) {
        case DateState::absent:
        case DateState::unknown:
        case DateState::open:
            return Cause::not_supported;
        case DateState::partly_unknown:
            return Cause::ambiguous;
        case DateState::known:
        case DateState::not_calendar:
            return Cause::not_read;
    }
    return Cause::not_read;
}

void nationality_facts(const TravelDocument& d, const Trip& trip, Facts& facts) {
    if (d.nationality.empty() && layout(d.format).nationality.length == 0) {  // the document does not say it
        facts.set_unknown(fact::document_nationality, Cause::not_supported);
        facts.set_unknown(fact::document_nationality_standing, Cause::not_supported);
        facts.set_unknown(fact::person_national, Cause::not_supported);
        return;
    }
    text_or_unknown(facts, fact::document_nationality, d.nationality);
    if (d.nationality.empty()) return;  // blank: not read
    facts.set(fact::document_nationality_standing, std::string{name(code_standing(d.nationality))});
    facts.set(fact::person_national, same_code(d.nationality, trip.state));
}

void document_facts(const TravelDocument& d, const Trip& trip, Facts& facts) {
    facts.set(fact::document_reading, std::string{name(d.state)});
    facts.set(fact::document_format, std::string{name(d.format)});
    if (d.check_digits.any()) {
        facts.set(fact::document_check_digits_hold, d.check_digits.all_hold());
    } else {
        facts.set_unknown(fact::document_check_digits_hold, Cause::not_supported);
    }
    text_or_unknown(facts, fact::document_code, d.code);
    if (!d.code.empty()) facts.set(fact::document_kind, std::string{kind_of_document(d.code)});
    text_or_unknown(facts, fact::document_issuer, d.issuer);
    text_or_unknown(facts, fact::document_number, d.number.reveal());
    if (!d.issuer.empty()) {
        facts.set(fact::document_issuer_standing, std::string{name(code_standing(d.issuer))});
        facts.set(fact::document_specimen, code_standing(d.issuer) == CodeStanding::specimen);
    }
    if (d.expiry.state == DateState::absent) {  // it may stand in print: the zone cannot tell
        facts.set_unknown(fact::document_has_expiry, Cause::not_supported);
    } else {
        facts.set(fact::document_has_expiry, d.expiry.state != DateState::open);
    }
    facts.set_possible(fact::document_expiry, d.expiry.candidates, why_no_date(d.expiry));
    nationality_facts(d, trip, facts);
    const MrzDate& birth = d.birth.reveal();
    const bool dayless = trip.today.empty() && (!birth.candidates.empty() || !birth.spans.empty());
    const Cause why = dayless ? Cause::clock_unsure : why_no_date(birth);
    facts.set_possible(fact::person_age, ages(birth, trip, age_on), why);
    facts.set_possible(fact::person_age_months, ages(birth, trip, months_on), why);
    if (layout(d.format).sex.length > 0) {
        facts.set(fact::person_sex, std::string{name(d.sex)});
    } else {
        facts.set_unknown(fact::person_sex, Cause::not_supported);
    }
}

void boarding_pass_facts(const std::vector<BarcodeContent>& barcodes, Facts& facts) {
    std::vector<Date> dates;
    bool present = false;
    for (const BarcodeContent& b : barcodes) {
        const auto* pass = std::get_if<BoardingPass>(&b.what);
        if (pass == nullptr) continue;
        present = true;
        if (!pass->legs.empty() && pass->legs.back().date.date) dates.push_back(*pass->legs.back().date.date);
    }
    facts.set(fact::boarding_pass_present, present);
    facts.set_possible(fact::boarding_pass_date, std::move(dates), Cause::not_read);
}

// Only what is signed by a chain that holds may change an outcome.
bool trusted(const BarcodeContent& b) { return b.assurance >= Assurance::chain; }

const SealFeature* feature(const SealReading& seal, SealMeaning meaning) {
    const auto at = std::find_if(seal.features.begin(), seal.features.end(),
                                 [&](const SealFeature& f) { return f.meaning == meaning; });
    return at == seal.features.end() ? nullptr : &*at;
}

// Doc 9303-7: in both formats of a visa the second row has the expiry from its 22nd character on.
std::vector<Date> last_days(const SealReading& visa, const Trip& trip) {
    const SealFeature* zone = feature(visa, SealMeaning::mrz);
    const auto* rows = zone == nullptr ? nullptr : std::get_if<Personal<MrzRows>>(&zone->value);
    if (rows == nullptr || rows->reveal().rows.size() != 2 || trip.today.empty()) return {};
    const std::string& second = rows->reveal().rows[1];
    return second.size() < 27 ? std::vector<Date>{} : expiry_date(second.substr(21, 6), trip.today.front()).candidates;
}

// A visa's seal counts where it says the number of this very document.
void visa_facts(const Inspection& in, Facts& facts) {
    facts.set_unknown(fact::visa_present, Cause::not_asked);
    facts.set_unknown(fact::visa_until, Cause::not_asked);
    for (const BarcodeContent& b : in.barcodes) {
        const auto* seal = std::get_if<VisibleSeal>(&b.what);
        if (seal == nullptr || !trusted(b) || seal->document != "visa" || !in.document) continue;
        const SealFeature* passport = feature(seal->reading, SealMeaning::passport_number);
        const auto* number = passport == nullptr ? nullptr : std::get_if<Personal<std::string>>(&passport->value);
        if (number == nullptr || number->reveal() != in.document->number.reveal()) continue;
        facts.set(fact::visa_present, true);
        facts.set_possible(fact::visa_until, last_days(seal->reading, in.trip), Cause::not_read);
    }
}

// A certificate counts where its holder was born on the document's day of birth.
void health_facts(const Inspection& in, Facts& facts) {
    facts.set_unknown(fact::health_yellow_fever, Cause::not_asked);
    facts.set_unknown(fact::health_yellow_fever_day, Cause::not_asked);
    for (const BarcodeContent& b : in.barcodes) {
        const auto* certificate = std::get_if<HealthCertificate>(&b.what);
        if (certificate == nullptr || !trusted(b) || !in.document) continue;
        if (certificate->entry.target != VaccineTarget::yellow_fever) continue;
        const auto& born = certificate->person.birth.reveal().date;
        const auto& may_be = in.document->birth.reveal().candidates;
        if (!born || std::find(may_be.begin(), may_be.end(), *born) == may_be.end()) continue;
        facts.set(fact::health_yellow_fever, true);
        if (certificate->entry.date.date) facts.set(fact::health_yellow_fever_day, *certificate->entry.date.date);
    }
}

// What a list, an official, the record of stays or the traveller says as it stands.
void stated_facts(const Facts& stated, Facts& facts) {
    for (const FactEntry& e : stated.entries()) {
        if (!may_be_stated(e)) continue;
        if (e.values.empty()) {
            facts.set_unknown(e.name, e.cause);
        } else {
            facts.set_possible(e.name, e.values);
        }
    }
}

// On any list: yes. Else unknown if any could not be asked; "no" only when all that were asked say so.
void list_facts(const std::vector<ListCheck>& lists, Facts& facts) {
    std::optional<Known<bool>> sum;
    for (const ListCheck& list : lists) {
        if (list.list != "number") continue;
        if (list.listed.known() && list.listed.value()) return facts.set(fact::list_number, true);
        if (!sum || !list.listed.known()) sum = list.listed;
    }
    if (!sum) return facts.set_unknown(fact::list_number, Cause::offline);
    if (!sum->known()) return facts.set_unknown(fact::list_number, sum->cause());
    facts.set(fact::list_number, false);
}

}  // namespace

Facts build_facts(const Inspection& in) {
    Facts facts;
    for (const FactDeclaration& f : schema().facts())
        facts.set_unknown(f.name, f.optional ? Cause::not_asked : Cause::not_read);
    trip_facts(in.trip, facts);
    const bool present = in.document && in.document->state != MrzState::unreadable;
    facts.set(fact::document_present, present);
    if (present) document_facts(*in.document, in.trip, facts);
    if (in.party) {
        facts.set(fact::party_alone, in.party->alone);
        facts.set(fact::party_adults, std::int64_t{in.party->adults});
        facts.set(fact::party_children, std::int64_t{in.party->children});
    } else {
        facts.set_unknown(fact::party_alone, Cause::not_asked);
        facts.set_unknown(fact::party_adults, Cause::not_asked);
        facts.set_unknown(fact::party_children, Cause::not_asked);
    }
    boarding_pass_facts(in.barcodes, facts);
    facts.set_unknown(fact::answer_resident, Cause::not_asked);
    for (const Answer& a : in.answers) {
        if (a.question != "resident") continue;
        if (a.yes.known()) {
            facts.set(fact::answer_resident, a.yes.value());
        } else {
            facts.set_unknown(fact::answer_resident, a.yes.cause());
        }
    }
    visa_facts(in, facts);
    health_facts(in, facts);
    list_facts(in.lists, facts);
    facts.set_unknown(fact::holder_verified, Cause::not_supported);
    stated_facts(in.stated, facts);
    return facts;
}

bool may_be_stated(const FactEntry& entry) {
    const FactDeclaration* declared = schema().find(entry.name);
    if (declared == nullptr) return false;
    for (const std::string_view own : {fact::clock, fact::post, fact::document}) {
        if (declared->source == own) return false;
    }
    return std::all_of(entry.values.begin(), entry.values.end(),
                       [&](const FactValue& v) { return admits(*declared, v); });
}

}  // namespace paso
