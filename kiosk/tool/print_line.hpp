// Where a command's lines go: standard output, standard error, or a test.
#pragma once

#include <functional>
#include <string>

namespace paso {

using PrintLine = std::function<void(const std::string& line)>;

}  // namespace paso
