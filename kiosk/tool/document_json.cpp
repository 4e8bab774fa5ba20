#include "kiosk/tool/document_json.hpp"

namespace paso {
namespace {

namespace json = boost::json;

json::array dates_json(const std::vector<Date>& dates) {
    json::array out;
    for (const Date d : dates) out.push_back(json::string(d.iso()));
    return out;
}

}  // namespace

json::object fields_json(const TravelDocument& d) {
    return {{"code", d.code},
            {"issuer", d.issuer},
            {"nationality", d.nationality},
            {"number", d.number.reveal()},
            {"surname", d.surname.reveal()},
            {"given_names", d.given_names.reveal()},
            {"name_may_be_truncated", d.name_may_be_truncated},
            {"birth", dates_json(d.birth.reveal().candidates)},
            {"expiry", dates_json(d.expiry.candidates)},
            {"sex", name(d.sex)},
            {"optional_1", d.optional_1},
            {"optional_2", d.optional_2}};
}

json::object digits_json(const CheckDigits& c) {
    return {{"number", name(c.number)},
            {"birth", name(c.birth)},
            {"expiry", name(c.expiry)},
            {"personal", name(c.personal)},
            {"composite", name(c.composite)}};
}

json::array lines_json(const TravelDocument& d) {
    json::array out;
    for (const std::string& line : d.lines) out.push_back(json::string(line));
    return out;
}

}  // namespace paso
