// The one place where Beast's separately compiled sources are built.
#include <boost/beast/src.hpp>
