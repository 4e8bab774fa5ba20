// A travel document as JSON, the same from a picture and from text.
#pragma once

#include <boost/json.hpp>

#include "core/document/travel_document.hpp"

namespace paso {

[[nodiscard]] boost::json::object fields_json(const TravelDocument& d);
[[nodiscard]] boost::json::object digits_json(const CheckDigits& c);
[[nodiscard]] boost::json::array lines_json(const TravelDocument& d);

}  // namespace paso
