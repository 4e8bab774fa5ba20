#include "core/inspection/inspection.hpp"

#include <algorithm>
#include <utility>

namespace paso {
namespace {

// A fact with each distinct value once, ascending; none: unknown.
template <class T>
void set_all(Facts& facts, std::string_view name, std::vector<T> values, Cause otherwise) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (values.empty()) return facts.set_unknown(name, otherwise);
    std::vector<FactValue> out;
    for (T& v : values) out.emplace_back(std::move(v));
    facts.set_possible(name, std::move(out));
}

void text_or_unknown(Facts& facts, std::string_view name, const std::string& value) {
    if (value.empty()) return facts.set_unknown(name, Cause::not_read);
    facts.set(name, value);
}

void trip_facts(const Trip& trip, Facts& facts) {
    set_all(facts, "trip.today", trip.today, Cause::clock_unsure);
    facts.set("trip.state", trip.state);
    facts.set("trip.post", trip.post);
    facts.set("trip.mode", std::string{name(trip.mode)});
    facts.set("trip.direction", std::string{name(trip.direction)});
    facts.set("trip.demo", trip.demo);
}

// Every age that a possible birth date gives on a possible day; of a partly unknown date all between its two ends.
std::vector<std::int64_t> ages(const MrzDate& birth, const Trip& trip) {
    std::vector<std::int64_t> out;
    for (const Date today : trip.today) {
        for (const Date day : birth.candidates) {
            if (day <= today) out.push_back(age_on(day, today));
        }
        for (const DateSpan& span : birth.spans) {
            for (int age = age_on(span.last, today); age <= age_on(span.first, today); ++age) {
                if (age >= 0) out.push_back(age);
            }
        }
    }
    return out;
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
        for (const std::string_view f : {"document.nationality", "document.nationality_standing", "person.national"}) {
            facts.set_unknown(f, Cause::not_supported);
        }
        return;
    }
    text_or_unknown(facts, "document.nationality", d.nationality);
    if (d.nationality.empty()) return;  // blank: not read
    facts.set("document.nationality_standing", std::string{name(code_standing(d.nationality))});
    facts.set("person.national", same_code(d.nationality, trip.state));
}

void document_facts(const TravelDocument& d, const Trip& trip, Facts& facts) {
    facts.set("document.reading", std::string{name(d.state)});
    facts.set("document.format", std::string{name(d.format)});
    if (d.check_digits.any()) {
        facts.set("document.check_digits_hold", d.check_digits.all_hold());
    } else {
        facts.set_unknown("document.check_digits_hold", Cause::not_supported);
    }
    text_or_unknown(facts, "document.code", d.code);
    text_or_unknown(facts, "document.issuer", d.issuer);
    text_or_unknown(facts, "document.number", d.number.reveal());
    if (!d.issuer.empty()) {
        facts.set("document.issuer_standing", std::string{name(code_standing(d.issuer))});
        facts.set("document.specimen", code_standing(d.issuer) == CodeStanding::specimen);
    }
    if (d.expiry.state == DateState::absent) {  // it may stand in print: the zone cannot tell
        facts.set_unknown("document.has_expiry", Cause::not_supported);
    } else {
        facts.set("document.has_expiry", d.expiry.state != DateState::open);
    }
    set_all(facts, "document.expiry", d.expiry.candidates, why_no_date(d.expiry));
    nationality_facts(d, trip, facts);
    const MrzDate& birth = d.birth.reveal();
    const bool dayless = trip.today.empty() && (!birth.candidates.empty() || !birth.spans.empty());
    set_all(facts, "person.age", ages(birth, trip), dayless ? Cause::clock_unsure : why_no_date(birth));
    if (layout(d.format).sex.length > 0) {
        facts.set("person.sex", std::string{name(d.sex)});
    } else {
        facts.set_unknown("person.sex", Cause::not_supported);
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
    facts.set("boarding_pass.present", present);
    set_all(facts, "boarding_pass.date", std::move(dates), Cause::not_read);
}

// On any list: yes. Else unknown if any could not be asked; "no" only when all that were asked say so.
void list_facts(const std::vector<ListCheck>& lists, Facts& facts) {
    std::optional<Known<bool>> sum;
    for (const ListCheck& list : lists) {
        if (list.list != "number") continue;
        if (list.listed.known() && list.listed.value()) return facts.set("list.number", true);
        if (!sum || !list.listed.known()) sum = list.listed;
    }
    if (!sum) return facts.set_unknown("list.number", Cause::offline);
    if (!sum->known()) return facts.set_unknown("list.number", sum->cause());
    facts.set("list.number", false);
}

}  // namespace

const Schema& schema() {
    static const std::vector<std::string_view> standings{
        "state", "icao", "stateless", "refugee", "unspecified", "specimen", "obsolete", "seen_in_use", "unknown"};
    static const std::vector<FactDeclaration> facts{
        {"trip.today", FactType::date, "local date at the post; several while the clock is unsure"},
        {"trip.state", FactType::text, "State of the post, three letters"},
        {"trip.post", FactType::text, "name of the post"},
        {"trip.mode", FactType::text, "how people travel here", false, {"air", "land", "sea"}},
        {"trip.direction", FactType::text, "which way the lane goes", false, {"entry", "exit"}},
        {"trip.demo", FactType::boolean, "whether the lane is a demonstration"},
        {"document.present", FactType::boolean, "whether a travel document was read at all"},
        {"document.reading",
         FactType::text,
         "how sure the reading is",
         false,
         {"verified", "single_frame", "proposed", "unreadable"}},
        {"document.format",
         FactType::text,
         "format of the machine readable zone",
         false,
         {"TD1", "TD2", "TD3", "MRV-A", "MRV-B", "FR-ID", "CH-DL"}},
        {"document.check_digits_hold", FactType::boolean, "whether every check digit of the MRZ holds"},
        {"document.code", FactType::text, "document code: P, I, V ..."},
        {"document.issuer", FactType::text, "issuing State or organisation, as in the MRZ"},
        {"document.nationality", FactType::text, "nationality, as in the MRZ"},
        {"document.number", FactType::text, "document number", true},
        {"document.issuer_standing", FactType::text, "what the issuer's code is", false, standings},
        {"document.nationality_standing", FactType::text, "the same for the nationality", false, standings},
        {"document.specimen", FactType::boolean, "whether the issuer is the State of Utopia"},
        {"document.has_expiry", FactType::boolean, "whether the document has an expiry date"},
        {"document.expiry", FactType::date, "last day of validity"},
        {"person.age", FactType::integer, "completed years today; several while the century is open", true},
        {"person.sex", FactType::text, "as in the document", true, {"female", "male", "unspecified"}},
        {"person.national", FactType::boolean, "whether the nationality is that of the State of the post", true},
        {"party.alone", FactType::boolean, "whether the person travels alone, as they said"},
        {"party.adults", FactType::integer, "adults who travel together"},
        {"party.children", FactType::integer, "children who travel together"},
        {"boarding_pass.present", FactType::boolean, "whether a boarding pass was read"},
        {"boarding_pass.date", FactType::date, "day of the last leg, its year inferred"},
        {"list.number", FactType::boolean, "whether the document number stands on the post's list"},
        {"answer.resident", FactType::boolean, "whether the person says that they live in the State of the post", true},
        {"holder.verified", FactType::boolean, "whether the bearer is the holder"},
    };
    static const Schema declared(facts, "trip.today");
    return declared;
}

Facts build_facts(const Inspection& in) {
    Facts facts;
    for (const FactDeclaration& f : schema().facts()) facts.set_unknown(f.name, Cause::not_read);
    trip_facts(in.trip, facts);
    const bool present = in.document && in.document->state != MrzState::unreadable;
    facts.set("document.present", present);
    if (present) document_facts(*in.document, in.trip, facts);
    if (in.party) {
        facts.set("party.alone", in.party->alone);
        facts.set("party.adults", std::int64_t{in.party->adults});
        facts.set("party.children", std::int64_t{in.party->children});
    } else {
        for (const std::string_view f : {"party.alone", "party.adults", "party.children"}) {
            facts.set_unknown(f, Cause::not_asked);
        }
    }
    boarding_pass_facts(in.barcodes, facts);
    facts.set_unknown("answer.resident", Cause::not_asked);
    for (const Answer& a : in.answers) {
        if (a.question != "resident") continue;
        if (a.yes.known()) {
            facts.set("answer.resident", a.yes.value());
        } else {
            facts.set_unknown("answer.resident", a.yes.cause());
        }
    }
    list_facts(in.lists, facts);
    facts.set_unknown("holder.verified", Cause::not_supported);
    return facts;
}

}  // namespace paso
