// Certificates name States by two letters (ISO 3166-1 alpha-2), travel documents by three, Germany by one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace paso {

// The codes by which the State of a document's code may stand in a certificate: "D" gives D, DE and DEU; "UTO" gives
// UTO and UT; a code that no list has gives itself. Fillers and blanks at the end do not count.
[[nodiscard]] std::vector<std::string> certificate_countries(std::string_view document_code);

}  // namespace paso
