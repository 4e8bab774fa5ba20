#include "core/inspection/fact_schema.hpp"

#include <vector>

#include "core/document/codes.hpp"
#include "core/inspection/inspection.hpp"

namespace paso {
namespace {

template <class... T>
std::vector<FactDeclaration> declarations(const Fact<T>&... facts) {
    return {facts.declaration()...};
}

}  // namespace

std::string fact::state_called(std::string_view code) {
    const CodeEntry* const entry = find_code(code);
    if (entry == nullptr) return {};
    const std::string_view written = mrz_code_of(alpha_2_of(code));
    if (written != code && same_code(written, code)) return {};
    return std::string{entry->name(NameLanguage::en)} + " (" + std::string{code} + ")";
}

const Schema& schema() {
    using namespace fact;
    static const Schema declared(
        declarations(trip_today, trip_state, trip_post, trip_mode, trip_direction, trip_demo, trip_visited,
                     document_present, document_reading, document_format, document_kind, document_check_digits_hold,
                     document_code, document_issuer, document_nationality, document_number, document_issuer_standing,
                     document_nationality_standing, document_specimen, document_has_expiry, document_expiry,
                     document_issued, person_age, person_age_months, person_sex, person_national, party_alone,
                     party_adults, party_children, boarding_pass_present, boarding_pass_date, visa_present, visa_until,
                     health_yellow_fever, health_yellow_fever_day, list_number, list_match, list_age, stay_until,
                     stay_planned, stay_used, stay_last_day, stay_year, stay_region, answer_resident, answer_protection,
                     answer_talk_alone, officer_parents, officer_bond, officer_consent, officer_consent_day,
                     officer_andean_card, officer_skills, holder_verified),
        trip_today.name());
    return declared;
}

}  // namespace paso
