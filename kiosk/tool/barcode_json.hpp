// What a symbol holds as JSON, for `paso decode`.
#pragma once

#include <boost/json.hpp>

#include "core/barcode/barcode_content.hpp"

namespace paso {

// "sha256" of the payload, then the members of the kind under the names that its header gives them. A member without a
// value is left out; dates are YYYY-MM-DD; bytes are hexadecimal.
[[nodiscard]] boost::json::object content_json(const BarcodeContent& content);
// [{"code"}, with "detail" and "offset" where there are any].
[[nodiscard]] boost::json::array problems_json(const std::vector<Error>& problems);

}  // namespace paso
