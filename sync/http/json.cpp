// The one place where Boost.JSON's sources are built; rooms with pages name boost_json in SYSTEM and use sync/http.
#include <boost/json/src.hpp>
