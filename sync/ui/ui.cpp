#include "sync/ui/ui.hpp"
