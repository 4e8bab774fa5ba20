#include "sync/http/message.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace paso {

Response respond_error(int status, const Error& error) {
    const boost::json::value body{{"error", std::string_view{error.code}}, {"detail", error.detail}};
    return respond_json(status, boost::json::serialize(body));
}

}  // namespace paso
