#include "kiosk/tool/fact_json.hpp"

#include <boost/json.hpp>

namespace paso {

boost::json::value value_json(const FactValue& v) {
    switch (type_of(v)) {
        case FactType::boolean:
            return std::get<bool>(v);
        case FactType::integer:
            return std::get<std::int64_t>(v);
        case FactType::text:
            return boost::json::string{std::get<std::string>(v)};
        case FactType::date:
            return boost::json::string{std::get<Date>(v).iso()};
        case FactType::text_set:
            break;
    }
    const auto& set = std::get<std::set<std::string>>(v);
    return boost::json::array(set.begin(), set.end());
}

}  // namespace paso
